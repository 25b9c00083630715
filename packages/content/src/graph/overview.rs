//! The whole game at a glance: families of things by tier, and what goes into what.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{Figure, Node, Shape, Style};
use super::layout::without_circles;
use super::{legend, Source};
use crate::atlas::{stacks, Atlas, Thing, Way};

/// Entries of a family that are listed.
const MAX_ENTRIES: usize = 9;
/// Things of so many tiers with neighbouring numbers are a family.
const MIN_TIERS: usize = 3;
/// Least letters that names of a family have in common.
const MIN_COMMON: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    /// A material, tier by tier.
    Line(String, i32),
    /// Things of a kind.
    Kind(String),
    /// Cargo of a kind.
    Cargo(String),
    /// Tools, food and the like: the word for it.
    Role(&'static str),
}

pub(super) fn figure(source: Source<'_>) -> Figure {
    let Source { atlas, language, .. } = source;
    let families = families(atlas);
    let mut members: BTreeMap<Family, Vec<Thing>> = BTreeMap::new();
    for (thing, family) in &families {
        members.entry(family.clone()).or_default().push(*thing);
    }
    let edges = edges(atlas, &families);
    let shown: BTreeSet<&Family> = edges.iter().flat_map(|(from, to)| [from, to]).collect();
    let shown: Vec<&Family> = shown.into_iter().collect();
    let name = |family: &Family| {
        let things = members.get(family).map_or(&[][..], Vec::as_slice);
        title(source, family, things)
    };
    let place = |family: &Family| shown.binary_search(&family).ok();
    let pairs: Vec<(usize, usize)> = edges
        .iter()
        .filter_map(|(from, to)| Some((place(from)?, place(to)?)))
        .collect();
    let pairs = nearest(shown.len(), &pairs);
    let mut nodes = Vec::new();
    for (at, family) in shown.iter().enumerate() {
        let things = members.get(*family).map_or(&[][..], Vec::as_slice);
        let mut node = card(source, family, things);
        let made_of = edges.iter().filter(|(_, to)| to == *family).map(|(from, _)| name(from));
        let made_of: BTreeSet<String> = made_of.collect();
        if !made_of.is_empty() {
            let made_of: Vec<String> = made_of.into_iter().collect();
            node.say(Style::Note, &language.fill("made-of", &[&made_of.join(", ")]));
        }
        node.is_vivid = true;
        node.inputs = pairs
            .iter()
            .filter(|(_, to)| *to == at)
            .map(|(from, _)| (*from, 0))
            .collect();
        nodes.push(node);
    }
    let tiers: Vec<i32> = atlas.things().map(|thing| atlas.tier(thing)).collect();
    let notes = [language.word("overview-note")];
    Figure::new(
        language.word("overview-title"),
        &nodes,
        &legend(language, &tiers),
        &notes,
    )
}

fn families(atlas: &Atlas) -> BTreeMap<Thing, Family> {
    let role = |id: i32| {
        let roles = [
            (atlas.tools.contains_key(&id), "kind-tools"),
            (atlas.weapons.contains_key(&id), "kind-weapons"),
            (atlas.equipment.contains_key(&id), "kind-equipment"),
            (atlas.foods.contains_key(&id), "kind-food"),
            (atlas.scrolls.contains_key(&id), "kind-writings"),
        ];
        roles.into_iter().find(|(is_it, _)| *is_it).map(|(_, word)| word)
    };
    let mut lines: BTreeMap<(&str, i32), BTreeSet<i32>> = BTreeMap::new();
    for item in atlas.items.values().filter(|item| role(item.id).is_none()) {
        lines.entry((&item.tag, item.id / 10)).or_default().insert(item.tier);
    }
    let items = atlas.items.values().map(|item| {
        let is_line = lines
            .get(&(item.tag.as_str(), item.id / 10))
            .is_some_and(|tiers| tiers.len() >= MIN_TIERS);
        let family = match role(item.id) {
            Some(role) => Family::Role(role),
            None if is_line => Family::Line(item.tag.clone(), item.id / 10),
            None => Family::Kind(item.tag.clone()),
        };
        (Thing::Item(item.id), family)
    });
    let cargo = atlas
        .cargo
        .values()
        .map(|cargo| (Thing::Cargo(cargo.id), Family::Cargo(cargo.tag.clone())));
    items.chain(cargo).collect()
}

/// Which family goes into which.
fn edges(atlas: &Atlas, families: &BTreeMap<Thing, Family>) -> BTreeSet<(Family, Family)> {
    let mut edges = BTreeSet::new();
    let mut connect = |inputs: &[(Thing, u32)], outputs: &[Family]| {
        for from in inputs.iter().filter_map(|(thing, _)| families.get(thing)) {
            for to in outputs.iter().filter(|to| *to != from) {
                edges.insert((from.clone(), to.clone()));
            }
        }
    };
    for row in atlas.recipes.values() {
        let outputs = Atlas::outputs(row)
            .into_iter()
            .filter_map(|(thing, _)| families.get(&thing).cloned());
        connect(&Atlas::inputs(row), &outputs.collect::<Vec<_>>());
    }
    for row in atlas.constructions.values() {
        let inputs = stacks(&row.consumed_item_stacks, &row.consumed_cargo_stacks);
        connect(&inputs, &[Family::Role("kind-buildings")]);
    }
    edges
}

/// What a family is called.
fn title(source: Source<'_>, family: &Family, things: &[Thing]) -> String {
    let Source { atlas, language, .. } = source;
    let names: Vec<String> = things.iter().map(|thing| language.thing(atlas, *thing)).collect();
    match family {
        Family::Line(tag, _) => common_end(&names).unwrap_or_else(|| language.tag(tag)),
        Family::Kind(tag) | Family::Cargo(tag) => language.tag(tag),
        Family::Role(word) => language.word(word),
    }
}

