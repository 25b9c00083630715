//! Blocks of 32 x 32 large tiles, with the index by which clients subscribe to them.

use crate::hex::OffsetCoordinatesLarge;
use crate::position::{OffsetCoordinatesFloat, MILLI_PER_TILE};

/// Small tiles along one side of a large tile.
pub const SMALL_PER_LARGE: i32 = 3;
/// Large tiles along one side of a chunk.
pub const LARGE_PER_CHUNK: i32 = 32;
/// Milli tiles along one side of a large tile.
pub const MILLI_PER_LARGE: i32 = MILLI_PER_TILE * SMALL_PER_LARGE;
/// Milli tiles along one side of a chunk.
pub const MILLI_PER_CHUNK: i32 = MILLI_PER_LARGE * LARGE_PER_CHUNK;
/// Chunks along one side of a dimension that have an index.
pub const CHUNKS_PER_SIDE: i32 = 1_000;
/// Large tiles in a chunk.
pub const LARGE_TILES_PER_CHUNK: u16 = 1_024;

const CHUNKS_PER_ROW: u64 = 1_000;
const CHUNKS_PER_DIMENSION: u64 = 1_000_000;

/// A block of 32 x 32 large tiles of one dimension: what clients subscribe to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkCoordinates {
    /// Column; has an index within `0..1000`.
    pub x: i32,
    /// Row; has an index within `0..1000`.
    pub z: i32,
    /// The dimension; has an index from 1 on.
    pub dimension: u32,
}

impl From<OffsetCoordinatesLarge> for ChunkCoordinates {
    /// The chunk that a tile lies in.
    fn from(tile: OffsetCoordinatesLarge) -> Self {
        Self {
            x: tile.x.div_euclid(LARGE_PER_CHUNK),
            z: tile.z.div_euclid(LARGE_PER_CHUNK),
            dimension: tile.dimension,
        }
    }
}

impl From<OffsetCoordinatesFloat> for ChunkCoordinates {
    /// The chunk of the large tile that a point belongs to.
    fn from(point: OffsetCoordinatesFloat) -> Self {
        OffsetCoordinatesLarge::from(point).into()
    }
}

impl OffsetCoordinatesLarge {
    /// The place of this tile in its chunk's arrays: `z * 32 + x`, `0..1024`.
    pub fn index_in_chunk(self) -> u16 {
        let index = self.z.rem_euclid(LARGE_PER_CHUNK) * LARGE_PER_CHUNK + self.x.rem_euclid(LARGE_PER_CHUNK);
        u16::try_from(index).unwrap_or_default()
    }
}

impl ChunkCoordinates {
    /// The number under which the chunk and everything in it is found:
    /// `(dimension - 1) * 1_000_000 + z * 1000 + x + 1`.
    ///
    /// `None` where `x` or `z` leaves `0..1000`, and in dimension 0.
    pub fn index(self) -> Option<u64> {
        let side = 0..CHUNKS_PER_SIDE;
        if !side.contains(&self.x) || !side.contains(&self.z) {
            return None;
        }
        let dimension = u64::from(self.dimension.checked_sub(1)?);
        let (x, z) = (u64::try_from(self.x).ok()?, u64::try_from(self.z).ok()?);
        Some(dimension * CHUNKS_PER_DIMENSION + z * CHUNKS_PER_ROW + x + 1)
    }

    /// The chunk of an index: the inverse of [`ChunkCoordinates::index`]. `None` for numbers that no chunk has.
    pub fn from_index(index: u64) -> Option<Self> {
        let index = index.checked_sub(1)?;
        let dimension = u32::try_from(index / CHUNKS_PER_DIMENSION).ok()?.checked_add(1)?;
        let x = i32::try_from(index % CHUNKS_PER_ROW).ok()?;
        let z = i32::try_from(index / CHUNKS_PER_ROW % CHUNKS_PER_ROW).ok()?;
        Some(Self { x, z, dimension })
    }

