//! What characters learn: whatever came into their backpack, they know from then on.
//!
//! Knowing never stands in the way of having: a character who can remember no more still gets the item.

use hexmarch_messages::generated::Discovery;
use spacetimedb::{log, ReducerContext};

/// Notes that a player of this region has these items in their backpack.
pub fn acquire_items(ctx: &ReducerContext, player_entity_id: u64, item_ids: impl IntoIterator<Item = i32>) {
    let mut discovery = Discovery::new(player_entity_id);
    for item_id in item_ids {
        if let Err(full) = discovery.acquire_item(&ctx.db, item_id) {
            log::warn!("player {player_entity_id} will not remember item {item_id}: {full}");
        }
    }
    if let Err(error) = discovery.commit(&ctx.db) {
        log::error!("what player {player_entity_id} learned is not written down: {error}");
    }
}
