//! Writing shared tables, and following them.

use hexmarch_messages::inter_module::{MessageContents, GLOBAL_MODULE};
use hexmarch_messages::shared::{apply_update, InterModuleInserts, OwnedRow, Owner, Replicas, SharedTableOp};
use spacetimedb::ReducerContext;

use crate::outbox::{self, Durability};
use crate::{entity, Failure};

/// The only way to write a shared table: collects what replicas must do, and tells them when the reducer is done.
/// Given by `#[shared_table_reducer]`.
pub struct SharedTransaction<'a> {
    ctx: &'a ReducerContext,
    ops: Vec<(Replicas, SharedTableOp)>,
    messages: Vec<(u8, Durability, MessageContents)>,
}

impl<'a> SharedTransaction<'a> {
    /// Starts with nothing to tell.
    pub fn begin(ctx: &'a ReducerContext) -> Self {
        Self {
            ctx,
            ops: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Inserts or replaces a row here and at its replicas.
    pub fn upsert<R: OwnedRow>(&mut self, row: R) {
        let op = row.upsert_owned(&self.ctx.db);
        self.ops.push((R::REPLICAS, op));
    }

    /// Deletes a row here and at its replicas; says whether there was one.
    pub fn delete<R: OwnedRow>(&mut self, key: &R::Key) -> bool {
        let op = R::delete_owned(&self.ctx.db, key);
        let existed = op.is_some();
        self.ops.extend(op.map(|op| (R::REPLICAS, op)));
        existed
    }

    /// Sends a message behind this transaction's table updates, so that its handler sees them applied.
    pub fn send(&mut self, to: u8, durability: Durability, contents: MessageContents) {
        self.messages.push((to, durability, contents));
    }

    /// Writes one table update for each destination, then the messages.
    ///
    /// # Errors
    /// None today; the signature leaves room for a limit.
    pub fn finish(self) -> Result<(), Failure> {
        if !self.ops.is_empty() {
            let is_global = cfg!(feature = "global");
            let mut destinations = outbox::other_regions(self.ctx);
            if !is_global {
                destinations.insert(0, GLOBAL_MODULE);
            }
            for to in destinations {
                let follows = |replicas: &Replicas| *replicas == Replicas::All || to == GLOBAL_MODULE;
                let ops: Vec<_> = self
                    .ops
                    .iter()
                    .filter(|(replicas, _)| follows(replicas))
                    .map(|(_, op)| op.clone())
                    .collect();
                if !ops.is_empty() {
                    outbox::send(self.ctx, to, Durability::Durable, MessageContents::TableUpdate(ops));
                }
            }
        }
        for (to, durability, contents) in self.messages {
            outbox::send(self.ctx, to, durability, contents);
        }
        Ok(())
    }
}

/// Applies what a table's owner sent.
///
/// # Errors
/// `shared_table.not_owner|<table>` when the sender does not own the rows.
pub fn apply(
    ctx: &ReducerContext,
    inserts: &impl InterModuleInserts,
    sender: u8,
    ops: Vec<SharedTableOp>,
) -> Result<(), Failure> {
    debug_assert_ne!(sender, entity::own_index(ctx));
    for op in ops {
        let from_owner = match op.owner() {
            Owner::Global => sender == GLOBAL_MODULE,
            Owner::Region => sender != GLOBAL_MODULE,
        };
        if !from_owner {
            return Err(Failure::new(format!("shared_table.not_owner|{}", op.table())));
        }
        apply_update(ctx, inserts, op);
    }
    Ok(())
}
