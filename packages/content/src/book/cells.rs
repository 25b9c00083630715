//! The cells of lists.

use std::collections::BTreeSet;

use maud::{html, Markup};

use super::kind::Kind;
use super::lists::List;
use super::scribe::Scribe;
use crate::atlas::{stacks, Atlas, Thing, Whereabouts};

/// A cell of a table: what it shows, and what it is sorted by.
pub struct Cell {
    /// What it shows.
    pub shown: Markup,
    /// What it is sorted by.
    pub key: String,
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            shown: html! { (text) },
            key: text.to_lowercase(),
        }
    }

    fn number(shown: String, value: f64) -> Self {
        Self {
            shown: html! { (shown) },
            key: format!("{value}"),
        }
    }

    fn counted(shown: Markup, count: usize) -> Self {
        Self {
            shown,
            key: count.to_string(),
        }
    }

    fn empty() -> Self {
        Self::text("")
    }
}

impl Scribe<'_> {
    /// The columns of a list, the name first: words.
    pub fn columns(&self, list: List) -> Vec<&'static str> {
        let own: &[&str] = match list {
            List::All(Kind::Item) | List::Materials => &["tier", "what", "rarity", "made-at"],
            List::Tools => &["tier", "what", "power", "skill", "made-at"],
            List::Weapons => &["tier", "what", "damage", "made-at"],
            List::Equipment => &["tier", "what", "worn-on", "gives", "made-at"],
            List::Food => &["tier", "what", "satiation", "does", "made-at"],
            List::Writings => &["what", "teaches-that"],
            List::Recipes => &["tier", "made-at", "skill", "takes"],
            List::All(Kind::Cargo) => &["tier", "what", "rarity"],
            List::All(Kind::Resource) => &["tier", "what", "with", "yields"],
            List::All(Kind::Building) => &["serves-as", "takes"],
            List::All(Kind::Enemy) => &["tier", "what", "health", "damage", "where-found"],
            List::All(Kind::Person) => &["trades", "where-found"],
            List::All(Kind::Biome) => &["hazard", "temperature"],
            List::All(Kind::Site) => &["what", "where-found"],
            List::All(Kind::Skill) => &["what", "master"],
            List::All(Kind::Action) => &["done-by", "again-in"],
            List::All(Kind::Buff) => &["does", "lasts"],
            List::All(Kind::Achievement) => &["points", "about"],
            List::All(Kind::Knowledge | Kind::Water | Kind::Chest | Kind::Paving) => &["about"],
        };
        let mut columns = vec!["name"];
        columns.extend(own);
        columns
    }

    /// The cells of a row after its name.
    pub fn cells(&self, list: List, id: i32) -> Vec<Cell> {
        let cells = match list {
            List::All(kind @ (Kind::Item | Kind::Cargo)) => Some(self.thing_cells(kind, id)),
            List::Materials => Some(self.thing_cells(Kind::Item, id)),
            List::Recipes => self.recipe_cells(id),
            List::Tools => self.tool_cells(id),
            List::Weapons => self.weapon_cells(id),
            List::Equipment => self.equipment_cells(id),
            List::Food => self.food_cells(id),
            List::Writings => self.writing_cells(id),
            List::All(Kind::Resource) => Some(self.resource_cells(id)),
            List::All(Kind::Building) => self.building_cells(id),
            List::All(Kind::Enemy) => self.enemy_cells(id),
            List::All(Kind::Person) => self.person_cells(id),
            List::All(Kind::Biome) => self.biome_cells(id),
            List::All(Kind::Site) => self.site_cells(id),
            List::All(Kind::Skill) => self.skill_cells(id),
            List::All(Kind::Action) => self.action_cells(id),
            List::All(Kind::Buff) => self.buff_cells(id),
            List::All(Kind::Achievement) => self.achievement_cells(id),
            List::All(kind @ (Kind::Water | Kind::Chest | Kind::Paving | Kind::Knowledge)) => {
                Some(vec![self.about_cell(kind, id)])
            }
        };
        cells.unwrap_or_default()
    }

    fn tier_cell(&self, tier: Option<i32>) -> Cell {
        match tier {
            Some(tier) => Cell {
                shown: html! { span class=(format!("tier t{tier}")) { (tier) } },
                key: tier.to_string(),
            },
            None => Cell::empty(),
        }
    }

    fn tag_cell(&self, kind: Kind, id: i32) -> Cell {
        Cell::text(
            kind.tag(self.atlas, id)
                .map(|tag| self.language.tag(tag))
                .unwrap_or_default(),
        )
    }

    fn made_at_cell(&self, id: i32) -> Cell {
        let recipe = self.plan.recipe_of_choice(self.atlas, Thing::Item(id));
        let row = recipe.and_then(|recipe| self.atlas.recipes.get(&recipe));
        Cell::text(row.map(|row| self.station_name(row)).unwrap_or_else(|| "–".to_owned()))
    }

    fn thing_cells(&self, kind: Kind, id: i32) -> Vec<Cell> {
        let rarity = match kind {
            Kind::Item => self.atlas.items.get(&id).map(|row| self.value("rarity", &row.rarity)),
            _ => self.atlas.cargo.get(&id).map(|row| self.value("rarity", &row.rarity)),
        };
        let mut cells = vec![
            self.tier_cell(kind.tier(self.atlas, id)),
            self.tag_cell(kind, id),
            Cell::text(rarity.unwrap_or_default()),
        ];
        if kind == Kind::Item {
            cells.push(self.made_at_cell(id));
        }
        cells
    }

    fn tool_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let tool = self.atlas.tools.get(&id)?;
        let kind = self.atlas.tool_types.get(&tool.tool_type)?;
        Some(vec![
            self.tier_cell(Kind::Item.tier(self.atlas, id)),
            Cell::text(self.language.tool_type(self.atlas, kind.id)),
            self.number_cell(f64::from(tool.power)),
            Cell::text(self.language.skill(self.atlas, kind.skill_id)),
            self.made_at_cell(id),
        ])
    }

    fn weapon_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let weapon = self.atlas.weapons.get(&id)?;
        Some(vec![
            self.tier_cell(Kind::Item.tier(self.atlas, id)),
            Cell::text(self.language.weapon_type(self.atlas, weapon.weapon_type)),
            damage_cell(weapon.min_damage, weapon.max_damage),
            self.made_at_cell(id),
        ])
    }

    fn equipment_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let worn = self.atlas.equipment.get(&id)?;
        let slots: Vec<String> = worn.slots.iter().map(|slot| self.value("slot", slot)).collect();
        Some(vec![
            self.tier_cell(Kind::Item.tier(self.atlas, id)),
            self.tag_cell(Kind::Item, id),
            Cell::text(slots.join(", ")),
            Cell::counted(self.stats(&worn.stats), worn.stats.len()),
            self.made_at_cell(id),
        ])
    }

    fn food_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let food = self.atlas.foods.get(&id)?;
        Some(vec![
            self.tier_cell(Kind::Item.tier(self.atlas, id)),
            self.tag_cell(Kind::Item, id),
            self.number_cell(f64::from(food.hunger)),
            Cell::counted(self.buffs(&food.buffs), food.buffs.len()),
            self.made_at_cell(id),
        ])
    }

    fn writing_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let scroll = self.atlas.scrolls.get(&id)?;
        let knowledge = scroll.secondary_knowledge_id;
        Some(vec![
            Cell::text(self.language.scroll_type(self.atlas, scroll.scroll_type)),
            Cell {
                shown: self.link(Kind::Knowledge, knowledge),
                key: self.language.knowledge(self.atlas, knowledge).to_lowercase(),
            },
        ])
    }

    fn recipe_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.recipes.get(&id)?;
        let skill = row.level_requirements.first().map(|level| Cell {
            shown: self.level(level),
            key: format!("{:03} {}", level.level, self.language.skill(self.atlas, level.skill_id)),
        });
        let takes = Atlas::inputs(row);
        Some(vec![
            self.tier_cell(Scribe::first_made(row).map(|thing| self.atlas.tier(thing))),
            Cell::text(self.station_name(row)),
            skill.unwrap_or_else(Cell::empty),
            Cell::counted(self.stacks(&takes), takes.len()),
        ])
    }

    fn building_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let atlas = self.atlas;
        let functions = atlas.buildings.get(&id)?.functions.iter();
        let names = functions.map(|function| self.language.station(atlas, function.function_type, function.level));
        let build = atlas
            .constructions
            .values()
            .find(|row| row.building_description_id == id);
        let takes = build.map(|row| stacks(&row.consumed_item_stacks, &row.consumed_cargo_stacks));
        let takes = takes.unwrap_or_default();
        Some(vec![
            Cell::text(names.collect::<Vec<_>>().join(", ")),
            Cell::counted(self.stacks(&takes), takes.len()),
        ])
    }

    fn enemy_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.enemies.get(&id)?;
        Some(vec![
            self.tier_cell(Some(row.tier)),
            self.tag_cell(Kind::Enemy, id),
            self.number_cell(f64::from(row.max_health)),
            damage_cell(row.min_damage, row.max_damage),
            self.place_cell(&self.atlas.enemy_whereabouts(id)),
        ])
    }

    /// Countries, or the places when something is only met there.
    fn place_cell(&self, found: &Whereabouts) -> Cell {
        let biomes = found.biomes.iter().map(|biome| self.language.biome(self.atlas, *biome));
        let mut names: Vec<String> = biomes.collect();
        if names.is_empty() {
            let sites = found
                .buildings
                .iter()
                .flat_map(|building| self.atlas.sites_of(*building));
            let sites: BTreeSet<i32> = sites.collect();
            names.extend(sites.into_iter().map(|site| self.language.site(self.atlas, site)));
        }
        Cell::text(names.join(", "))
    }

    fn person_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let count = self.atlas.trades.values().filter(|row| row.traveler == id).count();
        let found = self.atlas.npc_whereabouts(id);
        Some(vec![self.number_cell(count as f64), self.place_cell(&found)])
    }

    fn biome_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.biomes.get(&id)?;
        let temperature = self.atlas.climates.get(&id).map(|row| {
            let (day, night) = (row.day_temperature.to_string(), row.night_temperature.to_string());
            let words = self.fill("day-and-night", &[&day, &night]);
            Cell::number(words, f64::from(row.day_temperature))
        });
        Some(vec![
            Cell::text(self.value("hazard", &row.hazard_level)),
            temperature.unwrap_or_else(Cell::empty),
        ])
    }

    fn site_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.sites.get(&id)?;
        let biomes = row
            .ground
            .biomes
            .iter()
            .map(|biome| self.language.biome(self.atlas, *biome));
        Some(vec![
            Cell::text(self.value("site", &row.site_type)),
            Cell::text(biomes.collect::<Vec<_>>().join(", ")),
        ])
    }

    fn skill_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.skills.get(&id)?;
        Some(vec![
            Cell::text(self.value("skill", &row.skill_category)),
            Cell::text(self.language.text("skill_desc", id, "title", &row.title)),
        ])
    }

    fn action_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.actions.get(&id)?;
        let by = if row.learned_by_player {
            "by-players"
        } else {
            "by-enemies"
        };
        let again = f64::from(row.cooldown);
        Some(vec![
            Cell::text(self.word(by)),
            Cell::number(self.seconds(again), again),
        ])
    }

    fn buff_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.buffs.get(&id)?;
        let lasts = match row.duration {
            0 => self.word("as-long-as-cause"),
            seconds => self.seconds(f64::from(seconds)),
        };
        Some(vec![
            Cell::counted(self.stats(&row.stats), row.stats.len()),
            Cell::number(lasts, f64::from(row.duration)),
        ])
    }

    fn achievement_cells(&self, id: i32) -> Option<Vec<Cell>> {
        let row = self.atlas.achievements.get(&id)?;
        Some(vec![
            self.number_cell(f64::from(row.points_reward)),
            self.about_cell(Kind::Achievement, id),
        ])
    }

    fn about_cell(&self, kind: Kind, id: i32) -> Cell {
        Cell::text(kind.description(self.atlas, self.language, id))
    }

    fn number_cell(&self, value: f64) -> Cell {
        Cell::number(self.number(value), value)
    }

    fn resource_cells(&self, id: i32) -> Vec<Cell> {
        let (atlas, language) = (self.atlas, self.language);
        let rows: Vec<_> = atlas.extractions.values().filter(|row| row.resource_id == id).collect();
        let tools = rows.iter().flat_map(|row| &row.tool_requirements);
        let tools: BTreeSet<String> = tools
            .map(|tool| language.tool(atlas, tool.tool_type, tool.level))
            .collect();
        let items = rows.iter().flat_map(|row| {
            row.extracted_item_stacks
                .iter()
                .map(|stack| Thing::Item(stack.item_stack.item_id))
        });
        let cargo = rows.iter().filter_map(|row| row.cargo_id.map(Thing::Cargo));
        let yields: BTreeSet<String> = items.chain(cargo).map(|thing| language.thing(atlas, thing)).collect();
        vec![
            self.tier_cell(Kind::Resource.tier(atlas, id)),
            self.tag_cell(Kind::Resource, id),
            Cell::text(tools.into_iter().collect::<Vec<_>>().join(", ")),
            Cell::text(yields.into_iter().collect::<Vec<_>>().join(", ")),
        ]
    }
}

fn damage_cell(least: i32, most: i32) -> Cell {
    Cell::number(format!("{least}–{most}"), f64::from(most))
}
