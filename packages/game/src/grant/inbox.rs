//! Gifts that arrive.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::inbox;
use hexmarch_messages::grant::GrantItemMsg;
use hexmarch_messages::inventory::{inventory_state, item_desc, ItemStack, Pocket};
use hexmarch_messages::player::user_state;
use hexmarch_rules::inventory::{add, Slot};
use spacetimedb::ReducerContext;

/// Index of a player's backpack among their inventories.
const BACKPACK: i32 = 0;

/// Puts the gift into the player's backpack, all of it or nothing.
#[inbox(GrantItem)]
pub fn on_grant_item(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: GrantItemMsg,
) -> Result<(), Failure> {
    if ctx.db.user_state().entity_id().find(message.entity_id).is_none() {
        return Err(Failure::new("player.not_here"));
    }
    let item = ctx.db.item_desc().id().find(message.item_id);
    let item = item.ok_or_else(|| Failure::new(format!("item.unknown|{}", message.item_id)))?;
    let mut backpack = ctx
        .db
        .inventory_state()
        .owner_entity_id()
        .filter(message.entity_id)
        .find(|inventory| inventory.inventory_index == BACKPACK)
        .ok_or_else(|| Failure::new("inventory.none"))?;
    let mut slots: Vec<Slot> = backpack.pockets.iter().map(slot).collect();
    add(&mut slots, item.id, item.volume, message.quantity)?;
    for (pocket, slot) in backpack.pockets.iter_mut().zip(slots) {
        pocket.contents = slot.contents.map(|(item_id, quantity)| ItemStack { item_id, quantity });
    }
    ctx.db.inventory_state().entity_id().update(backpack);
    Ok(())
}

fn slot(pocket: &Pocket) -> Slot {
    Slot {
        volume: pocket.volume,
        locked: pocket.locked,
        contents: pocket.contents.as_ref().map(|stack| (stack.item_id, stack.quantity)),
    }
}
