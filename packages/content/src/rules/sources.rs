//! Everything can be had: each item, cargo, knowledge, achievement and building comes from what a new world has, by some
//! way that does not ask for itself. Only causes are reported: what is merely made of something that cannot be had is not.

use hexmarch_messages::cargo::CargoDesc;
use hexmarch_messages::inventory::ItemDesc;
use hexmarch_messages::knowledge::SecondaryKnowledgeDesc;
use hexmarch_messages::skill::SkillDesc;

use super::deeds::{reach, reach_by, Deed, Deeds, Reached, Thing, Way};
use super::tiers::cycles;
use super::{Findings, Game};

/// Cycles may hide behind cycles so often.
const MAX_ROUNDS: usize = 64;
/// Steps of a cycle that are shown.
const MAX_SHOWN: usize = 12;

pub(super) fn look(game: &Game, deeds: &Deeds, findings: &mut Findings<'_>) {
    let mut given = vec![false; deeds.things.len()];
    let mut reached = reach(deeds, &given, &[]);
    // What nothing gives.
    for (thing, has) in reached.has.iter().enumerate() {
        if !has && deeds.givers.get(thing).is_none_or(Vec::is_empty) {
            without_source(game, deeds, thing, findings);
            given.get_mut(thing).into_iter().for_each(|given| *given = true);
        }
    }
    // With that mended, what still cannot be had waits for itself.
    for _ in 0..MAX_ROUNDS {
        reached = reach(deeds, &given, &[]);
        let knots = waiting(deeds, &reached);
        if knots.is_empty() {
            break;
        }
        for knot in knots {
            cycle(game, deeds, &knot, findings);
            for thing in knot {
                given.get_mut(thing).into_iter().for_each(|given| *given = true);
            }
        }
    }
}

fn without_source(game: &Game, deeds: &Deeds, thing: usize, findings: &mut Findings<'_>) {
    let name = deeds.name(game, thing);
    match deeds.things.get(thing) {
        Some(Thing::Item(id)) => {
            let Some(row) = game.items.row_of(*id) else { return };
            let text = format!(
                "nothing yields {name}: it begins in no backpack, and no resource, enemy, chest, trader or recipe gives \
                 it; add one, or remove the item"
            );
            findings.at::<ItemDesc>(row, "id", text);
        }
        Some(Thing::Cargo(id)) => {
            let Some(row) = game.cargo.row_of(*id) else { return };
            let text = format!("nothing yields {name}: no resource, trader or recipe gives it; add one, or remove it");
            findings.at::<CargoDesc>(row, "id", text);
        }
        Some(Thing::Knowledge(id)) => {
            let Some(row) = game.knowledge.row_of(*id) else { return };
            let text = format!("no scroll teaches {name}; add a row to knowledge_scroll_desc.json, or remove it");
            findings.at::<SecondaryKnowledgeDesc>(row, "id", text);
        }
        Some(Thing::Skill(id)) => {
            let Some(row) = game.skills.row_of(*id) else { return };
            let text = format!("no work teaches {name}; add it to experience_per_progress of a recipe");
            findings.at::<SkillDesc>(row, "id", text);
        }
        // Reported where they are asked for, or where they should stand.
        _ => {}
    }
}

/// The knots of things that wait for each other.
fn waiting(deeds: &Deeds, reached: &Reached) -> Vec<Vec<usize>> {
    let lacks = |thing: usize| reached.has.get(thing) == Some(&false);
    let next: Vec<Vec<usize>> = (0..deeds.things.len())
        .map(|thing| {
            if !lacks(thing) {
                return Vec::new();
            }
            let givers = deeds.givers.get(thing).into_iter().flatten();
            let givers = givers.filter_map(|deed| deeds.list.get(*deed));
            let needs = givers.flat_map(|deed| deed.needs.iter().chain(&deed.work.each_stroke));
            needs.map(|part| part.thing).filter(|need| lacks(*need)).collect()
        })
        .collect();
    cycles(&next)
}

