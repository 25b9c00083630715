//! Ground that enemies know: that of their region.

use hexmarch_messages::enemy::HerdState;
use hexmarch_sim_core::{
    ChunkCoordinates, Ground, GroundCell, OffsetCoordinatesFloat, OffsetCoordinatesLarge, OffsetCoordinatesSmall,
    RegionBounds, OVERWORLD,
};
use spacetimedb::ReducerContext;

use crate::region;
use crate::terrain::ground::WorldGround;

/// The ground of this region, and none beyond its border.
pub struct Land<'a> {
    ground: WorldGround<'a>,
    bounds: Option<RegionBounds>,
}

impl<'a> Land<'a> {
    /// Reads chunks as they are asked for.
    pub fn new(ctx: &'a ReducerContext) -> Self {
        let own = region::own(ctx);
        let bounds = own.and_then(|row| region::layout(&row).ok()?.bounds(row.region_index));
        Self {
            ground: WorldGround::new(ctx),
            bounds,
        }
    }
}

impl Ground for Land<'_> {
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
        if tile.dimension == OVERWORLD {
            let (bounds, chunk) = (self.bounds?, ChunkCoordinates::from(tile));
            let is_own = (bounds.min_chunk_x..bounds.max_chunk_x).contains(&chunk.x)
                && (bounds.min_chunk_z..bounds.max_chunk_z).contains(&chunk.z);
            if !is_own {
                return None;
            }
        }
        self.ground.cell(tile)
    }
}

/// Where a herd lives; `None` where no tile can be.
pub fn home(herd: &HerdState) -> Option<OffsetCoordinatesFloat> {
    OffsetCoordinatesSmall::new(herd.x, herd.z, herd.dimension).center()
}
