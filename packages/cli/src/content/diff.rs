//! Content against what a database holds.

use std::collections::BTreeMap;

use hexmarch_host::HostClient;

use super::{live, Content, Row, Table};

/// What a push would change in one table, by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// Rows that the database lacks.
    pub added: Vec<String>,
    /// Rows that differ.
    pub changed: Vec<String>,
    /// Rows that only the database has.
    pub removed: Vec<String>,
    /// How many rows the database has.
    pub live_rows: usize,
}

/// Compares content with the database of this index. Tables without a difference are left out.
///
/// # Errors
/// When the database cannot be asked, or runs a module whose tables are others than this tool's.
pub async fn diff(
    client: &HostClient,
    (index, database): (u8, &str),
    content: &Content,
) -> anyhow::Result<Vec<Difference>> {
    let live = live(client, (index, database)).await?;
    let compare = |table: &Table| {
        let found = live.tables.iter().find(|live| live.name == table.name);
        compare(table, found.map_or(&[], |live| live.rows.as_slice()))
    };
    Ok(content.of(index).filter_map(compare).collect())
}

fn compare(table: &Table, live: &[Row]) -> Option<Difference> {
    let mut live: BTreeMap<&str, &[u8]> = live
        .iter()
        .map(|row| (row.key.as_str(), row.bsatn.as_slice()))
        .collect();
    let mut difference = Difference {
        table: table.name,
        added: Vec::new(),
        changed: Vec::new(),
        removed: Vec::new(),
        live_rows: live.len(),
    };
    for row in &table.rows {
        match live.remove(row.key.as_str()) {
            None => difference.added.push(row.key.clone()),
            Some(bytes) if bytes != row.bsatn => difference.changed.push(row.key.clone()),
            Some(_) => {}
        }
    }
    difference.removed = live.into_keys().map(str::to_owned).collect();
    let Difference {
        added,
        changed,
        removed,
        ..
    } = &difference;
    let is_empty = added.is_empty() && changed.is_empty() && removed.is_empty();
    (!is_empty).then_some(difference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_a_push_would_change() {
        let row = |key: &str, byte: u8| Row {
            key: key.to_owned(),
            bsatn: vec![byte],
        };
        let rows = vec![row("1", 1), row("2", 2), row("3", 3)];
        let table = Table {
            name: "t",
            in_region: true,
            in_global: true,
            rows,
        };
        let live = |rows: &[(&str, u8)]| -> Vec<Row> { rows.iter().map(|(key, byte)| row(key, *byte)).collect() };
        let found = compare(&table, &live(&[("1", 1), ("2", 9), ("4", 4)])).unwrap();
        assert_eq!(
            (found.added, found.changed, found.removed),
            (vec!["3".into()], vec!["2".into()], vec!["4".into()])
        );
        assert_eq!(found.live_rows, 3);
        assert_eq!(compare(&table, &live(&[("1", 1), ("2", 2), ("3", 3)])), None);
    }
}
