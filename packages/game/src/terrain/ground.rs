//! Reading the ground, tile by tile.

use std::cell::RefCell;

use hexmarch_messages::terrain::{terrain_chunk_state, TerrainChunkState};
use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::{ChunkCoordinates, Ground, GroundCell, OffsetCoordinatesLarge, OVERWORLD};
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

    fn stored(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
        let index = ChunkCoordinates::from(tile).index()?;
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|chunk| chunk.chunk_index != index) {
            *last = self.ctx.db.terrain_chunk_state().chunk_index().find(index);
        }
        cell(last.as_ref()?, tile)
    }

    /// The nearest tile of this region, for a tile of another region of the world; `None` outside of the world.
    fn at_the_edge(&self, tile: OffsetCoordinatesLarge) -> Option<OffsetCoordinatesLarge> {
        let row = region::own(self.ctx)?;
        let layout = region::layout(&row).ok()?;
        layout.region_at(tile.center()?)?;
        let bounds = layout.bounds(row.region_index)?;
        let within = |value: i32, min_chunk: i32, max_chunk: i32| {
            value.clamp(min_chunk * LARGE_PER_CHUNK, max_chunk * LARGE_PER_CHUNK - 1)
        };
        Some(OffsetCoordinatesLarge {
            x: within(tile.x, bounds.min_chunk_x, bounds.max_chunk_x),
            z: within(tile.z, bounds.min_chunk_z, bounds.max_chunk_z),
            ..tile
        })
    }
}

impl Ground for WorldGround<'_> {
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
        self.stored(tile).or_else(|| {
            if tile.dimension != OVERWORLD {
                return None;
            }
            self.stored(self.at_the_edge(tile)?)
        })
    }
}

/// One tile of a chunk.
fn cell(chunk: &TerrainChunkState, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
    let (cell, surface) = chunk.cell(tile.index_in_chunk())?;
    Some(GroundCell {
        elevation: cell.elevation,
        water_level: cell.water_level,
        surface,
    })
}
