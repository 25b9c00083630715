//! What operators do with enemies.

use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::enemy::{enemy_ai_params_desc, herd_state};
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesFloat, OffsetCoordinatesLarge, SmallHexTile, OVERWORLD};
use spacetimedb::{log, ReducerContext};

use super::kinds::Kinds;
use super::land::Land;

/// Lets an enemy live at a place from now on, in small tiles: a herd of one, that comes back as its kind does.
///
/// # Errors
/// `enemy.unknown_type`, `position.*`, `enemy.no_room` where it cannot be, `region.out_of_world`.
#[reducer]
#[access(Gm)]
pub fn admin_spawn_enemy(ctx: &ReducerContext, enemy_type: i32, x: f32, z: f32) -> Result<(), Failure> {
    let position = OffsetCoordinatesFloat::from_tiles(x, z, OVERWORLD)?;
    let kind = Kinds::new(ctx)
        .of(enemy_type)
        .ok_or_else(|| Failure::new("enemy.unknown_type"))?;
    let tile = OffsetCoordinatesLarge::from(position);
    if !kind.habits.has_room(tile, 1, &Land::new(ctx)) {
        return Err(Failure::new("enemy.no_room"));
    }
    let home = SmallHexTile::at(position).ok_or_else(|| Failure::new("region.out_of_world"))?;
    let params = ctx
        .db
        .enemy_ai_params_desc()
        .enemy_type()
        .filter(enemy_type)
        .map(|row| row.id)
        .min();
    let herd = super::settle(ctx, enemy_type, params, None, home, 1)?;
    super::herds::wake(ctx, herd.entity_id);
    super::appear(ctx, &herd, kind.desc.max_health, position)?;
    log::info!("herd {} of enemy {enemy_type} at {x}, {z}", herd.entity_id);
    Ok(())
}

/// Takes a herd out of the world, with all who are about.
///
/// # Errors
/// `enemy.no_herd`.
#[reducer]
#[access(Gm)]
pub fn admin_remove_herd(ctx: &ReducerContext, herd_entity_id: u64) -> Result<(), Failure> {
    if ctx.db.herd_state().entity_id().find(herd_entity_id).is_none() {
        return Err(Failure::new("enemy.no_herd"));
    }
    super::remove_herd(ctx, herd_entity_id);
    Ok(())
}

/// Takes health of an enemy, on nobody's behalf.
///
/// # Errors
/// `enemy.unknown`, `enemy.bad_damage`.
#[reducer]
#[access(Gm)]
pub fn admin_damage_enemy(ctx: &ReducerContext, entity_id: u64, damage: f32) -> Result<(), Failure> {
    super::hurt(ctx, entity_id, damage, 0).map(drop)
}

/// Makes the wild herds of a chunk anew, as content is now; guards of buildings stay.
///
/// # Errors
/// `region.out_of_world` for what is no chunk of this region, `entity.*`.
#[reducer]
#[access(Admin)]
pub fn admin_repopulate_chunk(ctx: &ReducerContext, chunk_x: i32, chunk_z: i32) -> Result<(), Failure> {
    let chunk = ChunkCoordinates {
        x: chunk_x,
        z: chunk_z,
        dimension: OVERWORLD,
    };
    let index = chunk.index().ok_or_else(|| Failure::new("region.out_of_world"))?;
    for herd in super::herds_of(ctx, index) {
        if herd.building_spawn_desc_id.is_none() {
            super::remove_herd(ctx, herd.entity_id);
        }
    }
    super::populate_chunk(ctx, chunk)
}
