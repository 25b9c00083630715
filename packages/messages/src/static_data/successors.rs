//! What takes the place of content that is gone.
//!
//! Successors are followed until there is one that is there, so that a thing which was replaced twice needs no third row.
//! What is there is never replaced, and what has no successor stays as it is.

use std::collections::BTreeMap;

use super::ContentSuccessorDesc;
use crate::knowledge::{KnowledgeEntry, KnowledgeState};

/// Most successors that are followed from one key: more are a circle.
const MAX_STEPS: usize = 32;

/// By table, what takes a key's place.
#[derive(Clone, Debug, Default)]
pub struct Successors(BTreeMap<String, BTreeMap<i32, i32>>);

/// A second successor of the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondSuccessor {
    /// Of the table of successors.
    pub id: i32,
}

impl Successors {
    /// As declared; of two for a key, the first counts.
    pub fn of(rows: impl IntoIterator<Item = ContentSuccessorDesc>) -> Self {
        let mut successors = Self::default();
        for row in rows {
            // What is wrong with it was said when it was committed.
            let _ = successors.insert(&row);
        }
        successors
    }

    /// Adds one.
    ///
    /// # Errors
    /// When its key has one.
    pub fn insert(&mut self, row: &ContentSuccessorDesc) -> Result<(), SecondSuccessor> {
        let table = match self.0.get_mut(&row.table_name) {
            Some(table) => table,
            None => self.0.entry(row.table_name.clone()).or_default(),
        };
        match table.entry(row.removed_key) {
            std::collections::btree_map::Entry::Vacant(vacant) => {
                vacant.insert(row.successor_key);
                Ok(())
            }
            std::collections::btree_map::Entry::Occupied(_) => Err(SecondSuccessor { id: row.id }),
        }
    }

    /// Whether none is declared.
    pub fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// What takes the place of a key: `None` when it is there itself, or nothing does.
    pub fn of_key(&self, table: &str, key: i32, is_there: &dyn Fn(&str, i32) -> bool) -> Option<i32> {
        let of_table = self.0.get(table)?;
        let mut next = *of_table.get(&key)?;
        if is_there(table, key) {
            return None;
        }
        for _ in 0..MAX_STEPS {
            if is_there(table, next) {
                return Some(next);
            }
            next = *of_table.get(&next)?;
        }
        None
    }
}

/// The successor of a key of a table, `None` when it stays.
pub type SuccessorOf<'a> = dyn Fn(&'static str, i32) -> Option<i32> + 'a;

/// Something that is, or is about, a key of content.
pub trait ReplaceKey {
    /// Puts the successor in its place. Says whether there is one.
    fn replace_key(&mut self, table: &'static str, successor: &SuccessorOf<'_>) -> bool;
}

impl ReplaceKey for i32 {
    fn replace_key(&mut self, table: &'static str, successor: &SuccessorOf<'_>) -> bool {
        match successor(table, *self) {
            Some(next) => {
                *self = next;
                true
            }
            None => false,
        }
    }
}

impl ReplaceKey for KnowledgeEntry {
    fn replace_key(&mut self, table: &'static str, successor: &SuccessorOf<'_>) -> bool {
        self.id.replace_key(table, successor)
    }
}

impl<T: ReplaceKey> ReplaceKey for Vec<T> {
    fn replace_key(&mut self, table: &'static str, successor: &SuccessorOf<'_>) -> bool {
        let replaced = self.iter_mut().map(|value| value.replace_key(table, successor));
        replaced.fold(false, |any, one| any | one)
    }
}

impl<T: ReplaceKey> ReplaceKey for Option<T> {
    fn replace_key(&mut self, table: &'static str, successor: &SuccessorOf<'_>) -> bool {
        self.as_mut().is_some_and(|value| value.replace_key(table, successor))
    }
}

