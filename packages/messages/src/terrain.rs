//! The ground: chunks of large tiles; and where what stays is.

use hexmarch_macros::table;
use hexmarch_world_gen::Cell;

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

impl TerrainChunkState {
    /// A tile of the chunk; `None` when it is none of its tiles.
    pub fn cell(&self, index_in_chunk: u16) -> Option<(Cell, u8)> {
        let start = usize::from(index_in_chunk) * CELL_BYTES;
        decode(self.cells.get(start..start.checked_add(CELL_BYTES)?)?)
    }
}

/// The number of bare ground in [`TerrainChunkState::cells`].
pub const GROUND: u8 = 0;

/// Ground as [`TerrainChunkState::cells`] holds it, bare.
pub fn cells(cells: &[Cell]) -> Vec<u8> {
    cells.iter().flat_map(|cell| encode(*cell, GROUND)).collect()
}

/// A tile as [`TerrainChunkState::cells`] holds it.
fn encode(cell: Cell, surface: u8) -> [u8; CELL_BYTES] {
    let [elevation_low, elevation_high] = cell.elevation.to_le_bytes();
    let [water_low, water_high] = cell.water_level.to_le_bytes();
    [
        elevation_low,
        elevation_high,
        water_low,
        water_high,
        cell.biome,
        surface,
    ]
}

fn decode(bytes: &[u8]) -> Option<(Cell, u8)> {
    let &[elevation_low, elevation_high, water_low, water_high, biome, surface] = bytes else {
        return None;
    };
    let cell = Cell {
        elevation: i16::from_le_bytes([elevation_low, elevation_high]),
        water_level: i16::from_le_bytes([water_low, water_high]),
        biome,
    };
    Some((cell, surface))
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
