//! Things that stand again, or go, at a time that is written down.

use hexmarch_base::{clock, Failure};
use hexmarch_messages::resource::{
    resource_desc, resource_despawn_state, resource_respawn_state, resource_state, ResourceDespawnState,
    ResourceRespawnState,
};
use hexmarch_rules::resource::millis;
use hexmarch_sim_core::{HexDirection, OffsetCoordinatesSmall};
use spacetimedb::{log, ReducerContext, Table};

use super::room::Room;
use super::{place, strike, turn};

/// Things that stand again, and that go, in one run each; the rest is found by the next.
const MAX_PER_RUN: usize = 128;
/// Where something else stands, it is looked again after this long at least, in milliseconds.
const MIN_DELAY_MS: u64 = 60_000;

/// Writes down when something stands again.
pub fn respawn(ctx: &ReducerContext, row: ResourceRespawnState) {
    let rows = ctx.db.resource_respawn_state();
    if rows.entity_id().find(row.entity_id).is_some() {
        rows.entity_id().update(row);
    } else {
        rows.insert(row);
    }
}

/// Writes down when a thing is gone by itself.
pub fn despawn_at(ctx: &ReducerContext, entity_id: u64, due_ms: u64) {
    ctx.db
        .resource_despawn_state()
        .insert(ResourceDespawnState { entity_id, due_ms });
}

/// A thing stays.
pub fn never_despawn(ctx: &ReducerContext, entity_id: u64) {
    ctx.db.resource_despawn_state().entity_id().delete(entity_id);
}

/// Lets things stand again whose time has come.
///
/// # Errors
/// Those of [`place`].
pub fn stand_again(ctx: &ReducerContext) -> Result<(), Failure> {
    let now_ms = clock::now_ms(ctx);
    let rows = ctx.db.resource_respawn_state().due_ms().filter(0..=now_ms);
    let due: Vec<ResourceRespawnState> = rows.take(MAX_PER_RUN).collect();
    if due.is_empty() {
        return Ok(());
    }
    let room = Room::new(ctx);
    for row in due {
        stand_again_one(ctx, &room, row, now_ms)?;
    }
    Ok(())
}

fn stand_again_one(
    ctx: &ReducerContext,
    room: &Room<'_>,
    row: ResourceRespawnState,
    now_ms: u64,
) -> Result<(), Failure> {
    let rows = ctx.db.resource_respawn_state();
    let Some(desc) = ctx.db.resource_desc().id().find(row.resource_id) else {
        log::warn!("resource {} is no more and does not stand again", row.resource_id);
        rows.entity_id().delete(row.entity_id);
        return Ok(());
    };
    if let Some(there) = ctx.db.resource_state().entity_id().find(row.entity_id) {
        rows.entity_id().delete(row.entity_id);
        // It may have grown there meanwhile.
        if there.resource_id != row.resource_id {
            turn(ctx, there, row.resource_id)?;
        }
        return Ok(());
    }
    let direction = HexDirection::from_index(row.direction_index);
    let tile = OffsetCoordinatesSmall::new(row.x, row.z, row.dimension).to_axial();
    let Some(tile) = tile.filter(|tile| room.is_free(row.resource_id, *tile, direction)) else {
        let delay_ms = millis(desc.scheduled_respawn_time).max(MIN_DELAY_MS);
        rows.entity_id().update(ResourceRespawnState {
            due_ms: now_ms.saturating_add(delay_ms),
            ..row
        });
        return Ok(());
    };
    rows.entity_id().delete(row.entity_id);
    place(ctx, row.resource_id, tile, direction)
}

/// Removes things whose time is over. They come back as if they were used up, and leave nothing.
///
/// # Errors
/// Those of [`strike::used_up`].
pub fn go(ctx: &ReducerContext) -> Result<(), Failure> {
    let now_ms = clock::now_ms(ctx);
    let rows = ctx.db.resource_despawn_state().due_ms().filter(0..=now_ms);
    let due: Vec<ResourceDespawnState> = rows.take(MAX_PER_RUN).collect();
    for ResourceDespawnState { entity_id, .. } in due {
        never_despawn(ctx, entity_id);
        let Some(row) = ctx.db.resource_state().entity_id().find(entity_id) else {
            continue;
        };
        if let Some(desc) = ctx.db.resource_desc().id().find(row.resource_id) {
            strike::used_up(ctx, row, &desc, None)?;
        }
    }
    Ok(())
}
