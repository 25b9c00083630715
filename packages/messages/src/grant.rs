//! Gifts from the operator.

use hexmarch_macros::{sats_type, table};

/// A gift that is on its way: it leaves this table when the player has it, and stays, with the reason, when they
/// cannot.
#[table(global, name = item_grant_state)]
pub struct ItemGrantState {
    /// Key.
    #[primary_key]
    #[auto_inc]
    pub grant_id: u64,
    /// For whom.
    #[index(btree)]
    pub entity_id: u64,
    /// Which item.
    pub item_id: i32,
    /// How many.
    pub quantity: u32,
    /// Why it could not be given, empty while it is under way.
    pub failure: String,
}

/// Give a player items.
#[sats_type]
pub struct GrantItemMsg {
    /// The gift.
    pub grant_id: u64,
    /// For whom.
    pub entity_id: u64,
    /// Which item.
    pub item_id: i32,
    /// How many.
    pub quantity: u32,
    /// How often this was sent on because the player had moved.
    pub hops: u8,
}
