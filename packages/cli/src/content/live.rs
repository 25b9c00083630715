//! The content that a database holds.

use std::collections::{BTreeMap, HashMap};

use anyhow::{bail, Context as _};
use bytes::Bytes;
use hexmarch_host::{Connection, HostClient, Options};
use hexmarch_messages::static_data::{visit_static_tables, StaticRow, StaticTableVisitor};

use super::{Content, Row, Table};

/// Reads the content tables of the database with this index; the others are empty. Rows are in the order of their keys
/// as text.
///
/// # Errors
/// When the database cannot be asked, or runs a module whose tables are others than this tool's.
pub async fn live(client: &HostClient, (index, database): (u8, &str)) -> anyhow::Result<Content> {
    let mut names = Names::default();
    visit_static_tables(&mut names);
    let mut content = names.0;
    let (connection, _events) = Connection::connect(client.url(), database, client.token(), Options::default()).await?;
    let mut read = HashMap::new();
    for table in content.of(index) {
        let answer = connection.query(&format!("SELECT * FROM {}", table.name)).await;
        let rows = answer.with_context(|| format!("cannot read {} of {database}", table.name))?;
        let rows: Vec<Bytes> = rows.into_iter().flat_map(|rows| rows.inserts).collect();
        read.insert(table.name, rows);
    }
    connection.close().await;
    let mut keys = Keys {
        read,
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
    for table in &mut content.tables {
        table.rows = keys.keyed.remove(table.name).unwrap_or_default();
    }
    Ok(content)
}

/// All content tables, without rows.
#[derive(Default)]
struct Names(Content);

impl StaticTableVisitor for Names {
    fn visit<R: StaticRow>(&mut self) {
        self.0.tables.push(Table {
            name: R::TABLE,
            in_region: R::IN_REGION,
            in_global: R::IN_GLOBAL,
            rows: Vec::new(),
        });
    }
}

/// Finds the keys of rows, for which their types are needed.
struct Keys {
    read: HashMap<&'static str, Vec<Bytes>>,
    keyed: HashMap<&'static str, Vec<Row>>,
    unreadable: Vec<&'static str>,
}

impl StaticTableVisitor for Keys {
    fn visit<R: StaticRow>(&mut self) {
        let Some(rows) = self.read.remove(R::TABLE) else { return };
        let key = |bytes: Bytes| {
            let row: R = spacetimedb_sats::bsatn::from_slice(&bytes).ok()?;
            Some((row.key(), bytes))
        };
        match rows.into_iter().map(key).collect::<Option<BTreeMap<_, _>>>() {
            Some(keyed) => {
                let rows = keyed.into_iter().map(|(key, bytes)| Row {
                    key,
                    bsatn: bytes.into(),
                });
                self.keyed.insert(R::TABLE, rows.collect());
            }
            None => self.unreadable.push(R::TABLE),
        }
    }
}
