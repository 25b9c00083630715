//! The ground as a client knows it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::{
    ChunkCoordinates, Ground, GroundCell, OffsetCoordinatesLarge, RegionBounds, RegionLayout, OVERWORLD,
};

/// Bytes of one large tile in `TerrainChunkState::cells`: elevation `i16`, water level `i16`, biome `u8`, surface `u8`.
pub const CELL_BYTES: usize = 6;
/// How far past the border of the region ground is known, in large tiles. Whoever is further is in the next region.
pub const BEYOND_BORDER: i32 = 5;

/// The chunks that a client sees, and past the border of its region what the server assumes there: that the ground goes on
/// as it is at the edge. What lies there in truth is seen upon arrival.
pub struct SeenGround<F> {
    cells: F,
    home: Option<(RegionLayout, RegionBounds)>,
    read: RefCell<BTreeMap<u64, Option<Vec<u8>>>>,
}

impl<F: Fn(u64) -> Option<Vec<u8>>> SeenGround<F> {
    /// `cells` gives the cells of a chunk by its index, if it is seen; each chunk is asked for once. `home` is how the regions
    /// lie and the index of the own one.
    pub fn new(cells: F, home: Option<(RegionLayout, u8)>) -> Self {
        let bounds = |(layout, region): (RegionLayout, u8)| Some((layout, layout.bounds(region)?));
        Self {
            cells,
            home: home.and_then(bounds),
            read: RefCell::default(),
        }
    }

    /// The region that a tile outside of the own one is in, if it is of the world and not too far out: the tile at the edge.
    fn at_the_edge(&self, tile: OffsetCoordinatesLarge) -> Option<OffsetCoordinatesLarge> {
        let (layout, bounds) = self.home.as_ref()?;
        if tile.dimension != OVERWORLD {
            return None;
        }
        let within = |value: i32, min_chunk: i32, max_chunk: i32| {
            value.clamp(min_chunk * LARGE_PER_CHUNK, max_chunk * LARGE_PER_CHUNK - 1)
        };
        let edge = OffsetCoordinatesLarge {
            x: within(tile.x, bounds.min_chunk_x, bounds.max_chunk_x),
            z: within(tile.z, bounds.min_chunk_z, bounds.max_chunk_z),
            ..tile
        };
        let is_outside = edge != tile;
        let is_near = edge.x.abs_diff(tile.x).max(edge.z.abs_diff(tile.z)) <= BEYOND_BORDER.unsigned_abs();
        layout.region_at(tile.center()?)?;
        (is_outside && is_near).then_some(edge)
    }

    fn seen(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
        let chunk = ChunkCoordinates::from(tile).index()?;
        let mut read = self.read.borrow_mut();
        let cells = read.entry(chunk).or_insert_with(|| (self.cells)(chunk));
        cell(cells.as_ref()?, tile)
    }
}

impl<F: Fn(u64) -> Option<Vec<u8>>> Ground for SeenGround<F> {
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
        self.seen(self.at_the_edge(tile).unwrap_or(tile))
    }
}

/// One tile out of a chunk's cells.
fn cell(cells: &[u8], tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
    let start = usize::from(tile.index_in_chunk()) * CELL_BYTES;
    let bytes = cells.get(start..start + CELL_BYTES)?;
    let &[elevation_low, elevation_high, water_low, water_high, _biome, surface] = bytes else {
        return None;
    };
    Some(GroundCell {
        elevation: i16::from_le_bytes([elevation_low, elevation_high]),
        water_level: i16::from_le_bytes([water_low, water_high]),
        surface,
    })
}
