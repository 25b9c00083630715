//! What stands in the land and is gathered from.

use hexmarch_macros::{sats_type, table};

use crate::building::FootprintTile;
use crate::inventory::{ItemStack, Rarity};
use crate::skill::{ExperienceStackF32, LevelRequirement};
use crate::tool::ToolRequirement;

/// A thing to gather from.
#[table(region, name = resource_state, public)]
#[delete]
#[transfer(never)]
pub struct ResourceState {
    /// The thing.
    #[primary_key]
    pub entity_id: u64,
    /// What kind.
    #[index(btree)]
    #[references(resource_desc)]
    pub resource_id: i32,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

/// A kind of thing to gather from.
#[table(region, name = resource_desc, public)]
#[static_data_staging_table]
pub struct ResourceDesc {
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
    /// What kind of thing.
    #[length(1..=40)]
    pub tag: String,
    /// How seldom.
    pub rarity: Rarity,
    /// Work until it is used up.
    #[range(1..=1_000_000)]
    pub max_health: i32,
    /// The tiles that it stands on, the first at its location.
    #[length(1..=64)]
    pub footprint: Vec<FootprintTile>,
    /// Whether building over it removes it.
    pub flattenable: bool,
    /// What the last stroke yields.
    pub on_destroy_yield: Vec<ItemStack>,
    /// What stands there when it is used up.
    #[references(resource_desc)]
    pub on_destroy_yield_resource_id: Option<i32>,
    /// Seconds until it is gone by itself, 0 for never.
    #[range(0.0..=31_536_000.0)]
    pub despawn_time: f32,
    /// Seconds until it stands again where it stood, 0 for anywhere by and by.
    #[range(0.0..=31_536_000.0)]
    pub scheduled_respawn_time: f32,
    /// Whether it never comes back.
    pub not_respawning: bool,
    /// Enemies that come when it is worked on.
    #[references(enemy_ai_params_desc)]
    pub enemy_params_id: Vec<i32>,
    /// Whether the book of everything lists it.
    pub compendium_entry: bool,
    /// Things in a flat chunk, in thousandths.
    #[range(0..=100_000)]
    pub flat_density_permille: u32,
}

/// What becomes of a thing that grows.
#[table(region, name = resource_growth_recipe_desc, public)]
#[static_data_staging_table]
pub struct ResourceGrowthRecipeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What grows.
    #[unique]
    #[references(resource_desc)]
    pub resource_id: i32,
    /// Seconds at least.
    #[range(1.0..=31_536_000.0)]
    pub min_time: f32,
    /// Seconds at most.
    #[range(1.0..=31_536_000.0)]
    pub max_time: f32,
    /// What it becomes.
    #[references(resource_desc)]
    pub grown_resource_id: i32,
}

/// One thing of a clump.
#[sats_type]
pub struct ClumpMember {
    /// What kind.
    #[references(resource_desc)]
    pub resource_id: i32,
    /// Small tiles from the middle, axial.
    #[range(-64..=64)]
    pub x: i32,
    /// Small tiles from the middle, axial.
    #[range(-64..=64)]
    pub z: i32,
    /// Which way it faces, 0 to 5.
    #[range(0..=5)]
    pub direction: i32,
}

/// Things that stand together.
#[table(region, name = resource_clump_desc)]
#[static_data_staging_table]
pub struct ResourceClumpDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// What stands where.
    #[length(1..=64)]
    pub members: Vec<ClumpMember>,
}

/// How a thing that grows is planted.
#[table(region, name = resource_placement_recipe_desc, public)]
#[static_data_staging_table]
pub struct ResourcePlacementRecipeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// What is planted.
    #[references(resource_desc)]
    pub resource_description_id: i32,
    /// Seconds of each stroke.
    #[range(0.1..=60.0)]
    pub time_requirement: f32,
    /// Stamina of each stroke.
    #[range(0.0..=100.0)]
    pub stamina_requirement: f32,
    /// Strokes.
    #[range(1..=10_000)]
    pub actions_required: i32,
    /// What goes into the ground.
    #[length(1..=8)]
    pub consumed_item_stacks: Vec<ItemStack>,
    /// What it asks of the planter.
    pub level_requirements: Vec<LevelRequirement>,
    /// What with.
    pub tool_requirements: Vec<ToolRequirement>,
    /// Where it takes; empty for anywhere.
    #[references(biome_desc)]
    pub required_biomes: Vec<i32>,
    /// What the planter learns by each stroke.
    pub experience_per_progress: Vec<ExperienceStackF32>,
}
