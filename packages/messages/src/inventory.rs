//! What entities carry.

use hexmarch_macros::{sats_type, table};

/// Items of one kind in one pocket.
#[sats_type]
pub struct ItemStack {
    /// Which item.
    pub item_id: i32,
    /// How many, at least 1.
    pub quantity: u32,
}

/// A place for a stack.
#[sats_type]
pub struct Pocket {
    /// How much fits; an item's own volume divides it.
    pub volume: i32,
    /// What is in it.
    pub contents: Option<ItemStack>,
    /// Whether nothing goes in or out. Nothing sets it yet: trade, which will, does not exist.
    pub locked: bool,
}

/// A container of an entity.
#[table(region, name = inventory_state, public)]
#[delete(by = owner_entity_id)]
#[transfer(player, by = player_owner_entity_id)]
pub struct InventoryState {
    /// The container.
    #[primary_key]
    pub entity_id: u64,
    /// In order.
    pub pockets: Vec<Pocket>,
    /// Which of the owner's containers: 0 is a player's backpack.
    pub inventory_index: i32,
    /// The first pocket for cargo.
    pub cargo_index: i32,
    /// The entity that it is part of.
    #[index(btree)]
    pub owner_entity_id: u64,
    /// The player it travels with; 0 when it stays.
    #[index(btree)]
    pub player_owner_entity_id: u64,
}

/// How seldom a thing is.
#[sats_type]
pub enum Rarity {
    /// Everywhere.
    Common,
    /// Often enough.
    Uncommon,
    /// Worth a detour.
    Rare,
    /// Worth a journey.
    Epic,
    /// Worth a song.
    Legendary,
}

/// An item.
#[table(region, global, name = item_desc, public)]
#[static_data_staging_table]
pub struct ItemDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name, for tools; players see the text of their language.
    pub name: String,
    /// English description, for tools.
    pub description: String,
    /// How much of a pocket one takes.
    pub volume: i32,
    /// Uses before it breaks, 0 for never.
    pub durability: i32,
    /// Tier, 1 and up.
    pub tier: i32,
    /// What kind of thing.
    pub tag: String,
    /// How seldom.
    pub rarity: Rarity,
}

/// What a new character carries.
#[table(region, name = starting_inventory_desc)]
#[static_data_staging_table]
pub struct StartingInventoryDesc {
    /// Key, and the pocket.
    #[primary_key]
    pub id: i32,
    /// Which item.
    pub item_id: i32,
    /// How many.
    pub quantity: u32,
}
