//! What the answers to calls mean for a stream.

use std::time::{Duration, Instant};

use super::rows::RETRIES;
use super::{Flight, Reply, Side, Stream, Token};
use crate::wire::{Outcome, Refusal, Row};

/// The first pause after such a failure.
const RETRY_PAUSE: Duration = Duration::from_millis(200);
/// Error key of a database that is not the one the relay takes it for.
const MISROUTED: &str = "access.misrouted";
/// The first pause when we lack a role, or cannot read from the sender: somebody has to act.
const ACCESS_PAUSE: Duration = Duration::from_secs(1);
/// The pause when too much is under way on a connection.
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// The pause when a row to be fetched was not there: its removal is about to be reported.
const MISSING_PAUSE: Duration = Duration::from_millis(100);

impl Stream {
    /// Reports how a call ended. Calls of one side must be reported in the order in which they were answered.
    pub fn answered(&mut self, now: Instant, token: Token, reply: Reply) {
        if let Some(flight) = self.flights.remove(&token) {
            match reply {
                Reply::Lost => {
                    self.rows.wait_again_after(&flight.ids, token);
                    self.destination_down();
                }
                Reply::Busy => self.not_sent(now, token, &flight),
                Reply::Committed if flight.record => self.record_answered(now, token, &flight, None),
                Reply::Failed(text) if flight.record => {
                    self.record_answered(now, token, &flight, Some(Refusal::parse(&text)));
                }
                Reply::Committed => self.delivered(now, token, &flight, &Outcome::Done),
                Reply::Failed(text) => self.refused(now, token, &flight, &text),
            }
        } else if let Some(ack) = self.acks.remove(&token) {
            self.acknowledgement_answered(now, &ack.ids, reply);
        }
    }

    /// Reports the rows of an [`super::Action::Fetch`], or that it failed.
    pub fn fetched(&mut self, now: Instant, token: Token, rows: Result<Vec<Row>, String>) {
        let (from, to) = (self.from, self.to);
        let Some(source) = &mut self.source else { return };
        let Some((_, first)) = source.fetching.take_if(|(fetching, _)| *fetching == token) else {
            return;
        };
        match rows {
            Ok(rows) => {
                if self.rows.fetched(first, rows.into_iter().filter(|row| row.to == to)) {
                    source.fetch_pause.clear();
                } else {
                    source.fetch_pause.grow(now, MISSING_PAUSE);
                }
            }
            Err(error) => {
                let pause = source.fetch_pause.grow(now, ACCESS_PAUSE);
                tracing::warn!(
                    from,
                    to,
                    error,
                    ?pause,
                    "cannot fetch waiting messages; trying again after a pause"
                );
            }
        }
    }

    /// It never left: as if it had not been tried. Nothing can have been sent after it.
    fn not_sent(&mut self, now: Instant, token: Token, flight: &Flight) {
        let Some(destination) = &mut self.destination else {
            return;
        };
        destination.pause.rest(now, BUSY_PAUSE);
        destination.expected = flight.previous;
        self.rows.wait_again_after(&flight.ids, token);
    }

    fn delivered(&mut self, now: Instant, token: Token, flight: &Flight, outcome: &Outcome) {
        let Some(destination) = &mut self.destination else {
            return;
        };
        destination.expected = flight.ids.iter().copied().fold(destination.expected, u64::max);
        destination.pause.clear();
        let (from, to) = (self.from, self.to);
        for id in flight.ids.iter().copied() {
            match outcome {
                Outcome::Failed(_) if self.rows.was_recorded(id) => {
                    self.counters.failed = self.counters.failed.saturating_add(1);
                }
                Outcome::Done if id > flight.previous => {
                    tracing::debug!(from, to, id, "delivered");
                    self.counters.delivered = self.counters.delivered.saturating_add(1);
                }
                _ => {
                    tracing::debug!(from, to, id, "was delivered before");
                    self.counters.duplicates = self.counters.duplicates.saturating_add(1);
                }
            }
            if let Some(seen) = self.rows.first_seen(id) {
                self.timings.delivered.observe(now.saturating_duration_since(seen));
            }
            self.settle(id, token, outcome.clone());
        }
    }

