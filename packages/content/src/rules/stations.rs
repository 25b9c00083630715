//! The station and the tools of every recipe exist, can be had on the recipe's tier, and the levels that it asks for are
//! levels of that tier.

use std::collections::HashMap;

use hexmarch_messages::construction::ConstructionRecipeDesc;
use hexmarch_messages::crafting::CraftingRecipeDesc;
use hexmarch_messages::extraction::ExtractionRecipeDesc;
use hexmarch_messages::npc::TravelerTradeOrderDesc;
use hexmarch_messages::paving::PavingTileDesc;
use hexmarch_messages::resource::ResourcePlacementRecipeDesc;
use hexmarch_messages::skill::LevelRequirement;
use hexmarch_messages::static_data::StaticRow;
use hexmarch_messages::tool::ToolRequirement;

use super::deeds::{reach, Deeds, Thing, Way};
use super::tiers::levels_of;
use super::{Findings, Game};

pub(super) fn look(game: &Game, deeds: &Deeds, findings: &mut Findings<'_>) {
    let offers = Offers::of(game);
    for (row, recipe) in game.recipes.iter() {
        // Bread of rye is baked where rye is known, though bread as such is older.
        let items = recipe.crafted_item_stacks.iter().chain(&recipe.consumed_item_stacks);
        let items = items.filter_map(|stack| Some(game.items.get(stack.item_id)?.tier));
        let cargo = recipe.crafted_cargo_stacks.iter().chain(&recipe.consumed_cargo_stacks);
        let cargo = cargo.filter_map(|stack| Some(game.cargo.get(stack.cargo_id)?.tier));
        let tier = items.chain(cargo).max();
        if recipe.crafted_item_stacks.is_empty() && recipe.crafted_cargo_stacks.is_empty() {
            let text = "the recipe makes nothing; fill in what it makes";
            findings.at::<CraftingRecipeDesc>(row, "crafted_item_stacks", text);
        }
        if recipe.consumed_item_stacks.is_empty() && recipe.consumed_cargo_stacks.is_empty() {
            let text = "the recipe makes something of nothing; fill in what it uses up";
            findings.at::<CraftingRecipeDesc>(row, "consumed_item_stacks", text);
        }
        if let Some(station) = &recipe.building_requirement {
            let best = offers.stations.get(&station.building_type).copied();
            if game.building_types.has(station.building_type) && best.is_none_or(|best| best < station.tier) {
                let text = missing_station(game, station.building_type, station.tier, best);
                findings.at::<CraftingRecipeDesc>(row, "building_requirement.building_type", text);
            } else if tier.is_some_and(|tier| station.tier > tier) {
                let text = above("a station", station.tier, tier);
                findings.at::<CraftingRecipeDesc>(row, "building_requirement.tier", text);
            }
        }
        let work = Asked {
            row,
            tier,
            tools: &recipe.tool_requirements,
            levels: &recipe.level_requirements,
        };
        work.look::<CraftingRecipeDesc>(game, &offers, findings);
    }
    for (row, recipe) in game.extractions.iter() {
        let tier = game.resources.get(recipe.resource_id).map(|resource| resource.tier);
        let work = Asked {
            row,
            tier,
            tools: &recipe.tool_requirements,
            levels: &recipe.level_requirements,
        };
        work.look::<ExtractionRecipeDesc>(game, &offers, findings);
    }
    for (row, recipe) in game.constructions.iter() {
        let functions = game
            .buildings
            .get(recipe.building_description_id)
            .map(|building| &building.functions);
        let tier = functions.and_then(|functions| functions.iter().map(|function| function.level).max());
        let work = Asked {
            row,
            tier,
            tools: &recipe.tool_requirements,
            levels: &recipe.level_requirements,
        };
        work.look::<ConstructionRecipeDesc>(game, &offers, findings);
    }
    for (row, recipe) in game.plantings.iter() {
        let tier = game
            .resources
            .get(recipe.resource_description_id)
            .map(|resource| resource.tier);
        let work = Asked {
            row,
            tier,
            tools: &recipe.tool_requirements,
            levels: &recipe.level_requirements,
        };
        work.look::<ResourcePlacementRecipeDesc>(game, &offers, findings);
    }
    for (row, paving) in game.pavings.iter() {
        let (tools, levels) = (&paving.tool_requirements, &paving.level_requirements);
        let work = Asked {
            row,
            tier: Some(paving.tier),
            tools,
            levels,
        };
        work.look::<PavingTileDesc>(game, &offers, findings);
    }
    for (row, trade) in game.trades.iter() {
        let work = Asked {
            row,
            tier: None,
            tools: &[],
            levels: &trade.level_requirements,
        };
        work.look::<TravelerTradeOrderDesc>(game, &offers, findings);
    }
    late(game, deeds, findings);
}

/// The best station of each type, and the tools of each.
struct Offers {
    stations: HashMap<i32, i32>,
    /// Level and power.
    tools: HashMap<i32, Vec<(i32, i32)>>,
}

