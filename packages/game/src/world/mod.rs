//! Making the world of this region: from a seed, slice by slice, or by upload.
//!
//! Invariants: a world follows from its definition alone, which keeps the content that it began with; each slice is one
//! transaction that says where the next begins, so that a crash between two changes nothing; `resources_log` appears
//! with the last slice, and before that nobody signs in and no agent runs.

use hexmarch_base::Failure;
use hexmarch_messages::biome::climate_desc;
use hexmarch_messages::building::{building_desc, BuildingDesc};
use hexmarch_messages::placement::{resource_scatter_desc, site_desc};
use hexmarch_messages::region::WorldRegionState;
use hexmarch_messages::resource::{resource_clump_desc, resource_desc};
use hexmarch_messages::static_data::static_data_version;
use hexmarch_messages::world::{
    resources_log, world_content_state, world_definition_state, world_generation_state, WorldContent,
    WorldContentState, WorldDefinitionState, WorldGenerationStage, WorldGenerationState, WorldMode,
};
use hexmarch_sim_core::RegionBounds;
use spacetimedb::sats::bsatn;
use spacetimedb::{ReducerContext, Table};

use crate::region;

/// Whether the world of this region exists.
pub fn is_loaded(ctx: &ReducerContext) -> bool {
    ctx.db.resources_log().count() > 0
}

/// How far the making of the world is; `None` before it began.
pub fn generation(ctx: &ReducerContext) -> Option<WorldGenerationState> {
    ctx.db.world_generation_state().id().find(0)
}

/// What the world follows from; `None` before its making began.
pub fn definition(ctx: &ReducerContext) -> Option<WorldDefinitionState> {
    ctx.db.world_definition_state().id().find(0)
}

/// The part of the world that is made here.
///
/// # Errors
/// `region.not_set_up`.
pub fn bounds(ctx: &ReducerContext) -> Result<(WorldRegionState, RegionBounds), Failure> {
    let own = region::own(ctx).ok_or_else(|| Failure::new("region.not_set_up"))?;
    let bounds = region::layout(&own)?.bounds(own.region_index);
    Ok((own, bounds.ok_or_else(|| Failure::new("region.not_set_up"))?))
}

/// Chunks of a rectangle.
pub fn chunk_count(bounds: &RegionBounds) -> u32 {
    let side = |min: i32, max: i32| max.saturating_sub(min).max(0).unsigned_abs();
    side(bounds.min_chunk_x, bounds.max_chunk_x).saturating_mul(side(bounds.min_chunk_z, bounds.max_chunk_z))
}

/// Notes what the world is to be. Nothing is made yet.
///
/// # Errors
/// `world.already_loaded`, `world.already_begun`, `world.no_content`.
pub fn begin(
    ctx: &ReducerContext,
    seed: u64,
    mode: WorldMode,
    (stage, total): (WorldGenerationStage, u32),
) -> Result<WorldGenerationState, Failure> {
    if is_loaded(ctx) {
        return Err(Failure::new("world.already_loaded"));
    }
    if definition(ctx).is_some() {
        return Err(Failure::new("world.already_begun"));
    }
    let content = content(ctx);
    if content.climates.is_empty() || content.resources.is_empty() {
        return Err(Failure::new("world.no_content"));
    }
    let content = bsatn::to_vec(&content).map_err(|error| Failure::new(format!("world.broken_definition|{error}")))?;
    ctx.db.world_definition_state().insert(WorldDefinitionState {
        id: 0,
        seed,
        mode,
        began_at: ctx.timestamp,
        content_generation: content_generation(ctx),
    });
    ctx.db
        .world_content_state()
        .insert(WorldContentState { id: 0, content });
    Ok(ctx.db.world_generation_state().insert(WorldGenerationState {
        id: 0,
        stage,
        slice: 0,
        done: 0,
        total,
        chunks: 0,
        resources: 0,
        site_rule: 0,
        site_offer: 0,
        sites_of_rule: 0,
    }))
}

/// Which content is live, as `static_data_version` counts.
pub fn content_generation(ctx: &ReducerContext) -> u64 {
    let version = ctx.db.static_data_version().id().find(0);
    version.map_or(0, |version| version.generation)
}

/// What content says about new worlds now.
fn content(ctx: &ReducerContext) -> WorldContent {
    let sites: Vec<_> = ctx.db.site_desc().iter().collect();
    let at_sites = |building: &BuildingDesc| {
        let buildings = sites.iter().flat_map(|site| &site.buildings);
        buildings.into_iter().any(|other| other.building_id == building.id)
    };
    WorldContent {
        climates: ctx.db.climate_desc().iter().collect(),
        scatter: ctx.db.resource_scatter_desc().iter().collect(),
        clumps: ctx.db.resource_clump_desc().iter().collect(),
        resources: ctx.db.resource_desc().iter().collect(),
        buildings: ctx.db.building_desc().iter().filter(at_sites).collect(),
        sites,
    }
}
