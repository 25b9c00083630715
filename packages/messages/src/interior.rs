//! Dimensions: the open world, and what is inside of buildings and under the ground.

use hexmarch_macros::{sats_type, table};
use hexmarch_sim_core::{FloorPlan, FloorPlanError};

/// What a dimension is.
#[sats_type]
#[derive(Copy, Eq)]
pub enum DimensionType {
    /// The open world.
    Overworld,
    /// A house that stays as it is.
    BuildingInterior,
    /// A place that falls in some time after somebody went in, and is there again later.
    Dungeon,
}

/// A dimension. The overworld has a row from the beginning; one of an interior is a room with its own ground.
#[table(region, name = dimension_description_state, public)]
#[delete]
#[transfer(never)]
pub struct DimensionDescriptionState {
    /// The dimension as an entity.
    #[primary_key]
    pub entity_id: u64,
    /// The network that it is part of, 0 for the overworld.
    #[index(btree)]
    pub dimension_network_entity_id: u64,
    /// The number that places in it have; never used again in this database.
    #[unique]
    pub dimension_id: u32,
    /// What it is.
    pub dimension_type: DimensionType,
    /// What room it is, 0 for the overworld.
    #[references(interior_instance_desc)]
    pub interior_instance_id: i32,
    /// Where it begins: large tile.
    pub dimension_position_large_x: u32,
    /// Where it begins: large tile.
    pub dimension_position_large_z: u32,
    /// Large tiles from west to east.
    pub dimension_size_large_x: u32,
    /// Large tiles from south to north.
    pub dimension_size_large_z: u32,
    /// When it falls in: milliseconds since 1970, 0 as long as nobody went in, and for what stays.
    pub collapse_timestamp: u64,
}

/// The dimensions behind the doors of one building.
#[table(region, name = dimension_network_state, public)]
#[delete]
#[transfer(never)]
pub struct DimensionNetworkState {
    /// The network as an entity.
    #[primary_key]
    pub entity_id: u64,
    /// The building that one enters by.
    #[unique]
    pub building_id: u64,
    /// The dimension behind its first door; 0 while the network is collapsed.
    pub entrance_dimension_id: u32,
    /// Whether there is nothing behind the doors at present.
    pub is_collapsed: bool,
    /// When it is there again: milliseconds since 1970, 0 while it is.
    pub collapse_respawn_timestamp: u64,
}

/// A way from one dimension into another. Where it is says its `location_state`.
#[table(region, name = portal_state, public)]
#[delete]
#[transfer(never)]
pub struct PortalState {
    /// The portal.
    #[primary_key]
    pub entity_id: u64,
    /// The building whose network it belongs to.
    #[index(btree)]
    pub target_building_entity_id: u64,
    /// Where one arrives: small tile.
    pub destination_x: i32,
    /// Where one arrives: small tile.
    pub destination_z: i32,
    /// Where one arrives; 1 is the overworld.
    #[index(btree)]
    pub destination_dimension: u32,
    /// Which way one goes through it, 0 to 5.
    pub direction_index: i32,
    /// Whether it lets anybody through.
    pub enabled: bool,
}

/// When a dungeon falls in, or is there again. Only those that wait for something have a row.
#[table(region, name = dungeon_timer_state)]
#[delete]
#[transfer(never)]
pub struct DungeonTimerState {
    /// The network.
    #[primary_key]
    pub entity_id: u64,
    /// When: milliseconds since 1970.
    #[index(btree)]
    pub due_ms: u64,
}

/// A dimension that is no more, and in which there may still be something.
#[table(region, name = dimension_removal_state)]
pub struct DimensionRemovalState {
    /// Its number.
    #[primary_key]
    pub dimension_id: u32,
}

/// What is behind the doors of a kind of building.
#[table(region, name = interior_network_desc, public)]
#[static_data_staging_table]
pub struct InteriorNetworkDesc {
    /// The building.
    #[primary_key]
    #[references(building_desc)]
    pub building_id: i32,
    /// What the rooms are.
    pub dimension_type: DimensionType,
    /// The rooms.
    #[references(interior_instance_desc)]
    #[length(1..=8)]
    pub child_interior_instances: Vec<i32>,
    /// Seconds from the first visit until it falls in, 0 for never.
    #[range(0..=604_800)]
    pub trigger_collapse_time: u32,
    /// Seconds from then until it is there again.
    #[range(0..=2_592_000)]
    pub respawn_time: u32,
}

