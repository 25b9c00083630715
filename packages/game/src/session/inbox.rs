//! Sessions that other databases end or let in.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::inbox;
use hexmarch_messages::player::user_state;
use hexmarch_messages::session::{player_session_state, PlayerSkipQueueMsg, SignPlayerOutMsg};
use spacetimedb::{ReducerContext, Table};

use super::{queue, slots, Slot};

/// Ends one session, or all. No session is no mistake: the player may have left meanwhile.
#[inbox(SignPlayerOut)]
pub fn on_sign_player_out(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: SignPlayerOutMsg,
) -> Result<(), Failure> {
    match message.player_identity {
        Some(identity) => {
            if let Some(session) = ctx.db.player_session_state().identity().find(identity) {
                super::end(ctx, session.entity_id, Slot::Freed);
            }
        }
        None => sign_everybody_out(ctx),
    }
    Ok(())
}

/// Keeps a slot for a player, past the queue.
#[inbox(PlayerSkipQueue)]
pub fn on_player_skip_queue(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: PlayerSkipQueueMsg,
) -> Result<(), Failure> {
    let user = ctx.db.user_state().identity().find(message.player_identity);
    let user = user.ok_or_else(|| Failure::new("player.not_here"))?;
    queue::leave(ctx, user.entity_id);
    slots::reserve(ctx, user.identity, user.entity_id);
    Ok(())
}

/// Ends all sessions.
pub fn sign_everybody_out(ctx: &ReducerContext) {
    let sessions: Vec<u64> = ctx
        .db
        .player_session_state()
        .iter()
        .map(|session| session.entity_id)
        .collect();
    for entity_id in sessions {
        super::end(ctx, entity_id, Slot::Freed);
    }
}
