//! How things are gathered.

use hexmarch_macros::table;

use crate::inventory::ItemStack;
use crate::loot::ProbabilisticItemStack;
use crate::skill::{ExperienceStackF32, LevelRequirement};
use crate::tool::ToolRequirement;

/// One way to gather from a resource.
#[table(region, name = extraction_recipe_desc, public)]
#[static_data_staging_table]
pub struct ExtractionRecipeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What one gathers from.
    #[index(btree)]
    #[references(resource_desc)]
    pub resource_id: i32,
    /// What one does, in English: "Fell", "Dig up".
    #[localized]
    pub verb_phrase: String,
    /// Seconds of each stroke.
    #[range(0.1..=60.0)]
    pub time_requirement: f32,
    /// Stamina of each stroke.
    #[range(0.0..=100.0)]
    pub stamina_requirement: f32,
    /// Durability that each stroke takes of the tool.
    #[range(0..=1_000)]
    pub tool_durability_lost: i32,
    /// What each unit of progress may yield, each for itself.
    #[length(1..=16)]
    pub extracted_item_stacks: Vec<ProbabilisticItemStack>,
    /// The cargo that the last stroke yields.
    #[references(cargo_desc)]
    pub cargo_id: Option<i32>,
    /// What each stroke uses up.
    pub consumed_item_stacks: Vec<ItemStack>,
    /// From how far, in small tiles.
    #[range(1..=30)]
    pub range: i32,
    /// What with; bare hands when empty.
    #[length(0..=2)]
    pub tool_requirements: Vec<ToolRequirement>,
    /// Whether bare hands do as well.
    pub allow_use_hands: bool,
    /// What it asks of the gatherer.
    pub level_requirements: Vec<LevelRequirement>,
    /// What the gatherer knows.
    #[references(secondary_knowledge_desc)]
    pub required_knowledges: Vec<i32>,
    /// What the gatherer learns by each unit of progress.
    #[length(1..=4)]
    pub experience_per_progress: Vec<ExperienceStackF32>,
}
