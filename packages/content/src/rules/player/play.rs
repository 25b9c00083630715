//! A player who does what the plan of the moment says, and the clock.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::deeds::{Deed, Deeds, Part, Thing, Way};
use super::super::Game;
use super::plan::{Goal, Plan};
use super::state::{State, NOTHING};
use super::world::JOURNEY_SECONDS;

/// Deeds are done so many times before the player thinks again.
const MAX_BATCH: f64 = 64.0;
/// Things are made of things, and those of others, so deep.
const MAX_DEPTH: u32 = 250;
/// Decisions until the player gives up.
const MAX_DECISIONS: usize = 200_000;
/// A player thinks again after so many levels of a skill, though nothing asks for them: tools work faster.
const LEVELS_PER_THOUGHT: i32 = 5;
const SECONDS_PER_HOUR: f64 = 3_600.0;

/// What there is to do for a goal.
enum Next {
    /// This deed, the lasting needs of which are met.
    Deed(usize),
    /// Nothing: meeting the needs has met the goal.
    Met,
    /// Nothing leads there.
    Stuck,
}

/// A player.
pub(super) struct Player<'a> {
    pub(super) game: &'a Game,
    pub(super) deeds: &'a Deeds,
    pub(super) state: State<'a>,
    pub(super) plan: Plan,
    pub(super) is_plan_stale: bool,
    /// Seconds of doing things.
    pub(super) active: f64,
    /// Seconds that things take by themselves, by the row that says so; different ones go on at a time.
    pub(super) waiting: BTreeMap<(&'static str, usize), f64>,
    pub(super) spent: BTreeMap<&'static str, f64>,
    pub(super) learned: BTreeMap<i32, f64>,
    pub(super) learning: Option<i32>,
    pub(super) is_arming: bool,
    /// Strokes that each tool has done since it was new.
    pub(super) worn: HashMap<usize, f64>,
    /// Seconds that a point of satiation takes, from the food that is had most easily.
    pub(super) seconds_per_hunger: f64,
    pub(super) last_gathered: Option<usize>,
    pub(super) decisions: usize,
    /// What they could not come by.
    pub(super) stuck: Option<Goal>,
}

impl<'a> Player<'a> {
    pub(super) fn new(game: &'a Game, deeds: &'a Deeds) -> Self {
        let state = State::new(game, deeds);
        let mut player = Self {
            game,
            deeds,
            state,
            plan: Plan::default(),
            is_plan_stale: true,
            active: 0.0,
            waiting: BTreeMap::new(),
            spent: BTreeMap::new(),
            learned: BTreeMap::new(),
            learning: None,
            is_arming: false,
            worn: HashMap::new(),
            seconds_per_hunger: 0.0,
            last_gathered: None,
            decisions: 0,
            stuck: None,
        };
        for deed in deeds.list.iter().filter(|deed| deed.way == Way::Start) {
            player.take(deed, 1.0);
        }
        player
    }

    /// Hours of play so far, in seconds: what waits longest may outlast all that was done meanwhile.
    pub(super) fn seconds(&self) -> f64 {
        self.waiting.values().copied().fold(self.active, f64::max)
    }

    pub(super) fn take_spent(&mut self) -> Vec<(String, f64)> {
        let spent = std::mem::take(&mut self.spent);
        spent
            .into_iter()
            .map(|(what, seconds)| (what.to_owned(), seconds))
            .collect()
    }

    pub(super) fn take_learned(&mut self) -> Vec<(String, f64)> {
        let learned = std::mem::take(&mut self.learned).into_iter();
        let name = |skill: i32| {
            self.game
                .skills
                .get(skill)
                .map_or_else(|| skill.to_string(), |row| row.name.clone())
        };
        learned.map(|(skill, seconds)| (name(skill), seconds)).collect()
    }

    /// Comes by whichever of these things that stay seems nearest; `None` when by none.
    pub(super) fn first_of(&mut self, things: &HashSet<Goal>) -> Option<Goal> {
        let thing = self.cheapest(things)?;
        self.shop();
        self.meet(thing, 0).then_some(thing)
    }

    /// Finds out what to eat, among what costs no more than a tool does.
    fn shop(&mut self) {
        let foods = self.game.foods.rows.iter().filter(|food| food.hunger > 0.0);
        let costs = foods.filter_map(|food| {
            let item = self.deeds.find(Thing::Item(food.item_id))?;
            Some(self.plan.known_cost(item) / f64::from(food.hunger))
        });
        let cheapest = costs.fold(f64::INFINITY, f64::min);
        if cheapest.is_finite() {
            self.seconds_per_hunger = cheapest;
        }
    }

