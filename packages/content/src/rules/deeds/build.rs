//! The list of deeds, from the rows.

use std::collections::{BTreeSet, HashMap};

use hexmarch_messages::achievement::AchievementDesc;
use hexmarch_messages::building::BuildingDesc;
use hexmarch_messages::cargo::CargoStack;
use hexmarch_messages::construction::ConstructionRecipeDesc;
use hexmarch_messages::crafting::CraftingRecipeDesc;
use hexmarch_messages::enemy::EnemyDesc;
use hexmarch_messages::extraction::ExtractionRecipeDesc;
use hexmarch_messages::inventory::{ItemDesc, ItemStack, StartingInventoryDesc};
use hexmarch_messages::knowledge::KnowledgeScrollDesc;
use hexmarch_messages::loot::{LootChestDesc, ProbabilisticItemStack};
use hexmarch_messages::npc::{NpcDesc, TravelerTradeOrderDesc};
use hexmarch_messages::paving::PavingTileDesc;
use hexmarch_messages::resource::{ResourceDesc, ResourceGrowthRecipeDesc, ResourcePlacementRecipeDesc};
use hexmarch_messages::skill::{ExperienceStackF32, LevelRequirement};
use hexmarch_messages::static_data::StaticRow;
use hexmarch_messages::tool::{ToolDesc, ToolRequirement};

use super::super::places::Placed;
use super::super::Game;
use super::{Deed, Deeds, Part, Thing, Way, Work};

/// Lists may draw from lists so deep; a list that draws from itself is reported elsewhere.
const MAX_LIST_DEPTH: u32 = 16;

/// A thing and how many of it, before it is known by number.
type Wanted = (Thing, f64);

struct Builder<'a> {
    game: &'a Game,
    deeds: Deeds,
    /// What opening a list yields on average, once reckoned.
    lists: HashMap<i32, Vec<Wanted>>,
    stations: BTreeSet<(i32, i32)>,
    tools: BTreeSet<(i32, i32, i32)>,
}

impl Deeds {
    /// Everything that can be done in this game.
    pub(in super::super) fn of(game: &Game) -> Self {
        let mut builder = Builder {
            game,
            deeds: Self::default(),
            lists: HashMap::new(),
            stations: BTreeSet::new(),
            tools: BTreeSet::new(),
        };
        builder.every_thing();
        builder.start_and_world();
        builder.resources();
        builder.fights();
        builder.items();
        builder.recipes();
        builder.people();
        builder.tools_and_stations();
        let mut deeds = builder.deeds;
        deeds.givers = vec![Vec::new(); deeds.things.len()];
        deeds.takers = vec![Vec::new(); deeds.things.len()];
        for (index, deed) in deeds.list.iter().enumerate() {
            for part in &deed.gives {
                deeds
                    .givers
                    .get_mut(part.thing)
                    .into_iter()
                    .for_each(|givers| givers.push(index));
            }
            for part in deed.needs.iter().chain(&deed.work.each_stroke) {
                deeds
                    .takers
                    .get_mut(part.thing)
                    .into_iter()
                    .for_each(|takers| takers.push(index));
            }
        }
        deeds
    }
}

