//! How things are made: recipes, the tree of all that goes in, and the bill.

use std::collections::BTreeSet;

use hexmarch_messages::crafting::CraftingRecipeDesc;
use maud::{html, Markup};

use super::kind::Kind;
use super::scribe::{page_of, Asks, Scribe};
use crate::atlas::{Atlas, Thing, Way};

/// Sources of a raw thing that the tree names.
const MAX_SOURCES: usize = 3;

impl Scribe<'_> {
    /// What a recipe is called: by what it makes, since that is said in every language.
    pub fn recipe_name(&self, row: &CraftingRecipeDesc) -> String {
        self.language
            .text("crafting_recipe_desc", row.id, "name", &row.name)
            .to_owned()
    }

    /// Where a recipe is shown: with the first thing that it makes.
    pub fn recipe_href(&self, row: &CraftingRecipeDesc) -> Option<String> {
        let href = Atlas::outputs(row)
            .into_iter()
            .find_map(|(thing, _)| self.thing_href(thing))?;
        Some(format!("{href}#recipe-{}", row.id))
    }

    /// A recipe by its name.
    pub fn recipe_link(&self, recipe: i32) -> Markup {
        let Some(row) = self.atlas.recipes.get(&recipe) else {
            return html! { "#" (recipe) };
        };
        let made = Atlas::outputs(row).into_iter().next().map(|(thing, _)| page_of(thing));
        let icon = made.map(|(kind, id)| kind.glyph(self.atlas, id).draw(kind.tier(self.atlas, id)));
        html! {
            @match self.recipe_href(row) {
                Some(href) => a class="ref" href=(href) { @if let Some(icon) = icon { (icon) } span { (self.recipe_name(row)) } },
                None => span class="ref" { (self.recipe_name(row)) },
            }
        }
    }

    /// What a recipe asks for.
    pub fn recipe_asks<'b>(&self, row: &'b CraftingRecipeDesc) -> Asks<'b> {
        Asks {
            station: row.building_requirement.as_ref(),
            tools: &row.tool_requirements,
            levels: &row.level_requirements,
            knowledge: &row.required_knowledges,
            says_nothing_needed: true,
        }
    }

    /// A recipe with all that it says.
    pub fn recipe_card(&self, row: &CraftingRecipeDesc) -> Markup {
        let time = self.seconds(f64::from(row.time_requirement));
        html! {
            article class="recipe" id=(format!("recipe-{}", row.id)) {
                h3 { (self.recipe_name(row)) }
                div class="flow" {
                    (self.stacks(&Atlas::inputs(row)))
                    span class="arrow" aria-label=(self.word("makes")) { "→" }
                    (self.stacks(&Atlas::outputs(row)))
                }
                (self.asks(&self.recipe_asks(row)))
                p class="faint" {
                    @if row.is_passive {
                        (self.fill("works-alone", &[&time]))
                    } @else {
                        (self.fill("work-of", &[&self.number(f64::from(row.actions_required)), &time]))
                    }
                    @if !row.experience_per_progress.is_empty() {
                        " · " (self.word("teaches")) " " (self.experience(&row.experience_per_progress, row.actions_required))
                    }
                }
                @if !row.discovery_triggers.is_empty() {
                    p class="faint" {
                        (self.word("comes-to-mind")) " "
                        @for (index, item) in row.discovery_triggers.iter().enumerate() {
                            @if index > 0 { ", " }
                            (self.link(Kind::Item, *item))
                        }
                    }
                }
            }
        }
    }

    /// How one makes a thing: everything that goes in, down to what is gathered, and the sum of it.
    pub fn making(&self, thing: Thing) -> Option<Markup> {
        let recipe = self.plan.recipe_of_choice(self.atlas, thing)?;
        let bill = self.plan.bill(self.atlas, thing);
        let mut seen = BTreeSet::new();
        Some(html! {
            div class="making" {
                div {
                    ul class="tree" { li { (self.branch((thing, 1), Some(recipe), &mut seen)) } }
                }
                aside class="bill" {
                    h3 { (self.word("bill")) }
                    ul class="refs" {
                        @for (raw, count) in &bill.raw { li { (self.stack((*raw, *count))) } }
                    }
                    p class="faint" { (self.word("bill-note")) }
                }
            }
        })
    }

    /// So many of a thing and how they are had. Ends, since a plan never leads back.
    fn branch(&self, (thing, count): (Thing, u64), recipe: Option<i32>, seen: &mut BTreeSet<Thing>) -> Markup {
        let row = recipe.and_then(|recipe| self.atlas.recipes.get(&recipe));
        let Some(row) = row else {
            return html! { div class="leaf" { (self.stack((thing, count))) (self.origin(thing)) } };
        };
        if !seen.insert(thing) {
            let above = self.word("see-above");
            return html! { div class="leaf" { (self.stack((thing, count))) " " span class="faint" { (above) } } };
        }
        let made = Atlas::outputs(row).into_iter().filter(|(made, _)| *made == thing);
        let made: u64 = made.map(|(_, quantity)| u64::from(quantity)).sum();
        let times = count.div_ceil(made.max(1));
        let mut branches = Vec::new();
        for (input, quantity) in Atlas::inputs(row) {
            let needed = times.saturating_mul(u64::from(quantity));
            branches.push(self.branch((input, needed), self.plan.recipe(self.atlas, input), seen));
        }
        html! {
            details open {
                summary { (self.stack((thing, count))) " " (self.asks(&self.recipe_asks(row))) }
                ul class="branches" { @for branch in branches { li { (branch) } } }
            }
        }
    }

    /// Where a thing that is not made comes from, in a few words.
    fn origin(&self, thing: Thing) -> Markup {
        let Some(chosen) = self.plan.way(self.atlas, thing) else {
            return html! { " " span class="faint" { (self.word("nowhere")) } };
        };
        let word = match chosen {
            Way::Gather { .. } | Way::LastStroke { .. } => "from",
            Way::Carcass { .. } | Way::Won { .. } => "dropped-by-short",
            Way::Trade { .. } => "sold-by-short",
            Way::Chest { .. } | Way::Open { .. } => "found-in-short",
            Way::Remains { .. } => "left-of-short",
            Way::Craft { .. } | Way::Start { .. } => "carried-at-start-short",
        };
        let ways = self.atlas.ways(thing).iter();
        let same = ways.filter(|way| std::mem::discriminant(*way) == std::mem::discriminant(chosen));
        let mut sources: Vec<(Kind, i32)> = same.filter_map(|way| self.source_of(way)).collect();
        sources.dedup();
        html! {
            " " span class="origin" {
                span class="faint" { (self.word(word)) } " "
                @for (index, (kind, id)) in sources.iter().take(MAX_SOURCES).enumerate() {
                    @if index > 0 { ", " }
                    (self.link(*kind, *id))
                }
                @if sources.len() > MAX_SOURCES { " …" }
                @if let Way::Gather { extraction, .. } = chosen {
                    @if let Some(row) = self.atlas.extractions.get(extraction) {
                        " " (self.asks(&Asks { tools: &row.tool_requirements, ..Asks::default() }))
                    }
                }
            }
        }
    }

    /// The page of where a way leads from.
    pub fn source_of(&self, way: &Way) -> Option<(Kind, i32)> {
        match way {
            Way::Gather { extraction, .. } => {
                let row = self.atlas.extractions.get(extraction)?;
                Some((Kind::Resource, row.resource_id))
            }
            Way::LastStroke { resource, .. } => Some((Kind::Resource, *resource)),
            Way::Carcass { enemy, .. } | Way::Won { enemy, .. } => Some((Kind::Enemy, *enemy)),
            Way::Chest { chest, .. } => Some((Kind::Chest, *chest)),
            Way::Open { item, .. } | Way::Remains { item } => Some((Kind::Item, *item)),
            Way::Trade { order, .. } => Some((Kind::Person, self.atlas.trades.get(order)?.traveler)),
            Way::Craft { .. } | Way::Start { .. } => None,
        }
    }
}
