//! Items that players get back.

use hexmarch_base::escrow::Stake;
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::inbox;
use hexmarch_messages::grant::GiveItemsMsg;
use spacetimedb::ReducerContext;

/// Passes items on to where their owner is.
#[inbox(GiveItems)]
pub fn on_give_items(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    _sender: u8,
    message: GiveItemsMsg,
) -> Result<(), Failure> {
    let gift = Stake {
        owner_entity_id: message.entity_id,
        items: message.items,
    };
    super::give(ctx, shared, gift)
}
