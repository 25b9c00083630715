//! How much content there is, beside what a game of this kind wants at least.

use crate::rules::Game;
use crate::{Report, TierTimes};

/// How many there are of a kind, and how many are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Of what.
    pub what: &'static str,
    /// How many there are.
    pub have: usize,
    /// How many there are to be at least.
    pub want: usize,
}

impl Count {
    /// Whether there are enough.
    pub fn is_met(&self) -> bool {
        self.have >= self.want
    }
}

/// What content there is.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Rows of each table, in the order of declaration.
    pub tables: Vec<(&'static str, usize)>,
    /// Of each kind that a game wants.
    pub counts: Vec<Count>,
    /// How long a player takes to each tier.
    pub tier_times: TierTimes,
}

impl Summary {
    /// Sums up what a check has read.
    pub fn of(report: &Report) -> Self {
        let game = Game::of(&report.content);
        let levels = game.skills.rows.iter().map(|skill| skill.max_level).min().unwrap_or(0);
        let tiers = game.tools.rows.iter().map(|tool| tool.level).max().unwrap_or(0);
        let count = |what, have: usize, want| Count { what, have, want };
        let number = |value: i32| usize::try_from(value).unwrap_or(0);
        Self {
            tables: report
                .content
                .tables
                .iter()
                .map(|table| (table.name, table.rows.len()))
                .collect(),
            counts: vec![
                count("tiers", number(tiers), 6),
                count(
                    "items and cargo",
                    game.items.rows.len().saturating_add(game.cargo.rows.len()),
                    250,
                ),
                count("crafting recipes", game.recipes.rows.len(), 180),
                count("resources", game.resources.rows.len(), 60),
                count("biomes", game.biomes.rows.len(), 12),
                count("enemies", game.enemies.rows.len(), 30),
                count("skills", game.skills.rows.len(), 12),
                count("levels of every skill", number(levels), 100),
                count("foods", game.foods.rows.len(), 30),
                count("tools", game.tools.rows.len(), 50),
                count("pieces of equipment", game.equipment.rows.len(), 50),
                count("people", game.npcs.rows.len(), 20),
                count("achievements", game.achievements.rows.len(), 50),
                count("languages", report.languages.len(), 2),
            ],
            tier_times: report.tier_times.clone().unwrap_or_default(),
        }
    }

    /// Whether there is enough of everything.
    pub fn is_met(&self) -> bool {
        self.counts.iter().all(Count::is_met)
    }
}
