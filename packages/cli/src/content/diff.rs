//! Content against what a database holds.

use std::collections::{BTreeMap, HashMap};

use anyhow::{bail, Context as _};
use bytes::Bytes;
use hexmarch_host::{Connection, HostClient, Options};
use hexmarch_messages::static_data::{visit_static_tables, StaticRow, StaticTableVisitor};

use super::{Content, Table};

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
    let (connection, _events) = Connection::connect(client.url(), database, client.token(), Options::default()).await?;
    let mut live = HashMap::new();
    for table in content.of(index) {
        let answer = connection.query(&format!("SELECT * FROM {}", table.name)).await;
        let rows = answer.with_context(|| format!("cannot read {} of {database}", table.name))?;
        let rows: Vec<Bytes> = rows.into_iter().flat_map(|rows| rows.inserts).collect();
        live.insert(table.name, rows);
    }
    connection.close().await;
    let mut keys = Keys {
        live,
        keyed: HashMap::new(),
        unreadable: Vec::new(),
    };
    visit_static_tables(&mut keys);
    if !keys.unreadable.is_empty() {
        bail!(
            "{database} runs a module whose {} has other columns; publish the current one first",
            keys.unreadable.join(", ")
        );
    }
    let compare = |table: &Table| compare(table, keys.keyed.remove(table.name).unwrap_or_default());
    Ok(content.of(index).filter_map(compare).collect())
}

fn compare(table: &Table, mut live: BTreeMap<String, Bytes>) -> Option<Difference> {
    let mut difference = Difference {
        table: table.name,
        added: Vec::new(),
        changed: Vec::new(),
        removed: Vec::new(),
    };
    for row in &table.rows {
        match live.remove(&row.key) {
            None => difference.added.push(row.key.clone()),
            Some(bytes) if bytes != row.bsatn => difference.changed.push(row.key.clone()),
            Some(_) => {}
        }
    }
    difference.removed = live.into_keys().collect();
    let Difference {
        added,
        changed,
        removed,
        ..
    } = &difference;
    let is_empty = added.is_empty() && changed.is_empty() && removed.is_empty();
    (!is_empty).then_some(difference)
}

/// Finds the keys of live rows, for which their types are needed.
struct Keys {
    live: HashMap<&'static str, Vec<Bytes>>,
    keyed: HashMap<&'static str, BTreeMap<String, Bytes>>,
    unreadable: Vec<&'static str>,
}

impl StaticTableVisitor for Keys {
    fn visit<R: StaticRow>(&mut self) {
        let Some(rows) = self.live.remove(R::TABLE) else { return };
        let key = |bytes: Bytes| {
            let row: R = spacetimedb_sats::bsatn::from_slice(&bytes).ok()?;
            Some((row.key(), bytes))
        };
        match rows.into_iter().map(key).collect::<Option<BTreeMap<_, _>>>() {
            Some(keyed) => {
                self.keyed.insert(R::TABLE, keyed);
            }
            None => self.unreadable.push(R::TABLE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Row;

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
        let live = |rows: &[(&str, u8)]| {
            rows.iter()
                .map(|(key, byte)| ((*key).to_owned(), vec![*byte].into()))
                .collect()
        };
        let found = compare(&table, live(&[("1", 1), ("2", 9), ("4", 4)])).unwrap();
        assert_eq!(
            (found.added, found.changed, found.removed),
            (vec!["3".into()], vec!["2".into()], vec!["4".into()])
        );
        assert_eq!(compare(&table, live(&[("1", 1), ("2", 2), ("3", 3)])), None);
    }
}
