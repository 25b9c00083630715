//! What an operator tells a database about its messages: pause a stream, or decide about dead letters.
//!
//! The database itself remembers, so this works whether or not a relay runs, and counts for all that do.

use std::collections::BTreeSet;

use hexmarch_host::{HostClient, HostError, SqlRows};
use serde::Serialize;
use serde_json::{json, Value};

use crate::config::{Config, Database};
use crate::fault::{self, Fault};
use crate::{sats, wire};

/// One row for each destination to which nothing goes: `to: u8`.
pub const PAUSE_TABLE: &str = "inter_module_stream_pause";
/// Durable messages that were refused for good and that nothing compensates:
/// `message_id: u64, to: u8, error, timestamp, contents`.
pub const DEAD_LETTER_TABLE: &str = "inter_module_dead_letter";
/// What messages hold: `message_id: u64, owner_entity_id: u64, items`.
pub const ESCROW_TABLE: &str = "inter_module_escrow";
/// Pauses or resumes: `to: u8, paused: bool`.
pub const PAUSE_REDUCER: &str = "set_inter_module_stream_paused";
/// Sends a dead letter as a new message: `message_id: u64`.
pub const RETRY_REDUCER: &str = "retry_inter_module_dead_letter";
/// Deletes a dead letter and what it holds: `message_id: u64`.
pub const DISCARD_REDUCER: &str = "discard_inter_module_dead_letter";

/// The world's list of regions: `id: u8` and where each is.
const REGION_TABLE: &str = "region_connection_info";
/// Index of the global database.
const GLOBAL: u8 = 0;
/// Error key of what waited for a database that is gone.
const GONE: &str = "inter_module.destination_gone";
/// How many messages are given up in one transaction.
const AT_ONCE: usize = 128;
/// Error key of a database to which nothing can go.
const NO_DESTINATION: &str = "inter_module.no_such_destination|";

/// How many dead letters of a database are listed.
pub const MAX_LISTED: usize = 1000;

/// A database of the configuration by its index or name; 'global' is index 0.
///
/// # Errors
/// A sentence that lists those there are.
pub fn find<'a>(config: &'a Config, text: &str) -> Result<&'a Database, Fault> {
    let index = if text == "global" { Some(0) } else { text.parse().ok() };
    let is_it = |database: &&Database| database.name == text || index == Some(database.index);
    config.databases.iter().find(is_it).ok_or_else(|| {
        let all = config
            .databases
            .iter()
            .map(|database| format!("{} ({})", database.index, database.name));
        let all: Vec<String> = all.collect();
        Fault::new(format!(
            "no database '{text}' is configured; there are {}",
            all.join(", ")
        ))
    })
}

/// One dead letter without its contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// Index of the database that it is in, the sender.
    pub database: u8,
    /// The message.
    pub message_id: u64,
    /// Index of the destination that refused it.
    pub to: u8,
    /// Why.
    pub error: String,
    /// When, in UTC.
    pub time: String,
}

/// A whole dead letter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Opened {
    /// What it is.
    #[serde(flatten)]
    pub letter: DeadLetter,
    /// What it holds, one object for each owner.
    pub holds: Vec<Value>,
    /// What it says.
    pub contents: Value,
}

/// Talks to one database.
#[derive(Debug)]
pub struct Control<'a> {
    database: &'a Database,
    client: HostClient,
}

impl<'a> Control<'a> {
    /// For this database. Nothing is sent yet.
    ///
    /// # Errors
    /// When the system has no resources for it.
    pub fn new(database: &'a Database) -> Result<Self, Fault> {
        let client = HostClient::new(database.url.clone(), Some(database.token.clone()));
        let client = client.map_err(|error| fault::of_http(database, &error))?;
        Ok(Self { database, client })
    }

