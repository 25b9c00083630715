//! Worlds from a seed.

use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::world::{WorldGenerationStage, WorldMode};
use spacetimedb::{log, ReducerContext};

use super::{begin, bounds, definition, generation, is_loaded, slices};

/// Begins to make the world of this region from a seed, in slices; `world_generation_state` says how far it is. The same
/// call again, while the world is being made, goes on with it, should it have come to a halt.
///
/// # Errors
/// `region.not_set_up`, `world.already_loaded`, `world.already_begun` with another seed or way, `world.no_content`.
#[reducer]
#[access(Admin)]
pub fn generate_world(ctx: &ReducerContext, seed: u64) -> Result<(), Failure> {
    start(ctx, seed, WorldMode::Generated)
}

/// As [`generate_world`], with one island in the middle of the region and sea around it: a small world for those who
/// build the game.
///
/// # Errors
/// As [`generate_world`].
#[reducer]
#[access(Admin)]
pub fn generate_dev_island(ctx: &ReducerContext, seed: u64) -> Result<(), Failure> {
    start(ctx, seed, WorldMode::Island)
}

fn start(ctx: &ReducerContext, seed: u64, mode: WorldMode) -> Result<(), Failure> {
    bounds(ctx)?;
    if is_loaded(ctx) {
        return Err(Failure::new("world.already_loaded"));
    }
    let begun = definition(ctx).filter(|definition| definition.seed == seed && definition.mode == mode);
    let generation = match begun.and(generation(ctx)) {
        Some(generation) => generation,
        None => begin(ctx, seed, mode, (WorldGenerationStage::Sites, 1))?,
    };
    slices::arm(ctx, &generation);
    log::info!("making the world of seed {seed} from slice {}", generation.slice);
    Ok(())
}
