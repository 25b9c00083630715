//! The check of content that is about to become live, and of what live rows would miss.
//!
//! Both count everything and show little: what they say becomes an error of a reducer, which is bounded, and parts of it come
//! from clients.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};

use super::{At, FactVisitor, Facts, Key, Keys};

/// Most mistakes, and most keys, that an error names.
const MAX_SHOWN: usize = 16;
/// Longest text of one of them, in characters.
const MAX_SHOWN_CHARS: usize = 120;
/// Longest text of all of them, in bytes.
const MAX_SHOWN_BYTES: usize = 900;

/// A text of a client as an error shows it: cut, and without what would break the error.
pub fn plain(text: &str, max_chars: usize) -> String {
    let is_plain =
        |letter: &char| *letter != '|' && !letter.is_control() && (letter.is_alphanumeric() || letter.is_ascii());
    text.chars().filter(is_plain).take(max_chars).collect()
}

/// As many of the parts, from the first, as an error can show, with `|` between.
pub fn shown(parts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut all = String::new();
    for part in parts.into_iter().take(MAX_SHOWN) {
        let part = part.as_ref();
        let length = all.len().saturating_add(part.len());
        if !all.is_empty() {
            if length > MAX_SHOWN_BYTES {
                break;
            }
            all.push('|');
        }
        all.push_str(part);
    }
    all
}

/// Checks rows against what their columns say, and against the keys that there will be.
#[derive(Debug)]
pub struct Check<'k> {
    keys: &'k Keys,
    count: usize,
    shown: Vec<String>,
    /// Values of the columns of this table that are to be distinct, with their places.
    seen: BTreeSet<(String, String)>,
}

impl<'k> Check<'k> {
    /// Against these keys; references into other tables are another database's matter.
    pub fn new(keys: &'k Keys) -> Self {
        Self {
            keys,
            count: 0,
            shown: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Checks all rows of a table.
    pub fn table<'r, F: Facts + 'r>(&mut self, table: &'static str, rows: impl Iterator<Item = (Key<'r>, &'r F)>) {
        self.seen.clear();
        for (key, row) in rows {
            let mut row_check = RowCheck {
                check: self,
                table,
                key,
            };
            row.facts(&At::Row, &mut row_check);
        }
    }

    /// Notes a mistake.
    pub fn add(&mut self, mistake: &dyn Display) {
        self.count = self.count.saturating_add(1);
        if self.shown.len() < MAX_SHOWN {
            self.shown.push(plain(&mistake.to_string(), MAX_SHOWN_CHARS));
        }
    }

    /// `<count>|<mistake>|...`, the first of them; `None` when there is none.
    pub fn into_report(self) -> Option<String> {
        report(self.count, &self.shown)
    }
}

fn report(count: usize, parts: &[String]) -> Option<String> {
    (count > 0).then(|| format!("{count}|{}", shown(parts)))
}

struct RowCheck<'c, 'k, 'r> {
    check: &'c mut Check<'k>,
    table: &'static str,
    key: Key<'r>,
}

impl RowCheck<'_, '_, '_> {
    fn add(&mut self, at: &At<'_>, what: &dyn Display) {
        let (table, key) = (self.table, self.key);
        self.check.add(&format_args!("{table} {key} {at}: {what}"));
    }
}

impl FactVisitor for RowCheck<'_, '_, '_> {
    fn reference(&mut self, at: &At<'_>, table: &'static str, key: Key<'_>) {
        if self.check.keys.contains(table, key) == Some(false) {
            self.add(at, &format_args!("there is no {table} {key}"));
        }
    }

    fn out_of_range(&mut self, at: &At<'_>, value: &dyn Display, low: &dyn Display, high: &dyn Display) {
        self.add(at, &format_args!("{value} is not from {low} to {high}"));
    }

    fn wrong_length(&mut self, at: &At<'_>, length: usize, low: usize, high: usize) {
        self.add(at, &format_args!("its length {length} is not from {low} to {high}"));
    }

    fn localized(&mut self, at: &At<'_>, text: &str) {
        if text.trim().is_empty() {
            self.add(at, &"it is empty");
        }
    }

    fn distinct(&mut self, at: &At<'_>, value: &dyn Debug) {
        let value = format!("{value:?}");
        if !self.check.seen.insert((at.to_string(), value.clone())) {
            self.add(at, &format_args!("another row has {value} too"));
        }
    }
}

