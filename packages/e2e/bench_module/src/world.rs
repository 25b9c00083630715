//! Ground without a game: what a region makes of an uploaded chunk, inserted and nothing else.

use hexmarch_messages::resource::{resource_state, ResourceState};
use hexmarch_messages::terrain::{location_state, terrain_chunk_state, LocationState, TerrainChunkState};
use spacetimedb::{reducer, ReducerContext, Table as _};

/// Inserts a chunk, and what lies there.
#[reducer]
pub fn insert_chunk(
    ctx: &ReducerContext,
    terrain: TerrainChunkState,
    locations: Vec<LocationState>,
    resources: Vec<ResourceState>,
) {
    ctx.db.terrain_chunk_state().insert(terrain);
    for location in locations {
        ctx.db.location_state().insert(location);
    }
    for resource in resources {
        ctx.db.resource_state().insert(resource);
    }
}
