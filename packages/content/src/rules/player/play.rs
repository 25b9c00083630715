//! A player who does what the plan of the moment says, and the clock.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::deeds::{Deed, Deeds, Part, Thing, Way};
use super::super::Game;
use super::plan::{Goal, Ground, Levels, Plan, Situation};
use super::world::{World, HANDLING_SECONDS, JOURNEY_SECONDS};

/// Deeds are done so many times before the player thinks again.
const MAX_BATCH: f64 = 64.0;
/// Things are made of things, and those of others, so deep.
const MAX_DEPTH: u32 = 250;
/// Decisions until the player gives up.
const MAX_DECISIONS: usize = 200_000;
/// Less than this of a thing is none.
const NOTHING: f64 = 1e-6;
/// A plan counts waiting for so little: one does other things meanwhile.
const WAITING_WEIGHT: f64 = 0.05;
/// A player thinks again after so many levels of a skill, though nothing asks for them: tools work faster.
const LEVELS_PER_THOUGHT: i32 = 5;
const SECONDS_PER_HOUR: f64 = 3_600.0;

/// Whether one would do it for the sake of learning.
pub(super) fn is_practice(deed: &Deed) -> bool {
    matches!(deed.way, Way::Gather | Way::Craft | Way::Fight | Way::Plant)
}

/// Everything about the player that a plan looks at.
struct State<'a> {
    deeds: &'a Deeds,
    world: World<'a>,
    levels: Levels,
    /// How many of each thing.
    have: Vec<f64>,
    /// Which of the things that stay.
    lasting: Vec<bool>,
    /// Points of each skill.
    points: HashMap<i32, f64>,
    /// Tools at hand by type: power, level, the item.
    tools: HashMap<i32, Vec<(i32, i32, usize)>>,
    /// The weakest power of tools that meet each wanted tool.
    assumed: HashMap<usize, f64>,
    /// Deeds that are not theirs to do.
    forbidden: Vec<bool>,
    weapon: Option<i32>,
}

/// What there is to do for a goal.
enum Next {
    /// This deed, the lasting needs of which are met.
    Deed(usize),
    /// Nothing: meeting the needs has met the goal.
    Met,
    /// Nothing leads there.
    Stuck,
}

/// What a deed takes, once.
struct Duration {
    work: f64,
    walk: f64,
    rest: f64,
    strokes: f64,
    waiting: f64,
}

