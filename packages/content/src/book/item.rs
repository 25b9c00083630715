//! Pages of items and cargo.

use maud::{html, Markup};

use super::kind::Kind;
use super::lists::List;
use super::scribe::{facts, Scribe, Section};
use super::shell::Page;
use crate::atlas::{stacks, Atlas, Thing, Use, Way};

impl Scribe<'_> {
    /// The page of an item.
    pub fn item(&self, id: i32) -> Page {
        let thing = Thing::Item(id);
        let crumb = List::of_item(self.atlas, id).map(|list| (self.word(list.word()), list.path()));
        let parts = vec![
            self.section("text", "the-text", self.atlas.scrolls.contains_key(&id), || {
                self.writing(id)
            }),
            self.make_section(thing),
            self.recipes_section(thing),
            self.sources_section(thing),
            self.opened_section(id),
            self.uses_section(thing),
            self.ideas_section(id),
            self.proud_section(thing),
        ];
        self.about(Kind::Item, id, crumb, self.item_facts(id), parts)
    }

    /// The page of a piece of cargo.
    pub fn cargo(&self, id: i32) -> Page {
        let thing = Thing::Cargo(id);
        let row = self.atlas.cargo.get(&id);
        let facts = facts(vec![
            (
                self.word("volume"),
                row.map(|row| html! { (self.number(f64::from(row.volume))) }),
            ),
            (
                self.word("walking-with-it"),
                row.map(|row| html! { (self.percent(f64::from(row.movement_modifier))) }),
            ),
            (
                self.word("lies-for"),
                row.map(|row| match row.despawn_time > 0.0 {
                    true => html! { (self.seconds(f64::from(row.despawn_time))) },
                    false => html! { (self.word("for-ever")) },
                }),
            ),
        ]);
        let parts = vec![
            self.make_section(thing),
            self.recipes_section(thing),
            self.sources_section(thing),
            self.uses_section(thing),
            self.proud_section(thing),
        ];
        self.about(Kind::Cargo, id, None, facts, parts)
    }

    fn item_facts(&self, id: i32) -> Markup {
        let atlas = self.atlas;
        let item = atlas.items.get(&id);
        let mut list = vec![
            (
                self.word("volume"),
                item.map(|row| html! { (self.number(f64::from(row.volume))) }),
            ),
            (
                self.word("durability"),
                item.filter(|row| row.durability > 0)
                    .map(|row| html! { (self.number(f64::from(row.durability))) }),
            ),
            (
                self.word("when-broken"),
                item.and_then(|row| row.convert_to_on_durability_zero)
                    .map(|left| self.link(Kind::Item, left)),
            ),
        ];
        list.extend(self.work_facts(id));
        list.extend(self.food_facts(id));
        if let Some(teleport) = atlas.teleports.get(&id) {
            list.push((
                self.word("takes-you"),
                Some(html! { (self.value("destination", &teleport.destination)) }),
            ));
            list.push((
                self.word("leaves"),
                teleport.buff_id.map(|buff| self.link(Kind::Buff, buff)),
            ));
        }
        facts(list)
    }

    /// What a tool, a weapon or something worn is good for.
    fn work_facts(&self, id: i32) -> Vec<(String, Option<Markup>)> {
        let atlas = self.atlas;
        let mut list = Vec::new();
        if let Some(tool) = atlas.tools.get(&id) {
            let skill = atlas.tool_types.get(&tool.tool_type).map(|kind| kind.skill_id);
            let name = self.language.tool(atlas, tool.tool_type, tool.level);
            list.push((self.word("serves-as"), Some(html! { (name) })));
            list.push((self.word("power"), Some(html! { (self.number(f64::from(tool.power))) })));
            list.push((self.word("skill"), skill.map(|skill| self.link(Kind::Skill, skill))));
        }
        if let Some(weapon) = atlas.weapons.get(&id) {
            let damage = format!("{}–{}", weapon.min_damage, weapon.max_damage);
            let hunting = atlas
                .weapon_types
                .get(&weapon.weapon_type)
                .is_some_and(|kind| kind.hunting);
            list.push((
                self.word("serves-as"),
                Some(html! { (self.language.weapon_type(atlas, weapon.weapon_type)) }),
            ));
            list.push((self.word("damage"), Some(html! { (damage) })));
            list.push((
                self.word("between-blows"),
                Some(html! { (self.seconds(f64::from(weapon.cooldown))) }),
            ));
            list.push((self.word("for-game"), hunting.then(|| html! { (self.word("yes")) })));
        }
        if let Some(worn) = atlas.equipment.get(&id) {
            let slots: Vec<String> = worn.slots.iter().map(|slot| self.value("slot", slot)).collect();
            list.push((self.word("worn-on"), Some(html! { (slots.join(", ")) })));
            list.push((
                self.word("gives"),
                (!worn.stats.is_empty()).then(|| self.stats(&worn.stats)),
            ));
            list.push((
                self.word("asks-for"),
                worn.level_requirement.as_ref().map(|level| self.level(level)),
            ));
            let proud = &worn.required_achievements;
            let proud = (!proud.is_empty()).then(|| self.links(Kind::Achievement, proud.iter().copied()));
            list.push((self.word("asks-achievements"), proud));
            let known = &worn.required_knowledges;
            let known = (!known.is_empty()).then(|| self.links(Kind::Knowledge, known.iter().copied()));
            list.push((self.word("asks-knowledge"), known));
        }
        list
    }

    fn food_facts(&self, id: i32) -> Vec<(String, Option<Markup>)> {
        let Some(food) = self.atlas.foods.get(&id) else {
            return Vec::new();
        };
        let amount = |value: f32| (value != 0.0).then(|| html! { (self.number(f64::from(value))) });
        let up_to = |value: f32, limit: f32| {
            let shown = amount(value)?;
            Some(html! {
                (shown)
                @if limit > 0.0 { " " span class="faint" { (self.fill("up-to", &[&self.number(f64::from(limit))])) } }
            })
        };
        vec![
            (self.word("satiation"), amount(food.hunger)),
            (self.word("health"), up_to(food.hp, food.up_to_hp)),
            (self.word("stamina"), up_to(food.stamina, food.up_to_stamina)),
            (self.word("travel-energy"), amount(food.teleportation_energy)),
            (
                self.word("does"),
                (!food.buffs.is_empty()).then(|| self.buffs(&food.buffs)),
            ),
            (
                self.word("in-a-fight"),
                food.consumable_while_in_combat.then(|| html! { (self.word("yes")) }),
            ),
        ]
    }

    fn writing(&self, id: i32) -> Markup {
        let Some(row) = self.atlas.scrolls.get(&id) else {
            return html! {};
        };
        let text = |column, english| self.language.text("knowledge_scroll_desc", id, column, english);
        html! {
            blockquote class="writing" {
                p class="faint" { (self.language.scroll_type(self.atlas, row.scroll_type)) }
                h3 { (text("title", &row.title)) }
                @for paragraph in text("content", &row.content).split('\n').filter(|line| !line.trim().is_empty()) {
                    p { (paragraph) }
                }
            }
            p { (self.word("teaches-that")) " " (self.link(Kind::Knowledge, row.secondary_knowledge_id)) }
        }
    }

    fn make_section(&self, thing: Thing) -> Section {
        let making = self.making(thing);
        self.section("make", "how-to-make", making.is_some(), || {
            html! { (making.unwrap_or_default()) (self.graph(thing)) }
        })
    }

    fn recipes_section(&self, thing: Thing) -> Section {
        let crafts = self.atlas.ways(thing).iter().filter_map(|way| match way {
            Way::Craft { recipe, .. } => self.atlas.recipes.get(recipe),
            _ => None,
        });
        let recipes: Vec<_> = crafts.collect();
        self.section("recipes", "kind-recipes", !recipes.is_empty(), || {
            html! { @for row in &recipes { (self.recipe_card(row)) } }
        })
    }

    fn sources_section(&self, thing: Thing) -> Section {
        let ways = self
            .atlas
            .ways(thing)
            .iter()
            .filter(|way| !matches!(way, Way::Craft { .. }));
        let ways: Vec<&Way> = ways.collect();
        self.section("sources", "where-from", !ways.is_empty(), || {
            html! {
                table {
                    thead { tr {
                        th { (self.word("how")) } th { (self.word("from-what")) }
                        th { (self.word("yield")) } th { (self.word("asks-for")) }
                    } }
                    tbody { @for way in ways { (self.source_row(way)) } }
                }
            }
        })
    }

    fn source_row(&self, way: &Way) -> Markup {
        let (word, yields) = match way {
            Way::Gather { yields, .. } => ("way-gather", Some(*yields)),
            Way::LastStroke { yields, .. } => ("way-last-stroke", Some(*yields)),
            Way::Carcass { yields, .. } => ("way-carcass", Some(*yields)),
            Way::Won { yields, .. } => ("way-won", Some(*yields)),
            Way::Chest { yields, .. } => ("way-chest", Some(*yields)),
            Way::Open { yields, .. } => ("way-open", Some(*yields)),
            Way::Trade { yields, .. } => ("way-trade", Some(*yields)),
            Way::Remains { .. } => ("way-remains", None),
            Way::Start { .. } | Way::Craft { .. } => ("way-start", None),
        };
        html! {
            tr {
                td { (self.word(word)) }
                td { @if let Some((kind, id)) = self.source_of(way) { (self.link(kind, id)) } }
                td {
                    @match (way, yields) {
                        (Way::Gather { extraction, .. }, Some(yields)) => (self.gathered_yield(*extraction, yields)),
                        (_, Some(yields)) => (self.yields(yields)),
                        (_, None) => {},
                    }
                    @if let Way::Start { quantity } = way { (quantity) "×" }
                }
                td {
                    @match way {
                        Way::Gather { extraction, .. } => {
                            @if let Some(row) = self.atlas.extractions.get(extraction) { (self.asks(&self.extraction_asks(row))) }
                        },
                        Way::Trade { order, .. } => {
                            @if let Some(row) = self.atlas.trades.get(order) {
                                (self.stacks(&stacks(&row.required_items, &row.required_cargo)))
                            }
                        },
                        _ => {},
                    }
                }
            }
        }
    }

    /// How many one gets of a resource.
    fn gathered_yield(&self, extraction: i32, yields: crate::atlas::Yield) -> Markup {
        let row = self.atlas.extractions.get(&extraction);
        let is_cargo = row.is_some_and(|row| row.cargo_id.is_some()) && yields.chance >= 1.0;
        html! {
            @match row.filter(|_| !is_cargo) {
                Some(row) => {
                    (self.fill("from-one", &[&self.number(self.atlas.expected_of_one(row.resource_id, yields))])) " "
                    span class="faint" { (self.fill("a-stroke", &[&self.yields(yields)])) }
                },
                None => (self.yields(yields)),
            }
        }
    }

    fn opened_section(&self, id: i32) -> Section {
        let list = self.atlas.items.get(&id).and_then(|row| row.item_list_id);
        self.section("inside", "inside", list.is_some(), || {
            let drawn = list.map(|list| self.atlas.drawn_from(list)).unwrap_or_default();
            self.yield_table(drawn.into_iter())
        })
    }

    /// Items, and how many and how likely.
    pub fn yield_table(&self, yields: impl Iterator<Item = (i32, crate::atlas::Yield)>) -> Markup {
        let mut yields: Vec<(i32, crate::atlas::Yield)> = yields.collect();
        yields.sort_by(|(_, a), (_, b)| b.chance.total_cmp(&a.chance));
        html! {
            table {
                thead { tr { th { (self.word("what")) } th { (self.word("yield")) } } }
                tbody {
                    @for (item, yields) in yields {
                        tr { td { (self.link(Kind::Item, item)) } td { (self.yields(yields)) } }
                    }
                }
            }
        }
    }

    fn uses_section(&self, thing: Thing) -> Section {
        let uses = self.atlas.uses(thing);
        self.section("uses", "used-in", !uses.is_empty(), || {
            html! { ul class="uses" { @for used in uses { li { (self.used_in(*used)) } } } }
        })
    }

    fn used_in(&self, used: Use) -> Markup {
        let atlas = self.atlas;
        match used {
            Use::Craft { recipe } => {
                let made = atlas.recipes.get(&recipe).map(Atlas::outputs).unwrap_or_default();
                html! { span class="what" { (self.word("use-craft")) } " " @for (thing, _) in made { (self.thing(thing)) " " } }
            }
            Use::Build { construction } => {
                let building = atlas
                    .constructions
                    .get(&construction)
                    .map(|row| row.building_description_id);
                html! { span class="what" { (self.word("use-build")) } " " @if let Some(id) = building { (self.link(Kind::Building, id)) } }
            }
            Use::Pave { paving } => {
                html! { span class="what" { (self.word("use-pave")) } " " (self.link(Kind::Paving, paving)) }
            }
            Use::Plant { planting } => {
                let resource = atlas.plantings.get(&planting).map(|row| row.resource_description_id);
                html! { span class="what" { (self.word("use-plant")) } " " @if let Some(id) = resource { (self.link(Kind::Resource, id)) } }
            }
            Use::Gather { extraction } => {
                let resource = atlas.extractions.get(&extraction).map(|row| row.resource_id);
                html! { span class="what" { (self.word("use-gather")) } " " @if let Some(id) = resource { (self.link(Kind::Resource, id)) } }
            }
            Use::Trade { order } => {
                let order = atlas.trades.get(&order);
                html! {
                    span class="what" { (self.word("use-trade")) } " "
                    @if let Some(row) = order {
                        (self.link(Kind::Person, row.traveler)) " "
                        span class="faint" { (self.word("for")) } " "
                        @for (thing, quantity) in stacks(&row.offer_items, &row.offer_cargo) {
                            (self.stack((thing, u64::from(quantity)))) " "
                        }
                    }
                }
            }
        }
    }

    fn ideas_section(&self, id: i32) -> Section {
        let rows = self
            .atlas
            .recipes
            .values()
            .filter(|row| row.discovery_triggers.contains(&id));
        let recipes: Vec<i32> = rows.map(|row| row.id).collect();
        self.section("ideas", "gives-idea", !recipes.is_empty(), || {
            html! { ul class="refs" { @for recipe in recipes { li { (self.recipe_link(recipe)) } } } }
        })
    }

    fn proud_section(&self, thing: Thing) -> Section {
        let counts = self.atlas.achievements.values().filter(|row| match thing {
            Thing::Item(id) => row.item_disc.contains(&id),
            Thing::Cargo(id) => row.cargo_disc.contains(&id),
        });
        let ids: Vec<i32> = counts.map(|row| row.id).collect();
        self.section("achievements", "counts-for", !ids.is_empty(), || {
            self.links(Kind::Achievement, ids)
        })
    }
}
