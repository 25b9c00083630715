//! Content: `static_data/<table>.json`, checked without a database and pushed into one.

mod check;
mod diff;
mod json;
mod push;
mod types;

pub use check::{check, Mistake};
pub use diff::{diff, Difference};
pub use push::push;

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

    /// Rows in all tables.
    pub fn row_count(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }
}
