//! What a message holds of a player's.
//!
//! Invariants. What a player gives up for a request is in the escrow row of the message that asks, from the transaction in
//! which it is taken until the transaction in which the answer is handled. Taken: it is spent. Refused: it goes back to its
//! owner, wherever they are by then: into their backpack if they are here, else by a message that holds it in turn, through
//! the global database, which knows where everybody is. What finds nobody stays in escrow as a dead letter; if that is because
//! its owner was between two regions, it goes out again by itself.
//!
//! A handler that refuses is never passed over, since it may have written before: whether the owner is here is read off
//! first, and a refusal after that undoes the whole transaction.

use hexmarch_messages::grant::GiveItemsMsg;
use hexmarch_messages::inter_module::{inter_module_escrow, InterModuleEscrow, InterModuleMessage, MessageContents};
use hexmarch_messages::inventory::ItemStack;
use spacetimedb::{ReducerContext, Table};

use crate::inter_module::Dispatch;
use crate::shared::SharedTransaction;
use crate::{dead_letter, entity, Failure};

/// What a message holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Stake {
    /// Whose it is.
    pub owner_entity_id: u64,
    /// What.
    pub items: Vec<ItemStack>,
}

impl Stake {
    fn gift(&self) -> MessageContents {
        MessageContents::GiveItems(GiveItemsMsg {
            entity_id: self.owner_entity_id,
            items: self.items.clone(),
        })
    }
}

/// Makes a message hold a stake.
pub(crate) fn put(ctx: &ReducerContext, message_id: u64, stake: Stake) {
    ctx.db.inter_module_escrow().insert(InterModuleEscrow {
        message_id,
        owner_entity_id: stake.owner_entity_id,
        items: stake.items,
    });
}

/// What a message holds.
pub(crate) fn find(ctx: &ReducerContext, message_id: u64) -> Option<Stake> {
    let row = ctx.db.inter_module_escrow().message_id().find(message_id)?;
    Some(Stake {
        owner_entity_id: row.owner_entity_id,
        items: row.items,
    })
}

/// Takes it out of escrow.
pub(crate) fn take(ctx: &ReducerContext, message_id: u64) -> Option<Stake> {
    let stake = find(ctx, message_id)?;
    ctx.db.inter_module_escrow().message_id().delete(message_id);
    Some(stake)
}

/// Brings the stake of a refused message to its owner.
///
/// # Errors
/// That of the handler which gives items, though their owner is here.
pub(crate) fn give_back(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    dispatch: &impl Dispatch,
    message: InterModuleMessage,
    stake: Stake,
    reason: &str,
) -> Result<(), Failure> {
    if give_here(ctx, shared, dispatch, &stake)? {
        return Ok(());
    }
    let was_gift = matches!(message.contents, MessageContents::GiveItems(_));
    // Not to where it just came from.
    match whereabouts(ctx, &stake).filter(|to| !was_gift || *to != message.to) {
        Some(to) => send(shared, to, stake),
        None => dead_letter::keep(ctx, message, Some(stake), reason),
    }
    Ok(())
}

/// Sends what a dead letter holds to where its owner is now. Says whether anybody knows where that is; if not, nothing changes.
///
/// # Errors
/// As [`give_back`].
pub(crate) fn send_again(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    dispatch: &impl Dispatch,
    message_id: u64,
    stake: Stake,
) -> Result<bool, Failure> {
    if !give_here(ctx, shared, dispatch, &stake)? {
        match whereabouts(ctx, &stake) {
            Some(to) => send(shared, to, stake),
            None => return Ok(false),
        }
    }
    ctx.db.inter_module_escrow().message_id().delete(message_id);
    Ok(true)
}

fn send(shared: &mut SharedTransaction, to: u8, stake: Stake) {
    let contents = stake.gift();
    shared.send_with(to, stake, contents);
}

/// Gives it to its owner, as if it had come by message, and says so; if they are not here, nothing changes.
fn give_here(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    dispatch: &impl Dispatch,
    stake: &Stake,
) -> Result<bool, Failure> {
    if !is_here(ctx, stake.owner_entity_id) {
        return Ok(false);
    }
    dispatch.receive(ctx, shared, entity::own_index(ctx), stake.gift())?;
    Ok(true)
}

#[cfg(feature = "region")]
fn is_here(ctx: &ReducerContext, entity_id: u64) -> bool {
    use hexmarch_messages::player::user_state;
    ctx.db.user_state().entity_id().find(entity_id).is_some()
}

/// Players are in regions.
#[cfg(feature = "global")]
fn is_here(_: &ReducerContext, _: u64) -> bool {
    false
}

/// Where to send it.
#[cfg(feature = "region")]
fn whereabouts(_: &ReducerContext, _: &Stake) -> Option<u8> {
    Some(hexmarch_messages::inter_module::GLOBAL_MODULE)
}

/// Where to send it; none when nobody knows the owner.
#[cfg(feature = "global")]
fn whereabouts(ctx: &ReducerContext, stake: &Stake) -> Option<u8> {
    use hexmarch_messages::account::user_region_state;
    let account = ctx.db.user_region_state().entity_id().find(stake.owner_entity_id);
    account.map(|account| account.region_id)
}
