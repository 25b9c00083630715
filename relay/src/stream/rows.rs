//! The messages of one stream, and how far each has come.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::Token;
use crate::wire::{Outcome, Row};

/// How many row bodies a stream keeps as they come in. Beyond it, bodies are fetched when their turn comes.
pub const MAX_BODIES: usize = 4096;
/// The same in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// How many bodies are fetched at once, on top of those.
pub const FETCH_ROWS: usize = 512;

/// How often a delivery that traps, or fails in a way that is not part of the contract, is tried again.
pub(super) const RETRIES: u32 = 3;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// To be delivered.
    Waiting,
    /// Delivered, or recorded as failed, with this call, which is not answered yet.
    Sent(Token),
    /// Its result is known but not yet old enough.
    Held,
    /// Its result may be acknowledged.
    Ready,
    /// The acknowledgement is not answered yet.
    Acknowledging,
    /// Done with; the row is about to vanish.
    Finished,
}

#[derive(Debug)]
struct Entry {
    durable: bool,
    first_seen: Instant,
    /// On the sender's clock; none until it moves for the first time after the row came.
    seen: Option<Duration>,
    body: Option<Bytes>,
    phase: Phase,
    outcome: Outcome,
    /// Deliveries that ended in a way that is neither success nor refusal.
    attempts: u32,
    /// Acknowledgements that failed.
    ack_attempts: u32,
    /// To be recorded as failed instead of delivered, for this reason.
    doom: Option<String>,
    /// We recorded its failure.
    recorded: bool,
}

/// The message whose turn it is.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) id: u64,
    pub(super) durable: bool,
    pub(super) seen: Option<Duration>,
    pub(super) body: Option<Bytes>,
    pub(super) doom: Option<String>,
}

/// All messages by id.
#[derive(Debug, Default)]
pub(super) struct Rows {
    entries: BTreeMap<u64, Entry>,
    /// No message below waits.
    next: u64,
    bodies: usize,
    body_bytes: usize,
    finished: usize,
}

impl Rows {
    pub(super) fn insert(&mut self, row: Row, first_seen: Instant) {
        self.remove(row.id);
        let fits = self.bodies < MAX_BODIES && self.body_bytes.saturating_add(row.bytes.len()) <= MAX_BODY_BYTES;
        let entry = Entry {
            durable: row.durable,
            first_seen,
            seen: None,
            body: None,
            phase: Phase::Waiting,
            outcome: Outcome::Done,
            attempts: 0,
            ack_attempts: 0,
            doom: None,
            recorded: false,
        };
        self.entries.insert(row.id, entry);
        self.next = self.next.min(row.id);
        if fits {
            self.keep_body(row.id, row.bytes);
        }
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.drop_body(id);
        if self
            .entries
            .remove(&id)
            .is_some_and(|entry| entry.phase == Phase::Finished)
        {
            self.finished = self.finished.saturating_sub(1);
        }
    }

    fn keep_body(&mut self, id: u64, body: Bytes) {
        self.drop_body(id);
        if let Some(entry) = self.entries.get_mut(&id) {
            self.bodies = self.bodies.saturating_add(1);
            self.body_bytes = self.body_bytes.saturating_add(body.len());
            entry.body = Some(body);
        }
    }

    fn drop_body(&mut self, id: u64) {
        if let Some(body) = self.entries.get_mut(&id).and_then(|entry| entry.body.take()) {
            self.bodies = self.bodies.saturating_sub(1);
            self.body_bytes = self.body_bytes.saturating_sub(body.len());
        }
    }