/// Reports a cycle at the row of its first deed.
fn cycle(game: &Game, deeds: &Deeds, knot: &[usize], findings: &mut Findings<'_>) {
    let pairs = knot.iter().zip(knot.iter().cycle().skip(1));
    let step = |(thing, need): (&usize, &usize)| -> Option<&Deed> {
        let givers = deeds
            .givers
            .get(*thing)?
            .iter()
            .filter_map(|deed| deeds.list.get(*deed));
        let mut fitting = givers.filter(|deed| {
            let mut needs = deed.needs.iter().chain(&deed.work.each_stroke);
            needs.any(|part| part.thing == *need)
        });
        fitting.next()
    };
    let steps: Vec<(&Deed, usize)> = pairs.filter_map(|pair| Some((step(pair)?, *pair.0))).collect();
    // "Is" says little: the recipe or the building on the way says where to mend it.
    let named = steps
        .iter()
        .position(|(deed, _)| !matches!(deed.way, Way::Is | Way::Read | Way::Open | Way::Found));
    let start = named.unwrap_or(0);
    let Some((first, _)) = steps.get(start) else { return };
    let chain: Vec<String> = steps
        .iter()
        .cycle()
        .skip(start)
        .take(steps.len().min(MAX_SHOWN).saturating_add(1))
        .map(|(_, thing)| deeds.name(game, *thing))
        .collect();
    let text = format!(
        "this waits for itself: {}; give one of them another source",
        chain.join(" needs ")
    );
    findings.at_row_of(first.table, first.row, "", text);
}

/// How a player comes by an item or cargo, step after step, each with the row that says so.
///
/// # Errors
/// What is wrong: there is no such item, or nothing leads to it.
pub fn path_to(game: &Game, wanted: &str) -> Result<Vec<String>, String> {
    let deeds = Deeds::of(game);
    let target = find(game, &deeds, wanted)?;
    let mut reached = reach_by(&deeds, &[], &[], |deed, thing| is_sure(&deeds, deed, thing));
    if reached.has.get(target) != Some(&true) {
        reached = reach(&deeds, &[], &[]);
    }
    if reached.has.get(target) != Some(&true) {
        return Err(format!("nothing leads to {}", deeds.name(game, target)));
    }
    let mut lines = Vec::new();
    let mut told = vec![false; deeds.list.len()];
    // What a deed needs is told before it, with a stack of its own: ways may be long.
    let mut stack = vec![(target, false)];
    while let Some((thing, needs_are_told)) = stack.pop() {
        let Some(index) = reached.deed.get(thing).copied().flatten() else {
            continue;
        };
        let Some(deed) = deeds.list.get(index) else { continue };
        if told.get(index) == Some(&true) {
            continue;
        }
        let needs = || deed.needs.iter().chain(&deed.work.each_stroke);
        if !needs_are_told {
            stack.push((thing, true));
            stack.extend(needs().rev().map(|part| (part.thing, false)));
            continue;
        }
        told.get_mut(index).into_iter().for_each(|told| *told = true);
        lines.push(line(game, &deeds, deed, thing));
    }
    let numbered = lines.into_iter().zip(1..);
    Ok(numbered
        .map(|(line, number): (String, usize)| format!("{number:>3}. {line}"))
        .collect())
}

/// Nobody is told to wait for luck where work leads to the thing.
fn is_sure(deeds: &Deeds, deed: &Deed, thing: usize) -> bool {
    let is_luck = matches!(deed.way, Way::Fight | Way::OpenChest | Way::Open);
    let mut others = deeds.givers.get(thing).into_iter().flatten();
    !is_luck || !others.any(|other| deeds.list.get(*other).is_some_and(|other| other.way == Way::Craft))
}

