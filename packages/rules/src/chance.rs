//! Chance that follows from numbers: the same numbers, the same outcome.

/// Spreads every bit of the seed over the result (the finalizer of SplitMix64).
pub fn mix(seed: u64) -> u64 {
    let seed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    seed ^ (seed >> 31)
}

/// A number that follows from several, in this order.
pub fn hash(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9E37_79B9_7F4A_7C15, |seed, part| {
        mix(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ mix(part.wrapping_add(0x9E37_79B9_7F4A_7C15)))
    })
}

/// A random number as a part of the whole: from 0 to just below 1.
pub fn part(random: u64) -> f64 {
    // The upper 53 bits: as many as the number holds.
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

/// A random number as one of `low` to `high`, both included; `low` when they are the wrong way round.
pub fn between(random: u64, low: u64, high: u64) -> u64 {
    match high.checked_sub(low).map(|span| span.checked_add(1)) {
        Some(Some(count)) => low + random % count,
        Some(None) => random,
        None => low,
    }
}

/// How many there are of something of which `expected` are expected: the whole ones, and one more by chance.
pub fn count(random: u64, expected: f64) -> u32 {
    let expected = expected.clamp(0.0, f64::from(u32::MAX - 1));
    let whole = expected.floor();
    whole as u32 + u32::from(part(random) < expected - whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_and_number_of_parts_matter() {
        let all = [hash(&[]), hash(&[0]), hash(&[0, 0]), hash(&[1, 2]), hash(&[2, 1])];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[index + 1..].contains(one), "{all:?}");
        }
    }

    #[test]
    fn counts_come_to_what_is_expected() {
        let total: u32 = (0..10_000).map(|seed| count(hash(&[seed]), 1.25)).sum();
        assert!((12_200..12_800).contains(&total), "{total}");
        assert_eq!(count(u64::MAX, 0.0), 0);
        assert_eq!(count(0, -3.0), 0);
        assert_eq!(count(u64::MAX, 2.0), 2);
        assert_eq!(count(0, 0.001), 1);
    }

    proptest! {
        #[test]
        fn within_bounds(
            random in any::<u64>(), low in prop_oneof![0..20_u64, any::<u64>()], high in prop_oneof![0..20_u64, any::<u64>()],
        ) {
            prop_assert!((0.0..1.0).contains(&part(random)));
            let number = between(random, low, high);
            prop_assert!(number == low || (low..=high).contains(&number));
        }
    }
}
