//! What a stream wants to be done.

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::rows::{Phase, Turn};
use super::{Acknowledgement, Action, Flight, Side, Stream, Token, MAX_BATCH, MAX_BATCH_BYTES};
use crate::wire::{self, Outcome};

/// How many calls of a stream may be unanswered on each side, so that those of all streams of a database stay below what
/// its host allows.
pub const CALLS_AHEAD: usize = 16;
/// While a delivery is unanswered the next one leaves so long after it at the earliest, unless it is a full batch: what
/// comes meanwhile goes together.
pub const DELIVERY_SPACING: Duration = Duration::from_millis(1);
/// The same of answers, for which nobody waits.
pub const ANSWER_SPACING: Duration = Duration::from_millis(5);

/// Calls to one side follow each other at a distance.
#[derive(Debug, Default)]
pub(super) struct Pace {
    last: Option<Instant>,
    /// When to look again, if a call was put off.
    resume: Option<Instant>,
}

impl Pace {
    /// Whether a call must be put off, being not worth it yet.
    fn puts_off(&mut self, now: Instant, spacing: Duration, worth: bool) -> bool {
        let next = self.last.and_then(|last| last.checked_add(spacing));
        self.resume = next.filter(|next| !worth && *next > now);
        self.resume.is_some()
    }

    pub(super) fn resume(&self) -> Option<Instant> {
        self.resume
    }
}

impl Stream {
    /// What to do next, if anything. Ask again until nothing is left.
    pub fn next_action(&mut self, now: Instant) -> Option<Action> {
        self.next_acknowledgement(now)
            .or_else(|| self.next_delivery(now))
            .or_else(|| self.next_fetch(now))
    }

    fn token(&mut self) -> Token {
        self.next_token = self.next_token.wrapping_add(1);
        self.next_token
    }

    fn next_acknowledgement(&mut self, now: Instant) -> Option<Action> {
        self.answers.resume = None;
        let under_way: usize = self.acks.values().map(|ack| ack.ids.len()).sum();
        let limit = self.settings.window.saturating_sub(under_way).min(MAX_BATCH);
        let paused = self.source.as_ref()?.pause.until(now).is_some();
        if paused || limit == 0 || self.acks.len() >= CALLS_AHEAD {
            return None;
        }
        while self.later.first().is_some_and(|(at, _)| *at <= now) {
            self.ready.extend(self.later.pop_first().map(|(_, id)| id));
        }
        let worth = self.acks.is_empty() || self.ready.is_empty() || self.ready.len() >= limit;
        if self.answers.puts_off(now, ANSWER_SPACING, worth) {
            return None;
        }
        let results = self.take_results(limit);
        if results.is_empty() {
            return None;
        }
        let token = self.token();
        let ids = results.iter().map(|(id, _)| *id).collect();
        self.acks.insert(token, Acknowledgement { ids, sent: now });
        self.answers.last = Some(now);
        Some(Action::Call {
            token,
            side: Side::Source,
            reducer: wire::ACKNOWLEDGE_REDUCER,
            arguments: wire::acknowledge_arguments(&results),
        })
    }

    fn take_results(&mut self, limit: usize) -> Vec<(u64, Outcome)> {
        let (mut results, mut bytes) = (Vec::new(), 0_usize);
        while let Some(id) = self.ready.pop_front() {
            let Some((outcome, alone)) = self.rows.result(id) else {
                continue;
            };
            if let Outcome::Failed(error) = &outcome {
                bytes = bytes.saturating_add(error.len());
            }
            if !results.is_empty() && (alone || bytes > MAX_BATCH_BYTES) {
                self.ready.push_front(id);
                break;
            }
            self.rows.advance(id, Phase::Ready, Phase::Acknowledging);
            results.push((id, outcome));
            if alone || results.len() >= limit {
                break;
            }
        }
        results
    }

    fn next_delivery(&mut self, now: Instant) -> Option<Action> {
        self.head_held = false;
        self.deliveries.resume = None;
        let under_way: usize = self.flights.values().map(|flight| flight.ids.len()).sum();
        let limit = self.settings.window.saturating_sub(under_way).min(MAX_BATCH);
        let source = self.source.as_ref()?;
        let destination = self.destination.as_mut()?;
        if self.stopping || self.paused || destination.pause.until(now).is_some() {
            return None;
        }
        if self.flights.is_empty() {
            destination.draining = false;
        } else if destination.draining || limit == 0 || self.flights.len() >= CALLS_AHEAD {
            return None;
        }
        let waiting = self.rows.waiting();
        let worth = self.flights.is_empty() || waiting == 0 || waiting >= limit;
        if self.deliveries.puts_off(now, DELIVERY_SPACING, worth) {
            return None;
        }
        let hold = self.settings.hold;
        let turn = self.rows.turn(limit, |seen| {
            hold.is_zero() || seen.is_some_and(|seen| seen.saturating_add(hold) <= source.clock)
        });
        match turn {
            Turn::Idle | Turn::Bare => None,
            Turn::Held => {
                self.head_held = true;
                None
            }
            // Alone, so that what we claim the inbox counter to be is what it is.
            Turn::Doomed(id, error) if self.flights.is_empty() => self.record_failure(now, id, &error),
            Turn::Doomed(..) => None,
            Turn::Batch(ids) => {
                for seen in self.rows.held_since(&ids) {
                    self.timings.held_rows.observe(source.clock.saturating_sub(seen));
                }
                let previous = destination.expected;
                destination.expected = ids.iter().copied().fold(previous, u64::max);
                let arguments = wire::process_arguments(self.from, previous, &self.rows.bodies(&ids));
                let flight = Flight {
                    ids,
                    previous,
                    record: false,
                    sent: now,
                };
                Some(self.send(flight, wire::PROCESS_REDUCER, arguments))
            }
        }
    }

    fn record_failure(&mut self, now: Instant, id: u64, error: &str) -> Option<Action> {
        let destination = self.destination.as_mut()?;
        let previous = destination.expected;
        // Nothing goes out behind it: if recording failed, that would be handled as if this message were done with.
        destination.draining = true;
        let arguments = wire::record_failure_arguments(self.from, previous, id, error);
        let flight = Flight {
            ids: vec![id],
            previous,
            record: true,
            sent: now,
        };
        Some(self.send(flight, wire::RECORD_FAILURE_REDUCER, arguments))
    }

    fn send(&mut self, flight: Flight, reducer: &'static str, arguments: Bytes) -> Action {
        debug_assert!(
            self.flights
                .values()
                .all(|before| before.ids.last() <= Some(&flight.previous)),
            "{:?} would overtake",
            flight.ids
        );
        let token = self.token();
        self.deliveries.last = Some(flight.sent);
        self.rows.sent(&flight.ids, token);
        self.flights.insert(token, flight);
        Action::Call {
            token,
            side: Side::Destination,
            reducer,
            arguments,
        }
    }

    fn next_fetch(&mut self, now: Instant) -> Option<Action> {
        let source = self.source.as_ref()?;
        if self.stopping || self.paused || self.destination.is_none() {
            return None;
        }
        if source.fetching.is_some() || source.fetch_pause.until(now).is_some() {
            return None;
        }
        let (first, last) = self.rows.to_fetch()?;
        let token = self.token();
        self.source.as_mut()?.fetching = Some((token, first));
        Some(Action::Fetch { token, first, last })
    }
}
