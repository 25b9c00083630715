//! What regions report of players, and how requests to them ended.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::{inbox, outcome};
use hexmarch_messages::account::{
    player_username_state, user_creation_timestamp_state, user_region_state, PlayerCreateMsg, PlayerNameSetMsg,
    UserRegionState, UserUpdateRegionMsg,
};
use hexmarch_messages::inter_module::{MessageContents, MessageOutcome};
use spacetimedb::{log, ReducerContext};

use super::MAX_HOPS;

/// A player arrived in the sender's region.
#[inbox(UserUpdateRegionRequest)]
pub fn on_user_update_region(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    sender: u8,
    message: UserUpdateRegionMsg,
) -> Result<(), Failure> {
    let accounts = ctx.db.user_region_state();
    let row = accounts
        .entity_id()
        .find(message.entity_id)
        .ok_or_else(|| Failure::new("player.unknown"))?;
    if message.region_changes > row.region_changes {
        accounts.entity_id().update(UserRegionState {
            region_id: sender,
            region_changes: message.region_changes,
            ..row
        });
    }
    Ok(())
}

/// The region has created the character, or the account is undone so that its owner may try again.
#[outcome(PlayerCreateRequest)]
pub fn on_player_create_answered(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    destination: u8,
    message: PlayerCreateMsg,
    outcome: &MessageOutcome,
) -> Result<(), Failure> {
    let accounts = ctx.db.user_region_state();
    let Some(row) = accounts.entity_id().find(message.entity_id) else {
        return Ok(());
    };
    match outcome {
        MessageOutcome::Done => {
            accounts.entity_id().update(UserRegionState {
                is_created: true,
                ..row
            });
        }
        MessageOutcome::Failed(reason) => {
            log::warn!(
                "region {destination} did not create player {}: {reason}",
                message.entity_id
            );
            accounts.entity_id().delete(message.entity_id);
            ctx.db.user_creation_timestamp_state().identity().delete(row.identity);
            super::forget_name(ctx, message.entity_id);
        }
    }
    Ok(())
}

/// A name follows its player: it is sent again to wherever they are by now.
#[outcome(OnPlayerNameSetRequest)]
pub fn on_player_name_set_answered(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    _destination: u8,
    message: PlayerNameSetMsg,
    outcome: &MessageOutcome,
) -> Result<(), Failure> {
    let MessageOutcome::Failed(reason) = outcome else {
        return Ok(());
    };
    let entity_id = message.entity_id;
    let is_current = ctx
        .db
        .player_username_state()
        .entity_id()
        .find(entity_id)
        .map(|row| row.username);
    if message.hops >= MAX_HOPS || is_current.as_deref() != Some(message.username.as_str()) {
        log::warn!("the name of player {entity_id} was not taken over: {reason}");
        return Ok(());
    }
    let next = PlayerNameSetMsg {
        hops: message.hops + 1,
        ..message
    };
    super::send_to_player(ctx, shared, entity_id, MessageContents::OnPlayerNameSetRequest(next))
}