    /// Pauses or resumes what goes to `to`. Doing so twice is fine.
    ///
    /// # Errors
    /// A sentence; also when nothing can go there, with the databases to which something can.
    pub async fn set_paused(&self, to: u8, paused: bool) -> Result<(), Fault> {
        match self
            .client
            .call(&self.database.name, PAUSE_REDUCER, &json!([to, paused]))
            .await
        {
            Err(HostError::Reducer(text)) if text.starts_with(NO_DESTINATION) => {
                let known = self.destinations().await?.iter().map(u8::to_string).collect::<Vec<_>>();
                Err(Fault::new(format!(
                    "nothing goes from database {} ('{}') to {to}, for there is no such database in its world; there are {}",
                    self.database.index,
                    self.database.name,
                    known.join(", ")
                )))
            }
            other => self.called(other).await,
        }
    }

    /// Indices of the databases that this one sends to.
    async fn destinations(&self) -> Result<Vec<u8>, Fault> {
        let answer = self.sql(&format!("SELECT id FROM {REGION_TABLE}")).await?;
        let regions = answer
            .rows
            .iter()
            .filter_map(|row| u8::try_from(row.first()?.as_u64()?).ok());
        let all: BTreeSet<u8> = regions
            .chain([GLOBAL])
            .filter(|index| *index != self.database.index)
            .collect();
        Ok(all.into_iter().collect())
    }

    /// Answers what waits for `to` as refused, in the place of a destination that will never do so. Returns how many messages.
    ///
    /// # Errors
    /// A sentence; also while the world has that database, for then more messages would come.
    pub async fn give_up(&self, to: u8) -> Result<usize, Fault> {
        if to == GLOBAL || self.destinations().await?.contains(&to) {
            return Err(Fault::new(format!(
                "database {} ('{}') still takes {to} for a database of its world; take it off region_connection_info first, as \
                 docs/operations/relay.md says under HexmarchDestinationMissing",
                self.database.index, self.database.name
            )));
        }
        let query = format!(
            "SELECT id FROM {} WHERE \"to\" = {to} LIMIT {AT_ONCE}",
            wire::OUTBOX_TABLE
        );
        let mut refused: usize = 0;
        loop {
            let waiting = self.sql(&query).await?;
            let ids = waiting.rows.iter().filter_map(|row| row.first()?.as_u64());
            let results: Vec<Value> = ids
                .map(|id| json!({ "id": id, "outcome": { "Failed": GONE } }))
                .collect();
            if results.is_empty() {
                return Ok(refused);
            }
            refused = refused.saturating_add(results.len());
            self.call(wire::ACKNOWLEDGE_REDUCER, json!([results])).await?;
        }
    }

    /// Sends a dead letter again, as a new message.
    ///
    /// # Errors
    /// A sentence; also when there is none of that id.
    pub async fn retry(&self, message_id: u64) -> Result<(), Fault> {
        self.call(RETRY_REDUCER, json!([message_id])).await
    }

    /// Deletes a dead letter and what it holds.
    ///
    /// # Errors
    /// A sentence; also when there is none of that id.
    pub async fn discard(&self, message_id: u64) -> Result<(), Fault> {
        self.call(DISCARD_REDUCER, json!([message_id])).await
    }

    /// The dead letters, oldest first, at most [`MAX_LISTED`]; and whether there are more.
    ///
    /// # Errors
    /// A sentence.
    pub async fn dead_letters(&self) -> Result<(Vec<DeadLetter>, bool), Fault> {
        let limit = MAX_LISTED.saturating_add(1);
        let query = format!("SELECT message_id, \"to\", error, timestamp FROM {DEAD_LETTER_TABLE} LIMIT {limit}");
        let answer = self.sql(&query).await?;
        let mut letters = self.letters(&answer)?;
        let more = letters.len() > MAX_LISTED;
        letters.truncate(MAX_LISTED);
        letters.sort_by_key(|letter| letter.message_id);
        Ok((letters, more))
    }

