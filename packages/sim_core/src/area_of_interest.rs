//! Which chunks somebody looks at.
//!
//! An observer looks at a square of chunks around the one that they are in. Walking along a border does not change it: the
//! square follows only who has gone further than a margin beyond the middle chunk. Whoever subscribes to what
//! [`Change::enter`] names before dropping what [`Change::leave`] names always sees everything nearer than
//! [`AreaOfInterest::sight_milli`].

use crate::chunk::{ChunkCoordinates, MILLI_PER_CHUNK, MILLI_PER_LARGE};
use crate::position::OffsetCoordinatesFloat;

/// Widest square: so many chunks on each side of the middle one.
pub const MAX_RADIUS: u8 = 8;

/// The chunks that an observer looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaOfInterest {
    radius: i32,
    margin_milli: u32,
    middle: Option<ChunkCoordinates>,
}

/// What a step changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Indexes of chunks to look at from now on, the nearest first.
    pub enter: Vec<u64>,
    /// Indexes of chunks to look at no longer.
    pub leave: Vec<u64>,
}

impl Change {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.enter.is_empty() && self.leave.is_empty()
    }
}

impl AreaOfInterest {
    /// Somebody who looks at nothing yet. `radius` chunks on each side, at most [`MAX_RADIUS`]; `margin_milli` milli tiles
    /// of coordinates beyond the middle chunk before the square follows.
    pub fn new(radius: u8, margin_milli: u32) -> Self {
        Self {
            radius: i32::from(radius.min(MAX_RADIUS)),
            margin_milli,
            middle: None,
        }
    }

    /// How far the observer sees at least in every direction, in milli tiles of coordinates.
    pub fn sight_milli(&self) -> u32 {
        let chunk = MILLI_PER_CHUNK.unsigned_abs();
        // A chunk is a block of hexes: its border runs within half a large tile and a bit of its rectangle.
        let unsure = self.margin_milli.saturating_add(MILLI_PER_LARGE.unsigned_abs());
        (self.radius.unsigned_abs().saturating_mul(chunk)).saturating_sub(unsure)
    }

    /// The indexes of the chunks looked at.
    pub fn chunks(&self) -> Vec<u64> {
        self.middle.map(|middle| self.around(middle)).unwrap_or_default()
    }

    /// The observer is here now.
    pub fn observe(&mut self, position: OffsetCoordinatesFloat) -> Change {
        let here = ChunkCoordinates::from(position);
        if self.middle.is_some_and(|middle| self.stays(middle, position)) {
            return Change::default();
        }
        let before = self.chunks();
        self.middle = Some(here);
        let now = self.chunks();
        Change {
            enter: now.iter().copied().filter(|chunk| !before.contains(chunk)).collect(),
            leave: before.into_iter().filter(|chunk| !now.contains(chunk)).collect(),
        }
    }

    fn stays(&self, middle: ChunkCoordinates, position: OffsetCoordinatesFloat) -> bool {
        let within = |value: i32, chunk: i32| {
            let first = i64::from(chunk) * i64::from(MILLI_PER_CHUNK);
            let margin = i64::from(self.margin_milli);
            (first - margin..first + i64::from(MILLI_PER_CHUNK) + margin).contains(&i64::from(value))
        };
        middle.dimension == position.dimension && within(position.x, middle.x) && within(position.z, middle.z)
    }

    fn around(&self, middle: ChunkCoordinates) -> Vec<u64> {
        let side = -self.radius..=self.radius;
        let mut offsets: Vec<(i32, i32)> = side.clone().flat_map(|z| side.clone().map(move |x| (x, z))).collect();
        offsets.sort_by_key(|(x, z)| (x.abs().max(z.abs()), *z, *x));
        let index = |(x, z): (i32, i32)| {
            let chunk = ChunkCoordinates {
                x: middle.x.checked_add(x)?,
                z: middle.z.checked_add(z)?,
                ..middle
            };
            chunk.index()
        };
        offsets.into_iter().filter_map(index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHUNK: i32 = MILLI_PER_CHUNK;

    #[test]
    fn the_square_follows_beyond_the_margin() {
        let mut area = AreaOfInterest::new(1, 12_000);
        let at = |x, z| OffsetCoordinatesFloat::overworld(x, z);
        let first = area.observe(at(5 * CHUNK + 10, 5 * CHUNK + 10));
        assert_eq!((first.enter.len(), first.leave.len()), (9, 0));
        assert_eq!(first.enter[0], 5_006, "the nearest first");
        // Along the border and a little over it: nothing changes.
        assert!(area.observe(at(5 * CHUNK - 12_000, 5 * CHUNK - 12_000)).is_empty());
        let change = area.observe(at(5 * CHUNK - 12_001, 5 * CHUNK + 10));
        assert_eq!((change.enter.len(), change.leave.len()), (3, 3));
        assert!(area.observe(at(5 * CHUNK + 10, 5 * CHUNK + 10)).is_empty());
        // Elsewhere altogether.
        let change = area.observe(OffsetCoordinatesFloat::new(10, 10, 2));
        assert_eq!((change.enter.len(), change.leave.len()), (4, 9), "no chunks below zero");
    }

    proptest! {
        /// A walk of any steps: what is near is always looked at, and what changes is what changed.
        #[test]
        fn nobody_is_ever_blind(
            radius in 1..4_u8, margin in 0..40_000_u32,
            start in (20 * CHUNK..30 * CHUNK, 20 * CHUNK..30 * CHUNK),
            steps in prop::collection::vec((-30_000..30_000_i32, -30_000..30_000_i32), 1..60),
        ) {
            let mut area = AreaOfInterest::new(radius, margin);
            let (mut x, mut z) = start;
            let mut known: Vec<u64> = Vec::new();
            for (dx, dz) in steps {
                (x, z) = (x + dx, z + dz);
                let change = area.observe(OffsetCoordinatesFloat::overworld(x, z));
                prop_assert!(change.leave.iter().all(|chunk| known.contains(chunk)));
                prop_assert!(change.enter.iter().all(|chunk| !known.contains(chunk)));
                known.retain(|chunk| !change.leave.contains(chunk));
                known.extend(change.enter);
                let sight = i32::try_from(area.sight_milli()).unwrap();
                for (far_x, far_z) in [(sight, 0), (-sight, sight), (0, -sight), (sight, sight), (-sight, -sight)] {
                    let seen = ChunkCoordinates::from(OffsetCoordinatesFloat::overworld(x + far_x, z + far_z));
                    prop_assert!(known.contains(&seen.index().unwrap()), "blind at {far_x}, {far_z}");
                }
            }
        }

        /// Steps to and fro that are shorter than the margin change nothing.
        #[test]
        fn nothing_flaps(
            radius in 1..4_u8, margin in 5_000..40_000_u32, x in 0..CHUNK, z in 0..CHUNK,
            steps in prop::collection::vec((-2_500..2_500_i32, -2_500..2_500_i32), 1..40),
        ) {
            let mut area = AreaOfInterest::new(radius, margin);
            let at = |dx, dz| OffsetCoordinatesFloat::overworld(25 * CHUNK + x + dx, 25 * CHUNK + z + dz);
            let mut changes = 0;
            for (dx, dz) in steps {
                changes += usize::from(!area.observe(at(dx, dz)).is_empty());
            }
            // The first look, and one that moves the square away from a corner at most.
            prop_assert!(changes <= 2, "{changes} changes");
        }
    }
}
