//! This region's part of the world.

use hexmarch_base::shared::copy;
use hexmarch_base::Failure;
use hexmarch_messages::region::{region_connection_info, world_region_state, RegionConnectionInfo, WorldRegionState};
use hexmarch_messages::shared::{Arrival, ReplicaRow};
use hexmarch_sim_core::{OffsetCoordinatesFloat, RegionLayout};
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
        row.region_count_sqrt,
        row.region_width_chunks,
        row.region_height_chunks,
    )?)
}

/// Learns where a region is. The world reaches at least to there, and a region that is new here is sent a copy of what this
/// one owns.
pub fn heard_of(ctx: &ReducerContext, row: RegionConnectionInfo, arrival: Arrival) {
    let (index, is_known) = (row.id, ctx.db.region_connection_info().find(&row.id).is_some());
    row.upsert_replica(&ctx.db, arrival);
    let Some(own) = own(ctx) else { return };
    if own.region_index != index && !is_known {
        copy::start(ctx, index);
    }
    if own.region_count < index {
        ctx.db.world_region_state().id().update(WorldRegionState {
            region_count: index,
            ..own
        });
    }
}

/// The region that a position belongs to once it is past this one's border by more than the hysteresis.
pub fn crossing(ctx: &ReducerContext, position: OffsetCoordinatesFloat, hysteresis_milli: u32) -> Option<u8> {
    let row = own(ctx)?;
    layout(&row)
        .ok()?
        .crossing(row.region_index, position, hysteresis_milli)
}

/// The region that a position lies in.
pub fn at(ctx: &ReducerContext, position: OffsetCoordinatesFloat) -> Option<u8> {
    layout(&own(ctx)?).ok()?.region_at(position)
}
