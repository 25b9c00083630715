//! Day and night, the same everywhere at the same time.

/// Milliseconds of light, and of dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayLengths {
    /// Light.
    pub day_ms: u64,
    /// Dark.
    pub night_ms: u64,
}

/// A day or a night, from its first millisecond to before the first of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Whether there is light.
    pub is_day: bool,
    /// When it began.
    pub since_ms: u64,
    /// When it ends.
    pub until_ms: u64,
}

/// The hour at which light comes.
pub const DAWN: f32 = 6.0;
/// The hour at which it goes.
pub const DUSK: f32 = 18.0;
const HOURS: f32 = 24.0;

/// The day or night of a moment: from 1970 on, a day and a night follow each other. Lengths of nothing count as a millisecond.
pub fn phase_at(now_ms: u64, lengths: DayLengths) -> Phase {
    let (day, night) = (lengths.day_ms.max(1), lengths.night_ms.max(1));
    let into = now_ms % day.saturating_add(night);
    let dawn = now_ms - into;
    let dusk = dawn.saturating_add(day);
    if into < day {
        Phase {
            is_day: true,
            since_ms: dawn,
            until_ms: dusk,
        }
    } else {
        Phase {
            is_day: false,
            since_ms: dusk,
            until_ms: dusk.saturating_add(night),
        }
    }
}

/// The hour of a moment, from 0 up to 24. Light lasts from [`DAWN`] to [`DUSK`], whatever its length is beside the dark's.
pub fn hour_of_day(now_ms: u64, lengths: DayLengths) -> f32 {
    let phase = phase_at(now_ms, lengths);
    let part = (now_ms - phase.since_ms) as f64 / (phase.until_ms - phase.since_ms).max(1) as f64;
    let (from, hours) = if phase.is_day {
        (DAWN, DUSK - DAWN)
    } else {
        (DUSK, HOURS - DUSK + DAWN)
    };
    // Of floats near 1, the nearest may be 1.
    let hour = (from + hours * part as f32).min(from + hours);
    if hour >= HOURS {
        hour - HOURS
    } else {
        hour
    }
}

/// Whether an hour lies from one to another, over midnight when the second comes before the first. From an hour to itself,
/// and from 0 to 24, is the whole day.
pub fn is_between(hour: f32, from: f32, to: f32) -> bool {
    if from < to {
        (from..to).contains(&hour)
    } else {
        hour >= from || hour < to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LENGTHS: DayLengths = DayLengths {
        day_ms: 3_000,
        night_ms: 1_000,
    };

    #[track_caller]
    fn check(now_ms: u64, is_day: bool, (since_ms, until_ms): (u64, u64), hour: f32) {
        let expected = Phase {
            is_day,
            since_ms,
            until_ms,
        };
        assert_eq!(phase_at(now_ms, LENGTHS), expected);
        assert_eq!(hour_of_day(now_ms, LENGTHS), hour);
    }

    #[test]
    fn a_day_and_a_night() {
        check(0, true, (0, 3_000), 6.0);
        check(1_500, true, (0, 3_000), 12.0);
        check(2_750, true, (0, 3_000), 17.0);
        check(3_000, false, (3_000, 4_000), 18.0);
        check(3_500, false, (3_000, 4_000), 0.0);
        check(3_750, false, (3_000, 4_000), 3.0);
        check(4_000, true, (4_000, 7_000), 6.0);
        check(40_001_500, true, (40_000_000, 40_003_000), 12.0);
    }

    proptest! {
        #[test]
        fn phases_follow_each_other(now in 0..u64::MAX / 2, day_ms in 0..100_000_u64, night_ms in 0..100_000_u64) {
            let lengths = DayLengths { day_ms, night_ms };
            let phase = phase_at(now, lengths);
            prop_assert!((phase.since_ms..phase.until_ms).contains(&now));
            let next = phase_at(phase.until_ms, lengths);
            prop_assert_eq!((next.since_ms, next.is_day), (phase.until_ms, !phase.is_day));
            prop_assert_eq!(phase_at(phase.until_ms - 1, lengths), phase);
            let hour = hour_of_day(now, lengths);
            prop_assert!((0.0..24.0).contains(&hour));
            // What is so near to dusk or dawn that floats cannot tell may be either.
            prop_assert!(phase.is_day == (6.0..18.0).contains(&hour) || hour == 18.0 || hour == 6.0);
        }
    }

    #[test]
    fn from_hour_to_hour() {
        for (hour, from, to, expected) in [
            (12.0, 4.0, 21.0, true),
            (21.0, 4.0, 21.0, false),
            (3.9, 4.0, 21.0, false),
            (23.0, 20.0, 5.0, true),
            (4.9, 20.0, 5.0, true),
            (5.0, 20.0, 5.0, false),
            (12.0, 20.0, 5.0, false),
            (0.0, 0.0, 24.0, true),
            (23.9, 0.0, 24.0, true),
            (7.0, 7.0, 7.0, true),
            (6.9, 7.0, 7.0, true),
        ] {
            assert_eq!(is_between(hour, from, to), expected, "{hour} from {from} to {to}");
        }
    }
}
