//! Pages of resources and how they are gathered.

use hexmarch_messages::extraction::ExtractionRecipeDesc;
use maud::{html, Markup};

use super::kind::Kind;
use super::scribe::{facts, Asks, Scribe};
use super::shell::Page;
use crate::atlas::{stacks, Yield};

impl Scribe<'_> {
    /// What gathering asks for.
    pub fn extraction_asks<'b>(&self, row: &'b ExtractionRecipeDesc) -> Asks<'b> {
        Asks {
            tools: if row.allow_use_hands {
                &[]
            } else {
                &row.tool_requirements
            },
            levels: &row.level_requirements,
            knowledge: &row.required_knowledges,
            ..Asks::default()
        }
    }

    /// The page of a resource.
    pub fn resource(&self, id: i32) -> Page {
        let atlas = self.atlas;
        let row = atlas.resources.get(&id);
        let extractions: Vec<_> = atlas.extractions.values().filter(|row| row.resource_id == id).collect();
        let last = row.map_or(&[][..], |row| row.on_destroy_yield.as_slice());
        let found = atlas.resource_whereabouts(id);
        let young: Vec<i32> = atlas
            .growths
            .values()
            .filter(|row| row.grown_resource_id == id)
            .map(|row| row.resource_id)
            .collect();
        let plantings: Vec<_> = atlas
            .plantings
            .values()
            .filter(|row| row.resource_description_id == id)
            .collect();
        let guards = row.map_or(&[][..], |row| row.enemy_params_id.as_slice());
        let guards: Vec<i32> = guards
            .iter()
            .filter_map(|herd| Some(atlas.herds.get(herd)?.enemy_type))
            .collect();
        let proud = atlas
            .achievements
            .values()
            .filter(|row| row.resource_disc.contains(&id));
        let proud: Vec<i32> = proud.map(|row| row.id).collect();
        let parts = vec![
            self.section("gather", "how-to-gather", !extractions.is_empty() || !last.is_empty(), || html! {
                @for row in &extractions { (self.extraction_card(row)) }
                @if !last.is_empty() {
                    article class="recipe" {
                        h3 { (self.word("way-last-stroke")) }
                        (self.yield_table(last.iter().map(|stack| (stack.item_id, Yield::certain(stack.quantity)))))
                    }
                }
            }),
            self.section("where", "where-found", !found.is_empty(), || self.whereabouts(&found)),
            self.section("plant", "how-to-plant", !plantings.is_empty(), || html! {
                @for row in &plantings {
                    article class="recipe" id=(format!("plant-{}", row.id)) {
                        (self.stacks(&stacks(&row.consumed_item_stacks, &[])))
                        (self.asks(&Asks { tools: &row.tool_requirements, levels: &row.level_requirements, ..Asks::default() }))
                        (self.links(Kind::Biome, row.required_biomes.iter().copied()))
                    }
                }
            }),
            self.section("grows-from", "grows-from", !young.is_empty(), || self.links(Kind::Resource, young)),
            self.section("guards", "guarded-by", !guards.is_empty(), || self.links(Kind::Enemy, guards)),
            self.section("achievements", "counts-for", !proud.is_empty(), || self.links(Kind::Achievement, proud)),
        ];
        self.about(Kind::Resource, id, None, self.resource_facts(id), parts)
    }

    fn resource_facts(&self, id: i32) -> Markup {
        let atlas = self.atlas;
        let row = atlas.resources.get(&id);
        let seconds = |value: f32| (value > 0.0).then(|| html! { (self.seconds(f64::from(value))) });
        let becomes = atlas.growths.get(&id);
        facts(vec![
            (
                self.word("work-in-it"),
                row.map(|row| html! { (self.number(f64::from(row.max_health))) }),
            ),
            (
                self.word("comes-back"),
                row.and_then(|row| seconds(row.scheduled_respawn_time)),
            ),
            (self.word("gone-after"), row.and_then(|row| seconds(row.despawn_time))),
            (
                self.word("leaves-behind"),
                row.and_then(|row| row.on_destroy_yield_resource_id)
                    .map(|left| self.link(Kind::Resource, left)),
            ),
            (
                self.word("grows-into"),
                becomes.map(|growth| {
                    let (least, most) = (f64::from(growth.min_time), f64::from(growth.max_time));
                    html! {
                        (self.link(Kind::Resource, growth.grown_resource_id)) " "
                        span class="faint" { (self.seconds(least)) " – " (self.seconds(most)) }
                    }
                }),
            ),
        ])
    }

    fn extraction_card(&self, row: &ExtractionRecipeDesc) -> Markup {
        let verb = self
            .language
            .text("extraction_recipe_desc", row.id, "verb_phrase", &row.verb_phrase);
        let consumed = stacks(&row.consumed_item_stacks, &[]);
        html! {
            article class="recipe" id=(format!("gather-{}", row.id)) {
                h3 { (verb) }
                (self.asks(&self.extraction_asks(row)))
                @if row.allow_use_hands { p class="faint" { (self.word("bare-hands-do")) } }
                @if !consumed.is_empty() { p { (self.word("uses-up")) } (self.stacks(&consumed)) }
                table {
                    thead { tr { th { (self.word("what")) } th { (self.word("from-a-whole-one")) } th { (self.word("each-stroke")) } } }
                    tbody {
                        @for stack in &row.extracted_item_stacks {
                            @let yields = Yield::of(stack);
                            @let expected = self.atlas.expected_of_one(row.resource_id, yields);
                            tr {
                                td { (self.link(Kind::Item, stack.item_stack.item_id)) }
                                td { (self.fill("about-so-many", &[&self.number(expected)])) }
                                td class="faint" { (self.yields(yields)) }
                            }
                        }
                    }
                }
                @if let Some(cargo) = row.cargo_id {
                    p { (self.word("last-stroke-yields")) " " (self.link(Kind::Cargo, cargo)) }
                }
                @if !row.experience_per_progress.is_empty() {
                    p class="faint" { (self.word("teaches")) " " (self.experience(&row.experience_per_progress, 1)) }
                }
            }
        }
    }
}
