//! How long to wait before trying again.

use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, Instant};

/// The first retry of a connection: a host that restarts, or a module that was just published, is back soon.
const FIRST: Duration = Duration::from_millis(100);
/// The second one, from which the delay doubles.
const BASE: Duration = Duration::from_secs(1);
/// The longest delay, for connections and for calls alike.
const LONGEST: Duration = Duration::from_secs(30);
/// A connection that lasted for so long was a success, and the next failure starts with short delays.
pub const SETTLED: Duration = Duration::from_secs(5);
/// How long a refusal on an open connection is remembered; longer than the longest delay.
const REFUSAL_MEMORY: Duration = Duration::from_secs(60);

/// Delays between attempts to connect: 100 ms, then from 1 s doubling to 30 s, each up to a quarter shorter by chance,
/// so that many relays and connections do not come back in step.
#[derive(Debug, Default)]
pub struct Backoff {
    attempts: u32,
    refused: Option<Instant>,
}

impl Backoff {
    /// The next delay.
    pub fn delay(&mut self) -> Duration {
        let delay = match self.attempts.checked_sub(1) {
            None => FIRST,
            Some(doublings) => BASE.saturating_mul(1 << doublings.min(5)).min(LONGEST),
        };
        self.attempts = self.attempts.saturating_add(1);
        delay.saturating_sub(delay.mul_f64(random_unit() / 4.0))
    }

    /// The host began to refuse requests on an open connection, as version 1.3.0 does after a publish: a new connection
    /// works at once, however short the refused one was, so the next delay is the shortest. But if that was so a while
    /// ago already, connecting anew is no remedy, and this returns true and changes no delay.
    pub fn refused_again(&mut self, now: Instant) -> bool {
        let before = self.refused.replace(now);
        let again = before.is_some_and(|before| now.saturating_duration_since(before) < REFUSAL_MEMORY);
        if !again {
            self.reset();
        }
        again
    }

    /// Begins anew, after a success that lasted.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// Between 0 and 1. Good enough for spreading delays, for nothing else.
fn random_unit() -> f64 {
    // The keys of a fresh hasher are random; that spares a dependency.
    let bits = std::collections::hash_map::RandomState::new().build_hasher().finish();
    f64::from((bits >> 32) as u32) / f64::from(u32::MAX)
}

/// A pause in sending to one side, growing while its cause lasts.
#[derive(Debug, Default)]
pub struct Pause {
    until: Option<Instant>,
    last: Option<Duration>,
}

impl Pause {
    /// Pauses for `first`, or twice as long as the last time without a [`Pause::clear`] in between.
    pub fn grow(&mut self, now: Instant, first: Duration) -> Duration {
        let delay = self.last.map_or(first, |last| last.saturating_mul(2)).min(LONGEST);
        self.last = Some(delay);
        self.until = now.checked_add(delay);
        delay
    }

    /// Pauses for `delay` without counting it as trouble.
    pub fn rest(&mut self, now: Instant, delay: Duration) {
        self.until = now.checked_add(delay);
    }

    /// Forgets earlier trouble, after a success.
    pub fn clear(&mut self) {
        self.last = None;
    }

    /// When it ends, if that is still to come.
    pub fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_a_limit_and_start_over() {
        let mut backoff = Backoff::default();
        let expected = [100, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
        for full in expected.map(Duration::from_millis) {
            let delay = backoff.delay();
            assert!(delay <= full && delay >= full.mul_f64(0.74), "{delay:?} of {full:?}");
        }
        backoff.reset();
        assert!(backoff.delay() <= FIRST);
    }

    #[test]
    fn a_refusal_is_followed_by_a_short_delay_unless_it_repeats() {
        let (mut backoff, now) = (Backoff::default(), Instant::now());
        for _ in 0..5 {
            backoff.delay();
        }
        assert!(!backoff.refused_again(now));
        assert!(backoff.delay() <= FIRST);
        for full in [1, 2, 4].map(Duration::from_secs) {
            assert!(backoff.refused_again(now + LONGEST));
            assert!(backoff.delay() >= full.mul_f64(0.74));
        }
        assert!(!backoff.refused_again(now + LONGEST + REFUSAL_MEMORY));
        assert!(backoff.delay() <= FIRST);
    }

    #[test]
    fn a_pause_doubles_until_cleared() {
        let now = Instant::now();
        let mut pause = Pause::default();
        assert_eq!(pause.until(now), None);
        assert_eq!(pause.grow(now, BASE), BASE);
        assert_eq!(pause.grow(now, BASE), BASE * 2);
        assert_eq!(pause.until(now), Some(now + BASE * 2));
        assert_eq!(pause.until(now + BASE * 2), None);
        pause.clear();
        assert_eq!(pause.grow(now, BASE), BASE);
    }
}
