//! Turns day into night and night into day.

use hexmarch_base::Failure;
use hexmarch_macros::agent;
use spacetimedb::ReducerContext;

/// Writes down whether it is day, when that has changed; however many days went by, in one run.
#[agent(timer = day_night_loop_timer, every_millis = 1_000)]
pub fn day_night_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    super::tell(ctx);
    Ok(())
}
