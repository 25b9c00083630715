//! Taking messages in, once each and in order, and hearing what became of those sent.
//!
//! Invariants. The counter of a sender only rises, and rises in the transaction in which the message took effect or
//! its refusal was recorded. A message at or below the counter was answered before and gets the same answer. A message
//! whose predecessor is not the counter is a gap and changes nothing. An outbox row is deleted in the transaction that
//! handles its answer, so the answer is handled once. Messages, or answers, that come together share one transaction:
//! all take effect or none does, and then the error names the one that is the trouble.

use std::fmt::Display;
use std::time::Duration;

use hexmarch_macros::reducer;
use hexmarch_messages::inter_module::{
    inter_module_message, inter_module_message_counter, inter_module_message_errors, inter_module_stream_pause,
    InterModuleMessage, InterModuleMessageCounter, InterModuleMessageError, InterModuleStreamPause, MessageContents,
    MessageOutcome, MessageResult, GLOBAL_MODULE,
};
use spacetimedb::{log, ReducerContext, Table};

use crate::shared::SharedTransaction;
use crate::{dead_letter, entity, escrow, outbox, Failure};

/// How long a refusal is kept at least, so that a repeated delivery is answered the same: far longer than an answer takes
/// while its stream goes on.
const REFUSALS_KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 3600);
/// Most refusals forgotten with each that is recorded.
const MAX_FORGOTTEN_AT_ONCE: usize = 8;
/// Most messages, and most answers, in one transaction, so that none lasts too long.
const MAX_BATCH: usize = 1024;
/// Longest error text that is kept, in characters.
const MAX_ERROR_CHARS: usize = 512;

/// A module's handlers, generated from `#[inbox]` and `#[outcome]`.
pub trait Dispatch {
    /// Handles a message.
    ///
    /// # Errors
    /// Why it is refused; then nothing of it took effect.
    fn receive(
        &self,
        ctx: &ReducerContext,
        shared: &mut SharedTransaction,
        sender: u8,
        contents: MessageContents,
    ) -> Result<(), Failure>;

    /// Completes or compensates what a message that was sent stood for.
    ///
    /// # Errors
    /// When it cannot now; the relay asks again.
    fn answered(
        &self,
        ctx: &ReducerContext,
        shared: &mut SharedTransaction,
        destination: u8,
        contents: MessageContents,
        outcome: &MessageOutcome,
    ) -> Result<(), Failure>;

    /// Whether [`Dispatch::answered`] makes a refusal of this message good.
    fn makes_good(&self, contents: &MessageContents) -> bool;
}

/// The answer to a message that no handler of this module is for.
pub fn unexpected() -> Failure {
    Failure::new("inter_module.unexpected_message")
}

/// Handles messages of a stream, all in this transaction, so that either all take effect or none does.
///
/// Each comes after the one before it here, the first after `previous_id`. Those at or below the counter were handled
/// before and are passed over.
///
/// # Errors
/// `inter_module.gap|<counter>`; `access.misrouted` when the relay's indices do not fit this database's;
/// `inter_module.malformed_batch` when there are too many or they are out of order. A message alone:
/// `inter_module.rejected|<reason>` from the handler, `inter_module.failed|<reason>` when the refusal is on record.
/// Several: `inter_module.batch|<id>|<reason>` for either, naming the first message that it is true of.
pub fn process(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    dispatch: &impl Dispatch,
    sender: u8,
    previous_id: u64,
    messages: Vec<InterModuleMessage>,
) -> Result<(), Failure> {
    check_route(ctx, sender, &messages)?;
    let alone = messages.len() == 1;
    let trouble = |id: u64, is_new: bool, reason: &dyn Display| {
        Failure::new(match (alone, is_new) {
            (true, true) => format!("inter_module.rejected|{reason}"),
            (true, false) => format!("inter_module.failed|{reason}"),
            (false, _) => format!("inter_module.batch|{id}|{reason}"),
        })
    };
    let before = counter(ctx, sender);
    let (mut handled, mut claimed) = (before, previous_id);
    for InterModuleMessage { id, contents, .. } in messages {
        if id <= handled {
            if let Some(row) = recorded_error(ctx, sender, id) {
                return Err(trouble(id, false, &row.error));
            }
        } else if claimed != handled {
            return Err(gap(handled));
        } else {
            dispatch
                .receive(ctx, shared, sender, contents)
                .map_err(|reason| trouble(id, true, &reason))?;
            handled = id;
        }
        claimed = claimed.max(id);
    }
    if handled != before {
        advance(ctx, sender, handled);
    }
    Ok(())
}

/// The messages are for this database, from another one, and in order.
fn check_route(ctx: &ReducerContext, sender: u8, messages: &[InterModuleMessage]) -> Result<(), Failure> {
    let own = entity::own_index(ctx);
    check_sender(sender, own)?;
    if let Some(message) = messages.iter().find(|message| message.to != own) {
        return Err(Failure::new(format!("access.misrouted|{}|{own}", message.to)));
    }
    if messages.len() > MAX_BATCH || !messages.is_sorted_by(|one, next| one.id < next.id) {
        return Err(Failure::new("inter_module.malformed_batch"));
    }
    Ok(())
}

fn check_sender(sender: u8, own: u8) -> Result<(), Failure> {
    if sender == own {
        return Err(Failure::new(format!("access.misrouted|{sender}|{own}")));
    }
    Ok(())
}

fn gap(counter: u64) -> Failure {
    Failure::new(format!("inter_module.gap|{counter}"))
}