    /// The inbox counter is now `counter`, and what is in flight is misplaced.
    fn fall_back(&mut self, counter: u64) {
        if let Some(destination) = &mut self.destination {
            destination.expected = counter;
            destination.draining = true;
        }
    }

    fn refused(&mut self, now: Instant, token: Token, flight: &Flight, text: &str) {
        let (from, to) = (self.from, self.to);
        match (Refusal::parse(text), &*flight.ids) {
            // A gap at the very counter that we named would be a contradiction; it must not be tried for ever.
            (Refusal::Gap(counter), ids) if counter != flight.previous => {
                tracing::debug!(from, to, ?ids, counter, "not the next messages");
                // What was sent behind a refused message comes back as well, which is no news.
                let news = self
                    .destination
                    .as_ref()
                    .is_some_and(|destination| !destination.draining);
                self.counters.gaps = self.counters.gaps.saturating_add(u64::from(news));
                self.fall_back(counter);
                self.rows.wait_again_after(ids, token);
            }
            (Refusal::Access(error), ids) => {
                self.fall_back(flight.previous);
                self.rows.wait_again_after(ids, token);
                self.pause_for_access(now, Side::Destination, &error);
            }
            (Refusal::Failed(error), [_]) => self.delivered(now, token, flight, &Outcome::Failed(error)),
            (Refusal::Rejected(error), &[id]) => {
                tracing::warn!(from, to, id, error, "message rejected; recording its failure");
                self.fall_back(flight.previous);
                self.rows.reject(id, token, error);
            }
            // It cannot be asked for what the destination remembers of it. But what cannot be read was not delivered by
            // another relay either, so that it was recorded is enough.
            (Refusal::Unreadable(error), &[id]) if self.rows.was_recorded(id) => {
                self.delivered(now, token, flight, &Outcome::Failed(error));
            }
            (_, &[id]) => self.retry(now, token, flight, id, text),
            (refusal, ids) => {
                tracing::debug!(from, to, ?ids, ?refusal, "messages refused; sending the culprit alone");
                self.fall_back(flight.previous);
                for id in culprits(&refusal, ids) {
                    self.rows.isolate_after(*id, token);
                }
                self.rows.wait_again_after(ids, token);
            }
        }
    }

    fn retry(&mut self, now: Instant, token: Token, flight: &Flight, id: u64, error: &str) {
        let (from, to) = (self.from, self.to);
        self.fall_back(flight.previous);
        let Some(attempts) = self.rows.failed(id, token, error) else {
            return;
        };
        let Some(destination) = &mut self.destination else {
            return;
        };
        if attempts > RETRIES {
            tracing::error!(
                from,
                to,
                id,
                error,
                attempts,
                "message cannot be handled; recording its failure"
            );
        } else {
            let pause = destination.pause.grow(now, RETRY_PAUSE);
            tracing::warn!(
                from,
                to,
                id,
                error,
                attempts,
                ?pause,
                "delivery failed; trying again after a pause"
            );
        }
    }

    /// Even after success the message is sent again, and the answer to that says what the destination remembers.
    fn record_answered(&mut self, now: Instant, token: Token, flight: &Flight, refusal: Option<Refusal>) {
        let (from, to) = (self.from, self.to);
        let &[id] = &*flight.ids else { return };
        self.rows.wait_again_after(&flight.ids, token);
        let Some(destination) = &mut self.destination else {
            return;
        };
        match refusal {
            None => {
                destination.expected = destination.expected.max(id);
                destination.pause.clear();
                self.rows.recorded(id, true);
            }
            Some(Refusal::Failed(_)) => {
                destination.expected = destination.expected.max(id);
                self.rows.recorded(id, false);
            }
            Some(Refusal::Gap(counter)) if counter != flight.previous => {
                self.counters.gaps = self.counters.gaps.saturating_add(1);
                destination.expected = counter;
            }
            Some(Refusal::Access(error)) => self.pause_for_access(now, Side::Destination, &error),
            Some(refusal) => {
                let pause = destination.pause.grow(now, RETRY_PAUSE);
                tracing::error!(
                    from,
                    to,
                    id,
                    ?refusal,
                    ?pause,
                    "cannot record a failure; trying again after a pause"
                );
            }
        }
    }

