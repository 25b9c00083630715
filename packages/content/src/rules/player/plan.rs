//! What everything would cost a player now, in seconds, and by which deed: things in the order of their cost, each made of
//! cheaper ones that are settled already, so that every way ends.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashSet};
use std::num::NonZeroU32;

use super::state::State;

/// What serves more than once is paid for by so many uses.
const USES: f64 = 12.0;

/// Something that a plan may lead to: a thing, or, counted on from the things, a level of a skill.
pub(super) type Goal = usize;

/// A deed, in half the room: counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct By(NonZeroU32);

impl By {
    fn of(deed: usize) -> Option<Self> {
        let number = u32::try_from(deed).ok()?.checked_add(1)?;
        NonZeroU32::new(number).map(Self)
    }

    fn deed(self) -> usize {
        self.0.get().saturating_sub(1) as usize
    }
}

/// The best that is known of a goal.
#[derive(Debug, Clone, Copy)]
struct Price {
    /// Seconds for one.
    cost: f64,
    /// By which deed; `None` for what is there.
    by: Option<By>,
    /// Whether nothing can be cheaper any more.
    is_settled: bool,
}

const UNKNOWN: Price = Price {
    cost: f64::INFINITY,
    by: None,
    is_settled: false,
};

/// Costs, and ways, as far as they were asked for: what is dearer than that is not settled yet.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Of each goal.
    prices: Vec<Price>,
    offers: BinaryHeap<Offer>,
    /// Needs of each deed that are not settled.
    missing: Vec<u32>,
}

/// A price that is offered for a goal, the least first: the bits of what is not negative are in the order of what they say.
type Offer = Reverse<(u64, u32)>;

impl Plan {
    /// A plan that knows what is there, and what can be done with that.
    pub(super) fn new(player: &State<'_>) -> Self {
        let net = &player.net;
        let mut plan = Self {
            prices: vec![UNKNOWN; net.goals],
            offers: BinaryHeap::new(),
            missing: net.missing.clone(),
        };
        for goal in (0..net.goals).filter(|goal| player.has(*goal)) {
            plan.offer(goal, 0.0, None);
        }
        for (deed, missing) in net.missing.iter().enumerate() {
            if *missing == 0 {
                plan.ready(player, deed);
            }
        }
        plan
    }

    /// A price for a goal; one that is no better than another is forgotten at once.
    fn offer(&mut self, goal: Goal, cost: f64, by: Option<By>) {
        let Some(price) = self.prices.get_mut(goal).filter(|price| !price.is_settled) else {
            return;
        };
        let Ok(goal) = u32::try_from(goal) else { return };
        // Offers are in the order of their costs as long as none is negative, whatever content says.
        let cost = cost.max(0.0);
        if cost.total_cmp(&price.cost).then(by.cmp(&price.by)) == Ordering::Less {
            (price.cost, price.by) = (cost, by);
            self.offers.push(Reverse((cost.to_bits(), goal)));
        }
    }

    /// Seconds for one of a goal, if that is settled; infinite for what cannot be had, or is not settled.
    pub(super) fn known_cost(&self, goal: Goal) -> f64 {
        let price = self.prices.get(goal).filter(|price| price.is_settled);
        price.map_or(f64::INFINITY, |price| price.cost)
    }

    /// The deed that leads to a goal; `None` for what is there, and for what cannot be had.
    pub(super) fn by(&mut self, player: &State<'_>, goal: Goal) -> Option<usize> {
        if !self.known_cost(goal).is_finite() {
            self.settle(player, |settled| settled == goal);
        }
        let price = self.prices.get(goal).filter(|price| price.is_settled)?;
        price.by.map(By::deed)
    }

    /// The cheapest of some goals.
    pub(super) fn cheapest(&mut self, player: &State<'_>, goals: &HashSet<Goal>) -> Option<Goal> {
        if !goals.iter().any(|goal| self.known_cost(*goal).is_finite()) {
            self.settle(player, |settled| goals.contains(&settled));
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
    fn settle(&mut self, player: &State<'_>, is_asked: impl Fn(Goal) -> bool) {
        while let Some(Reverse((_, goal))) = self.offers.pop() {
            let goal = goal as usize;
            let Some(price) = self.prices.get_mut(goal).filter(|price| !price.is_settled) else {
                continue;
            };
            price.is_settled = true;
            for &taker in player.net.takers(goal) {
                let taker = taker as usize;
                let Some(missing) = self.missing.get_mut(taker) else {
                    continue;
                };
                *missing = missing.saturating_sub(1);
                if *missing == 0 {
                    self.ready(player, taker);
                }
            }
            if is_asked(goal) {
                return;
            }
        }
    }

    /// Everything that a deed needs has its price: so have the things that it gives.
    fn ready(&mut self, player: &State<'_>, deed: usize) {
        let (once, lasting) = self.price(player, deed);
        let by = By::of(deed);
        for share in player.net.gives(deed) {
            let cost = if share.quantity > 0.0 {
                (once + lasting / USES) / share.quantity
            } else {
                once + lasting
            };
            self.offer(share.goal, cost, by);
        }
        for lesson in player.net.lessons(deed) {
            for &level in player.net.levels(lesson) {
                let times = player.lacks(level) / lesson.points;
                self.offer(level, times * once + lasting, by);
            }
        }
    }

    /// Seconds of a deed with what it uses up, and of what stays afterwards.
    fn price(&self, player: &State<'_>, deed: usize) -> (f64, f64) {
        let (mut once, mut lasting) = (player.seconds(deed), 0.0);
        for share in player.net.needs(deed) {
            if share.quantity > 0.0 {
                once += share.quantity * self.known_cost(share.goal);
            } else {
                lasting += self.known_cost(share.goal);
            }
        }
        (once, lasting)
    }
}
