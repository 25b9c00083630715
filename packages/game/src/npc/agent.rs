//! Travellers leave and arrive.

use hexmarch_base::{clock, Failure};
use hexmarch_macros::agent;
use hexmarch_messages::npc::{npc_state, NpcState};
use spacetimedb::ReducerContext;

/// Travellers who leave or arrive in one run; those who wait longest are first.
const ACTS_PER_RUN: usize = 16;

/// Does what is due for travellers.
#[agent(timer = npc_ai_loop_timer, every_millis = 1_000)]
pub fn npc_ai_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    let due = ctx.db.npc_state().next_action_ms().filter(0..=clock::now_ms(ctx));
    let due: Vec<NpcState> = due.take(ACTS_PER_RUN).collect();
    for npc in due {
        super::act(ctx, npc);
    }
    Ok(())
}
