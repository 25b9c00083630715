//! This region's part of the world.

use hexmarch_base::Failure;
use hexmarch_messages::region::{world_region_state, WorldRegionState};
use hexmarch_sim_core::{Position, RegionLayout};
use spacetimedb::ReducerContext;

/// The part of the world that this database holds; `None` before it was set up.
pub fn own(ctx: &ReducerContext) -> Option<WorldRegionState> {
    ctx.db.world_region_state().id().find(0)
}

/// How the regions lie.
///
/// # Errors
/// `region.*` for counts and sizes that no world has.
pub fn layout(row: &WorldRegionState) -> Result<RegionLayout, Failure> {
    Ok(RegionLayout::new(
        row.region_count,
        row.region_width_chunks,
        row.region_height_chunks,
    )?)
}

/// The region that a position belongs to once it is past this one's border by more than the hysteresis.
pub fn crossing(ctx: &ReducerContext, position: Position, hysteresis_milli: u32) -> Option<u8> {
    let row = own(ctx)?;
    layout(&row)
        .ok()?
        .crossing(row.region_index, position, hysteresis_milli)
}

/// The region that a position lies in.
pub fn at(ctx: &ReducerContext, position: Position) -> Option<u8> {
    layout(&own(ctx)?).ok()?.region_at(position)
}
