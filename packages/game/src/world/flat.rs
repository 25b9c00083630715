//! Level ground, made at once: for tests and experiments.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::biome::biome_desc;
use hexmarch_messages::region::WorldRegionState;
use hexmarch_messages::resource::{resource_desc, ResourceDesc};
use hexmarch_messages::terrain::{cells, terrain_chunk_state, TerrainChunkState};
use hexmarch_messages::world::{PlacedThing, WorldMode};
use hexmarch_rules::chance::mix;
use hexmarch_sim_core::chunk::LARGE_TILES_PER_CHUNK;
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesSmall, OVERWORLD};
use hexmarch_world_gen::terrain::NO_WATER;
use hexmarch_world_gen::Cell;
use spacetimedb::{log, ReducerContext, Table};

use crate::{region, resource};

/// Height of level ground, in elevation units.
const FLAT_ELEVATION: i16 = 10;
/// Chunks that one world may have, since they are made in one transaction.
const MAX_CHUNKS: u32 = 1024;
/// Most things of one kind in a chunk.
const MAX_OF_A_KIND: u64 = 500;

/// Makes level ground with resources on it, opens the region, starts the agents.
///
/// # Errors
/// `region.not_set_up`, `world.already_loaded`, `world.already_begun`, `world.no_content`, `world.too_large|<chunks>`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn generate_flat_world(ctx: &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> {
    let own = region::own(ctx).ok_or_else(|| Failure::new("region.not_set_up"))?;
    if super::is_loaded(ctx) {
        return Err(Failure::new("world.already_loaded"));
    }
    if super::definition(ctx).is_some() {
        return Err(Failure::new("world.already_begun"));
    }
    let biomes = ctx.db.biome_desc().iter();
    let mut biomes: Vec<u8> = biomes.filter_map(|row| u8::try_from(row.biome_type).ok()).collect();
    biomes.sort_unstable();
    let mut kinds: Vec<ResourceDesc> = ctx.db.resource_desc().iter().collect();
    kinds.sort_unstable_by_key(|row| row.id);
    let (Some(biome), false) = (biomes.first(), kinds.is_empty()) else {
        return Err(Failure::new("world.no_content"));
    };
    let chunks = u32::from(own.region_width_chunks) * u32::from(own.region_height_chunks);
    if chunks > MAX_CHUNKS {
        return Err(Failure::new(format!("world.too_large|{MAX_CHUNKS}")));
    }
    let mut resources = 0;
    for chunk in chunks_of(&own) {
        let chunk_index = chunk.index().ok_or_else(|| Failure::new("region.out_of_world"))?;
        ctx.db
            .terrain_chunk_state()
            .insert(flat_chunk(chunk, chunk_index, *biome));
        resources += resource::place_many(ctx, chunk_index, &scatter(chunk, chunk_index, &kinds))?;
    }
    super::opening::open(ctx, shared, WorldMode::Flat, (chunks, resources))?;
    log::info!("level world: {chunks} chunks, {resources} resources");
    Ok(())
}

fn chunks_of(own: &WorldRegionState) -> impl Iterator<Item = ChunkCoordinates> {
    let (min_x, width) = (i32::from(own.region_min_chunk_x), i32::from(own.region_width_chunks));
    let (min_z, height) = (i32::from(own.region_min_chunk_z), i32::from(own.region_height_chunks));
    (min_z..min_z + height).flat_map(move |z| {
        (min_x..min_x + width).map(move |x| ChunkCoordinates {
            x,
            z,
            dimension: OVERWORLD,
        })
    })
}

fn flat_chunk(chunk: ChunkCoordinates, chunk_index: u64, biome: u8) -> TerrainChunkState {
    let cell = Cell {
        elevation: FLAT_ELEVATION,
        water_level: NO_WATER,
        biome,
    };
    TerrainChunkState {
        chunk_index,
        chunk_x: chunk.x,
        chunk_z: chunk.z,
        dimension: chunk.dimension,
        cells: cells(&[cell; LARGE_TILES_PER_CHUNK as usize]),
    }
}

/// Each kind's share of things in a chunk, at places that depend on chunk and kind alone.
fn scatter(chunk: ChunkCoordinates, chunk_index: u64, kinds: &[ResourceDesc]) -> Vec<PlacedThing> {
    let mut things = Vec::new();
    for kind in kinds {
        let seed = chunk_index.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(kind.id.unsigned_abs());
        // What is left of a thousandth decides by chance about one more.
        let count = ((u64::from(kind.flat_density_permille) + mix(seed) % 1000) / 1000).min(MAX_OF_A_KIND);
        for number in 0..count {
            let random = mix(seed.wrapping_add(number + 1));
            let Some(place) = place(chunk, random) else { continue };
            things.push(PlacedThing {
                resource_id: kind.id,
                x: place.x,
                z: place.z,
                direction_index: i32::try_from((random >> 48) % 6).unwrap_or(0),
            });
        }
    }
    things
}

/// One of the small tiles that lie whole in a large tile of the chunk.
fn place(chunk: ChunkCoordinates, random: u64) -> Option<OffsetCoordinatesSmall> {
    let tile = u16::try_from(random % u64::from(LARGE_TILES_PER_CHUNK)).ok()?;
    let large = chunk.large_tile(tile)?.to_axial()?;
    let number = usize::try_from((random >> 32) % 7).ok()?;
    large.inner_tiles().nth(number)?.to_offset()
}
