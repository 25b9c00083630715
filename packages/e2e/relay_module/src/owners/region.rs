//! Owners who are here.

use hexmarch_base::dead_letter::NOT_HERE;
use hexmarch_base::escrow::Stake;
use hexmarch_base::outbox::{self, Durability};
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::account::UserUpdateRegionMsg;
use hexmarch_messages::broadcast::AdminBroadcastMsg;
use hexmarch_messages::generated::PlayerBundle;
use hexmarch_messages::grant::{held_items_state, GiveItemsMsg, HeldItemsState};
use hexmarch_messages::inter_module::{MessageContents, GLOBAL_MODULE};
use hexmarch_messages::inventory::ItemStack;
use hexmarch_messages::player::{player_state, user_state, PlayerKey, PlayerState, UserState};
use hexmarch_messages::transfer::{TransferPlayerMsg, TransferReason, WorldPosition};
use spacetimedb::{Identity, ReducerContext, Table};

use crate::items::{self, item_sent, ItemSent};
use crate::settings;

/// Makes an owner with their items, out of nothing.
#[reducer]
#[access(Admin)]
pub fn make_owner(ctx: &ReducerContext, entity_id: u64, item_ids: Vec<i32>, quantity: u32) -> Result<(), Failure> {
    ctx.db.user_state().insert(UserState {
        entity_id,
        identity: identity_of(entity_id),
        can_sign_in: false,
    });
    ctx.db.player_state().insert(PlayerState {
        entity_id,
        signed_in: false,
        sign_in_timestamp: 0,
        time_played: 0,
        region_changes: 0,
    });
    let items = item_ids.into_iter().map(|item_id| ItemStack { item_id, quantity });
    ctx.db.held_items_state().insert(HeldItemsState {
        entity_id,
        items: items.collect(),
    });
    Ok(())
}

fn identity_of(entity_id: u64) -> Identity {
    Identity::from_u256(entity_id.into())
}

/// One of the owners who are here; the same for the same `pick` while the same are here.
fn picked(ctx: &ReducerContext, pick: u64) -> Result<u64, Failure> {
    let mut here: Vec<u64> = ctx.db.user_state().iter().map(|user| user.entity_id).collect();
    here.sort_unstable();
    let place = usize::try_from(pick).unwrap_or(0).checked_rem(here.len());
    let owner = place.and_then(|place| here.get(place)).copied();
    owner.ok_or_else(|| Failure::new(NOT_HERE))
}

/// Sends `count` requests with the tokens from `first_token` on, each holding `quantity` items of one owner who is here.
///
/// # Errors
/// `player.not_here` when nobody is, `test.too_many|<max>`, `test.bad_token`, `test.no_items`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
#[allow(clippy::too_many_arguments, reason = "a reducer takes its arguments one by one")]
pub fn send_items_of_owner(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    pick: u64,
    to: u8,
    first_token: u64,
    count: u32,
    item_id: i32,
    quantity: u32,
) -> Result<(), Failure> {
    let entity_id = picked(ctx, pick)?;
    for token in items::tokens(first_token, count)? {
        let mut held = held_by(ctx, entity_id)?;
        let stack = held.items.iter_mut().find(|stack| stack.item_id == item_id);
        let stack = stack.ok_or_else(|| Failure::new("test.no_items"))?;
        let left = stack.quantity.checked_sub(quantity);
        stack.quantity = left.ok_or_else(|| Failure::new("test.no_items"))?;
        ctx.db.held_items_state().entity_id().update(held);
        let stake = Stake {
            owner_entity_id: entity_id,
            items: vec![ItemStack { item_id, quantity }],
        };
        let contents = AdminBroadcastMsg {
            title: format!("items|{token}|{item_id}|{quantity}"),
            message: String::new(),
            sign_out: false,
        };
        shared.send_with(to, stake, MessageContents::AdminBroadcastMessage(contents));
        ctx.db.item_sent().insert(ItemSent {
            token,
            message_id: 0,
            owner_entity_id: entity_id,
            to,
            item_id,
            quantity,
            answers: 0,
            refusal: String::new(),
        });
    }
    Ok(())
}

/// Sends one owner who is here to another region, with everything they have.
///
/// # Errors
/// `player.not_here` when nobody is.
#[reducer]
#[access(Admin)]
pub fn move_owner(ctx: &ReducerContext, pick: u64, to: u8) -> Result<(), Failure> {
    let entity_id = picked(ctx, pick)?;
    let identity = identity_of(entity_id);
    let key = PlayerKey { entity_id, identity };
    let player = PlayerBundle::collect(&ctx.db, &key);
    PlayerBundle::delete(&ctx.db, &key);
    let message = TransferPlayerMsg {
        entity_id,
        identity,
        destination: WorldPosition {
            x: 0,
            z: 0,
            dimension: 1,
        },
        reason: TransferReason::Teleport,
        player,
    };
    let contents = MessageContents::TransferPlayerRequest(message);
    outbox::send(ctx, to, Durability::Durable, contents);
    Ok(())
}

/// Takes an owner in, and reports it.
///
/// # Errors
/// `transfer.conflict|<table>`; what the settings want.
pub fn arrive(ctx: &ReducerContext, message: TransferPlayerMsg) -> Result<(), Failure> {
    let (entity_id, mut player) = (message.entity_id, message.player);
    let mut region_changes = 0;
    for row in &mut player.player_state {
        row.region_changes = row.region_changes.saturating_add(1);
        region_changes = row.region_changes;
    }
    put_in(ctx, player)?;
    let report = UserUpdateRegionMsg {
        entity_id,
        region_changes,
    };
    let contents = MessageContents::UserUpdateRegionRequest(report);
    outbox::send(ctx, GLOBAL_MODULE, Durability::Durable, contents);
    // Each move is a message of its own to the dice.
    let token = entity_id ^ (u64::from(region_changes) << 32);
    settings::get(ctx).map_or(Ok(()), |settings| settings.end_of_handler(ctx, token))
}

/// Takes an owner in again whom another region refused.
///
/// # Errors
/// `transfer.conflict|<table>`.
pub fn come_back(ctx: &ReducerContext, message: TransferPlayerMsg) -> Result<(), Failure> {
    put_in(ctx, message.player)
}

fn put_in(ctx: &ReducerContext, player: PlayerBundle) -> Result<(), Failure> {
    let inserted = player.insert(&ctx.db);
    inserted.map_err(|table| Failure::new(format!("transfer.conflict|{table}")))
}

/// Gives items to an owner who is here. Refuses only after it has written, on purpose: the plumbing calls it also in the
/// midst of another transaction, and must undo that.
///
/// # Errors
/// `player.not_here`, `test.no_items`, `test.fickle|<owner>`.
pub fn give(ctx: &ReducerContext, message: GiveItemsMsg) -> Result<(), Failure> {
    let mut held = held_by(ctx, message.entity_id)?;
    for given in &message.items {
        let stack = held.items.iter_mut().find(|stack| stack.item_id == given.item_id);
        let stack = stack.ok_or_else(|| Failure::new("test.no_items"))?;
        stack.quantity = stack.quantity.saturating_add(given.quantity);
    }
    ctx.db.held_items_state().entity_id().update(held);
    settings::get(ctx).map_or(Ok(()), |settings| settings.end_of_gift(ctx, message.entity_id))
}

fn held_by(ctx: &ReducerContext, entity_id: u64) -> Result<HeldItemsState, Failure> {
    let held = ctx.db.held_items_state().entity_id().find(entity_id);
    held.ok_or_else(|| Failure::new(NOT_HERE))
}