    /// The large tile at an index of this chunk's arrays: the inverse of [`OffsetCoordinatesLarge::index_in_chunk`].
    ///
    /// `None` from 1024 on, and where the tile's coordinates would leave `i32`.
    pub fn large_tile(self, index: u16) -> Option<OffsetCoordinatesLarge> {
        if index >= LARGE_TILES_PER_CHUNK {
            return None;
        }
        let index = i32::from(index);
        let along = |chunk: i32, tile: i32| chunk.checked_mul(LARGE_PER_CHUNK)?.checked_add(tile);
        let (x, z) = (
            along(self.x, index % LARGE_PER_CHUNK)?,
            along(self.z, index / LARGE_PER_CHUNK)?,
        );
        Some(OffsetCoordinatesLarge::new(x, z, self.dimension))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check_index(chunk: (i32, i32, u32), index: Option<u64>) {
        let chunk = ChunkCoordinates {
            x: chunk.0,
            z: chunk.1,
            dimension: chunk.2,
        };
        assert_eq!(chunk.index(), index, "{chunk:?}");
    }

    #[test]
    fn chunk_indexes() {
        check_index((0, 0, 1), Some(1));
        check_index((999, 0, 1), Some(1_000));
        check_index((0, 1, 1), Some(1_001));
        check_index((999, 999, 1), Some(1_000_000));
        check_index((0, 0, 2), Some(1_000_001));
        check_index((999, 999, u32::MAX), Some(4_294_967_295_000_000));
        for outside in [
            (-1, 0, 1),
            (0, -1, 1),
            (1_000, 0, 1),
            (0, 1_000, 1),
            (i32::MIN, i32::MAX, 1),
            (0, 0, 0),
        ] {
            check_index(outside, None);
        }
        assert_eq!(ChunkCoordinates::from_index(0), None);
        assert_eq!(ChunkCoordinates::from_index(4_294_967_295_000_001), None);
        assert_eq!(ChunkCoordinates::from_index(u64::MAX), None);
    }

    proptest! {
        #[test]
        fn chunk_index_round_trip(x in 0..1_000, z in 0..1_000, dimension in 1..=u32::MAX) {
            let chunk = ChunkCoordinates { x, z, dimension };
            prop_assert_eq!(chunk.index().and_then(ChunkCoordinates::from_index), Some(chunk));
        }

        #[test]
        fn every_index_is_a_chunk_or_nothing(index in any::<u64>()) {
            if let Some(chunk) = ChunkCoordinates::from_index(index) {
                prop_assert_eq!(chunk.index(), Some(index));
            }
        }

        #[test]
        fn tile_index_round_trip(x in any::<i32>(), z in any::<i32>()) {
            let tile = OffsetCoordinatesLarge::new(x, z, 1);
            prop_assert!(tile.index_in_chunk() < LARGE_TILES_PER_CHUNK);
            prop_assert_eq!(ChunkCoordinates::from(tile).large_tile(tile.index_in_chunk()), Some(tile));
        }

        #[test]
        fn points_belong_to_the_chunk_of_their_tile(x in any::<i32>(), z in any::<i32>()) {
            let point = OffsetCoordinatesFloat::overworld(x, z);
            let tile = OffsetCoordinatesLarge::from(point);
            prop_assert_eq!(ChunkCoordinates::from(point), ChunkCoordinates::from(tile));
            // Nobody is in a chunk whose rectangle is further than half a tile off.
            let chunk = ChunkCoordinates::from(point);
            for (value, chunk) in [(x, chunk.x), (z, chunk.z)] {
                let first = i64::from(chunk) * i64::from(MILLI_PER_CHUNK);
                let reach = i64::from(MILLI_PER_LARGE);
                prop_assert!((first - reach..first + i64::from(MILLI_PER_CHUNK) + reach).contains(&i64::from(value)));
            }
        }
    }
}