    pub(super) fn cheapest(&mut self, goals: &HashSet<Goal>) -> Option<Goal> {
        self.think();
        self.plan.cheapest(&self.state, goals)
    }

    /// The deed that leads to a goal now.
    fn way(&mut self, goal: Goal) -> Option<usize> {
        self.think();
        self.plan.by(&self.state, goal)
    }

    /// What they could not come by, when they are stuck.
    pub(super) fn stuck(&self) -> Option<String> {
        let goal = self.stuck?;
        let skill =
            |(skill, level): (i32, i32)| Some(format!("level {level} of '{}'", self.game.skills.get(skill)?.name));
        let level = self.state.levels.level(goal).and_then(skill);
        Some(level.unwrap_or_else(|| self.deeds.name(self.game, goal)))
    }

    fn think(&mut self) {
        if self.is_plan_stale {
            self.plan = Plan::new(&self.state);
            self.is_plan_stale = false;
        }
    }

    /// The next deed towards a goal.
    fn next(&mut self, goal: Goal, depth: u32) -> Next {
        loop {
            if self.state.has(goal) {
                return Next::Met;
            }
            self.decisions = self.decisions.saturating_add(1);
            let goes_on = self.decisions <= MAX_DECISIONS && depth <= MAX_DEPTH;
            let way = self.way(goal).filter(|_| goes_on);
            let Some(index) = way else {
                self.stuck.get_or_insert(goal);
                return Next::Stuck;
            };
            let Some(deed) = self.deeds.list.get(index) else {
                return Next::Stuck;
            };
            let things = deed
                .needs
                .iter()
                .filter(|part| part.quantity <= 0.0)
                .map(|part| part.thing);
            let mut wanted = things.chain(self.state.levels.of_deed(index).iter().copied());
            let Some(missing) = wanted.find(|goal| !self.state.is_met(*goal)) else {
                return Next::Deed(index);
            };
            if !self.meet(missing, depth.saturating_add(1)) {
                return Next::Stuck;
            }
        }
    }

    /// Sees to it that a goal that stays is met.
    fn meet(&mut self, goal: Goal, depth: u32) -> bool {
        if let Some((skill, level)) = self.state.levels.level(goal) {
            return self.learn(goal, (skill, level), depth);
        }
        if matches!(
            self.deeds.things.get(goal),
            Some(Thing::Item(_) | Thing::Cargo(_) | Thing::Building(_) | Thing::Resource(_))
        ) {
            return self.obtain(goal, 1.0, depth);
        }
        while !self.state.is_met(goal) {
            match self.next(goal, depth) {
                Next::Deed(index) if self.perform(index, 1.0, depth) => {}
                Next::Met => break,
                Next::Deed(_) | Next::Stuck => return false,
            }
        }
        true
    }

    fn learn(&mut self, goal: Goal, (skill, level): (i32, i32), depth: u32) -> bool {
        let outer = self.learning;
        self.learning = outer.or(Some(skill));
        let mut done = true;
        while self.state.level(skill) < level {
            let index = match self.next(goal, depth) {
                Next::Deed(index) => index,
                Next::Met => break,
                Next::Stuck => {
                    done = false;
                    break;
                }
            };
            let Some(deed) = self.deeds.list.get(index) else { break };
            let points = deed.work.experience.iter().find(|(other, _)| *other == skill);
            let learned = points
                .map_or(0.0, |(_, points)| points * deed.work.progress)
                .max(NOTHING);
            let next_level = self.state.level(skill).saturating_add(1).min(level);
            let times = (self.state.lacking_points(skill, next_level) / learned).ceil();
            if !self.perform(index, times.clamp(1.0, MAX_BATCH), depth) {
                done = false;
                break;
            }
        }
        self.learning = outer;
        done
    }

    pub(super) fn obtain(&mut self, thing: usize, quantity: f64, depth: u32) -> bool {
        while self.state.amount(thing) < quantity - NOTHING {
            let Next::Deed(index) = self.next(thing, depth) else {
                return false;
            };
            let missing = quantity - self.state.amount(thing);
            if missing <= NOTHING {
                break;
            }
            let Some(deed) = self.deeds.list.get(index) else {
                return false;
            };
            let given = deed
                .gives
                .iter()
                .find(|part| part.thing == thing)
                .map_or(0.0, |part| part.quantity);
            let times = (missing / given.max(NOTHING)).ceil().clamp(1.0, MAX_BATCH);
            if !self.perform(index, times, depth) {
                return false;
            }
        }
        true
    }

