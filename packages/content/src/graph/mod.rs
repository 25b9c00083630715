//! What makes what, as SVG: everything that one thing takes, down to what is gathered, or the whole game at a glance.
//!
//! What it promises: what is raw is on the left and the product on the right; every ingredient is named, with the
//! stations and tools between; no text lies on another; the same content gives the same picture.

mod draw;
mod figure;
mod layout;
mod overview;
mod text;

use std::collections::BTreeMap;

use hexmarch_messages::tool::ToolRequirement;
use maud::Markup;

pub use figure::Figure;

use crate::atlas::{Atlas, Language, Plan, Thing, Way};
use figure::{Node, Shape, Style};

/// Ways to make the product that are shown beside the best.
const MAX_ALTERNATIVES: usize = 3;
/// Sources of a raw thing that are named.
const MAX_SOURCES: usize = 3;
/// Tiers that have a colour and a name.
const TIERS: i32 = 6;

/// Where a click on a thing leads, if anywhere.
pub type Links<'a> = &'a dyn Fn(Thing) -> Option<String>;

/// What graphs are drawn of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What there is.
    pub atlas: &'a Atlas,
    /// How it is had.
    pub plan: &'a Plan,
    /// What it is called.
    pub language: &'a Language,
}

/// A figure as an SVG file.
pub fn svg_file(figure: &Figure) -> String {
    draw::file(figure)
}

/// A figure within a page.
pub fn svg_inline(figure: &Figure) -> Markup {
    draw::inline(figure)
}

/// The whole game: families of things, and what they are made of.
pub fn overview(source: Source<'_>) -> Figure {
    overview::figure(source)
}

/// Everything that one thing takes.
pub fn of_thing(source: Source<'_>, product: Thing, links: Links<'_>) -> Figure {
    let mut tree = Tree {
        source,
        links,
        nodes: Vec::new(),
        known: BTreeMap::new(),
    };
    tree.product(product);
    let tiers: Vec<i32> = tree.nodes.iter().filter_map(|node| node.tier).collect();
    let language = source.language;
    let title = language.fill("graph-title", &[&language.thing(source.atlas, product)]);
    let notes = [language.word("graph-note")];
    Figure::new(title, &tree.nodes, &legend(language, &tiers), &notes)
}

/// The tiers that are shown, with their names.
fn legend(language: &Language, tiers: &[i32]) -> Vec<(i32, String)> {
    let shown = (1..=TIERS).filter(|tier| tiers.contains(tier));
    shown.map(|tier| (tier, language.tier(tier))).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Product,
    Thing(Thing),
    Step(i32),
    Source(Thing),
}

struct Tree<'a> {
    source: Source<'a>,
    links: Links<'a>,
    nodes: Vec<Node>,
    known: BTreeMap<Part, usize>,
}

