//! What is made, opened, read and built.

use hexmarch_messages::building::BuildingDesc;
use hexmarch_messages::construction::ConstructionRecipeDesc;
use hexmarch_messages::crafting::CraftingRecipeDesc;
use hexmarch_messages::inventory::ItemDesc;
use hexmarch_messages::knowledge::KnowledgeScrollDesc;
use hexmarch_messages::paving::PavingTileDesc;
use hexmarch_messages::tool::ToolDesc;

use super::super::{Thing, Way, Work};
use super::{cargo, experience, items, knowledge, levels, Builder, Wanted};

impl Builder<'_> {
    pub(super) fn items(&mut self) {
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

    pub(super) fn recipes(&mut self) {
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

    pub(super) fn tools_and_stations(&mut self) {
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