    /// Does a deed, once what it uses up is there.
    fn perform(&mut self, index: usize, times: f64, depth: u32) -> bool {
        let Some(deed) = self.deeds.list.get(index) else {
            return false;
        };
        let each_stroke = &deed.work.each_stroke;
        let strokes = if each_stroke.is_empty() {
            0.0
        } else {
            self.state.duration(index).strokes
        };
        let used = deed.needs.iter().map(|part| Part {
            quantity: part.quantity * times,
            ..*part
        });
        let used = used.chain(each_stroke.iter().map(|part| Part {
            quantity: part.quantity * strokes * times,
            ..*part
        }));
        let used: Vec<Part> = used.filter(|part| part.quantity > 0.0).collect();
        let mut taken: Vec<Part> = Vec::new();
        for part in used {
            if !self.obtain(part.thing, part.quantity, depth.saturating_add(1)) {
                return false;
            }
            self.state.change(part.thing, -part.quantity);
            taken.push(part);
        }
        let lasting = deed
            .needs
            .iter()
            .filter(|part| part.quantity <= 0.0)
            .map(|part| part.thing);
        if lasting
            .chain(self.state.levels.of_deed(index).iter().copied())
            .any(|goal| !self.state.is_met(goal))
        {
            // A tool broke on the way: back to the bench.
            taken
                .iter()
                .for_each(|part| self.state.change(part.thing, part.quantity));
            return true;
        }
        self.arm(deed, depth);
        self.spend(index, deed, times);
        self.take(deed, times);
        true
    }

    fn spend(&mut self, index: usize, deed: &Deed, times: f64) {
        let duration = self.state.duration(index);
        let what = match deed.way {
            Way::Gather | Way::Plant => "gathering",
            Way::Fight => "fighting",
            Way::Craft => "making",
            Way::Build | Way::Pave => "building",
            _ => "other things",
        };
        self.pass(what, duration.work * times);
        self.pass("resting", duration.rest * times);
        let mut walk = duration.walk * times;
        if matches!(deed.way, Way::Gather | Way::Fight) && self.last_gathered != Some(index) {
            walk += JOURNEY_SECONDS;
            self.last_gathered = Some(index);
        }
        self.pass("walking", walk);
        if duration.waiting > 0.0 {
            let slots = self.slots(deed);
            *self.waiting.entry((deed.table, deed.row)).or_default() += duration.waiting * times / slots;
        }
        let strokes = duration.strokes * times;
        self.wear(deed, strokes * deed.work.durability_lost);
        for (skill, points) in &deed.work.experience {
            let before = self.state.level(*skill);
            self.state.learn(*skill, points * deed.work.progress * times);
            let after = self.state.level(*skill);
            let asked = self
                .state
                .levels
                .list
                .iter()
                .any(|(other, level)| other == skill && (before < *level && *level <= after));
            if asked || before / LEVELS_PER_THOUGHT != after / LEVELS_PER_THOUGHT {
                self.is_plan_stale = true;
            }
        }
    }

    /// Lets time pass, and gets hungry.
    fn pass(&mut self, what: &'static str, seconds: f64) {
        if seconds <= 0.0 {
            return;
        }
        let eating = seconds / SECONDS_PER_HOUR * self.state.world.hunger_per_hour * self.seconds_per_hunger;
        for (what, seconds) in [(what, seconds), ("food", eating)]
            .into_iter()
            .filter(|(_, seconds)| *seconds > 0.0)
        {
            self.active += seconds;
            *self.spent.entry(what).or_default() += seconds;
            if let Some(skill) = self.learning {
                *self.learned.entry(skill).or_default() += seconds;
            }
        }
    }

    /// Works that go on at a time in the station of a recipe; a field has room for more.
    fn slots(&self, deed: &Deed) -> f64 {
        const FIELD: f64 = 24.0;
        let station = deed
            .needs
            .iter()
            .find_map(|part| match self.deeds.things.get(part.thing) {
                Some(Thing::Station { building_type, tier }) => Some((*building_type, *tier)),
                _ => None,
            });
        let Some((building_type, tier)) = station else {
            return if deed.way == Way::Grow { FIELD } else { 1.0 };
        };
        let functions = self.game.buildings.rows.iter().flat_map(|building| &building.functions);
        let fitting = functions.filter(|function| function.function_type == building_type && function.level == tier);
        f64::from(
            fitting
                .map(|function| function.crafting_slots)
                .max()
                .unwrap_or(1)
                .max(1),
        )
    }
}
