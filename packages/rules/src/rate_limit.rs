//! A token bucket: so many calls at once, so many a second on average.

/// A limit on calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Most calls at once.
    pub capacity: u32,
    /// Calls that come back every second.
    pub refill_per_second: u32,
}

/// How much of a limit is left: one row of whoever is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Thousandths of a call that are left.
    pub milli_tokens: u64,
    /// When this was so, in ms.
    pub updated_ms: u64,
}

const MILLI: u64 = 1_000;

impl RateLimit {
    /// A bucket that nobody has taken from.
    pub fn full(&self, now_ms: u64) -> Bucket {
        Bucket {
            milli_tokens: self.capacity_milli(),
            updated_ms: now_ms,
        }
    }

    /// Takes one call if there is one; false if there is none.
    ///
    /// When the clock goes back, the bucket follows it without a refill: nobody is locked out until the old time has
    /// come again, and what the repeated time refills is never more than the capacity. A limit that was lowered
    /// takes effect at once.
    pub fn take(&self, bucket: &mut Bucket, now_ms: u64) -> bool {
        // Calls per second are thousandths of a call per millisecond.
        let refill = now_ms
            .saturating_sub(bucket.updated_ms)
            .saturating_mul(self.refill_per_second.into());
        bucket.milli_tokens = bucket.milli_tokens.saturating_add(refill).min(self.capacity_milli());
        bucket.updated_ms = now_ms;
        match bucket.milli_tokens.checked_sub(MILLI) {
            Some(rest) => {
                bucket.milli_tokens = rest;
                true
            }
            None => false,
        }
    }

    fn capacity_milli(&self) -> u64 {
        u64::from(self.capacity) * MILLI
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Runs calls at the given times against three at once and two a second.
    #[track_caller]
    fn check(calls: &[(u64, bool)]) {
        let limit = RateLimit {
            capacity: 3,
            refill_per_second: 2,
        };
        let mut bucket = limit.full(10_000);
        for (place, (now_ms, expected)) in calls.iter().enumerate() {
            assert_eq!(limit.take(&mut bucket, *now_ms), *expected, "call {place} at {now_ms}");
        }
    }

    #[test]
    fn buckets() {
        let at = |now_ms, expected| (now_ms, expected);
        let burst = [at(10_000, true), at(10_000, true), at(10_000, true), at(10_000, false)];
        check(&burst);
        check(&[&burst[..], &[at(10_499, false), at(10_500, true), at(10_500, false)]].concat());
        // Refused calls cost nothing, and fractions add up.
        check(
            &[
                &burst[..],
                &[at(10_250, false), at(10_500, true), at(10_999, false), at(11_000, true)],
            ]
            .concat(),
        );
        // Full is full.
        check(&[at(99_000, true), at(99_000, true), at(99_000, true), at(99_000, false)]);
        // The clock goes back: no gain, no lockout.
        check(
            &[
                &burst[..],
                &[at(0, false), at(499, false), at(500, true), at(500, false)],
            ]
            .concat(),
        );
        check(&[at(u64::MAX, true), at(0, true), at(u64::MAX, true)]);
    }

    #[test]
    fn nothing_and_everything() {
        let none = RateLimit {
            capacity: 0,
            refill_per_second: u32::MAX,
        };
        assert!(!none.take(&mut none.full(0), u64::MAX));
        let most = RateLimit {
            capacity: u32::MAX,
            refill_per_second: u32::MAX,
        };
        let mut corrupt = Bucket {
            milli_tokens: u64::MAX,
            updated_ms: 0,
        };
        assert!(most.take(&mut corrupt, u64::MAX));
        assert!(corrupt.milli_tokens < most.full(0).milli_tokens);
    }

    proptest! {
        #[test]
        fn never_more_than_the_limit(
            capacity in 0..20_u32, refill_per_second in 0..20_u32, waits in prop::collection::vec(0..400_u64, 0..200),
        ) {
            let limit = RateLimit { capacity, refill_per_second };
            let mut bucket = limit.full(0);
            let (mut now, mut taken) = (0, 0_u64);
            for wait in waits {
                now += wait;
                taken += u64::from(limit.take(&mut bucket, now));
                prop_assert!(taken <= u64::from(capacity) + now * u64::from(refill_per_second) / 1_000);
            }
        }

        #[test]
        fn any_clock_is_harmless(times in prop::collection::vec(any::<u64>(), 0..50)) {
            let limit = RateLimit { capacity: 5, refill_per_second: 3 };
            let mut bucket = limit.full(0);
            for now in times {
                limit.take(&mut bucket, now);
                prop_assert!(bucket.milli_tokens <= 5_000);
                prop_assert_eq!(bucket.updated_ms, now);
            }
        }
    }
}
