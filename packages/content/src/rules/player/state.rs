//! A player as they are: what a plan looks at.

use std::collections::HashMap;

use super::super::deeds::{Deed, Deeds, Thing, Way};
use super::super::Game;
use super::levels::Levels;
use super::net::Net;
use super::pace::{Duration, Pace, Paces};
use super::plan::Goal;
use super::world::World;

/// Less than this of a thing is none.
pub(super) const NOTHING: f64 = 1e-6;

/// Everything about the player that a plan looks at.
pub(super) struct State<'a> {
    pub(super) deeds: &'a Deeds,
    pub(super) world: World<'a>,
    pub(super) levels: Levels,
    pub(super) net: Net,
    paces: Paces,
    /// How many of each thing.
    pub(super) have: Vec<f64>,
    /// Which of the things that stay.
    pub(super) lasting: Vec<bool>,
    /// Points of each skill.
    points: HashMap<i32, f64>,
    /// Points that each level lacks that some work asks for.
    lacking: Vec<f64>,
    /// The level of each skill, by its place in the paces.
    skill_levels: Vec<i32>,
    /// Tools at hand by type: power, level, the item.
    tools: HashMap<i32, Vec<Tool>>,
    /// The strongest of each type, by its place in the paces.
    powers: Vec<f64>,
    pub(super) weapon: Option<i32>,
}

/// A tool at hand: power, level, the item.
pub(super) type Tool = (i32, i32, usize);

impl<'a> State<'a> {
    /// Somebody who has nothing.
    pub(super) fn new(game: &'a Game, deeds: &'a Deeds) -> Self {
        let world = World::of(game);
        let levels = Levels::of(deeds);
        let paces = Paces::of(game, deeds, &world);
        let lacking = levels.list.iter().map(|(_, level)| world.points(*level));
        Self {
            deeds,
            net: Net::of(deeds, &levels, |deed| would(deeds, deed)),
            lacking: lacking.collect(),
            skill_levels: vec![world.level(0.0); paces.skills.len()],
            powers: vec![world.hand_power; paces.tools.len()],
            paces,
            world,
            levels,
            have: vec![0.0; deeds.things.len()],
            lasting: vec![false; deeds.things.len()],
            points: HashMap::new(),
            tools: HashMap::new(),
            weapon: None,
        }
    }

    pub(super) fn level(&self, skill: i32) -> i32 {
        self.world.level(self.points_of(skill))
    }

    fn points_of(&self, skill: i32) -> f64 {
        self.points.get(&skill).copied().unwrap_or(0.0)
    }

    /// Points that a player lacks for a level of a skill.
    pub(super) fn lacking_points(&self, skill: i32, level: i32) -> f64 {
        (self.world.points(level) - self.points_of(skill)).max(0.0)
    }

    /// Points that a level lacks which some work asks for.
    pub(super) fn lacks(&self, level: Goal) -> f64 {
        let place = self.levels.place(level);
        place.and_then(|place| self.lacking.get(place)).copied().unwrap_or(0.0)
    }

    /// Gains points of a skill.
    pub(super) fn learn(&mut self, skill: i32, points: f64) {
        *self.points.entry(skill).or_default() += points;
        let level = self.level(skill);
        let place = self.paces.skills.iter().position(|other| *other == skill);
        if let Some(known) = place.and_then(|place| self.skill_levels.get_mut(place)) {
            *known = level;
        }
        for goal in self.levels.of_skill(skill) {
            let (Some(place), Some((_, level))) = (self.levels.place(*goal), self.levels.level(*goal)) else {
                continue;
            };
            let lacking = self.lacking_points(skill, level);
            self.lacking.get_mut(place).into_iter().for_each(|slot| *slot = lacking);
        }
    }

    /// The tools of a type that are at hand.
    pub(super) fn tools(&self, tool_type: i32) -> &[Tool] {
        self.tools.get(&tool_type).map_or(&[], Vec::as_slice)
    }

    /// Has other tools of a type from now on.
    pub(super) fn set_tools(&mut self, tool_type: i32, tools: Vec<Tool>) {
        let strongest = tools
            .iter()
            .map(|(power, ..)| f64::from(*power))
            .fold(f64::NAN, f64::max);
        let power = if tools.is_empty() {
            self.world.hand_power
        } else {
            strongest
        };
        let place = self.paces.tools.iter().position(|other| *other == tool_type);
        if let Some(known) = place.and_then(|place| self.powers.get_mut(place)) {
            *known = power;
        }
        self.tools.insert(tool_type, tools);
    }

    /// How long doing a deed once takes.
    pub(super) fn duration(&self, deed: usize) -> Duration {
        self.paces
            .list
            .get(deed)
            .map_or_else(Duration::default, |pace| self.takes(pace))
    }

    fn takes(&self, pace: &Pace) -> Duration {
        let at = |place: Option<u32>| place.and_then(|place| usize::try_from(place).ok());
        let wanted = pace
            .wanted
            .filter(|(tool, _)| self.lasting.get(*tool as usize) == Some(&false));
        let owned = at(pace.tool).and_then(|place| self.powers.get(place).copied());
        let power = wanted.map(|(_, power)| f64::from(power)).or(owned);
        let level = at(pace.skill).and_then(|place| self.skill_levels.get(place).copied());
        pace.duration(
            &self.world,
            power.unwrap_or(self.world.hand_power),
            level.unwrap_or(1),
            self.weapon,
        )
    }

    /// Whether a thing that stays, or a level, is there.
    pub(super) fn has(&self, goal: Goal) -> bool {
        // Stock is for those who need it; what one more would cost is another matter.
        let is_stock = matches!(
            self.deeds.things.get(goal),
            Some(Thing::Item(_) | Thing::Cargo(_) | Thing::Resource(_))
        );
        !is_stock && self.is_met(goal)
    }

    /// Seconds that a plan counts for doing a deed once, without what it needs.
    pub(super) fn seconds(&self, deed: usize) -> f64 {
        self.duration(deed).counted()
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

/// A player who follows recipes trades only for what they cannot gather or make, and begins only once.
fn would(deeds: &Deeds, deed: &Deed) -> bool {
    let is_made = |thing: usize| {
        let givers = deeds.givers.get(thing).into_iter().flatten();
        let mut ways = givers.filter_map(|giver| Some(deeds.list.get(*giver)?.way));
        ways.any(|way| matches!(way, Way::Gather | Way::Craft))
    };
    match deed.way {
        Way::Start => false,
        Way::Buy => !deed.gives.iter().all(|part| is_made(part.thing)),
        _ => true,
    }
}
