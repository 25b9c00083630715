//! Text for everyone in this region.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::inbox;
use hexmarch_messages::broadcast::{admin_broadcast, AdminBroadcast, AdminBroadcastMsg};
use spacetimedb::{ReducerContext, Table};

use crate::session::inbox::sign_everybody_out;

/// Shows the text, and ends all sessions if asked.
#[inbox(AdminBroadcastMessage)]
pub fn on_admin_broadcast(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: AdminBroadcastMsg,
) -> Result<(), Failure> {
    let AdminBroadcastMsg {
        title,
        message,
        sign_out,
    } = message;
    ctx.db.admin_broadcast().version().delete(0);
    ctx.db.admin_broadcast().insert(AdminBroadcast {
        version: 0,
        title,
        message,
        sign_out,
        timestamp: ctx.timestamp,
    });
    if sign_out {
        sign_everybody_out(ctx);
    }
    Ok(())
}
