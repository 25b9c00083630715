//! Gifts that arrive.

use hexmarch_base::dead_letter::NOT_HERE;
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::inbox;
use hexmarch_messages::grant::GiveItemsMsg;
use hexmarch_messages::player::user_state;
use spacetimedb::ReducerContext;

use crate::content;

/// Gives the player what there is room for and keeps the rest for them; all of it or, for a player who is not here, nothing.
/// What was an item when it was sent, and is none here, comes as its successor, or is kept as it is until there is one.
#[inbox(GiveItems)]
pub fn on_give_items(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: GiveItemsMsg,
) -> Result<(), Failure> {
    let GiveItemsMsg { entity_id, mut items } = message;
    if ctx.db.user_state().entity_id().find(entity_id).is_none() {
        return Err(Failure::new(NOT_HERE));
    }
    content::arrived(ctx, &mut items);
    let rest = super::fill_backpack(ctx, entity_id, &items)?;
    super::keep(ctx, entity_id, rest);
    Ok(())
}
