//! What everything would cost a player now, in seconds, and by which deed: things in the order of their cost, each made of
//! cheaper ones that are settled already, so that every way ends.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::super::deeds::{Deed, Deeds};

/// What serves more than once is paid for by so many uses.
const USES: f64 = 12.0;

/// Something that a plan may lead to: a thing, or, counted on from the things, a level of a skill.
pub(super) type Goal = usize;

/// Levels that some work asks for.
#[derive(Debug, Default)]
pub(super) struct Levels {
    /// Skill, level.
    pub(super) list: Vec<(i32, i32)>,
    index: HashMap<(i32, i32), Goal>,
    /// By skill.
    by_skill: HashMap<i32, Vec<Goal>>,
    /// Of each deed.
    of_deed: Vec<Vec<Goal>>,
    /// The deeds that ask for each.
    takers: Vec<Vec<usize>>,
    first: Goal,
}

impl Levels {
    pub(super) fn of(deeds: &Deeds) -> Self {
        let mut levels = Self {
            first: deeds.things.len(),
            ..Self::default()
        };
        for (index, deed) in deeds.list.iter().enumerate() {
            let goals: Vec<Goal> = deed.work.levels.iter().map(|level| levels.goal(*level)).collect();
            for goal in &goals {
                let at = goal.saturating_sub(levels.first);
                levels
                    .takers
                    .get_mut(at)
                    .into_iter()
                    .for_each(|takers| takers.push(index));
            }
            levels.of_deed.push(goals);
        }
        levels
    }

    fn goal(&mut self, level: (i32, i32)) -> Goal {
        if let Some(goal) = self.index.get(&level) {
            return *goal;
        }
        let goal = self.first.saturating_add(self.list.len());
        self.list.push(level);
        self.takers.push(Vec::new());
        self.index.insert(level, goal);
        self.by_skill.entry(level.0).or_default().push(goal);
        goal
    }

    /// The skill and level that a goal is, if it is one.
    pub(super) fn level(&self, goal: Goal) -> Option<(i32, i32)> {
        self.list.get(goal.checked_sub(self.first)?).copied()
    }

    /// What a deed asks for.
    pub(super) fn of_deed(&self, deed: usize) -> &[Goal] {
        self.of_deed.get(deed).map_or(&[], Vec::as_slice)
    }

    fn takers(&self, goal: Goal) -> &[usize] {
        let at = goal.checked_sub(self.first);
        at.and_then(|at| self.takers.get(at)).map_or(&[], Vec::as_slice)
    }
}

/// What a plan is made from: the player as they are.
pub(super) trait Situation {
    /// Whether a thing that stays, or a level, is there.
    fn has(&self, goal: Goal) -> bool;
    /// Whether the player would do a deed at all.
    fn may(&self, deed: usize) -> bool;
    /// Seconds of doing a deed once, without what it needs.
    fn seconds(&self, index: usize, deed: &Deed) -> f64;
    /// Points of a skill that a level lacks.
    fn lacking_points(&self, skill: i32, level: i32) -> f64;
}

/// Costs, and ways, as far as they were asked for: what is dearer than that is not settled yet.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Seconds for one of each; infinite for what cannot be had, or is not settled.
    cost: Vec<f64>,
    /// By which deed.
    by: Vec<Option<usize>>,
    offers: BinaryHeap<Offer>,
    /// The best that was offered for each, settled or not.
    best: Vec<(f64, Option<usize>)>,
    /// Needs of each deed that are not settled.
    missing: Vec<usize>,
}

/// What a plan is made of.
pub(super) struct Ground<'a, S> {
    pub(super) deeds: &'a Deeds,
    pub(super) levels: &'a Levels,
    pub(super) situation: &'a S,
}

/// A price that is offered for a goal; the least comes first.
#[derive(Debug)]
struct Offer {
    cost: f64,
    goal: Goal,
    by: Option<usize>,
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Offer {}
impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Offer {
    fn cmp(&self, other: &Self) -> Ordering {
        let cost = other.cost.total_cmp(&self.cost);
        cost.then_with(|| (other.goal, other.by).cmp(&(self.goal, self.by)))
    }
}

impl Plan {
    /// A plan that knows nothing yet.
    pub(super) fn new<S: Situation>(ground: &Ground<'_, S>) -> Self {
        let goals = ground.deeds.things.len().saturating_add(ground.levels.list.len());
        let needs = ground.deeds.list.iter().enumerate().map(|(index, deed)| {
            let things = deed.needs.len().saturating_add(deed.work.each_stroke.len());
            things.saturating_add(ground.levels.of_deed(index).len())
        });
        let mut plan = Self {
            cost: vec![f64::INFINITY; goals],
            by: vec![None; goals],
            offers: BinaryHeap::new(),
            best: vec![(f64::INFINITY, None); goals],
            missing: needs.collect(),
        };
        for goal in (0..goals).filter(|goal| ground.situation.has(*goal)) {
            plan.offer(goal, 0.0, None);
        }
        for index in 0..ground.deeds.list.len() {
            if plan.missing.get(index) == Some(&0) {
                plan.ready(ground, index);
            }
        }
        plan
    }

