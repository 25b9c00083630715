//! All rows, typed and found by key: what the rules look at.

use std::collections::HashMap;

use hexmarch_messages::achievement::AchievementDesc;
use hexmarch_messages::biome::{BiomeDesc, ClimateDesc, WaterDesc};
use hexmarch_messages::buff::{BuffDesc, EnvironmentDebuffDesc};
use hexmarch_messages::building::{BuildingDesc, BuildingSpawnDesc, BuildingTypeDesc};
use hexmarch_messages::cargo::CargoDesc;
use hexmarch_messages::chat::ChatParametersDesc;
use hexmarch_messages::combat::{CombatActionDesc, TargetingMatrixDesc};
use hexmarch_messages::construction::ConstructionRecipeDesc;
use hexmarch_messages::crafting::CraftingRecipeDesc;
use hexmarch_messages::enemy::{EnemyAiParamsDesc, EnemyDesc};
use hexmarch_messages::equipment::EquipmentDesc;
use hexmarch_messages::extraction::ExtractionRecipeDesc;
use hexmarch_messages::food::FoodDesc;
use hexmarch_messages::interior::{
    BuildingPortalDesc, InteriorInstanceDesc, InteriorNetworkDesc, InteriorPortalConnectionsDesc, InteriorShapeDesc,
    InteriorSpawnDesc,
};
use hexmarch_messages::inventory::{ItemDesc, StartingInventoryDesc};
use hexmarch_messages::knowledge::{KnowledgeScrollDesc, SecondaryKnowledgeDesc};
use hexmarch_messages::loot::{
    ChestRarityDesc, ContributionLootDesc, ItemListDesc, LootChestDesc, LootRarityDesc, LootTableDesc,
};
use hexmarch_messages::movement::{ClimbRequirementDesc, MovementParametersDesc, PathfindingDesc};
use hexmarch_messages::npc::{NpcDesc, TravelerTradeOrderDesc};
use hexmarch_messages::paving::PavingTileDesc;
use hexmarch_messages::placement::{ResourceScatterDesc, SiteDesc};
use hexmarch_messages::player::CharacterStatDesc;
use hexmarch_messages::resource::{
    ResourceClumpDesc, ResourceDesc, ResourceGrowthRecipeDesc, ResourcePlacementRecipeDesc,
};
use hexmarch_messages::skill::{SkillDesc, SkillLevelDesc};
use hexmarch_messages::static_data::{ContentSuccessorDesc, StaticRow};
use hexmarch_messages::survival::{
    DayParametersDesc, DeathParametersDesc, ResourceParametersDesc, SurvivalParametersDesc, WorkParametersDesc,
};
use hexmarch_messages::teleport::TeleportParametersDesc;
use hexmarch_messages::tool::{ToolDesc, ToolTypeDesc};
use hexmarch_messages::weapon::{WeaponDesc, WeaponTypeDesc};

use crate::Content;

/// The rows of a table, in the order of the file, and by key.
#[derive(Debug)]
pub struct Shelf<R> {
    /// In the order of the file.
    pub rows: Vec<R>,
    index: HashMap<i32, usize>,
}

impl<R: StaticRow> Shelf<R> {
    fn new(content: &Content, key: impl Fn(&R) -> i32) -> Self {
        let rows: Vec<R> = content.rows();
        let index = rows.iter().enumerate().map(|(at, row)| (key(row), at)).collect();
        Self { rows, index }
    }

    /// The row with this key.
    pub fn get(&self, key: i32) -> Option<&R> {
        self.rows.get(self.row_of(key)?)
    }

    /// Which row of the file has this key.
    pub fn row_of(&self, key: i32) -> Option<usize> {
        self.index.get(&key).copied()
    }

    /// Whether there is such a row.
    pub fn has(&self, key: i32) -> bool {
        self.index.contains_key(&key)
    }

    /// Rows with their number in the file.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &R)> {
        self.rows.iter().enumerate()
    }
}

macro_rules! game {
    ($($(#[$doc:meta])* $field:ident: $row:ty, $key:ident;)*) => {
        /// All content whose keys are numbers, typed.
        #[derive(Debug)]
        pub struct Game {
            $(
                #[doc = concat!("Rows of [`", stringify!($row), "`].")]
                pub $field: Shelf<$row>,
            )*
        }

        impl Game {
            /// Decodes content.
            pub fn of(content: &Content) -> Self {
                Self {
                    $($field: Shelf::new(content, |row: &$row| row.$key),)*
                }
            }
        }
    };
}

game! {
    achievements: AchievementDesc, id;
    biomes: BiomeDesc, biome_type;
    climates: ClimateDesc, biome_type;
    waters: WaterDesc, id;
    buffs: BuffDesc, id;
    environment_debuffs: EnvironmentDebuffDesc, buff_id;
    buildings: BuildingDesc, id;
    building_types: BuildingTypeDesc, id;
    building_spawns: BuildingSpawnDesc, id;
    cargo: CargoDesc, id;
    chat_parameters: ChatParametersDesc, id;
    combat_actions: CombatActionDesc, id;
    targeting: TargetingMatrixDesc, id;
    constructions: ConstructionRecipeDesc, id;
    recipes: CraftingRecipeDesc, id;
    enemies: EnemyDesc, enemy_type;
    enemy_params: EnemyAiParamsDesc, id;
    equipment: EquipmentDesc, item_id;
    extractions: ExtractionRecipeDesc, id;
    foods: FoodDesc, item_id;
    networks: InteriorNetworkDesc, building_id;
    interiors: InteriorInstanceDesc, id;
    shapes: InteriorShapeDesc, id;
    doors: BuildingPortalDesc, id;
    passages: InteriorPortalConnectionsDesc, id;
    interior_spawns: InteriorSpawnDesc, id;
    items: ItemDesc, id;
    starting: StartingInventoryDesc, id;
    scrolls: KnowledgeScrollDesc, item_id;
    knowledge: SecondaryKnowledgeDesc, id;
    chest_rarities: ChestRarityDesc, id;
    contribution_loot: ContributionLootDesc, id;
    item_lists: ItemListDesc, id;
    chests: LootChestDesc, id;
    loot_rarities: LootRarityDesc, id;
    loot_tables: LootTableDesc, id;
    climbs: ClimbRequirementDesc, id;
    movement: MovementParametersDesc, id;
    pathfinding: PathfindingDesc, id;
    npcs: NpcDesc, npc_type;
    trades: TravelerTradeOrderDesc, id;
    pavings: PavingTileDesc, id;
    scatter: ResourceScatterDesc, id;
    sites: SiteDesc, id;
    stats: CharacterStatDesc, id;
    clumps: ResourceClumpDesc, id;
    resources: ResourceDesc, id;
    growths: ResourceGrowthRecipeDesc, id;
    plantings: ResourcePlacementRecipeDesc, id;
    skills: SkillDesc, id;
    levels: SkillLevelDesc, level;
    successors: ContentSuccessorDesc, id;
    day: DayParametersDesc, id;
    death: DeathParametersDesc, id;
    regrowth: ResourceParametersDesc, id;
    survival: SurvivalParametersDesc, id;
    work: WorkParametersDesc, id;
    teleport: TeleportParametersDesc, id;
    tools: ToolDesc, id;
    tool_types: ToolTypeDesc, id;
    weapons: WeaponDesc, item_id;
    weapon_types: WeaponTypeDesc, id;
}
