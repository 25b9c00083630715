//! From an address to a connection with the outbox read.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hexmarch_host::{Connection, Events, Options, SocketError, TableRows};
use tokio::sync::Notify;

use super::Live;
use crate::check;
use crate::config::Database;
use crate::control::PAUSE_TABLE;
use crate::fault::{self, Fault};
use crate::wire::{self, Row};

/// Between pings. A hold passes in steps of this, so it is short beside any useful hold.
const HEARTBEAT: Duration = Duration::from_millis(250);

/// A connection, and what the database held when it began.
pub(super) struct Connected {
    pub(super) live: Arc<Live>,
    pub(super) events: Events,
    pub(super) rows: Vec<Row>,
    pub(super) paused: BTreeSet<u8>,
}

/// For the host's word on whose token it is.
const OWNER_LIMIT: Duration = Duration::from_secs(5);

/// Connects and subscribes. Every other wait in here has its limit in [`Options`].
pub(super) async fn connect(database: &Database) -> Result<Connected, Fault> {
    // Each attempt under another's token would leave an error in the module's log. Whatever else is wrong shows below.
    if let Ok(Ok(false)) = tokio::time::timeout(OWNER_LIMIT, fault::is_owner(database)).await {
        return Err(fault::not_owner(database));
    }
    match attempt(database).await {
        Ok(connected) => Ok(connected?),
        Err(error) => Err(fault::of_socket(database, &error).await),
    }
}

async fn attempt(database: &Database) -> Result<Result<Connected, Fault>, SocketError> {
    // Own results come in full all the same, and nobody's arguments are of interest.
    let options = Options {
        light: true,
        heartbeat: HEARTBEAT,
        ..Options::default()
    };
    let Database { url, name, token, .. } = database;
    let (connection, events) = Connection::connect(url, name, Some(token), options).await?;
    // Before the outbox, so that nothing is delivered before it is known to be paused.
    let paused = match connection.subscribe(&[&format!("SELECT * FROM {PAUSE_TABLE}")]).await {
        Ok(subscription) => inserts(subscription.rows),
        Err(SocketError::Query(reason)) => {
            tracing::debug!(database = database.index, reason, "this module knows no pauses");
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let outbox = format!("SELECT * FROM {}", wire::OUTBOX_TABLE);
    let rows = inserts(connection.subscribe(&[&outbox]).await?.rows);
    if let Err(fault) = check::place(database, &connection).await {
        return Ok(Err(fault));
    }
    let counters = connection
        .query(&format!("SELECT * FROM {}", wire::COUNTER_TABLE))
        .await?;
    let decoded = || -> Result<_, Fault> {
        Ok((
            destinations(database, &paused)?,
            outbox_rows(database, &rows)?,
            counters_by_sender(database, counters)?,
        ))
    };
    Ok(decoded().map(|(paused, rows, counters)| Connected {
        live: Arc::new(Live {
            connection,
            counters,
            reconnect: Notify::new(),
        }),
        events,
        rows,
        paused,
    }))
}

fn inserts(tables: Vec<TableRows>) -> Vec<Bytes> {
    tables.into_iter().flat_map(|table| table.inserts).collect()
}

pub(super) fn outbox_rows(database: &Database, rows: &[Bytes]) -> Result<Vec<Row>, Fault> {
    let rows = rows.iter().map(Row::decode).collect::<Result<_, _>>();
    rows.map_err(|error| fault::of_row(database, wire::OUTBOX_TABLE, &error.to_string()))
}

/// Rows of [`PAUSE_TABLE`]: one byte each.
pub(super) fn destinations(database: &Database, rows: &[Bytes]) -> Result<BTreeSet<u8>, Fault> {
    let rows = rows.iter().map(|row| row.first().copied()).collect::<Option<_>>();
    rows.ok_or_else(|| fault::of_row(database, PAUSE_TABLE, "it is empty"))
}

fn counters_by_sender(database: &Database, tables: Vec<TableRows>) -> Result<HashMap<u8, u64>, Fault> {
    let counters = inserts(tables)
        .iter()
        .map(wire::decode_counter)
        .collect::<Result<_, _>>();
    counters.map_err(|error| fault::of_row(database, wire::COUNTER_TABLE, &error.to_string()))
}
