//! Pages of what one learns, feels and is proud of.

use maud::html;

use super::kind::Kind;
use super::scribe::{facts, Scribe};
use super::shell::Page;

impl Scribe<'_> {
    /// The page of a skill.
    pub fn skill(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.skills.get(&id);
        let title = row.map(|row| self.language.text("skill_desc", id, "title", &row.title));
        let kinds: Vec<i32> = atlas
            .tool_types
            .values()
            .filter(|kind| kind.skill_id == id)
            .map(|kind| kind.id)
            .collect();
        let tools = atlas.tools.values().filter(|tool| kinds.contains(&tool.tool_type));
        let mut tools: Vec<_> = tools.map(|tool| (tool.level, tool.item_id)).collect();
        tools.sort_unstable();
        let facts = facts(vec![
            (
                self.word("what"),
                row.map(|row| html! { (self.value("skill", &row.skill_category)) }),
            ),
            (self.word("master"), title.map(|title| html! { (title) })),
            (self.word("highest-level"), row.map(|row| html! { (row.max_level) })),
        ]);
        let asks = |levels: &[hexmarch_messages::skill::LevelRequirement]| {
            levels
                .iter()
                .find(|level| level.skill_id == id)
                .map(|level| level.level)
        };
        let recipes = atlas
            .recipes
            .values()
            .filter_map(|row| Some((asks(&row.level_requirements)?, row.id)));
        let mut recipes: Vec<(i32, i32)> = recipes.collect();
        recipes.sort_unstable();
        let gathers = atlas
            .extractions
            .values()
            .filter_map(|row| Some((asks(&row.level_requirements)?, row.resource_id)));
        let mut gathers: Vec<(i32, i32)> = gathers.collect();
        gathers.sort_unstable();
        gathers.dedup();
        let builds = atlas.constructions.values();
        let builds = builds.filter_map(|row| Some((asks(&row.level_requirements)?, row.building_description_id)));
        let mut builds: Vec<(i32, i32)> = builds.collect();
        builds.sort_unstable();
        builds.dedup();
        let parts = vec![
            self.section("gathers", "gathers", !gathers.is_empty(), || html! {
                ul class="refs many" { @for (level, id) in &gathers { li { b { (level) } " " (self.link(Kind::Resource, *id)) } } }
            }),
            self.section("recipes", "kind-recipes", !recipes.is_empty(), || html! {
                ul class="refs many" { @for (level, id) in &recipes { li { b { (level) } " " (self.recipe_link(*id)) } } }
            }),
            self.section("builds", "kind-buildings", !builds.is_empty(), || html! {
                ul class="refs many" { @for (level, id) in &builds { li { b { (level) } " " (self.link(Kind::Building, *id)) } } }
            }),
            self.section("tools", "kind-tools", !tools.is_empty(), || self.links(Kind::Item, tools.iter().map(|(_, id)| *id))),
            self.section("levels", "levels", !atlas.levels.is_empty(), || html! {
                details {
                    summary { (self.word("levels-note")) }
                    ol class="levels" {
                        @for level in atlas.levels.values() { li value=(level.level) { (self.number(level.experience as f64)) } }
                    }
                }
            }),
        ];
        self.about(Kind::Skill, id, None, facts, parts)
    }

    /// The page of an achievement.
    pub fn achievement(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.achievements.get(&id);
        let list = |kind: Kind, ids: Option<&Vec<i32>>| {
            ids.filter(|ids| !ids.is_empty())
                .map(|ids| self.links(kind, ids.iter().copied()))
        };
        let facts = facts(vec![
            (self.word("points"), row.map(|row| html! { (row.points_reward) })),
            (
                self.word("after"),
                list(Kind::Achievement, row.map(|row| &row.requisites)),
            ),
            (
                self.word("asks-for"),
                row.and_then(|row| row.level_requirement.as_ref())
                    .map(|level| self.level(level)),
            ),
            (
                self.word("chunks-seen"),
                row.filter(|row| row.chunks_discovered > 0)
                    .map(|row| html! { (self.number(f64::from(row.chunks_discovered))) }),
            ),
            (self.word("having-had"), list(Kind::Item, row.map(|row| &row.item_disc))),
            (
                self.word("having-carried"),
                list(Kind::Cargo, row.map(|row| &row.cargo_disc)),
            ),
            (
                self.word("having-gathered"),
                list(Kind::Resource, row.map(|row| &row.resource_disc)),
            ),
            (
                self.word("having-made"),
                row.filter(|row| !row.crafting_disc.is_empty()).map(|row| {
                    html! {
                        ul class="refs" { @for recipe in &row.crafting_disc { li { (self.recipe_link(*recipe)) } } }
                    }
                }),
            ),
            (
                self.word("having-beaten"),
                list(Kind::Enemy, row.map(|row| &row.enemy_disc)),
            ),
            (
                self.word("having-learned"),
                list(Kind::Knowledge, row.map(|row| &row.knowledge_disc)),
            ),
        ]);
        let next = atlas.achievements.values().filter(|row| row.requisites.contains(&id));
        let next: Vec<i32> = next.map(|row| row.id).collect();
        let worn = atlas
            .equipment
            .values()
            .filter(|row| row.required_achievements.contains(&id));
        let worn: Vec<i32> = worn.map(|row| row.item_id).collect();
        let sellers = atlas
            .trades
            .values()
            .filter(|row| row.achievement_requirements.contains(&id));
        let sellers: std::collections::BTreeSet<i32> = sellers.map(|row| row.traveler).collect();
        let parts = vec![
            self.section("next", "leads-to", !next.is_empty(), || {
                self.links(Kind::Achievement, next)
            }),
            self.section("worn", "allows-wearing", !worn.is_empty(), || {
                self.links(Kind::Item, worn)
            }),
            self.section("sellers", "opens-trade", !sellers.is_empty(), || {
                self.links(Kind::Person, sellers)
            }),
        ];
        self.about(Kind::Achievement, id, None, facts, parts)
    }

    /// The page of something to know.
    pub fn knowledge(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let scrolls = atlas.scrolls.values().filter(|row| row.secondary_knowledge_id == id);
        let scrolls: Vec<_> = scrolls.collect();
        let is_known = scrolls.iter().any(|row| row.known_by_default);
        let facts = facts(vec![(
            self.word("known-from-start"),
            is_known.then(|| html! { (self.word("yes")) }),
        )]);
        let recipes = atlas
            .recipes
            .values()
            .filter(|row| row.required_knowledges.contains(&id));
        let recipes: Vec<i32> = recipes.map(|row| row.id).collect();
        let gathers = atlas
            .extractions
            .values()
            .filter(|row| row.required_knowledges.contains(&id));
        let gathers: Vec<i32> = gathers.map(|row| row.resource_id).collect();
        let builds = atlas
            .constructions
            .values()
            .filter(|row| row.required_knowledges.contains(&id));
        let builds: Vec<i32> = builds.map(|row| row.building_description_id).collect();
        let sellers = atlas
            .trades
            .values()
            .filter(|row| row.required_knowledges.contains(&id));
        let sellers: std::collections::BTreeSet<i32> = sellers.map(|row| row.traveler).collect();
        let proud = atlas
            .achievements
            .values()
            .filter(|row| row.knowledge_disc.contains(&id));
        let proud: Vec<i32> = proud.map(|row| row.id).collect();
        let parts = vec![
            self.section("scrolls", "learned-from", !scrolls.is_empty(), || {
                self.links(Kind::Item, scrolls.iter().map(|row| row.item_id))
            }),
            self.section("recipes", "kind-recipes", !recipes.is_empty(), || {
                html! {
                    ul class="refs" { @for recipe in &recipes { li { (self.recipe_link(*recipe)) } } }
                }
            }),
            self.section("gathers", "gathers", !gathers.is_empty(), || {
                self.links(Kind::Resource, gathers)
            }),
            self.section("builds", "kind-buildings", !builds.is_empty(), || {
                self.links(Kind::Building, builds)
            }),
            self.section("sellers", "opens-trade", !sellers.is_empty(), || {
                self.links(Kind::Person, sellers)
            }),
            self.section("achievements", "counts-for", !proud.is_empty(), || {
                self.links(Kind::Achievement, proud)
            }),
        ];
        self.about(Kind::Knowledge, id, None, facts, parts)
    }

    /// The page of a buff.
    pub fn buff(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.buffs.get(&id);
        let debuff = atlas.debuffs.get(&id);
        let text = |column, english| self.language.text("environment_debuff_desc", id, column, english);
        let lasts = row.map(|row| match row.duration {
            0 => self.word("as-long-as-cause"),
            seconds => self.seconds(f64::from(seconds)),
        });
        let facts = facts(vec![
            (self.word("does"), row.map(|row| self.stats(&row.stats))),
            (self.word("lasts"), lasts.map(|lasts| html! { (lasts) })),
            (
                self.word("kept-off-by"),
                debuff.map(|row| html! { (self.value("resistance", &row.resistance_type)) " " (row.resistance_level) }),
            ),
            (
                self.word("without"),
                debuff.map(|row| html! { (text("resistance_unmet_text", &row.resistance_unmet_text)) }),
            ),
            (
                self.word("with-it"),
                debuff.map(|row| html! { (text("resistance_met_text", &row.resistance_met_text)) }),
            ),
        ]);
        let gives = |effects: &[hexmarch_messages::buff::BuffEffect]| effects.iter().any(|effect| effect.buff_id == id);
        let foods = atlas
            .foods
            .values()
            .filter(|row| gives(&row.buffs))
            .map(|row| row.item_id);
        let travels = atlas
            .teleports
            .values()
            .filter(|row| row.buff_id == Some(id))
            .map(|row| row.item_id);
        let items: Vec<i32> = foods.chain(travels).collect();
        let actions = atlas
            .actions
            .values()
            .filter(|row| gives(&row.self_buffs) || gives(&row.target_buffs));
        let actions: Vec<i32> = actions.map(|row| row.id).collect();
        let biomes = atlas.climates.values();
        let biomes = biomes.filter(|row| row.day_debuffs.contains(&id) || row.night_debuffs.contains(&id));
        let biomes: Vec<i32> = biomes.map(|row| row.biome_type).collect();
        let waters = atlas.waters.values().filter(|row| row.debuffs.contains(&id));
        let waters: Vec<i32> = waters.map(|row| row.id).collect();
        let parts = vec![
            self.section("items", "given-by", !items.is_empty(), || self.links(Kind::Item, items)),
            self.section("actions", "kind-actions", !actions.is_empty(), || {
                self.links(Kind::Action, actions)
            }),
            self.section("biomes", "kind-biomes", !biomes.is_empty(), || {
                self.links(Kind::Biome, biomes)
            }),
            self.section("waters", "kind-waters", !waters.is_empty(), || {
                self.links(Kind::Water, waters)
            }),
        ];
        self.about(Kind::Buff, id, None, facts, parts)
    }
}
