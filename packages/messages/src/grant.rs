//! Items that reach a player by message: gifts, and what is given back.

use hexmarch_macros::{sats_type, table};

use crate::inventory::ItemStack;

/// Give a player items. The region that the player is in takes it; the global database passes it on to there.
#[sats_type]
pub struct GiveItemsMsg {
    /// For whom.
    pub entity_id: u64,
    /// What.
    pub items: Vec<ItemStack>,
}

/// Items of a player for which the backpack had no room when they came.
#[table(region, name = held_items_state, public)]
#[delete]
#[transfer(player)]
pub struct HeldItemsState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// In the order in which they came.
    pub items: Vec<ItemStack>,
}
