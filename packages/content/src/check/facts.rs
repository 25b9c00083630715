//! What the annotations on the columns ask of each row: references lead somewhere, numbers and lengths are within bounds,
//! texts are not empty, and what is to be distinct is.

use std::collections::HashMap;
use std::fmt::{Debug, Display};

use hexmarch_messages::static_data::{At, FactVisitor, Key};

use super::sheet::{Found, Sheet, Sheets};

/// Characters of a wrong value that are shown.
const SHOWN_CHARACTERS: usize = 60;

/// A text that every language has.
pub(super) struct Localized {
    /// Which table.
    pub(super) table: &'static str,
    /// Which row of it.
    pub(super) row: usize,
    /// Where in the row: `name`.
    pub(super) path: String,
    /// In English.
    pub(super) text: String,
}

/// Looks at every row of every table. Answers with the texts for other languages, in the order of tables, rows, columns.
pub(super) fn look(sheets: &Sheets, found: &mut Found) -> Vec<Localized> {
    let mut localized = Vec::new();
    for sheet in sheets.iter() {
        let mut looker = Looker {
            sheets,
            sheet,
            row: 0,
            found: &mut *found,
            values: HashMap::new(),
            localized: &mut localized,
        };
        for (index, row) in sheet.rows.iter().enumerate() {
            looker.row = index;
            row.facts.facts(&At::Row, &mut looker);
        }
    }
    localized
}

struct Looker<'a> {
    sheets: &'a Sheets,
    sheet: &'a Sheet,
    row: usize,
    found: &'a mut Found,
    /// Where a value that is to be distinct was first.
    values: HashMap<(String, String), usize>,
    localized: &'a mut Vec<Localized>,
}

impl Looker<'_> {
    fn mistake(&mut self, at: &At<'_>, text: String) {
        self.found.at(self.sheet, self.row, &at.to_string(), text);
    }
}

/// The last name of a path, as people call the column.
fn name<'a>(at: &At<'a>) -> &'a str {
    match at {
        At::Row => "the row",
        At::Field(_, name) => name,
        At::Index(outer, _) => name(outer),
    }
}

/// Bounded, since a value may be as long as a file.
pub(super) fn shown(value: &str) -> String {
    let mut shown: String = value.chars().take(SHOWN_CHARACTERS).collect();
    if shown.len() < value.len() {
        shown.push_str("...");
    }
    shown
}

impl FactVisitor for Looker<'_> {
    fn reference(&mut self, at: &At<'_>, table: &'static str, key: Key<'_>) {
        let Some(target) = self.sheets.get(table) else { return };
        if target.keys.has(&key) || target.keys_are_unknown() {
            return;
        }
        let near = target.keys.near(&key);
        let text = format!(
            "{}: {table} has no row {}; {near}; correct it, or add the row to {table}.json",
            name(at),
            shown(&key.to_string())
        );
        self.mistake(at, text);
    }

    fn out_of_range(&mut self, at: &At<'_>, value: &dyn Display, low: &dyn Display, high: &dyn Display) {
        let text = format!("{} is {value}; write a number from {low} to {high}", name(at));
        self.mistake(at, text);
    }

    fn wrong_length(&mut self, at: &At<'_>, length: usize, low: usize, high: usize) {
        let text = format!("{} is {length} long; make it {low} to {high} long", name(at));
        self.mistake(at, text);
    }

    fn localized(&mut self, at: &At<'_>, text: &str) {
        if text.trim().is_empty() {
            self.mistake(at, format!("{} is empty; write the English text", name(at)));
        }
        self.localized.push(Localized {
            table: self.sheet.table,
            row: self.row,
            path: at.to_string(),
            text: text.to_owned(),
        });
    }

    fn distinct(&mut self, at: &At<'_>, value: &dyn Debug) {
        let value = (at.to_string(), format!("{value:?}"));
        if let Some(first) = self.values.get(&value).copied() {
            let line = self.sheet.place(first, "").line;
            let text = format!(
                "{} {} is that of line {line} too; give each row its own",
                name(at),
                shown(&value.1)
            );
            return self.mistake(at, text);
        }
        self.values.insert(value, self.row);
    }
}
