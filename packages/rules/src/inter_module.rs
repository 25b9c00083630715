//! Ids of messages between databases.

/// How far ids skip ahead after a start, in microseconds and so in ids: more than a host that is killed can forget.
pub const RESTART_SKIP: u64 = 60_000_000;

/// The smallest id that a module may give out after it was started, when `last` is the last one that is on record. What the
/// host forgot when it was killed may be known to others, whatever the clock says now.
pub fn floor_after_start(last: Option<u64>) -> u64 {
    last.map_or(1, |last| last.saturating_add(RESTART_SKIP))
}

/// The next id: rises strictly, follows the clock (microseconds) where it can, never falls below `floor`.
pub fn next_id(now: u64, last: Option<u64>, floor: u64) -> u64 {
    now.max(floor).max(last.map_or(1, |last| last.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn follows_the_clock_unless_that_stands_or_jumps_back() {
        assert_eq!(next_id(500, None, floor_after_start(None)), 500);
        assert_eq!(next_id(500, Some(500), 1), 501);
        assert_eq!(next_id(3, Some(500), 1), 501);
        assert_eq!(next_id(0, None, floor_after_start(None)), 1);
    }

    proptest! {
        /// Ids given out before a crash, the last of them forgotten in it, are never given out again.
        #[test]
        fn a_crash_and_a_clock_that_jumps_back_repeat_no_id(
            start in 1_000_000_000..2_000_000_000u64,
            gaps in prop::collection::vec(0..50u64, 1..200),
            forgotten in 0..200usize,
            clock_after in 0..2_000_000_000u64,
        ) {
            let (mut now, mut last, floor) = (start, None, floor_after_start(None));
            let mut given = Vec::new();
            for gap in gaps {
                now += gap;
                last = Some(next_id(now, last, floor));
                given.extend(last);
            }
            let on_record = given.len().saturating_sub(forgotten).checked_sub(1).map(|place| given[place]);
            // What is forgotten was given out within seconds; a database that forgot everything had just begun.
            let on_record = on_record.or(Some(start));
            let next = next_id(clock_after, on_record, floor_after_start(on_record));
            prop_assert!(given.iter().all(|id| *id < next));
        }
    }
}
