//! What stands in the world and was made: stations, ruins, shrines.

use hexmarch_macros::{sats_type, table};

/// A building of the world. Where it stands says its `location_state`.
#[table(region, name = building_state, public)]
#[delete]
#[transfer(never)]
pub struct BuildingState {
    /// The building.
    #[primary_key]
    pub entity_id: u64,
    /// What kind.
    #[index(btree)]
    #[references(building_desc)]
    pub building_description_id: i32,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
    /// The site that it belongs to, 0 for none.
    #[index(btree)]
    pub site_entity_id: u64,
}

/// What a tile of a footprint is to those who walk.
#[sats_type]
#[derive(Copy, Eq)]
pub enum FootprintType {
    /// Nobody walks there.
    Hitbox,
    /// One walks there.
    Walkable,
    /// Kept free round about.
    Perimeter,
}

/// A small tile that a thing takes.
#[sats_type]
pub struct FootprintTile {
    /// Small tiles from the middle, axial, before it is turned.
    #[range(-64..=64)]
    pub x: i32,
    /// Small tiles from the middle, axial, before it is turned.
    #[range(-64..=64)]
    pub z: i32,
    /// What the tile is.
    pub footprint_type: FootprintType,
}

/// What a kind of function is for.
#[sats_type]
#[derive(Copy, Eq)]
pub enum BuildingCategory {
    /// Things are made there.
    Crafting,
    /// Things are kept there.
    Storage,
    /// One rests there.
    Rest,
    /// One trades there.
    Trade,
    /// One prays there, or what passes for it.
    Shrine,
    /// One arrives there.
    Waystone,
    /// It gives light.
    Light,
    /// It is old.
    Ruin,
}

/// What buildings may do.
#[table(region, name = building_type_desc, public)]
#[static_data_staging_table]
pub struct BuildingTypeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// What it is for.
    pub category: BuildingCategory,
}

/// Something that a building does.
#[sats_type]
pub struct BuildingFunction {
    /// What.
    #[references(building_type_desc)]
    pub function_type: i32,
    /// How well: its tier as a station.
    #[range(1..=10)]
    pub level: i32,
    /// Works that are under way at a time.
    #[range(0..=64)]
    pub crafting_slots: i32,
    /// Pockets for items.
    #[range(0..=256)]
    pub storage_slots: i32,
    /// Pockets for cargo.
    #[range(0..=256)]
    pub cargo_slots: i32,
}

/// A kind of building.
#[table(region, name = building_desc, public)]
#[static_data_staging_table]
pub struct BuildingDesc {
    /// Key.
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// What it does.
    pub functions: Vec<BuildingFunction>,
    /// The tiles that it stands on.
    #[length(1..=512)]
    pub footprint: Vec<FootprintTile>,
    /// Blows until it falls.
    #[range(1..=10_000_000)]
    pub max_health: i32,
    /// Whether nothing harms it.
    pub ignore_damage: bool,
    /// Health points that it loses an hour, untended.
    #[range(0.0..=100_000.0)]
    pub decay: f32,
    /// How far it gives light, in large tiles.
    #[range(0..=32)]
    pub light_radius: i32,
    /// Seconds that rest in it lasts on, 0 for no rest.
    #[range(0..=604_800)]
    pub rested_buff_duration: i32,
    /// Whether it may stand outside claims.
    pub wilderness: bool,
    /// Whether the world brings it and nobody takes it down.
    pub is_ruins: bool,
    /// Whether the book of everything lists it.
    pub show_in_compendium: bool,
}

/// What comes with a building.
#[sats_type]
#[derive(Copy, Eq)]
pub enum BuildingSpawnType {
    /// A traveller, `traveler_type`.
    Traveler,
    /// Enemies, `enemy_type`.
    Enemy,
    /// A chest of `loot_chests`.
    LootChest,
    /// A resource clump of `resource_clumps`.
    ResourceClump,
}

/// What comes with a building, and where.
#[table(region, name = building_spawn_desc)]
#[static_data_staging_table]
pub struct BuildingSpawnDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The building.
    #[index(btree)]
    #[references(building_desc)]
    pub building_id: i32,
    /// Small tiles from its middle, axial.
    #[range(-64..=64)]
    pub x: i32,
    /// Small tiles from its middle, axial.
    #[range(-64..=64)]
    pub z: i32,
    /// Which way it faces, 0 to 5.
    #[range(0..=5)]
    pub direction: i32,
    /// What.
    pub spawn_type: BuildingSpawnType,
    /// Which traveller.
    #[references(npc_desc)]
    pub traveler_type: Option<i32>,
    /// Which enemy.
    #[references(enemy_desc)]
    pub enemy_type: Option<i32>,
    /// One of them.
    #[references(loot_chest_desc)]
    pub loot_chests: Vec<i32>,
    /// One of them.
    #[references(resource_clump_desc)]
    pub resource_clumps: Vec<i32>,
    /// Seconds until it comes again, at least.
    #[range(0.0..=31_536_000.0)]
    pub respawn_time_min: f32,
    /// Seconds until it comes again, at most.
    #[range(0.0..=31_536_000.0)]
    pub respawn_time_max: f32,
}
