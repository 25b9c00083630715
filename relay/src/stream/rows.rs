//! The messages of one stream, and how far each has come.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::Token;
use crate::wire::{Outcome, Row};

/// How many row bodies a stream keeps as they come in. Beyond it, bodies are fetched before their turn comes.
pub const MAX_BODIES: usize = 4096;
/// The same in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// How many bodies are fetched at once, on top of those. The host looks at every row of the outbox for a fetch.
pub const FETCH_ROWS: usize = 2048;
/// The same in bytes, unless a single one is larger.
pub const FETCH_BYTES: usize = 2 * 1024 * 1024;
/// With fewer bodies than this the next ones are fetched, so that deliveries need not wait for them.
const FEW_BODIES: usize = 1024;
/// The largest batch, of messages or results: it is one transaction, and the database does nothing else meanwhile.
pub const MAX_BATCH: usize = 128;
/// The same in bytes, unless a single message is larger.
pub const MAX_BATCH_BYTES: usize = 64 * 1024;

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
}

/// Small, since there is one for every message of whatever backlog.
#[derive(Debug)]
struct Entry {
    durable: bool,
    /// Of its body, in bytes.
    length: u32,
    first_seen: Instant,
    /// On the sender's clock; none until it moves for the first time after the row came.
    seen: Option<Duration>,
    phase: Phase,
    trouble: Option<Box<Trouble>>,
}

/// What only those messages have with which something went wrong.
#[derive(Debug, Default)]
struct Trouble {
    /// Its result: it failed, for this reason.
    failure: Option<String>,
    /// Deliveries that ended in a way that is neither success nor refusal.
    attempts: u32,
    /// Acknowledgements that failed.
    ack_attempts: u32,
    /// To be recorded as failed instead of delivered, for this reason.
    doom: Option<String>,
    /// We recorded its failure.
    recorded: bool,
    /// To be delivered in a call of its own.
    alone: bool,
    /// To be acknowledged in a call of its own.
    ack_alone: bool,
}

impl Entry {
    fn trouble(&mut self) -> &mut Trouble {
        self.trouble.get_or_insert_default()
    }

    fn has(&self, what: impl FnOnce(&Trouble) -> bool) -> bool {
        self.trouble.as_deref().is_some_and(what)
    }
}

/// What the lowest message that waits wants.
#[derive(Debug)]
pub(super) enum Turn {
    /// There is none.
    Idle,
    /// To become older.
    Held,
    /// To be recorded as failed, for this reason.
    Doomed(u64, String),
    /// Its body.
    Bare,
    /// To be delivered, with those that follow it.
    Batch(Vec<u64>),
}

/// All messages by id.
#[derive(Debug, Default)]
pub(super) struct Rows {
    entries: BTreeMap<u64, Entry>,
    /// How many wait.
    waiting: usize,
    /// No message below waits.
    next: u64,
    bodies: BTreeMap<u64, Box<[u8]>>,
    body_bytes: usize,
    /// Those that wait and have no body.
    bare: BTreeSet<u64>,
}

impl Rows {
    pub(super) fn insert(&mut self, row: Row, first_seen: Instant) {
        self.remove(row.id);
        let length = row.bytes.len();
        let entry = Entry {
            durable: row.durable,
            length: u32::try_from(length).unwrap_or(u32::MAX),
            first_seen,
            seen: None,
            phase: Phase::Waiting,
            trouble: None,
        };
        self.entries.insert(row.id, entry);
        self.waiting = self.waiting.saturating_add(1);
        self.next = self.next.min(row.id);
        if self.bodies.len() < MAX_BODIES && self.body_bytes.saturating_add(length) <= MAX_BODY_BYTES {
            self.keep_body(&row);
        } else {
            self.bare.insert(row.id);
        }
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.drop_body(id);
        self.bare.remove(&id);
        if self
            .entries
            .remove(&id)
            .is_some_and(|entry| entry.phase == Phase::Waiting)
        {
            self.waiting = self.waiting.saturating_sub(1);
        }
    }

    fn keep_body(&mut self, row: &Row) {
        self.drop_body(row.id);
        self.body_bytes = self.body_bytes.saturating_add(row.bytes.len());
        self.bodies.insert(row.id, Box::from(&*row.bytes));
    }

    fn drop_body(&mut self, id: u64) {
        if let Some(body) = self.bodies.remove(&id) {
            self.body_bytes = self.body_bytes.saturating_sub(body.len());
        }
    }

