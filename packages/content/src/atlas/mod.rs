//! Content as a web: every row by its key, and for each thing where it comes from and what it is good for.
//!
//! What it promises: it takes content as it is. A reference to nothing leads to nothing, chance lists that contain
//! themselves end, and everything comes out in the same order every time.

mod language;
mod loot;
mod names;
mod places;
mod plan;
mod ways;

use std::collections::BTreeMap;

use hexmarch_messages::achievement::AchievementDesc;
use hexmarch_messages::biome::{BiomeDesc, ClimateDesc, WaterDesc};
use hexmarch_messages::buff::{BuffDesc, EnvironmentDebuffDesc};
use hexmarch_messages::building::{BuildingDesc, BuildingSpawnDesc, BuildingTypeDesc};
use hexmarch_messages::cargo::CargoDesc;
use hexmarch_messages::combat::CombatActionDesc;
use hexmarch_messages::construction::ConstructionRecipeDesc;
use hexmarch_messages::crafting::CraftingRecipeDesc;
use hexmarch_messages::enemy::{EnemyAiParamsDesc, EnemyDesc};
use hexmarch_messages::equipment::EquipmentDesc;
use hexmarch_messages::extraction::ExtractionRecipeDesc;
use hexmarch_messages::food::FoodDesc;
use hexmarch_messages::inventory::{ItemDesc, ItemStack, StartingInventoryDesc};
use hexmarch_messages::knowledge::{KnowledgeScrollDesc, KnowledgeScrollTypeDesc, SecondaryKnowledgeDesc};
use hexmarch_messages::loot::{ChestRarityDesc, ContributionLootDesc, ItemListDesc, LootChestDesc, LootTableDesc};
use hexmarch_messages::npc::{NpcDesc, TravelerTradeOrderDesc};
use hexmarch_messages::paving::PavingTileDesc;
use hexmarch_messages::placement::{ResourceScatterDesc, SiteDesc};
use hexmarch_messages::player::CharacterStatDesc;
use hexmarch_messages::resource::{
    ResourceClumpDesc, ResourceDesc, ResourceGrowthRecipeDesc, ResourcePlacementRecipeDesc,
};
use hexmarch_messages::skill::{SkillDesc, SkillLevelDesc};
use hexmarch_messages::static_data::StaticRow;
use hexmarch_messages::teleport::TeleportItemDesc;
use hexmarch_messages::tool::{ToolDesc, ToolTypeDesc};
use hexmarch_messages::weapon::{WeaponDesc, WeaponTypeDesc};

pub use language::Language;
pub use loot::Yield;
pub use places::Whereabouts;
pub use plan::{Bill, Plan};
pub use ways::{Use, Way};

use crate::Content;

/// Something that is made, carried and used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// An item.
    Item(i32),
    /// A piece of cargo.
    Cargo(i32),
}

