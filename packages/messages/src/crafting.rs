//! How things are made of other things.

use hexmarch_macros::{sats_type, table};

use crate::cargo::CargoStack;
use crate::inventory::ItemStack;
use crate::skill::{ExperienceStackF32, LevelRequirement};
use crate::static_data::DerivedFrom;
use crate::tool::ToolRequirement;

/// A station that work asks for.
#[sats_type]
pub struct BuildingRequirement {
    /// What it does.
    #[references(building_type_desc)]
    pub building_type: i32,
    /// At least of this tier.
    #[range(1..=10)]
    pub tier: i32,
}

/// One way to make things.
#[table(region, name = crafting_recipe_desc, public)]
#[static_data_staging_table]
pub struct CraftingRecipeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// Seconds of each stroke, or of the whole when it works by itself.
    #[range(0.1..=604_800.0)]
    pub time_requirement: f32,
    /// Stamina of each stroke.
    #[range(0.0..=100.0)]
    pub stamina_requirement: f32,
    /// Durability that each stroke takes of the tool.
    #[range(0..=1_000)]
    pub tool_durability_lost: i32,
    /// Where; anywhere when empty.
    pub building_requirement: Option<BuildingRequirement>,
    /// What it asks of the maker.
    pub level_requirements: Vec<LevelRequirement>,
    /// What with; bare hands when empty.
    #[length(0..=2)]
    pub tool_requirements: Vec<ToolRequirement>,
    /// What it uses up.
    #[length(0..=12)]
    pub consumed_item_stacks: Vec<ItemStack>,
    /// What it uses up of cargo.
    #[length(0..=4)]
    pub consumed_cargo_stacks: Vec<CargoStack>,
    /// What it makes.
    #[length(0..=8)]
    pub crafted_item_stacks: Vec<ItemStack>,
    /// What it makes of cargo.
    #[length(0..=4)]
    pub crafted_cargo_stacks: Vec<CargoStack>,
    /// What the maker learns by each unit of progress.
    #[length(1..=4)]
    pub experience_per_progress: Vec<ExperienceStackF32>,
    /// Units of progress until it is done.
    #[range(1..=100_000)]
    pub actions_required: i32,
    /// Items that give one the idea.
    #[references(item_desc)]
    pub discovery_triggers: Vec<i32>,
    /// What the maker knows.
    #[references(secondary_knowledge_desc)]
    pub required_knowledges: Vec<i32>,
    /// Whether it works by itself once begun, like a kiln.
    pub is_passive: bool,
}

/// What gives one the idea to a recipe: derived from [`CraftingRecipeDesc`] when content is committed.
#[table(region, name = crafting_recipe_discovery_item_desc, index(name = by_item, btree(columns = [item_id])))]
#[derived_from(crafting_recipe_desc)]
pub struct CraftingRecipeDiscoveryItemDesc {
    /// Key: the recipe in the upper half, the place in its list in the lower.
    #[primary_key]
    pub id: u64,
    /// The item.
    pub item_id: i32,
    /// The recipe.
    pub recipe_id: i32,
}

impl DerivedFrom for CraftingRecipeDiscoveryItemDesc {
    type Source = CraftingRecipeDesc;

    fn derive(source: &CraftingRecipeDesc) -> Vec<Self> {
        let recipe = u64::from(u32::from_le_bytes(source.id.to_le_bytes())) << u32::BITS;
        let items = source.discovery_triggers.iter().zip(0u32..);
        items
            .map(|(item_id, place)| Self {
                id: recipe | u64::from(place),
                item_id: *item_id,
                recipe_id: source.id,
            })
            .collect()
    }
}
