//! The content that a database holds.

use std::collections::HashMap;

use anyhow::{bail, Context as _};
use bytes::Bytes;
use hexmarch_host::{Connection, HostClient, Options};
use hexmarch_messages::static_data::{visit_static_tables, StaticRow, StaticTableVisitor};

use super::text::order;
use super::{Content, Row, Table};

/// Reads the content tables of the database with this index as they are at one moment; the others are empty. Rows are in
/// the order of their keys, as in the files.
///
/// # Errors
/// When the database cannot be asked, or runs a module whose tables are others than this tool's.
pub async fn live(client: &HostClient, (index, database): (u8, &str)) -> anyhow::Result<Content> {
    let mut names = Names::default();
    visit_static_tables(&mut names);
    let mut content = names.0;
    let queries = content.of(index).map(|table| format!("SELECT * FROM {}", table.name));
    let queries: Vec<String> = queries.collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let (connection, _events) = Connection::connect(client.url(), database, client.token(), Options::default()).await?;
    // Queries one after the other could see some tables before a commit, and others after it.
    let answer = connection.subscribe(&queries).await;
    let failed = || format!("cannot read the content of {database}; is its module the current one?");
    let answer = answer.with_context(failed)?;
    connection.close().await;
    let mut read: HashMap<String, Vec<Bytes>> = HashMap::new();
    for rows in answer.rows {
        read.entry(rows.table).or_default().extend(rows.inserts);
    }
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
    read: HashMap<String, Vec<Bytes>>,
    keyed: HashMap<&'static str, Vec<Row>>,
    unreadable: Vec<&'static str>,
}

impl StaticTableVisitor for Keys {
    fn visit<R: StaticRow>(&mut self) {
        let Some(rows) = self.read.remove(R::TABLE) else { return };
        let keyed = |bytes: Bytes| {
            let row: R = spacetimedb_sats::bsatn::from_slice(&bytes).ok()?;
            Some(Row {
                key: row.key(),
                bsatn: bytes.into(),
            })
        };
        match rows.into_iter().map(keyed).collect::<Option<Vec<Row>>>() {
            Some(mut rows) => {
                rows.sort_unstable_by(|a, b| order(&a.key).cmp(&order(&b.key)));
                self.keyed.insert(R::TABLE, rows);
            }
            None => self.unreadable.push(R::TABLE),
        }
    }
}
