//! Items that come to players who are here.
//!
//! Invariant: what comes is in the backpack or among the held items afterwards, all of it.

use hexmarch_base::Failure;
use hexmarch_messages::grant::{held_items_state, HeldItemsState};
use hexmarch_messages::inventory::{inventory_state, item_carry_desc, item_desc, InventoryState, ItemStack, Pocket};
use hexmarch_rules::inventory::{add_what_fits, hold, Slot};
use spacetimedb::{ReducerContext, Table};

/// Index of a player's backpack among their inventories.
const BACKPACK: i32 = 0;

/// Puts as much as there is room for into the player's backpack. Returns the rest, and with it what is no item any more, or
/// not yet here.
///
/// # Errors
/// `inventory.none` without a backpack. Nothing has changed then.
pub fn fill_backpack(ctx: &ReducerContext, entity_id: u64, items: &[ItemStack]) -> Result<Vec<ItemStack>, Failure> {
    let mut backpack = backpack(ctx, entity_id)?;
    let mut slots: Vec<Slot> = backpack.pockets.iter().map(slot).collect();
    let (mut rest, mut taken) = (Vec::new(), Vec::new());
    for stack in items {
        let item_id = stack.item_id;
        let quantity = match volume(ctx, item_id) {
            Some(volume) => add_what_fits(&mut slots, item_id, volume, stack.quantity),
            None => stack.quantity,
        };
        if quantity < stack.quantity {
            taken.push(item_id);
        }
        if quantity > 0 {
            rest.push(ItemStack { item_id, quantity });
        }
    }
    put_back(&mut backpack.pockets, slots);
    ctx.db.inventory_state().entity_id().update(backpack);
    crate::knowledge::acquire_items(ctx, entity_id, taken);
    Ok(rest)
}

/// Keeps items for a player until they have room.
pub fn keep(ctx: &ReducerContext, entity_id: u64, items: Vec<ItemStack>) {
    let rows = ctx.db.held_items_state();
    let before = rows.entity_id().find(entity_id);
    let is_new = before.is_none();
    let row = HeldItemsState {
        entity_id,
        items: merged(before.into_iter().flat_map(|row| row.items).chain(items)),
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

/// The same items in as few stacks as can be, in the order in which they came.
pub fn merged(items: impl IntoIterator<Item = ItemStack>) -> Vec<ItemStack> {
    let mut stacks: Vec<(i32, u32)> = Vec::new();
    for stack in items {
        hold(&mut stacks, stack.item_id, stack.quantity);
    }
    stacks.into_iter().map(stack).collect()
}

/// Takes out of each pocket what it has no room for, since what is in it became something else. Returns that.
pub fn take_overflow(ctx: &ReducerContext, pockets: &mut [Pocket]) -> Vec<ItemStack> {
    let mut slots: Vec<Slot> = pockets.iter().map(slot).collect();
    let overflow = hexmarch_rules::inventory::take_overflow(&mut slots, |item_id| volume(ctx, item_id));
    put_back(pockets, slots);
    overflow.into_iter().map(stack).collect()
}

/// How much of a pocket an item takes; `None` when there is no such item.
fn volume(ctx: &ReducerContext, item_id: i32) -> Option<i32> {
    let carried = ctx.db.item_carry_desc().item_id().find(item_id).map(|item| item.volume);
    // A world that is older than what is derived has none until its next commit.
    carried.or_else(|| ctx.db.item_desc().id().find(item_id).map(|item| item.volume))
}

fn put_back(pockets: &mut [Pocket], slots: Vec<Slot>) {
    for (pocket, slot) in pockets.iter_mut().zip(slots) {
        pocket.contents = slot.contents.map(stack);
    }
}

fn stack((item_id, quantity): (i32, u32)) -> ItemStack {
    ItemStack { item_id, quantity }
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
