//! How many enemies live together, and how the missing come back.

use crate::{chance, day};

/// Most members of a herd.
pub const MAX_HERD: u32 = 64;

/// How many a herd is when none is missing: by chance around `average`, more or less by the part `variance` of it; one at
/// least.
pub fn size(random: u64, average: i32, variance: f32) -> u32 {
    let average = f64::from(average.max(1));
    let spread = average * f64::from(variance.clamp(0.0, 1.0));
    let size = average + spread * (2.0 * chance::part(random) - 1.0);
    (size.round() as u32).clamp(1, MAX_HERD)
}

/// How the missing come back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regrowth {
    /// Milliseconds between times at which some come back.
    pub every_ms: u64,
    /// The part of the missing that comes back each time; one at least, unless it is 0.
    pub eagerness: f32,
}

/// Members of a herd, and when the next of the missing come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// How many there are.
    pub current: u32,
    /// How many there are when none is missing.
    pub wanted: u32,
    /// When some of the missing come back, in ms; of no meaning while none is missing.
    pub ready_at_ms: u64,
}

impl Population {
    /// Whether some are missing.
    pub fn is_missing(&self) -> bool {
        self.current < self.wanted
    }

    /// After the death of one.
    pub fn without_one(self, now_ms: u64, regrowth: Regrowth) -> Self {
        let ready_at_ms = if self.is_missing() {
            self.ready_at_ms
        } else {
            now_ms.saturating_add(regrowth.every_ms)
        };
        Self {
            current: self.current.saturating_sub(1),
            ready_at_ms,
            ..self
        }
    }

    /// With all who came back until now, however long ago anybody looked.
    pub fn regrown(mut self, now_ms: u64, regrowth: Regrowth) -> Self {
        if regrowth.eagerness <= 0.0 {
            return self;
        }
        // Each time brings one at least, so there are no more times than are missing.
        while self.is_missing() && self.ready_at_ms <= now_ms {
            let missing = self.wanted - self.current;
            let back = (f64::from(missing) * f64::from(regrowth.eagerness)).ceil() as u32;
            self.current += back.clamp(1, missing);
            self.ready_at_ms = self.ready_at_ms.saturating_add(regrowth.every_ms.max(1));
        }
        self
    }
}

/// Whether enemies are about that are so from one hour to another.
pub fn is_about(hour: f32, from: f32, to: f32) -> bool {
    day::is_between(hour, from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SLOW: Regrowth = Regrowth {
        every_ms: 1_000,
        eagerness: 0.5,
    };

    fn population(current: u32, wanted: u32, ready_at_ms: u64) -> Population {
        Population {
            current,
            wanted,
            ready_at_ms,
        }
    }

    #[track_caller]
    fn check(before: Population, now_ms: u64, after: Population) {
        assert_eq!(before.regrown(now_ms, SLOW), after);
    }

    #[test]
    fn the_missing_come_back_by_parts() {
        check(population(0, 8, 5_000), 4_999, population(0, 8, 5_000));
        check(population(0, 8, 5_000), 5_000, population(4, 8, 6_000));
        check(population(0, 8, 5_000), 6_500, population(6, 8, 7_000));
        check(population(0, 8, 5_000), 7_000, population(7, 8, 8_000));
        check(population(0, 8, 5_000), 8_000, population(8, 8, 9_000));
        // However long nobody looked.
        check(population(0, 8, 5_000), u64::MAX, population(8, 8, 9_000));
        check(population(8, 8, 0), u64::MAX, population(8, 8, 0));
        let never = Regrowth { eagerness: 0.0, ..SLOW };
        assert_eq!(
            population(0, 8, 0).regrown(u64::MAX, never),
            population(0, 8, 0),
            "those who are not eager stay away"
        );
    }

    #[test]
    fn the_first_death_sets_the_time() {
        let one = population(3, 3, 0).without_one(10_000, SLOW);
        assert_eq!(one, population(2, 3, 11_000));
        assert_eq!(one.without_one(10_900, SLOW), population(1, 3, 11_000));
        assert_eq!(population(0, 3, 5).without_one(10, SLOW), population(0, 3, 5));
    }

    proptest! {
        #[test]
        fn sizes(random in any::<u64>(), average in -5..100, variance in -1.0_f32..2.0) {
            let size = size(random, average, variance);
            prop_assert!((1..=MAX_HERD).contains(&size));
            if variance <= 0.0 && (1..=64).contains(&average) {
                prop_assert_eq!(i64::from(size), i64::from(average));
            }
        }

        #[test]
        fn regrowth_is_the_same_in_one_look_or_many(
            current in 0..64_u32, wanted in 0..64_u32, ready in 0..5_000_u64, eagerness in 0.0_f32..1.5, every in 0..900_u64,
            looks in prop::collection::vec(0..20_000_u64, 1..20),
        ) {
            let regrowth = Regrowth { every_ms: every, eagerness };
            let start = population(current, wanted, ready);
            let mut looks = looks;
            looks.sort_unstable();
            let last = looks.last().copied().unwrap_or(0);
            let many = looks.iter().fold(start, |herd, now| herd.regrown(*now, regrowth));
            prop_assert_eq!(many, start.regrown(last, regrowth));
            prop_assert!(many.current <= wanted.max(current));
        }
    }
}
