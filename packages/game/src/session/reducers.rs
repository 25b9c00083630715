//! Signing in and out, waiting.

use hexmarch_base::{role, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::player::{user_state, UserState};
use hexmarch_messages::role::Role;
use hexmarch_messages::session::player_session_state;
use hexmarch_messages::world::resources_log;
use hexmarch_rules::session::{decide, SlotDecision, SlotRequest};
use spacetimedb::{Identity, ReducerContext, Table};

use super::{queue, slots, Slot};

/// Enters the world, or the queue when the region is full. The queue's head is told by `user_state.can_sign_in`.
///
/// # Errors
/// `session.no_player`, `session.already_signed_in`, `session.world_not_loaded`, `session.*` of the slot rules.
#[reducer]
#[access(Anyone)]
#[feature_gate("session")]
pub fn sign_in(ctx: &ReducerContext) -> Result<(), Failure> {
    let user = caller(ctx)?;
    let connection_id = ctx.connection_id.ok_or_else(|| Failure::new("session.no_connection"))?;
    match slot_for(ctx, &user)? {
        SlotDecision::Admit => super::begin(ctx, user, connection_id),
        SlotDecision::Enqueue => queue::join(ctx, user.entity_id),
        SlotDecision::Refuse(reason) => return Err(reason.into()),
    }
    Ok(())
}

/// Leaves the world; the slot goes to the next.
///
/// # Errors
/// `access.not_signed_in`.
#[reducer]
#[access(Anyone)]
pub fn sign_out(ctx: &ReducerContext) -> Result<(), Failure> {
    let session = ctx.db.player_session_state().identity().find(ctx.sender);
    let session = session.ok_or_else(|| Failure::new("access.not_signed_in"))?;
    super::end(ctx, session.entity_id, Slot::Freed);
    Ok(())
}

/// Asks for a slot without entering: it is kept for the grace period, or the player waits.
///
/// # Errors
/// As [`sign_in`].
#[reducer]
#[access(Anyone)]
#[feature_gate("session")]
pub fn player_queue_join(ctx: &ReducerContext) -> Result<(), Failure> {
    let user = caller(ctx)?;
    match slot_for(ctx, &user)? {
        SlotDecision::Admit => {
            queue::leave(ctx, user.entity_id);
            slots::reserve(ctx, user.identity, user.entity_id);
        }
        SlotDecision::Enqueue => queue::join(ctx, user.entity_id),
        SlotDecision::Refuse(reason) => return Err(reason.into()),
    }
    Ok(())
}

/// Gives up waiting.
///
/// # Errors
/// `session.no_player`, `session.not_waiting`.
#[reducer]
#[access(Anyone)]
pub fn player_queue_leave(ctx: &ReducerContext) -> Result<(), Failure> {
    let user = caller(ctx)?;
    if !queue::leave(ctx, user.entity_id) {
        return Err(Failure::new("session.not_waiting"));
    }
    Ok(())
}

/// Ends a player's session without keeping the slot.
///
/// # Errors
/// `session.not_signed_in`.
#[reducer]
#[access(Admin)]
pub fn admin_sign_out(ctx: &ReducerContext, identity: Identity) -> Result<(), Failure> {
    let session = ctx.db.player_session_state().identity().find(identity);
    let session = session.ok_or_else(|| Failure::new("session.not_signed_in"))?;
    super::end(ctx, session.entity_id, Slot::Freed);
    Ok(())
}

fn caller(ctx: &ReducerContext) -> Result<UserState, Failure> {
    ctx.db
        .user_state()
        .identity()
        .find(ctx.sender)
        .ok_or_else(|| Failure::new("session.no_player"))
}

fn slot_for(ctx: &ReducerContext, user: &UserState) -> Result<SlotDecision, Failure> {
    if ctx.db.resources_log().count() == 0 {
        return Err(Failure::new("session.world_not_loaded"));
    }
    if ctx.db.player_session_state().identity().find(user.identity).is_some() {
        return Err(Failure::new("session.already_signed_in"));
    }
    let parameters = slots::parameters(ctx);
    Ok(decide(&SlotRequest {
        signed_in: slots::signed_in(ctx),
        reserved: slots::reserved(ctx),
        queue_length: queue::length(ctx),
        max_signed_in: parameters.max_signed_in_players,
        max_queue: parameters.max_queue_length,
        has_reservation: slots::is_reserved(ctx, &user.identity),
        skip_queue: role::caller_has(ctx, Role::SkipQueue),
        sign_in_blocked: parameters.is_signing_in_blocked,
        allow_players: slots::allow_players(ctx),
        queue_position: queue::position(ctx, user.entity_id),
    }))
}
