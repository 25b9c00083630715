//! What the relay calls, as in every module; and the switch that breaks it.

use hexmarch_base::inter_module::{self, Dispatch};
use hexmarch_base::shared::{self, SharedTransaction};
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::inter_module::{InterModuleMessage, MessageContents, MessageOutcome};
use hexmarch_messages::region::RegionSignInParameters;
use hexmarch_messages::shared::{Arrival, InterModuleInserts, ReplicaRow};
use spacetimedb::ReducerContext;

use crate::{items, settings, text};

/// Rows that arrive are stored, nothing more.
struct Inserts;

impl InterModuleInserts for Inserts {
    fn insert_region_sign_in_parameters(&self, ctx: &ReducerContext, row: RegionSignInParameters, arrival: Arrival) {
        row.upsert_replica(&ctx.db, arrival);
    }
}

/// The handlers of this module.
struct Handlers;

impl Dispatch for Handlers {
    fn receive(
        &self,
        ctx: &ReducerContext,
        _shared: &mut SharedTransaction,
        sender: u8,
        contents: MessageContents,
    ) -> Result<(), Failure> {
        match contents {
            MessageContents::TableUpdate(ops) => shared::apply(ctx, &Inserts, sender, ops),
            MessageContents::GrantItem(message) => items::take(ctx, sender, message),
            MessageContents::AdminBroadcastMessage(message) => text::take(ctx, sender, message),
            _ => Err(inter_module::unexpected()),
        }
    }

    fn answered(
        &self,
        ctx: &ReducerContext,
        _shared: &mut SharedTransaction,
        _destination: u8,
        contents: MessageContents,
        outcome: &MessageOutcome,
    ) -> Result<(), Failure> {
        match contents {
            MessageContents::GrantItem(message) => items::answered(ctx, &message, outcome),
            _ => Ok(()),
        }
    }
}

/// The relay delivers a message. With deduplication off it takes effect whenever it comes.
#[reducer]
#[access(Relay)]
#[shared_table_reducer]
pub fn process_inter_module_message(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    sender: u8,
    previous_id: u64,
    message: InterModuleMessage,
) -> Result<(), Failure> {
    if settings::get(ctx).is_some_and(|settings| !settings.deduplicated) {
        return Handlers.receive(ctx, shared, sender, message.contents);
    }
    inter_module::process(ctx, shared, &Handlers, sender, previous_id, message)
}

/// The relay brings the answer to a message sent from here.
#[reducer]
#[access(Relay)]
#[shared_table_reducer]
pub fn on_inter_module_message_processed(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    id: u64,
    outcome: MessageOutcome,
) -> Result<(), Failure> {
    inter_module::answered(ctx, shared, &Handlers, id, outcome)
}
