//! Using things of the land up, and their coming back.

use std::collections::BTreeMap;

use thiserror::Error;

/// Parts of a thing that make one: of millionths an hour, and milliseconds.
pub const WHOLE: u64 = 1_000_000 * 3_600_000;

/// Why a thing is not worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ResourceError {
    /// Work takes something.
    #[error("resource.bad_damage")]
    BadDamage,
}

/// What a stroke leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// So much work.
    Left(i32),
    /// Nothing.
    UsedUp,
}

/// A stroke at a thing of which so much was left; `None` while it was whole.
///
/// # Errors
/// [`ResourceError::BadDamage`] for strokes of nothing and less.
pub fn strike(max_health: i32, health: Option<i32>, damage: i32) -> Result<Blow, ResourceError> {
    if damage <= 0 {
        return Err(ResourceError::BadDamage);
    }
    // Content may have made it smaller since the last stroke.
    let health = health.map_or(max_health, |health| health.min(max_health));
    Ok(match health.saturating_sub(damage) {
        left @ 1.. => Blow::Left(left),
        _ => Blow::UsedUp,
    })
}

/// Seconds of content as milliseconds.
pub fn millis(seconds: f32) -> u64 {
    (f64::from(seconds.max(0.0)) * 1_000.0) as u64
}

/// A time between two, both in seconds, by a number from 0 up to 1; in milliseconds.
pub fn between(min: f32, max: f32, fraction: f64) -> u64 {
    let (min, max) = (millis(min), millis(max.max(min)));
    min + ((max - min) as f64 * fraction.clamp(0.0, 1.0)) as u64
}

/// How many there should be of a kind, and are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// There should be.
    pub target: u32,
    /// There are.
    pub live: u32,
}

/// How many are missing of each kind of which some are. What grows counts as what it becomes, so that a felled wood which
/// sprouts again does not come back elsewhere as well; and it is missing only where that is.
pub fn missing(stocks: &BTreeMap<i32, Stock>, grows_into: &BTreeMap<i32, i32>) -> BTreeMap<i32, u32> {
    let stock = |kind: i32| stocks.get(&kind).copied().unwrap_or_default();
    let mut coming: BTreeMap<i32, u32> = BTreeMap::new();
    for (kind, grown) in grows_into {
        let sum = coming.entry(*grown).or_default();
        *sum = sum.saturating_add(stock(*kind).live);
    }
    let own = |kind: i32| {
        let Stock { target, live } = stock(kind);
        let there = live.saturating_add(coming.get(&kind).copied().unwrap_or_default());
        target.saturating_sub(there)
    };
    let kinds = stocks.keys().map(|kind| {
        let grown = grows_into.get(kind);
        (*kind, own(*kind).min(grown.map_or(u32::MAX, |grown| own(*grown))))
    });
    kinds.filter(|(_, missing)| *missing > 0).collect()
}

/// What is owed after `elapsed_ms` more of a kind of which so many are missing, in parts of [`WHOLE`]: each hour brings back
/// `per_hour` of them, and never more than are missing are owed.
pub fn owed(missing: u32, per_hour: f32, elapsed_ms: u64, parts: u64) -> u64 {
    let per_million = (f64::from(per_hour.clamp(0.0, 1.0)) * 1_000_000.0).round() as u128;
    let more = u128::from(missing) * per_million * u128::from(elapsed_ms);
    let most = u128::from(missing) * u128::from(WHOLE);
    u64::try_from(more.saturating_add(u128::from(parts)).min(most)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strokes() {
        let check = |health, damage, expected| assert_eq!(strike(20, health, damage), expected);
        check(None, 5, Ok(Blow::Left(15)));
        check(Some(15), 14, Ok(Blow::Left(1)));
        check(Some(15), 15, Ok(Blow::UsedUp));
        check(None, i32::MAX, Ok(Blow::UsedUp));
        check(Some(90), 1, Ok(Blow::Left(19)));
        check(Some(1), 0, Err(ResourceError::BadDamage));
        check(None, i32::MIN, Err(ResourceError::BadDamage));
    }

    #[test]
    fn times() {
        assert_eq!(
            [millis(0.0), millis(-1.0), millis(1.5), millis(31_536_000.0)],
            [0, 0, 1_500, 31_536_000_000]
        );
        assert_eq!(between(2.0, 4.0, 0.0), 2_000);
        assert_eq!(between(2.0, 4.0, 0.5), 3_000);
        assert_eq!(between(2.0, 4.0, 7.0), 4_000);
        assert_eq!(between(4.0, 2.0, 0.5), 4_000);
    }

    #[test]
    fn what_grows_counts_as_what_it_becomes() {
        let check = |stocks: &[(i32, u32, u32)], grows: &[(i32, i32)], expected: &[(i32, u32)]| {
            let stocks = stocks
                .iter()
                .map(|(kind, target, live)| {
                    (
                        *kind,
                        Stock {
                            target: *target,
                            live: *live,
                        },
                    )
                })
                .collect();
            let found = missing(&stocks, &grows.iter().copied().collect());
            assert_eq!(found, expected.iter().copied().collect());
        };
        check(&[(1, 10, 10), (2, 5, 7)], &[], &[]);
        check(&[(1, 10, 4), (2, 5, 0)], &[], &[(1, 6), (2, 5)]);
        // Trees, stools that become trees, and saplings that do and stood there from the beginning.
        let grows = [(91, 2), (17, 2)];
        check(&[(2, 100, 90), (91, 0, 10)], &grows, &[]);
        check(&[(2, 100, 90), (91, 0, 4)], &grows, &[(2, 6)]);
        check(&[(2, 100, 50), (91, 0, 10), (17, 20, 5)], &grows, &[(2, 35), (17, 15)]);
        check(&[(2, 100, 95), (17, 20, 3)], &grows, &[(2, 2), (17, 2)]);
        check(&[(2, 100, 100), (17, 20, 0)], &grows, &[]);
    }

    #[test]
    fn what_is_owed() {
        let hour = 3_600_000;
        assert_eq!(owed(10, 0.5, hour, 0), 5 * WHOLE);
        assert_eq!(owed(10, 0.5, hour, WHOLE / 2), 5 * WHOLE + WHOLE / 2);
        assert_eq!(owed(10, 0.5, 1_000 * hour, 0), 10 * WHOLE);
        assert_eq!(owed(10, 0.5, 0, 7), 7);
        assert_eq!(owed(0, 1.0, hour, 3 * WHOLE), 0);
        assert_eq!(owed(1, f32::NAN, hour, 0), 0);
    }

    proptest! {
        /// However the time is cut into slices, the same is owed after it.
        #[test]
        fn slices_do_not_matter(
            missing in 0..10_000_u32, per_hour in 0.0..1.0_f32, slices in prop::collection::vec(0..100_000_u64, 0..20),
        ) {
            let whole = owed(missing, per_hour, slices.iter().sum(), 0);
            let cut = slices.iter().fold(0, |parts, slice| owed(missing, per_hour, *slice, parts));
            prop_assert_eq!(whole, cut);
        }
    }
}
