//! What roads are made of.

use hexmarch_macros::table;

use crate::inventory::ItemStack;
use crate::player::StatEntry;
use crate::skill::{ExperienceStackF32, LevelRequirement};
use crate::tool::ToolRequirement;

/// A kind of paving.
#[table(region, name = paving_tile_desc, public)]
#[static_data_staging_table]
pub struct PavingTileDesc {
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
    /// Tier, 1 and up.
    #[range(1..=10)]
    pub tier: i32,
    /// What a tile takes.
    #[length(1..=8)]
    pub consumed_item_stacks: Vec<ItemStack>,
    /// What it asks of who lays it.
    pub level_requirements: Vec<LevelRequirement>,
    /// What with.
    #[length(0..=2)]
    pub tool_requirements: Vec<ToolRequirement>,
    /// Seconds to lay a tile.
    #[range(0.1..=600.0)]
    pub paving_duration: f32,
    /// What it does for those who walk on it.
    #[length(1..=4)]
    pub stat_effects: Vec<StatEntry>,
    /// What one learns by a tile.
    #[length(1..=4)]
    pub experience_per_progress: Vec<ExperienceStackF32>,
}
