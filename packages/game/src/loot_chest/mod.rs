//! Chests of ruins: what is in them is drawn when somebody opens one, and they fill again.
//!
//! Invariants: a full chest has no time at which it fills, an empty one has; what is taken out reaches the one who opened it,
//! all of it.

use hexmarch_base::{clock, entity, Failure};
use hexmarch_messages::building::BuildingSpawnDesc;
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::inventory::ItemStack;
use hexmarch_messages::loot::{chest_rarity_desc, loot_chest_desc, loot_table_desc, LootChestDesc};
use hexmarch_messages::loot_chest::{loot_chest_refill_state, loot_chest_state, LootChestRefillState, LootChestState};
use hexmarch_messages::terrain::location_state;
use hexmarch_rules::loot::{draw, LootTable};
use hexmarch_rules::resource::millis;
use hexmarch_sim_core::{HexDirection, SmallHexTile};
use spacetimedb::{ReducerContext, Table};

use crate::building::{self, chance, Standing};

/// Puts one of a building's chests where it belongs, full.
///
/// # Errors
/// `region.out_of_world` where no chunk can be.
pub fn place(ctx: &ReducerContext, spawn: &BuildingSpawnDesc, standing: &Standing) -> Result<(), Failure> {
    let Some(loot_chest_id) = chance::one_of(spawn, standing, &spawn.loot_chests) else {
        return Ok(());
    };
    let tile = standing.tile_at(spawn.x, spawn.z);
    let tile = tile.ok_or_else(|| Failure::new("region.out_of_world"))?;
    let came_with = (standing.entity_id, spawn.id);
    put(
        ctx,
        loot_chest_id,
        tile,
        standing.direction_of(spawn.direction),
        came_with,
    )
}

/// Puts a full chest on a tile. `came_with` is its building, and what of the building brought it; 0 for nothing.
///
/// # Errors
/// `region.out_of_world` where no chunk can be.
pub fn put(
    ctx: &ReducerContext,
    loot_chest_id: i32,
    tile: SmallHexTile,
    direction: HexDirection,
    (building_entity_id, building_spawn_id): (u64, i32),
) -> Result<(), Failure> {
    let entity_id = entity::create(ctx)?;
    let location = building::location(entity_id, tile).ok_or_else(|| Failure::new("region.out_of_world"))?;
    ctx.db.location_state().insert(location);
    ctx.db.loot_chest_state().insert(LootChestState {
        entity_id,
        building_entity_id,
        loot_chest_id,
        building_spawn_id,
        direction_index: i32::from(direction.index()),
        is_full: true,
    });
    Ok(())
}

/// Takes the chests of a building out of the world.
pub fn remove_of(ctx: &ReducerContext, building_entity_id: u64) {
    let chests = ctx
        .db
        .loot_chest_state()
        .building_entity_id()
        .filter(building_entity_id);
    let chests: Vec<u64> = chests.map(|chest| chest.entity_id).collect();
    for chest in chests {
        delete_entity(&ctx.db, chest);
    }
}

/// What somebody finds in a chest of a kind.
pub fn contents(ctx: &ReducerContext, kind: &LootChestDesc) -> Vec<ItemStack> {
    let rarities = ctx.db.chest_rarity_desc().id().find(kind.chest_rarity);
    let rarities: Vec<(i32, f32)> = rarities
        .into_iter()
        .flat_map(|row| row.loot_rarities)
        .map(|one| (one.loot_rarity, one.probability))
        .collect();
    let tables = kind
        .loot_tables
        .iter()
        .filter_map(|id| ctx.db.loot_table_desc().id().find(id));
    let tables: Vec<LootTable> = tables
        .map(|row| LootTable {
            rarity: row.loot_rarity,
            stacks: row
                .loot_item_stacks
                .iter()
                .map(|one| (one.item_stack.item_id, one.item_stack.quantity, one.probability))
                .collect(),
        })
        .collect();
    draw(&rarities, &tables, || ctx.random())
        .into_iter()
        .map(|(item_id, quantity)| ItemStack { item_id, quantity })
        .collect()
}

/// A chest is empty until it fills again.
pub fn emptied(ctx: &ReducerContext, chest: LootChestState, kind: &LootChestDesc) {
    ctx.db.loot_chest_refill_state().insert(LootChestRefillState {
        entity_id: chest.entity_id,
        due_ms: clock::now_ms(ctx).saturating_add(millis(kind.respawn_time)),
    });
    let chest = LootChestState {
        is_full: false,
        ..chest
    };
    ctx.db.loot_chest_state().entity_id().update(chest);
}

/// A chest is full again.
pub fn fill(ctx: &ReducerContext, entity_id: u64) {
    ctx.db.loot_chest_refill_state().entity_id().delete(entity_id);
    let chests = ctx.db.loot_chest_state();
    if let Some(chest) = chests.entity_id().find(entity_id) {
        chests.entity_id().update(LootChestState { is_full: true, ..chest });
    }
}

/// A kind of chest.
///
/// # Errors
/// `loot_chest.unknown|<kind>`.
pub fn kind(ctx: &ReducerContext, loot_chest_id: i32) -> Result<LootChestDesc, Failure> {
    let kind = ctx.db.loot_chest_desc().id().find(loot_chest_id);
    kind.ok_or_else(|| Failure::new(format!("loot_chest.unknown|{loot_chest_id}")))
}
