//! What entities carry.

use hexmarch_macros::{sats_type, table};

use crate::static_data::DerivedFrom;

/// Items of one kind in one pocket.
#[sats_type]
pub struct ItemStack {
    /// Which item.
    #[references(item_desc)]
    pub item_id: i32,
    /// How many, at least 1.
    #[range(1..=1_000_000)]
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
    #[range(1..=i32::MAX)]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// How much of a pocket one takes.
    #[range(1..=6_000)]
    pub volume: i32,
    /// Uses before it breaks, 0 for never. What breaks does not stack.
    #[range(0..=1_000_000)]
    pub durability: i32,
    /// What is left of it when it breaks.
    #[references(item_desc)]
    pub convert_to_on_durability_zero: Option<i32>,
    /// Tier, 1 and up.
    #[range(1..=10)]
    pub tier: i32,
    /// What kind of thing.
    #[length(1..=40)]
    pub tag: String,
    /// How seldom.
    pub rarity: Rarity,
    /// What opening it yields, for things that are opened.
    #[references(item_list_desc)]
    pub item_list_id: Option<i32>,
    /// Whether the book of everything lists it.
    pub compendium_entry: bool,
}

/// What a pocket needs to know of an item: derived from [`ItemDesc`] when content is committed, so that moving items
/// decodes no texts.
#[table(region, global, name = item_carry_desc)]
#[derived_from(item_desc)]
pub struct ItemCarryDesc {
    /// The item.
    #[primary_key]
    pub item_id: i32,
    /// How much of a pocket one takes.
    pub volume: i32,
    /// Uses before it breaks, 0 for never.
    pub durability: i32,
}

impl DerivedFrom for ItemCarryDesc {
    type Source = ItemDesc;

    fn derive(source: &ItemDesc) -> Vec<Self> {
        vec![Self {
            item_id: source.id,
            volume: source.volume,
            durability: source.durability,
        }]
    }
}

/// What a new character carries.
#[table(region, name = starting_inventory_desc)]
#[static_data_staging_table]
pub struct StartingInventoryDesc {
    /// Key, and the pocket.
    #[primary_key]
    #[range(0..=59)]
    pub id: i32,
    /// Which item.
    #[references(item_desc)]
    pub item_id: i32,
    /// How many.
    #[range(1..=1_000_000)]
    pub quantity: u32,
}