/// Counts the rows that hold keys which are about to be gone.
#[derive(Debug, Default)]
pub struct Uses {
    /// Keys that will be gone, of each table.
    gone: Keys,
    /// Rows that hold a key of a table.
    rows: BTreeMap<(&'static str, String), usize>,
    /// Keys that the row in hand holds.
    in_row: BTreeSet<(&'static str, String)>,
}

impl Uses {
    /// Of these keys.
    pub fn of(gone: Keys) -> Self {
        Self {
            gone,
            ..Self::default()
        }
    }

    /// Whether no key will be gone, so that no row needs to be looked at.
    pub fn are_none(&self) -> bool {
        self.gone.is_empty()
    }

    /// Looks at a row.
    pub fn row(&mut self, row: &dyn Facts) {
        self.in_row.clear();
        row.facts(&At::Row, self);
        for key in &self.in_row {
            let rows = self.rows.entry(key.clone()).or_default();
            *rows = rows.saturating_add(1);
        }
    }

    /// `<count>|<table> <key> <rows>|...`, of the keys that are held and for which `is_fine` is false; `None` when there is
    /// none.
    pub fn report(&self, is_fine: impl Fn(&str, &str) -> bool) -> Option<String> {
        let held = self.rows.iter().filter(|((table, key), _)| !is_fine(table, key));
        let shown: Vec<String> = held
            .clone()
            .take(MAX_SHOWN)
            .map(|((table, key), rows)| format!("{table} {} {rows}", plain(key, MAX_SHOWN_CHARS)))
            .collect();
        report(held.count(), &shown)
    }
}

impl FactVisitor for Uses {
    fn reference(&mut self, _: &At<'_>, table: &'static str, key: Key<'_>) {
        if self.gone.contains(table, key) == Some(true) {
            self.in_row.insert((table, key.to_string()));
        }
    }
    fn out_of_range(&mut self, _: &At<'_>, _: &dyn Display, _: &dyn Display, _: &dyn Display) {}
    fn wrong_length(&mut self, _: &At<'_>, _: usize, _: usize, _: usize) {}
    fn localized(&mut self, _: &At<'_>, _: &str) {}
    fn distinct(&mut self, _: &At<'_>, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::ItemStack;
    use crate::static_data::KeySet;

    fn keys(numbers: &[i64]) -> Keys {
        let mut keys = Keys::default();
        keys.insert(
            "item_desc",
            numbers.iter().map(|number| Key::Number(*number)).collect::<KeySet>(),
        );
        keys
    }

    fn stack(item_id: i32, quantity: u32) -> ItemStack {
        ItemStack { item_id, quantity }
    }

    #[test]
    fn mistakes_are_all_counted_and_few_are_shown() {
        let (here, elsewhere) = (keys(&[1, 2]), Keys::default());
        let rows = [stack(1, 1), stack(3, 0)];
        let report = |keys, rows: &[ItemStack]| {
            let mut check = Check::new(keys);
            check.table("t", rows.iter().map(|row| (Key::Text("a|\n\u{202e}b"), row)));
            check.into_report()
        };
        assert_eq!(report(&here, &rows[..1]), None);
        assert_eq!(
            report(&here, &rows).as_deref(),
            Some("2|t ab item_id: there is no item_desc 3|t ab quantity: 0 is not from 1 to 1000000")
        );
        assert_eq!(
            report(&elsewhere, &rows).as_deref(),
            Some("1|t ab quantity: 0 is not from 1 to 1000000")
        );
        let many = report(&here, &vec![stack(3, 0); 1_000]).unwrap();
        assert!(many.starts_with("2000|") && many.len() < 1_000, "{many}");
    }

    #[test]
    fn rows_that_hold_what_will_be_gone_are_counted_once_each() {
        let mut uses = Uses::of(keys(&[7, 8]));
        assert!(!uses.are_none() && Uses::of(keys(&[])).are_none());
        for items in [
            vec![stack(7, 1), stack(7, 2), stack(1, 1)],
            vec![stack(8, 1), stack(7, 1)],
        ] {
            let row = crate::grant::HeldItemsState { entity_id: 1, items };
            uses.row(&row);
        }
        assert_eq!(
            uses.report(|_, _| false).as_deref(),
            Some("2|item_desc 7 2|item_desc 8 1")
        );
        assert_eq!(uses.report(|_, key| key == "7").as_deref(), Some("1|item_desc 8 1"));
        assert_eq!(uses.report(|_, _| true), None);
    }

    #[test]
    fn an_error_shows_its_first_part_whole_and_others_while_there_is_room() {
        assert_eq!(shown(["a", "b"]), "a|b");
        assert_eq!(shown([""; 0]), "");
        let long = "x".repeat(MAX_SHOWN_BYTES);
        assert_eq!(shown([&long, "b"]), long);
        assert_eq!(shown(vec!["a"; 99]).len(), 2 * MAX_SHOWN - 1);
    }
}
