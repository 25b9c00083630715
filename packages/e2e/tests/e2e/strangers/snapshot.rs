//! All rows of a database, to compare.

use std::collections::BTreeMap;

use anyhow::Result;
use hexmarch_e2e::world::World;
use serde_json::Value;

use super::schema::Schema;

/// Rows of a difference that are shown.
const MAX_ROWS: usize = 3;
/// Characters of a row that are shown.
const MAX_CHARS: usize = 200;

/// Every table's rows as the owner sees them, sorted.
pub struct Snapshot {
    database: String,
    tables: BTreeMap<String, Vec<String>>,
}

impl Snapshot {
    /// Reads all tables, one after the other: nothing may move by itself meanwhile.
    pub async fn take(world: &World, schema: &Schema) -> Result<Self> {
        let mut tables = BTreeMap::new();
        for table in &schema.tables {
            let answer = world
                .operator
                .sql(&schema.database, &format!("SELECT * FROM {table}"))
                .await?;
            let mut rows: Vec<String> = answer
                .rows
                .into_iter()
                .map(|row| Value::from(row).to_string())
                .collect();
            rows.sort_unstable();
            tables.insert(table.clone(), rows);
        }
        Ok(Self {
            database: schema.database.clone(),
            tables,
        })
    }

    /// What changed until `after`, a line a table.
    pub fn differences(&self, after: &Self, exempt: &[(&str, &str)]) -> Vec<String> {
        let mut lines = Vec::new();
        for (table, before) in &self.tables {
            let is_exempt = exempt.iter().any(|(name, _)| name == table);
            let after = after.tables.get(table).map(Vec::as_slice).unwrap_or_default();
            if before != after && !is_exempt {
                let (gone, new) = (missing(before, after), missing(after, before));
                lines.push(format!(
                    "{}: table {table} changed; gone: {gone}; new: {new}",
                    self.database
                ));
            }
        }
        lines
    }
}

/// Rows of `these` that are not among `those`, in short.
fn missing(these: &[String], those: &[String]) -> String {
    let rows = these
        .iter()
        .filter(|row| those.binary_search(row).is_err())
        .take(MAX_ROWS);
    let rows: Vec<String> = rows.map(|row| row.chars().take(MAX_CHARS).collect()).collect();
    if rows.is_empty() {
        "none".to_string()
    } else {
        rows.join(" ")
    }
}