/// Puts a refusal on record, so that the stream goes on and a repeated delivery is answered the same.
///
/// # Errors
/// `inter_module.gap|<counter>`, `access.misrouted`.
#[reducer]
#[access(Relay)]
pub fn record_inter_module_failure(
    ctx: &ReducerContext,
    sender: u8,
    previous_id: u64,
    message_id: u64,
    error: String,
) -> Result<(), Failure> {
    check_sender(sender, entity::own_index(ctx))?;
    let handled = counter(ctx, sender);
    if message_id > handled {
        if previous_id != handled {
            return Err(gap(handled));
        }
        let error: String = error.chars().take(MAX_ERROR_CHARS).collect();
        log::warn!("message {message_id} of module {sender} was refused: {error}");
        ctx.db.inter_module_message_errors().insert(InterModuleMessageError {
            entry_id: 0,
            sender_module_id: sender,
            message_id,
            error,
            timestamp: ctx.timestamp,
        });
        forget_old_errors(ctx, sender);
        advance(ctx, sender, message_id);
    }
    Ok(())
}

/// Handles the answer to a message sent from here, then deletes the message. Idempotent. What the message holds is spent,
/// or goes back to its owner; a refusal that nobody makes good becomes a dead letter.
///
/// # Errors
/// The handler's; then the message stays and the relay asks again.
pub fn answered(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    dispatch: &impl Dispatch,
    id: u64,
    outcome: MessageOutcome,
) -> Result<(), Failure> {
    let Some(message) = ctx.db.inter_module_message().id().find(id) else {
        return Ok(());
    };
    ctx.db.inter_module_message().id().delete(id);
    let stake = escrow::take(ctx, id);
    let MessageOutcome::Failed(reason) = &outcome else {
        return dispatch.answered(ctx, shared, message.to, message.contents, &outcome);
    };
    dispatch.answered(ctx, shared, message.to, message.contents.clone(), &outcome)?;
    match stake {
        Some(stake) => escrow::give_back(ctx, shared, dispatch, message, stake, reason)?,
        None if message.durable && !dispatch.makes_good(&message.contents) => {
            dead_letter::keep(ctx, message, None, reason);
        }
        None => {}
    }
    Ok(())
}

/// Lets relays deliver messages from here to a database, or holds them back. Without an effect on what is under way.
///
/// # Errors
/// `inter_module.no_such_destination|<to>` for a pause towards a database that the world does not have, or this one.
#[reducer]
#[access(Relay)]
pub fn set_inter_module_stream_paused(ctx: &ReducerContext, to: u8, paused: bool) -> Result<(), Failure> {
    let is_destination = if to == GLOBAL_MODULE {
        entity::own_index(ctx) != GLOBAL_MODULE
    } else {
        outbox::other_regions(ctx).contains(&to)
    };
    if paused && !is_destination {
        return Err(Failure::new(format!("inter_module.no_such_destination|{to}")));
    }
    let pauses = ctx.db.inter_module_stream_pause();
    pauses.to().delete(to);
    if paused {
        pauses.insert(InterModuleStreamPause { to });
    }
    Ok(())
}

/// Deletes a dead letter, and what it holds, for good.
///
/// # Errors
/// `dead_letter.unknown|<id>`.
#[reducer]
#[access(Relay)]
pub fn discard_inter_module_dead_letter(ctx: &ReducerContext, message_id: u64) -> Result<(), Failure> {
    dead_letter::discard(ctx, message_id)
}

/// Handles answers as [`answered`] does, all in this transaction.
///
/// # Errors
/// `inter_module.answer|<id>|<reason>` when a handler fails, naming its message; `inter_module.malformed_batch` when there
/// are too many. Then all stay.
pub fn all_answered(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    dispatch: &impl Dispatch,
    results: Vec<MessageResult>,
) -> Result<(), Failure> {
    if results.len() > MAX_BATCH {
        return Err(Failure::new("inter_module.malformed_batch"));
    }
    for MessageResult { id, outcome } in results {
        answered(ctx, shared, dispatch, id, outcome)
            .map_err(|reason| Failure::new(format!("inter_module.answer|{id}|{reason}")))?;
    }
    Ok(())
}

fn counter(ctx: &ReducerContext, sender: u8) -> u64 {
    let row = ctx.db.inter_module_message_counter().module_id().find(sender);
    row.map_or(0, |row| row.last_processed_message_id)
}

fn advance(ctx: &ReducerContext, sender: u8, id: u64) {
    let counters = ctx.db.inter_module_message_counter();
    let row = InterModuleMessageCounter {
        module_id: sender,
        last_processed_message_id: id,
    };
    if counters.module_id().find(sender).is_some() {
        counters.module_id().update(row);
    } else {
        counters.insert(row);
    }
}

fn recorded_error(ctx: &ReducerContext, sender: u8, id: u64) -> Option<InterModuleMessageError> {
    ctx.db
        .inter_module_message_errors()
        .message()
        .filter((sender, id))
        .next()
}

/// The first in a sender's order are the oldest.
fn forget_old_errors(ctx: &ReducerContext, sender: u8) {
    let errors = ctx.db.inter_module_message_errors();
    let is_old = |row: &InterModuleMessageError| {
        let age = ctx.timestamp.duration_since(row.timestamp);
        age.is_some_and(|age| age > REFUSALS_KEPT_FOR)
    };
    let old: Vec<u64> = errors
        .message()
        .filter(sender)
        .take(MAX_FORGOTTEN_AT_ONCE)
        .filter(is_old)
        .map(|row| row.entry_id)
        .collect();
    for entry_id in old {
        errors.entry_id().delete(entry_id);
    }
}
