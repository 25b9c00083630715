//! The protocol between one sender and one destination, without any I/O.
//!
//! A [`Stream`] is told what happens (rows come and go, connections rise and fall, calls are answered, time passes)
//! and says what to do next ([`Action`]). It promises, whatever order things happen in:
//!
//! - messages reach the destination in the order of their ids, naming the one before them, with at most a window
//!   of them unanswered; the destination's own check makes repeated or misplaced ones harmless;
//! - a message goes at once when no call is unanswered; else [`DELIVERY_SPACING`] after the call before, with all that
//!   came meanwhile, at most [`MAX_BATCH`] messages or [`MAX_BATCH_BYTES`] in one call, which is one transaction. Full
//!   batches follow each other at once, up to [`CALLS_AHEAD`] calls. Answers likewise, [`ANSWER_SPACING`] apart. When such a call fails, the message that it names, or each of its messages if it names none, goes alone from then
//!   on, and nothing is counted against the others;
//! - a durable message is sent only when its row was seen for the hold on an unbroken connection to the sender, and
//!   its result is acknowledged only when the answer is that old on an unbroken connection to the destination. On a
//!   host of version 1.3 a commit can be seen up to half a second before it is on disk, and a crash loses what is not;
//! - a message is acknowledged as failed only if the destination says that it remembers it as failed. The success of
//!   recording a failure is not enough: another relay may have delivered the message in between, and then recording
//!   succeeds without effect. So the message is sent again, and the answer to that counts;
//! - at most [`MAX_BODIES`] and [`FETCH_ROWS`] row bodies are kept. Of further rows only the front is known, in about
//!   150 bytes each, and their bodies are queried before their turn comes.
//!
//! "Hold" is counted in proven time, see [`hexmarch_host::Connection::proven_alive`]: a frozen host or relay does not
//! let it pass.

mod actions;
mod answers;
mod rows;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crate::backoff::Pause;
use crate::histogram::Timings;
use crate::wire::{Outcome, Row};
use actions::Pace;
pub use actions::{ANSWER_SPACING, CALLS_AHEAD, DELIVERY_SPACING};
use rows::{Phase, Rows};
pub use rows::{FETCH_BYTES, FETCH_ROWS, MAX_BATCH, MAX_BATCH_BYTES, MAX_BODIES, MAX_BODY_BYTES};
pub use vocabulary::{Action, Counters, Reply, Settings, Side, Token};

/// A call unanswered for so long, on a connection that is alive, will not be answered. The host ends a reducer that
/// runs for about a minute.
const STUCK: Duration = Duration::from_secs(150);

/// What is known about the sender while connected.
#[derive(Debug, Default)]
struct Source {
    clock: Duration,
    /// Durable rows that came after the clock's last step.
    unclocked: Vec<u64>,
    /// Of acknowledgements.
    pause: Pause,
    /// With the first id that is asked for.
    fetching: Option<(Token, u64)>,
    fetch_pause: Pause,
}

/// What is known about the destination while connected.
#[derive(Debug, Default)]
struct Destination {
    clock: Duration,
    /// Durable messages answered after the clock's last step.
    unclocked: Vec<u64>,
    /// Durable messages answered, by when, oldest first.
    held: VecDeque<(Duration, u64)>,
    /// What the inbox counter will be once everything in flight has succeeded.
    expected: u64,
    /// Something in flight failed: send nothing before everything is answered.
    draining: bool,
    pause: Pause,
}

/// A delivery, or the recording of a failure, that is not answered yet.
#[derive(Debug)]
struct Flight {
    /// In order; one if it is a recording.
    ids: Vec<u64>,
    /// What we claimed the inbox counter to be.
    previous: u64,
    record: bool,
    sent: Instant,
}

/// Results on their way to the sender.
#[derive(Debug)]
struct Acknowledgement {
    ids: Vec<u64>,
    sent: Instant,
}