impl<'a> State<'a> {
    fn ground(&self, deeds: &'a Deeds) -> Ground<'_, Self> {
        let levels = &self.levels;
        Ground {
            deeds,
            levels,
            situation: self,
        }
    }

    fn level(&self, skill: i32) -> i32 {
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

    fn duration(&self, deed: &Deed) -> Duration {
        let walk = self.world.walk(self.deeds, deed);
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
    fn is_met(&self, goal: Goal) -> bool {
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

    fn amount(&self, thing: usize) -> f64 {
        self.have.get(thing).copied().unwrap_or(0.0)
    }

    fn change(&mut self, thing: usize, by: f64) {
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

    fn seconds(&self, deed: &Deed) -> f64 {
        let duration = self.duration(deed);
        duration.work + duration.walk + duration.rest + duration.waiting * WAITING_WEIGHT
    }

    fn lacking_points(&self, skill: i32, level: i32) -> f64 {
        (self.world.points(level) - self.points.get(&skill).copied().unwrap_or(0.0)).max(0.0)
    }
}

/// A player.
pub(super) struct Player<'a> {
    game: &'a Game,
    deeds: &'a Deeds,
    state: State<'a>,
    plan: Plan,
    is_plan_stale: bool,
    /// Seconds of doing things.
    active: f64,
    /// Seconds that things take by themselves, by the row that says so; different ones go on at a time.
    waiting: BTreeMap<(&'static str, usize), f64>,
    spent: BTreeMap<&'static str, f64>,
    learned: BTreeMap<i32, f64>,
    learning: Option<i32>,
    is_arming: bool,
    /// Strokes that each tool has done since it was new.
    worn: HashMap<usize, f64>,
    /// Seconds that a point of satiation takes, from the food that is had most easily.
    seconds_per_hunger: f64,
    last_gathered: Option<usize>,
    decisions: usize,
    /// What they could not come by.
    stuck: Option<Goal>,
}

impl<'a> Player<'a> {
    pub(super) fn new(game: &'a Game, deeds: &'a Deeds) -> Self {
        let state = State {
            deeds,
            world: World::of(game),
            levels: Levels::of(deeds),
            have: vec![0.0; deeds.things.len()],
            lasting: vec![false; deeds.things.len()],
            points: HashMap::new(),
            tools: HashMap::new(),
            assumed: assumed_power(game, deeds),
            forbidden: forbidden(deeds),
            weapon: None,
        };
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

    fn cheapest(&mut self, goals: &HashSet<Goal>) -> Option<Goal> {
        self.think();
        let Self { plan, state, deeds, .. } = self;
        plan.cheapest(&state.ground(deeds), goals)
    }

    /// The deed that leads to a goal now.
    fn way(&mut self, goal: Goal) -> Option<usize> {
        self.think();
        let Self { plan, state, deeds, .. } = self;
        plan.by(&state.ground(deeds), goal)
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
            self.plan = Plan::new(&self.state.ground(self.deeds));
            self.is_plan_stale = false;
        }
    }

    /// The next deed towards a goal.
    fn next(&mut self, goal: Goal, depth: u32) -> Next {
        loop {
            if Situation::has(&self.state, goal) {
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

    fn obtain(&mut self, thing: usize, quantity: f64, depth: u32) -> bool {
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
            self.state.duration(deed).strokes
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
        let duration = self.state.duration(deed);
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
            *self.state.points.entry(*skill).or_default() += points * deed.work.progress * times;
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

    /// Has what a deed gives.
    fn take(&mut self, deed: &Deed, times: f64) {
        for part in &deed.gives {
            self.state.change(part.thing, part.quantity * times);
            if let Some(lasting) = self.state.lasting.get_mut(part.thing) {
                if !*lasting && part.quantity <= 0.0 {
                    *lasting = true;
                    self.is_plan_stale = true;
                }
            }
            if part.quantity > 0.0 && self.state.amount(part.thing) >= 1.0 - NOTHING {
                self.have_new(part.thing);
            }
        }
    }

    /// A tool, weapon or station is of use at once.
    fn have_new(&mut self, thing: usize) {
        let deeds = self.deeds;
        if let Some(Thing::Item(id)) = deeds.things.get(thing) {
            if let Some(weapon) = self.game.weapons.get(*id) {
                let best = self
                    .state
                    .weapon
                    .and_then(|id| self.game.weapons.get(id))
                    .map(|best| best.tier);
                if best.is_none_or(|best| best < weapon.tier) {
                    self.state.weapon = Some(*id);
                }
            }
        }
        let uses = deeds
            .takers
            .get(thing)
            .into_iter()
            .flatten()
            .filter_map(|deed| deeds.list.get(*deed));
        for deed in uses.filter(|deed| deed.way == Way::Is) {
            if let Some(tool) = self.game.tools.rows.get(deed.row).filter(|_| deed.table == "tool_desc") {
                let tools = self.state.tools.entry(tool.tool_type).or_default();
                if !tools.iter().any(|(.., owned)| *owned == thing) {
                    tools.push((tool.power, tool.level, thing));
                    self.is_plan_stale = true;
                }
            }
            for part in &deed.gives {
                if let Some(lasting) = self.state.lasting.get_mut(part.thing).filter(|lasting| !**lasting) {
                    *lasting = true;
                    self.is_plan_stale = true;
                }
            }
        }
    }

    /// Wears out the tool that a deed was done with; one that breaks is gone.
    fn wear(&mut self, deed: &Deed, durability: f64) {
        let Some(tool_type) = deed.work.tool_type.filter(|_| durability > 0.0) else {
            return;
        };
        let tools = self.state.tools.get(&tool_type).into_iter().flatten();
        let Some((_, _, item)) = tools
            .max_by_key(|(power, level, item)| (*power, *level, *item))
            .copied()
        else {
            return;
        };
        let lasts = match self.deeds.things.get(item) {
            Some(Thing::Item(id)) => self.game.items.get(*id).map_or(0, |row| row.durability),
            _ => 0,
        };
        if lasts <= 0 {
            return;
        }
        let worn = self.worn.entry(item).or_default();
        *worn += durability;
        let broken = (*worn / f64::from(lasts)).floor();
        if broken < 1.0 {
            return;
        }
        *worn -= broken * f64::from(lasts);
        let left = (self.state.amount(item) - broken).max(0.0);
        self.state.have.get_mut(item).into_iter().for_each(|have| *have = left);
        if left < 1.0 - NOTHING {
            let tools = self.state.tools.entry(tool_type).or_default();
            tools.retain(|(.., owned)| *owned != item);
            let owned: Vec<(i32, i32, usize)> = tools.clone();
            for (thing, wanted) in self.deeds.things.iter().enumerate() {
                let Thing::Tool {
                    tool_type: wanted_type,
                    level,
                    power,
                } = *wanted
                else {
                    continue;
                };
                if wanted_type == tool_type {
                    let is_met = owned.iter().any(|(has, at, _)| *has >= power && *at >= level);
                    self.state
                        .lasting
                        .get_mut(thing)
                        .into_iter()
                        .for_each(|lasting| *lasting = is_met);
                }
            }
            self.is_plan_stale = true;
        }
    }

    /// Nobody goes to an enemy with a weapon more than a tier below it, if there is a way to another.
    fn arm(&mut self, deed: &Deed, depth: u32) {
        if deed.way != Way::Fight || self.is_arming {
            return;
        }
        let tier = self
            .game
            .enemies
            .rows
            .get(deed.row)
            .map_or(1, |enemy| enemy.tier)
            .saturating_sub(1);
        let owned = self
            .state
            .weapon
            .and_then(|id| self.game.weapons.get(id))
            .map_or(0, |weapon| weapon.tier);
        if owned >= tier {
            return;
        }
        let weapons = self.game.weapons.rows.iter().filter(|weapon| weapon.tier == tier);
        let weapons: HashSet<Goal> = weapons
            .filter_map(|weapon| self.deeds.find(Thing::Item(weapon.item_id)))
            .collect();
        self.is_arming = true;
        if let Some(thing) = self.cheapest(&weapons) {
            self.obtain(thing, 1.0, depth.saturating_add(1));
        }
        self.is_arming = false;
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
