//! Which region owns which part of the open world.
//!
//! Regions are equal rectangles of chunks, laid out row by row from chunk (0, 0). Region indexes start at 1: index 0
//! is the global database. The last row may be short; what it leaves open belongs to nobody.

use thiserror::Error;

use crate::chunk::{ChunkCoordinates, CHUNKS_PER_SIDE, MILLI_PER_CHUNK};
use crate::position::{OffsetCoordinatesFloat, OVERWORLD};

/// How the open world is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RegionLayout {
    region_count: u8,
    columns: u8,
    width_chunks: u16,
    height_chunks: u16,
}

/// The place of a region among the regions of the open world, whether one is there or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCoordinates {
    /// Column.
    pub x: i32,
    /// Row.
    pub z: i32,
}

/// Why a layout is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RegionError {
    /// There are no regions, or they have no width or height.
    #[error("region.empty_layout")]
    Empty,
    /// The regions together leave the chunks that have an index.
    #[error("region.layout_too_large|{CHUNKS_PER_SIDE}")]
    TooLarge,
}

/// The rectangle of one region: minimum inclusive, maximum exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RegionBounds {
    /// First chunk column.
    pub min_chunk_x: i32,
    /// First chunk row.
    pub min_chunk_z: i32,
    /// The chunk column after the last.
    pub max_chunk_x: i32,
    /// The chunk row after the last.
    pub max_chunk_z: i32,
}

impl RegionBounds {
    /// First column, in milli tiles.
    pub fn min_x(&self) -> i32 {
        self.min_chunk_x.saturating_mul(MILLI_PER_CHUNK)
    }

    /// First row, in milli tiles.
    pub fn min_z(&self) -> i32 {
        self.min_chunk_z.saturating_mul(MILLI_PER_CHUNK)
    }

    /// The column after the last, in milli tiles.
    pub fn max_x(&self) -> i32 {
        self.max_chunk_x.saturating_mul(MILLI_PER_CHUNK)
    }

    /// The row after the last, in milli tiles.
    pub fn max_z(&self) -> i32 {
        self.max_chunk_z.saturating_mul(MILLI_PER_CHUNK)
    }

    /// Whether a point of the open world belongs to a chunk inside.
    pub fn contains(&self, position: OffsetCoordinatesFloat) -> bool {
        self.contains_chunk(ChunkCoordinates::from(position))
    }

    /// Whether a chunk of the open world is inside.
    pub fn contains_chunk(&self, chunk: ChunkCoordinates) -> bool {
        chunk.dimension == OVERWORLD
            && (self.min_chunk_x..self.max_chunk_x).contains(&chunk.x)
            && (self.min_chunk_z..self.max_chunk_z).contains(&chunk.z)
    }

    /// How far outside a point is along the axis on which it is further out, in milli tiles of coordinates; 0 inside.
    ///
    /// A point just below the minimum is 1 outside, and so is one at the exclusive maximum.
    fn outside_milli(&self, position: OffsetCoordinatesFloat) -> u32 {
        let axis = |value: i32, min: i32, max: i32| {
            if value < min {
                value.abs_diff(min)
            } else if value >= max {
                value.abs_diff(max).saturating_add(1)
            } else {
                0
            }
        };
        axis(position.x, self.min_x(), self.max_x()).max(axis(position.z, self.min_z(), self.max_z()))
    }
}

impl RegionLayout {
    /// `region_count` regions of `width_chunks` x `height_chunks` chunks, `columns` of them in a row.
    ///
    /// # Errors
    /// [`RegionError::Empty`] if any number is 0, [`RegionError::TooLarge`] if the world has more than 1000 chunks on
    /// a side.
    pub fn new(region_count: u8, columns: u8, width_chunks: u16, height_chunks: u16) -> Result<Self, RegionError> {
        if region_count == 0 || columns == 0 || width_chunks == 0 || height_chunks == 0 {
            return Err(RegionError::Empty);
        }
        let rows = region_count.div_ceil(columns);
        let fits = |count: u8, size: u16| i32::from(count) * i32::from(size) <= CHUNKS_PER_SIDE;
        if !fits(columns, width_chunks) || !fits(rows, height_chunks) {
            return Err(RegionError::TooLarge);
        }
        Ok(Self {
            region_count,
            columns,
            width_chunks,
            height_chunks,
        })
    }

