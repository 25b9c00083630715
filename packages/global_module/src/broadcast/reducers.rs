//! Text for everyone, in one region or all.

use hexmarch_base::outbox::{other_regions, Durability};
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::broadcast::{admin_broadcast, AdminBroadcast, AdminBroadcastMsg};
use hexmarch_messages::inter_module::MessageContents;
use hexmarch_rules::text::check_text;
use spacetimedb::{ReducerContext, Table};

/// Longest headline, in characters.
const MAX_TITLE_CHARS: usize = 80;
/// Longest text, in characters.
const MAX_MESSAGE_CHARS: usize = 500;

/// Shows a text to everyone, and with `sign_out` ends all sessions. `region` 0 means all.
///
/// # Errors
/// `text.*`; `region.no_such_index`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn admin_broadcast_message(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    region: u8,
    title: String,
    message: String,
    sign_out: bool,
) -> Result<(), Failure> {
    let title = check_text(&title, MAX_TITLE_CHARS)?.to_string();
    let message = check_text(&message, MAX_MESSAGE_CHARS)?.to_string();
    let regions: Vec<u8> = other_regions(ctx)
        .into_iter()
        .filter(|id| region == 0 || *id == region)
        .collect();
    if regions.is_empty() {
        return Err(Failure::new("region.no_such_index"));
    }
    for to in regions {
        let contents = AdminBroadcastMsg {
            title: title.clone(),
            message: message.clone(),
            sign_out,
        };
        shared.send(
            to,
            Durability::Durable,
            MessageContents::AdminBroadcastMessage(contents),
        );
    }
    ctx.db.admin_broadcast().version().delete(0);
    ctx.db.admin_broadcast().insert(AdminBroadcast {
        version: 0,
        title,
        message,
        sign_out,
        timestamp: ctx.timestamp,
    });
    Ok(())
}
