//! What is in rooms.

use hexmarch_base::Failure;
use hexmarch_messages::building::{BuildingSpawnDesc, BuildingSpawnType};
use hexmarch_messages::interior::{interior_spawn_desc, InteriorSpawnDesc, InteriorSpawnType};
use hexmarch_sim_core::{FloorPlan, HexDirection};
use spacetimedb::{log, ReducerContext};

use crate::building::{self, Standing};
use crate::resource;

/// Puts into a room what content says, in the order of its ids. What cannot be there is passed over: a room that lacks a chest
/// is better than none.
pub fn furnish(ctx: &ReducerContext, building: &Standing, instance_id: i32, plan: &FloorPlan, dimension: u32) {
    let rows = ctx.db.interior_spawn_desc().interior_instance_id().filter(instance_id);
    let mut rows: Vec<InteriorSpawnDesc> = rows.collect();
    rows.sort_unstable_by_key(|row| row.id);
    for row in rows {
        let large = plan.tile(row.x, row.z, dimension).and_then(|tile| tile.to_axial());
        let Some(tile) = large.and_then(|large| large.center_tile()) else {
            log::warn!("interior spawn {} is in a wall", row.id);
            continue;
        };
        let place = Standing {
            tile,
            direction: HexDirection::default(),
            ..*building
        };
        if let Err(failure) = put(ctx, &row, &place) {
            log::warn!("interior spawn {}: {failure}", row.id);
        }
    }
}

fn put(ctx: &ReducerContext, row: &InteriorSpawnDesc, place: &Standing) -> Result<(), Failure> {
    let direction = HexDirection::from_index(row.direction);
    match row.spawn_type {
        InteriorSpawnType::Building => match row.building_id {
            Some(building_id) => building::place(ctx, building_id, place.tile, direction, 0).map(drop),
            None => Ok(()),
        },
        InteriorSpawnType::Resource => match row.resource_id {
            Some(resource_id) => resource::place(ctx, resource_id, place.tile, direction),
            None => Ok(()),
        },
        InteriorSpawnType::Enemy => building::bring(ctx, &as_of_building(row, place, BuildingSpawnType::Enemy), place),
        InteriorSpawnType::LootChest => {
            building::bring(ctx, &as_of_building(row, place, BuildingSpawnType::LootChest), place)
        }
        InteriorSpawnType::Traveler => {
            building::bring(ctx, &as_of_building(row, place, BuildingSpawnType::Traveler), place)
        }
    }
}

/// The same as if it came with a building that stands on the tile and faces east. Its id is negative, since it is of another
/// table.
fn as_of_building(row: &InteriorSpawnDesc, place: &Standing, spawn_type: BuildingSpawnType) -> BuildingSpawnDesc {
    BuildingSpawnDesc {
        id: row.id.saturating_neg(),
        building_id: place.building_id,
        x: 0,
        z: 0,
        direction: row.direction,
        spawn_type,
        traveler_type: row.traveler_type,
        enemy_type: row.enemy_type,
        loot_chests: row.loot_chests.clone(),
        resource_clumps: Vec::new(),
        respawn_time_min: row.respawn_time_min,
        respawn_time_max: row.respawn_time_max,
    }
}
