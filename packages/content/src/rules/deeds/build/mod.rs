//! The list of deeds, from the rows: what builds it, and what all rows have in common.

mod making;
mod people;
mod world;

use std::collections::{BTreeSet, HashMap};

use hexmarch_messages::cargo::CargoStack;
use hexmarch_messages::inventory::ItemStack;
use hexmarch_messages::loot::ProbabilisticItemStack;
use hexmarch_messages::skill::{ExperienceStackF32, LevelRequirement};
use hexmarch_messages::static_data::StaticRow;
use hexmarch_messages::tool::ToolRequirement;

use super::super::Game;
use super::{Deed, Deeds, Part, Thing, Way, Work};

/// A thing and how many of it, before it is known by number.
type Wanted = (Thing, f64);

struct Builder<'a> {
    game: &'a Game,
    deeds: Deeds,
    /// What opening a list yields on average, once reckoned.
    lists: HashMap<i32, Vec<Wanted>>,
    stations: BTreeSet<(i32, i32)>,
    tools: BTreeSet<(i32, i32, i32)>,
}

impl Deeds {
    /// Everything that can be done in this game.
    pub(in super::super) fn of(game: &Game) -> Self {
        let mut builder = Builder {
            game,
            deeds: Self::default(),
            lists: HashMap::new(),
            stations: BTreeSet::new(),
            tools: BTreeSet::new(),
        };
        builder.every_thing();
        builder.start_and_world();
        builder.resources();
        builder.fights();
        builder.items();
        builder.recipes();
        builder.people();
        builder.tools_and_stations();
        let mut deeds = builder.deeds;
        deeds.givers = vec![Vec::new(); deeds.things.len()];
        deeds.takers = vec![Vec::new(); deeds.things.len()];
        for (index, deed) in deeds.list.iter().enumerate() {
            for part in &deed.gives {
                deeds
                    .givers
                    .get_mut(part.thing)
                    .into_iter()
                    .for_each(|givers| givers.push(index));
            }
            for part in deed.needs.iter().chain(&deed.work.each_stroke) {
                deeds
                    .takers
                    .get_mut(part.thing)
                    .into_iter()
                    .for_each(|takers| takers.push(index));
            }
        }
        deeds
    }
}

impl Builder<'_> {
    /// Whether the row is there; what is not was reported, and counts for met.
    fn exists(&self, thing: Thing) -> bool {
        let game = self.game;
        match thing {
            Thing::Item(id) => game.items.has(id),
            Thing::Cargo(id) => game.cargo.has(id),
            Thing::Resource(id) | Thing::Gathered(id) => game.resources.has(id),
            Thing::Enemy(id) | Thing::Beaten(id) => game.enemies.has(id),
            Thing::Npc(id) => game.npcs.has(id),
            Thing::Chest(id) => game.chests.has(id),
            Thing::Building(id) => game.buildings.has(id),
            Thing::Knowledge(id) => game.knowledge.has(id),
            Thing::Achievement(id) => game.achievements.has(id),
            Thing::Skill(id) => game.skills.has(id),
            Thing::Idea(id) | Thing::Made(id) => game.recipes.has(id),
            Thing::Station { building_type, .. } => game.building_types.has(building_type),
            Thing::Tool { tool_type, .. } => game.tool_types.has(tool_type),
            Thing::Paving(_) => true,
        }
    }

    fn parts(&mut self, wanted: impl IntoIterator<Item = Wanted>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (thing, quantity) in wanted {
            if !self.exists(thing) {
                continue;
            }
            let thing = self.deeds.thing(thing);
            match parts.iter_mut().find(|part| part.thing == thing) {
                Some(part) => part.quantity += quantity,
                None => parts.push(Part { thing, quantity }),
            }
        }
        parts
    }

    fn add<R: StaticRow>(&mut self, way: Way, row: usize, needs: Vec<Wanted>, gives: Vec<Wanted>, work: Work) {
        let skills = work.experience.iter().filter(|(_, points)| *points > 0.0);
        let taught: Vec<Wanted> = skills.map(|(skill, _)| (Thing::Skill(*skill), 0.0)).collect();
        // Everyone begins on level 1.
        let trained = work.levels.iter().filter(|(_, level)| *level > 1);
        let trained: Vec<Wanted> = trained.map(|(skill, _)| (Thing::Skill(*skill), 0.0)).collect();
        let needs = self.parts(needs.into_iter().chain(trained));
        let gives = self.parts(gives.into_iter().chain(taught));
        self.deeds.list.push(Deed {
            way,
            table: R::TABLE,
            row,
            needs,
            gives,
            work,
        });
    }

    /// So that things which nothing gives are known as well.
    fn every_thing(&mut self) {
        let game = self.game;
        let items = game.items.rows.iter().map(|row| Thing::Item(row.id));
        let cargo = game.cargo.rows.iter().map(|row| Thing::Cargo(row.id));
        let buildings = game.buildings.rows.iter().map(|row| Thing::Building(row.id));
        let knowledge = game.knowledge.rows.iter().map(|row| Thing::Knowledge(row.id));
        let achievements = game.achievements.rows.iter().map(|row| Thing::Achievement(row.id));
        let skills = game.skills.rows.iter().map(|row| Thing::Skill(row.id));
        for thing in items
            .chain(cargo)
            .chain(buildings)
            .chain(knowledge)
            .chain(achievements)
            .chain(skills)
        {
            self.deeds.thing(thing);
        }
    }

    fn tools(&mut self, required: &[ToolRequirement]) -> Vec<Wanted> {
        let wanted = required.iter().map(|tool| {
            let ToolRequirement {
                tool_type,
                level,
                power,
            } = *tool;
            self.tools.insert((tool_type, level, power));
            (
                Thing::Tool {
                    tool_type,
                    level,
                    power,
                },
                0.0,
            )
        });
        wanted.collect()
    }
}

fn items(stacks: &[ItemStack]) -> Vec<Wanted> {
    stacks
        .iter()
        .map(|stack| (Thing::Item(stack.item_id), stack.quantity.into()))
        .collect()
}

fn cargo(stacks: &[CargoStack]) -> Vec<Wanted> {
    stacks
        .iter()
        .map(|stack| (Thing::Cargo(stack.cargo_id), stack.quantity.into()))
        .collect()
}

fn chances(stacks: &[ProbabilisticItemStack], times: f64) -> Vec<Wanted> {
    let chance = |stack: &ProbabilisticItemStack| f64::from(stack.probability) * times;
    let wanted = stacks.iter().map(|stack| {
        let quantity = f64::from(stack.item_stack.quantity) * chance(stack);
        (Thing::Item(stack.item_stack.item_id), quantity)
    });
    wanted.collect()
}

fn knowledge(ids: &[i32]) -> impl Iterator<Item = Wanted> + '_ {
    ids.iter().map(|id| (Thing::Knowledge(*id), 0.0))
}

fn levels(required: &[LevelRequirement]) -> Vec<(i32, i32)> {
    required.iter().map(|level| (level.skill_id, level.level)).collect()
}

fn experience(stacks: &[ExperienceStackF32]) -> Vec<(i32, f64)> {
    stacks
        .iter()
        .map(|stack| (stack.skill_id, stack.quantity.into()))
        .collect()
}
