//! Writing shared tables, and following them.
//!
//! A replica is right as soon as everything that its owner sent has arrived: updates are numbered for each replica, one
//! that sees a number missing asks for a full copy ([`copy`]), and a database that appears is sent one.

pub mod copy;

use hexmarch_messages::inter_module::{MessageContents, GLOBAL_MODULE};
use hexmarch_messages::shared::{
    apply_update, shared_table_peer, InterModuleInserts, OwnedRow, ReplicaRow, Replicas, SharedTableOp,
    SharedTablePeer, TableUpdateMsg,
};
use spacetimedb::{log, ReducerContext, Table};

use crate::escrow::{self, Stake};
use crate::outbox::{self, Durability};
use crate::{entity, Failure};

/// The only way to write a shared table: collects what replicas must do, and tells them when the reducer is done.
/// Given by `#[shared_table_reducer]`.
pub struct SharedTransaction<'a> {
    ctx: &'a ReducerContext,
    ops: Vec<(Replicas, SharedTableOp)>,
    messages: Vec<Message>,
    /// A table in which this transaction wrote a row of another region's.
    stranger: Option<&'static str>,
}

struct Message {
    to: u8,
    durability: Durability,
    contents: MessageContents,
    stake: Option<Stake>,
}

impl<'a> SharedTransaction<'a> {
    /// Starts with nothing to tell.
    pub fn begin(ctx: &'a ReducerContext) -> Self {
        Self {
            ctx,
            ops: Vec::new(),
            messages: Vec::new(),
            stranger: None,
        }
    }

    /// Inserts or replaces a row here and at its replicas. The transaction fails in the end if the row, or the one that it
    /// replaces, belongs to another region.
    pub fn upsert<R: OwnedRow>(&mut self, row: R) {
        let replaced = R::stored(&self.ctx.db, &row.key());
        self.check_owner(&row);
        replaced.iter().for_each(|row| self.check_owner(row));
        let op = row.upsert_owned(&self.ctx.db);
        self.ops.push((R::REPLICAS, op));
    }

    /// Deletes a row here and at its replicas; says whether there was one. The transaction fails in the end if it belongs to
    /// another region.
    pub fn delete<R: OwnedRow>(&mut self, key: &R::Key) -> bool {
        let deleted = R::stored(&self.ctx.db, key);
        deleted.iter().for_each(|row| self.check_owner(row));
        let op = R::delete_owned(&self.ctx.db, key);
        self.ops.extend(op.map(|op| (R::REPLICAS, op)));
        deleted.is_some()
    }

    fn check_owner<R: ReplicaRow>(&mut self, row: &R) {
        if row.owner() != entity::own_index(self.ctx) {
            self.stranger = Some(R::TABLE);
        }
    }

    /// Sends a message behind this transaction's table updates, so that its handler sees them applied.
    pub fn send(&mut self, to: u8, durability: Durability, contents: MessageContents) {
        self.messages.push(Message {
            to,
            durability,
            contents,
            stake: None,
        });
    }

    /// Sends a durable message that holds `stake`, which the caller has taken from its owner: spent if the destination takes
    /// the message, given back to its owner, wherever they are by then, if not.
    pub fn send_with(&mut self, to: u8, stake: Stake, contents: MessageContents) {
        self.messages.push(Message {
            to,
            durability: Durability::Durable,
            contents,
            stake: Some(stake),
        });
    }

    /// Writes one table update for each destination, then the messages.
    ///
    /// # Errors
    /// `shared_table.not_owner|<table>` when the transaction wrote a row that belongs to another region.
    pub fn finish(self) -> Result<(), Failure> {
        if let Some(table) = self.stranger {
            return Err(Failure::new(format!("shared_table.not_owner|{table}")));
        }
        if !self.ops.is_empty() {
            for to in followers(self.ctx) {
                let ops: Vec<_> = self
                    .ops
                    .iter()
                    .filter(|(replicas, _)| follows(*replicas, to))
                    .map(|(_, op)| op.clone())
                    .collect();
                if !ops.is_empty() {
                    send_update(self.ctx, to, ops);
                }
            }
        }
        for Message {
            to,
            durability,
            contents,
            stake,
        } in self.messages
        {
            let id = outbox::send(self.ctx, to, durability, contents);
            if let Some(stake) = stake {
                escrow::put(self.ctx, id, stake);
            }
        }
        Ok(())
    }
}

/// Every other database, the global one first.
fn followers(ctx: &ReducerContext) -> Vec<u8> {
    let mut others = outbox::other_regions(ctx);
    if entity::own_index(ctx) != GLOBAL_MODULE {
        others.insert(0, GLOBAL_MODULE);
    }
    others
}

fn follows(replicas: Replicas, to: u8) -> bool {
    replicas == Replicas::All || to == GLOBAL_MODULE
}

fn send_update(ctx: &ReducerContext, to: u8, ops: Vec<SharedTableOp>) {
    let mut row = peer(ctx, to);
    row.sent += 1;
    let sequence = row.sent;
    store_peer(ctx, row);
    let message = MessageContents::TableUpdate(TableUpdateMsg { sequence, ops });
    outbox::send(ctx, to, Durability::Durable, message);
}

/// Applies what a table's owner sent. Asks for a full copy if something before it is missing.
///
/// # Errors
/// `shared_table.not_owner|<table>` when the sender does not own the rows.
pub fn apply(
    ctx: &ReducerContext,
    inserts: &impl InterModuleInserts,
    sender: u8,
    update: TableUpdateMsg,
) -> Result<(), Failure> {
    apply_ops(ctx, inserts, sender, update.ops)?;
    let row = peer(ctx, sender);
    let is_next = update.sequence == row.received.saturating_add(1);
    let received = row.received;
    store_peer(
        ctx,
        SharedTablePeer {
            received: update.sequence,
            ..row
        },
    );
    if !is_next {
        log::warn!(
            "table update {} of module {sender} came after {received}: asking for a full copy",
            update.sequence
        );
        copy::request(ctx, sender);
    }
    Ok(())
}

fn apply_ops(
    ctx: &ReducerContext,
    inserts: &impl InterModuleInserts,
    sender: u8,
    ops: Vec<SharedTableOp>,
) -> Result<(), Failure> {
    for op in ops {
        if !op.is_owned_by(&ctx.db, sender) {
            return Err(Failure::new(format!("shared_table.not_owner|{}", op.table())));
        }
        apply_update(ctx, inserts, op);
    }
    Ok(())
}

fn peer(ctx: &ReducerContext, module_id: u8) -> SharedTablePeer {
    let stored = ctx.db.shared_table_peer().module_id().find(module_id);
    stored.unwrap_or(SharedTablePeer {
        module_id,
        sent: 0,
        received: 0,
        awaits_copy: false,
    })
}

fn store_peer(ctx: &ReducerContext, row: SharedTablePeer) {
    let peers = ctx.db.shared_table_peer();
    if peers.module_id().find(row.module_id).is_some() {
        peers.module_id().update(row);
    } else {
        peers.insert(row);
    }
}
