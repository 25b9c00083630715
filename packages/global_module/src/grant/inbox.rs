//! How gifts ended.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::outcome;
use hexmarch_messages::grant::{item_grant_state, GrantItemMsg, ItemGrantState};
use hexmarch_messages::inter_module::{MessageContents, MessageOutcome};
use spacetimedb::{log, ReducerContext};

use crate::account::{self, MAX_HOPS};

/// The answer of a region that the player has left.
const NOT_HERE: &str = "player.not_here";

/// The player has the gift; or it follows them; or it is kept here with the reason.
#[outcome(GrantItem)]
pub fn on_grant_item_answered(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    _destination: u8,
    message: GrantItemMsg,
    outcome: &MessageOutcome,
) -> Result<(), Failure> {
    let grants = ctx.db.item_grant_state();
    match outcome {
        MessageOutcome::Done => {
            grants.grant_id().delete(message.grant_id);
        }
        MessageOutcome::Failed(reason) if reason == NOT_HERE && message.hops < MAX_HOPS => {
            let entity_id = message.entity_id;
            let next = GrantItemMsg {
                hops: message.hops + 1,
                ..message
            };
            account::send_to_player(ctx, shared, entity_id, MessageContents::GrantItem(next))?;
        }
        MessageOutcome::Failed(reason) => {
            log::warn!("gift {} was not taken: {reason}", message.grant_id);
            if let Some(row) = grants.grant_id().find(message.grant_id) {
                grants.grant_id().update(ItemGrantState {
                    failure: reason.clone(),
                    ..row
                });
            }
        }
    }
    Ok(())
}
