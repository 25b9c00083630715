//! What the relay calls, as in every module; and the switch that breaks it.

use hexmarch_base::inter_module::{self, Dispatch};
use hexmarch_base::shared::{copy, SharedTransaction};
use hexmarch_base::{dead_letter, entity, shared as shared_tables, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::grant::GiveItemsMsg;
use hexmarch_messages::inter_module::{InterModuleMessage, MessageContents, MessageOutcome, MessageResult};
use hexmarch_messages::region::{region_connection_info, RegionConnectionInfo, RegionSignInParameters};
use hexmarch_messages::shared::{Arrival, InterModuleInserts, ReplicaRow};
use spacetimedb::ReducerContext;

use crate::{items, owners, settings, text};

/// Rows that arrive are stored, and a region that appears is sent what is owned here.
struct Inserts;

impl InterModuleInserts for Inserts {
    fn insert_region_connection_info(&self, ctx: &ReducerContext, row: RegionConnectionInfo, arrival: Arrival) {
        let (index, is_known) = (row.id, ctx.db.region_connection_info().find(&row.id).is_some());
        row.upsert_replica(&ctx.db, arrival);
        if !is_known && index != entity::own_index(ctx) {
            copy::start(ctx, index);
        }
    }

    fn insert_region_sign_in_parameters(&self, ctx: &ReducerContext, row: RegionSignInParameters, arrival: Arrival) {
        row.upsert_replica(&ctx.db, arrival);
    }
}

/// The handlers of this module.
pub struct Handlers;

impl Dispatch for Handlers {
    fn receive(
        &self,
        ctx: &ReducerContext,
        shared: &mut SharedTransaction,
        sender: u8,
        contents: MessageContents,
    ) -> Result<(), Failure> {
        match contents {
            MessageContents::TableUpdate(update) => shared_tables::apply(ctx, &Inserts, sender, update),
            MessageContents::TableCopy(part) => copy::apply(ctx, &Inserts, sender, part),
            MessageContents::TableCopyRequest(_) => {
                copy::start(ctx, sender);
                Ok(())
            }
            MessageContents::GiveItems(message) => give(ctx, shared, sender, message),
            MessageContents::AdminBroadcastMessage(message) => text::take(ctx, sender, message),
            #[cfg(feature = "region")]
            MessageContents::TransferPlayerRequest(message) => owners::arrive(ctx, message),
            #[cfg(feature = "global")]
            MessageContents::UserUpdateRegionRequest(message) => owners::reported(ctx, sender, &message),
            _ => Err(inter_module::unexpected()),
        }
    }

    fn answered(
        &self,
        ctx: &ReducerContext,
        _shared: &mut SharedTransaction,
        destination: u8,
        contents: MessageContents,
        outcome: &MessageOutcome,
    ) -> Result<(), Failure> {
        match contents {
            MessageContents::TableCopy(part) => {
                copy::answered(ctx, destination, &part, outcome);
                Ok(())
            }
            MessageContents::TableCopyRequest(_) => {
                copy::requested(ctx, destination, outcome);
                Ok(())
            }
            MessageContents::GiveItems(message) if message.entity_id < owners::OWNERS => {
                items::answered(ctx, message.entity_id, outcome)
            }
            MessageContents::AdminBroadcastMessage(message) => match owners::request(&message.title) {
                Some((token, _)) => {
                    items::write_down(ctx, token, outcome);
                    settings::get(ctx).map_or(Ok(()), |settings| settings.end_of_answer(ctx, token))
                }
                None => Ok(()),
            },
            #[cfg(feature = "region")]
            MessageContents::TransferPlayerRequest(message) => match outcome {
                MessageOutcome::Done => Ok(()),
                MessageOutcome::Failed(_) => owners::come_back(ctx, message),
            },
            _ => Ok(()),
        }
    }

    fn makes_good(&self, contents: &MessageContents) -> bool {
        match contents {
            MessageContents::GiveItems(message) => message.entity_id < owners::OWNERS,
            MessageContents::TableCopy(_)
            | MessageContents::TableCopyRequest(_)
            | MessageContents::TransferPlayerRequest(_) => true,
            _ => false,
        }
    }
}

/// Items for an owner, or, under a token, for this database.
fn give(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    sender: u8,
    mut message: GiveItemsMsg,
) -> Result<(), Failure> {
    if message.entity_id < owners::OWNERS {
        let items = message.items.pop();
        let items = items.ok_or_else(|| Failure::new("test.no_items"))?;
        return items::take(ctx, sender, message.entity_id, items);
    }
    #[cfg(feature = "global")]
    return owners::give(ctx, shared, message);
    #[cfg(feature = "region")]
    {
        let _ = shared;
        owners::give(ctx, message)
    }
}

/// The relay delivers messages. With deduplication off they take effect whenever they come.
#[reducer]
#[access(Relay)]
#[shared_table_reducer]
pub fn process_inter_module_messages(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    sender: u8,
    previous_id: u64,
    messages: Vec<InterModuleMessage>,
) -> Result<(), Failure> {
    if settings::get(ctx).is_some_and(|settings| !settings.deduplicated) {
        let mut contents = messages.into_iter().map(|message| message.contents);
        return contents.try_for_each(|contents| Handlers.receive(ctx, shared, sender, contents));
    }
    inter_module::process(ctx, shared, &Handlers, sender, previous_id, messages)
}

/// The relay brings the answers to messages sent from here.
#[reducer]
#[access(Relay)]
#[shared_table_reducer]
pub fn on_inter_module_messages_processed(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    results: Vec<MessageResult>,
) -> Result<(), Failure> {
    inter_module::all_answered(ctx, shared, &Handlers, results)
}

/// Sends a dead letter again, as in every module.
#[reducer]
#[access(Relay)]
#[shared_table_reducer]
pub fn retry_inter_module_dead_letter(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    message_id: u64,
) -> Result<(), Failure> {
    dead_letter::retry(ctx, shared, &Handlers, message_id)
}
