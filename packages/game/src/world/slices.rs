//! The making of a world, slice by slice. Each slice is a transaction and says where the next begins.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::{reducer, timer};
use hexmarch_messages::resource::resource_desc;
use hexmarch_messages::terrain::cells;
use hexmarch_messages::world::{
    site_state, world_generation_state, PlacedThing, WorldDefinitionState, WorldGenerationStage, WorldGenerationState,
};
use hexmarch_sim_core::{ChunkCoordinates, RegionBounds};
use hexmarch_world_gen::{maker, MadeChunk};
use spacetimedb::{log, ReducerContext, Table};

use super::{bounds, definition, generation, opening, plan, populate, rows};
use crate::enemy;

/// How much the search for sites does in a slice, in places whose cheap properties are looked at.
const SITE_BUDGET: usize = 100;
/// Chunks of ground in a slice.
const CHUNKS_PER_SLICE: u32 = 2;
/// Buildings in a slice, with all that they bring.
const BUILDINGS_PER_SLICE: u32 = 1;
/// Chunks to which herds come in a slice.
const HERD_CHUNKS_PER_SLICE: u32 = 8;

/// The next slice runs when this row is due, at once.
#[timer(name = generate_world_timer, reducer = generate_world_slice)]
pub struct GenerateWorldTimer {
    /// Which slice: one that was done already is not done again.
    pub slice: u32,
}

/// Has the next slice done.
pub fn arm(ctx: &ReducerContext, generation: &WorldGenerationState) {
    let timers = ctx.db.generate_world_timer();
    let waiting: Vec<u64> = timers.iter().map(|timer| timer.scheduled_id).collect();
    for timer in waiting {
        timers.scheduled_id().delete(timer);
    }
    timers.insert(GenerateWorldTimer {
        scheduled_id: 0,
        scheduled_at: ctx.timestamp.into(),
        slice: generation.slice,
    });
}

/// Does a slice of the making of the world. After an error nothing of it is there, and `generate_world` goes on from it.
///
/// # Errors
/// `world.not_begun`, `world.broken_definition|<why>`, `world.no_such_site|<id>`, `region.*`.
#[reducer]
#[access(Scheduler)]
#[shared_table_reducer]
pub fn generate_world_slice(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    timer: GenerateWorldTimer,
) -> Result<(), Failure> {
    let (Some(definition), Some(before)) = (definition(ctx), generation(ctx)) else {
        return Err(Failure::new("world.not_begun"));
    };
    if timer.slice != before.slice {
        return Ok(());
    }
    let (_, bounds) = bounds(ctx)?;
    let mut after = step(ctx, &definition, &before, &bounds)?;
    after.slice = before.slice.saturating_add(1);
    if after.done >= after.total {
        next_stage(ctx, &definition, &mut after, &bounds)?;
    }
    if after.stage == WorldGenerationStage::Finished {
        opening::open(ctx, shared, definition.mode, (after.chunks, after.resources))?;
        plan::forget();
        log::info!(
            "world of seed {}: {} chunks, {} resources, {} slices",
            definition.seed,
            after.chunks,
            after.resources,
            after.slice
        );
    } else {
        arm(ctx, &after);
    }
    ctx.db.world_generation_state().id().update(after);
    Ok(())
}

fn step(
    ctx: &ReducerContext,
    definition: &WorldDefinitionState,
    before: &WorldGenerationState,
    bounds: &RegionBounds,
) -> Result<WorldGenerationState, Failure> {
    let next = |done: u32| WorldGenerationState {
        done: before.done.saturating_add(done).min(before.total),
        ..before.clone()
    };
    match before.stage {
        WorldGenerationStage::Sites => {
            let found = plan::search(ctx, definition, before, bounds, SITE_BUDGET)?;
            for site in &found.sites {
                rows::place_site(ctx, site)?;
            }
            let (done, total) = found.progress;
            Ok(WorldGenerationState {
                done: if found.is_finished { total } else { done },
                total,
                site_rule: found.cursor.rule,
                site_offer: found.cursor.offer,
                sites_of_rule: found.cursor.placed,
                ..before.clone()
            })
        }
        WorldGenerationStage::Terrain => {
            let chunks = slice_of(bounds, before.done, CHUNKS_PER_SLICE);
            let resources = plan::with_maker(ctx, definition, |maker| {
                chunks.iter().try_fold(0_u32, |sum, chunk| {
                    let placed = insert(ctx, definition, &maker.chunk(*chunk))?;
                    Ok(sum.saturating_add(placed))
                })
            })?;
            Ok(WorldGenerationState {
                chunks: before.chunks.saturating_add(CHUNKS_PER_SLICE).min(before.total),
                resources: before.resources.saturating_add(resources),
                ..next(CHUNKS_PER_SLICE)
            })
        }
        WorldGenerationStage::Buildings => {
            for number in before.done..before.done.saturating_add(BUILDINGS_PER_SLICE) {
                populate::building(ctx, definition, usize::try_from(number).unwrap_or(usize::MAX))?;
            }
            Ok(next(BUILDINGS_PER_SLICE))
        }
        WorldGenerationStage::Herds => {
            for chunk in slice_of(bounds, before.done, HERD_CHUNKS_PER_SLICE) {
                enemy::populate_chunk(ctx, chunk)?;
            }
            Ok(next(HERD_CHUNKS_PER_SLICE))
        }
        WorldGenerationStage::Finished => Ok(before.clone()),
    }
}

fn slice_of(bounds: &RegionBounds, done: u32, count: u32) -> Vec<ChunkCoordinates> {
    let first = usize::try_from(done).unwrap_or(usize::MAX);
    maker::chunks_of(bounds).skip(first).take(count as usize).collect()
}

fn insert(ctx: &ReducerContext, definition: &WorldDefinitionState, made: &MadeChunk) -> Result<u32, Failure> {
    let mut things: Vec<PlacedThing> = made.things.iter().map(PlacedThing::from).collect();
    if super::content_generation(ctx) != definition.content_generation {
        // Kinds that content has lost since.
        things.retain(|thing| ctx.db.resource_desc().id().find(thing.resource_id).is_some());
    }
    rows::insert_chunk(ctx, made.terrain.chunk, cells(&made.terrain.cells), &things)
}

/// Goes on to the next stage that has something to do.
fn next_stage(
    ctx: &ReducerContext,
    definition: &WorldDefinitionState,
    generation: &mut WorldGenerationState,
    bounds: &RegionBounds,
) -> Result<(), Failure> {
    use WorldGenerationStage::{Buildings, Finished, Herds, Sites, Terrain};
    while generation.stage != Finished && generation.done >= generation.total {
        let stage = match generation.stage {
            Sites => Terrain,
            Terrain => Buildings,
            Buildings => Herds,
            Herds | Finished => Finished,
        };
        generation.stage = stage;
        generation.done = 0;
        generation.total = match stage {
            Terrain | Herds => super::chunk_count(bounds),
            Buildings => {
                let count = plan::with_maker(ctx, definition, |maker| Ok(maker.building_count()))?;
                u32::try_from(count).unwrap_or(u32::MAX)
            }
            Sites | Finished => 0,
        };
    }
    Ok(())
}