impl Builder<'_> {
    /// Whether the row is there; what is not was reported, and counts for met.
    fn exists(&self, thing: Thing) -> bool {
        let game = self.game;
        match thing {
            Thing::Item(id) => game.items.has(id),
            Thing::Cargo(id) => game.cargo.has(id),
            Thing::Resource(id) | Thing::Gathered(id) => game.resources.has(id),
            Thing::Enemy(id) | Thing::Beaten(id) => game.enemies.has(id),
            Thing::Npc(id) => game.npcs.has(id),
            Thing::Chest(id) => game.chests.has(id),
            Thing::Building(id) => game.buildings.has(id),
            Thing::Knowledge(id) => game.knowledge.has(id),
            Thing::Achievement(id) => game.achievements.has(id),
            Thing::Skill(id) => game.skills.has(id),
            Thing::Idea(id) | Thing::Made(id) => game.recipes.has(id),
            Thing::Station { building_type, .. } => game.building_types.has(building_type),
            Thing::Tool { tool_type, .. } => game.tool_types.has(tool_type),
            Thing::Paving(_) => true,
        }
    }

    fn parts(&mut self, wanted: impl IntoIterator<Item = Wanted>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (thing, quantity) in wanted {
            if !self.exists(thing) {
                continue;
            }
            let thing = self.deeds.thing(thing);
            match parts.iter_mut().find(|part| part.thing == thing) {
                Some(part) => part.quantity += quantity,
                None => parts.push(Part { thing, quantity }),
            }
        }
        parts
    }

    fn add<R: StaticRow>(&mut self, way: Way, row: usize, needs: Vec<Wanted>, gives: Vec<Wanted>, work: Work) {
        let skills = work.experience.iter().filter(|(_, points)| *points > 0.0);
        let taught: Vec<Wanted> = skills.map(|(skill, _)| (Thing::Skill(*skill), 0.0)).collect();
        // Everyone begins on level 1.
        let trained = work.levels.iter().filter(|(_, level)| *level > 1);
        let trained: Vec<Wanted> = trained.map(|(skill, _)| (Thing::Skill(*skill), 0.0)).collect();
        let needs = self.parts(needs.into_iter().chain(trained));
        let gives = self.parts(gives.into_iter().chain(taught));
        self.deeds.list.push(Deed {
            way,
            table: R::TABLE,
            row,
            needs,
            gives,
            work,
        });
    }

    /// So that things which nothing gives are known as well.
    fn every_thing(&mut self) {
        let game = self.game;
        let items = game.items.rows.iter().map(|row| Thing::Item(row.id));
        let cargo = game.cargo.rows.iter().map(|row| Thing::Cargo(row.id));
        let buildings = game.buildings.rows.iter().map(|row| Thing::Building(row.id));
        let knowledge = game.knowledge.rows.iter().map(|row| Thing::Knowledge(row.id));
        let achievements = game.achievements.rows.iter().map(|row| Thing::Achievement(row.id));
        let skills = game.skills.rows.iter().map(|row| Thing::Skill(row.id));
        for thing in items
            .chain(cargo)
            .chain(buildings)
            .chain(knowledge)
            .chain(achievements)
            .chain(skills)
        {
            self.deeds.thing(thing);
        }
    }

    fn start_and_world(&mut self) {
        let (game, placed) = (self.game, Placed::of(self.game));
        for (row, start) in game.starting.iter() {
            let gives = vec![(Thing::Item(start.item_id), start.quantity.into())];
            self.add::<StartingInventoryDesc>(Way::Start, row, vec![], gives, Work::default());
        }
        for (row, scroll) in game.scrolls.iter().filter(|(_, scroll)| scroll.known_by_default) {
            let gives = vec![(Thing::Knowledge(scroll.secondary_knowledge_id), 0.0)];
            self.add::<KnowledgeScrollDesc>(Way::Start, row, vec![], gives, Work::default());
        }
        for (row, resource) in game
            .resources
            .iter()
            .filter(|(_, row)| placed.resources.contains(&row.id))
        {
            let gives = vec![(Thing::Resource(resource.id), 1.0)];
            self.add::<ResourceDesc>(Way::Found, row, vec![], gives, Work::default());
        }
        for (row, enemy) in game
            .enemies
            .iter()
            .filter(|(_, row)| placed.enemies.contains(&row.enemy_type))
        {
            let gives = vec![(Thing::Enemy(enemy.enemy_type), 1.0)];
            self.add::<EnemyDesc>(Way::Found, row, vec![], gives, Work::default());
        }
        for (row, npc) in game.npcs.iter().filter(|(_, row)| placed.npcs.contains(&row.npc_type)) {
            self.add::<NpcDesc>(
                Way::Found,
                row,
                vec![],
                vec![(Thing::Npc(npc.npc_type), 0.0)],
                Work::default(),
            );
        }
        for (row, chest) in game.chests.iter().filter(|(_, row)| placed.chests.contains(&row.id)) {
            self.add::<LootChestDesc>(
                Way::Found,
                row,
                vec![],
                vec![(Thing::Chest(chest.id), 1.0)],
                Work::default(),
            );
        }
        for (row, building) in game
            .buildings
            .iter()
            .filter(|(_, row)| placed.buildings.contains(&row.id))
        {
            let gives = vec![(Thing::Building(building.id), 1.0)];
            self.add::<BuildingDesc>(Way::Found, row, vec![], gives, Work::default());
        }
    }

    fn resources(&mut self) {
        let game = self.game;
        for (row, recipe) in game.extractions.iter() {
            let Some(resource) = game.resources.get(recipe.resource_id) else {
                continue;
            };
            let health = f64::from(resource.max_health);
            let mut needs = vec![(Thing::Resource(recipe.resource_id), 1.0)];
            if !recipe.allow_use_hands {
                needs.extend(self.tools(&recipe.tool_requirements));
            }
            needs.extend(knowledge(&recipe.required_knowledges));
            let mut gives = chances(&recipe.extracted_item_stacks, health);
            gives.extend(recipe.cargo_id.map(|id| (Thing::Cargo(id), 1.0)));
            gives.extend(items(&resource.on_destroy_yield));
            gives.extend(
                resource
                    .on_destroy_yield_resource_id
                    .map(|id| (Thing::Resource(id), 1.0)),
            );
            gives.push((Thing::Gathered(resource.id), 0.0));
            let each_stroke = self.parts(items(&recipe.consumed_item_stacks));
            let work = Work {
                progress: health,
                seconds: recipe.time_requirement.into(),
                stamina: recipe.stamina_requirement.into(),
                durability_lost: recipe.tool_durability_lost.into(),
                tool_type: recipe.tool_requirements.first().map(|tool| tool.tool_type),
                levels: levels(&recipe.level_requirements),
                experience: experience(&recipe.experience_per_progress),
                each_stroke,
                ..Work::default()
            };
            self.add::<ExtractionRecipeDesc>(Way::Gather, row, needs, gives, work);
        }
        for (row, growth) in game.growths.iter() {
            let work = Work {
                seconds: (f64::from(growth.min_time) + f64::from(growth.max_time)) / 2.0,
                is_passive: true,
                ..Work::default()
            };
            let needs = vec![(Thing::Resource(growth.resource_id), 1.0)];
            let gives = vec![(Thing::Resource(growth.grown_resource_id), 1.0)];
            self.add::<ResourceGrowthRecipeDesc>(Way::Grow, row, needs, gives, work);
        }
        for (row, planting) in game.plantings.iter() {
            let mut needs = items(&planting.consumed_item_stacks);
            needs.extend(self.tools(&planting.tool_requirements));
            let work = Work {
                progress: planting.actions_required.into(),
                seconds: planting.time_requirement.into(),
                stamina: planting.stamina_requirement.into(),
                levels: levels(&planting.level_requirements),
                experience: experience(&planting.experience_per_progress),
                ..Work::default()
            };
            let gives = vec![(Thing::Resource(planting.resource_description_id), 1.0)];
            self.add::<ResourcePlacementRecipeDesc>(Way::Plant, row, needs, gives, work);
        }
    }

    fn fights(&mut self) {
        let game = self.game;
        let mut loot: HashMap<i32, Vec<i32>> = HashMap::new();
        for row in &game.contribution_loot.rows {
            loot.entry(row.enemy_type).or_default().push(row.item_list_id);
        }
        for (row, enemy) in game.enemies.iter() {
            let mut gives = chances(&enemy.extracted_item_stacks, 1.0);
            for list in loot.get(&enemy.enemy_type).into_iter().flatten() {
                gives.extend(self.list(*list, 0));
            }
            gives.push((Thing::Beaten(enemy.enemy_type), 0.0));
            let work = Work {
                // Points are learned by damage.
                progress: enemy.max_health.into(),
                experience: experience(&enemy.experience_per_damage_dealt),
                ..Work::default()
            };
            let needs = vec![(Thing::Enemy(enemy.enemy_type), 1.0)];
            self.add::<EnemyDesc>(Way::Fight, row, needs, gives, work);
        }
        for (row, chest) in game.chests.iter() {
            let tables = || chest.loot_tables.iter().filter_map(|id| game.loot_tables.get(*id));
            let mut gives = Vec::new();
            let rarity = game.chest_rarities.get(chest.chest_rarity);
            for drawn in rarity.into_iter().flat_map(|rarity| &rarity.loot_rarities) {
                let fitting: Vec<_> = tables()
                    .filter(|table| table.loot_rarity == drawn.loot_rarity)
                    .collect();
                for table in &fitting {
                    let share = f64::from(drawn.probability) / fitting.len() as f64;
                    gives.extend(chances(&table.loot_item_stacks, share));
                }
            }
            let needs = vec![(Thing::Chest(chest.id), 1.0)];
            self.add::<LootChestDesc>(Way::OpenChest, row, needs, gives, Work::default());
        }
    }

    /// What a list yields on average.
    fn list(&mut self, id: i32, depth: u32) -> Vec<Wanted> {
        if let Some(known) = self.lists.get(&id) {
            return known.clone();
        }
        let Some(list) = self.game.item_lists.get(id).filter(|_| depth < MAX_LIST_DEPTH) else {
            return Vec::new();
        };
        let mut yielded = Vec::new();
        for possibility in &list.possibilities {
            let chance = f64::from(possibility.probability);
            let mut drawn = items(&possibility.items);
            for inner in &possibility.item_lists {
                drawn.extend(self.list(*inner, depth.saturating_add(1)));
            }
            yielded.extend(drawn.into_iter().map(|(thing, quantity)| (thing, quantity * chance)));
        }
        self.lists.insert(id, yielded.clone());
        yielded
    }

    fn items(&mut self) {
        let game = self.game;
        for (row, item) in game.items.iter() {
            let needs = || vec![(Thing::Item(item.id), 1.0)];
            if let Some(list) = item.item_list_id {
                let gives = self.list(list, 0);
                self.add::<ItemDesc>(Way::Open, row, needs(), gives, Work::default());
            }
            if let Some(left) = item.convert_to_on_durability_zero {
                self.add::<ItemDesc>(
                    Way::Break,
                    row,
                    needs(),
                    vec![(Thing::Item(left), 1.0)],
                    Work::default(),
                );
            }
        }
        for (row, scroll) in game.scrolls.iter() {
            let gives = vec![(Thing::Knowledge(scroll.secondary_knowledge_id), 0.0)];
            let needs = vec![(Thing::Item(scroll.item_id), 1.0)];
            self.add::<KnowledgeScrollDesc>(Way::Read, row, needs, gives, Work::default());
        }
    }

    fn recipes(&mut self) {
        let game = self.game;
        for (row, recipe) in game.recipes.iter() {
            let mut needs = items(&recipe.consumed_item_stacks);
            needs.extend(cargo(&recipe.consumed_cargo_stacks));
            needs.extend(self.tools(&recipe.tool_requirements));
            needs.extend(knowledge(&recipe.required_knowledges));
            if let Some(station) = &recipe.building_requirement {
                self.stations.insert((station.building_type, station.tier));
                let (building_type, tier) = (station.building_type, station.tier);
                needs.push((Thing::Station { building_type, tier }, 0.0));
            }
            if !recipe.discovery_triggers.is_empty() {
                needs.push((Thing::Idea(recipe.id), 0.0));
            }
            for trigger in &recipe.discovery_triggers {
                let (needs, gives) = (vec![(Thing::Item(*trigger), 0.0)], vec![(Thing::Idea(recipe.id), 0.0)]);
                self.add::<CraftingRecipeDesc>(Way::Is, row, needs, gives, Work::default());
            }
            let mut gives = items(&recipe.crafted_item_stacks);
            gives.extend(cargo(&recipe.crafted_cargo_stacks));
            gives.push((Thing::Made(recipe.id), 0.0));
            let work = Work {
                progress: recipe.actions_required.into(),
                seconds: recipe.time_requirement.into(),
                stamina: recipe.stamina_requirement.into(),
                durability_lost: recipe.tool_durability_lost.into(),
                tool_type: recipe.tool_requirements.first().map(|tool| tool.tool_type),
                is_passive: recipe.is_passive,
                levels: levels(&recipe.level_requirements),
                experience: experience(&recipe.experience_per_progress),
                ..Work::default()
            };
            self.add::<CraftingRecipeDesc>(Way::Craft, row, needs, gives, work);
        }
        for (row, recipe) in game.constructions.iter() {
            let mut needs = items(&recipe.consumed_item_stacks);
            needs.extend(cargo(&recipe.consumed_cargo_stacks));
            needs.extend(recipe.consumed_building.map(|id| (Thing::Building(id), 1.0)));
            needs.extend(self.tools(&recipe.tool_requirements));
            needs.extend(knowledge(&recipe.required_knowledges));
            if recipe.required_paving_tier > 0 {
                needs.push((Thing::Paving(recipe.required_paving_tier), 0.0));
            }
            let work = Work {
                progress: recipe.actions_required.into(),
                seconds: recipe.time_requirement.into(),
                stamina: recipe.stamina_requirement.into(),
                tool_type: recipe.tool_requirements.first().map(|tool| tool.tool_type),
                levels: levels(&recipe.level_requirements),
                experience: experience(&recipe.experience_per_progress),
                ..Work::default()
            };
            let gives = vec![(Thing::Building(recipe.building_description_id), 1.0)];
            self.add::<ConstructionRecipeDesc>(Way::Build, row, needs, gives, work);
        }
        for (row, paving) in game.pavings.iter() {
            let mut needs = items(&paving.consumed_item_stacks);
            needs.extend(self.tools(&paving.tool_requirements));
            let work = Work {
                progress: 1.0,
                seconds: paving.paving_duration.into(),
                levels: levels(&paving.level_requirements),
                experience: experience(&paving.experience_per_progress),
                ..Work::default()
            };
            let gives = (1..=paving.tier).rev().map(|tier| (Thing::Paving(tier), 0.0)).collect();
            self.add::<PavingTileDesc>(Way::Pave, row, needs, gives, work);
        }
    }

    fn people(&mut self) {
        let game = self.game;
        for (row, trade) in game.trades.iter() {
            let mut needs = vec![(Thing::Npc(trade.traveler), 0.0)];
            needs.extend(items(&trade.required_items));
            needs.extend(cargo(&trade.required_cargo));
            needs.extend(knowledge(&trade.required_knowledges));
            needs.extend(
                trade
                    .achievement_requirements
                    .iter()
                    .map(|id| (Thing::Achievement(*id), 0.0)),
            );
            let mut gives = items(&trade.offer_items);
            gives.extend(cargo(&trade.offer_cargo));
            let work = Work {
                levels: levels(&trade.level_requirements),
                ..Work::default()
            };
            self.add::<TravelerTradeOrderDesc>(Way::Buy, row, needs, gives, work);
        }
        for (row, achievement) in game.achievements.iter() {
            let mut needs = Vec::new();
            let mut all = |ids: &[i32], thing: fn(i32) -> Thing| needs.extend(ids.iter().map(|id| (thing(*id), 0.0)));
            all(&achievement.requisites, Thing::Achievement);
            all(&achievement.item_disc, Thing::Item);
            all(&achievement.cargo_disc, Thing::Cargo);
            all(&achievement.resource_disc, Thing::Gathered);
            all(&achievement.crafting_disc, Thing::Made);
            all(&achievement.enemy_disc, Thing::Beaten);
            all(&achievement.knowledge_disc, Thing::Knowledge);
            let work = Work {
                levels: achievement
                    .level_requirement
                    .iter()
                    .map(|level| (level.skill_id, level.level))
                    .collect(),
                ..Work::default()
            };
            let gives = vec![(Thing::Achievement(achievement.id), 0.0)];
            self.add::<AchievementDesc>(Way::Earn, row, needs, gives, work);
        }
    }

    fn tools(&mut self, required: &[ToolRequirement]) -> Vec<Wanted> {
        let wanted = required.iter().map(|tool| {
            let ToolRequirement {
                tool_type,
                level,
                power,
            } = *tool;
            self.tools.insert((tool_type, level, power));
            (
                Thing::Tool {
                    tool_type,
                    level,
                    power,
                },
                0.0,
            )
        });
        wanted.collect()
    }

    fn tools_and_stations(&mut self) {
        let game = self.game;
        for (row, tool) in game.tools.iter() {
            let wanted = self
                .tools
                .range((tool.tool_type, i32::MIN, i32::MIN)..=(tool.tool_type, tool.level, i32::MAX));
            let met = wanted.filter(|(_, _, power)| *power <= tool.power).copied();
            let gives: Vec<Wanted> = met
                .map(|(tool_type, level, power)| {
                    (
                        Thing::Tool {
                            tool_type,
                            level,
                            power,
                        },
                        0.0,
                    )
                })
                .collect();
            if !gives.is_empty() {
                self.add::<ToolDesc>(
                    Way::Is,
                    row,
                    vec![(Thing::Item(tool.item_id), 0.0)],
                    gives,
                    Work::default(),
                );
            }
        }
        for (row, building) in game.buildings.iter() {
            let mut gives = Vec::new();
            for function in &building.functions {
                let kind = function.function_type;
                let met = self.stations.range((kind, i32::MIN)..=(kind, function.level));
                gives.extend(met.map(|(building_type, tier)| {
                    let (building_type, tier) = (*building_type, *tier);
                    (Thing::Station { building_type, tier }, 0.0)
                }));
            }
            if !gives.is_empty() {
                let needs = vec![(Thing::Building(building.id), 0.0)];
                self.add::<BuildingDesc>(Way::Is, row, needs, gives, Work::default());
            }
        }
    }
}

