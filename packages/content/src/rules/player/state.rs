//! A player as they are: what a plan looks at.

use std::collections::HashMap;

use super::super::deeds::{Deed, Deeds, Thing, Way};
use super::super::Game;
use super::plan::{Goal, Ground, Levels, Situation};
use super::world::{World, HANDLING_SECONDS};

/// Less than this of a thing is none.
pub(super) const NOTHING: f64 = 1e-6;
/// A plan counts waiting for so little: one does other things meanwhile.
const WAITING_WEIGHT: f64 = 0.05;

/// Everything about the player that a plan looks at.
pub(super) struct State<'a> {
    pub(super) deeds: &'a Deeds,
    pub(super) world: World<'a>,
    pub(super) levels: Levels,
    /// How many of each thing.
    pub(super) have: Vec<f64>,
    /// Which of the things that stay.
    pub(super) lasting: Vec<bool>,
    /// Points of each skill.
    pub(super) points: HashMap<i32, f64>,
    /// Tools at hand by type: power, level, the item.
    pub(super) tools: HashMap<i32, Vec<(i32, i32, usize)>>,
    /// The weakest power of tools that meet each wanted tool.
    pub(super) assumed: HashMap<usize, f64>,
    /// Deeds that are not theirs to do.
    pub(super) forbidden: Vec<bool>,
    pub(super) weapon: Option<i32>,
    /// Seconds of walking that doing each deed once takes.
    walks: Vec<f64>,
}

/// What a deed takes, once.
pub(super) struct Duration {
    pub(super) work: f64,
    pub(super) walk: f64,
    pub(super) rest: f64,
    pub(super) strokes: f64,
    pub(super) waiting: f64,
}

impl<'a> State<'a> {
    /// Somebody who has nothing.
    pub(super) fn new(game: &'a Game, deeds: &'a Deeds) -> Self {
        let world = World::of(game);
        Self {
            deeds,
            walks: deeds.list.iter().map(|deed| world.walk(deeds, deed)).collect(),
            world,
            levels: Levels::of(deeds),
            have: vec![0.0; deeds.things.len()],
            lasting: vec![false; deeds.things.len()],
            points: HashMap::new(),
            tools: HashMap::new(),
            assumed: assumed_power(game, deeds),
            forbidden: forbidden(deeds),
            weapon: None,
        }
    }

    pub(super) fn ground(&self, deeds: &'a Deeds) -> Ground<'_, Self> {
        let levels = &self.levels;
        Ground {
            deeds,
            levels,
            situation: self,
        }
    }

    pub(super) fn level(&self, skill: i32) -> i32 {
        self.world.level(self.points.get(&skill).copied().unwrap_or(0.0))
    }

    fn power(&self, deed: &Deed) -> f64 {
        let Some(tool_type) = deed.work.tool_type else {
            return self.world.hand_power;
        };
        let owned = self
            .tools
            .get(&tool_type)
            .into_iter()
            .flatten()
            .map(|(power, ..)| *power)
            .max();
        let assumed = deed.needs.iter().find_map(|part| {
            let wanted = self.lasting.get(part.thing) == Some(&false);
            self.assumed.get(&part.thing).copied().filter(|_| wanted)
        });
        assumed.or(owned.map(f64::from)).unwrap_or(self.world.hand_power)
    }

    pub(super) fn duration(&self, index: usize, deed: &Deed) -> Duration {
        let walk = self.walks.get(index).copied().unwrap_or(0.0);
        let work = &deed.work;
        if work.is_passive {
            let waiting = work.seconds + self.world.restock(deed);
            return Duration {
                work: HANDLING_SECONDS,
                walk,
                rest: 0.0,
                strokes: 0.0,
                waiting,
            };
        }
        if deed.way == Way::Fight {
            let seconds = self.world.fight(work.progress, self.weapon);
            return Duration {
                work: seconds,
                walk,
                rest: 0.0,
                strokes: 0.0,
                waiting: 0.0,
            };
        }
        let level = work.experience.first().map_or(1, |(skill, _)| self.level(*skill));
        let mut strokes = work.progress / self.world.stroke(self.power(deed), level);
        if deed.way != Way::Gather {
            strokes = strokes.ceil();
        }
        Duration {
            work: strokes * work.seconds,
            walk,
            rest: strokes * work.stamina * self.world.rest,
            strokes,
            waiting: self.world.restock(deed),
        }
    }

    /// Whether a goal that stays is there, or an item at hand.
    pub(super) fn is_met(&self, goal: Goal) -> bool {
        if let Some((skill, level)) = self.levels.level(goal) {
            return self.level(skill) >= level;
        }
        match self.deeds.things.get(goal) {
            Some(Thing::Skill(_)) => true,
            Some(Thing::Item(_) | Thing::Cargo(_) | Thing::Building(_) | Thing::Resource(_)) => {
                self.amount(goal) >= 1.0 - NOTHING
            }
            _ => self.lasting.get(goal) == Some(&true),
        }
    }

    pub(super) fn amount(&self, thing: usize) -> f64 {
        self.have.get(thing).copied().unwrap_or(0.0)
    }

    pub(super) fn change(&mut self, thing: usize, by: f64) {
        self.have.get_mut(thing).into_iter().for_each(|have| *have += by);
    }
}

impl Situation for State<'_> {
    fn has(&self, goal: Goal) -> bool {
        // Stock is for those who need it; what one more would cost is another matter.
        let is_stock = matches!(
            self.deeds.things.get(goal),
            Some(Thing::Item(_) | Thing::Cargo(_) | Thing::Resource(_))
        );
        !is_stock && self.is_met(goal)
    }

    fn may(&self, deed: usize) -> bool {
        self.forbidden.get(deed) != Some(&true)
    }

    fn seconds(&self, index: usize, deed: &Deed) -> f64 {
        let duration = self.duration(index, deed);
        duration.work + duration.walk + duration.rest + duration.waiting * WAITING_WEIGHT
    }

    fn lacking_points(&self, skill: i32, level: i32) -> f64 {
        (self.world.points(level) - self.points.get(&skill).copied().unwrap_or(0.0)).max(0.0)
    }
}

/// A player who follows recipes trades only for what they cannot gather or make.
fn forbidden(deeds: &Deeds) -> Vec<bool> {
    let is_made = |thing: usize| {
        let mut givers = deeds
            .givers
            .get(thing)
            .into_iter()
            .flatten()
            .filter_map(|index| deeds.list.get(*index));
        givers.any(|giver| matches!(giver.way, Way::Gather | Way::Craft))
    };
    let forbidden = |deed: &Deed| match deed.way {
        // One begins only once.
        Way::Start => true,
        Way::Buy => deed.gives.iter().all(|part| is_made(part.thing)),
        _ => false,
    };
    deeds.list.iter().map(forbidden).collect()
}

fn assumed_power(game: &Game, deeds: &Deeds) -> HashMap<usize, f64> {
    let mut assumed = HashMap::new();
    for (index, thing) in deeds.things.iter().enumerate() {
        let Thing::Tool {
            tool_type,
            level,
            power,
        } = *thing
        else {
            continue;
        };
        let fitting = game
            .tools
            .rows
            .iter()
            .filter(|tool| tool.tool_type == tool_type && tool.level >= level && tool.power >= power);
        if let Some(least) = fitting.map(|tool| tool.power).min() {
            assumed.insert(index, f64::from(least));
        }
    }
    assumed
}
