//! Which keys tables have: what references are checked against.

use std::collections::BTreeMap;

use super::Key;

/// The keys of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    /// Sorted.
    numbers: Vec<i64>,
    /// Sorted.
    texts: Vec<String>,
}

impl KeySet {
    /// Whether it is one of them.
    pub fn contains(&self, key: Key<'_>) -> bool {
        match key {
            Key::Number(number) => self.numbers.binary_search(&number).is_ok(),
            Key::Text(text) => self.texts.binary_search_by(|held| held.as_str().cmp(text)).is_ok(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.texts.is_empty()
    }
}

impl<'a> FromIterator<Key<'a>> for KeySet {
    fn from_iter<I: IntoIterator<Item = Key<'a>>>(keys: I) -> Self {
        let mut set = Self::default();
        for key in keys {
            match key {
                Key::Number(number) => set.numbers.push(number),
                Key::Text(text) => set.texts.push(text.to_owned()),
            }
        }
        set.numbers.sort_unstable();
        set.texts.sort_unstable();
        set
    }
}

/// The keys of several tables.
#[derive(Clone, Debug, Default)]
pub struct Keys(BTreeMap<&'static str, KeySet>);

impl Keys {
    /// Adds those of a table.
    pub fn insert(&mut self, table: &'static str, keys: KeySet) {
        self.0.insert(table, keys);
    }

    /// Whether the table has the key; `None` when this database does not hold the table.
    pub fn contains(&self, table: &str, key: Key<'_>) -> Option<bool> {
        self.0.get(table).map(|keys| keys.contains(key))
    }

    /// Whether there is no key of any table.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(KeySet::is_empty)
    }
}