fn card(source: Source<'_>, family: &Family, things: &[Thing]) -> Node {
    let Source { atlas, language, .. } = source;
    let mut node = Node::new(Shape::Family, None, &title(source, family, things));
    if let Some(origin) = origin(source, things) {
        node.say(Style::Note, &origin);
    }
    let mut entries: Vec<(i32, String)> = match family {
        Family::Role(_) => groups(source, things),
        _ => things
            .iter()
            .map(|thing| (atlas.tier(*thing), language.thing(atlas, *thing)))
            .collect(),
    };
    if *family == Family::Role("kind-buildings") {
        let types = atlas.building_types.keys();
        entries = types.map(|id| (1, language.building_type(atlas, *id))).collect();
    }
    entries.sort();
    for (tier, entry) in entries.iter().take(MAX_ENTRIES) {
        node.say(Style::Entry(*tier), entry);
    }
    if entries.len() > MAX_ENTRIES {
        let more = entries.len().saturating_sub(MAX_ENTRIES).to_string();
        node.say(Style::Note, &language.fill("more-count", &[&more]));
    }
    node
}

/// The edges that no longer way stands for, none that closes a circle: the cards say the rest.
fn nearest(count: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let edges = without_circles(count, edges);
    let is_implied = |from: usize, to: usize| {
        let after = |at: usize| edges.iter().filter(move |(other, _)| *other == at).map(|(_, to)| *to);
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut open: Vec<usize> = after(from).filter(|next| *next != to).collect();
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                open.extend(after(at));
            }
        }
        seen.contains(&to)
    };
    edges
        .iter()
        .copied()
        .filter(|(from, to)| !is_implied(*from, *to))
        .collect()
}

/// Kinds within a family, each with its lowest tier.
fn groups(source: Source<'_>, things: &[Thing]) -> Vec<(i32, String)> {
    let Source { atlas, language, .. } = source;
    let mut groups: BTreeMap<String, i32> = BTreeMap::new();
    for thing in things {
        let name = match thing {
            Thing::Item(id) => match (atlas.tools.get(id), atlas.weapons.get(id), atlas.items.get(id)) {
                (Some(tool), _, _) => language.tool_type(atlas, tool.tool_type),
                (_, Some(weapon), _) => language.weapon_type(atlas, weapon.weapon_type),
                (_, _, Some(item)) => language.tag(&item.tag),
                _ => continue,
            },
            Thing::Cargo(_) => language.thing(atlas, *thing),
        };
        let tier = atlas.tier(*thing);
        groups
            .entry(name)
            .and_modify(|least| *least = tier.min(*least))
            .or_insert(tier);
    }
    groups.into_iter().map(|(name, tier)| (tier, name)).collect()
}

/// At which stations things are made, or that they are gathered.
fn origin(source: Source<'_>, things: &[Thing]) -> Option<String> {
    let Source { atlas, plan, language } = source;
    let mut words: BTreeSet<String> = BTreeSet::new();
    for thing in things {
        let word = match plan.way(atlas, *thing) {
            Some(Way::Craft { recipe, .. }) => {
                let station = atlas
                    .recipes
                    .get(recipe)
                    .and_then(|row| row.building_requirement.as_ref());
                station.map_or_else(
                    || language.word("anywhere"),
                    |station| language.building_type(atlas, station.building_type),
                )
            }
            Some(Way::Gather { .. } | Way::LastStroke { .. }) => language.word("gathered"),
            Some(Way::Carcass { .. } | Way::Won { .. }) => language.word("from-enemies"),
            Some(Way::Trade { .. }) => language.word("traded"),
            Some(_) => language.word("found"),
            None => continue,
        };
        words.insert(word);
    }
    (!words.is_empty()).then(|| words.into_iter().collect::<Vec<_>>().join(" · "))
}

/// The longest end that at least half of the names share, as "Plank" of "Pale Plank" and "Alder Plank".
fn common_end(names: &[String]) -> Option<String> {
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        for (at, _) in name.char_indices() {
            let Some(end) = name.get(at..) else { continue };
            if end.trim().chars().count() >= MIN_COMMON && !end.starts_with(' ') && is_whole(name, at) {
                let count = ends.entry(end.to_lowercase()).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    let common = ends
        .into_iter()
        .filter(|(_, count)| count.saturating_mul(2) >= names.len().max(3));
    let (end, _) = common.max_by_key(|(end, count)| (*count, end.len()))?;
    let mut letters = end.chars();
    let first = letters.next()?.to_uppercase().to_string();
    Some(format!("{first}{}", letters.as_str()))
}

/// Whether a word of the name begins here. Compounds are not taken apart: that takes a dictionary.
fn is_whole(name: &str, at: usize) -> bool {
    name.get(..at)
        .is_some_and(|before| before.is_empty() || before.ends_with([' ', '-', '\'']))
}

#[cfg(test)]
mod tests {
    use super::common_end;

    #[test]
    fn families_are_called_what_their_members_share() {
        let check = |names: &[&str], expected: Option<&str>| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(common_end(&names).as_deref(), expected, "{names:?}");
        };
        check(&["Pale Plank", "Alder Plank", "Ring Oak Plank", "Beam"], Some("Plank"));
        check(&["Flint", "Bog Iron", "Cold Iron", "Ember Ore", "Shard"], None);
        check(&["One"], None);
        check(&[], None);
    }
}