    /// A price for a goal; one that is no better than another is forgotten at once.
    fn offer(&mut self, goal: Goal, cost: f64, by: Option<usize>) {
        let Some(best) = self.best.get_mut(goal) else { return };
        let by_price = cost.total_cmp(&best.0);
        if by_price.then(by.cmp(&best.1)) == Ordering::Less {
            *best = (cost, by);
            self.offers.push(Offer { cost, goal, by });
        }
    }

    /// What a goal costs, if that is settled.
    pub(super) fn known_cost(&self, goal: Goal) -> f64 {
        self.cost.get(goal).copied().unwrap_or(f64::INFINITY)
    }

    /// The deed that leads to a goal; `None` for what is there, and for what cannot be had.
    pub(super) fn by<S: Situation>(&mut self, ground: &Ground<'_, S>, goal: Goal) -> Option<usize> {
        if !self.known_cost(goal).is_finite() {
            self.settle(ground, |settled| settled == goal);
        }
        self.by.get(goal).copied().flatten()
    }

    /// The cheapest of some goals.
    pub(super) fn cheapest<S: Situation>(&mut self, ground: &Ground<'_, S>, goals: &HashSet<Goal>) -> Option<Goal> {
        if !goals.iter().any(|goal| self.known_cost(*goal).is_finite()) {
            self.settle(ground, |settled| goals.contains(&settled));
        }
        let known = goals
            .iter()
            .map(|goal| (self.known_cost(*goal), *goal))
            .filter(|(cost, _)| cost.is_finite());
        known
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, goal)| goal)
    }

    /// Settles goals in the order of their cost until one of those is that were asked for.
    fn settle<S: Situation>(&mut self, ground: &Ground<'_, S>, is_asked: impl Fn(Goal) -> bool) {
        while let Some(Offer { cost, goal, by }) = self.offers.pop() {
            if self.known_cost(goal).is_finite() {
                continue;
            }
            if let (Some(slot), Some(way)) = (self.cost.get_mut(goal), self.by.get_mut(goal)) {
                *slot = cost;
                *way = by;
            }
            let takers = ground
                .deeds
                .takers
                .get(goal)
                .map_or(ground.levels.takers(goal), Vec::as_slice);
            for &taker in takers {
                let Some(missing) = self.missing.get_mut(taker) else {
                    continue;
                };
                *missing = missing.saturating_sub(1);
                if *missing == 0 {
                    self.ready(ground, taker);
                }
            }
            if is_asked(goal) {
                return;
            }
        }
    }

    /// Everything that a deed needs has its price: so have the things that it gives.
    fn ready<S: Situation>(&mut self, ground: &Ground<'_, S>, index: usize) {
        let Some(deed) = ground.deeds.list.get(index).filter(|_| ground.situation.may(index)) else {
            return;
        };
        let (once, lasting) = self.price(ground, index, deed);
        for part in &deed.gives {
            let cost = if part.quantity > 0.0 {
                (once + lasting / USES) / part.quantity
            } else {
                once + lasting
            };
            self.offer(part.thing, cost, Some(index));
        }
        for (skill, points) in &deed.work.experience {
            let learned = points * deed.work.progress;
            if learned <= 0.0 || !super::play::is_practice(deed) {
                continue;
            }
            for goal in ground.levels.by_skill.get(skill).into_iter().flatten() {
                if self.known_cost(*goal).is_finite() {
                    continue;
                }
                let Some((_, level)) = ground.levels.level(*goal) else {
                    continue;
                };
                let times = ground.situation.lacking_points(*skill, level) / learned;
                let cost = times * once + lasting;
                self.offer(*goal, cost, Some(index));
            }
        }
    }

    /// Seconds of a deed with what it uses up, and of what stays afterwards.
    fn price<S: Situation>(&self, ground: &Ground<'_, S>, index: usize, deed: &Deed) -> (f64, f64) {
        let (mut once, mut lasting) = (ground.situation.seconds(index, deed), 0.0);
        for part in deed.needs.iter().chain(&deed.work.each_stroke) {
            if part.quantity > 0.0 {
                once += part.quantity * self.known_cost(part.thing);
            } else {
                lasting += self.known_cost(part.thing);
            }
        }
        let levels = ground.levels.of_deed(index).iter();
        lasting += levels.map(|goal| self.known_cost(*goal)).sum::<f64>();
        (once, lasting)
    }
}
