//! Everything that can be done in the game, as what it takes and what it gives: the rules about what can be had, about
//! money and about time look at the same list.

mod build;
mod reach;

use std::collections::HashMap;

pub(super) use reach::{reach, reach_by, Reached};

use super::Game;

/// Something that one has, knows, stands before or is able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Thing {
    Item(i32),
    Cargo(i32),
    Resource(i32),
    Enemy(i32),
    Npc(i32),
    Chest(i32),
    Building(i32),
    Knowledge(i32),
    Achievement(i32),
    /// A skill that something teaches.
    Skill(i32),
    /// A building with this function, of this tier or a higher one.
    Station {
        building_type: i32,
        tier: i32,
    },
    /// A tool of this type, at least so good.
    Tool {
        tool_type: i32,
        level: i32,
        power: i32,
    },
    /// A road of this tier or a higher one.
    Paving(i32),
    /// A recipe that has come to mind.
    Idea(i32),
    /// A recipe that was made once.
    Made(i32),
    /// A resource that was gathered from once.
    Gathered(i32),
    /// An enemy that was beaten once.
    Beaten(i32),
}

/// How a deed is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// One begins with it.
    Start,
    /// A new world has it.
    Found,
    Gather,
    Grow,
    Plant,
    Fight,
    OpenChest,
    /// An item that is opened.
    Open,
    Buy,
    Craft,
    Build,
    Pave,
    Read,
    /// An item that breaks.
    Break,
    Earn,
    /// Having one thing is having the other: an axe is a tool, a smithy a station.
    Is,
}

/// So many of a thing; 0 for a thing that is there and stays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) thing: usize,
    pub(super) quantity: f64,
}

/// The work of a deed.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    /// Units of progress; 0 for what is done at once.
    pub(super) progress: f64,
    /// Seconds of each stroke, or of the whole when it works by itself.
    pub(super) seconds: f64,
    /// Stamina of each stroke.
    pub(super) stamina: f64,
    /// Durability that each stroke takes of the tool.
    pub(super) durability_lost: f64,
    /// With what, if a tool is of use.
    pub(super) tool_type: Option<i32>,
    /// Whether it works by itself.
    pub(super) is_passive: bool,
    /// Skills, levels that are asked for.
    pub(super) levels: Vec<(i32, i32)>,
    /// Skills, points for each unit of progress.
    pub(super) experience: Vec<(i32, f64)>,
    /// Used up by each stroke.
    pub(super) each_stroke: Vec<Part>,
}

/// Something that can be done.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub(super) way: Way,
    /// The row that says so.
    pub(super) table: &'static str,
    pub(super) row: usize,
    pub(super) needs: Vec<Part>,
    pub(super) gives: Vec<Part>,
    pub(super) work: Work,
}

/// Everything that can be done.
#[derive(Debug, Default)]
pub(super) struct Deeds {
    pub(super) things: Vec<Thing>,
    index: HashMap<Thing, usize>,
    pub(super) list: Vec<Deed>,
    /// The deeds that give each thing.
    pub(super) givers: Vec<Vec<usize>>,
    /// The deeds that need each thing.
    pub(super) takers: Vec<Vec<usize>>,
}

impl Deeds {
    /// Which of the things it is, if it is any.
    pub(super) fn find(&self, thing: Thing) -> Option<usize> {
        self.index.get(&thing).copied()
    }

    fn thing(&mut self, thing: Thing) -> usize {
        let Self { things, index, .. } = self;
        *index.entry(thing).or_insert_with(|| {
            things.push(thing);
            things.len().saturating_sub(1)
        })
    }

    /// What people call a thing.
    pub(super) fn name(&self, game: &Game, thing: usize) -> String {
        let Some(thing) = self.things.get(thing).copied() else {
            return String::new();
        };
        name(game, thing)
    }