/// A room.
#[table(region, name = interior_instance_desc, public)]
#[static_data_staging_table]
pub struct InteriorInstanceDesc {
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
    /// How it is laid out.
    #[references(interior_shape_desc)]
    pub interior_shape_id: i32,
    /// Tier, 1 and up.
    #[range(1..=10)]
    pub tier: i32,
    /// The country that it looks like.
    #[references(biome_desc)]
    pub biome: i32,
}

/// How rooms are laid out.
#[table(region, name = interior_shape_desc, public)]
#[static_data_staging_table]
pub struct InteriorShapeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// The floor as on a map, the northernmost row first, a character each large tile: `#` or blank for wall, `.` for
    /// bare ground, `=` for paving, `~` for mud. All rows are of one length.
    #[length(1..=30)]
    pub rows: Vec<String>,
}

impl InteriorShapeDesc {
    /// The floor that is drawn.
    ///
    /// # Errors
    /// Any [`FloorPlanError`].
    pub fn plan(&self) -> Result<FloorPlan, FloorPlanError> {
        FloorPlan::parse(&self.rows)
    }
}

/// A door of a building.
#[table(region, name = building_portal_desc, public)]
#[static_data_staging_table]
pub struct BuildingPortalDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The building.
    #[index(btree)]
    #[references(interior_network_desc)]
    pub building_id: i32,
    /// Where it is outside: small tiles from the building's middle, axial.
    #[range(-64..=64)]
    pub x: i32,
    /// Where it is outside: small tiles from the building's middle, axial.
    #[range(-64..=64)]
    pub z: i32,
    /// Which way one goes in, 0 to 5.
    #[range(0..=5)]
    pub direction: i32,
    /// The room behind it, one of its network.
    #[references(interior_instance_desc)]
    pub interior_instance_id: i32,
    /// Where it is inside: column of the room, from the west.
    #[range(0..=29)]
    pub interior_x: i32,
    /// Where it is inside: row of the room, from the south.
    #[range(0..=29)]
    pub interior_z: i32,
}

/// A door between two rooms of a network, both ways.
#[table(region, name = interior_portal_connections_desc, public)]
#[static_data_staging_table]
pub struct InteriorPortalConnectionsDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The building of the network.
    #[index(btree)]
    #[references(interior_network_desc)]
    pub building_id: i32,
    /// The one room.
    #[references(interior_instance_desc)]
    pub entrance_instance_id: i32,
    /// Where in it: column, from the west.
    #[range(0..=29)]
    pub entrance_x: i32,
    /// Where in it: row, from the south.
    #[range(0..=29)]
    pub entrance_z: i32,
    /// The other room.
    #[references(interior_instance_desc)]
    pub exit_instance_id: i32,
    /// Where in it: column, from the west.
    #[range(0..=29)]
    pub exit_x: i32,
    /// Where in it: row, from the south.
    #[range(0..=29)]
    pub exit_z: i32,
    /// Which way one goes from the one into the other, 0 to 5.
    #[range(0..=5)]
    pub direction: i32,
}

/// What is in rooms.
#[sats_type]
#[derive(Copy, Eq)]
pub enum InteriorSpawnType {
    /// A building, `building_id`.
    Building,
    /// A resource, `resource_id`.
    Resource,
    /// Enemies, `enemy_type`.
    Enemy,
    /// A chest of `loot_chests`.
    LootChest,
    /// A traveller, `traveler_type`.
    Traveler,
}

/// What is in a room, and where.
#[table(region, name = interior_spawn_desc)]
#[static_data_staging_table]
pub struct InteriorSpawnDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The room.
    #[index(btree)]
    #[references(interior_instance_desc)]
    pub interior_instance_id: i32,
    /// Column of the room, from the west.
    #[range(0..=29)]
    pub x: i32,
    /// Row of the room, from the south.
    #[range(0..=29)]
    pub z: i32,
    /// Which way it faces, 0 to 5.
    #[range(0..=5)]
    pub direction: i32,
    /// What.
    pub spawn_type: InteriorSpawnType,
    /// Which building.
    #[references(building_desc)]
    pub building_id: Option<i32>,
    /// Which resource.
    #[references(resource_desc)]
    pub resource_id: Option<i32>,
    /// Which enemy.
    #[references(enemy_desc)]
    pub enemy_type: Option<i32>,
    /// One of them.
    #[references(loot_chest_desc)]
    pub loot_chests: Vec<i32>,
    /// Which traveller.
    #[references(npc_desc)]
    pub traveler_type: Option<i32>,
    /// Seconds until it comes again, at least; in a dungeon more than that lasts, and it comes with the dungeon.
    #[range(0.0..=31_536_000.0)]
    pub respawn_time_min: f32,
    /// Seconds until it comes again, at most.
    #[range(0.0..=31_536_000.0)]
    pub respawn_time_max: f32,
}
