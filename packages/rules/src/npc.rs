//! Where travellers go next, and how long that takes.

use crate::chance;

/// Of the nearest ruins not visited lately, so many are considered.
pub const CHOICES: usize = 3;
/// Ruins that a traveller remembers.
pub const MEMORY: usize = 4;
/// What was due longer ago than this was due now: nobody makes up for journeys that nobody could have seen, in ms.
pub const CATCH_UP_MS: u64 = 10 * 60 * 1_000;

/// When what was due then is done.
pub fn acted_at(due_ms: u64, now_ms: u64) -> u64 {
    if now_ms.saturating_sub(due_ms) > CATCH_UP_MS {
        now_ms
    } else {
        due_ms
    }
}

/// One of the nearest of `ruins`, given with their distances, that is not among those visited lately. When all were, they
/// count as not visited.
pub fn destination(ruins: &[(u64, u64)], visited: &[u64], random: u64) -> Option<u64> {
    let mut open: Vec<(u64, u64)> = ruins.iter().filter(|(id, _)| !visited.contains(id)).copied().collect();
    if open.is_empty() {
        open = ruins.to_vec();
    }
    open.sort_unstable_by_key(|(id, distance)| (*distance, *id));
    open.truncate(CHOICES);
    let count = u64::try_from(open.len()).ok()?;
    let choice = usize::try_from(random.checked_rem(count)?).ok()?;
    open.get(choice).map(|(id, _)| *id)
}

/// What a traveller remembers who leaves a ruin.
pub fn remember(visited: &[u64], left: u64) -> Vec<u64> {
    let mut kept: Vec<u64> = visited.iter().filter(|id| **id != left).copied().collect();
    kept.push(left);
    let count = kept.len();
    kept.drain(..count.saturating_sub(MEMORY));
    kept
}

/// Milliseconds on the way: `distance` in milli tiles, `speed` in milli tiles a second. `None` for those who do not walk.
pub fn travel_ms(distance: u64, speed: i32) -> Option<u64> {
    let speed = u64::try_from(speed).ok()?;
    distance.saturating_mul(1_000).checked_div(speed)
}

/// Milliseconds of a stay between two lengths in seconds.
pub fn stay_ms(random: u64, min_s: i32, max_s: i32) -> u64 {
    let ms = |seconds: i32| u64::from(seconds.max(0).unsigned_abs()) * 1_000;
    // A second at least, so that a run that catches up ends.
    chance::between(random, ms(min_s), ms(max_s)).max(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ruins: &[(u64, u64)], visited: &[u64], expected: &[u64]) {
        let mut found: Vec<u64> = (0..60)
            .filter_map(|random| destination(ruins, visited, random))
            .collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_of_the_nearest_not_visited() {
        let ruins = [(1, 500), (2, 100), (3, 300), (4, 200), (5, 400)];
        check(&ruins, &[], &[2, 3, 4]);
        check(&ruins, &[2, 4], &[1, 3, 5]);
        check(&ruins, &[1, 3, 4, 5], &[2]);
        check(&ruins, &[1, 2, 3, 4, 5], &[2, 3, 4]);
        check(&[], &[], &[]);
    }

    #[test]
    fn memory_is_short() {
        assert_eq!(remember(&[], 7), [7]);
        assert_eq!(remember(&[1, 2, 3, 4], 5), [2, 3, 4, 5]);
        assert_eq!(remember(&[1, 2, 3], 1), [2, 3, 1]);
    }

    #[test]
    fn times() {
        assert_eq!(travel_ms(8_800, 4_400), Some(2_000));
        assert_eq!(travel_ms(8_800, 0), None);
        assert_eq!(travel_ms(8_800, -1), None);
        assert_eq!(stay_ms(0, 0, 0), 1_000);
        assert_eq!(stay_ms(500, 2, 3), 2_500);
        assert_eq!(stay_ms(u64::MAX, 5, 4), 5_000);
        assert_eq!(acted_at(1_000, 1_500), 1_000);
        assert_eq!(acted_at(1_000, 1_000 + CATCH_UP_MS), 1_000);
        assert_eq!(acted_at(1_000, 1_001 + CATCH_UP_MS), 1_001 + CATCH_UP_MS);
    }
}
