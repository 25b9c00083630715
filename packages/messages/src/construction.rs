//! How buildings are put up.

use hexmarch_macros::table;

use crate::cargo::CargoStack;
use crate::inventory::ItemStack;
use crate::skill::{ExperienceStackF32, LevelRequirement};
use crate::tool::ToolRequirement;

/// How one building is put up.
#[table(region, name = construction_recipe_desc, public)]
#[static_data_staging_table]
pub struct ConstructionRecipeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// What is built.
    #[index(btree)]
    #[references(building_desc)]
    pub building_description_id: i32,
    /// The building that it takes the place of, as an upgrade does.
    #[references(building_desc)]
    pub consumed_building: Option<i32>,
    /// Seconds of each stroke.
    #[range(0.1..=60.0)]
    pub time_requirement: f32,
    /// Stamina of each stroke.
    #[range(0.0..=100.0)]
    pub stamina_requirement: f32,
    /// Units of progress until it stands.
    #[range(1..=1_000_000)]
    pub actions_required: i32,
    /// What goes into it.
    #[length(0..=12)]
    pub consumed_item_stacks: Vec<ItemStack>,
    /// What goes into it of cargo.
    #[length(0..=8)]
    pub consumed_cargo_stacks: Vec<CargoStack>,
    /// What it asks of the builder.
    pub level_requirements: Vec<LevelRequirement>,
    /// What with.
    #[length(0..=2)]
    pub tool_requirements: Vec<ToolRequirement>,
    /// What the builder knows.
    #[references(secondary_knowledge_desc)]
    pub required_knowledges: Vec<i32>,
    /// Least tier of the paving below.
    #[range(0..=10)]
    pub required_paving_tier: i32,
    /// What the builder learns by each unit of progress.
    #[length(1..=4)]
    pub experience_per_progress: Vec<ExperienceStackF32>,
}
