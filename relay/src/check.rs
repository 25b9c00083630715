//! `check-config --connect`: everything that only the hosts can tell, for all databases at once.
//!
//! Nothing is changed by it, and nothing fails that would leave an error in the log of a database with which all is well.
//! To learn whether a database lets the relay call it is brought no results, which it takes without an effect; which index
//! it has in its own view stands in a table of its. A running relay asks the same at the beginning of every connection.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use hexmarch_host::{CallOutcome, Connection, DatabaseInfo, HostClient, HostError, Options};

use crate::config::{Config, Database};
use crate::fault::{self, Fault};
use crate::schema::Schema;
use crate::wire;

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
    is_old: bool,
    faults: Vec<Fault>,
}

/// Looks at every database of the configuration.
pub async fn connect(config: &Config) -> Report {
    let found = join_all(config.databases.iter().map(one)).await;
    let mut whole = Report::default();
    let mut by_identity: BTreeMap<String, &Database> = BTreeMap::new();
    let mut old = Vec::new();
    for (database, found) in config.databases.iter().zip(found) {
        whole.faults.extend(found.faults);
        old.extend(found.is_old.then(|| database.index.to_string()));
        if let Some(other) = found
            .identity
            .and_then(|identity| by_identity.insert(identity, database))
        {
            whole.faults.push(Fault::new(format!(
                "databases {} ('{}') and {} ('{}') are one and the same; remove one of the two",
                other.index, other.name, database.index, database.name
            )));
        }
    }
    if !old.is_empty() {
        whole.notes.push(format!(
            "the modules of databases {} are older than this relay: messages are carried, but they cannot be paused, nor \
             dead letters looked at, before the next publish",
            old.join(", ")
        ));
    }
    whole
}

async fn one(database: &Database) -> Found {
    let mut found = Found::default();
    if let Err(fault) = look(database, &mut found).await {
        found.faults.push(fault);
    }
    found
}

/// Stops at the first fault, as the rest depends on it.
async fn look(database: &Database, found: &mut Found) -> Result<(), Fault> {
    let of_http = |error: HostError| fault::of_http(database, &error);
    let client = HostClient::new(database.url.clone(), Some(database.token.clone())).map_err(of_http)?;
    // Without the token: what follows tells whether that is accepted.
    if let Err(error) = client.with_token(None).ping().await {
        return Err(match error {
            HostError::NotFound { .. } => fault::no_host(database, "it has no /v1/ping"),
            other => of_http(other),
        });
    }
    let info = client.database(&database.name).await.map_err(of_http)?;
    let info: DatabaseInfo = info.ok_or_else(|| fault::unknown(database))?;
    found.identity = Some(info.database_identity);
    let schema = Schema::new(client.schema(&database.name).await.map_err(of_http)?);
    if !schema.is_complete() {
        return Err(fault::incomplete(database, &schema));
    }
    found.is_old = !schema.missing_for_operators().is_empty();
    // Before connecting, which a module refuses to others and then writes into its log.
    if !client.is_identity(&info.owner_identity).await.map_err(of_http)? {
        return Err(fault::not_owner(database));
    }
    let connected = Connection::connect(&database.url, &database.name, Some(&database.token), Options::default()).await;
    let (connection, _events) = match connected {
        Ok(connected) => connected,
        Err(error) => return Err(fault::of_socket(database, &error).await),
    };
    let placed = place(database, &connection).await;
    connection.close().await;
    placed
}

/// Whether the database lets us call, and is the one that its index says.
pub(crate) async fn place(database: &Database, connection: &Connection) -> Result<(), Fault> {
    let no_results = wire::acknowledge_arguments(&[]);
    match connection.call(wire::ACKNOWLEDGE_REDUCER, &no_results).await {
        Ok(CallOutcome::Committed) => {}
        Ok(CallOutcome::Failed(text)) => return Err(fault::of_reducer(database, Some(connection.identity()), &text)),
        Ok(CallOutcome::OutOfEnergy) => return Err(fault::of_reducer(database, None, "out of energy")),
        Err(error) => return Err(fault::of_socket(database, &error).await),
    }
    let tables = match connection.query(&format!("SELECT * FROM {}", wire::PLACE_TABLE)).await {
        Ok(tables) => tables,
        Err(error) => return Err(fault::of_socket(database, &error).await),
    };
    let own = tables.iter().flat_map(|table| &table.inserts).next();
    let own = own.map(wire::decode_place).transpose();
    match own.map_err(|error| fault::of_row(database, wire::PLACE_TABLE, &error.to_string()))? {
        Some(own) if own == database.index => Ok(()),
        own => Err(fault::misplaced(database, own)),
    }
}
