//! JSON whose parts know where they are.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// Where a file as a whole is at fault.
pub(crate) const TOP: Place = Place { line: 1, column: 1 };

/// The text of a file, with its lines: a place is found without reading the file up to it.
#[derive(Debug, Clone, Default)]
pub struct Source {
    text: String,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
}

impl Source {
    /// A text.
    pub fn new(text: String) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0)
            .chain(ends.map(|(at, _)| at.saturating_add(1)))
            .collect();
        Self { text, lines }
    }

    /// All of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where `part`, a piece of this very text, begins.
    pub fn place(&self, part: &str) -> Place {
        self.place_at(self.offset(part))
    }

    /// Where the byte at `offset` is.
    pub fn place_at(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        Place {
            line,
            column: before.chars().count().saturating_add(1),
        }
    }

    /// Where a parser that was given `part` found an error.
    pub fn place_of_error(&self, part: &str, error: &serde_json::Error) -> Place {
        let earlier_lines = part.split_inclusive('\n').take(error.line().saturating_sub(1));
        let line_start: usize = earlier_lines.map(str::len).sum();
        // The parser counts bytes, and has read the character that it names.
        let in_line = error.column().saturating_sub(1);
        let offset = self.offset(part).saturating_add(line_start).saturating_add(in_line);
        let end = self.offset(part).saturating_add(part.len());
        let boundary = (0..=offset.min(end)).rev().find(|at| self.text.is_char_boundary(*at));
        self.place_at(boundary.unwrap_or(0))
    }

    /// Where the number, word or text begins that a parser found an error at the end of, within `part`.
    pub fn place_of_token(&self, part: &str, error: &serde_json::Error) -> Place {
        let Place { line, column } = self.place_of_error(part, error);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or_default();
        let before: Vec<char> = rest.chars().take(column).collect();
        let back = match before.split_last() {
            Some(('"', before)) => before
                .iter()
                .rev()
                .position(|letter| *letter == '"')
                .map(|back| back.saturating_add(1)),
            Some((last, before)) if is_word(*last) => before.iter().rev().position(|letter| !is_word(*letter)),
            _ => None,
        };
        Place {
            line,
            column: column.saturating_sub(back.unwrap_or(0)),
        }
    }

    /// Where the key of `value`, a value of the object `object`, begins.
    pub fn place_of_key(&self, object: &str, key: &str, value: &str) -> Place {
        let (start, end) = (self.offset(object), self.offset(value));
        let between = self.text.get(start..end).unwrap_or_default();
        match between.rfind(&format!("\"{key}\"")) {
            Some(at) => self.place_at(start.saturating_add(at)),
            None => self.place(value),
        }
    }

    /// Which byte of the text `part`, a piece of it, begins at.
    pub fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize)
            .saturating_sub(self.text.as_ptr() as usize)
            .min(self.text.len())
    }
}

/// Whether numbers, `true`, `false` and `null` have it.
fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.')
}

/// What a parser says, without the place that it appends.
pub fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

/// The fields of an object in order, repeated ones included.
#[derive(Debug)]
pub struct Fields<'a>(pub Vec<(String, &'a str)>);

impl<'a> Fields<'a> {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.0.iter().find(|(field, _)| field == name)?;
        Some(value)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Fields<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    fields.push((key, value.get()));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// A step into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// To a field.
    Field(&'a str),
    /// To an element of a list.
    Index(usize),
}

/// The steps of a path as it is written: `possibilities[2].items[0].item_id`.
pub fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let mut pieces = part.split('[');
        steps.extend(pieces.next().filter(|name| !name.is_empty()).map(Step::Field));
        let indices = pieces.filter_map(|piece| piece.strip_suffix(']')?.parse().ok());
        steps.extend(indices.map(Step::Index));
    }
    steps
}

/// The part of a value that a path leads to; where the path leads nowhere, the part that it came to. What an option
/// holds counts as the option.
pub fn part<'a>(value: &'a str, path: &str) -> &'a str {
    let mut here = held(value);
    for step in steps(path) {
        let next = match step {
            Step::Field(name) => serde_json::from_str::<Fields<'a>>(here)
                .ok()
                .and_then(|fields| fields.get(name)),
            Step::Index(index) => {
                let elements = serde_json::from_str::<Vec<&'a RawValue>>(here).ok();
                elements.and_then(|elements| Some(elements.get(index)?.get()))
            }
        };
        match next {
            Some(next) => here = held(next),
            None => return here,
        }
    }
    here
}

/// What an option holds, and any other value itself.
fn held(value: &str) -> &str {
    if !value.starts_with('{') {
        return value;
    }
    match serde_json::from_str::<Fields<'_>>(value) {
        Ok(fields) if fields.0.len() == 1 => fields.get("some").unwrap_or(value),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_their_place() {
        let text = "[\n  {\"ä\": 1, \"b\": \"x\"}\n]";
        let source = Source::new(text.to_owned());
        let rows: Vec<&RawValue> = serde_json::from_str(source.text()).unwrap();
        let row = rows[0].get();
        assert_eq!(source.place(row), Place { line: 2, column: 3 });
        let fields: Fields<'_> = serde_json::from_str(row).unwrap();
        let (key, value) = &fields.0[1];
        assert_eq!((key.as_str(), *value), ("b", "\"x\""));
        assert_eq!(source.place(value), Place { line: 2, column: 17 });
        assert_eq!(source.place_of_key(row, key, value), Place { line: 2, column: 12 });
        let error = serde_json::from_str::<u8>(value).unwrap_err();
        assert_eq!(source.place_of_error(value, &error).line, 2);
        assert!(reason(&error).starts_with("invalid type"));
        assert_eq!(source.place_at(text.len()), Place { line: 3, column: 2 });
    }

    #[test]
    fn paths_lead_into_values() {
        let row = r#"{"a": [{"b": {"some": 7}}, {"b": {"none": []}}], "some": {"c": 1}, "d": [[3, 4]]}"#;
        let check = |path: &str, expected: &str| assert_eq!(part(row, path), expected, "{path}");
        check("a[0].b", "7");
        check("a[1].b", r#"{"none": []}"#);
        check("some.c", "1");
        check("d[0][1]", "4");
        check("", row);
        // As far as it goes.
        check("a[0].x", r#"{"b": {"some": 7}}"#);
        check("a[9]", r#"[{"b": {"some": 7}}, {"b": {"none": []}}]"#);
    }
}
