//! The ground: chunks of large tiles, what grows on them, and where.

use hexmarch_macros::{sats_type, table};

/// Bytes of one large tile in [`TerrainChunkState::cells`].
pub const CELL_BYTES: usize = 6;

/// 32 by 32 large tiles. One blob and not a vector a property, so that a step of a walk reads it without decoding it.
#[table(region, name = terrain_chunk_state, public)]
pub struct TerrainChunkState {
    /// Key: `(dimension - 1) * 1_000_000 + chunk_z * 1_000 + chunk_x + 1`.
    #[primary_key]
    pub chunk_index: u64,
    /// Column.
    pub chunk_x: i32,
    /// Row.
    pub chunk_z: i32,
    /// 1 is the overworld.
    #[index(btree)]
    pub dimension: u32,
    /// 1,024 cells of [`CELL_BYTES`], row by row: elevation `i16`, water level `i16` (little endian), biome `u8`,
    /// surface `u8` (order of `SurfaceType`).
    pub cells: Vec<u8>,
}

/// How the world was made. Its presence means: the world is loaded.
#[table(region, name = resources_log)]
pub struct ResourcesLog {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// The generator.
    pub mode: WorldMode,
    /// Chunks made.
    pub chunks: u32,
    /// Resources placed.
    pub resources: u32,
}

/// The generator of a world.
#[sats_type]
pub enum WorldMode {
    /// Level ground.
    Flat,
}

/// Where a thing that stays is.
#[table(region, name = location_state, public)]
#[delete]
#[transfer(never)]
pub struct LocationState {
    /// What.
    #[primary_key]
    pub entity_id: u64,
    /// What clients subscribe by.
    #[index(btree)]
    pub chunk_index: u64,
    /// Small tile.
    pub x: i32,
    /// Small tile.
    pub z: i32,
    /// 1 is the overworld.
    pub dimension: u32,
}

/// A thing to gather from.
#[table(region, name = resource_state, public)]
#[delete]
#[transfer(never)]
pub struct ResourceState {
    /// The thing.
    #[primary_key]
    pub entity_id: u64,
    /// What kind.
    #[index(btree)]
    pub resource_id: i32,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

/// A kind of thing to gather from.
#[table(region, name = resource_desc, public)]
#[static_data_staging_table]
pub struct ResourceDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name, for tools.
    pub name: String,
    /// English description, for tools.
    pub description: String,
    /// Tier, 1 and up.
    pub tier: i32,
    /// What kind of thing.
    pub tag: String,
    /// Work until it is used up.
    pub max_health: i32,
    /// Things in a flat chunk, in thousandths.
    pub flat_density_permille: u32,
}

/// A kind of country.
#[table(region, name = biome_desc, public)]
#[static_data_staging_table]
pub struct BiomeDesc {
    /// Key.
    #[primary_key]
    pub biome_type: u8,
    /// English name, for tools.
    pub name: String,
    /// English description, for tools.
    pub description: String,
    /// Whether players may not build there.
    pub disallow_player_build: bool,
}
