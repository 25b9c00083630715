//! Fills empty chests.

use hexmarch_base::{clock, Failure};
use hexmarch_macros::agent;
use hexmarch_messages::loot_chest::loot_chest_refill_state;
use spacetimedb::ReducerContext;

/// Chests filled in one run; the rest is found by the next.
const MAX_PER_RUN: usize = 256;

/// Fills the chests that are due, by index.
#[agent(timer = loot_chest_loop_timer, every_millis = 5_000)]
pub fn loot_chest_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    let rows = ctx.db.loot_chest_refill_state();
    let due = rows.due_ms().filter(0..=clock::now_ms(ctx)).take(MAX_PER_RUN);
    let due: Vec<u64> = due.map(|row| row.entity_id).collect();
    for entity_id in due {
        super::fill(ctx, entity_id);
    }
    Ok(())
}