fn line(game: &Game, deeds: &Deeds, deed: &Deed, thing: usize) -> String {
    let what = deeds.describe(game, deed);
    let named = deeds.name(game, thing);
    let gives = if what.contains(&named) {
        String::new()
    } else {
        format!(" for {named}")
    };
    let with: Vec<String> = deed
        .needs
        .iter()
        .chain(&deed.work.each_stroke)
        .map(|part| (part, deeds.name(game, part.thing)))
        .filter(|(_, name)| !what.contains(name.as_str()))
        .map(|(part, name)| {
            if part.quantity > 1.0 {
                format!("{} x {name}", part.quantity)
            } else {
                name
            }
        })
        .collect();
    let with = if with.is_empty() {
        String::new()
    } else {
        format!(", with {}", with.join(", "))
    };
    let levels: Vec<String> = deed
        .work
        .levels
        .iter()
        .filter_map(|(skill, level)| Some(format!("{} {level}", game.skills.get(*skill)?.name)))
        .collect();
    let levels = if levels.is_empty() {
        String::new()
    } else {
        format!(", at {}", levels.join(" and "))
    };
    let key = key_of(game, deed);
    format!("{what}{gives}{with}{levels}  [{} {key}]", deed.table)
}

/// The key of a deed's row.
fn key_of(game: &Game, deed: &Deed) -> String {
    let row = deed.row;
    let key = match deed.way {
        Way::Start if deed.table.starts_with("starting") => game.starting.rows.get(row).map(|row| row.id),
        Way::Start | Way::Read => game.scrolls.rows.get(row).map(|row| row.item_id),
        Way::Found => match deed.gives.first().map(|_| deed.table) {
            Some("resource_desc") => game.resources.rows.get(row).map(|row| row.id),
            Some("enemy_desc") => game.enemies.rows.get(row).map(|row| row.enemy_type),
            Some("npc_desc") => game.npcs.rows.get(row).map(|row| row.npc_type),
            Some("loot_chest_desc") => game.chests.rows.get(row).map(|row| row.id),
            _ => game.buildings.rows.get(row).map(|row| row.id),
        },
        Way::Gather => game.extractions.rows.get(row).map(|row| row.id),
        Way::Grow => game.growths.rows.get(row).map(|row| row.id),
        Way::Plant => game.plantings.rows.get(row).map(|row| row.id),
        Way::Fight => game.enemies.rows.get(row).map(|row| row.enemy_type),
        Way::OpenChest => game.chests.rows.get(row).map(|row| row.id),
        Way::Open | Way::Break => game.items.rows.get(row).map(|row| row.id),
        Way::Buy => game.trades.rows.get(row).map(|row| row.id),
        Way::Craft => game.recipes.rows.get(row).map(|row| row.id),
        Way::Build => game.constructions.rows.get(row).map(|row| row.id),
        Way::Pave => game.pavings.rows.get(row).map(|row| row.id),
        Way::Earn => game.achievements.rows.get(row).map(|row| row.id),
        Way::Is => match deed.table {
            "tool_desc" => game.tools.rows.get(row).map(|row| row.id),
            "building_desc" => game.buildings.rows.get(row).map(|row| row.id),
            _ => game.recipes.rows.get(row).map(|row| row.id),
        },
    };
    key.map_or_else(String::new, |key| key.to_string())
}

/// An item or cargo by its id or its English name.
fn find(game: &Game, deeds: &Deeds, wanted: &str) -> Result<usize, String> {
    let (kind, wanted) = match wanted.split_once(':') {
        Some((kind, rest)) => (Some(kind), rest.trim()),
        None => (None, wanted.trim()),
    };
    let number: Option<i32> = wanted.parse().ok();
    let same = |name: &str| name.to_lowercase() == wanted.to_lowercase();
    let items = game.items.rows.iter().filter(|_| kind != Some("cargo"));
    let items = items
        .filter(|row| number == Some(row.id) || same(&row.name))
        .map(|row| Thing::Item(row.id));
    let cargo = game.cargo.rows.iter().filter(|_| kind != Some("item"));
    let cargo = cargo
        .filter(|row| number == Some(row.id) || same(&row.name))
        .map(|row| Thing::Cargo(row.id));
    let mut found = items.chain(cargo).filter_map(|thing| deeds.find(thing));
    found.next().ok_or_else(|| {
        let items = game.items.rows.iter().map(|row| row.name.as_str());
        let names = items.chain(game.cargo.rows.iter().map(|row| row.name.as_str()));
        format!(
            "there is no item or cargo '{wanted}'; {}",
            crate::check::nearest(wanted, names)
        )
    })
}
