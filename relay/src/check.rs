//! `check-config --connect`: everything that only the hosts can tell, for all databases at once.
//!
//! Nothing is changed by it. To learn whether a database lets the relay call, and which index it has in its own view,
//! it is told of a failed message of its own with an id below all others: a database refuses that from itself
//! (`access.misrouted`), and from anybody else it is an old message, which changes nothing.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use hexmarch_host::{CallOutcome, Connection, DatabaseInfo, HostClient, HostError, Options, SocketError};

use crate::config::{Config, Database};
use crate::fault::{self, Fault};
use crate::schema::Schema;
use crate::wire;

/// No message has this id, and every counter is at or above it.
const NO_MESSAGE: u64 = 0;
/// Error key of a database that is asked to hear from itself.
const MISROUTED: &str = "access.misrouted|";

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What keeps the relay from serving a database.
    pub faults: Vec<Fault>,
    /// What it can do without.
    pub notes: Vec<String>,
}

#[derive(Default)]
struct Found {
    identity: Option<String>,
    report: Report,
}

/// Looks at every database of the configuration.
pub async fn connect(config: &Config) -> Report {
    let found = join_all(config.databases.iter().map(one)).await;
    let mut whole = Report::default();
    let mut by_identity: BTreeMap<String, &Database> = BTreeMap::new();
    for (database, Found { identity, report }) in config.databases.iter().zip(found) {
        whole.faults.extend(report.faults);
        whole.notes.extend(report.notes);
        if let Some(other) = identity.and_then(|identity| by_identity.insert(identity, database)) {
            whole.faults.push(Fault::new(format!(
                "databases {} ('{}') and {} ('{}') are one and the same; remove one of the two",
                other.index, other.name, database.index, database.name
            )));
        }
    }
    whole
}

async fn one(database: &Database) -> Found {
    let mut found = Found::default();
    if let Err(fault) = look(database, &mut found).await {
        found.report.faults.push(fault);
    }
    found
}

/// Stops at the first fault that makes the rest pointless; others are put into `found`.
async fn look(database: &Database, found: &mut Found) -> Result<(), Fault> {
    let of_http = |error: HostError| fault::of_http(database, &error);
    let client = HostClient::new(database.url.clone(), Some(database.token.clone())).map_err(of_http)?;
    let info = client.database(&database.name).await.map_err(of_http)?;
    let info: DatabaseInfo = info.ok_or_else(|| fault::unknown(database))?;
    found.identity = Some(info.database_identity);
    let schema = Schema::new(client.schema(&database.name).await.map_err(of_http)?);
    if !schema.is_complete() {
        return Err(fault::incomplete(database, &schema));
    }
    let missing = schema.missing_for_operators();
    if !missing.is_empty() {
        found.report.notes.push(format!(
            "database {} ('{}'): its module is older than this relay and has no {}: messages are carried, but what needs \
             these does not work before its next publish",
            database.index,
            database.name,
            missing.join(", no ")
        ));
    }
    let connected = Connection::connect(&database.url, &database.name, Some(&database.token), Options::default()).await;
    let (connection, _events) = match connected {
        Ok(connected) => connected,
        Err(error) => return Err(fault::of_socket(database, &error).await),
    };
    if connection.identity() != info.owner_identity {
        found.report.faults.push(fault::not_owner(database));
    }
    let called = place(database, &connection).await;
    connection.close().await;
    called
}

/// Whether the database lets us call, and is the one that its index says.
async fn place(database: &Database, connection: &Connection) -> Result<(), Fault> {
    match ask(connection, database.index).await {
        Ok(CallOutcome::Failed(text)) if text.starts_with(MISROUTED) => Ok(()),
        Ok(CallOutcome::Failed(text)) => Err(fault::of_reducer(database, &text)),
        Ok(CallOutcome::OutOfEnergy) => Err(fault::of_reducer(database, "out of energy")),
        Ok(CallOutcome::Committed) => Err(fault::misplaced(database, own_index(connection).await)),
        Err(error) => Err(fault::of_socket(database, &error).await),
    }
}

async fn ask(connection: &Connection, index: u8) -> Result<CallOutcome, SocketError> {
    let arguments = wire::record_failure_arguments(index, NO_MESSAGE, NO_MESSAGE, "");
    connection.call(wire::RECORD_FAILURE_REDUCER, &arguments).await
}

/// The index that the database refuses to hear from, being its own.
async fn own_index(connection: &Connection) -> Option<u8> {
    let indices = 0..=u8::MAX;
    let answers = join_all(indices.clone().map(|index| ask(connection, index))).await;
    let refused = |answer: &Result<CallOutcome, SocketError>| matches!(answer, Ok(CallOutcome::Failed(text)) if text.starts_with(MISROUTED));
    indices
        .zip(answers)
        .find(|(_, answer)| refused(answer))
        .map(|(index, _)| index)
}
