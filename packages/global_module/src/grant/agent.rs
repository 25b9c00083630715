//! Gifts that find nobody at home.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::{dead_letter, Failure};
use hexmarch_macros::agent;
use spacetimedb::ReducerContext;

use crate::dispatch::Handlers;

/// Sends items again whose owner was between two regions when they came.
#[agent(timer = undelivered_items_loop_timer, every_millis = 5_000)]
pub fn undelivered_items_agent(ctx: &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> {
    dead_letter::retry_not_here(ctx, shared, &Handlers);
    Ok(())
}