    /// The columns of a square world: the root of the count, rounded up.
    pub fn square(region_count: u8) -> u8 {
        let root = region_count.isqrt();
        let is_square = u16::from(root) * u16::from(root) == u16::from(region_count);
        root + u8::from(!is_square)
    }

    /// How many regions there are; their indexes are `1..=region_count`.
    pub fn region_count(&self) -> u8 {
        self.region_count
    }

    /// How many regions a row has.
    pub fn columns(&self) -> u8 {
        self.columns
    }

    /// Chunks along the x side of a region.
    pub fn width_chunks(&self) -> u16 {
        self.width_chunks
    }

    /// Chunks along the z side of a region.
    pub fn height_chunks(&self) -> u16 {
        self.height_chunks
    }

    /// All region indexes, in order.
    pub fn indexes(&self) -> impl Iterator<Item = u8> {
        1..=self.region_count
    }

    /// The rectangle of a region; `None` for an index that the layout does not have.
    pub fn bounds(&self, index: u8) -> Option<RegionBounds> {
        let RegionCoordinates { x, z } = self.coordinates(index)?;
        let (width, height) = (i32::from(self.width_chunks), i32::from(self.height_chunks));
        let (min_chunk_x, min_chunk_z) = (x * width, z * height);
        Some(RegionBounds {
            min_chunk_x,
            min_chunk_z,
            max_chunk_x: min_chunk_x + width,
            max_chunk_z: min_chunk_z + height,
        })
    }

    /// Where a region is; `None` for an index that the layout does not have.
    pub fn coordinates(&self, index: u8) -> Option<RegionCoordinates> {
        let place = index.checked_sub(1).filter(|_| index <= self.region_count)?;
        Some(RegionCoordinates {
            x: i32::from(place.checked_rem(self.columns)?),
            z: i32::from(place.checked_div(self.columns)?),
        })
    }

    /// The region of a place; `None` where none is.
    pub fn index(&self, at: RegionCoordinates) -> Option<u8> {
        let columns = i32::from(self.columns);
        if !(0..columns).contains(&at.x) || at.z < 0 {
            return None;
        }
        let index = at.z.checked_mul(columns)?.checked_add(at.x)?.checked_add(1)?;
        u8::try_from(index).ok().filter(|index| *index <= self.region_count)
    }

    /// The place that a chunk lies in, also where no region is; `None` in dimensions other than the open world.
    pub fn coordinates_of(&self, chunk: ChunkCoordinates) -> Option<RegionCoordinates> {
        (chunk.dimension == OVERWORLD).then(|| RegionCoordinates {
            x: chunk.x.div_euclid(i32::from(self.width_chunks)),
            z: chunk.z.div_euclid(i32::from(self.height_chunks)),
        })
    }

    /// The region that owns a position; `None` outside the world and in other dimensions.
    pub fn region_at(&self, position: OffsetCoordinatesFloat) -> Option<u8> {
        self.index(self.coordinates_of(ChunkCoordinates::from(position))?)
    }

    /// The regions that touch a region, corners included, in order; empty for an unknown index.
    pub fn neighbours(&self, index: u8) -> Vec<u8> {
        let Some(at) = self.coordinates(index) else {
            return Vec::new();
        };
        (at.z - 1..=at.z + 1)
            .flat_map(|z| (at.x - 1..=at.x + 1).map(move |x| RegionCoordinates { x, z }))
            .filter_map(|other| self.index(other))
            .filter(|other| *other != index)
            .collect()
    }

