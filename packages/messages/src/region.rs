//! The regions of the world, as every database knows them.

use hexmarch_macros::{shared_table, table};

/// Where a region's database is. What clients and the modules take for the list of regions: a region that hears of
/// another sends it a copy of what it owns.
#[shared_table(owner = global, name = region_connection_info, public)]
#[custom_inter_module_insert]
pub struct RegionConnectionInfo {
    /// The region's index, 1 and up.
    #[primary_key]
    pub id: u8,
    /// Base URL of the host, e.g. `http://127.0.0.1:3000`.
    pub host: String,
    /// Name of the database.
    pub module: String,
}

/// Whether a region takes players.
#[shared_table(owner = region, by = region_id, to = all, name = region_control_info, public)]
pub struct RegionControlInfo {
    /// The region.
    #[primary_key]
    pub region_id: u8,
    /// Whether its world exists.
    pub initialized: bool,
    /// Whether players may sign in and cross into it.
    pub allow_players: bool,
    /// Whether new players start there.
    pub allow_player_spawns: bool,
}

/// How full a region is.
#[shared_table(owner = region, by = region_id, to = global, name = region_population_info, public)]
pub struct RegionPopulationInfo {
    /// The region.
    #[primary_key]
    pub region_id: u8,
    /// Players signed in.
    pub signed_in_players: u32,
    /// Players waiting.
    pub players_in_queue: u32,
}

/// How many a region takes. A change lets the region look at its queue again.
#[shared_table(owner = global, name = region_sign_in_parameters)]
#[custom_inter_module_insert]
pub struct RegionSignInParameters {
    /// The region.
    #[primary_key]
    pub region_id: u8,
    /// Nobody below `SkipQueue` signs in.
    pub is_signing_in_blocked: bool,
    /// Sessions at once.
    pub max_signed_in_players: u32,
    /// Places in the queue.
    pub max_queue_length: u32,
    /// Sessions beyond the maximum for players who cross a border.
    pub arrival_reserve: u32,
    /// How long a place is kept after a disconnect or a call to sign in.
    pub grace_period_seconds: u32,
}

/// The part of the world that this database holds. One row.
#[table(region, name = world_region_state, public)]
pub struct WorldRegionState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// This region's index, 1 and up.
    pub region_index: u8,
    /// Regions in the world.
    pub region_count: u8,
    /// Regions in a row of the world.
    pub region_count_sqrt: u8,
    /// Smallest chunk column.
    pub region_min_chunk_x: u16,
    /// Smallest chunk row.
    pub region_min_chunk_z: u16,
    /// Chunk columns.
    pub region_width_chunks: u16,
    /// Chunk rows.
    pub region_height_chunks: u16,
}
