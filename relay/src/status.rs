//! What the operator sees: one [`Board`] that all tasks write to; [`Board::status`] is all of it at one moment, as JSON
//! on `/status` and as metrics on `/metrics`.
//!
//! "Ready" is about databases: each is connected or not. "Live" is about this process: each of its tasks stamps the
//! board as it goes round, and one that has not done so for too long has died or hangs.

mod http;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;

use crate::config::{Config, ConfigErrors, Database};
use crate::histogram::Timings;
use crate::stream::{Counters, Stream};
pub use http::router;
pub use view::{ConfigView, DatabaseStatus, Latencies, Reason, Status, StreamView, Undeliverable};

/// The task of a database stamps the board every second.
const DATABASE_LIMIT: Duration = Duration::from_secs(30);
/// The task of a stream does so with everything that happens, and every ten seconds when nothing does.
const STREAM_LIMIT: Duration = Duration::from_secs(60);

/// Where the connection to a database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// An attempt is under way.
    Connecting,
    /// Connected and subscribed.
    Live,
    /// The last attempt failed, or the connection ended; the next attempt is due soon.
    Waiting,
}

/// Collects what all tasks report.
#[derive(Debug)]
pub struct Board {
    started: Instant,
    databases: Mutex<BTreeMap<u8, DatabaseEntry>>,
    streams: Mutex<BTreeMap<(u8, u8), Arc<StreamStatus>>>,
    config: Mutex<ConfigEntry>,
}

#[derive(Debug)]
struct DatabaseEntry {
    name: String,
    url: String,
    state: State,
    since: Instant,
    last_error: Option<String>,
    /// How often it became live.
    connections: u64,
    /// Attempts that failed.
    failures: u64,
    dead_letters: Option<u64>,
    stamp: Instant,
}

#[derive(Debug)]
struct ConfigEntry {
    hash: String,
    loaded_at: SystemTime,
    hold: Duration,
    window: usize,
    reloads: u64,
    failures: u64,
    last_error: Option<String>,
}

/// The latest of one stream.
#[derive(Debug)]
pub struct StreamStatus(Mutex<StreamEntry>);

#[derive(Debug)]
struct StreamEntry {
    counters: Counters,
    depth: usize,
    oldest: Option<Instant>,
    paused: bool,
    timings: Timings,
    stamp: Instant,
}

/// Every critical section here is a plain assignment or copy, so the data is whole even if the lock says otherwise.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl StreamStatus {
    fn new(now: Instant) -> Self {
        Self(Mutex::new(StreamEntry {
            counters: Counters::default(),
            depth: 0,
            oldest: None,
            paused: false,
            timings: Timings::default(),
            stamp: now,
        }))
    }

    /// Takes over what the stream says of itself, and that its task is alive.
    pub fn update(&self, stream: &Stream, now: Instant) {
        let oldest = stream.oldest_age(now).and_then(|age| now.checked_sub(age));
        let mut entry = lock(&self.0);
        entry.counters = stream.counters();
        entry.depth = stream.depth();
        entry.oldest = oldest;
        entry.paused = stream.is_paused();
        entry.timings.clone_from(stream.timings());
        entry.stamp = now;
    }
}

impl Board {
    /// A board for a relay that starts with this configuration. Its databases are added one by one.
    pub fn new(config: &Config) -> Self {
        Self {
            started: Instant::now(),
            databases: Mutex::default(),
            streams: Mutex::default(),
            config: Mutex::new(ConfigEntry {
                hash: config.hash.clone(),
                loaded_at: SystemTime::now(),
                hold: config.hold,
                window: config.window,
                reloads: 0,
                failures: 0,
                last_error: None,
            }),
        }
    }

    /// A database is about to be connected, or goes by another name from now on.
    pub fn add(&self, database: &Database) {
        let now = Instant::now();
        let mut databases = lock(&self.databases);
        let entry = databases.entry(database.index).or_insert_with(|| DatabaseEntry {
            name: String::new(),
            url: String::new(),
            state: State::Connecting,
            since: now,
            last_error: None,
            connections: 0,
            failures: 0,
            dead_letters: None,
            stamp: now,
        });
        entry.name.clone_from(&database.name);
        entry.url = database.url.to_string();
    }

    /// Whether there is such a database.
    pub fn has(&self, index: u8) -> bool {
        lock(&self.databases).contains_key(&index)
    }

    /// A database was let go, and the streams that it sent.
    pub fn remove(&self, index: u8) {
        lock(&self.databases).remove(&index);
        lock(&self.streams).retain(|(from, _), _| *from != index);
    }

    /// A database has changed its state, `error` being the reason. Without one the last reason stays.
    pub fn database(&self, index: u8, state: State, error: Option<String>) {
        if let Some(entry) = lock(&self.databases).get_mut(&index) {
            match (entry.state, state) {
                (_, State::Live) => entry.connections = entry.connections.saturating_add(1),
                (State::Connecting, State::Waiting) => entry.failures = entry.failures.saturating_add(1),
                _ => {}
            }
            entry.state = state;
            entry.since = Instant::now();
            entry.last_error = error.or(entry.last_error.take());
            if state != State::Live {
                entry.dead_letters = None;
            }
        }
    }

    /// How many dead letters a database has; `None` when it cannot say.
    pub fn dead_letters(&self, index: u8, count: Option<u64>) {
        if let Some(entry) = lock(&self.databases).get_mut(&index) {
            entry.dead_letters = count;
        }
    }

    /// The task of a database goes round.
    pub fn stamp(&self, index: u8) {
        if let Some(entry) = lock(&self.databases).get_mut(&index) {
            entry.stamp = Instant::now();
        }
    }

    /// Where a stream reports.
    pub fn stream(&self, from: u8, to: u8) -> Arc<StreamStatus> {
        let new = || Arc::new(StreamStatus::new(Instant::now()));
        Arc::clone(lock(&self.streams).entry((from, to)).or_insert_with(new))
    }

    /// The configuration was read again while running.
    pub fn reloaded(&self, outcome: &Result<Config, ConfigErrors>) {
        let mut entry = lock(&self.config);
        match outcome {
            Ok(config) => {
                entry.reloads = entry.reloads.saturating_add(1);
                entry.hash.clone_from(&config.hash);
                entry.loaded_at = SystemTime::now();
                (entry.hold, entry.window) = (config.hold, config.window);
                entry.last_error = None;
            }
            Err(errors) => {
                entry.failures = entry.failures.saturating_add(1);
                entry.last_error = Some(errors.to_string());
            }
        }
    }

    /// What has died or hangs, as of `now`, in words; nothing when all is well.
    pub fn hung(&self, now: Instant) -> Vec<String> {
        let late = |stamp: Instant, limit| Some(now.saturating_duration_since(stamp)).filter(|age| *age > limit);
        let databases = lock(&self.databases);
        let databases = databases.iter().filter_map(|(index, entry)| {
            let seconds = late(entry.stamp, DATABASE_LIMIT)?.as_secs();
            Some(format!("the task of database {index} has not moved for {seconds} s"))
        });
        let streams = lock(&self.streams);
        let streams = streams.iter().filter_map(|((from, to), status)| {
            let seconds = late(lock(&status.0).stamp, STREAM_LIMIT)?.as_secs();
            Some(format!(
                "the task of messages from {from} to {to} has not moved for {seconds} s"
            ))
        });
        databases.chain(streams).collect()
    }
}