fn items(stacks: &[ItemStack]) -> Vec<Wanted> {
    stacks
        .iter()
        .map(|stack| (Thing::Item(stack.item_id), stack.quantity.into()))
        .collect()
}

fn cargo(stacks: &[CargoStack]) -> Vec<Wanted> {
    stacks
        .iter()
        .map(|stack| (Thing::Cargo(stack.cargo_id), stack.quantity.into()))
        .collect()
}

fn chances(stacks: &[ProbabilisticItemStack], times: f64) -> Vec<Wanted> {
    let chance = |stack: &ProbabilisticItemStack| f64::from(stack.probability) * times;
    let wanted = stacks.iter().map(|stack| {
        let quantity = f64::from(stack.item_stack.quantity) * chance(stack);
        (Thing::Item(stack.item_stack.item_id), quantity)
    });
    wanted.collect()
}

fn knowledge(ids: &[i32]) -> impl Iterator<Item = Wanted> + '_ {
    ids.iter().map(|id| (Thing::Knowledge(*id), 0.0))
}

fn levels(required: &[LevelRequirement]) -> Vec<(i32, i32)> {
    required.iter().map(|level| (level.skill_id, level.level)).collect()
}

fn experience(stacks: &[ExperienceStackF32]) -> Vec<(i32, f64)> {
    stacks
        .iter()
        .map(|stack| (stack.skill_id, stack.quantity.into()))
        .collect()
}
