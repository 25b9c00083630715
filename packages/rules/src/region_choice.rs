//! Which region a new player starts in.

use std::cmp::Ordering;

/// A region as a place to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionOffer {
    /// The region's index, from 1.
    pub index: u8,
    /// Whether new players may start here.
    pub open_for_spawn: bool,
    /// Players signed in.
    pub signed_in: u32,
    /// Players in the queue.
    pub queued: u32,
    /// Most players that can be signed in; a region with 0 is not offered.
    pub max: u32,
}

/// The open region with the smallest share of its places taken, the queue included; the lowest index among equals.
///
/// A full region is chosen when all are full: its queue then decides. `None` if no region is open.
pub fn choose(regions: &[RegionOffer]) -> Option<u8> {
    let open = regions.iter().filter(|offer| offer.open_for_spawn && offer.max > 0);
    open.min_by(|a, b| by_load(a, b).then(a.index.cmp(&b.index)))
        .map(|offer| offer.index)
}

fn by_load(a: &RegionOffer, b: &RegionOffer) -> Ordering {
    let taken = |offer: &RegionOffer| u128::from(offer.signed_in) + u128::from(offer.queued);
    (taken(a) * u128::from(b.max)).cmp(&(taken(b) * u128::from(a.max)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Regions 1, 2, ... as (open, signed in, queued, max).
    #[track_caller]
    fn check(regions: &[(bool, u32, u32, u32)], expected: Option<u8>) {
        let offers: Vec<_> = (1..)
            .zip(regions)
            .map(|(index, region)| RegionOffer {
                index,
                open_for_spawn: region.0,
                signed_in: region.1,
                queued: region.2,
                max: region.3,
            })
            .collect();
        assert_eq!(choose(&offers), expected);
        let reversed: Vec<_> = offers.into_iter().rev().collect();
        assert_eq!(choose(&reversed), expected, "the order of the offers does not matter");
    }

    #[test]
    fn choices() {
        check(&[], None);
        check(&[(false, 0, 0, 10)], None);
        check(&[(true, 0, 0, 0)], None);
        check(&[(false, 0, 0, 10), (true, 9, 0, 10)], Some(2));
        check(&[(true, 5, 0, 10), (true, 6, 0, 100)], Some(2));
        check(&[(true, 5, 0, 10), (true, 50, 0, 100)], Some(1));
        check(&[(true, 10, 5, 10), (true, 10, 4, 10)], Some(2));
        check(
            &[(true, u32::MAX, u32::MAX, 1), (true, u32::MAX, u32::MAX, u32::MAX)],
            Some(2),
        );
    }

    proptest! {
        #[test]
        fn nobody_is_emptier(loads in prop::collection::vec((any::<bool>(), 0..50_u32, 0..5_u32, 0..50_u32), 0..20)) {
            let offers: Vec<_> = (1..).zip(&loads).map(|(index, load)| RegionOffer {
                index, open_for_spawn: load.0, signed_in: load.1, queued: load.2, max: load.3,
            }).collect();
            let open: Vec<_> = offers.iter().filter(|offer| offer.open_for_spawn && offer.max > 0).collect();
            match choose(&offers) {
                None => prop_assert!(open.is_empty()),
                Some(index) => {
                    let chosen = offers.iter().find(|offer| offer.index == index).unwrap();
                    prop_assert!(open.contains(&chosen));
                    prop_assert!(open.iter().all(|other| by_load(chosen, other) != Ordering::Greater));
                }
            }
        }
    }
}