    /// What people call a deed: `Saw Birch Plank (crafting_recipe_desc 10001)`.
    pub(super) fn describe(&self, game: &Game, deed: &Deed) -> String {
        let given = deed.gives.first().map(|part| self.name(game, part.thing));
        let given = given.unwrap_or_else(|| "nothing".to_owned());
        let needed = |index: usize| {
            let part = deed.needs.get(index);
            part.map_or_else(|| "nothing".to_owned(), |part| self.name(game, part.thing))
        };
        match deed.way {
            Way::Start => format!("begin with {given}"),
            Way::Found => format!("find {given}"),
            Way::Gather => format!("gather from {}", needed(0)),
            Way::Grow => format!("wait until {} becomes {given}", needed(0)),
            Way::Plant => format!("plant {given}"),
            Way::Fight => format!("beat {}", needed(0)),
            Way::OpenChest => format!("open {}", needed(0)),
            Way::Open => format!("open {}", needed(0)),
            Way::Buy => format!("trade with {} for {given}", needed(0)),
            Way::Craft => format!("make {given}"),
            Way::Build => format!("build {given}"),
            Way::Pave => format!("lay {given}"),
            Way::Read => format!("read {}", needed(0)),
            Way::Break => format!("wear out {}", needed(0)),
            Way::Earn => format!("earn {given}"),
            Way::Is => format!("{} is {given}", needed(0)),
        }
    }
}

fn name(game: &Game, thing: Thing) -> String {
    let quoted = |name: Option<&String>, kind: &str, id: i32| match name {
        Some(name) => format!("'{name}' ({kind} {id})"),
        None => format!("{kind} {id}"),
    };
    match thing {
        Thing::Item(id) => quoted(game.items.get(id).map(|row| &row.name), "item", id),
        Thing::Cargo(id) => quoted(game.cargo.get(id).map(|row| &row.name), "cargo", id),
        Thing::Resource(id) => quoted(game.resources.get(id).map(|row| &row.name), "resource", id),
        Thing::Enemy(id) => quoted(game.enemies.get(id).map(|row| &row.name), "enemy", id),
        Thing::Npc(id) => quoted(game.npcs.get(id).map(|row| &row.name), "npc", id),
        Thing::Chest(id) => quoted(game.chests.get(id).map(|row| &row.name), "chest", id),
        Thing::Building(id) => quoted(game.buildings.get(id).map(|row| &row.name), "building", id),
        Thing::Knowledge(id) => quoted(game.knowledge.get(id).map(|row| &row.name), "knowledge", id),
        Thing::Achievement(id) => quoted(game.achievements.get(id).map(|row| &row.name), "achievement", id),
        Thing::Skill(id) => quoted(game.skills.get(id).map(|row| &row.name), "skill", id),
        Thing::Station { building_type, tier } => {
            let name = game.building_types.get(building_type).map(|row| &row.name);
            format!("a {} of tier {tier}", quoted(name, "building type", building_type))
        }
        Thing::Tool {
            tool_type,
            level,
            power,
        } => {
            let name = game.tool_types.get(tool_type).map(|row| &row.name);
            let power = if power > 1 {
                format!(" and power {power}")
            } else {
                String::new()
            };
            format!("a {} of level {level}{power}", quoted(name, "tool type", tool_type))
        }
        Thing::Paving(tier) => format!("paving of tier {tier}"),
        Thing::Idea(id) => format!(
            "the idea of {}",
            quoted(game.recipes.get(id).map(|row| &row.name), "recipe", id)
        ),
        Thing::Made(id) => format!(
            "having made {}",
            quoted(game.recipes.get(id).map(|row| &row.name), "recipe", id)
        ),
        Thing::Gathered(id) => {
            let name = game.resources.get(id).map(|row| &row.name);
            format!("having gathered from {}", quoted(name, "resource", id))
        }
        Thing::Beaten(id) => {
            let name = game.enemies.get(id).map(|row| &row.name);
            format!("having beaten {}", quoted(name, "enemy", id))
        }
    }
}
