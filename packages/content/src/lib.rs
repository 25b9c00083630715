//! The game's content as a whole: `static_data/<table>.json`, read, checked, reckoned with and drawn, without a
//! database.

pub mod atlas;
pub mod book;
mod check;
pub mod graph;
mod json;
mod multiply;
mod rules;
mod summary;
mod types;

use hexmarch_messages::static_data::StaticRow;

pub use check::{check, report, Mistake, Report, MAX_FILE_BYTES, MAX_MISTAKES};
pub use json::Place;
pub use multiply::{multiply, multiply_files};
pub use rules::{path_to, Game, Shelf, Spent, TierTime, TierTimes};
pub use summary::{Count, Summary};

/// All content, valid.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// In the order of declaration.
    pub tables: Vec<Table>,
}

/// The rows of one table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Whether region databases hold it.
    pub in_region: bool,
    /// Whether the global database holds it.
    pub in_global: bool,
    /// In the order of the file.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its primary key, as people write it.
    pub key: String,
    /// The row as a database takes it.
    pub bsatn: Vec<u8>,
}

impl Content {
    /// The tables that the database with this index holds.
    pub fn of(&self, index: u8) -> impl Iterator<Item = &Table> {
        let held = move |table: &&Table| if index == 0 { table.in_global } else { table.in_region };
        self.tables.iter().filter(held)
    }

    /// Changes with what the database with this index is to hold, and with nothing else: not with spaces or the order of
    /// lines.
    pub fn hash_of(&self, index: u8) -> String {
        let mut bytes = Vec::new();
        for table in self.of(index) {
            bytes.extend_from_slice(table.name.as_bytes());
            let mut rows: Vec<&Row> = table.rows.iter().collect();
            rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
            bytes.extend((rows.len() as u64).to_le_bytes());
            for row in rows {
                bytes.extend((row.bsatn.len() as u64).to_le_bytes());
                bytes.extend_from_slice(&row.bsatn);
            }
        }
        spacetimedb_lib::hash_bytes(&bytes).to_hex().to_string()
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The rows of one table, typed, in the order of the file.
    pub fn rows<R: StaticRow>(&self) -> Vec<R> {
        let rows = self.table(R::TABLE).map_or(&[][..], |table| table.rows.as_slice());
        rows.iter()
            .filter_map(|row| spacetimedb_sats::bsatn::from_slice(&row.bsatn).ok())
            .collect()
    }

    /// Rows in all tables.
    pub fn row_count(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_tells_content_from_content() {
        let content = |in_global: bool, rows: &[(&str, u8)]| Content {
            tables: vec![Table {
                name: "t",
                in_region: true,
                in_global,
                rows: rows
                    .iter()
                    .map(|(key, byte)| Row {
                        key: (*key).to_owned(),
                        bsatn: vec![*byte],
                    })
                    .collect(),
            }],
        };
        let hash = content(false, &[("1", 1), ("2", 2)]).hash_of(1);
        assert_eq!(content(false, &[("2", 2), ("1", 1)]).hash_of(1), hash);
        assert_ne!(content(false, &[("1", 1), ("2", 3)]).hash_of(1), hash);
        assert_ne!(content(false, &[("1", 1)]).hash_of(1), hash);
        assert_ne!(content(false, &[("1", 1), ("2", 2)]).hash_of(0), hash);
        assert_eq!(content(true, &[("1", 1), ("2", 2)]).hash_of(0), hash);
    }
}
