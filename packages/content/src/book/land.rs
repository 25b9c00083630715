//! Pages of the land and what stands on it.

use hexmarch_messages::construction::ConstructionRecipeDesc;
use maud::{html, Markup};

use super::kind::Kind;
use super::scribe::{facts, Asks, Scribe};
use super::shell::Page;
use crate::atlas::{stacks, Atlas};

impl Scribe<'_> {
    /// The page of a building.
    pub fn building(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.buildings.get(&id);
        let functions = row.map_or(&[][..], |row| row.functions.as_slice());
        let count = |value: i32| (value > 0).then(|| html! { (self.number(f64::from(value))) });
        let facts = facts(vec![
            (self.word("serves-as"), (!functions.is_empty()).then(|| html! {
                ul class="refs" {
                    @for function in functions {
                        li {
                            (self.language.station(atlas, function.function_type, function.level))
                            @if function.storage_slots > 0 { " · " (self.fill("pockets", &[&function.storage_slots.to_string()])) }
                            @if function.cargo_slots > 0 { " · " (self.fill("cargo-pockets", &[&function.cargo_slots.to_string()])) }
                        }
                    }
                }
            })),
            (self.word("strength"), row.filter(|row| !row.ignore_damage).and_then(|row| count(row.max_health))),
            (self.word("light"), row.and_then(|row| count(row.light_radius))),
            (
                self.word("rest"),
                row.filter(|row| row.rested_buff_duration > 0)
                    .map(|row| html! { (self.seconds(f64::from(row.rested_buff_duration))) }),
            ),
        ]);
        let builds: Vec<_> = atlas
            .constructions
            .values()
            .filter(|row| row.building_description_id == id)
            .collect();
        let upgrades = atlas
            .constructions
            .values()
            .filter(|row| row.consumed_building == Some(id));
        let upgrades: Vec<i32> = upgrades.map(|row| row.building_description_id).collect();
        let made_here = self.made_at(id);
        let sites = atlas.sites_of(id);
        let spawns = atlas.spawns_of(id);
        let parts = vec![
            self.section("build", "how-to-build", !builds.is_empty(), || html! { @for row in &builds { (self.construction_card(row)) } }),
            self.section("upgrades", "becomes", !upgrades.is_empty(), || self.links(Kind::Building, upgrades)),
            self.section("made-here", "made-here", !made_here.is_empty(), || html! {
                ul class="refs many" { @for recipe in &made_here { li { (self.recipe_link(*recipe)) } } }
            }),
            self.section("met-here", "met-here", !spawns.is_empty(), || html! {
                ul class="refs" {
                    @for spawn in &spawns {
                        @if let Some(npc) = spawn.traveler_type { li { (self.link(Kind::Person, npc)) } }
                        @if let Some(enemy) = spawn.enemy_type { li { (self.link(Kind::Enemy, enemy)) } }
                        @for chest in &spawn.loot_chests { li { (self.link(Kind::Chest, *chest)) } }
                        @for resource in self.clump_members(&spawn.resource_clumps) { li { (self.link(Kind::Resource, resource)) } }
                    }
                }
            }),
            self.section("sites", "part-of", !sites.is_empty(), || self.links(Kind::Site, sites)),
        ];
        self.about(Kind::Building, id, None, facts, parts)
    }

    fn clump_members(&self, clumps: &[i32]) -> std::collections::BTreeSet<i32> {
        let clumps = clumps.iter().filter_map(|id| self.atlas.clumps.get(id));
        clumps
            .flat_map(|clump| clump.members.iter().map(|member| member.resource_id))
            .collect()
    }

    /// The recipes for which a building is the humblest station that will do, or as good as that.
    fn made_at(&self, building: i32) -> Vec<i32> {
        let Some(row) = self.atlas.buildings.get(&building).filter(|row| !row.is_ruins) else {
            return Vec::new();
        };
        let serves = |recipe: &&hexmarch_messages::crafting::CraftingRecipeDesc| {
            recipe.building_requirement.as_ref().is_some_and(|station| {
                let mut functions = row.functions.iter();
                functions
                    .any(|function| function.function_type == station.building_type && function.level == station.tier)
            })
        };
        self.atlas
            .recipes
            .values()
            .filter(serves)
            .map(|recipe| recipe.id)
            .collect()
    }

    fn construction_card(&self, row: &ConstructionRecipeDesc) -> Markup {
        let name = self
            .language
            .text("construction_recipe_desc", row.id, "name", &row.name);
        html! {
            article class="recipe" id=(format!("build-{}", row.id)) {
                h3 { (name) }
                @if let Some(before) = row.consumed_building {
                    p { (self.word("takes-place-of")) " " (self.link(Kind::Building, before)) }
                }
                (self.stacks(&stacks(&row.consumed_item_stacks, &row.consumed_cargo_stacks)))
                (self.asks(&Asks {
                    tools: &row.tool_requirements,
                    levels: &row.level_requirements,
                    knowledge: &row.required_knowledges,
                    ..Asks::default()
                }))
                p class="faint" {
                    (self.fill("work-of", &[&self.number(f64::from(row.actions_required)), &self.seconds(f64::from(row.time_requirement))]))
                    " · " (self.word("teaches")) " " (self.experience(&row.experience_per_progress, row.actions_required))
                }
            }
        }
    }

    /// The page of a kind of country.
    pub fn biome(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.biomes.get(&id);
        let climate = atlas.climates.get(&id);
        let permille = |value: u32| html! { (self.percent(f64::from(value) / 1_000.0)) };
        let debuffs = |ids: &[i32]| (!ids.is_empty()).then(|| self.links(Kind::Buff, ids.iter().copied()));
        let facts = facts(vec![
            (self.word("hazard"), row.map(|row| html! { (self.value("hazard", &row.hazard_level)) })),
            (
                self.word("on-maps"),
                row.map(|row| html! { span class="swatch" style=(format!("background:#{:06x}", row.map_color)) {} }),
            ),
            (
                self.word("temperature"),
                climate.map(|row| html! { (self.fill("day-and-night", &[&row.day_temperature.to_string(), &row.night_temperature.to_string()])) }),
            ),
            (self.word("rain"), climate.map(|row| permille(row.rain_permille))),
            (self.word("wind"), climate.map(|row| permille(row.wind_permille))),
            (self.word("by-day"), climate.and_then(|row| debuffs(&row.day_debuffs))),
            (self.word("by-night"), climate.and_then(|row| debuffs(&row.night_debuffs))),
            (
                self.word("no-building"),
                row.filter(|row| row.disallow_player_build).map(|_| html! { (self.word("yes")) }),
            ),
        ]);
        let (resources, enemies, sites) = atlas.met_in(id);
        let parts = vec![
            self.section("resources", "kind-resources", !resources.is_empty(), || {
                self.links(Kind::Resource, resources)
            }),
            self.section("enemies", "kind-enemies", !enemies.is_empty(), || {
                self.links(Kind::Enemy, enemies)
            }),
            self.section("sites", "kind-sites", !sites.is_empty(), || {
                self.links(Kind::Site, sites)
            }),
        ];
        self.about(Kind::Biome, id, None, facts, parts)
    }

    /// The page of a kind of water.
    pub fn water(&self, id: i32) -> Page {
        let row = self.atlas.waters.get(&id);
        let yes_or_no = |is_so: bool| self.word(if is_so { "yes" } else { "no" });
        let facts = facts(vec![
            (self.word("drinkable"), row.map(|row| html! { (yes_or_no(row.drinkable)) })),
            (
                self.word("swimming-takes"),
                row.map(|row| html! { (self.fill("stamina-a-second", &[&self.number(f64::from(row.swim_stamina_per_second))])) }),
            ),
            (
                self.word("does"),
                row.filter(|row| !row.debuffs.is_empty()).map(|row| self.links(Kind::Buff, row.debuffs.iter().copied())),
            ),
        ]);
        self.about(Kind::Water, id, None, facts, Vec::new())
    }

    /// The page of a place.
    pub fn site(&self, id: i32) -> Page {
        let row = self.atlas.sites.get(&id);
        let facts = facts(vec![
            (
                self.word("what"),
                row.map(|row| html! { (self.value("site", &row.site_type)) }),
            ),
            (
                self.word("where-found"),
                row.map(|row| match row.ground.biomes.is_empty() {
                    true => html! { (self.word("everywhere")) },
                    false => self.links(Kind::Biome, row.ground.biomes.iter().copied()),
                }),
            ),
            (self.word("per-region"), row.map(|row| html! { (row.sites_per_region) })),
        ]);
        let buildings = row
            .into_iter()
            .flat_map(|row| row.buildings.iter().map(|stands| stands.building_id));
        let buildings: std::collections::BTreeSet<i32> = buildings.collect();
        let spawns = buildings.iter().flat_map(|id| self.atlas.spawns_of(*id));
        let (mut people, mut enemies, mut chests) = (Vec::new(), Vec::new(), Vec::new());
        for spawn in spawns {
            people.extend(spawn.traveler_type.filter(|id| !people.contains(id)));
            enemies.extend(spawn.enemy_type.filter(|id| !enemies.contains(id)));
            chests.extend(spawn.loot_chests.iter().copied());
        }
        chests.sort_unstable();
        chests.dedup();
        let parts = vec![
            self.section("buildings", "kind-buildings", !buildings.is_empty(), || {
                self.links(Kind::Building, buildings.iter().copied())
            }),
            self.section("people", "kind-people", !people.is_empty(), || {
                self.links(Kind::Person, people)
            }),
            self.section("enemies", "kind-enemies", !enemies.is_empty(), || {
                self.links(Kind::Enemy, enemies)
            }),
            self.section("chests", "kind-chests", !chests.is_empty(), || {
                self.links(Kind::Chest, chests)
            }),
        ];
        self.about(Kind::Site, id, None, facts, parts)
    }

    /// The page of a chest.
    pub fn chest(&self, id: i32) -> Page {
        let row = self.atlas.chests.get(&id);
        let facts = facts(vec![(
            self.word("fills-again"),
            row.map(|row| html! { (self.seconds(f64::from(row.respawn_time))) }),
        )]);
        let held = self.atlas.held_by(id);
        let found = self.atlas.chest_whereabouts(id);
        let parts = vec![
            self.section("inside", "inside", !held.is_empty(), || {
                self.yield_table(held.into_iter())
            }),
            self.section("where", "where-found", !found.is_empty(), || self.whereabouts(&found)),
        ];
        self.about(Kind::Chest, id, None, facts, parts)
    }

    /// The page of a paving.
    pub fn paving(&self, id: i32) -> Page {
        let row = self.atlas.pavings.get(&id);
        let facts = facts(vec![
            (self.word("gives"), row.map(|row| self.stats(&row.stat_effects))),
            (
                self.word("a-tile-takes"),
                row.map(|row| self.stacks(&stacks(&row.consumed_item_stacks, &[]))),
            ),
            (
                self.word("asks-for"),
                row.map(|row| {
                    self.asks(&Asks {
                        tools: &row.tool_requirements,
                        levels: &row.level_requirements,
                        ..Asks::default()
                    })
                }),
            ),
            (
                self.word("work-time"),
                row.map(|row| html! { (self.seconds(f64::from(row.paving_duration))) }),
            ),
        ]);
        self.about(Kind::Paving, id, None, facts, Vec::new())
    }

    /// Where recipes are made, for lists.
    pub fn station_name(&self, row: &hexmarch_messages::crafting::CraftingRecipeDesc) -> String {
        let station = row.building_requirement.as_ref();
        let name = |station: &hexmarch_messages::crafting::BuildingRequirement| {
            self.language.station(self.atlas, station.building_type, station.tier)
        };
        station.map_or_else(|| self.word("anywhere"), name)
    }

    /// The first thing that a recipe makes.
    pub fn first_made(row: &hexmarch_messages::crafting::CraftingRecipeDesc) -> Option<crate::atlas::Thing> {
        Atlas::outputs(row).into_iter().next().map(|(thing, _)| thing)
    }
}
