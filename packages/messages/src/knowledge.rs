//! What characters know: which things they have come across, and which they have had.
//!
//! Invariants: entries are sorted by id, one an id, at most [`MAX_ENTRIES`]; a state only rises. Rows of tables marked
//! `#[knowledge]` are written by `generated::Discovery`, which keeps these.

use hexmarch_macros::{sats_type, table};
use thiserror::Error;

/// Most things that a character remembers of one category: at most 72 KiB of entries in a row, which is written whole
/// when one is added.
pub const MAX_ENTRIES: usize = 8192;

/// How well a character knows a thing; what they do not know has no entry.
#[sats_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum KnowledgeState {
    /// They have come across it.
    Discovered,
    /// They have, or have had, it.
    Acquired,
}

/// A kind of thing, of those that content lists.
#[sats_type]
#[derive(Copy, Eq)]
pub struct KnowledgeEntry {
    /// Its key in content.
    pub id: i32,
    /// How well it is known.
    pub state: KnowledgeState,
}

/// A thing in the world.
#[sats_type]
#[derive(Copy, Eq)]
pub struct KnowledgeEntityEntry {
    /// The thing.
    pub entity_id: u64,
    /// How well it is known.
    pub state: KnowledgeState,
}

/// Which items a character has come across, and had in their backpack.
///
/// Public, so that players see their own: they subscribe by `entity_id`. Nothing hides the rows of others from a client
/// that asks for them; what somebody once carried was for all to see while they did. A category that must stay a
/// secret is not `public`, and its players hear of it in another way.
#[table(region, name = knowledge_item_state, public)]
#[knowledge]
#[delete]
#[transfer(player)]
pub struct KnowledgeItemState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// Sorted by `id`.
    #[references(item_desc)]
    pub entries: Vec<KnowledgeEntry>,
}

/// Something to know that is no thing: a secret, a name, a way.
#[table(region, name = secondary_knowledge_desc, public)]
#[static_data_staging_table]
pub struct SecondaryKnowledgeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
}

/// A kind of writing.
#[table(region, name = knowledge_scroll_type_desc, public)]
#[static_data_staging_table]
pub struct KnowledgeScrollTypeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
}

/// An item that teaches whoever reads it.
#[table(region, name = knowledge_scroll_desc, public)]
#[static_data_staging_table]
pub struct KnowledgeScrollDesc {
    /// The item.
    #[primary_key]
    #[references(item_desc)]
    pub item_id: i32,
    /// What kind of writing.
    #[references(knowledge_scroll_type_desc)]
    pub scroll_type: i32,
    /// What it teaches.
    #[references(secondary_knowledge_desc)]
    pub secondary_knowledge_id: i32,
    /// Whether everyone knows it from the start.
    pub known_by_default: bool,
    /// Whether picking it up is reading it.
    pub auto_collect: bool,
    /// English title.
    #[localized]
    pub title: String,
    /// English text.
    #[localized]
    pub content: String,
}

/// A character's rows of all knowledge tables, as they travel.
///
/// Of one type, however many tables there are: messages are stored in the outbox, and a host does not let a column of a
/// running world change its type. So a category can be added to a running world.
#[sats_type]
#[derive(Default)]
pub struct KnowledgeRows {
    /// At most one a table.
    pub rows: Vec<KnowledgeRow>,
}

/// A row of the knowledge table that it names.
#[sats_type]
pub struct KnowledgeRow {
    /// The table.
    pub table: String,
    /// The character.
    pub entity_id: u64,
    /// What they know.
    pub entries: KnowledgeEntries,
}

/// The entries of a row.
#[sats_type]
pub enum KnowledgeEntries {
    /// Of a table about kinds of things.
    Content(Vec<KnowledgeEntry>),
    /// Of a table about things in the world.
    Entity(Vec<KnowledgeEntityEntry>),
}

/// Why something is not learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KnowledgeError {
    /// The character remembers [`MAX_ENTRIES`] other things of the category.
    #[error("knowledge.full|{MAX_ENTRIES}")]
    Full,
    /// The character is in another region, or under way to one.
    #[error("player.not_here")]
    NotHere,
}

/// An entry of a knowledge table.
pub trait Entry {
    /// What things of the category are told apart by.
    type Id: Copy + Ord;
    /// An entry of a thing.
    fn new(id: Self::Id, state: KnowledgeState) -> Self;
    /// Which thing.
    fn id(&self) -> Self::Id;
    /// How well it is known.
    fn state(&self) -> KnowledgeState;
}

impl Entry for KnowledgeEntry {
    type Id = i32;
    fn new(id: i32, state: KnowledgeState) -> Self {
        Self { id, state }
    }
    fn id(&self) -> i32 {
        self.id
    }
    fn state(&self) -> KnowledgeState {
        self.state
    }
}

impl Entry for KnowledgeEntityEntry {
    type Id = u64;
    fn new(entity_id: u64, state: KnowledgeState) -> Self {
        Self { entity_id, state }
    }
    fn id(&self) -> u64 {
        self.entity_id
    }
    fn state(&self) -> KnowledgeState {
        self.state
    }
}

/// How well a thing is known by these entries, `None` when it is not.
pub fn state_of<E: Entry>(entries: &[E], id: E::Id) -> Option<KnowledgeState> {
    let index = entries.binary_search_by_key(&id, E::id).ok()?;
    entries.get(index).map(E::state)
}

