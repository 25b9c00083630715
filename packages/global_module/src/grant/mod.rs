//! Items for players, wherever they are.

use hexmarch_base::escrow::Stake;
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_messages::grant::GiveItemsMsg;
use hexmarch_messages::inter_module::MessageContents;
use spacetimedb::ReducerContext;

use crate::account;

/// Sends items to the region that their owner is in. They stay in escrow here until that has taken them.
///
/// # Errors
/// `player.unknown`.
pub fn give(ctx: &ReducerContext, shared: &mut SharedTransaction, gift: Stake) -> Result<(), Failure> {
    let region = account::region_of(ctx, gift.owner_entity_id)?;
    let contents = MessageContents::GiveItems(GiveItemsMsg {
        entity_id: gift.owner_entity_id,
        items: gift.items.clone(),
    });
    shared.send_with(region, gift, contents);
    Ok(())
}
