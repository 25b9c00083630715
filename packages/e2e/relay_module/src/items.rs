//! Items that travel by message. The sum of all ledgers and of what is under way never changes but by [`mint_items`].

use hexmarch_base::outbox::{self, Durability};
use hexmarch_base::{entity, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::grant::GrantItemMsg;
use hexmarch_messages::inter_module::{MessageContents, MessageOutcome, GLOBAL_MODULE};
use spacetimedb::{table, ReducerContext, Table};

use crate::settings;

/// Most messages sent in one transaction.
const MAX_COUNT: u32 = 10_000;
/// How often items are sent on before they stay.
const MAX_HOPS: u8 = 2;
/// Added to a token for each time that its items were sent on; tokens given by tests are below.
const HOP: u64 = 1 << 48;

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
    /// The message.
    #[primary_key]
    pub message_id: u64,
    /// Names it in the whole world.
    #[index(btree)]
    pub token: u64,
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
    if count > MAX_COUNT {
        return Err(Failure::new(format!("test.too_many|{MAX_COUNT}")));
    }
    let end = first_token.saturating_add(u64::from(count));
    if end > HOP {
        return Err(Failure::new("test.bad_token"));
    }
    for token in first_token..end {
        let message = GrantItemMsg {
            grant_id: token,
            entity_id: 0,
            item_id,
            quantity,
            hops: 0,
        };
        send(ctx, to, message)?;
    }
    Ok(())
}

fn send(ctx: &ReducerContext, to: u8, message: GrantItemMsg) -> Result<(), Failure> {
    let (token, item_id, quantity) = (message.grant_id, message.item_id, message.quantity);
    debit(ctx, item_id, u64::from(quantity))?;
    let message_id = outbox::send(ctx, to, Durability::Durable, MessageContents::GrantItem(message));
    ctx.db.item_sent().insert(ItemSent {
        message_id,
        token,
        to,
        item_id,
        quantity,
        answers: 0,
        refusal: String::new(),
    });
    Ok(())
}

/// Takes items in, and sends them on if the settings say so.
///
/// # Errors
/// What the settings want.
pub fn take(ctx: &ReducerContext, sender: u8, message: GrantItemMsg) -> Result<(), Failure> {
    let (token, item_id, quantity) = (message.grant_id, message.item_id, message.quantity);
    credit(ctx, item_id, u64::from(quantity));
    let number = next_arrival(ctx, sender);
    ctx.db.item_arrival().insert(ItemArrival {
        token,
        sender,
        number,
        item_id,
        quantity,
    });
    let Some(settings) = settings::get(ctx) else {
        return Ok(());
    };
    let mut others = outbox::other_regions(ctx);
    if entity::own_index(ctx) != GLOBAL_MODULE {
        others.push(GLOBAL_MODULE);
    }
    let next = settings.next_hop(token, others.len()).and_then(|next| others.get(next));
    if let (Some(to), true) = (next, message.hops < MAX_HOPS) {
        let message = GrantItemMsg {
            grant_id: token.saturating_add(HOP),
            hops: message.hops.saturating_add(1),
            ..message
        };
        send(ctx, *to, message)?;
    }
    settings.end_of_handler(ctx, token)
}

/// Writes down what became of items that were sent, and takes back what was refused. Finds the message by its token:
/// the plumbing does not say which message an answer is for.
///
/// # Errors
/// What the settings want.
pub fn answered(ctx: &ReducerContext, message: &GrantItemMsg, outcome: &MessageOutcome) -> Result<(), Failure> {
    let (token, item_id, quantity) = (message.grant_id, message.item_id, message.quantity);
    let refusal = match outcome {
        MessageOutcome::Done => String::new(),
        MessageOutcome::Failed(reason) => {
            credit(ctx, item_id, u64::from(quantity));
            reason.clone()
        }
    };
    for row in ctx.db.item_sent().token().filter(token) {
        let answers = row.answers.saturating_add(1);
        ctx.db.item_sent().message_id().update(ItemSent {
            answers,
            refusal: refusal.clone(),
            ..row
        });
    }
    settings::get(ctx).map_or(Ok(()), |settings| settings.end_of_answer(ctx, token))
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
