//! Messages that were refused for good and that nobody makes good: kept, with what they hold, for an operator to look at.
//!
//! A refused message becomes one when it is durable, has no `#[outcome]` handler, and what it holds (see [`crate::escrow`])
//! cannot go back to its owner.

use hexmarch_messages::inter_module::{inter_module_dead_letter, InterModuleDeadLetter, InterModuleMessage};
use spacetimedb::{log, ReducerContext, Table};

use crate::escrow::{self, Stake};
use crate::inter_module::Dispatch;
use crate::outbox::{self, Durability};
use crate::shared::SharedTransaction;
use crate::Failure;

/// The answer of a region that a player is not in.
pub const NOT_HERE: &str = "player.not_here";
/// Most dead letters that one run of an agent sends again.
const MAX_RETRIES_A_RUN: usize = 64;

/// Puts a refused message aside, with what it holds.
pub(crate) fn keep(ctx: &ReducerContext, message: InterModuleMessage, stake: Option<Stake>, error: &str) {
    let InterModuleMessage { id, to, contents, .. } = message;
    log::error!("message {id} to module {to} was refused and is kept as a dead letter: {error}");
    if let Some(stake) = stake {
        escrow::put(ctx, id, stake);
    }
    ctx.db.inter_module_dead_letter().insert(InterModuleDeadLetter {
        message_id: id,
        to,
        error: error.to_string(),
        timestamp: ctx.timestamp,
        contents,
    });
}

/// Sends a dead letter again: what it holds to where its owner is now, else the message to where it went.
///
/// # Errors
/// `dead_letter.unknown|<id>`; `dead_letter.no_owner|<id>` when nobody knows the owner of what it holds: nothing has changed
/// then. The error of the handler that gives items, which must undo the transaction.
pub fn retry(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    dispatch: &impl Dispatch,
    message_id: u64,
) -> Result<(), Failure> {
    let letter = find(ctx, message_id)?;
    match escrow::find(ctx, message_id) {
        None => {
            outbox::send(ctx, letter.to, Durability::Durable, letter.contents);
        }
        Some(stake) => {
            if !escrow::send_again(ctx, shared, dispatch, message_id, stake)? {
                return Err(Failure::new(format!("dead_letter.no_owner|{message_id}")));
            }
        }
    }
    ctx.db.inter_module_dead_letter().message_id().delete(message_id);
    Ok(())
}

/// Sends again what found its owner between two regions, oldest first, at most [`MAX_RETRIES_A_RUN`].
pub fn retry_not_here(ctx: &ReducerContext, shared: &mut SharedTransaction, dispatch: &impl Dispatch) {
    let letters = ctx.db.inter_module_dead_letter();
    let mut due: Vec<_> = letters
        .iter()
        .filter(|letter| letter.error == NOT_HERE)
        .map(|letter| (letter.timestamp, letter.message_id))
        .collect();
    due.sort_unstable();
    for (_, message_id) in due.into_iter().take(MAX_RETRIES_A_RUN) {
        if let Err(error) = retry(ctx, shared, dispatch, message_id) {
            log::error!("dead letter {message_id} cannot be sent again: {error}");
        }
    }
}

/// Deletes a dead letter, and what it holds, for good.
///
/// # Errors
/// `dead_letter.unknown|<id>`.
pub fn discard(ctx: &ReducerContext, message_id: u64) -> Result<(), Failure> {
    let letter = find(ctx, message_id)?;
    ctx.db.inter_module_dead_letter().message_id().delete(message_id);
    let stake = escrow::take(ctx, message_id);
    log::warn!("dead letter {letter:?} is discarded, and with it {stake:?}");
    Ok(())
}

fn find(ctx: &ReducerContext, message_id: u64) -> Result<InterModuleDeadLetter, Failure> {
    let letter = ctx.db.inter_module_dead_letter().message_id().find(message_id);
    letter.ok_or_else(|| Failure::new(format!("dead_letter.unknown|{message_id}")))
}