impl Tree<'_> {
    fn add(&mut self, part: Part, node: Node) -> usize {
        let at = self.nodes.len();
        self.nodes.push(node);
        self.known.insert(part, at);
        at
    }

    fn card(&self, shape: Shape, thing: Thing) -> Node {
        let Source { atlas, language, .. } = self.source;
        let tier = atlas.tier(thing);
        let mut node = Node::new(shape, Some(tier), &language.thing(atlas, thing));
        node.say(Style::Note, &language.tier(tier));
        node.href = (self.links)(thing);
        node
    }

    fn product(&mut self, product: Thing) {
        let Source { atlas, plan, .. } = self.source;
        let at = self.add(Part::Product, self.card(Shape::Product, product));
        let mut recipes: Vec<i32> = plan.recipe_of_choice(atlas, product).into_iter().collect();
        for way in atlas.ways(product) {
            if let Way::Craft { recipe, .. } = way {
                if !recipes.contains(recipe) && recipes.len() <= MAX_ALTERNATIVES {
                    recipes.push(*recipe);
                }
            }
        }
        let is_raw = recipes.is_empty();
        let mut inputs: Vec<(usize, u32)> = recipes
            .into_iter()
            .filter_map(|recipe| self.step(recipe, product))
            .collect();
        if is_raw {
            inputs.extend(self.origin(product));
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.inputs = inputs;
        }
    }

    /// A thing that something else needs. Ends, since what a plan makes is dearer than what it is made of.
    fn thing(&mut self, thing: Thing) -> usize {
        if let Some(at) = self.known.get(&Part::Thing(thing)) {
            return *at;
        }
        let Source { atlas, plan, .. } = self.source;
        let at = self.add(Part::Thing(thing), self.card(Shape::Thing, thing));
        let input = match plan.recipe(atlas, thing) {
            Some(recipe) => self.step(recipe, thing),
            None => self.origin(thing),
        };
        if let Some(node) = self.nodes.get_mut(at) {
            node.inputs = input.into_iter().collect();
        }
        at
    }

    fn step(&mut self, recipe: i32, makes: Thing) -> Option<(usize, u32)> {
        if let Some(at) = self.known.get(&Part::Step(recipe)) {
            return Some((*at, 0));
        }
        let Source { atlas, language, .. } = self.source;
        let row = atlas.recipes.get(&recipe)?;
        let station = row.building_requirement.as_ref();
        let place = station.map(|station| language.station(atlas, station.building_type, station.tier));
        let mut node = Node::new(Shape::Step, None, &place.unwrap_or_else(|| language.word("anywhere")));
        node.say(Style::Note, &tools(self.source, &row.tool_requirements));
        let made = Atlas::outputs(row).into_iter().find(|(made, _)| *made == makes);
        if let Some((_, quantity @ 2..)) = made {
            node.say(Style::Note, &language.fill("makes-count", &[&quantity.to_string()]));
        }
        let at = self.add(Part::Step(recipe), node);
        let mut inputs: Vec<(usize, u32)> = Vec::new();
        for (thing, quantity) in Atlas::inputs(row) {
            inputs.push((self.thing(thing), quantity));
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.inputs = inputs;
        }
        Some((at, 0))
    }

    /// Where a thing that is not made comes from.
    fn origin(&mut self, thing: Thing) -> Option<(usize, u32)> {
        let Source { atlas, plan, .. } = self.source;
        let (heading, mut names, tools) = origins(self.source, thing, plan.way(atlas, thing)?);
        names.dedup();
        let mut node = Node::new(Shape::Source, None, &heading);
        for name in names.iter().take(MAX_SOURCES) {
            node.say(Style::Note, name);
        }
        if names.len() > MAX_SOURCES {
            let more = names.len().saturating_sub(MAX_SOURCES).to_string();
            node.say(Style::Note, &self.source.language.fill("more-count", &[&more]));
        }
        if let Some(tools) = tools {
            node.say(Style::Note, &tools);
        }
        Some((self.add(Part::Source(thing), node), 0))
    }
}

/// What one does to have a thing, from what, and with what tools.
fn origins(source: Source<'_>, thing: Thing, chosen: &Way) -> (String, Vec<String>, Option<String>) {
    let Source { atlas, language, .. } = source;
    let ways = atlas.ways(thing).iter();
    let same = ways.filter(|way| std::mem::discriminant(*way) == std::mem::discriminant(chosen));
    let extraction = |way: &Way| match way {
        Way::Gather { extraction, .. } => atlas.extractions.get(extraction),
        _ => None,
    };
    let names = same.filter_map(|way| match way {
        Way::Gather { .. } => extraction(way).map(|row| language.resource(atlas, row.resource_id)),
        Way::LastStroke { resource, .. } => Some(language.resource(atlas, *resource)),
        Way::Carcass { enemy, .. } | Way::Won { enemy, .. } => Some(language.enemy(atlas, *enemy)),
        Way::Chest { chest, .. } => Some(language.chest(atlas, *chest)),
        Way::Open { item, .. } | Way::Remains { item } => Some(language.thing(atlas, Thing::Item(*item))),
        Way::Trade { order, .. } => atlas.trades.get(order).map(|order| language.npc(atlas, order.traveler)),
        Way::Craft { .. } | Way::Start { .. } => None,
    });
    let names: Vec<String> = names.collect();
    let heading = match chosen {
        Way::Gather { .. } | Way::LastStroke { .. } => "gathered-from",
        Way::Carcass { .. } | Way::Won { .. } => "dropped-by",
        Way::Chest { .. } | Way::Open { .. } => "found-in",
        Way::Remains { .. } => "left-of",
        Way::Trade { .. } => "sold-by",
        Way::Start { .. } | Way::Craft { .. } => "carried-at-start",
    };
    let tools = extraction(chosen).filter(|row| !row.tool_requirements.is_empty());
    let tools = tools.map(|row| tools_text(source, &row.tool_requirements));
    (language.word(heading), names, tools)
}

fn tools(source: Source<'_>, required: &[ToolRequirement]) -> String {
    if required.is_empty() {
        return source.language.word("bare-hands");
    }
    tools_text(source, required)
}

fn tools_text(source: Source<'_>, required: &[ToolRequirement]) -> String {
    let name = |tool: &ToolRequirement| source.language.tool(source.atlas, tool.tool_type, tool.level);
    required.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
