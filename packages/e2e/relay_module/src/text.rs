//! Messages with a token and text of a chosen length, durable or not: for measurements, and as traffic that may be lost.

use hexmarch_base::outbox::{self, Durability};
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::broadcast::AdminBroadcastMsg;
use hexmarch_messages::inter_module::MessageContents;
use spacetimedb::{table, ReducerContext, Table, Timestamp};

use crate::{items, owners, settings};

/// Most messages sent in one transaction.
const MAX_COUNT: u32 = 100_000;
/// Longest text, in bytes.
const MAX_TEXT_BYTES: u32 = 1024 * 1024;

/// Text that was taken.
#[table(name = text_arrival)]
pub struct TextArrival {
    /// Names the message.
    #[index(btree)]
    pub token: u64,
    /// Who sent it.
    pub sender: u8,
    /// What it said.
    pub message: String,
    /// When it was taken.
    pub timestamp: Timestamp,
}

/// Sends `count` messages with the tokens from `first_token` on, each with a text of `text_bytes` bytes, in one
/// transaction. Nothing else is written.
///
/// # Errors
/// `test.too_many|<max>`, `test.too_long|<max>`.
#[reducer]
#[access(Admin)]
pub fn send_text(
    ctx: &ReducerContext,
    to: u8,
    first_token: u64,
    count: u32,
    durable: bool,
    text_bytes: u32,
) -> Result<(), Failure> {
    if count > MAX_COUNT {
        return Err(Failure::new(format!("test.too_many|{MAX_COUNT}")));
    }
    if text_bytes > MAX_TEXT_BYTES {
        return Err(Failure::new(format!("test.too_long|{MAX_TEXT_BYTES}")));
    }
    let durability = if durable {
        Durability::Durable
    } else {
        Durability::Fleeting
    };
    let message = "x".repeat(text_bytes as usize);
    for token in first_token..first_token.saturating_add(u64::from(count)) {
        let contents = AdminBroadcastMsg {
            title: token.to_string(),
            message: message.clone(),
            sign_out: false,
        };
        outbox::send(ctx, to, durability, MessageContents::AdminBroadcastMessage(contents));
    }
    Ok(())
}

/// Does what the handler does, called directly: what delivery by message is measured against.
///
/// # Errors
/// As the handler's.
#[reducer]
#[access(Relay)]
pub fn take_text_directly(ctx: &ReducerContext, sender: u8, message: AdminBroadcastMsg) -> Result<(), Failure> {
    take(ctx, sender, message)
}

/// Forgets all text that was taken.
#[reducer]
#[access(Admin)]
pub fn clear_text(ctx: &ReducerContext) -> Result<(), Failure> {
    let tokens: Vec<u64> = ctx.db.text_arrival().iter().map(|row| row.token).collect();
    for token in tokens {
        ctx.db.text_arrival().token().delete(token);
    }
    Ok(())
}

/// Writes the text down; takes in the items that a request of an owner holds.
///
/// # Errors
/// `test.no_token`; what the settings want.
pub fn take(ctx: &ReducerContext, sender: u8, message: AdminBroadcastMsg) -> Result<(), Failure> {
    if let Some((token, items)) = owners::request(&message.title) {
        items::take_in(ctx, sender, token, &items);
        return settings::get(ctx).map_or(Ok(()), |settings| settings.end_of_request(ctx, token));
    }
    let token: u64 = message.title.parse().map_err(|_| Failure::new("test.no_token"))?;
    ctx.db.text_arrival().insert(TextArrival {
        token,
        sender,
        message: message.message,
        timestamp: ctx.timestamp,
    });
    settings::get(ctx).map_or(Ok(()), |settings| settings.end_of_handler(ctx, token))
}
