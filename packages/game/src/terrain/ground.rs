//! Reading the ground, tile by tile.

use std::cell::RefCell;

use hexmarch_messages::terrain::{terrain_chunk_state, TerrainChunkState, CELL_BYTES};
use hexmarch_sim_core::{Ground, GroundCell, LargeTile, Position, OVERWORLD};
use spacetimedb::ReducerContext;

use crate::region;

/// The stored ground of this region, and beyond its border the assumption that the ground goes on as it is at the
/// edge: the neighbour checks its own ground.
pub struct WorldGround<'a> {
    ctx: &'a ReducerContext,
    last: RefCell<Option<TerrainChunkState>>,
}

impl<'a> WorldGround<'a> {
    /// Reads chunks as they are asked for; each at most once in a row.
    pub fn new(ctx: &'a ReducerContext) -> Self {
        Self {
            ctx,
            last: RefCell::new(None),
        }
    }

    fn stored(&self, tile: LargeTile, dimension: u32) -> Option<GroundCell> {
        let index = tile.chunk(dimension).index()?;
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|chunk| chunk.chunk_index != index) {
            *last = self.ctx.db.terrain_chunk_state().chunk_index().find(index);
        }
        cell(last.as_ref()?, tile)
    }

    /// The nearest tile of this region, for a tile of another region of the world; `None` outside of the world.
    fn at_the_edge(&self, tile: LargeTile) -> Option<LargeTile> {
        let row = region::own(self.ctx)?;
        let layout = region::layout(&row).ok()?;
        let position = tile.center(OVERWORLD)?;
        layout.region_at(position)?;
        let bounds = layout.bounds(row.region_index)?;
        let clamped = Position::new(
            position.x.clamp(bounds.min_x(), bounds.max_x() - 1),
            position.z.clamp(bounds.min_z(), bounds.max_z() - 1),
            OVERWORLD,
        );
        Some(LargeTile::from(clamped))
    }
}

impl Ground for WorldGround<'_> {
    fn cell(&self, tile: LargeTile, dimension: u32) -> Option<GroundCell> {
        self.stored(tile, dimension).or_else(|| {
            if dimension != OVERWORLD {
                return None;
            }
            self.stored(self.at_the_edge(tile)?, dimension)
        })
    }
}

/// One tile out of a chunk's cells.
fn cell(chunk: &TerrainChunkState, tile: LargeTile) -> Option<GroundCell> {
    let start = usize::from(tile.index_in_chunk()) * CELL_BYTES;
    let bytes = chunk.cells.get(start..start + CELL_BYTES)?;
    let &[elevation_low, elevation_high, water_low, water_high, _biome, surface] = bytes else {
        return None;
    };
    Some(GroundCell {
        elevation: i16::from_le_bytes([elevation_low, elevation_high]),
        water_level: i16::from_le_bytes([water_low, water_high]),
        surface,
    })
}
