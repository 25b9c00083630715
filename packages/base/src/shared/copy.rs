//! Full copies of shared tables, for a database that is new or that missed something.
//!
//! The owner sends its tables part by part, at most [`WINDOW`] parts ahead of the answers, between its other messages.
//! Parts and updates travel in one stream, in order, so the replica is right when the last part has arrived, whatever was
//! written meanwhile. A second request begins again from the start.

use hexmarch_macros::reducer;
use hexmarch_messages::inter_module::{MessageContents, MessageOutcome};
use hexmarch_messages::shared::{
    copy_chunk, delete_missing, owned_tables, shared_table_copy, InterModuleInserts, SharedTableCopy, SharedTablePeer,
    TableCopyMsg, TableCopyRequestMsg,
};
use spacetimedb::{log, ReducerContext, Table};

use super::{apply_ops, followers, follows, peer, store_peer};
use crate::outbox::{self, Durability};
use crate::{entity, Failure};

/// Parts of a copy that may be unanswered.
const WINDOW: u32 = 4;

/// Asks every owner of rows that are replicated here for a full copy.
///
/// # Errors
/// None of its own.
#[reducer]
#[access(Admin)]
pub fn admin_resync_shared_tables(ctx: &ReducerContext) -> Result<(), Failure> {
    for owner in followers(ctx) {
        set_awaits_copy(ctx, owner, false);
        request(ctx, owner);
    }
    Ok(())
}

/// Asks an owner for a full copy, unless one is on its way.
pub(super) fn request(ctx: &ReducerContext, owner: u8) {
    let row = peer(ctx, owner);
    if row.awaits_copy {
        return;
    }
    let message = TableCopyRequestMsg { received: row.received };
    set_awaits_copy(ctx, owner, true);
    outbox::send(
        ctx,
        owner,
        Durability::Durable,
        MessageContents::TableCopyRequest(message),
    );
}

fn set_awaits_copy(ctx: &ReducerContext, owner: u8, awaits_copy: bool) {
    let row = peer(ctx, owner);
    store_peer(ctx, SharedTablePeer { awaits_copy, ..row });
}

/// Hears what became of a request: a refused one may be made again.
pub fn requested(ctx: &ReducerContext, owner: u8, outcome: &MessageOutcome) {
    if let MessageOutcome::Failed(reason) = outcome {
        log::warn!("module {owner} refused to send a full copy of its tables: {reason}");
        set_awaits_copy(ctx, owner, false);
    }
}

/// Begins to send a full copy of what this module owns and `to` follows, in place of one that is under way.
pub fn start(ctx: &ReducerContext, to: u8) {
    let copies = ctx.db.shared_table_copy();
    let before = copies.module_id().find(to);
    copies.module_id().delete(to);
    let first = owned_tables().iter().find(|(_, replicas)| follows(*replicas, to));
    copies.insert(SharedTableCopy {
        module_id: to,
        copy_id: before.map_or(0, |copy| copy.copy_id) + 1,
        table: first.map_or(String::new(), |(table, _)| (*table).to_string()),
        after: None,
        unanswered: 0,
    });
    if first.is_none() {
        send_end(ctx, to);
    }
    for _ in 0..WINDOW {
        send_next(ctx, to);
    }
}

/// Sends the next part, if there is one.
fn send_next(ctx: &ReducerContext, to: u8) {
    let copies = ctx.db.shared_table_copy();
    let Some(copy) = copies.module_id().find(to).filter(|copy| !copy.table.is_empty()) else {
        return;
    };
    let own = entity::own_index(ctx);
    let Some(chunk) = copy_chunk(&ctx.db, &copy.table, own, copy.after.as_deref()) else {
        log::error!(
            "there is no table '{}' to copy; the copy to module {to} ends here",
            copy.table
        );
        copies.module_id().delete(to);
        return;
    };
    let message = TableCopyMsg {
        copy_id: copy.copy_id,
        table: copy.table.clone(),
        after: copy.after,
        up_to: chunk.up_to.clone(),
        ops: chunk.ops,
    };
    outbox::send(ctx, to, Durability::Durable, MessageContents::TableCopy(message));
    let table = match chunk.up_to {
        Some(_) => copy.table,
        None => table_after(&copy.table, to).to_string(),
    };
    let is_end = table.is_empty();
    copies.module_id().update(SharedTableCopy {
        table,
        after: chunk.up_to,
        unanswered: copy.unanswered + 1,
        ..copy
    });
    if is_end {
        send_end(ctx, to);
    }
}

/// The table that `to` follows behind this one; empty when it was the last.
fn table_after(table: &str, to: u8) -> &'static str {
    let behind = owned_tables().iter().skip_while(|(name, _)| *name != table).skip(1);
    let mut followed = behind.filter(|(_, replicas)| follows(*replicas, to));
    followed.next().map_or("", |(name, _)| name)
}

/// Says that everything was sent.
fn send_end(ctx: &ReducerContext, to: u8) {
    let copies = ctx.db.shared_table_copy();
    let Some(copy) = copies.module_id().find(to) else {
        return;
    };
    let message = TableCopyMsg {
        copy_id: copy.copy_id,
        table: String::new(),
        after: None,
        up_to: None,
        ops: Vec::new(),
    };
    outbox::send(ctx, to, Durability::Durable, MessageContents::TableCopy(message));
    copies.module_id().update(SharedTableCopy {
        unanswered: copy.unanswered + 1,
        ..copy
    });
}

/// Hears that a part arrived, and sends the next. A refused part is on record at the replica; the copy goes on.
pub fn answered(ctx: &ReducerContext, to: u8, part: &TableCopyMsg, outcome: &MessageOutcome) {
    if let MessageOutcome::Failed(reason) = outcome {
        log::error!("module {to} refused a part of the copy of '{}': {reason}", part.table);
    }
    let copies = ctx.db.shared_table_copy();
    let Some(copy) = copies.module_id().find(to).filter(|copy| copy.copy_id == part.copy_id) else {
        return;
    };
    copies.module_id().update(SharedTableCopy {
        unanswered: copy.unanswered.saturating_sub(1),
        ..copy
    });
    send_next(ctx, to);
}

/// Makes a part of a table here what it is at its owner.
///
/// # Errors
/// `shared_table.not_owner|<table>`; `shared_table.bad_copy|<table>` for a row of a table that the part is not of.
pub fn apply(
    ctx: &ReducerContext,
    inserts: &impl InterModuleInserts,
    sender: u8,
    part: TableCopyMsg,
) -> Result<(), Failure> {
    if part.table.is_empty() {
        set_awaits_copy(ctx, sender, false);
        log::info!("copy {} of the tables of module {sender} has arrived", part.copy_id);
        return Ok(());
    }
    if let Some(op) = part.ops.iter().find(|op| op.table() != part.table) {
        return Err(Failure::new(format!("shared_table.bad_copy|{}", op.table())));
    }
    let (after, up_to) = (part.after.as_deref(), part.up_to.as_deref());
    let deleted = delete_missing(&ctx.db, &part.table, sender, after, up_to, &part.ops);
    if deleted > 0 {
        log::warn!("{deleted} rows of '{}' are gone at module {sender}", part.table);
    }
    apply_ops(ctx, inserts, sender, part.ops)
}
