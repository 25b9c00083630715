//! The plain module: the same rows in the same calls, and nothing else.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use hexmarch_cli::content::push::{batches, encode, MAX_CALLS};
use hexmarch_cli::content::{Content, Row};
use hexmarch_host::{CallOutcome, Connection, Events, Options, PendingCall};

use crate::world::World;

/// A connection to the plain module.
pub struct Bare {
    socket: Connection,
    _events: Events,
}

impl Bare {
    /// Connects as the operator.
    pub async fn connect(world: &World, database: &str) -> Result<Self> {
        let url = world.running.url.parse()?;
        let (socket, events) = Connection::connect(&url, database, world.operator.token(), Options::default()).await?;
        Ok(Self {
            socket,
            _events: events,
        })
    }

    /// Inserts the rows of a database with this index in calls as a push makes them, as many under way at once.
    pub async fn insert_in_batches(&self, index: u8, content: &Content) -> Result<Duration> {
        let started = Instant::now();
        let mut under_way = VecDeque::with_capacity(MAX_CALLS);
        for table in content.of(index) {
            let reducer = format!("insert_{}", table.name);
            let rows: Vec<&Row> = table.rows.iter().collect();
            for batch in batches(&rows) {
                if under_way.len() >= MAX_CALLS {
                    committed(under_way.pop_front()).await?;
                }
                under_way.push_back(self.socket.start_call(&reducer, &encode(batch)?)?);
            }
        }
        while !under_way.is_empty() {
            committed(under_way.pop_front()).await?;
        }
        Ok(started.elapsed())
    }

    /// Inserts all rows in one call.
    pub async fn insert_everything(&self, index: u8, content: &Content) -> Result<Duration> {
        // The module declares its tables in the order of the sources, and so does the content.
        let mut arguments = Vec::new();
        for table in content.of(index) {
            let rows: Vec<&Row> = table.rows.iter().collect();
            arguments.extend(encode(&rows)?);
        }
        let started = Instant::now();
        committed(Some(self.socket.start_call("insert_everything", &arguments)?)).await?;
        Ok(started.elapsed())
    }

    /// Empties all tables.
    pub async fn delete_everything(&self) -> Result<()> {
        committed(Some(self.socket.start_call("delete_everything", &[])?)).await
    }
}

async fn committed(call: Option<PendingCall>) -> Result<()> {
    match call.context("no call is under way")?.await? {
        CallOutcome::Committed => Ok(()),
        other => bail!("a bare insert did not commit: {other:?}"),
    }
}
