//! What the making of a world writes.

use hexmarch_base::{entity, Failure};
use hexmarch_messages::terrain::{terrain_chunk_state, TerrainChunkState};
use hexmarch_messages::world::{site_state, PlacedSite, PlacedThing, SiteState};
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesLarge, OVERWORLD};
use spacetimedb::{ReducerContext, Table};

use crate::resource;

/// Puts a site into the world.
///
/// # Errors
/// `region.out_of_world` where no chunk can be.
pub fn place_site(ctx: &ReducerContext, site: &PlacedSite) -> Result<(), Failure> {
    let tile = OffsetCoordinatesLarge::new(site.x, site.z, OVERWORLD);
    let chunk_index = ChunkCoordinates::from(tile).index();
    ctx.db.site_state().insert(SiteState {
        entity_id: entity::create(ctx)?,
        chunk_index: chunk_index.ok_or_else(|| Failure::new("region.out_of_world"))?,
        site_id: site.site_id,
        x: site.x,
        z: site.z,
        elevation: site.elevation,
        direction_index: site.direction_index,
    });
    Ok(())
}

/// Puts a chunk and what lies there into the world; how many things.
///
/// # Errors
/// `region.out_of_world` where no chunk can be; `resource.unknown|<kind>`; `resource.not_in_chunk|<x>|<z>`.
pub fn insert_chunk(
    ctx: &ReducerContext,
    chunk: ChunkCoordinates,
    cells: Vec<u8>,
    things: &[PlacedThing],
) -> Result<u32, Failure> {
    let chunk_index = chunk.index().ok_or_else(|| Failure::new("region.out_of_world"))?;
    ctx.db.terrain_chunk_state().insert(TerrainChunkState {
        chunk_index,
        chunk_x: chunk.x,
        chunk_z: chunk.z,
        dimension: chunk.dimension,
        cells,
    });
    resource::place_many(ctx, chunk_index, things)
}
