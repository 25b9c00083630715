//! Opening chests, and placing them by hand.

use hexmarch_base::access::SignedInPlayer;
use hexmarch_base::{clock, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::loot_chest::loot_chest_state;
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::player::health_state;
use hexmarch_messages::terrain::{location_state, LocationState};
use hexmarch_sim_core::{HexDirection, OffsetCoordinatesSmall, MILLI_PER_TILE, OVERWORLD};
use spacetimedb::ReducerContext;

use crate::resource::room::Room;
use crate::{grant, movement, session};

/// How far an arm reaches, in small tiles.
const REACH: u64 = 4;

/// Takes what is in a chest nearby: into the backpack what there is room for, the rest is held.
///
/// # Errors
/// `loot_chest.dead`, `loot_chest.none`, `loot_chest.too_far|<tiles>`, `loot_chest.empty`; `inventory.none` without a backpack.
#[reducer]
#[access(Player)]
#[feature_gate("loot_chest")]
pub fn player_loot_chest_open(ctx: &ReducerContext, player: SignedInPlayer, entity_id: u64) -> Result<(), Failure> {
    let health = ctx.db.health_state().entity_id().find(player.entity_id);
    if !health.is_some_and(|row| row.health > 0.0) {
        return Err(Failure::new("loot_chest.dead"));
    }
    let none = || Failure::new("loot_chest.none");
    let chest = ctx.db.loot_chest_state().entity_id().find(entity_id).ok_or_else(none)?;
    let location = ctx.db.location_state().entity_id().find(entity_id).ok_or_else(none)?;
    if !is_within_reach(ctx, player.entity_id, &location) {
        return Err(Failure::new(format!("loot_chest.too_far|{REACH}")));
    }
    if !chest.is_full {
        return Err(Failure::new("loot_chest.empty"));
    }
    let kind = super::kind(ctx, chest.loot_chest_id)?;
    let contents = super::contents(ctx, &kind);
    let rest = grant::fill_backpack(ctx, player.entity_id, &contents)?;
    grant::keep(ctx, player.entity_id, rest);
    super::emptied(ctx, chest, &kind);
    session::touch(ctx, player.entity_id);
    Ok(())
}

/// Puts a full chest on a free small tile of the overworld, by column and row; it faces one of six ways.
///
/// # Errors
/// `loot_chest.unknown|<kind>`; `resource.bad_direction`; `region.not_set_up`, `region.out_of_world`,
/// `resource.outside_region`, `resource.no_ground` and `resource.taken` for tiles where it cannot stand.
#[reducer]
#[access(Gm)]
pub fn admin_place_loot_chest(
    ctx: &ReducerContext,
    loot_chest_id: i32,
    x: i32,
    z: i32,
    direction: i32,
) -> Result<(), Failure> {
    super::kind(ctx, loot_chest_id)?;
    if !(0..=5).contains(&direction) {
        return Err(Failure::new("resource.bad_direction"));
    }
    let tile = OffsetCoordinatesSmall::new(x, z, OVERWORLD).to_axial();
    let tile = tile.ok_or_else(|| Failure::new("region.out_of_world"))?;
    Room::new(ctx).check_tiles(tile, &[tile])?;
    super::put(ctx, loot_chest_id, tile, HexDirection::from_index(direction), (0, 0))
}

/// Whether somebody stands near to where something is, now.
fn is_within_reach(ctx: &ReducerContext, player_entity_id: u64, location: &LocationState) -> bool {
    let stored = ctx.db.mobile_entity_state().entity_id().find(player_entity_id);
    let at = stored.map(|row| movement::track(&row).segment.position_at(clock::now_ms(ctx)));
    let there = OffsetCoordinatesSmall::new(location.x, location.z, location.dimension).center();
    let reach_milli = REACH.saturating_mul(u64::from(MILLI_PER_TILE.unsigned_abs()));
    at.zip(there)
        .is_some_and(|(at, there)| at.is_within(there, reach_milli))
}
