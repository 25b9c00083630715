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

    /// The tile whose ground is that of a tile: itself, past the border the one at the edge. `None` outside of the world, and too
    /// far past the border.
    fn own(&self, tile: OffsetCoordinatesLarge) -> Option<OffsetCoordinatesLarge> {
        let Some((layout, bounds)) = self.home.as_ref().filter(|_| tile.dimension == OVERWORLD) else {
            return Some(tile);
        };
        let within = |value: i32, min_chunk: i32, max_chunk: i32| {
            value.clamp(min_chunk * LARGE_PER_CHUNK, max_chunk * LARGE_PER_CHUNK - 1)
        };
        let edge = OffsetCoordinatesLarge {
            x: within(tile.x, bounds.min_chunk_x, bounds.max_chunk_x),
            z: within(tile.z, bounds.min_chunk_z, bounds.max_chunk_z),
            ..tile
        };
        let beyond = edge.x.abs_diff(tile.x).max(edge.z.abs_diff(tile.z));
        if beyond > 0 {
            layout.region_at(tile.center()?)?;
        }
        (beyond <= BEYOND_BORDER.unsigned_abs()).then_some(edge)
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
        self.seen(self.own(tile)?)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Chunks whose cells say in which column and row they are.
    fn cells(index: u64) -> Option<Vec<u8>> {
        let chunk = ChunkCoordinates::from_index(index)?;
        let bytes = |tile: u16| {
            let tile = chunk.large_tile(tile).unwrap_or_default();
            let ([x_low, x_high], [z_low, z_high]) = ((tile.x as i16).to_le_bytes(), (tile.z as i16).to_le_bytes());
            [x_low, x_high, z_low, z_high, 7, 2]
        };
        Some((0..1_024).flat_map(bytes).collect())
    }

    #[track_caller]
    fn check(region: u8, tile: (i32, i32), expected: Option<(i16, i16)>) {
        let layout = RegionLayout::new(3, 2, 2, 2).unwrap();
        let ground = SeenGround::new(cells, Some((layout, region)));
        let cell = ground.cell(OffsetCoordinatesLarge::new(tile.0, tile.1, OVERWORLD));
        assert_eq!(
            cell.map(|cell| (cell.elevation, cell.water_level)),
            expected,
            "{tile:?}"
        );
        assert!(cell.is_none_or(|cell| cell.surface == 2));
    }

    #[test]
    fn beyond_the_border_it_goes_on_as_at_the_edge() {
        check(1, (0, 0), Some((0, 0)));
        check(1, (63, 5), Some((63, 5)));
        check(1, (64, 5), Some((63, 5)));
        check(1, (68, 5), Some((63, 5)));
        check(1, (7, 66), Some((7, 63)));
        check(2, (62, 9), Some((64, 9)));
        // Beyond that one is in the next region by now.
        check(2, (58, 9), None);
        // Outside of the world: the fourth region is not there.
        check(2, (70, 64), None);
        check(3, (64, 70), None);
        check(1, (-1, 0), None);
    }

    #[test]
    fn what_is_not_seen_is_not_known() {
        let first = |index: u64| cells(index).filter(|_| index == 1);
        let ground = SeenGround::new(first, None);
        let at = |x, z, dimension| ground.cell(OffsetCoordinatesLarge::new(x, z, dimension));
        assert!(at(31, 31, 1).is_some());
        assert_eq!(at(32, 31, 1), None);
        assert_eq!(at(0, 0, 2), None);
        let torn = SeenGround::new(|_| Some(vec![1, 2, 3]), None);
        assert_eq!(torn.cell(OffsetCoordinatesLarge::new(0, 0, 1)), None);
    }
}
