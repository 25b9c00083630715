//! The queue in front of a full region.

use hexmarch_base::Failure;
use hexmarch_macros::{reducer, timer};
use hexmarch_messages::player::user_state;
use hexmarch_messages::session::{player_queue_state, PlayerQueueState};
use hexmarch_rules::session::{free_slots, MAX_ADMISSIONS};
use spacetimedb::{Identity, ReducerContext, Table};

use super::slots;

/// Players waiting.
pub fn length(ctx: &ReducerContext) -> u32 {
    u32::try_from(ctx.db.player_queue_state().count()).unwrap_or(u32::MAX)
}

/// How many wait before this player; `None` when they do not wait.
pub fn position(ctx: &ReducerContext, entity_id: u64) -> Option<u32> {
    let own = ctx.db.player_queue_state().entity_id().find(entity_id)?;
    let before = ctx
        .db
        .player_queue_state()
        .iter()
        .filter(|row| row.index < own.index)
        .count();
    u32::try_from(before).ok()
}

/// Puts a player at the end, unless they wait already.
pub fn join(ctx: &ReducerContext, entity_id: u64) {
    if ctx.db.player_queue_state().entity_id().find(entity_id).is_none() {
        ctx.db
            .player_queue_state()
            .insert(PlayerQueueState { index: 0, entity_id });
    }
}

/// Takes a player out; says whether they waited.
pub fn leave(ctx: &ReducerContext, entity_id: u64) -> bool {
    ctx.db.player_queue_state().entity_id().delete(entity_id)
}

/// Keeps a slot for each player at the head of the queue for whom there is one.
pub fn process(ctx: &ReducerContext) {
    if ctx.db.player_queue_state().count() == 0 || !slots::allow_players(ctx) {
        return;
    }
    let parameters = slots::parameters(ctx);
    if parameters.is_signing_in_blocked {
        return;
    }
    let free = free_slots(
        slots::signed_in(ctx),
        slots::reserved(ctx),
        parameters.max_signed_in_players,
    );
    let admitted = usize::try_from(free).unwrap_or(usize::MAX).min(MAX_ADMISSIONS);
    let mut waiting: Vec<PlayerQueueState> = ctx.db.player_queue_state().iter().collect();
    waiting.sort_unstable_by_key(|row| row.index);
    for row in waiting.into_iter().take(admitted) {
        leave(ctx, row.entity_id);
        if let Some(user) = ctx.db.user_state().entity_id().find(row.entity_id) {
            slots::reserve(ctx, user.identity, row.entity_id);
        }
    }
}

/// A place in the queue without a connection ends when this row is due.
#[timer(name = end_queue_grace_timer, reducer = end_queue_grace)]
pub struct EndQueueGraceTimer {
    /// Whose.
    #[index(btree)]
    pub identity: Identity,
}

/// A waiting player's connection broke: their place is kept for the grace period.
pub fn connection_lost(ctx: &ReducerContext, identity: &Identity) {
    let user = ctx.db.user_state().identity().find(identity);
    if user.is_some_and(|user| ctx.db.player_queue_state().entity_id().find(user.entity_id).is_some()) {
        connection_returned(ctx, identity);
        let grace_ms = u64::from(slots::parameters(ctx).grace_period_seconds) * 1000;
        ctx.db.end_queue_grace_timer().insert(EndQueueGraceTimer {
            scheduled_id: 0,
            scheduled_at: slots::due_in(ctx, grace_ms),
            identity: *identity,
        });
    }
}

/// A waiting player is back.
pub fn connection_returned(ctx: &ReducerContext, identity: &Identity) {
    for timer in ctx.db.end_queue_grace_timer().identity().filter(identity) {
        ctx.db.end_queue_grace_timer().scheduled_id().delete(timer.scheduled_id);
    }
}

/// A waiting player did not come back in time.
#[reducer]
#[access(Scheduler)]
pub fn end_queue_grace(ctx: &ReducerContext, timer: EndQueueGraceTimer) -> Result<(), Failure> {
    if let Some(user) = ctx.db.user_state().identity().find(timer.identity) {
        leave(ctx, user.entity_id);
    }
    Ok(())
}