    /// The region that a walker of region `index` belongs to from here on.
    ///
    /// `None` inside the region and up to and including `hysteresis_milli` milli tiles of coordinates outside of its
    /// rectangle (so that nobody is handed to and fro who walks along a border, which runs between hexes), outside the world, in other dimensions, and for an
    /// unknown index.
    pub fn crossing(&self, index: u8, position: OffsetCoordinatesFloat, hysteresis_milli: u32) -> Option<u8> {
        if self.bounds(index)?.outside_milli(position) <= hysteresis_milli {
            return None;
        }
        self.region_at(position).filter(|other| *other != index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHUNK: i32 = MILLI_PER_CHUNK;

    fn layout(count: u8) -> RegionLayout {
        RegionLayout::new(count, RegionLayout::square(count), 10, 5).unwrap()
    }

    #[test]
    fn layouts() {
        for (count, columns) in [
            (1, 1),
            (2, 2),
            (3, 2),
            (4, 2),
            (5, 3),
            (9, 3),
            (10, 4),
            (225, 15),
            (255, 16),
        ] {
            assert_eq!(RegionLayout::square(count), columns, "{count}");
        }
        for (count, columns, width, height) in [(0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0)] {
            let layout = RegionLayout::new(count, columns, width, height);
            assert_eq!(layout, Err(RegionError::Empty));
        }
        assert!(RegionLayout::new(4, 2, 500, 500).is_ok());
        assert!(RegionLayout::new(2, 2, 500, 1_000).is_ok());
        assert!(RegionLayout::new(4, 1, 1_000, 250).is_ok());
        for (count, columns, width, height) in [
            (4, 2, 501, 1),
            (4, 2, 1, 501),
            (4, 1, 1, 251),
            (1, 1, u16::MAX, 1),
            (255, 16, u16::MAX, u16::MAX),
        ] {
            let layout = RegionLayout::new(count, columns, width, height);
            assert_eq!(layout, Err(RegionError::TooLarge));
        }
        assert_eq!(RegionError::TooLarge.to_string(), "region.layout_too_large|1000");
    }

    #[test]
    fn a_world_that_grows_leaves_its_regions_where_they_are() {
        let before = RegionLayout::new(2, 2, 10, 5).unwrap();
        let after = RegionLayout::new(9, 2, 10, 5).unwrap();
        for index in before.indexes() {
            assert_eq!(before.bounds(index), after.bounds(index));
        }
        assert_eq!(after.neighbours(2), [1, 3, 4]);
    }

    #[test]
    fn bounds_and_neighbours() {
        let five = layout(5);
        let bounds = five.bounds(5).unwrap();
        assert_eq!(
            (
                bounds.min_chunk_x,
                bounds.min_chunk_z,
                bounds.max_chunk_x,
                bounds.max_chunk_z
            ),
            (10, 5, 20, 10)
        );
        assert_eq!((bounds.min_x(), bounds.max_z()), (10 * CHUNK, 10 * CHUNK));
        assert_eq!(five.bounds(0), None);
        assert_eq!(five.bounds(6), None);
        assert_eq!(five.neighbours(1), [2, 4, 5]);
        assert_eq!(five.neighbours(3), [2, 5]);
        assert_eq!(five.neighbours(5), [1, 2, 3, 4]);
        assert_eq!(five.neighbours(6), Vec::<u8>::new());
        assert_eq!(layout(1).neighbours(1), Vec::<u8>::new());
    }

    #[track_caller]
    fn check(from: u8, (x, z): (i32, i32), expected: Option<u8>) {
        // Three regions: 1 and 2 above, 3 below 1; the place of 4 is empty.
        assert_eq!(
            layout(3).crossing(from, OffsetCoordinatesFloat::overworld(x, z), 3_000),
            expected,
            "{from} at {x},{z}"
        );
    }

    #[test]
    fn crossings() {
        let (right, below) = (10 * CHUNK, 5 * CHUNK);
        check(1, (0, 0), None);
        check(1, (right - 1, 0), None);
        check(1, (right + 2_999, 0), None);
        check(1, (right + 3_000, 0), Some(2));
        check(2, (right - 3_000, 0), None);
        check(2, (right - 3_001, 0), Some(1));
        check(1, (0, below + 3_000), Some(3));
        check(2, (right - 3_001, below + 1), Some(3));
        // Nobody's land, and beyond the world.
        check(1, (right + 4_000, below + 4_000), None);
        check(1, (-3_001, 0), None);
        check(2, (20 * CHUNK + 3_001, 0), None);
        check(7, (0, 0), None);
        check(1, (i32::MIN, i32::MAX), None);
        assert_eq!(
            layout(3).crossing(1, OffsetCoordinatesFloat::new(right + 4_000, 0, 2), 3_000),
            None
        );
    }

    proptest! {
        #[test]
        fn one_owner_and_no_flapping(
            count in 1..=255_u8, columns in 1..=16_u8, width in 1..60_u16, height in 1..60_u16,
            x in -CHUNK..970 * CHUNK, z in -CHUNK..970 * CHUNK, from in 1..=255_u8, hysteresis in 0..2_000_000_u32,
        ) {
            let Ok(layout) = RegionLayout::new(count, columns, width, height) else { return Ok(()) };
            let position = OffsetCoordinatesFloat::overworld(x, z);
            let owners: Vec<_> =
                layout.indexes().filter(|index| layout.bounds(*index).unwrap().contains(position)).collect();
            prop_assert!(owners.len() <= 1);
            prop_assert_eq!(layout.region_at(position), owners.first().copied());
            if let Some(next) = layout.crossing(from, position, hysteresis) {
                prop_assert_eq!(layout.region_at(position), Some(next));
                prop_assert!(next != from);
                prop_assert_eq!(layout.crossing(next, position, hysteresis), None);
            }
        }

        #[test]
        fn a_step_back_shorter_than_the_hysteresis_stays(
            x in 0..20 * CHUNK, step in 0..4_000_i32, hysteresis in 2_000..9_000_u32,
        ) {
            // Whoever has just crossed is not sent back by a step shorter than the hysteresis.
            let layout = layout(2);
            if let Some(next) = layout.crossing(1, OffsetCoordinatesFloat::overworld(x, 0), hysteresis) {
                let back = OffsetCoordinatesFloat::overworld(x - step.min(hysteresis as i32), 0);
                prop_assert_eq!(layout.crossing(next, back, hysteresis), None);
            }
        }

        #[test]
        fn regions_and_places_name_each_other(
            count in 1..=255_u8, columns in 1..=255_u8, width in 1..60_u16, height in 1..60_u16,
            x in -3..258, z in -3..258,
        ) {
            let Ok(layout) = RegionLayout::new(count, columns, width, height) else { return Ok(()) };
            for index in layout.indexes() {
                prop_assert_eq!(layout.coordinates(index).and_then(|at| layout.index(at)), Some(index));
            }
            let at = RegionCoordinates { x, z };
            if let Some(index) = layout.index(at) {
                prop_assert_eq!(layout.coordinates(index), Some(at));
            }
            prop_assert_eq!(layout.coordinates(0), None);
            prop_assert_eq!(count.checked_add(1).and_then(|beyond| layout.coordinates(beyond)), None);
        }

        #[test]
        fn the_corners_of_a_region_are_its_own_and_those_beyond_its_neighbours(
            count in 1..=255_u8, columns in 1..=16_u8, width in 1..60_u16, height in 1..60_u16, index in 1..=255_u8,
        ) {
            let Ok(layout) = RegionLayout::new(count, columns, width, height) else { return Ok(()) };
            let (Some(at), Some(bounds)) = (layout.coordinates(index), layout.bounds(index)) else { return Ok(()) };
            let chunk = |x, z, dimension| ChunkCoordinates { x, z, dimension };
            let place = |x, z, dimension| layout.coordinates_of(chunk(x, z, dimension));
            let (west, east) = (bounds.min_chunk_x, bounds.max_chunk_x - 1);
            let (south, north) = (bounds.min_chunk_z, bounds.max_chunk_z - 1);
            for (x, z) in [(west, south), (west, north), (east, south), (east, north)] {
                prop_assert_eq!(place(x, z, OVERWORLD), Some(at));
                prop_assert!(bounds.contains_chunk(chunk(x, z, OVERWORLD)));
                prop_assert_eq!(place(x, z, OVERWORLD + 1), None);
            }
            for (x, z, dx, dz) in [(west - 1, south, -1, 0), (east + 1, north, 1, 0), (west, south - 1, 0, -1), (east, north + 1, 0, 1)] {
                prop_assert_eq!(place(x, z, OVERWORLD), Some(RegionCoordinates { x: at.x + dx, z: at.z + dz }));
                prop_assert!(!bounds.contains_chunk(chunk(x, z, OVERWORLD)));
            }
        }

        #[test]
        fn neighbours_are_mutual(count in 1..=255_u8, columns in 1..=255_u8, index in 1..=255_u8) {
            let layout = RegionLayout::new(count, columns, 1, 1).unwrap();
            for other in layout.neighbours(index) {
                prop_assert!(layout.neighbours(other).contains(&index));
            }
        }
    }
}