    fn acknowledgement_answered(&mut self, now: Instant, ids: &[u64], reply: Reply) {
        let (from, to) = (self.from, self.to);
        let refusal = match reply {
            Reply::Lost => return self.source_down(),
            Reply::Committed => {
                for id in ids.iter().copied() {
                    tracing::debug!(from, to, id, "acknowledged");
                    if let Some(seen) = self.rows.first_seen(id) {
                        self.timings.acknowledged.observe(now.saturating_duration_since(seen));
                    }
                    self.rows.acknowledged(id);
                    self.counters.acked = self.counters.acked.saturating_add(1);
                }
                if let Some(source) = &mut self.source {
                    source.pause.clear();
                }
                return;
            }
            Reply::Busy => {
                if let Some(source) = &mut self.source {
                    source.pause.rest(now, BUSY_PAUSE);
                }
                return self.bring_again(ids);
            }
            Reply::Failed(text) => Refusal::parse(&text),
        };
        match (refusal, ids) {
            (Refusal::Access(error), ids) => {
                self.bring_again(ids);
                self.pause_for_access(now, Side::Source, &error);
            }
            (refusal, &[id]) => self.bring_later(now, id, &refusal),
            (refusal, ids) => {
                tracing::debug!(
                    from,
                    to,
                    ?ids,
                    ?refusal,
                    "the sender does not take results; bringing the culprit alone"
                );
                for id in culprits(&refusal, ids) {
                    self.rows.isolate_result(*id);
                }
                self.bring_again(ids);
            }
        }
    }

    /// Results that the sender did not take go first.
    fn bring_again(&mut self, ids: &[u64]) {
        for id in ids.iter().rev().copied() {
            if self.rows.not_acknowledged(id) {
                self.ready.push_front(id);
            }
        }
    }

    fn bring_later(&mut self, now: Instant, id: u64, refusal: &Refusal) {
        if !self.rows.not_acknowledged(id) {
            return;
        }
        let (from, to) = (self.from, self.to);
        let attempts = self.rows.acknowledgement_failed(id);
        let pause = RETRY_PAUSE.saturating_mul(1 << attempts.min(7));
        tracing::error!(
            from,
            to,
            id,
            ?refusal,
            attempts,
            ?pause,
            "the sender does not take a result; trying again"
        );
        self.later.extend(now.checked_add(pause).map(|at| (at, id)));
    }

    /// Logs once a pause, since a whole window may be refused for the same reason.
    fn pause_for_access(&mut self, now: Instant, side: Side, error: &str) {
        let (database, pause) = match side {
            Side::Source => (self.from, self.source.as_mut().map(|source| &mut source.pause)),
            Side::Destination => (
                self.to,
                self.destination.as_mut().map(|destination| &mut destination.pause),
            ),
        };
        let Some(pause) = pause.filter(|pause| pause.until(now).is_none()) else {
            return;
        };
        let pause = pause.grow(now, ACCESS_PAUSE);
        let (from, to) = (self.from, self.to);
        let remedy = if error.starts_with(MISROUTED) {
            "is not the one that this index stands for: correct the relay's configuration, or set the region up"
        } else {
            "does not let this relay in: give its identity the relay role"
        };
        tracing::error!(
            from,
            to,
            database,
            error,
            ?pause,
            "database {database} {remedy}; trying again after a pause"
        );
    }
}

/// The one of several messages that a refusal names, or all if it names none of them.
fn culprits<'a>(refusal: &Refusal, ids: &'a [u64]) -> &'a [u64] {
    let named = match refusal {
        Refusal::Culprit { id, .. } => ids.iter().position(|other| other == id),
        _ => None,
    };
    named.and_then(|at| ids.get(at..=at)).unwrap_or(ids)
}
