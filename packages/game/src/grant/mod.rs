//! Items that come to players who are here.
//!
//! Invariant: what comes is in the backpack or among the held items afterwards, all of it.

use hexmarch_base::Failure;
use hexmarch_messages::grant::{held_items_state, HeldItemsState};
use hexmarch_messages::inventory::{inventory_state, item_desc, InventoryState, ItemStack, Pocket};
use hexmarch_rules::inventory::{add_what_fits, hold, Slot};
use spacetimedb::{ReducerContext, Table};

/// Index of a player's backpack among their inventories.
const BACKPACK: i32 = 0;

/// Puts as much as there is room for into the player's backpack. Returns the rest.
///
/// # Errors
/// `inventory.none` without a backpack, `item.unknown|<id>`. Nothing has changed then.
pub fn fill_backpack(ctx: &ReducerContext, entity_id: u64, items: &[ItemStack]) -> Result<Vec<ItemStack>, Failure> {
    let mut backpack = backpack(ctx, entity_id)?;
    let mut slots: Vec<Slot> = backpack.pockets.iter().map(slot).collect();
    let (mut rest, mut taken) = (Vec::new(), Vec::new());
    for stack in items {
        let item = ctx.db.item_desc().id().find(stack.item_id);
        let item = item.ok_or_else(|| Failure::new(format!("item.unknown|{}", stack.item_id)))?;
        let quantity = add_what_fits(&mut slots, item.id, item.volume, stack.quantity);
        if quantity < stack.quantity {
            taken.push(item.id);
        }
        if quantity > 0 {
            rest.push(ItemStack {
                quantity,
                item_id: item.id,
            });
        }
    }
    for (pocket, slot) in backpack.pockets.iter_mut().zip(slots) {
        pocket.contents = slot.contents.map(|(item_id, quantity)| ItemStack { item_id, quantity });
    }
    ctx.db.inventory_state().entity_id().update(backpack);
    crate::knowledge::acquire_items(ctx, entity_id, taken);
    Ok(rest)
}

/// Keeps items for a player until they have room.
pub fn keep(ctx: &ReducerContext, entity_id: u64, items: Vec<ItemStack>) {
    let rows = ctx.db.held_items_state();
    let before = rows.entity_id().find(entity_id);
    let is_new = before.is_none();
    let mut stacks: Vec<(i32, u32)> = Vec::new();
    for stack in before.into_iter().flat_map(|row| row.items).chain(items) {
        hold(&mut stacks, stack.item_id, stack.quantity);
    }
    let items = stacks
        .into_iter()
        .map(|(item_id, quantity)| ItemStack { item_id, quantity });
    let row = HeldItemsState {
        entity_id,
        items: items.collect(),
    };
    match (is_new, row.items.is_empty()) {
        (_, true) => {
            rows.entity_id().delete(entity_id);
        }
        (true, false) => {
            rows.insert(row);
        }
        (false, false) => {
            rows.entity_id().update(row);
        }
    }
}

fn backpack(ctx: &ReducerContext, entity_id: u64) -> Result<InventoryState, Failure> {
    ctx.db
        .inventory_state()
        .owner_entity_id()
        .filter(entity_id)
        .find(|inventory| inventory.inventory_index == BACKPACK)
        .ok_or_else(|| Failure::new("inventory.none"))
}

fn slot(pocket: &Pocket) -> Slot {
    Slot {
        volume: pocket.volume,
        locked: pocket.locked,
        contents: pocket.contents.as_ref().map(|stack| (stack.item_id, stack.quantity)),
    }
}
