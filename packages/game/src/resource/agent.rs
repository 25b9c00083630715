//! Brings back what was used up, and removes what does not stay.

use hexmarch_base::Failure;
use hexmarch_macros::agent;
use spacetimedb::ReducerContext;

use super::{due, regen};

/// Removes what is due to go, lets stand again what is due, and now and then brings back a slice of what is missing.
#[agent(timer = resource_regen_loop_timer, every_millis = 1_000)]
pub fn resource_regen_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    due::go(ctx)?;
    due::stand_again(ctx)?;
    regen::toward_targets(ctx)
}
