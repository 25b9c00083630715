//! Tables as they stand in their files, and the mistakes that are found in them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use hexmarch_messages::static_data::{Facts, Key};

use super::{Mistake, MAX_MISTAKES};
use crate::json::{part, Place, Source};

/// A row that could be read, and where it stands.
pub(crate) struct SheetRow {
    /// Bytes of the file.
    pub(super) range: (usize, usize),
    /// Its key, as people write it.
    pub(super) key: String,
    /// What its columns claim.
    pub(super) facts: Box<dyn Facts>,
}

/// A table as it stands in its file.
pub(crate) struct Sheet {
    pub(crate) table: &'static str,
    pub(crate) file: PathBuf,
    pub(super) source: Source,
    /// Those that could be read: the same as in [`crate::Content`].
    pub(super) rows: Vec<SheetRow>,
    /// Of all rows, also of those that could not be read.
    pub(super) keys: Keys,
    /// Whether every row could be read.
    pub(super) is_whole: bool,
}

impl Sheet {
    fn row_text(&self, row: usize) -> &str {
        let range = self.rows.get(row).map_or((0, 0), |row| row.range);
        self.source.text().get(range.0..range.1).unwrap_or_default()
    }

    /// Whether it has a row with this key.
    pub(crate) fn has_number(&self, key: i32) -> bool {
        self.keys.has(&Key::Number(key.into()))
    }

    /// Whether nothing is known of its keys, since the file as a whole could not be read.
    pub(super) fn keys_are_unknown(&self) -> bool {
        !self.is_whole && self.keys.is_empty()
    }

    /// Where the part of a row stands that a path leads to.
    pub(super) fn place(&self, row: usize, path: &str) -> Place {
        self.source.place(part(self.row_text(row), path))
    }
}

/// The keys of a table, sorted.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    numbers: Vec<i64>,
    texts: Vec<String>,
}

impl Keys {
    pub(super) fn new<'a>(keys: impl Iterator<Item = &'a str>) -> Self {
        let mut sorted = Self::default();
        for key in keys {
            match key.parse() {
                Ok(number) => sorted.numbers.push(number),
                Err(_) => sorted.texts.push(key.to_owned()),
            }
        }
        sorted.numbers.sort_unstable();
        sorted.texts.sort_unstable();
        sorted
    }

    /// As people write them.
    pub(super) fn as_texts(&self) -> impl Iterator<Item = String> + '_ {
        let numbers = self.numbers.iter().map(ToString::to_string);
        numbers.chain(self.texts.iter().cloned())
    }

    fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.texts.is_empty()
    }

    pub(super) fn has(&self, key: &Key<'_>) -> bool {
        match key {
            Key::Number(number) => self.numbers.binary_search(number).is_ok(),
            Key::Text(text) => self.texts.binary_search_by(|other| other.as_str().cmp(text)).is_ok(),
        }
    }

    /// The keys next to one that is not there, for those who mistyped it.
    pub(super) fn near(&self, key: &Key<'_>) -> String {
        match key {
            Key::Number(number) => {
                let at = self.numbers.partition_point(|other| other < number);
                let near = [at.checked_sub(1), Some(at)].into_iter().flatten();
                let near: Vec<String> = near.filter_map(|at| Some(self.numbers.get(at)?.to_string())).collect();
                match near.as_slice() {
                    [] => "it has no rows".to_owned(),
                    near => format!("its nearest are {}", near.join(" and ")),
                }
            }
            Key::Text(text) => super::nearest(text, self.texts.iter().map(String::as_str)),
        }
    }
}

/// All tables, in the order of declaration.
#[derive(Default)]
pub(crate) struct Sheets {
    list: Vec<Sheet>,
    by_name: HashMap<&'static str, usize>,
}

impl Sheets {
    pub(super) fn push(&mut self, sheet: Sheet) {
        self.by_name.insert(sheet.table, self.list.len());
        self.list.push(sheet);
    }

    pub(crate) fn get(&self, table: &str) -> Option<&Sheet> {
        self.list.get(*self.by_name.get(table)?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Sheet> {
        self.list.iter()
    }

    /// Whether every row of every table could be read.
    pub(super) fn all_read(&self) -> bool {
        self.list.iter().all(|sheet| sheet.is_whole)
    }

    /// `crafting_recipe_desc.json:12`, for texts that speak of a row elsewhere.
    pub(crate) fn line(&self, table: &str, row: usize) -> String {
        let line = self.get(table).map_or(0, |sheet| sheet.place(row, "").line);
        format!("{table}.json:{line}")
    }
}

/// Mistakes as they are found, at most [`MAX_MISTAKES`].
#[derive(Debug, Default)]
pub(crate) struct Found {
    mistakes: Vec<Mistake>,
    more: usize,
}

impl Found {
    /// A mistake.
    pub(crate) fn push(&mut self, file: &Path, place: Place, text: String) {
        self.add(file, place, text, false);
    }

    /// Something that may be used all the same.
    pub(crate) fn warn(&mut self, file: &Path, place: Place, text: String) {
        self.add(file, place, text, true);
    }

    fn add(&mut self, file: &Path, place: Place, text: String, is_warning: bool) {
        if self.mistakes.len() >= MAX_MISTAKES {
            self.more = self.more.saturating_add(1);
            return;
        }
        self.mistakes.push(Mistake {
            file: file.to_owned(),
            place,
            text,
            is_warning,
        });
    }

    /// A mistake in the part of a row that a path leads to.
    pub(crate) fn at(&mut self, sheet: &Sheet, row: usize, path: &str, text: String) {
        self.push(&sheet.file, sheet.place(row, path), text);
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.mistakes.len().saturating_add(self.more)
    }

    /// By file and place, and how many were found beyond the limit.
    pub(super) fn into_sorted(self) -> (Vec<Mistake>, usize) {
        let Self { mut mistakes, more } = self;
        mistakes
            .sort_by(|a, b| (&a.file, a.place, a.is_warning, &a.text).cmp(&(&b.file, b.place, b.is_warning, &b.text)));
        mistakes.dedup();
        (mistakes, more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_neighbours_of_a_missing_key() {
        let keys = Keys::new(["9", "-4", "20", "harrow"].into_iter());
        assert!(keys.has(&Key::Number(-4)) && !keys.has(&Key::Number(10)));
        assert!(keys.has(&Key::Text("harrow")) && !keys.has(&Key::Text("9")));
        assert_eq!(keys.near(&Key::Number(10)), "its nearest are 9 and 20");
        assert_eq!(keys.near(&Key::Number(-5)), "its nearest are -4");
        assert_eq!(keys.near(&Key::Text("harow")), "did you mean harrow?");
        assert_eq!(Keys::default().near(&Key::Number(1)), "it has no rows");
    }

    #[test]
    fn mistakes_beyond_the_limit_are_counted() {
        let mut found = Found::default();
        let place = Place { line: 1, column: 1 };
        for number in 0..MAX_MISTAKES.saturating_add(3) {
            found.push(Path::new("a.json"), place, format!("{number:05}"));
        }
        let (mistakes, more) = found.into_sorted();
        assert_eq!((mistakes.len(), more), (MAX_MISTAKES, 3));
    }
}
