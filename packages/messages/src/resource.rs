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

/// What is left of a thing that was worked on. No row while it is whole.
#[table(region, name = resource_health_state, public)]
#[delete]
#[transfer(never)]
pub struct ResourceHealthState {
    /// The thing.
    #[primary_key]
    pub entity_id: u64,
    /// Work until it is used up, 1 and up.
    pub health: i32,
}

/// A thing that stands again where it stood. No row while it does.
#[table(region, name = resource_respawn_state)]
#[delete]
#[transfer(never)]
pub struct ResourceRespawnState {
    /// The thing that was used up, or what stands in its place.
    #[primary_key]
    pub entity_id: u64,
    /// When, milliseconds since 1970.
    #[index(btree)]
    pub due_ms: u64,
    /// What kind.
    #[references(resource_desc)]
    pub resource_id: i32,
    /// Small tile.
    pub x: i32,
    /// Small tile.
    pub z: i32,
    /// 1 is the overworld.
    pub dimension: u32,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

/// When a thing is gone by itself. A row for those that will be.
#[table(region, name = resource_despawn_state)]
#[delete]
#[transfer(never)]
pub struct ResourceDespawnState {
    /// The thing.
    #[primary_key]
    pub entity_id: u64,
    /// When, milliseconds since 1970.
    #[index(btree)]
    pub due_ms: u64,
}

/// How many things of a kind there are, and were when the world was made. Of a kind that content has no more, a row may be
/// left, and means nothing.
#[table(region, name = resource_count)]
pub struct ResourceCountState {
    /// The kind.
    #[primary_key]
    pub resource_id: i32,
    /// How many there should be.
    pub target: u32,
    /// How many there are.
    pub live: u32,
}

/// What is owed of a kind.
#[sats_type]
#[derive(Copy, Eq)]
pub struct OwedResource {
    /// The kind.
    pub resource_id: i32,
    /// In parts of a thing, `rules::resource::WHOLE` of which are one.
    pub parts: u64,
}

/// How far the coming back of what is missing is. One row, while something is.
#[table(region, name = resource_regen_state)]
pub struct ResourceRegenState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// What follows from the time up to here is in `owed`: milliseconds since 1970.
    pub regenerated_until_ms: u64,
    /// The kind that had the last try; the next has the first.
    pub last_resource_id: i32,
    /// Sorted by kind.
    pub owed: Vec<OwedResource>,
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
