//! What is behind doors: the dimensions of buildings, the portals between them, and dungeons that fall in.
//!
//! Invariants: nobody is in a dimension that is no more; whoever was in one when it ended stands before its door. The number
//! of a dimension is never given out again, so that nobody and nothing comes back into the wrong one. A network is built
//! from the content as it is then, so a dungeon that comes back follows what was pushed meanwhile.

use hexmarch_base::{entity, Failure};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::interior::{
    dimension_description_state, dimension_network_state, portal_state, DimensionDescriptionState,
    DimensionNetworkState, DimensionType,
};
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::terrain::location_state;
use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::{OffsetCoordinatesFloat, OffsetCoordinatesSmall, OVERWORLD};
use spacetimedb::{log, ReducerContext, Table};

use super::blueprint::Blueprint;
use super::removal;
use crate::building::{self, Standing};
use crate::{movement, player, region};

/// Describes the open world, once: the part of it that this region holds.
///
/// # Errors
/// `region.not_set_up`.
pub fn overworld(ctx: &ReducerContext) -> Result<(), Failure> {
    let own = region::own(ctx).ok_or_else(|| Failure::new("region.not_set_up"))?;
    if ctx
        .db
        .dimension_description_state()
        .dimension_id()
        .find(OVERWORLD)
        .is_some()
    {
        return Ok(());
    }
    let tiles = |chunks: u16| u32::from(chunks) * LARGE_PER_CHUNK.unsigned_abs();
    ctx.db.dimension_description_state().insert(DimensionDescriptionState {
        entity_id: entity::create(ctx)?,
        dimension_network_entity_id: 0,
        dimension_id: OVERWORLD,
        dimension_type: DimensionType::Overworld,
        interior_instance_id: 0,
        dimension_position_large_x: tiles(own.region_min_chunk_x),
        dimension_position_large_z: tiles(own.region_min_chunk_z),
        dimension_size_large_x: tiles(own.region_width_chunks),
        dimension_size_large_z: tiles(own.region_height_chunks),
        collapse_timestamp: 0,
    });
    Ok(())
}

/// Makes what is behind the doors of a building, if there is anything and it is not there yet.
///
/// # Errors
/// `interior.bad_content|<building>` when doors and rooms do not fit together; nothing has changed then.
pub fn open(ctx: &ReducerContext, standing: &Standing) -> Result<(), Failure> {
    let networks = ctx.db.dimension_network_state();
    if standing.tile.dimension != OVERWORLD || networks.building_id().find(standing.entity_id).is_some() {
        return Ok(());
    }
    let Some(blueprint) = Blueprint::read(ctx, standing)? else {
        return Ok(());
    };
    let network = networks.insert(DimensionNetworkState {
        entity_id: entity::create(ctx)?,
        building_id: standing.entity_id,
        entrance_dimension_id: 0,
        is_collapsed: true,
        collapse_respawn_timestamp: 0,
    });
    blueprint.build(ctx, standing, network)
}

/// Ends what is behind the doors of a building, which is about to go. Whoever is in there stands before the door.
pub fn close(ctx: &ReducerContext, building_entity_id: u64) {
    let networks = ctx.db.dimension_network_state();
    let Some(network) = networks.building_id().find(building_entity_id) else {
        return;
    };
    removal::vacate(ctx, &network);
    for portal in ctx
        .db
        .portal_state()
        .target_building_entity_id()
        .filter(building_entity_id)
    {
        delete_entity(&ctx.db, portal.entity_id);
    }
    delete_entity(&ctx.db, network.entity_id);
}

/// Where one stands who leaves a building: at its first door, else in its middle. `None` when it is gone.
pub fn outside(ctx: &ReducerContext, building_entity_id: u64) -> Option<OffsetCoordinatesFloat> {
    let portals = ctx.db.portal_state();
    let doors = portals.target_building_entity_id().filter(building_entity_id);
    let doors = doors.filter_map(|portal| ctx.db.location_state().entity_id().find(portal.entity_id));
    let door = doors
        .filter(|door| door.dimension == OVERWORLD)
        .min_by_key(|door| door.entity_id);
    match door {
        Some(door) => OffsetCoordinatesSmall::new(door.x, door.z, door.dimension).center(),
        None => building::standing(ctx, building_entity_id)?.tile.center(),
    }
}

/// Sees to it that somebody who is back is somewhere: where characters begin, if they were in a dimension that ended
/// meanwhile.
pub fn came_back(ctx: &ReducerContext, entity_id: u64) {
    let stored = ctx.db.mobile_entity_state().entity_id().find(entity_id);
    let dimensions = ctx.db.dimension_description_state();
    let is_nowhere = |dimension: u32| dimension != OVERWORLD && dimensions.dimension_id().find(dimension).is_none();
    if stored.is_some_and(|row| is_nowhere(row.dimension)) {
        put(ctx, entity_id, player::spawn::position(ctx, entity_id));
    }
}

/// Puts a player somewhere. They go on by the clock that they had.
pub fn put(ctx: &ReducerContext, entity_id: u64, position: Option<OffsetCoordinatesFloat>) {
    let stored = ctx.db.mobile_entity_state().entity_id().find(entity_id);
    let timestamp = stored.map_or(0, |row| row.timestamp);
    match position.and_then(|position| movement::placed(entity_id, position, timestamp)) {
        Some(row) => movement::store(ctx, row),
        None => log::error!("there is no place for player {entity_id}"),
    }
}
