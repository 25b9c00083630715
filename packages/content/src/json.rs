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

/// The text of a file.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a>(pub &'a str);

impl<'a> Source<'a> {
    /// Where `part`, a piece of this very text, begins.
    pub fn place(self, part: &str) -> Place {
        self.place_at(self.offset(part))
    }

    /// Where the byte at `offset` is.
    pub fn place_at(self, offset: usize) -> Place {
        let before = self.0.get(..offset).unwrap_or(self.0);
        let line = before.rsplit('\n').next().unwrap_or(before);
        Place {
            line: before.matches('\n').count().saturating_add(1),
            column: line.chars().count().saturating_add(1),
        }
    }

    /// Where a parser that was given `part` found an error.
    pub fn place_of_error(self, part: &str, error: &serde_json::Error) -> Place {
        let earlier_lines = part.split_inclusive('\n').take(error.line().saturating_sub(1));
        let line_start: usize = earlier_lines.map(str::len).sum();
        // The parser counts bytes, and has read the character that it names.
        let in_line = error.column().saturating_sub(1);
        let offset = self.offset(part).saturating_add(line_start).saturating_add(in_line);
        let end = self.offset(part).saturating_add(part.len());
        let boundary = (0..=offset.min(end)).rev().find(|at| self.0.is_char_boundary(*at));
        self.place_at(boundary.unwrap_or(0))
    }

    /// Where the key of `value`, a value of the object `object`, begins.
    pub fn place_of_key(self, object: &str, key: &str, value: &str) -> Place {
        let (start, end) = (self.offset(object), self.offset(value));
        let between = self.0.get(start..end).unwrap_or_default();
        match between.rfind(&format!("\"{key}\"")) {
            Some(at) => self.place_at(start.saturating_add(at)),
            None => self.place(value),
        }
    }

    fn offset(self, part: &str) -> usize {
        (part.as_ptr() as usize)
            .saturating_sub(self.0.as_ptr() as usize)
            .min(self.0.len())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_their_place() {
        let text = "[\n  {\"ä\": 1, \"b\": \"x\"}\n]";
        let source = Source(text);
        let rows: Vec<&RawValue> = serde_json::from_str(text).unwrap();
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
    }
}
