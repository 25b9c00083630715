//! Worlds that are made elsewhere: sites first, then chunk by chunk in any order, then the end. What was uploaded twice
//! is there once, so that an upload that broke off begins again where it likes.

use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::terrain::{terrain_chunk_state, CELL_BYTES};
use hexmarch_messages::world::{
    site_state, world_generation_state, PlacedSite, PlacedThing, WorldGenerationStage, WorldGenerationState, WorldMode,
};
use hexmarch_sim_core::chunk::LARGE_TILES_PER_CHUNK;
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesLarge, RegionBounds, OVERWORLD};
use spacetimedb::{log, ReducerContext, Table};

use super::{begin, bounds, definition, generation, plan, rows, slices};

/// Most sites of a region.
const MAX_SITES: usize = 16_384;
/// Most things in a chunk: more than it has small tiles.
const MAX_THINGS: usize = 16_384;
/// Bytes of the ground of a chunk.
const CHUNK_BYTES: usize = LARGE_TILES_PER_CHUNK as usize * CELL_BYTES;

/// Begins the upload of a world that a tool made from a seed, with all its sites. The same call again, before the end of
/// the upload, changes nothing.
///
/// # Errors
/// `region.not_set_up`, `world.already_loaded`, `world.already_begun` with another seed, sites or way,
/// `world.no_content`, `world.too_many_sites|<limit>`, `world.no_such_site|<id>`, `world.outside|<x>|<z>`.
#[reducer]
#[access(Admin)]
pub fn start_generating_world(ctx: &ReducerContext, seed: u64, sites: Vec<PlacedSite>) -> Result<(), Failure> {
    let (_, bounds) = bounds(ctx)?;
    if sites.len() > MAX_SITES {
        return Err(Failure::new(format!("world.too_many_sites|{MAX_SITES}")));
    }
    if super::is_loaded(ctx) {
        return Err(Failure::new("world.already_loaded"));
    }
    if let Some(definition) = definition(ctx) {
        let is_same = definition.seed == seed && definition.mode == WorldMode::Uploaded && has_sites(ctx, &sites);
        return if is_same && is_uploading(ctx).is_some() {
            Ok(())
        } else {
            Err(Failure::new("world.already_begun"))
        };
    }
    let total = super::chunk_count(&bounds);
    begin(ctx, seed, WorldMode::Uploaded, (WorldGenerationStage::Terrain, total))?;
    for site in &sites {
        let tile = OffsetCoordinatesLarge::new(site.x, site.z, OVERWORLD);
        require_inside(&bounds, ChunkCoordinates::from(tile))?;
        rows::place_site(ctx, site)?;
    }
    // Refuses kinds that content does not have.
    if let Some(definition) = definition(ctx) {
        plan::with_maker(ctx, &definition, |_| Ok(()))?;
    }
    log::info!(
        "upload of the world of seed {seed}: {} sites, {total} chunks",
        sites.len()
    );
    Ok(())
}

/// Takes a chunk: its ground as [`TerrainChunkState::cells`], and what lies on it. A chunk that is there already is
/// passed over.
///
/// [`TerrainChunkState::cells`]: hexmarch_messages::terrain::TerrainChunkState::cells
///
/// # Errors
/// `world.no_upload`, `world.outside|<x>|<z>`, `world.cells|<bytes>|<expected>`, `world.too_many_things|<limit>`,
/// `resource.unknown|<kind>`, `resource.not_in_chunk|<x>|<z>`.
#[reducer]
#[access(Admin)]
pub fn insert_terrain_chunk(
    ctx: &ReducerContext,
    chunk_x: i32,
    chunk_z: i32,
    cells: Vec<u8>,
    things: Vec<PlacedThing>,
) -> Result<(), Failure> {
    let before = is_uploading(ctx).ok_or_else(|| Failure::new("world.no_upload"))?;
    let (_, bounds) = bounds(ctx)?;
    let chunk = ChunkCoordinates {
        x: chunk_x,
        z: chunk_z,
        dimension: OVERWORLD,
    };
    let chunk_index = require_inside(&bounds, chunk)?;
    if cells.len() != CHUNK_BYTES {
        return Err(Failure::new(format!("world.cells|{}|{CHUNK_BYTES}", cells.len())));
    }
    if things.len() > MAX_THINGS {
        return Err(Failure::new(format!("world.too_many_things|{MAX_THINGS}")));
    }
    if ctx.db.terrain_chunk_state().chunk_index().find(chunk_index).is_some() {
        return Ok(());
    }
    let placed = rows::insert_chunk(ctx, chunk, cells, &things)?;
    ctx.db.world_generation_state().id().update(WorldGenerationState {
        slice: before.slice.saturating_add(1),
        done: before.done.saturating_add(1),
        chunks: before.chunks.saturating_add(1),
        resources: before.resources.saturating_add(placed),
        ..before
    });
    Ok(())
}

/// Ends the upload. What stands and lives in the world comes in slices as it does in one that is made here, then the
/// region opens.
///
/// # Errors
/// `world.no_upload`, `world.chunks_missing|<count>`.
#[reducer]
#[access(Admin)]
pub fn finish_generating_world(ctx: &ReducerContext) -> Result<(), Failure> {
    let before = is_uploading(ctx).ok_or_else(|| Failure::new("world.no_upload"))?;
    let missing = before.total.saturating_sub(before.done);
    if missing > 0 {
        return Err(Failure::new(format!("world.chunks_missing|{missing}")));
    }
    slices::arm(ctx, &before);
    Ok(())
}

/// How far the upload is; `None` when none is under way.
fn is_uploading(ctx: &ReducerContext) -> Option<WorldGenerationState> {
    let is_upload = definition(ctx)?.mode == WorldMode::Uploaded;
    generation(ctx).filter(|generation| is_upload && generation.stage == WorldGenerationStage::Terrain)
}

fn has_sites(ctx: &ReducerContext, sites: &[PlacedSite]) -> bool {
    let mut stored: Vec<_> = ctx
        .db
        .site_state()
        .iter()
        .map(|site| (site.x, site.z, site.site_id))
        .collect();
    let mut wanted: Vec<_> = sites.iter().map(|site| (site.x, site.z, site.site_id)).collect();
    stored.sort_unstable();
    wanted.sort_unstable();
    stored == wanted
}

fn require_inside(bounds: &RegionBounds, chunk: ChunkCoordinates) -> Result<u64, Failure> {
    let is_inside = (bounds.min_chunk_x..bounds.max_chunk_x).contains(&chunk.x)
        && (bounds.min_chunk_z..bounds.max_chunk_z).contains(&chunk.z);
    let index = chunk.index().filter(|_| is_inside);
    index.ok_or_else(|| Failure::new(format!("world.outside|{}|{}", chunk.x, chunk.z)))
}
