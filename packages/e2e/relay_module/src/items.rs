//! Items that travel by message, and are given back by the handler of the answer. The sum of all ledgers and of what is
//! under way never changes but by [`mint_items`].

use hexmarch_base::outbox::{self, Durability};
use hexmarch_base::{entity, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::grant::GiveItemsMsg;
use hexmarch_messages::inter_module::{MessageContents, MessageOutcome, GLOBAL_MODULE};
use hexmarch_messages::inventory::ItemStack;
use spacetimedb::{table, ReducerContext, Table};

use crate::settings;

/// Most messages sent in one transaction.
const MAX_COUNT: u32 = 10_000;
/// How often items are sent on before they stay.
const MAX_HOPS: u64 = 2;
/// Added to a token for each time that its items were sent on; tokens given by tests are below.
pub const HOP: u64 = 1 << 48;

/// What this database holds.
#[table(name = item_ledger)]
pub struct ItemLedger {
    /// Which item.
    #[primary_key]
    pub item_id: i32,
    /// How many.
    pub quantity: u64,
}

/// Items that were sent from here.
#[table(name = item_sent)]
pub struct ItemSent {
    /// Names the message in the whole world.
    #[primary_key]
    pub token: u64,
    /// The message; 0 if it holds the items for an owner.
    pub message_id: u64,
    /// The owner of the items; 0 if they are this database's.
    pub owner_entity_id: u64,
    /// Where to.
    pub to: u8,
    /// Which item.
    pub item_id: i32,
    /// How many.
    pub quantity: u32,
    /// How many answers were handled: one at last.
    pub answers: u32,
    /// Why they were refused and are back; empty while they are under way, and when they are there.
    pub refusal: String,
}

/// Items that were taken. A message that took effect twice has two rows.
#[table(name = item_arrival)]
pub struct ItemArrival {
    /// Names the message.
    pub token: u64,
    /// Who sent it.
    pub sender: u8,
    /// Which arrival of this sender it was, from 1.
    pub number: u64,
    /// Which item.
    pub item_id: i32,
    /// How many.
    pub quantity: u32,
}

/// How many messages of a sender were taken.
#[table(name = item_stream)]
pub struct ItemStream {
    /// The sender.
    #[primary_key]
    pub sender: u8,
    /// How many.
    pub arrivals: u64,
}

/// Makes items out of nothing.
#[reducer]
#[access(Admin)]
pub fn mint_items(ctx: &ReducerContext, item_id: i32, quantity: u64) -> Result<(), Failure> {
    credit(ctx, item_id, quantity);
    Ok(())
}

/// Sends `count` durable messages with the tokens from `first_token` on, each with `quantity` items, in one transaction.
///
/// # Errors
/// `test.too_many|<max>`, `test.bad_token`, `test.no_items` when the ledger holds too few.
#[reducer]
#[access(Admin)]
pub fn send_items(
    ctx: &ReducerContext,
    to: u8,
    first_token: u64,
    count: u32,
    item_id: i32,
    quantity: u32,
) -> Result<(), Failure> {
    for token in tokens(first_token, count)? {
        send(ctx, to, token, ItemStack { item_id, quantity })?;
    }
    Ok(())
}

/// The tokens of one call.
///
/// # Errors
/// `test.too_many|<max>`, `test.bad_token`.
pub fn tokens(first: u64, count: u32) -> Result<std::ops::Range<u64>, Failure> {
    if count > MAX_COUNT {
        return Err(Failure::new(format!("test.too_many|{MAX_COUNT}")));
    }
    let end = first.saturating_add(u64::from(count));
    if end > HOP {
        return Err(Failure::new("test.bad_token"));
    }
    Ok(first..end)
}

fn send(ctx: &ReducerContext, to: u8, token: u64, items: ItemStack) -> Result<(), Failure> {
    let ItemStack { item_id, quantity } = items;
    debit(ctx, item_id, u64::from(quantity))?;
    let message = GiveItemsMsg {
        entity_id: token,
        items: vec![items],
    };
    let message_id = outbox::send(ctx, to, Durability::Durable, MessageContents::GiveItems(message));
    ctx.db.item_sent().insert(ItemSent {
        token,
        message_id,
        owner_entity_id: 0,
        to,
        item_id,
        quantity,
        answers: 0,
        refusal: String::new(),
    });
    Ok(())
}

/// Takes the items of a message in, and sends them on if the settings say so.
///
/// # Errors
/// What the settings want.
pub fn take(ctx: &ReducerContext, sender: u8, token: u64, items: ItemStack) -> Result<(), Failure> {
    take_in(ctx, sender, token, &items);
    let Some(settings) = settings::get(ctx) else {
        return Ok(());
    };
    let mut others = outbox::other_regions(ctx);
    if entity::own_index(ctx) != GLOBAL_MODULE {
        others.push(GLOBAL_MODULE);
    }
    let next = settings.next_hop(token, others.len()).and_then(|next| others.get(next));
    if let (Some(to), true) = (next, token / HOP < MAX_HOPS) {
        send(ctx, *to, token.saturating_add(HOP), items)?;
    }
    settings.end_of_handler(ctx, token)
}

/// Takes items in.
pub fn take_in(ctx: &ReducerContext, sender: u8, token: u64, items: &ItemStack) {
    let ItemStack { item_id, quantity } = *items;
    credit(ctx, item_id, u64::from(quantity));
    let number = next_arrival(ctx, sender);
    ctx.db.item_arrival().insert(ItemArrival {
        token,
        sender,
        number,
        item_id,
        quantity,
    });
}

/// Writes down what became of items that were sent, and takes back what was refused.
///
/// # Errors
/// What the settings want.
pub fn answered(ctx: &ReducerContext, token: u64, outcome: &MessageOutcome) -> Result<(), Failure> {
    if let (Some(row), MessageOutcome::Failed(_)) = (write_down(ctx, token, outcome), outcome) {
        credit(ctx, row.item_id, u64::from(row.quantity));
    }
    settings::get(ctx).map_or(Ok(()), |settings| settings.end_of_answer(ctx, token))
}

/// Writes down what became of items that were sent.
pub fn write_down(ctx: &ReducerContext, token: u64, outcome: &MessageOutcome) -> Option<ItemSent> {
    let row = ctx.db.item_sent().token().find(token)?;
    let answers = row.answers.saturating_add(1);
    let refusal = match outcome {
        MessageOutcome::Done => String::new(),
        MessageOutcome::Failed(reason) => reason.clone(),
    };
    let row = ItemSent {
        answers,
        refusal,
        ..row
    };
    Some(ctx.db.item_sent().token().update(row))
}

fn next_arrival(ctx: &ReducerContext, sender: u8) -> u64 {
    let streams = ctx.db.item_stream();
    match streams.sender().find(sender) {
        Some(row) => {
            let arrivals = row.arrivals.saturating_add(1);
            streams.sender().update(ItemStream { arrivals, ..row });
            arrivals
        }
        None => {
            streams.insert(ItemStream { sender, arrivals: 1 });
            1
        }
    }
}

fn credit(ctx: &ReducerContext, item_id: i32, quantity: u64) {
    let ledger = ctx.db.item_ledger();
    match ledger.item_id().find(item_id) {
        Some(row) => {
            let quantity = row.quantity.saturating_add(quantity);
            ledger.item_id().update(ItemLedger { quantity, ..row });
        }
        None => {
            ledger.insert(ItemLedger { item_id, quantity });
        }
    }
}

fn debit(ctx: &ReducerContext, item_id: i32, quantity: u64) -> Result<(), Failure> {
    let ledger = ctx.db.item_ledger();
    let row = ledger.item_id().find(item_id);
    let left = row.and_then(|row| row.quantity.checked_sub(quantity));
    let quantity = left.ok_or_else(|| Failure::new("test.no_items"))?;
    ledger.item_id().update(ItemLedger { item_id, quantity });
    Ok(())
}