    /// One dead letter with all that is in it.
    ///
    /// # Errors
    /// A sentence; also when there is none of that id.
    pub async fn open(&self, message_id: u64) -> Result<Opened, Fault> {
        let of = |table| format!("SELECT * FROM {table} WHERE message_id = {message_id}");
        let answer = self.sql(&of(DEAD_LETTER_TABLE)).await?;
        let letter = self.letters(&answer)?.pop();
        let contents = named(&answer).pop().and_then(|mut row| row.remove("contents"));
        let (Some(letter), Some(contents)) = (letter, contents) else {
            return Err(self.no_such(message_id));
        };
        let holds = named(&self.sql(&of(ESCROW_TABLE)).await?);
        let holds = holds.into_iter().map(|mut row| {
            row.remove("message_id");
            Value::Object(row)
        });
        Ok(Opened {
            letter,
            holds: holds.collect(),
            contents,
        })
    }

    async fn sql(&self, query: &str) -> Result<SqlRows, Fault> {
        match self.client.sql(&self.database.name, query).await {
            Ok(rows) => Ok(rows),
            // `... is not a valid table`, or `no such table`, depending on the version.
            Err(HostError::Refused { text, .. }) if text.contains("table") => Err(self.unreadable().await),
            Err(error) => Err(fault::of_http(self.database, &error)),
        }
    }

    /// The host says the same of a table that is not there and of one that is private.
    async fn unreadable(&self) -> Fault {
        match fault::schema(self.database).await {
            Ok(schema) if schema.missing_for_operators().is_empty() => fault::not_owner(self.database),
            Ok(_) => self.too_old(),
            Err(error) => fault::of_http(self.database, &error),
        }
    }

    async fn call(&self, reducer: &str, arguments: Value) -> Result<(), Fault> {
        let done = self.client.call(&self.database.name, reducer, &arguments).await;
        self.called(done).await
    }

    async fn called(&self, done: Result<(), HostError>) -> Result<(), Fault> {
        match done {
            Ok(()) => Ok(()),
            Err(HostError::Reducer(text)) => match text.strip_prefix("dead_letter.unknown|") {
                Some(id) => Err(self.no_such(id)),
                None => Err(fault::of_reducer(self.database, None, &text)),
            },
            // The name of the database is not known, or that of the reducer.
            Err(HostError::NotFound { .. }) if fault::schema(self.database).await.is_ok() => Err(self.too_old()),
            Err(error) => Err(fault::of_http(self.database, &error)),
        }
    }

    fn no_such(&self, message_id: impl std::fmt::Display) -> Fault {
        Fault::new(format!(
            "database {} ('{}') has no dead letter {message_id}; 'hexmarch-relay dead-letters list' shows those there are",
            self.database.index, self.database.name
        ))
    }

    fn too_old(&self) -> Fault {
        Fault::new(format!(
            "database {} ('{}'): its module is older than this relay and cannot do that; publish the current one",
            self.database.index, self.database.name
        ))
    }

    fn letters(&self, answer: &SqlRows) -> Result<Vec<DeadLetter>, Fault> {
        let letter = |row: serde_json::Map<String, Value>| {
            Some(DeadLetter {
                database: self.database.index,
                message_id: row.get("message_id")?.as_u64()?,
                to: u8::try_from(row.get("to")?.as_u64()?).ok()?,
                error: row.get("error")?.as_str()?.to_owned(),
                time: row.get("timestamp")?.as_str()?.to_owned(),
            })
        };
        let letters = named(answer).into_iter().map(letter).collect::<Option<_>>();
        letters.ok_or_else(|| fault::of_row(self.database, DEAD_LETTER_TABLE, "its columns are other ones"))
    }
}

/// Every row as an object by column, each value readable.
fn named(answer: &SqlRows) -> Vec<serde_json::Map<String, Value>> {
    let row = |row: &Vec<Value>| {
        let columns = answer.columns.iter().zip(&answer.types);
        let cells = columns
            .zip(row)
            .map(|((name, kind), value)| (name.clone(), sats::readable(kind, value)));
        cells.collect()
    };
    answer.rows.iter().map(row).collect()
}
