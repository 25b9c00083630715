//! What is found by chance: item lists, chests and what fallen enemies leave.

use hexmarch_macros::{sats_type, table};

use crate::inventory::ItemStack;

/// A stack that is there or not.
#[sats_type]
pub struct ProbabilisticItemStack {
    /// What.
    pub item_stack: ItemStack,
    /// How likely, up to 1.
    #[range(0.000_001..=1.0)]
    pub probability: f32,
}

/// One of the things that an item list may yield.
#[sats_type]
pub struct ItemListPossibility {
    /// How likely; those of a list sum to 1.
    #[range(0.000_001..=1.0)]
    pub probability: f32,
    /// What it yields.
    pub items: Vec<ItemStack>,
    /// Lists that are drawn from in turn.
    #[references(item_list_desc)]
    pub item_lists: Vec<i32>,
}

/// Items of which one possibility is drawn.
#[table(region, name = item_list_desc)]
#[static_data_staging_table]
pub struct ItemListDesc {
    /// Key.
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// Exactly one is drawn.
    #[length(1..=64)]
    pub possibilities: Vec<ItemListPossibility>,
}

/// How good loot is.
#[table(region, name = loot_rarity_desc)]
#[static_data_staging_table]
pub struct LootRarityDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
}

/// Stacks of which each is there or not.
#[table(region, name = loot_table_desc)]
#[static_data_staging_table]
pub struct LootTableDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// How good it is.
    #[references(loot_rarity_desc)]
    pub loot_rarity: i32,
    /// Each for itself.
    #[length(1..=64)]
    pub loot_item_stacks: Vec<ProbabilisticItemStack>,
}

/// How likely a chest holds loot of a rarity.
#[sats_type]
pub struct ChestLootRarity {
    /// How good.
    #[references(loot_rarity_desc)]
    pub loot_rarity: i32,
    /// How likely; those of a chest sum to 1.
    #[range(0.000_001..=1.0)]
    pub probability: f32,
}

/// How good a chest is.
#[table(region, name = chest_rarity_desc)]
#[static_data_staging_table]
pub struct ChestRarityDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// One is drawn.
    #[length(1..=16)]
    pub loot_rarities: Vec<ChestLootRarity>,
}

/// A chest that stands in ruins and fills again.
#[table(region, name = loot_chest_desc, public)]
#[static_data_staging_table]
pub struct LootChestDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// How good it is.
    #[references(chest_rarity_desc)]
    pub chest_rarity: i32,
    /// One of those of the rarity drawn fills it.
    #[references(loot_table_desc)]
    #[length(1..=32)]
    pub loot_tables: Vec<i32>,
    /// Seconds until it fills again.
    #[range(1.0..=31_536_000.0)]
    pub respawn_time: f32,
}

/// What those who fought an enemy get when it falls.
#[table(region, name = contribution_loot_desc)]
#[static_data_staging_table]
pub struct ContributionLootDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The enemy.
    #[index(btree)]
    #[references(enemy_desc)]
    pub enemy_type: i32,
    /// What there is.
    #[references(item_list_desc)]
    pub item_list_id: i32,
    /// Least part of its health that one took, in thousandths.
    #[range(0..=1_000)]
    pub minimum_contribution: i32,
    /// Whether those who took more are likelier to get it; else everyone gets it.
    pub weighted: bool,
}
