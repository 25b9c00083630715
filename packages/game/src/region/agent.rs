//! Reports how full the region is.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::{entity, Failure};
use hexmarch_macros::agent;
use hexmarch_messages::region::{region_population_info, RegionPopulationInfo};
use spacetimedb::ReducerContext;

use crate::session::{queue, slots};

/// Tells the global database the number of players, when it has changed.
#[agent(timer = region_population_loop_timer, every_millis = 5_000)]
pub fn region_population_agent(ctx: &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> {
    let region_id = entity::own_index(ctx);
    if region_id == 0 {
        return Ok(());
    }
    let row = RegionPopulationInfo {
        region_id,
        signed_in_players: slots::signed_in(ctx),
        players_in_queue: queue::length(ctx),
    };
    if ctx.db.region_population_info().find(&region_id).as_ref() != Some(&row) {
        shared.upsert(row);
    }
    Ok(())
}
