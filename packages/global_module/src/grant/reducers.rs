//! Giving players items.

use hexmarch_base::escrow::Stake;
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::account::user_region_state;
use hexmarch_messages::inventory::{item_desc, ItemStack};
use spacetimedb::{Identity, ReducerContext};

/// Most items in one gift.
const MAX_QUANTITY: u32 = 10_000;

/// Gives a player items, wherever they are. What their backpack has no room for is held for them.
///
/// # Errors
/// `account.unknown`, `item.unknown|<id>`, `grant.bad_quantity|<max>`.
#[reducer]
#[access(Gm)]
#[shared_table_reducer]
pub fn admin_grant_item(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    identity: Identity,
    item_id: i32,
    quantity: u32,
) -> Result<(), Failure> {
    let account = ctx.db.user_region_state().identity().filter(&identity).next();
    let entity_id = account.ok_or_else(|| Failure::new("account.unknown"))?.entity_id;
    if ctx.db.item_desc().id().find(item_id).is_none() {
        return Err(Failure::new(format!("item.unknown|{item_id}")));
    }
    if quantity == 0 || quantity > MAX_QUANTITY {
        return Err(Failure::new(format!("grant.bad_quantity|{MAX_QUANTITY}")));
    }
    let items = vec![ItemStack { item_id, quantity }];
    super::give(
        ctx,
        shared,
        Stake {
            owner_entity_id: entity_id,
            items,
        },
    )
}
