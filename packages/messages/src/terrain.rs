//! The ground: chunks of large tiles, what grows on them, and where.

use hexmarch_macros::{sats_type, table};
use hexmarch_world_gen::{Cell, Placed};
use spacetimedb_lib::Timestamp;

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

/// What the world of this region follows from. One row, from the beginning of its making on.
#[table(region, name = world_definition_state)]
pub struct WorldDefinitionState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// All chance follows from it.
    pub seed: u64,
    /// How it is made.
    pub mode: WorldMode,
    /// When its making began.
    pub began_at: Timestamp,
    /// `generation` of the content at that time.
    pub content_generation: u64,
    /// The content that it is made by, as it was when the making began: BSATN of `WorldContent`.
    pub content: Vec<u8>,
}

/// How far the making of the world is. One row; what it counts begins anew with each stage.
#[table(region, name = world_generation_state, public)]
pub struct WorldGenerationState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// What is under way.
    pub stage: WorldGenerationStage,
    /// Slices so far, of all stages.
    pub slice: u32,
    /// Steps of the stage that are done.
    pub done: u32,
    /// Steps of the stage.
    pub total: u32,
    /// Chunks made.
    pub chunks: u32,
    /// Resources placed.
    pub resources: u32,
    /// Where the search for sites stands: place in the list of rules.
    pub site_rule: u32,
    /// Where the search for sites stands: next place on offer.
    pub site_offer: u32,
    /// Where the search for sites stands: sites found by the rule.
    pub sites_of_rule: u32,
}

/// What is done to make a world, in this order.
#[sats_type]
#[derive(Copy, Eq)]
pub enum WorldGenerationStage {
    /// Choosing places where people live and lived.
    Sites,
    /// The ground, and what grows and lies there.
    Terrain,
    /// What stands at sites.
    Buildings,
    /// What lives in the chunks.
    Herds,
    /// All is there.
    Finished,
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
#[derive(Copy, Eq)]
pub enum WorldMode {
    /// Level ground.
    Flat,
    /// Made here by the generator.
    Generated,
    /// Made here: one island in the middle.
    Island,
    /// Made elsewhere.
    Uploaded,
}

/// A place where people live or lived.
#[table(region, name = site_state, public)]
#[delete]
#[transfer(never)]
pub struct SiteState {
    /// The place.
    #[primary_key]
    pub entity_id: u64,
    /// What clients subscribe by.
    #[index(btree)]
    pub chunk_index: u64,
    /// What kind.
    #[index(btree)]
    #[references(site_desc)]
    pub site_id: i32,
    /// Its middle: large tile.
    pub x: i32,
    /// Its middle: large tile.
    pub z: i32,
    /// The height that its ground is levelled to.
    pub elevation: i16,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

/// Something that the making of a world puts on the ground.
#[sats_type]
#[derive(Copy, Eq)]
pub struct PlacedThing {
    /// What.
    pub resource_id: i32,
    /// Small tile.
    pub x: i32,
    /// Small tile.
    pub z: i32,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

impl From<&Placed> for PlacedThing {
    fn from(placed: &Placed) -> Self {
        Self {
            resource_id: placed.resource_id,
            x: placed.tile.x,
            z: placed.tile.z,
            direction_index: i32::from(placed.direction.index()),
        }
    }
}

/// A place that the making of a world chose.
#[sats_type]
#[derive(Copy, Eq)]
pub struct PlacedSite {
    /// What kind.
    pub site_id: i32,
    /// Its middle: large tile.
    pub x: i32,
    /// Its middle: large tile.
    pub z: i32,
    /// The height that its ground is levelled to.
    pub elevation: i16,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

/// Where to find what is seldom looked for. One row, made when the world is.
#[table(region, name = location_cache)]
pub struct LocationCache {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// Sites where characters begin, in the order of their ids.
    pub settlements: Vec<u64>,
    /// Buildings that travellers go between, in the order of their ids.
    pub traveler_ruins: Vec<u64>,
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
