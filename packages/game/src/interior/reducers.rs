//! Going through doors.

use hexmarch_base::access::SignedInPlayer;
use hexmarch_base::{clock, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::interior::portal_state;
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::player::health_state;
use hexmarch_messages::terrain::location_state;
use hexmarch_sim_core::{OffsetCoordinatesSmall, MILLI_PER_TILE, OVERWORLD};
use spacetimedb::ReducerContext;

use super::dungeon;
use crate::{movement, session};

/// How near one has to be, in small tiles.
const REACH: u64 = 4;

/// Goes through a portal that is near: into another dimension, or back.
///
/// # Errors
/// `move.no_position`, `portal.dead`, `portal.not_found`, `portal.closed`, `portal.too_far|<tiles>`.
#[reducer]
#[access(Player)]
#[feature_gate("interior")]
pub fn player_use_portal(ctx: &ReducerContext, player: SignedInPlayer, portal_entity_id: u64) -> Result<(), Failure> {
    let entity_id = player.entity_id;
    let stored = ctx.db.mobile_entity_state().entity_id().find(entity_id);
    let stored = stored.ok_or_else(|| Failure::new("move.no_position"))?;
    let health = ctx.db.health_state().entity_id().find(entity_id);
    if !health.is_some_and(|row| row.health > 0.0) {
        return Err(Failure::new("portal.dead"));
    }
    let not_found = || Failure::new("portal.not_found");
    let portal = ctx.db.portal_state().entity_id().find(portal_entity_id);
    let portal = portal.ok_or_else(not_found)?;
    let location = ctx.db.location_state().entity_id().find(portal_entity_id);
    let location = location.ok_or_else(not_found)?;
    let at = OffsetCoordinatesSmall::new(location.x, location.z, location.dimension).center();
    let position = movement::track(&stored).segment.position_at(clock::now_ms(ctx));
    let reach = REACH * u64::from(MILLI_PER_TILE.unsigned_abs());
    if !at.is_some_and(|at| at.is_within(position, reach)) {
        return Err(Failure::new(format!("portal.too_far|{REACH}")));
    }
    if !portal.enabled {
        return Err(Failure::new("portal.closed"));
    }
    let dimension = portal.destination_dimension;
    let to = OffsetCoordinatesSmall::new(portal.destination_x, portal.destination_z, dimension).center();
    let row = to.and_then(|to| movement::placed(entity_id, to, stored.timestamp));
    movement::store(ctx, row.ok_or_else(not_found)?);
    if dimension != OVERWORLD {
        dungeon::entered(ctx, portal.target_building_entity_id);
    }
    session::touch(ctx, entity_id);
    Ok(())
}
