//! The end of the making of a world, however it was made.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::{agents, Failure};
use hexmarch_messages::world::{resources_log, ResourcesLog, WorldMode};
use spacetimedb::{ReducerContext, Table};

use super::populate;
use crate::{day, interior, region, resource};

/// Opens the region: its world is there.
///
/// # Errors
/// `region.not_set_up`, `access.not_configured`.
pub fn open(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    mode: WorldMode,
    (chunks, resources): (u32, u32),
) -> Result<(), Failure> {
    let own = region::own(ctx).ok_or_else(|| Failure::new("region.not_set_up"))?;
    interior::overworld(ctx)?;
    populate::note_locations(ctx);
    resource::set_targets(ctx);
    day::tell(ctx);
    ctx.db.resources_log().insert(ResourcesLog {
        version: 0,
        mode,
        chunks,
        resources,
    });
    region::reducers::announce(ctx, shared, own.region_index, true, true);
    agents::start(ctx, crate::AGENTS)
}