impl Offers {
    fn of(game: &Game) -> Self {
        let mut stations: HashMap<i32, i32> = HashMap::new();
        for function in game.buildings.rows.iter().flat_map(|building| &building.functions) {
            let best = stations.entry(function.function_type).or_default();
            *best = (*best).max(function.level);
        }
        let mut tools: HashMap<i32, Vec<(i32, i32)>> = HashMap::new();
        for tool in &game.tools.rows {
            tools.entry(tool.tool_type).or_default().push((tool.level, tool.power));
        }
        Self { stations, tools }
    }
}

fn missing_station(game: &Game, building_type: i32, tier: i32, best: Option<i32>) -> String {
    let name = game
        .building_types
        .get(building_type)
        .map_or("", |row| row.name.as_str());
    let best = match best {
        Some(best) => format!("the best is of tier {best}"),
        None => "there is none at all".to_owned(),
    };
    format!("no building is a '{name}' of tier {tier}: {best}; add a building with this function, or ask for less")
}

fn above(what: &str, asked: i32, tier: Option<i32>) -> String {
    format!(
        "it asks for {what} of tier {asked}, and is work of tier {}; ask for one of that tier at most",
        tier.unwrap_or_default()
    )
}

/// What some work asks of whoever does it.
struct Asked<'a> {
    row: usize,
    /// That of what it makes or works on, where that has one.
    tier: Option<i32>,
    tools: &'a [ToolRequirement],
    levels: &'a [LevelRequirement],
}

impl Asked<'_> {
    fn look<R: StaticRow>(&self, game: &Game, offers: &Offers, findings: &mut Findings<'_>) {
        for (index, tool) in self.tools.iter().enumerate() {
            let path = format!("tool_requirements[{index}].tool_type");
            let Some(tool_type) = game.tool_types.get(tool.tool_type) else {
                continue;
            };
            let tools = offers.tools.get(&tool.tool_type).map_or(&[][..], Vec::as_slice);
            if !tools
                .iter()
                .any(|(level, power)| *level >= tool.level && *power >= tool.power)
            {
                let text = format!(
                    "no '{}' is of level {} and power {}; add such a tool, or ask for less",
                    tool_type.name, tool.level, tool.power
                );
                findings.at::<R>(self.row, &path, text);
            } else if self.tier.is_some_and(|tier| tool.level > tier) {
                let path = format!("tool_requirements[{index}].level");
                findings.at::<R>(self.row, &path, above("a tool", tool.level, self.tier));
            }
        }
        for (index, level) in self.levels.iter().enumerate() {
            let path = format!("level_requirements[{index}].level");
            let Some(skill) = game.skills.get(level.skill_id) else {
                continue;
            };
            if level.level > skill.max_level {
                let text = format!("'{}' ends at level {}; ask for less", skill.name, skill.max_level);
                findings.at::<R>(self.row, &path, text);
                continue;
            }
            let Some(tier) = self.tier else { continue };
            let (_, most) = levels_of(tier);
            if level.level > most {
                let text = format!(
                    "it asks for level {} of '{}', and is work of tier {tier}, whose levels end at {most}; ask for less",
                    level.level, skill.name
                );
                findings.at::<R>(self.row, &path, text);
            }
        }
    }
}

/// Whatever is only made of things of higher tiers than its own.
fn late(game: &Game, deeds: &Deeds, findings: &mut Findings<'_>) {
    let tier_of = |thing: usize| -> usize {
        let tier = match deeds.things.get(thing) {
            Some(Thing::Item(id)) => game.items.get(*id).map(|row| row.tier),
            Some(Thing::Cargo(id)) => game.cargo.get(*id).map(|row| row.tier),
            Some(Thing::Station { tier, .. }) => Some(*tier),
            Some(Thing::Tool { level, .. }) => Some(*level),
            _ => None,
        };
        tier.and_then(|tier| usize::try_from(tier).ok()).unwrap_or(0)
    };
    let own: Vec<usize> = (0..deeds.things.len()).map(tier_of).collect();
    let reached = reach(deeds, &[], &own);
    let own_tier = |thing: usize| own.get(thing).copied().unwrap_or(0);
    for (thing, round) in reached.round.iter().copied().enumerate() {
        let tier = own_tier(thing);
        if tier == 0 || round <= tier {
            continue;
        }
        let Some(deed) = reached
            .deed
            .get(thing)
            .copied()
            .flatten()
            .and_then(|index| deeds.list.get(index))
        else {
            continue;
        };
        // What is found or won above its tier is a find; what is made above it is a mistake.
        if deed.way != Way::Craft {
            continue;
        }
        let culprit = deed
            .needs
            .iter()
            .map(|part| part.thing)
            .find(|need| own_tier(*need) > tier);
        if let Some(culprit) = culprit {
            let text = format!(
                "{} is of tier {tier}, and making it needs {} of tier {}; use things of tier {tier} at most, or raise its tier",
                deeds.name(game, thing),
                deeds.name(game, culprit),
                own_tier(culprit)
            );
            findings.at_row_of(deed.table, deed.row, "", text);
        }
    }
}