/// A character's entries of one category in memory, and whether they differ from the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<E> {
    entries: Vec<E>,
    changed: bool,
}

impl<E: Entry> Known<E> {
    /// As the row has them.
    pub fn new(entries: Vec<E>) -> Self {
        Self {
            entries,
            changed: false,
        }
    }

    /// How well a thing is known, `None` when it is not.
    pub fn state_of(&self, id: E::Id) -> Option<KnowledgeState> {
        state_of(&self.entries, id)
    }

    /// The thing is known at least so well from now on; says whether it was not before.
    ///
    /// # Errors
    /// [`KnowledgeError::Full`] for a thing without an entry when there is room for none; then nothing has changed.
    pub fn raise(&mut self, id: E::Id, state: KnowledgeState) -> Result<bool, KnowledgeError> {
        match self.entries.binary_search_by_key(&id, E::id) {
            Ok(index) => match self.entries.get_mut(index) {
                Some(entry) if entry.state() < state => *entry = E::new(id, state),
                _ => return Ok(false),
            },
            Err(_) if self.entries.len() >= MAX_ENTRIES => return Err(KnowledgeError::Full),
            Err(index) => self.entries.insert(index, E::new(id, state)),
        }
        self.changed = true;
        Ok(true)
    }

    /// The entries, `None` when they are as the row has them.
    pub fn into_changed(self) -> Option<Vec<E>> {
        self.changed.then_some(self.entries)
    }
}

/// Refuses unless the character is in this region.
///
/// # Errors
/// [`KnowledgeError::NotHere`].
#[cfg(feature = "region")]
pub(crate) fn require_here(db: &spacetimedb::Local, player_entity_id: u64) -> Result<(), KnowledgeError> {
    use crate::player::user_state;

    let user = db.user_state().entity_id().find(player_entity_id);
    user.map(drop).ok_or(KnowledgeError::NotHere)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use KnowledgeState::{Acquired, Discovered};

    fn entries(known: &[(i32, KnowledgeState)]) -> Vec<KnowledgeEntry> {
        known.iter().map(|(id, state)| Entry::new(*id, *state)).collect()
    }

    /// `expected` is what is written, `None` for nothing.
    #[track_caller]
    fn check(
        before: &[(i32, KnowledgeState)],
        (id, state): (i32, KnowledgeState),
        expected: Option<&[(i32, KnowledgeState)]>,
    ) {
        let mut known = Known::new(entries(before));
        assert_eq!(known.raise(id, state), Ok(expected.is_some()));
        assert_eq!(known.into_changed(), expected.map(entries));
    }

    #[test]
    fn raising() {
        check(&[], (7, Discovered), Some(&[(7, Discovered)]));
        check(&[], (7, Acquired), Some(&[(7, Acquired)]));
        check(&[(7, Discovered)], (7, Discovered), None);
        check(&[(7, Discovered)], (7, Acquired), Some(&[(7, Acquired)]));
        check(&[(7, Acquired)], (7, Discovered), None);
        check(&[(7, Acquired)], (7, Acquired), None);
        check(
            &[(7, Acquired)],
            (-7, Discovered),
            Some(&[(-7, Discovered), (7, Acquired)]),
        );
        check(
            &[(6, Acquired), (8, Acquired)],
            (7, Discovered),
            Some(&[(6, Acquired), (7, Discovered), (8, Acquired)]),
        );
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let full: Vec<KnowledgeEntityEntry> = (0..MAX_ENTRIES as u64).map(|id| Entry::new(id, Discovered)).collect();
        let mut known = Known::new(full);
        assert_eq!(known.raise(u64::MAX, Acquired), Err(KnowledgeError::Full));
        assert_eq!(known.state_of(u64::MAX), None);
        assert_eq!(known.clone().into_changed(), None);
        // What is known already needs no room.
        assert_eq!(known.raise(5, Acquired), Ok(true));
        assert_eq!(known.state_of(5), Some(Acquired));
        assert_eq!(known.into_changed().map(|entries| entries.len()), Some(MAX_ENTRIES));
    }

    #[test]
    fn errors_are_keys() {
        assert_eq!(KnowledgeError::Full.to_string(), "knowledge.full|8192");
        assert_eq!(KnowledgeError::NotHere.to_string(), "player.not_here");
    }

    fn states() -> impl Strategy<Value = KnowledgeState> {
        prop_oneof![Just(Discovered), Just(Acquired)]
    }

    proptest! {
        /// Whatever is learned in whatever order: the best of each, sorted.
        #[test]
        fn entries_are_the_sorted_best(learned in prop::collection::vec((-4..4i32, states()), 0..24)) {
            let mut best: BTreeMap<i32, KnowledgeState> = BTreeMap::new();
            let mut known: Known<KnowledgeEntry> = Known::new(Vec::new());
            for (id, state) in learned {
                let before = best.get(&id).copied();
                prop_assert_eq!(known.state_of(id), before);
                prop_assert_eq!(known.raise(id, state), Ok(before < Some(state)));
                best.insert(id, before.unwrap_or(state).max(state));
            }
            let best: Vec<_> = best.into_iter().collect();
            prop_assert_eq!(known.into_changed().unwrap_or_default(), entries(&best));
        }
    }
}
