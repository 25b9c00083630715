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
