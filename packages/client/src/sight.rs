//! Which chunks a client watches as it moves: never blind, without flapping.
//!
//! [`Sight`] turns positions into [`Order`]s and hears which of them took effect. A chunk that is left behind is dropped only
//! once every chunk that is wanted instead has come, and is not asked for again when one turns back before that.

use std::collections::BTreeMap;

use hexmarch_sim_core::{AreaOfInterest, MoveLimits, OffsetCoordinatesFloat};

/// What to do with a chunk's subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Subscribe to the rows of this chunk, and report with [`Sight::came`].
    Watch(u64),
    /// End the subscription.
    Drop(u64),
}

/// What became of a chunk so far.
#[derive(Clone, Copy, Debug, Default)]
struct Watched {
    has_come: bool,
    is_left: bool,
}

/// The chunks around an observer.
#[derive(Clone, Debug)]
pub struct Sight {
    area: AreaOfInterest,
    watched: BTreeMap<u64, Watched>,
}

impl Sight {
    /// Of `radius` chunks on each side of the one that the observer is in, which follows once they are `margin_milli` milli
    /// tiles of coordinates beyond it.
    pub fn new(radius: u8, margin_milli: u32) -> Self {
        Self {
            area: AreaOfInterest::new(radius, margin_milli),
            watched: BTreeMap::new(),
        }
    }

    /// How far an observer sees everything that stays, in milli tiles, as long as chunks come before the segment is walked at
    /// whose beginning they are asked for.
    pub fn range_milli(&self) -> u64 {
        // The square follows the end of a segment while its walker is still at the beginning. A row is sqrt(3)/2 as wide as a
        // column, in thousandths 866.
        let straight = u64::from(self.area.sight_milli()) * 866 / 1_000;
        straight.saturating_sub(MoveLimits::default().max_segment_milli)
    }

    /// The same for what moves, of which the row is in the chunk that its segment leads to.
    pub fn movers_range_milli(&self) -> u64 {
        self.range_milli()
            .saturating_sub(MoveLimits::default().max_segment_milli)
    }

    /// The observer is going here.
    pub fn observe(&mut self, position: OffsetCoordinatesFloat) -> Vec<Order> {
        let change = self.area.observe(position);
        for chunk in change.leave {
            if let Some(watched) = self.watched.get_mut(&chunk) {
                watched.is_left = true;
            }
        }
        let mut orders = Vec::new();
        for chunk in change.enter {
            let watched = self.watched.entry(chunk).or_insert_with(|| {
                orders.push(Order::Watch(chunk));
                Watched::default()
            });
            watched.is_left = false;
        }
        orders.extend(self.settle());
        orders
    }

    /// The rows of a chunk have come.
    pub fn came(&mut self, chunk: u64) -> Vec<Order> {
        if let Some(watched) = self.watched.get_mut(&chunk) {
            watched.has_come = true;
        }
        self.settle()
    }

    /// Whether everything that is wanted has come.
    pub fn is_complete(&self) -> bool {
        self.watched.values().all(|watched| watched.has_come || watched.is_left)
    }

