//! Who is in the world now.
//!
//! Invariants: one session for each identity, bound to one connection; a session exists exactly while the character is
//! in `signed_in_player_state`; sessions and kept slots together never exceed the region's maximum, but for staff and
//! for the reserve of those who cross a border.

use hexmarch_base::clock;
use hexmarch_messages::player::{player_state, user_state, UserState};
use hexmarch_messages::session::{
    player_queue_state, player_session_state, player_timestamp_state, signed_in_player_state, PlayerSessionState,
    PlayerTimestampState, SignedInPlayerState,
};
use spacetimedb::{ConnectionId, Identity, ReducerContext, Table};

use crate::movement;
use crate::session::{queue, slots};

/// How exact `player_timestamp_state` is: one write in this time and not one a call.
pub const ACTIVITY_GRANULARITY_MS: u64 = 10_000;

/// What becomes of a slot when its session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Kept for the grace period.
    Kept,
    /// Given to the next.
    Freed,
}

/// Puts a player into the world.
pub fn begin(ctx: &ReducerContext, mut user: UserState, connection_id: ConnectionId) {
    let now_ms = clock::now_ms(ctx);
    let entity_id = user.entity_id;
    slots::release(ctx, &user.identity);
    ctx.db.player_queue_state().entity_id().delete(entity_id);
    ctx.db
        .signed_in_player_state()
        .insert(SignedInPlayerState { entity_id });
    ctx.db.player_session_state().insert(PlayerSessionState {
        identity: user.identity,
        entity_id,
        connection_id,
    });
    ctx.db.player_timestamp_state().insert(PlayerTimestampState {
        entity_id,
        timestamp_ms: now_ms,
    });
    if let Some(mut player) = ctx.db.player_state().entity_id().find(entity_id) {
        player.signed_in = true;
        player.sign_in_timestamp = i64::try_from(now_ms / 1000).unwrap_or(i64::MAX);
        ctx.db.player_state().entity_id().update(player);
    }
    user.can_sign_in = false;
    ctx.db.user_state().entity_id().update(user);
}

/// Takes a player out of the world; says whether they were in it.
pub fn end(ctx: &ReducerContext, entity_id: u64, slot: Slot) -> bool {
    let Some(session) = ctx.db.player_session_state().entity_id().find(entity_id) else {
        return false;
    };
    ctx.db.player_session_state().entity_id().delete(entity_id);
    ctx.db.signed_in_player_state().entity_id().delete(entity_id);
    ctx.db.player_timestamp_state().entity_id().delete(entity_id);
    movement::stand_still(ctx, entity_id);
    if let Some(mut player) = ctx.db.player_state().entity_id().find(entity_id) {
        let now_s = clock::now_ms(ctx) / 1000;
        player.time_played += now_s.saturating_sub(u64::try_from(player.sign_in_timestamp).unwrap_or(now_s));
        player.signed_in = false;
        ctx.db.player_state().entity_id().update(player);
    }
    match slot {
        Slot::Kept => slots::reserve(ctx, session.identity, entity_id),
        Slot::Freed => queue::process(ctx),
    }
    true
}

/// Ends the session of an identity that connects anew; its slot waits for it.
pub fn end_session_of(ctx: &ReducerContext, identity: &Identity) {
    if let Some(session) = ctx.db.player_session_state().identity().find(identity) {
        end(ctx, session.entity_id, Slot::Kept);
    }
}

/// Ends what hangs on a connection: a session of this connection, or a place in the queue after the grace period.
pub fn connection_lost(ctx: &ReducerContext, identity: &Identity, connection_id: ConnectionId) {
    match ctx.db.player_session_state().identity().find(identity) {
        Some(session) if session.connection_id == connection_id => {
            end(ctx, session.entity_id, Slot::Kept);
        }
        Some(_) => {}
        None => queue::connection_lost(ctx, identity),
    }
}

/// Notes that a player did something.
pub fn touch(ctx: &ReducerContext, entity_id: u64) {
    let now_ms = clock::now_ms(ctx);
    let activity = ctx.db.player_timestamp_state();
    if let Some(row) = activity.entity_id().find(entity_id) {
        if now_ms.saturating_sub(row.timestamp_ms) >= ACTIVITY_GRANULARITY_MS {
            activity.entity_id().update(PlayerTimestampState {
                timestamp_ms: now_ms,
                ..row
            });
        }
    }
}
