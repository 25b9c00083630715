//! People who walk from ruin to ruin, and what they trade.

use hexmarch_macros::{sats_type, table};

use crate::cargo::CargoStack;
use crate::inventory::ItemStack;
use crate::skill::LevelRequirement;

/// Somebody who is no player.
#[table(region, name = npc_desc, public)]
#[static_data_staging_table]
pub struct NpcDesc {
    /// Key.
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub npc_type: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// What they say, in English.
    #[localized]
    pub greeting: String,
    /// How many of them there are for each of their ruins.
    #[range(0.0..=10.0)]
    pub population: f32,
    /// Thousandths of a small tile a second.
    #[range(0..=50_000)]
    pub speed: i32,
    /// Seconds that they stay at a ruin, at least.
    #[range(0..=604_800)]
    pub min_time_at_ruin: i32,
    /// Seconds that they stay at a ruin, at most.
    #[range(0..=604_800)]
    pub max_time_at_ruin: i32,
}

/// Something that a traveller gives for something else.
#[table(region, name = traveler_trade_order_desc, public)]
#[static_data_staging_table]
pub struct TravelerTradeOrderDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// Who.
    #[index(btree)]
    #[references(npc_desc)]
    pub traveler: i32,
    /// How often, until they have new stock.
    #[range(1..=100_000)]
    pub starting_stock: i32,
    /// Seconds until they have new stock.
    #[range(60..=2_592_000)]
    pub restock_seconds: i32,
    /// Whether they always offer it; else now and then.
    pub always_offered: bool,
    /// What they give.
    #[length(0..=4)]
    pub offer_items: Vec<ItemStack>,
    /// What they give of cargo.
    #[length(0..=2)]
    pub offer_cargo: Vec<CargoStack>,
    /// What they want.
    #[length(0..=4)]
    pub required_items: Vec<ItemStack>,
    /// What they want of cargo.
    #[length(0..=2)]
    pub required_cargo: Vec<CargoStack>,
    /// What they ask of the other.
    pub level_requirements: Vec<LevelRequirement>,
    /// Achievements that the other has.
    #[references(achievement_desc)]
    pub achievement_requirements: Vec<i32>,
    /// What the other knows.
    #[references(secondary_knowledge_desc)]
    pub required_knowledges: Vec<i32>,
}

/// What a traveller is at.
#[sats_type]
#[derive(Copy, Eq)]
pub enum NpcStatus {
    /// Stands at a ruin, where its `location_state` says.
    Staying,
    /// Is on the way, nowhere to be seen.
    Travelling,
}

/// A traveller.
#[table(region, name = npc_state, public)]
#[delete]
#[transfer(never)]
pub struct NpcState {
    /// The traveller.
    #[primary_key]
    pub entity_id: u64,
    /// Who.
    #[references(npc_desc)]
    pub npc_type: i32,
    /// What it is at.
    pub status: NpcStatus,
    /// The building where it is or goes.
    #[index(btree)]
    pub building_entity_id: u64,
    /// Which way it faces, 0 to 5.
    pub direction: i32,
    /// When it leaves or arrives, milliseconds since 1970.
    #[index(btree)]
    pub next_action_ms: u64,
    /// Where it was lately, the last one last.
    pub previous_buildings: Vec<u64>,
}
