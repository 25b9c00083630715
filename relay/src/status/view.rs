//! The board at one moment.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde::Serialize;

use super::{lock, Board, State, StreamEntry};
use crate::histogram::{Summary, Timings};
use crate::stream::Counters;

/// One database, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct DatabaseStatus {
    /// Its index.
    pub index: u8,
    /// Its name.
    pub name: String,
    /// Its host.
    pub url: String,
    /// Where the connection stands.
    pub state: State,
    /// For how long it has stood there, in milliseconds.
    pub since_ms: u64,
    /// Why the last attempt failed or the last connection ended; absent if none ever did.
    pub last_error: Option<String>,
    /// How often it was connected again after having been so.
    pub reconnects: u64,
    /// Attempts to connect that failed.
    pub connection_failures: u64,
    /// How many messages its destinations refused for good; absent while it cannot say.
    pub dead_letters: Option<u64>,
}

/// One stream, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct StreamView {
    /// Index of the sender.
    pub from: u8,
    /// Index of the destination.
    pub to: u8,
    /// Messages that are not done with.
    pub depth: usize,
    /// For how long this relay has known the oldest of them, in milliseconds.
    pub oldest_age_ms: u64,
    /// Whether an operator has paused it.
    pub paused: bool,
    /// What the stream has done since this relay started.
    #[serde(flatten)]
    pub counters: Counters,
    /// How long messages took, in a few numbers.
    pub latency: Latencies,
    /// The same in full.
    #[serde(skip)]
    pub timings: Timings,
}

/// See [`Timings`].
#[derive(Debug, Clone, Serialize)]
pub struct Latencies {
    /// First sight to answer.
    pub delivered: Summary,
    /// First sight to acknowledgement.
    pub acknowledged: Summary,
    /// Before delivery, durable messages.
    pub held_rows: Summary,
    /// Before acknowledgement, durable messages.
    pub held_results: Summary,
}

/// Why messages cannot be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The relay knows no such database.
    NotConfigured,
    /// It has no connection to it now.
    NotConnected,
}

/// Messages that wait for a database that cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undeliverable {
    /// Index of the destination.
    pub to: u8,
    /// Why.
    pub reason: Reason,
    /// How many, from all senders.
    pub messages: usize,
}

/// The configuration in force, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct ConfigView {
    /// The first digits of the file's SHA-256.
    pub hash: String,
    /// When it was loaded, in seconds since 1970.
    pub loaded_at: u64,
    /// The hold, in milliseconds.
    pub hold_ms: u64,
    /// The window.
    pub window: usize,
    /// How often it was reloaded.
    pub reloads: u64,
    /// How often it could not be.
    pub reload_failures: u64,
    /// What is wrong with the file as it is now; absent when it is the one in force.
    pub last_error: Option<String>,
}

/// All of it, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// Whether every database is live.
    pub ready: bool,
    /// What has died or hangs in this process; nothing when all is well.
    pub hung: Vec<String>,
    /// Version of this relay.
    pub version: &'static str,
    /// For how long it has run, in seconds.
    pub uptime_s: u64,
    /// The configuration in force.
    pub config: ConfigView,
    /// By index.
    pub databases: Vec<DatabaseStatus>,
    /// By sender and destination; only those that have had a message.
    pub streams: Vec<StreamView>,
    /// By destination; those for which messages wait in vain.
    pub undeliverable: Vec<Undeliverable>,
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl StreamView {
    fn new(from: u8, to: u8, entry: &StreamEntry, now: Instant) -> Self {
        let timings = entry.timings.clone();
        Self {
            from,
            to,
            depth: entry.depth,
            oldest_age_ms: entry
                .oldest
                .map_or(0, |oldest| millis(now.saturating_duration_since(oldest))),
            paused: entry.paused,
            counters: entry.counters,
            latency: Latencies {
                delivered: timings.delivered.summary(),
                acknowledged: timings.acknowledged.summary(),
                held_rows: timings.held_rows.summary(),
                held_results: timings.held_results.summary(),
            },
            timings,
        }
    }
}

impl Board {
    /// Everything, as of now.
    pub fn status(&self) -> Status {
        let now = Instant::now();
        let databases = self.database_views(now);
        let streams: Vec<_> = lock(&self.streams)
            .iter()
            .map(|((from, to), status)| StreamView::new(*from, *to, &lock(&status.0), now))
            .collect();
        Status {
            ready: databases.iter().all(|database| database.state == State::Live),
            hung: self.hung(now),
            version: env!("CARGO_PKG_VERSION"),
            uptime_s: now.saturating_duration_since(self.started).as_secs(),
            config: self.config_view(),
            undeliverable: undeliverable(&databases, &streams),
            databases,
            streams,
        }
    }

    fn database_views(&self, now: Instant) -> Vec<DatabaseStatus> {
        lock(&self.databases)
            .iter()
            .map(|(index, entry)| DatabaseStatus {
                index: *index,
                name: entry.name.clone(),
                url: entry.url.clone(),
                state: entry.state,
                since_ms: millis(now.saturating_duration_since(entry.since)),
                last_error: entry.last_error.clone(),
                reconnects: entry.connections.saturating_sub(1),
                connection_failures: entry.failures,
                dead_letters: entry.dead_letters,
            })
            .collect()
    }

    fn config_view(&self) -> ConfigView {
        let entry = lock(&self.config);
        let loaded_at = entry.loaded_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        ConfigView {
            hash: entry.hash.clone(),
            loaded_at: loaded_at.as_secs(),
            hold_ms: millis(entry.hold),
            window: entry.window,
            reloads: entry.reloads,
            reload_failures: entry.failures,
            last_error: entry.last_error.clone(),
        }
    }
}

fn undeliverable(databases: &[DatabaseStatus], streams: &[StreamView]) -> Vec<Undeliverable> {
    let mut waiting: BTreeMap<(u8, Reason), usize> = BTreeMap::new();
    for stream in streams.iter().filter(|stream| stream.depth > 0) {
        let reason = match databases.iter().find(|database| database.index == stream.to) {
            None => Reason::NotConfigured,
            Some(database) if database.state != State::Live => Reason::NotConnected,
            Some(_) => continue,
        };
        let messages = waiting.entry((stream.to, reason)).or_default();
        *messages = messages.saturating_add(stream.depth);
    }
    let view = |((to, reason), messages)| Undeliverable { to, reason, messages };
    waiting.into_iter().map(view).collect()
}