/// See the module.
#[derive(Debug)]
pub struct Stream {
    from: u8,
    to: u8,
    settings: Settings,
    rows: Rows,
    source: Option<Source>,
    destination: Option<Destination>,
    flights: BTreeMap<Token, Flight>,
    acks: BTreeMap<Token, Acknowledgement>,
    ready: VecDeque<u64>,
    later: BTreeSet<(Instant, u64)>,
    deliveries: Pace,
    answers: Pace,
    next_token: Token,
    head_held: bool,
    stopping: bool,
    paused: bool,
    counters: Counters,
    timings: Timings,
}

impl Stream {
    /// A stream between two databases, neither connected yet.
    pub fn new(from: u8, to: u8, settings: Settings) -> Self {
        Self {
            from,
            to,
            settings,
            rows: Rows::default(),
            source: None,
            destination: None,
            flights: BTreeMap::new(),
            acks: BTreeMap::new(),
            ready: VecDeque::new(),
            later: BTreeSet::new(),
            deliveries: Pace::default(),
            answers: Pace::default(),
            next_token: 0,
            head_held: false,
            stopping: false,
            paused: false,
            counters: Counters::default(),
            timings: Timings::default(),
        }
    }

    /// The sender is connected, and these are all rows in its outbox for this destination. Whatever was believed
    /// before is forgotten, except since when a message waits.
    pub fn source_up(&mut self, now: Instant, rows: Vec<Row>) {
        self.source_down();
        self.ready.clear();
        self.later.clear();
        if let Some(destination) = &mut self.destination {
            destination.unclocked.clear();
            destination.held.clear();
        }
        let before = std::mem::take(&mut self.rows);
        self.source = Some(Source::default());
        for row in rows {
            let first_seen = before.first_seen(row.id).unwrap_or(now);
            self.insert(first_seen, row);
        }
    }

    /// A transaction of the sender removed and added rows for this destination.
    pub fn source_rows(&mut self, now: Instant, deletes: &[u64], inserts: Vec<Row>) {
        for id in deletes {
            self.rows.remove(*id);
        }
        for row in inserts {
            self.insert(now, row);
        }
    }

    fn insert(&mut self, first_seen: Instant, row: Row) {
        if let (Some(source), true) = (&mut self.source, row.durable) {
            source.unclocked.push(row.id);
        }
        self.rows.insert(row, first_seen);
    }

    /// The connection to the sender is gone.
    pub fn source_down(&mut self) {
        self.source = None;
        self.acks.clear();
    }

    /// The connection to the sender is proven unbroken for `clock` since it began.
    pub fn source_alive(&mut self, clock: Duration) {
        let Some(source) = &mut self.source else { return };
        source.clock = clock;
        for id in source.unclocked.drain(..) {
            self.rows.seen(id, clock);
        }
    }

    /// The destination is connected, and its inbox counter for this sender was `counter` a moment ago.
    pub fn destination_up(&mut self, counter: u64) {
        self.destination_down();
        self.destination = Some(Destination {
            expected: counter,
            ..Destination::default()
        });
    }

    /// The connection to the destination is gone: what is unanswered, and what is answered but not yet old enough,
    /// must be delivered again.
    pub fn destination_down(&mut self) {
        for flight in std::mem::take(&mut self.flights).into_values() {
            flight.ids.into_iter().for_each(|id| self.rows.wait_again(id));
        }
        self.rows.spare();
        let Some(destination) = self.destination.take() else {
            return;
        };
        let held = destination.held.into_iter().map(|(_, id)| id);
        for id in destination.unclocked.into_iter().chain(held) {
            self.rows.wait_again(id);
        }
    }

    /// The connection to the destination is proven unbroken for `clock` since it began.
    pub fn destination_alive(&mut self, clock: Duration) {
        let Some(destination) = &mut self.destination else {
            return;
        };
        destination.clock = clock;
        let unclocked = destination.unclocked.drain(..).map(|id| (clock, id));
        destination.held.extend(unclocked);
        while let Some((since, id)) = destination.held.pop_front() {
            if since.saturating_add(self.settings.hold) > clock {
                destination.held.push_front((since, id));
                break;
            }
            if self.rows.advance(id, Phase::Held, Phase::Ready) {
                self.timings.held_results.observe(clock.saturating_sub(since));
                self.ready.push_back(id);
            }
        }
    }

