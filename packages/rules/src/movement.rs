//! How many doubtful moves a player may make before being set back.

/// Most strikes that are remembered of one player; a higher limit counts as this one.
pub const MAX_STRIKES: usize = 64;

/// What follows from one more strike. Both hold the timestamps to store, in ms, oldest first, the new one last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StrikeVerdict {
    /// May be lag: accept the move.
    Tolerate(Vec<u64>),
    /// Too many in the window: put the player back where the server has them.
    RubberBand(Vec<u64>),
}

/// Adds a strike at `now_ms` to the `previous` ones and forgets those of `window_ms` and more ago.
///
/// Up to `limit` strikes in the window are tolerated; with a limit of 0 none is. Timestamps are the server's; one
/// from the future, which a clock set back leaves behind, is forgotten too.
pub fn strikes(previous: &[u64], now_ms: u64, window_ms: u64, limit: usize) -> StrikeVerdict {
    let limit = limit.min(MAX_STRIKES - 1);
    let in_window = |at: &u64| now_ms.checked_sub(*at).is_some_and(|age| age < window_ms);
    let mut kept: Vec<u64> = previous.iter().copied().filter(in_window).collect();
    kept.push(now_ms);
    let count = kept.len();
    kept.drain(..count.saturating_sub(MAX_STRIKES));
    if count > limit {
        StrikeVerdict::RubberBand(kept)
    } else {
        StrikeVerdict::Tolerate(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::StrikeVerdict::{RubberBand, Tolerate};
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(previous: &[u64], now_ms: u64, expected: StrikeVerdict) {
        assert_eq!(strikes(previous, now_ms, 1_000, 2), expected);
    }

    #[test]
    fn windows() {
        check(&[], 5_000, Tolerate(vec![5_000]));
        check(&[4_500], 5_000, Tolerate(vec![4_500, 5_000]));
        check(&[4_001, 4_500], 5_000, RubberBand(vec![4_001, 4_500, 5_000]));
        check(&[4_000, 4_500], 5_000, Tolerate(vec![4_500, 5_000]));
        check(&[9_000, 9_001, 9_002], 5_000, Tolerate(vec![5_000]));
        assert_eq!(strikes(&[], 0, 1_000, 0), RubberBand(vec![0]));
        assert_eq!(strikes(&[1], 2, 0, 5), Tolerate(vec![2]));
    }

    proptest! {
        #[test]
        fn bounded_and_recent(
            previous in prop::collection::vec(0..20_000_u64, 0..200), now in 0..20_000_u64, window in 0..20_000_u64,
            limit in any::<usize>(),
        ) {
            let verdict = strikes(&previous, now, window, limit);
            let set_back = matches!(verdict, RubberBand(_));
            let (Tolerate(kept) | RubberBand(kept)) = verdict;
            prop_assert!(kept.len() <= MAX_STRIKES);
            prop_assert_eq!(kept.last(), Some(&now));
            prop_assert!(kept.iter().all(|at| *at <= now && (now - at < window || *at == now)));
            prop_assert_eq!(set_back, kept.len() > limit.min(MAX_STRIKES - 1));
        }
    }
}