/// Something that holds keys of content.
pub trait ReplaceKeys {
    /// Puts successors in the place of keys that have one. Says whether any has.
    fn replace_keys(&mut self, successor: &SuccessorOf<'_>) -> bool;
}

impl<T: ReplaceKeys> ReplaceKeys for Vec<T> {
    fn replace_keys(&mut self, successor: &SuccessorOf<'_>) -> bool {
        let replaced = self.iter_mut().map(|value| value.replace_keys(successor));
        replaced.fold(false, |any, one| any | one)
    }
}

impl<T: ReplaceKeys> ReplaceKeys for Option<T> {
    fn replace_keys(&mut self, successor: &SuccessorOf<'_>) -> bool {
        self.as_mut().is_some_and(|value| value.replace_keys(successor))
    }
}

/// Sorts entries again after keys were replaced; of two about the same thing, what is known better stays.
pub fn tidy(entries: &mut Vec<KnowledgeEntry>) {
    let order = |entry: &KnowledgeEntry| (entry.id, entry.state == KnowledgeState::Discovered);
    entries.sort_unstable_by_key(order);
    entries.dedup_by_key(|entry| entry.id);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{InventoryState, ItemStack, Pocket};

    fn row(id: i32, table: &str, removed_key: i32, successor_key: i32) -> ContentSuccessorDesc {
        ContentSuccessorDesc {
            id,
            table_name: table.into(),
            removed_key,
            successor_key,
        }
    }

    fn successors() -> Successors {
        let rows = [(1, 2), (2, 3), (4, 5), (5, 4), (6, 7)];
        let rows = rows.into_iter().zip(1..);
        Successors::of(rows.map(|((from, to), id)| row(id, "item_desc", from, to)))
    }

    #[test]
    fn successors_are_followed_to_what_is_there() {
        let check = |key, there: &[i32], expected| {
            let is_there = |_: &str, key| there.contains(&key);
            let found = successors().of_key("item_desc", key, &is_there);
            assert_eq!(found, expected, "{key} with {there:?}");
        };
        check(1, &[2, 3], Some(2));
        check(1, &[3], Some(3));
        check(1, &[1, 2], None);
        check(1, &[], None);
        check(4, &[], None);
        check(9, &[1], None);
        assert_eq!(successors().of_key("cargo_desc", 1, &|_, _| true), None);
    }

    #[test]
    fn a_key_has_one_successor() {
        let mut successors = successors();
        assert_eq!(
            successors.insert(&row(9, "item_desc", 1, 3)),
            Err(SecondSuccessor { id: 9 })
        );
        assert_eq!(successors.insert(&row(10, "cargo_desc", 1, 3)), Ok(()));
        assert_eq!(successors.of_key("item_desc", 1, &|_, key| key == 2), Some(2));
    }

    #[test]
    fn keys_are_replaced_wherever_they_are() {
        let pocket = |item_id| Pocket {
            volume: 1,
            contents: Some(ItemStack { item_id, quantity: 5 }),
            locked: false,
        };
        let inventory = |pockets| InventoryState {
            entity_id: 1,
            pockets,
            inventory_index: 0,
            cargo_index: 0,
            owner_entity_id: 1,
            player_owner_entity_id: 1,
        };
        let empty = Pocket {
            contents: None,
            ..pocket(0)
        };
        let mut row = inventory(vec![pocket(6), empty.clone(), pocket(8)]);
        let successor = |table: &'static str, key| successors().of_key(table, key, &|_, key| key >= 7);
        assert!(row.replace_keys(&successor));
        assert_eq!(row, inventory(vec![pocket(7), empty, pocket(8)]));
        assert!(!row.replace_keys(&successor));
    }

    #[test]
    fn what_is_known_is_in_order_again() {
        let entry = |id, state| KnowledgeEntry { id, state };
        let (discovered, acquired) = (KnowledgeState::Discovered, KnowledgeState::Acquired);
        let mut entries = vec![entry(6, acquired), entry(7, discovered), entry(1, discovered)];
        assert!(entries.replace_key("item_desc", &|table, key| {
            successors().of_key(table, key, &|_, key| key == 7)
        }));
        tidy(&mut entries);
        assert_eq!(entries, [entry(1, discovered), entry(7, acquired)]);
    }
}
