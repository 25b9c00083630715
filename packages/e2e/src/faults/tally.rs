//! What happened so far.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{json, Value};

/// A number that many tasks raise.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Raises it.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts of one run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Hosts killed.
    pub host_kills: Count,
    /// Relays killed.
    pub relay_kills: Count,
    /// Relays stopped in order.
    pub relay_stops: Count,
    /// Hosts and relays frozen for a while.
    pub pauses: Count,
    /// Modules published anew.
    pub publishes: Count,
    /// Publishes that failed, as when the host was away.
    pub failed_publishes: Count,
    /// Messages sent, as far as the databases say at the end.
    pub messages: Count,
    /// Of these, those with items that were given back.
    pub given_back: Count,
    /// Of these, those that held items of an owner, and of those again the ones that were refused.
    pub owners_messages: Count,
    /// See [`Tally::owners_messages`].
    pub owners_refused: Count,
    /// Messages whose sending was acknowledged to the writer and then forgotten by a host that was killed.
    pub forgotten: Count,
    /// Connections that writers lost.
    pub lost_connections: Count,
    /// Writes to shared tables.
    pub shared_writes: Count,
    /// Dead letters that held something and were sent again at the end.
    pub dead_letters: Count,
    /// Owners sent to another region.
    pub moves: Count,
    /// Full copies asked for, dead letters sent again, streams paused.
    pub operations: Count,
    acknowledged: Mutex<BTreeSet<u64>>,
}

impl Tally {
    /// Kills of both kinds.
    pub fn kills(&self) -> u64 {
        self.host_kills.get() + self.relay_kills.get()
    }

    /// The sending of messages with these tokens was acknowledged.
    pub fn acknowledge(&self, tokens: std::ops::Range<u64>) {
        let mut acknowledged = self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
        acknowledged.extend(tokens);
    }

    /// Tokens of messages with items whose sending was acknowledged.
    pub fn acknowledged(&self) -> BTreeSet<u64> {
        let acknowledged = self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
        acknowledged.clone()
    }

    /// For people, while it runs.
    pub fn line(&self) -> String {
        let acknowledged = self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).len();
        format!(
            "{} kills ({} of hosts), {} pauses, {} stops, {} publishes, {acknowledged} messages with items acknowledged",
            self.kills(),
            self.host_kills.get(),
            self.pauses.get(),
            self.relay_stops.get(),
            self.publishes.get(),
        )
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "kills": self.kills(), "host_kills": self.host_kills.get(), "relay_kills": self.relay_kills.get(),
            "relay_stops": self.relay_stops.get(), "pauses": self.pauses.get(), "publishes": self.publishes.get(),
            "failed_publishes": self.failed_publishes.get(), "messages": self.messages.get(),
            "given_back": self.given_back.get(), "forgotten": self.forgotten.get(),
            "lost_connections": self.lost_connections.get(), "shared_writes": self.shared_writes.get(),
            "owners_messages": self.owners_messages.get(), "owners_refused": self.owners_refused.get(),
            "moves": self.moves.get(), "operations": self.operations.get(),
            "dead_letters": self.dead_letters.get(),
        })
    }
}
