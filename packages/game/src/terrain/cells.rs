//! The stored ground as rules of new worlds look at it.

use std::cell::RefCell;
use std::collections::HashMap;

use hexmarch_messages::terrain::{terrain_chunk_state, CELL_BYTES};
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesLarge};
use hexmarch_world_gen::stand::KnownGround;
use hexmarch_world_gen::Cell;
use spacetimedb::ReducerContext;

/// The cells of this region; each chunk is read once.
pub struct StoredCells<'a> {
    ctx: &'a ReducerContext,
    chunks: RefCell<HashMap<u64, Option<Vec<u8>>>>,
}

impl<'a> StoredCells<'a> {
    /// Reads chunks as they are asked for.
    pub fn new(ctx: &'a ReducerContext) -> Self {
        Self {
            ctx,
            chunks: RefCell::new(HashMap::new()),
        }
    }
}

impl KnownGround for StoredCells<'_> {
    /// A large tile; `None` outside of the region, and before its world is made.
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<Cell> {
        let index = ChunkCoordinates::from(tile).index()?;
        let mut chunks = self.chunks.borrow_mut();
        let cells = chunks.entry(index).or_insert_with(|| {
            let chunk = self.ctx.db.terrain_chunk_state().chunk_index().find(index);
            chunk.map(|chunk| chunk.cells)
        });
        let start = usize::from(tile.index_in_chunk()) * CELL_BYTES;
        let bytes = cells.as_ref()?.get(start..start + CELL_BYTES)?;
        let &[elevation_low, elevation_high, water_low, water_high, biome, _surface] = bytes else {
            return None;
        };
        Some(Cell {
            elevation: i16::from_le_bytes([elevation_low, elevation_high]),
            water_level: i16::from_le_bytes([water_low, water_high]),
            biome,
        })
    }
}