    pub(super) fn seen(&mut self, id: u64, clock: Duration) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.seen.get_or_insert(clock);
        }
    }

    /// The lowest message that waits.
    pub(super) fn head(&mut self) -> Option<Head> {
        let waiting = self
            .entries
            .range(self.next..)
            .find(|(_, entry)| entry.phase == Phase::Waiting);
        let Some((id, entry)) = waiting else {
            // So that the search does not pass over the same rows again.
            self.next = self
                .entries
                .last_key_value()
                .map_or(self.next, |(last, _)| last.saturating_add(1));
            return None;
        };
        self.next = *id;
        Some(Head {
            id: *id,
            durable: entry.durable,
            seen: entry.seen,
            body: entry.body.clone(),
            doom: entry.doom.clone(),
        })
    }

    /// Where a fetch that starts at `first` ends: it covers at most [`FETCH_ROWS`] messages that wait.
    pub(super) fn last_to_fetch(&self, first: u64) -> u64 {
        let waiting = self
            .entries
            .range(first..)
            .filter(|(_, entry)| entry.phase == Phase::Waiting);
        waiting.take(FETCH_ROWS).last().map_or(first, |(id, _)| *id)
    }

    /// Keeps the bodies of fetched rows that still want one. True when the lowest of all that wait has one now.
    pub(super) fn fetched(&mut self, rows: Vec<Row>) -> bool {
        for row in rows {
            let wants = |entry: &Entry| entry.phase == Phase::Waiting && entry.body.is_none();
            if self.entries.get(&row.id).is_some_and(wants) {
                self.keep_body(row.id, row.bytes);
            }
        }
        self.head().is_none_or(|head| head.body.is_some())
    }

    pub(super) fn sent(&mut self, id: u64, token: Token) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.phase = Phase::Sent(token);
        }
    }

    /// The message was on its way, or answered but not old enough, and must go again.
    pub(super) fn wait_again(&mut self, id: u64) {
        if let Some(entry) = self.entries.get_mut(&id) {
            if matches!(entry.phase, Phase::Sent(_) | Phase::Held) {
                entry.phase = Phase::Waiting;
                self.next = self.next.min(id);
            }
        }
    }

    /// The same, if what just ended is the call with this token; else the row is another one by now.
    pub(super) fn wait_again_after(&mut self, id: u64, token: Token) {
        if self
            .entries
            .get(&id)
            .is_some_and(|entry| entry.phase == Phase::Sent(token))
        {
            self.wait_again(id);
        }
    }

    /// The destination rejects the message; its failure is to be recorded.
    pub(super) fn reject(&mut self, id: u64, token: Token, error: String) {
        if let Some(entry) = self
            .entries
            .get_mut(&id)
            .filter(|entry| entry.phase == Phase::Sent(token))
        {
            entry.doom = Some(error);
            self.wait_again(id);
        }
    }

    /// A delivery ended in neither success nor refusal. After [`RETRIES`] more its failure is to be recorded. Returns
    /// how often it has failed, or `None` when the message is no longer what `token` was about.
    pub(super) fn failed(&mut self, id: u64, token: Token, error: &str) -> Option<u32> {
        let entry = self
            .entries
            .get_mut(&id)
            .filter(|entry| entry.phase == Phase::Sent(token))?;
        entry.attempts = entry.attempts.saturating_add(1);
        let attempts = entry.attempts;
        if attempts > RETRIES {
            entry.doom = Some(format!("inter_module.unhandled|{error}"));
        }
        self.wait_again(id);
        Some(attempts)
    }

    /// Rejections may have come from a state that the destination has lost, so they must be heard again.
    pub(super) fn spare(&mut self) {
        for entry in self.entries.values_mut().filter(|entry| entry.attempts <= RETRIES) {
            entry.doom = None;
        }
    }

    pub(super) fn advance(&mut self, id: u64, from: Phase, to: Phase) -> bool {
        match self.entries.get_mut(&id) {
            Some(entry) if entry.phase == from => {
                entry.phase = to;
                true
            }
            _ => false,
        }
    }

    /// The result of a delivery; its body is no longer needed. Returns whether it is durable, or `None` when the
    /// message is no longer what `token` was about.
    pub(super) fn answered(&mut self, id: u64, token: Token, outcome: Outcome) -> Option<bool> {
        if !self.advance(id, Phase::Sent(token), Phase::Held) {
            return None;
        }
        self.drop_body(id);
        let entry = self.entries.get_mut(&id)?;
        entry.outcome = outcome;
        Some(entry.durable)
    }

    pub(super) fn acknowledging(&mut self, id: u64) -> Option<Outcome> {
        if !self.advance(id, Phase::Ready, Phase::Acknowledging) {
            return None;
        }
        self.entries.get(&id).map(|entry| entry.outcome.clone())
    }

    pub(super) fn acknowledged(&mut self, id: u64) {
        if self.advance(id, Phase::Acknowledging, Phase::Finished) {
            self.finished = self.finished.saturating_add(1);
        }
    }

    /// How often acknowledging has failed, this time included; `None` when the message is gone.
    pub(super) fn not_acknowledged(&mut self, id: u64, counts: bool) -> Option<u32> {
        if !self.advance(id, Phase::Acknowledging, Phase::Ready) {
            return None;
        }
        let entry = self.entries.get_mut(&id)?;
        entry.ack_attempts = entry.ack_attempts.saturating_add(u32::from(counts));
        Some(entry.ack_attempts)
    }

    /// The destination remembers a failure, by `ours` or by another relay's doing; now it can be asked for it.
    pub(super) fn recorded(&mut self, id: u64, ours: bool) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.doom = None;
            entry.recorded |= ours;
        }
    }

    pub(super) fn was_recorded(&self, id: u64) -> bool {
        self.entries.get(&id).is_some_and(|entry| entry.recorded)
    }

    pub(super) fn first_seen(&self, id: u64) -> Option<Instant> {
        self.entries.get(&id).map(|entry| entry.first_seen)
    }

    pub(super) fn unfinished(&self) -> usize {
        self.entries.len().saturating_sub(self.finished)
    }

    pub(super) fn oldest(&self) -> Option<Instant> {
        self.entries
            .values()
            .find(|entry| entry.phase != Phase::Finished)
            .map(|entry| entry.first_seen)
    }

    #[cfg(test)]
    pub(super) fn bodies(&self) -> usize {
        self.bodies
    }
}
