//! Dungeons fall in and come back.

use hexmarch_base::{clock, Failure};
use hexmarch_macros::agent;
use hexmarch_messages::interior::{dungeon_timer_state, DungeonTimerState};
use spacetimedb::ReducerContext;

use super::{dungeon, removal};

/// Dungeons that fall in or come back in one run.
const MAX_DUNGEONS_PER_RUN: usize = 4;
/// Things of ended dimensions that one run deletes.
const MAX_THINGS_PER_RUN: usize = 256;

/// Lets dungeons fall in whose time is over and come back whose time has come, the longest overdue first, and clears
/// away what is left of dimensions that ended.
#[agent(timer = dungeon_collapse_loop_timer, every_millis = 1_000)]
pub fn dungeon_collapse_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    let due = ctx.db.dungeon_timer_state().due_ms().filter(0..=clock::now_ms(ctx));
    let due: Vec<DungeonTimerState> = due.take(MAX_DUNGEONS_PER_RUN).collect();
    for timer in &due {
        dungeon::due(ctx, timer)?;
    }
    removal::clear(ctx, MAX_THINGS_PER_RUN);
    Ok(())
}
