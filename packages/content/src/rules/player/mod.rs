//! How long one player takes to each tier who does what recipes say and nothing else: gathers, makes, builds, trades,
//! fights and learns, always by the way that seems shortest at that moment. The same content gives the same hours.
//!
//! Taken for granted: what the constants of [`world`] say of walking and fighting. Left out: death, luck, company, markets
//! of players, what buffs and worn things give.

mod gear;
mod levels;
mod net;
mod pace;
mod plan;
mod play;
mod state;
mod world;

use std::collections::HashSet;

use hexmarch_messages::crafting::CraftingRecipeDesc;
use hexmarch_messages::tool::ToolDesc;

use super::deeds::{Deeds, Thing};
use super::{Findings, Game};
use play::Player;

/// Hours of play to the first tool of a tier: at least, at most.
const BANDS: [(i32, f64, f64); 5] = [
    (2, 1.0, 4.0),
    (3, 4.0, 12.0),
    (4, 10.0, 30.0),
    (5, 25.0, 80.0),
    (6, 60.0, 200.0),
];
const SECONDS_PER_HOUR: f64 = 3_600.0;

/// Hours that something took.
#[derive(Debug, Clone)]
pub struct Spent {
    /// On what.
    pub what: String,
    /// Hours.
    pub hours: f64,
}

/// When a player has the first tool of a tier.
#[derive(Debug, Clone)]
pub struct TierTime {
    /// The tier.
    pub tier: i32,
    /// Hours of play from the beginning; `None` when they never have one.
    pub hours: Option<f64>,
    /// Hours at least and at most.
    pub band: (f64, f64),
    /// The tool, or what stopped them.
    pub tool: String,
    /// What the hours since the tier before went into, the most first.
    pub spent: Vec<Spent>,
    /// Those of them that only served to learn, by skill, the most first.
    pub learned: Vec<Spent>,
}

impl TierTime {
    /// Whether it is neither too soon nor too late.
    pub fn is_in_band(&self) -> bool {
        self.hours
            .is_some_and(|hours| (self.band.0..=self.band.1).contains(&hours))
    }
}

/// When a player reaches each tier.
#[derive(Debug, Clone, Default)]
pub struct TierTimes {
    /// From tier 2 on; empty when the content has no tools.
    pub tiers: Vec<TierTime>,
}

pub(super) fn look(game: &Game, deeds: &Deeds, findings: &mut Findings<'_>) -> TierTimes {
    let times = play(game, deeds);
    for time in &times.tiers {
        let Some((row, _)) = game.tools.iter().find(|(_, tool)| tool.level == time.tier) else {
            continue;
        };
        let (least, most) = time.band;
        let text = match time.hours {
            Some(hours) if hours < least => format!(
                "a player has a tool of tier {} after {hours:.1} hours, and is to take {least} at least; make the way \
                 longer: {}",
                time.tier,
                spent(time)
            ),
            Some(hours) if hours > most => format!(
                "a player has no tool of tier {} before {hours:.1} hours, and is to take {most} at most; make the way \
                 shorter: {}",
                time.tier,
                spent(time)
            ),
            Some(_) => continue,
            None => format!(
                "a player who follows the recipes never has a tool of tier {}: they find no way to {}; add one",
                time.tier, time.tool
            ),
        };
        findings.at::<ToolDesc>(row, "level", text);
    }
    times
}

fn spent(time: &TierTime) -> String {
    let hours: Vec<String> = time
        .spent
        .iter()
        .map(|spent| format!("{} {:.1} h", spent.what, spent.hours))
        .collect();
    hours.join(", ")
}

fn play(game: &Game, deeds: &Deeds) -> TierTimes {
    let mut tiers = Vec::new();
    let mut player = Player::new(game, deeds);
    for (tier, least, most) in BANDS {
        let tools: HashSet<i32> = game
            .tools
            .rows
            .iter()
            .filter(|tool| tool.level == tier)
            .map(|tool| tool.item_id)
            .collect();
        if tools.is_empty() {
            continue;
        }
        let makes_one = |recipe: &&CraftingRecipeDesc| {
            let mut made = recipe.crafted_item_stacks.iter();
            made.any(|stack| tools.contains(&stack.item_id))
        };
        let recipes = game.recipes.rows.iter().filter(makes_one);
        let recipes: HashSet<usize> = recipes
            .filter_map(|recipe| deeds.find(Thing::Made(recipe.id)))
            .collect();
        let tool = player.first_of(&recipes).and_then(|made| made_by(game, deeds, made));
        tiers.push(TierTime {
            tier,
            hours: tool.as_ref().map(|_| player.seconds() / SECONDS_PER_HOUR),
            band: (least, most),
            tool: tool
                .clone()
                .or_else(|| player.stuck())
                .unwrap_or_else(|| "any recipe for one".to_owned()),
            spent: hours(player.take_spent()),
            learned: hours(player.take_learned()),
        });
        if tool.is_none() {
            break;
        }
    }
    TierTimes { tiers }
}

/// What a recipe makes.
fn made_by(game: &Game, deeds: &Deeds, made: usize) -> Option<String> {
    let Some(Thing::Made(recipe)) = deeds.things.get(made) else {
        return None;
    };
    let item = game.recipes.get(*recipe)?.crafted_item_stacks.first()?.item_id;
    Some(deeds.name(game, deeds.find(Thing::Item(item))?))
}

fn hours(seconds: Vec<(String, f64)>) -> Vec<Spent> {
    let mut spent: Vec<Spent> = seconds
        .into_iter()
        .map(|(what, seconds)| Spent {
            what,
            hours: seconds / SECONDS_PER_HOUR,
        })
        .collect();
    spent.sort_by(|a, b| b.hours.total_cmp(&a.hours).then_with(|| a.what.cmp(&b.what)));
    spent
}