    /// The chunks that have come and are not dropped.
    pub fn chunks(&self) -> impl Iterator<Item = u64> + '_ {
        let seen = self.watched.iter().filter(|(_, watched)| watched.has_come);
        seen.map(|(chunk, _)| *chunk)
    }

    /// Lets go of what is left behind once all else has come. What has not come yet is waited for first, so that no two
    /// subscriptions to a chunk are under way.
    fn settle(&mut self) -> Vec<Order> {
        if !self.is_complete() {
            return Vec::new();
        }
        let left = self
            .watched
            .extract_if(.., |_, watched| watched.is_left && watched.has_come);
        left.map(|(chunk, _)| Order::Drop(chunk)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hexmarch_sim_core::chunk::MILLI_PER_CHUNK;
    use hexmarch_sim_core::ChunkCoordinates;
    use proptest::prelude::*;

    use super::*;

    const MARGIN: u32 = 12_000;
    const CHUNK: i32 = MILLI_PER_CHUNK;

    /// A host that answers when it is told to.
    #[derive(Default)]
    struct Host {
        asked: Vec<u64>,
        shown: BTreeSet<u64>,
        begun: usize,
    }

    impl Host {
        fn carry_out(&mut self, orders: Vec<Order>) {
            for order in orders {
                match order {
                    Order::Watch(chunk) => {
                        assert!(!self.asked.contains(&chunk) && !self.shown.contains(&chunk), "twice");
                        self.asked.push(chunk);
                        self.begun += 1;
                    }
                    Order::Drop(chunk) => assert!(self.shown.remove(&chunk), "dropped before it came"),
                }
            }
        }

        fn answer(&mut self, sight: &mut Sight) {
            if self.asked.is_empty() {
                return;
            }
            let chunk = self.asked.remove(0);
            self.shown.insert(chunk);
            self.carry_out(sight.came(chunk));
        }

        fn sees(&self, position: OffsetCoordinatesFloat, range: i32) -> bool {
            // In milli tiles; a row is sqrt(3)/2 as wide as a column.
            let rows = range * 1_000 / 866;
            let around = [
                (range, 0),
                (-range, 0),
                (0, rows),
                (0, -rows),
                (range / 2, rows / 2),
                (0, 0),
            ];
            around.iter().all(|(x, z)| {
                let point = OffsetCoordinatesFloat::overworld(position.x + x, position.z + z);
                let chunk = ChunkCoordinates::from(point).index();
                chunk.is_some_and(|chunk| self.shown.contains(&chunk))
            })
        }
    }

    fn at(x: i32, z: i32) -> OffsetCoordinatesFloat {
        OffsetCoordinatesFloat::overworld(20 * CHUNK + x, 20 * CHUNK + z)
    }

    #[test]
    fn what_is_left_is_kept_until_all_else_has_come() {
        let (mut sight, mut host) = (Sight::new(1, MARGIN), Host::default());
        host.carry_out(sight.observe(at(10, 10)));
        (0..9).for_each(|_| host.answer(&mut sight));
        assert!(sight.is_complete());
        host.carry_out(sight.observe(at(CHUNK + 12_000, 10)));
        assert_eq!((host.asked.len(), host.shown.len()), (3, 9));
        host.answer(&mut sight);
        host.answer(&mut sight);
        assert_eq!(host.shown.len(), 11, "nothing is dropped while one is under way");
        // Back before the last has come: what was left is wanted again, and not asked for again.
        host.carry_out(sight.observe(at(-12_001 + CHUNK, 10)));
        assert_eq!((host.begun, host.shown.len()), (12, 9));
        host.answer(&mut sight);
        assert_eq!(host.shown.len(), 9, "what came too late is dropped");
    }

    #[test]
    fn ranges() {
        let range = |radius, margin| {
            let sight = Sight::new(radius, margin);
            (sight.range_milli() / 1_000, sight.movers_range_milli() / 1_000)
        };
        assert_eq!(range(2, MARGIN), (146, 139));
        assert_eq!(range(1, MARGIN), (63, 56));
        assert_eq!(range(0, MARGIN), (0, 0));
    }

    proptest! {
        /// Walks and jumps with answers that come when they come: what was in range when everything had come is in range
        /// until everything has come again, and then the new is.
        #[test]
        fn never_blind(
            radius in 1..3_u8,
            moves in prop::collection::vec((-7_000..7_000_i32, -7_000..7_000_i32, 0..8_usize, 0..20_u8), 1..200),
        ) {
            let (mut sight, mut host) = (Sight::new(radius, MARGIN), Host::default());
            let (mut x, mut z) = (CHUNK / 2, CHUNK / 2);
            host.carry_out(sight.observe(at(x, z)));
            while !sight.is_complete() {
                host.answer(&mut sight);
            }
            let range = i32::try_from(sight.range_milli()).unwrap();
            let mut last = at(x, z);
            for (dx, dz, answers, die) in moves {
                // A jump leads anywhere within ten chunks.
                (x, z) = if die == 0 { (dx * 70, dz * 70) } else { (x + dx, z + dz) };
                host.carry_out(sight.observe(at(x, z)));
                prop_assert!(sight.is_complete() || host.sees(last, range), "blind at {last:?} amid a change");
                (0..answers).for_each(|_| host.answer(&mut sight));
                if sight.is_complete() {
                    last = at(x, z);
                    prop_assert!(host.sees(last, range), "blind at {last:?}");
                }
            }
            (0..host.asked.len()).for_each(|_| host.answer(&mut sight));
            let side = 2 * usize::from(radius) + 1;
            prop_assert_eq!(host.shown.len(), side * side, "nothing is kept for ever");
        }
    }
}
