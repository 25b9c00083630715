//! What the world gives: what stands in it, is gathered, grows, fights back, and lies in chests.

use std::collections::HashMap;

use hexmarch_messages::building::BuildingDesc;
use hexmarch_messages::enemy::EnemyDesc;
use hexmarch_messages::extraction::ExtractionRecipeDesc;
use hexmarch_messages::inventory::StartingInventoryDesc;
use hexmarch_messages::knowledge::KnowledgeScrollDesc;
use hexmarch_messages::loot::LootChestDesc;
use hexmarch_messages::npc::NpcDesc;
use hexmarch_messages::resource::{ResourceDesc, ResourceGrowthRecipeDesc, ResourcePlacementRecipeDesc};

use super::super::super::places::Placed;
use super::super::{Thing, Way, Work};
use super::{chances, experience, items, knowledge, levels, Builder, Wanted};

/// Lists may draw from lists so deep; a list that draws from itself is reported elsewhere.
const MAX_LIST_DEPTH: u32 = 16;

impl Builder<'_> {
    pub(super) fn start_and_world(&mut self) {
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

    pub(super) fn resources(&mut self) {
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

    pub(super) fn fights(&mut self) {
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
    pub(super) fn list(&mut self, id: i32, depth: u32) -> Vec<Wanted> {
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
}
