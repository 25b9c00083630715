//! Rows as people write them: the canonical text of a row, and its columns.
//!
//! One row has one text: columns in the order of declaration, one space after a colon and a comma, numbers as short as they
//! can be without changing. The files in `static_data` are written so.

use std::io;

use hexmarch_messages::static_data::{visit_static_tables, StaticRow, StaticTableVisitor};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize as _};
use serde_json::ser::Formatter;
use serde_json::Value;
use spacetimedb_sats::ser::serde::SerializeWrapper;

/// The column that says what people call a row.
const NAME: &str = "name";

/// Reads rows of one table.
#[derive(Debug, Clone, Copy)]
pub struct Reader(fn(&[u8]) -> Option<String>);

impl Reader {
    /// For the rows of this table; `None` when there is no such content table.
    pub fn of(table: &str) -> Option<Self> {
        struct Find<'a> {
            table: &'a str,
            found: Option<Reader>,
        }
        impl StaticTableVisitor for Find<'_> {
            fn visit<R: StaticRow>(&mut self) {
                if R::TABLE == self.table {
                    self.found = Some(Reader(text::<R>));
                }
            }
        }
        let mut find = Find { table, found: None };
        visit_static_tables(&mut find);
        find.found
    }

    /// The canonical text of a row; `None` when the bytes are no row of the table.
    pub fn text(self, bsatn: &[u8]) -> Option<String> {
        (self.0)(bsatn)
    }

    /// The columns of a row; `None` when the bytes are no row of the table.
    pub fn columns(self, bsatn: &[u8]) -> Option<Columns> {
        serde_json::from_str(&self.text(bsatn)?).ok()
    }
}

fn text<R: StaticRow>(bsatn: &[u8]) -> Option<String> {
    let row: R = spacetimedb_sats::bsatn::from_slice(bsatn).ok()?;
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, OneLine);
    SerializeWrapper::from_ref(&row).serialize(&mut serializer).ok()?;
    String::from_utf8(text).ok()
}

/// One line, with a space after each colon and comma.
struct OneLine;

impl Formatter for OneLine {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

/// The columns of a row in the order of declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns(pub Vec<(String, Value)>);

impl Columns {
    /// What people call the row, for tables that have names.
    pub fn name(&self) -> Option<&str> {
        let named = self.0.iter().find(|(column, _)| column == NAME);
        named.and_then(|(_, name)| name.as_str())
    }
}

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Columns;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a row")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut columns = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    columns.push(entry);
                }
                Ok(Columns(columns))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// The place of a key among others: numbers by value, before texts.
pub fn order(key: &str) -> (bool, i128, &str) {
    match key.parse::<i128>() {
        Ok(number) => (false, number, ""),
        Err(_) => (true, 0, key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexmarch_messages::inventory::{ItemDesc, Rarity};

    #[test]
    fn a_row_has_one_text() {
        let row = ItemDesc {
            id: -3,
            name: "Grün \"x\"".into(),
            description: String::new(),
            volume: 1,
            durability: 0,
            convert_to_on_durability_zero: Some(7),
            tier: 1,
            tag: "t".into(),
            rarity: Rarity::Rare,
            item_list_id: None,
            compendium_entry: true,
        };
        let reader = Reader::of("item_desc").unwrap();
        let bsatn = spacetimedb_sats::bsatn::to_vec(&row).unwrap();
        assert_eq!(
            reader.text(&bsatn).unwrap(),
            concat!(
                r#"{"id": -3, "name": "Grün \"x\"", "description": "", "volume": 1, "durability": 0, "#,
                r#""convert_to_on_durability_zero": {"some": 7}, "tier": 1, "tag": "t", "rarity": {"Rare": []}, "#,
                r#""item_list_id": {"none": []}, "compendium_entry": true}"#
            )
        );
        assert_eq!(reader.columns(&bsatn).unwrap().name(), Some("Grün \"x\""));
        assert_eq!(reader.text(&[1]), None);
        assert!(Reader::of("no_such_table").is_none());
    }

    #[test]
    fn numbers_come_before_texts() {
        let mut keys = ["b", "10", "9", "-1", "a"];
        keys.sort_by(|a, b| order(a).cmp(&order(b)));
        assert_eq!(keys, ["-1", "9", "10", "a", "b"]);
    }
}