macro_rules! tables {
    ($($field:ident: $row:ident by $key:ident, $about:literal;)*) => {
        /// All content that people ask about.
        #[derive(Debug, Clone, Default)]
        pub struct Atlas {
            $(#[doc = $about] pub $field: BTreeMap<i32, $row>,)*
            /// Where things come from, the likeliest first.
            pub ways: BTreeMap<Thing, Vec<Way>>,
            /// What things go into.
            pub uses: BTreeMap<Thing, Vec<Use>>,
        }

        impl Atlas {
            /// Reads the content and finds what leads where.
            pub fn new(content: &Content) -> Self {
                let mut atlas = Self {
                    $($field: keyed(content, |row: &$row| row.$key),)*
                    ways: BTreeMap::new(),
                    uses: BTreeMap::new(),
                };
                atlas.link();
                atlas
            }
        }
    };
}

tables! {
    items: ItemDesc by id, "Items.";
    cargo: CargoDesc by id, "Cargo.";
    starting: StartingInventoryDesc by id, "What new characters carry.";
    tools: ToolDesc by item_id, "Tools, by item.";
    tool_types: ToolTypeDesc by id, "Kinds of tools.";
    weapons: WeaponDesc by item_id, "Weapons, by item.";
    weapon_types: WeaponTypeDesc by id, "Kinds of weapons.";
    equipment: EquipmentDesc by item_id, "What is worn, by item.";
    foods: FoodDesc by item_id, "Food and drink, by item.";
    scrolls: KnowledgeScrollDesc by item_id, "Writings, by item.";
    scroll_types: KnowledgeScrollTypeDesc by id, "Kinds of writings.";
    teleports: TeleportItemDesc by item_id, "What takes one somewhere, by item.";
    recipes: CraftingRecipeDesc by id, "How things are made.";
    constructions: ConstructionRecipeDesc by id, "How buildings are put up.";
    extractions: ExtractionRecipeDesc by id, "How things are gathered.";
    resources: ResourceDesc by id, "What is gathered from.";
    growths: ResourceGrowthRecipeDesc by resource_id, "What becomes of a resource, by resource.";
    clumps: ResourceClumpDesc by id, "Resources that stand together.";
    plantings: ResourcePlacementRecipeDesc by id, "How resources are planted.";
    scatters: ResourceScatterDesc by id, "Where clumps are strewn.";
    pavings: PavingTileDesc by id, "What roads are made of.";
    buildings: BuildingDesc by id, "What stands in the world.";
    building_types: BuildingTypeDesc by id, "What buildings do.";
    building_spawns: BuildingSpawnDesc by id, "What comes with buildings.";
    sites: SiteDesc by id, "Places that a world has.";
    enemies: EnemyDesc by enemy_type, "What fights back.";
    herds: EnemyAiParamsDesc by id, "How many of an enemy live where.";
    actions: CombatActionDesc by id, "What is done in a fight.";
    contributions: ContributionLootDesc by id, "What those get who fought an enemy.";
    item_lists: ItemListDesc by id, "Lists that are drawn from.";
    loot_tables: LootTableDesc by id, "What chests hold.";
    chest_rarities: ChestRarityDesc by id, "How good chests are.";
    chests: LootChestDesc by id, "Chests.";
    npcs: NpcDesc by npc_type, "People.";
    trades: TravelerTradeOrderDesc by id, "What people trade.";
    skills: SkillDesc by id, "Skills.";
    levels: SkillLevelDesc by level, "What levels take.";
    stats: CharacterStatDesc by id, "Stats of characters.";
    buffs: BuffDesc by id, "What is done to a character for a while.";
    debuffs: EnvironmentDebuffDesc by buff_id, "What countries do to the unprepared, by buff.";
    biomes: BiomeDesc by biome_type, "Kinds of country.";
    climates: ClimateDesc by biome_type, "Weather, by country.";
    waters: WaterDesc by id, "Kinds of water.";
    achievements: AchievementDesc by id, "What one may be proud of.";
    knowledge: SecondaryKnowledgeDesc by id, "What there is to know.";
}

fn keyed<R: StaticRow>(content: &Content, key: impl Fn(&R) -> i32) -> BTreeMap<i32, R> {
    content.rows::<R>().into_iter().map(|row| (key(&row), row)).collect()
}

impl Atlas {
    /// Tier of a thing, 1 and up; 1 for one that is not there.
    pub fn tier(&self, thing: Thing) -> i32 {
        match thing {
            Thing::Item(id) => self.items.get(&id).map_or(1, |item| item.tier),
            Thing::Cargo(id) => self.cargo.get(&id).map_or(1, |cargo| cargo.tier),
        }
    }

    /// All things that there are, items before cargo.
    pub fn things(&self) -> impl Iterator<Item = Thing> + '_ {
        let items = self.items.keys().map(|id| Thing::Item(*id));
        items.chain(self.cargo.keys().map(|id| Thing::Cargo(*id)))
    }

    /// Where a thing comes from, the likeliest way first.
    pub fn ways(&self, thing: Thing) -> &[Way] {
        self.ways.get(&thing).map_or(&[], Vec::as_slice)
    }

    /// What a thing goes into.
    pub fn uses(&self, thing: Thing) -> &[Use] {
        self.uses.get(&thing).map_or(&[], Vec::as_slice)
    }

    /// What a recipe uses up.
    pub fn inputs(recipe: &CraftingRecipeDesc) -> Vec<(Thing, u32)> {
        stacks(&recipe.consumed_item_stacks, &recipe.consumed_cargo_stacks)
    }

    /// What a recipe makes.
    pub fn outputs(recipe: &CraftingRecipeDesc) -> Vec<(Thing, u32)> {
        stacks(&recipe.crafted_item_stacks, &recipe.crafted_cargo_stacks)
    }

    /// The buildings that serve as a station of this type, the humblest that will do first.
    pub fn stations(&self, building_type: i32, tier: i32) -> Vec<i32> {
        let mut found: Vec<(i32, i32)> = Vec::new();
        for building in self.buildings.values() {
            let levels = building
                .functions
                .iter()
                .filter(|function| function.function_type == building_type);
            if let Some(level) = levels
                .map(|function| function.level)
                .filter(|level| *level >= tier)
                .min()
            {
                found.push((level, building.id));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// The tools of this type that are good enough, the humblest first.
    pub fn tools_for(&self, tool_type: i32, level: i32, power: i32) -> Vec<i32> {
        let fit = |tool: &&ToolDesc| tool.tool_type == tool_type && tool.level >= level && tool.power >= power;
        let mut found: Vec<&ToolDesc> = self.tools.values().filter(fit).collect();
        found.sort_by_key(|tool| (tool.level, tool.power, tool.item_id));
        found.into_iter().map(|tool| tool.item_id).collect()
    }
}

/// Stacks of items and of cargo as one list.
pub fn stacks(items: &[ItemStack], cargo: &[hexmarch_messages::cargo::CargoStack]) -> Vec<(Thing, u32)> {
    let items = items.iter().map(|stack| (Thing::Item(stack.item_id), stack.quantity));
    let cargo = cargo.iter().map(|stack| (Thing::Cargo(stack.cargo_id), stack.quantity));
    items.chain(cargo).collect()
}
