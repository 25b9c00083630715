//! Signs out players who do nothing.

use hexmarch_base::{clock, Failure};
use hexmarch_macros::agent;
use hexmarch_messages::session::player_timestamp_state;
use spacetimedb::{log, ReducerContext};

use super::Slot;

/// Nothing done for this long is idle, in milliseconds.
const IDLE_LIMIT_MS: u64 = 30 * 60 * 1000;
/// Sessions ended in one run; the rest is found by the next.
const MAX_PER_RUN: usize = 256;

/// Ends idle sessions, the longest idle first, by index.
#[agent(timer = auto_logout_loop_timer, every_millis = 30_000)]
pub fn auto_logout_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    let idle_since = clock::now_ms(ctx).saturating_sub(IDLE_LIMIT_MS);
    let idle: Vec<u64> = ctx
        .db
        .player_timestamp_state()
        .timestamp_ms()
        .filter(0..idle_since)
        .take(MAX_PER_RUN)
        .map(|row| row.entity_id)
        .collect();
    for entity_id in idle {
        log::info!("player {entity_id} was idle and is signed out");
        super::end(ctx, entity_id, Slot::Freed);
    }
    Ok(())
}
