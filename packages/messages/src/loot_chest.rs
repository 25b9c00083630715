//! Chests of ruins.

use hexmarch_macros::table;

/// A chest. Where it stands says its `location_state`.
#[table(region, name = loot_chest_state, public)]
#[delete]
#[transfer(never)]
pub struct LootChestState {
    /// The chest.
    #[primary_key]
    pub entity_id: u64,
    /// The building that it came with, 0 for none.
    #[index(btree)]
    pub building_entity_id: u64,
    /// What kind.
    #[references(loot_chest_desc)]
    pub loot_chest_id: i32,
    /// What it came by, 0 for nothing.
    #[references(building_spawn_desc)]
    pub building_spawn_id: i32,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
    /// Whether there is something in it.
    pub is_full: bool,
}

/// When an empty chest fills again.
#[table(region, name = loot_chest_refill_state)]
#[delete]
#[transfer(never)]
pub struct LootChestRefillState {
    /// The chest.
    #[primary_key]
    pub entity_id: u64,
    /// When, milliseconds since 1970.
    #[index(btree)]
    pub due_ms: u64,
}
