//! Dungeons: entered, fallen in, there again.

use hexmarch_base::{clock, Failure};
use hexmarch_messages::building::building_state;
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::interior::{
    dimension_description_state, dimension_network_state, dungeon_timer_state, interior_network_desc, portal_state,
    DimensionDescriptionState, DimensionNetworkState, DungeonTimerState, InteriorNetworkDesc, PortalState,
};
use hexmarch_messages::terrain::location_state;
use hexmarch_sim_core::OVERWORLD;
use spacetimedb::{log, ReducerContext, Table};

use super::blueprint::Blueprint;
use super::removal;
use crate::building;

/// A dungeon that cannot be built as content is now is tried again after this time, in milliseconds.
const RETRY_MS: u64 = 600_000;

/// Somebody went in: if the network is one that falls in, and nobody was there before, its time begins.
pub fn entered(ctx: &ReducerContext, building_entity_id: u64) {
    let networks = ctx.db.dimension_network_state();
    let Some(network) = networks.building_id().find(building_entity_id) else {
        return;
    };
    let timers = ctx.db.dungeon_timer_state();
    if timers.entity_id().find(network.entity_id).is_some() {
        return;
    }
    let Some(desc) = desc(ctx, building_entity_id).filter(|desc| desc.trigger_collapse_time > 0) else {
        return;
    };
    let due_ms = clock::now_ms(ctx) + u64::from(desc.trigger_collapse_time) * 1000;
    timers.insert(DungeonTimerState {
        entity_id: network.entity_id,
        due_ms,
    });
    let dimensions = ctx.db.dimension_description_state();
    for row in dimensions.dimension_network_entity_id().filter(network.entity_id) {
        dimensions.entity_id().update(DimensionDescriptionState {
            collapse_timestamp: due_ms,
            ..row
        });
    }
}

/// Does what is due to a dungeon.
///
/// # Errors
/// `entity.*`.
pub fn due(ctx: &ReducerContext, timer: &DungeonTimerState) -> Result<(), Failure> {
    ctx.db.dungeon_timer_state().entity_id().delete(timer.entity_id);
    match ctx.db.dimension_network_state().entity_id().find(timer.entity_id) {
        Some(network) if network.is_collapsed => come_back(ctx, network),
        Some(network) => {
            collapse(ctx, network, timer.due_ms);
            Ok(())
        }
        None => Ok(()),
    }
}

fn collapse(ctx: &ReducerContext, network: DimensionNetworkState, due_ms: u64) {
    let respawn_time = desc(ctx, network.building_id).map_or(0, |desc| desc.respawn_time);
    let respawn_ms = due_ms + u64::from(respawn_time) * 1000;
    removal::vacate(ctx, &network);
    let portals = ctx.db.portal_state();
    for portal in portals.target_building_entity_id().filter(network.building_id) {
        let location = ctx.db.location_state().entity_id().find(portal.entity_id);
        if location.is_some_and(|location| location.dimension == OVERWORLD) {
            portals.entity_id().update(PortalState {
                enabled: false,
                ..portal
            });
        } else {
            delete_entity(&ctx.db, portal.entity_id);
        }
    }
    wait(ctx, network, respawn_ms);
}

fn come_back(ctx: &ReducerContext, network: DimensionNetworkState) -> Result<(), Failure> {
    let Some(standing) = building::standing(ctx, network.building_id) else {
        super::close(ctx, network.building_id);
        return Ok(());
    };
    match Blueprint::read(ctx, &standing) {
        Ok(Some(blueprint)) => blueprint.build(ctx, &standing, network),
        Ok(None) => {
            super::close(ctx, network.building_id);
            Ok(())
        }
        Err(failure) => {
            log::warn!(
                "the dungeon of building {} does not come back: {failure}",
                network.building_id
            );
            let later = clock::now_ms(ctx) + RETRY_MS;
            wait(ctx, network, later);
            Ok(())
        }
    }
}

fn wait(ctx: &ReducerContext, network: DimensionNetworkState, respawn_ms: u64) {
    ctx.db.dungeon_timer_state().insert(DungeonTimerState {
        entity_id: network.entity_id,
        due_ms: respawn_ms,
    });
    ctx.db
        .dimension_network_state()
        .entity_id()
        .update(DimensionNetworkState {
            entrance_dimension_id: 0,
            is_collapsed: true,
            collapse_respawn_timestamp: respawn_ms,
            ..network
        });
}

fn desc(ctx: &ReducerContext, building_entity_id: u64) -> Option<InteriorNetworkDesc> {
    let building = ctx.db.building_state().entity_id().find(building_entity_id)?;
    let descs = ctx.db.interior_network_desc();
    descs.building_id().find(building.building_description_id)
}