    /// From now on nothing new is delivered; results are still taken and acknowledged.
    pub fn stop(&mut self) {
        self.stopping = true;
    }

    /// While paused nothing new is delivered; results are still taken and acknowledged.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// See [`Stream::set_paused`].
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Goes on with another hold and window, which count from the next action on.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Whether, after [`Stream::stop`], nothing is left that waiting could complete.
    pub fn is_quiet(&self) -> bool {
        let held = self
            .destination
            .as_ref()
            .is_some_and(|side| !side.held.is_empty() || !side.unclocked.is_empty());
        let unacknowledged = held || !self.ready.is_empty();
        self.flights.is_empty() && self.acks.is_empty() && (self.source.is_none() || !unacknowledged)
    }

    /// When to ask [`Stream::next_action`] again if nothing happens before; `now` is when it last had nothing to do.
    pub fn wake_at(&self, now: Instant) -> Option<Instant> {
        let source = self
            .source
            .iter()
            .flat_map(|side| [side.pause.until(now), side.fetch_pause.until(now)]);
        let destination = self.destination.iter().map(|side| side.pause.until(now));
        let later = self.later.first().map(|(at, _)| *at);
        let paced = [self.deliveries.resume(), self.answers.resume()];
        source.chain(destination).chain(paced).flatten().chain(later).min()
    }

    /// Whether a message waits for the sender's clock.
    pub fn needs_source_clock(&self) -> bool {
        self.head_held || self.source.as_ref().is_some_and(|side| !side.unclocked.is_empty())
    }

    /// Whether a result waits for the destination's clock.
    pub fn needs_destination_clock(&self) -> bool {
        self.destination
            .as_ref()
            .is_some_and(|side| !side.unclocked.is_empty() || !side.held.is_empty())
    }

    /// Gives up on a side that owes an answer for longer than it may, as if its connection had ended, and returns it,
    /// so that a new connection can be made. A single message in question counts as having failed: on hosts of version
    /// 1.3.0 a call that runs out of energy is never answered, and it must not be tried for ever. Several go singly next.
    pub fn give_up(&mut self, now: Instant) -> Option<Side> {
        let late = |sent: Instant| now.saturating_duration_since(sent) > STUCK;
        let flight = self.flights.first_key_value().filter(|(_, flight)| late(flight.sent));
        if let Some((token, flight)) = flight {
            match *flight.ids {
                [id] => drop(self.rows.failed(id, *token, "no answer")),
                _ => flight.ids.iter().for_each(|id| self.rows.isolate_after(*id, *token)),
            }
            self.destination_down();
            Some(Side::Destination)
        } else if self.acks.first_key_value().is_some_and(|(_, ack)| late(ack.sent)) {
            self.source_down();
            Some(Side::Source)
        } else {
            None
        }
    }

    /// Index of the sender.
    pub fn from(&self) -> u8 {
        self.from
    }

    /// Whether the answer to this call still matters.
    pub fn is_waiting_for(&self, token: Token) -> bool {
        self.flights.contains_key(&token) || self.acks.contains_key(&token)
    }

    /// What it has done so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// How long its messages took so far.
    pub fn timings(&self) -> &Timings {
        &self.timings
    }

    /// How many messages are not done with.
    pub fn depth(&self) -> usize {
        self.rows.len()
    }

    /// For how long the oldest message that is not done with has been known.
    pub fn oldest_age(&self, now: Instant) -> Option<Duration> {
        self.rows
            .oldest()
            .map(|first_seen| now.saturating_duration_since(first_seen))
    }

    /// Whether a message with this outcome must rest before its sender may hear of it.
    fn settle(&mut self, id: u64, token: Token, outcome: Outcome) {
        let Some(durable) = self.rows.answered(id, token, outcome) else {
            return;
        };
        match &mut self.destination {
            Some(destination) if durable && !self.settings.hold.is_zero() => destination.unclocked.push(id),
            _ => {
                self.rows.advance(id, Phase::Held, Phase::Ready);
                self.ready.push_back(id);
            }
        }
    }
}