    pub(super) fn seen(&mut self, id: u64, clock: Duration) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.seen.get_or_insert(clock);
        }
    }

    /// The lowest message that waits.
    fn first_waiting(&mut self) -> Option<u64> {
        let mut entries = self.entries.range(self.next..);
        let first = entries.find(|(_, entry)| entry.phase == Phase::Waiting);
        let first = first.map(|(id, _)| *id);
        // So that the search does not pass over the same rows again.
        self.next = first
            .or_else(|| self.entries.last_key_value().map(|(last, _)| last.saturating_add(1)))
            .unwrap_or(self.next);
        first
    }

    /// How many messages wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Whose turn it is: at most `limit` messages, without passing over any that waits. A durable one goes if it is
    /// `ripe`, by when it was seen.
    pub(super) fn turn(&mut self, limit: usize, ripe: impl Fn(Option<Duration>) -> bool) -> Turn {
        let Some(first) = self.first_waiting() else {
            return Turn::Idle;
        };
        let (mut batch, mut bytes) = (Vec::new(), 0_usize);
        for (id, entry) in self.entries.range(first..) {
            if entry.phase != Phase::Waiting {
                continue;
            }
            let doom = entry.trouble.as_ref().and_then(|trouble| trouble.doom.clone());
            let obstacle = match (doom, self.bodies.get(id)) {
                _ if entry.durable && !ripe(entry.seen) => Some(Turn::Held),
                (Some(doom), _) => Some(Turn::Doomed(*id, doom)),
                (None, None) => Some(Turn::Bare),
                (None, Some(body)) => {
                    bytes = bytes.saturating_add(body.len());
                    None
                }
            };
            let alone = entry.has(|trouble| trouble.alone);
            match obstacle {
                Some(obstacle) if batch.is_empty() => return obstacle,
                None if batch.is_empty() || !alone && bytes <= MAX_BATCH_BYTES => batch.push(*id),
                _ => break,
            }
            if alone || batch.len() >= limit {
                break;
            }
        }
        Turn::Batch(batch)
    }

    /// The bodies of these messages, as far as they are here.
    pub(super) fn bodies(&self, ids: &[u64]) -> Vec<&[u8]> {
        ids.iter()
            .filter_map(|id| self.bodies.get(id).map(|body| &**body))
            .collect()
    }

    /// When the durable ones of these messages were seen.
    pub(super) fn held_since<'a>(&'a self, ids: &'a [u64]) -> impl Iterator<Item = Duration> + 'a {
        ids.iter()
            .filter_map(|id| self.entries.get(id).filter(|entry| entry.durable)?.seen)
    }

    /// Which ids to query bodies of, first and last, if it is time to.
    pub(super) fn to_fetch(&self) -> Option<(u64, u64)> {
        let first = *self.bare.first()?;
        let few = self.bodies.len() < FEW_BODIES && self.body_bytes < MAX_BODY_BYTES;
        // When it comes before all that have a body it is needed now.
        if !few && self.bodies.first_key_value().is_some_and(|(id, _)| *id < first) {
            return None;
        }
        let (mut last, mut bytes) = (first, 0_usize);
        for (id, entry) in self.entries.range(first..).take(FETCH_ROWS) {
            bytes = bytes.saturating_add(entry.length as usize);
            if bytes > FETCH_BYTES {
                break;
            }
            last = *id;
        }
        Some((first, last))
    }

    /// Keeps the bodies of fetched rows that want one. True unless `first`, which was asked for, still does.
    pub(super) fn fetched(&mut self, first: u64, rows: impl Iterator<Item = Row>) -> bool {
        for row in rows {
            if self.bare.remove(&row.id) {
                self.keep_body(&row);
            }
        }
        !self.bare.contains(&first)
    }

    pub(super) fn sent(&mut self, ids: &[u64], token: Token) {
        for id in ids {
            if self.advance(*id, Phase::Waiting, Phase::Sent(token)) {
                self.waiting = self.waiting.saturating_sub(1);
            }
        }
    }

    /// The message was on its way, or answered but not old enough, and must go again.
    pub(super) fn wait_again(&mut self, id: u64) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        if matches!(entry.phase, Phase::Sent(_) | Phase::Held) {
            entry.phase = Phase::Waiting;
            self.waiting = self.waiting.saturating_add(1);
            self.next = self.next.min(id);
            if !self.bodies.contains_key(&id) {
                self.bare.insert(id);
            }
        }
    }

    /// The message, if it is what the call with this token is about; else the row is another one by now.
    fn sent_with(&mut self, id: u64, token: Token) -> Option<&mut Entry> {
        self.entries
            .get_mut(&id)
            .filter(|entry| entry.phase == Phase::Sent(token))
    }

    /// As [`Rows::wait_again`], if what just ended is the call with this token.
    pub(super) fn wait_again_after(&mut self, ids: &[u64], token: Token) {
        for id in ids {
            if self.sent_with(*id, token).is_some() {
                self.wait_again(*id);
            }
        }
    }

    /// The same, and from now on the message is sent in a call of its own.
    pub(super) fn isolate_after(&mut self, id: u64, token: Token) {
        if let Some(entry) = self.sent_with(id, token) {
            entry.trouble().alone = true;
            self.wait_again(id);
        }
    }

    /// The destination rejects the message; its failure is to be recorded.
    pub(super) fn reject(&mut self, id: u64, token: Token, error: String) {
        if let Some(entry) = self.sent_with(id, token) {
            entry.trouble().doom = Some(error);
            self.wait_again(id);
        }
    }

    /// A delivery ended in neither success nor refusal. After [`RETRIES`] more its failure is to be recorded. Returns
    /// how often it has failed, or `None` when the message is no longer what `token` was about.
    pub(super) fn failed(&mut self, id: u64, token: Token, error: &str) -> Option<u32> {
        let trouble = self.sent_with(id, token)?.trouble();
        trouble.attempts = trouble.attempts.saturating_add(1);
        let attempts = trouble.attempts;
        if attempts > RETRIES {
            trouble.doom = Some(format!("inter_module.unhandled|{error}"));
        }
        self.wait_again(id);
        Some(attempts)
    }

    /// Rejections may have come from a state that the destination has lost, so they must be heard again.
    pub(super) fn spare(&mut self) {
        let troubles = self.entries.values_mut().filter_map(|entry| entry.trouble.as_mut());
        for trouble in troubles.filter(|trouble| trouble.attempts <= RETRIES) {
            trouble.doom = None;
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
        let entry = self.sent_with(id, token)?;
        entry.phase = Phase::Held;
        match outcome {
            Outcome::Failed(error) => entry.trouble().failure = Some(error),
            // After an earlier delivery that a crash undid, it may have been otherwise.
            Outcome::Done => entry.trouble.iter_mut().for_each(|trouble| trouble.failure = None),
        }
        let durable = entry.durable;
        self.drop_body(id);
        Some(durable)
    }

    /// The result that is to be acknowledged, and whether in a call of its own; `None` when there is none.
    pub(super) fn result(&self, id: u64) -> Option<(Outcome, bool)> {
        let entry = self.entries.get(&id).filter(|entry| entry.phase == Phase::Ready)?;
        let failure = entry.trouble.as_ref().and_then(|trouble| trouble.failure.clone());
        let outcome = failure.map_or(Outcome::Done, Outcome::Failed);
        Some((outcome, entry.has(|trouble| trouble.ack_alone)))
    }

    /// Done with; the row is about to vanish.
    pub(super) fn acknowledged(&mut self, id: u64) {
        if self
            .entries
            .get(&id)
            .is_some_and(|entry| entry.phase == Phase::Acknowledging)
        {
            self.remove(id);
        }
    }

    /// From now on the result is brought in a call of its own.
    pub(super) fn isolate_result(&mut self, id: u64) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.trouble().ack_alone = true;
        }
    }

    /// Its result is to be brought again. False when the message is gone.
    pub(super) fn not_acknowledged(&mut self, id: u64) -> bool {
        self.advance(id, Phase::Acknowledging, Phase::Ready)
    }

    /// How often acknowledging has failed, this time included.
    pub(super) fn acknowledgement_failed(&mut self, id: u64) -> u32 {
        let Some(entry) = self.entries.get_mut(&id) else {
            return 0;
        };
        let trouble = entry.trouble();
        trouble.ack_attempts = trouble.ack_attempts.saturating_add(1);
        trouble.ack_attempts
    }

    /// The destination remembers a failure, by `ours` or by another relay's doing; now it can be asked for it.
    pub(super) fn recorded(&mut self, id: u64, ours: bool) {
        if let Some(entry) = self.entries.get_mut(&id) {
            let trouble = entry.trouble();
            trouble.doom = None;
            trouble.recorded |= ours;
            // It would be the trouble of any batch.
            trouble.alone = true;
        }
    }

    pub(super) fn was_recorded(&self, id: u64) -> bool {
        self.entries
            .get(&id)
            .is_some_and(|entry| entry.has(|trouble| trouble.recorded))
    }

    pub(super) fn first_seen(&self, id: u64) -> Option<Instant> {
        self.entries.get(&id).map(|entry| entry.first_seen)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn oldest(&self) -> Option<Instant> {
        self.entries.first_key_value().map(|(_, entry)| entry.first_seen)
    }

    #[cfg(test)]
    pub(super) fn body_count(&self) -> usize {
        self.bodies.len()
    }
}
