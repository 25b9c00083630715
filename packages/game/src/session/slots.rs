//! Slots: how many players the region takes, and those kept for players who are on their way.

use hexmarch_base::Failure;
use hexmarch_base::{clock, entity};
use hexmarch_macros::{reducer, timer};
use hexmarch_messages::player::user_state;
use hexmarch_messages::region::{region_control_info, region_sign_in_parameters, RegionSignInParameters};
use hexmarch_messages::session::{player_session_state, slot_reservation_state, SlotReservationState};
use hexmarch_rules::session::{
    DEFAULT_ARRIVAL_RESERVE, DEFAULT_GRACE_SECONDS, DEFAULT_MAX_QUEUE, DEFAULT_MAX_SIGNED_IN,
};
use spacetimedb::{Identity, ReducerContext, ScheduleAt, Table, TimeDuration, Timestamp};

use super::queue;

/// The operator's parameters for this region, or the defaults.
pub fn parameters(ctx: &ReducerContext) -> RegionSignInParameters {
    let region_id = entity::own_index(ctx);
    ctx.db
        .region_sign_in_parameters()
        .find(&region_id)
        .unwrap_or(RegionSignInParameters {
            region_id,
            is_signing_in_blocked: false,
            max_signed_in_players: DEFAULT_MAX_SIGNED_IN,
            max_queue_length: DEFAULT_MAX_QUEUE,
            arrival_reserve: DEFAULT_ARRIVAL_RESERVE,
            grace_period_seconds: DEFAULT_GRACE_SECONDS,
        })
}

/// Whether the region is open to players; not before its world exists.
pub fn allow_players(ctx: &ReducerContext) -> bool {
    let row = ctx.db.region_control_info().find(&entity::own_index(ctx));
    row.is_some_and(|row| row.initialized && row.allow_players)
}

/// Sessions now.
pub fn signed_in(ctx: &ReducerContext) -> u32 {
    u32::try_from(ctx.db.player_session_state().count()).unwrap_or(u32::MAX)
}

/// Kept slots now.
pub fn reserved(ctx: &ReducerContext) -> u32 {
    u32::try_from(ctx.db.slot_reservation_state().count()).unwrap_or(u32::MAX)
}

/// Whether a slot is kept for this identity.
pub fn is_reserved(ctx: &ReducerContext, identity: &Identity) -> bool {
    ctx.db.slot_reservation_state().identity().find(identity).is_some()
}

/// A kept slot ends when this row is due.
#[timer(name = end_grace_period_timer, reducer = end_grace_period)]
pub struct EndGracePeriodTimer {
    /// Whose.
    #[index(btree)]
    pub identity: Identity,
}

/// Keeps a slot for the grace period, counted from now.
pub fn reserve(ctx: &ReducerContext, identity: Identity, entity_id: u64) {
    release(ctx, &identity);
    let grace_ms = u64::from(parameters(ctx).grace_period_seconds) * 1000;
    let expires_ms = clock::now_ms(ctx) + grace_ms;
    ctx.db.slot_reservation_state().insert(SlotReservationState {
        identity,
        entity_id,
        expires_ms,
    });
    ctx.db.end_grace_period_timer().insert(EndGracePeriodTimer {
        scheduled_id: 0,
        scheduled_at: due_in(ctx, grace_ms),
        identity,
    });
    set_can_sign_in(ctx, entity_id, true);
}

/// Gives a kept slot up.
pub fn release(ctx: &ReducerContext, identity: &Identity) {
    ctx.db.slot_reservation_state().identity().delete(identity);
    for timer in ctx.db.end_grace_period_timer().identity().filter(identity) {
        ctx.db
            .end_grace_period_timer()
            .scheduled_id()
            .delete(timer.scheduled_id);
    }
}

/// The grace period of a kept slot is over: the slot goes to the next in the queue.
#[reducer]
#[access(Scheduler)]
pub fn end_grace_period(ctx: &ReducerContext, timer: EndGracePeriodTimer) -> Result<(), Failure> {
    let kept = ctx.db.slot_reservation_state().identity().find(timer.identity);
    if let Some(kept) = kept.filter(|kept| kept.expires_ms <= clock::now_ms(ctx)) {
        ctx.db.slot_reservation_state().identity().delete(timer.identity);
        set_can_sign_in(ctx, kept.entity_id, false);
        queue::process(ctx);
    }
    Ok(())
}

/// The moment `millis` from now, for a timer.
pub fn due_in(ctx: &ReducerContext, millis: u64) -> ScheduleAt {
    let micros = i64::try_from(millis.saturating_mul(1000)).unwrap_or(i64::MAX);
    let due: Timestamp = ctx.timestamp + TimeDuration::from_micros(micros);
    due.into()
}

fn set_can_sign_in(ctx: &ReducerContext, entity_id: u64, can_sign_in: bool) {
    if let Some(mut user) = ctx.db.user_state().entity_id().find(entity_id) {
        if user.can_sign_in != can_sign_in {
            user.can_sign_in = can_sign_in;
            ctx.db.user_state().entity_id().update(user);
        }
    }
}
