//! The way that a player would take to each thing, and what all of it takes.
//!
//! Invariant: a thing is dearer than everything that its way asks for, so that following ways always ends.

use std::collections::BTreeMap;

use super::{stacks, Atlas, Thing, Way};

/// Below this chance, or this many from a whole resource, one would rather not rely on it.
const SELDOM: f64 = 0.2;
/// Rounds after which no cheaper way is looked for: more than any chain of work is long.
const MAX_ROUNDS: usize = 256;

/// How dear a way is: first the steps that lead to it, then how much it asks for, then its place in the list.
type Cost = (u32, usize, usize);

/// The cheapest way to each thing that can be had at all.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    chosen: BTreeMap<Thing, Cost>,
}

/// What it takes to make one of something, surplus of batches included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bill {
    /// What is not made: gathered, found or traded for.
    pub raw: Vec<(Thing, u64)>,
    /// Recipes, and how often each is done, the first to be done first.
    pub steps: Vec<(i32, u64)>,
}

impl Plan {
    /// Finds the cheapest ways.
    pub fn new(atlas: &Atlas) -> Self {
        let mut plan = Self::default();
        for _ in 0..MAX_ROUNDS {
            let mut is_settled = true;
            for (thing, ways) in &atlas.ways {
                let costs = ways
                    .iter()
                    .enumerate()
                    .filter_map(|(index, way)| plan.cost(atlas, way, index));
                let Some(best) = costs.min() else { continue };
                if plan.chosen.get(thing).is_none_or(|known| best < *known) {
                    plan.chosen.insert(*thing, best);
                    is_settled = false;
                }
            }
            if is_settled {
                break;
            }
        }
        plan
    }

    fn cost(&self, atlas: &Atlas, way: &Way, index: usize) -> Option<Cost> {
        let seldom = |chance: f64| if chance < SELDOM { 5 } else { 0 };
        let (own, asks) = match way {
            Way::Gather { extraction, yields } => {
                let row = atlas.extractions.get(extraction)?;
                let expected = atlas.expected_of_one(row.resource_id, *yields);
                (1_u32.saturating_add(seldom(expected)), Vec::new())
            }
            Way::LastStroke { .. } => (1, Vec::new()),
            Way::Craft { recipe, .. } => (1, Atlas::inputs(atlas.recipes.get(recipe)?)),
            Way::Carcass { yields, .. } => (2_u32.saturating_add(seldom(yields.chance)), Vec::new()),
            Way::Won { yields, .. } => (12_u32.saturating_add(seldom(yields.chance)), Vec::new()),
            Way::Chest { .. } => (30, Vec::new()),
            Way::Open { item, .. } => (35, vec![(Thing::Item(*item), 1)]),
            Way::Trade { order, .. } => {
                let order = atlas.trades.get(order)?;
                (40, stacks(&order.required_items, &order.required_cargo))
            }
            Way::Remains { item } => (45, vec![(Thing::Item(*item), 1)]),
            Way::Start { .. } => (50, Vec::new()),
        };
        let mut steps = 0;
        for (thing, _) in &asks {
            steps = steps.max(self.chosen.get(thing)?.0);
        }
        Some((own.saturating_add(steps), asks.len(), index))
    }

    /// The cheapest way to a thing, if there is any.
    pub fn way<'a>(&self, atlas: &'a Atlas, thing: Thing) -> Option<&'a Way> {
        let (_, _, index) = self.chosen.get(&thing)?;
        atlas.ways(thing).get(*index)
    }

    /// Whether a thing can be had at all.
    pub fn is_obtainable(&self, thing: Thing) -> bool {
        self.chosen.contains_key(&thing)
    }

    /// The recipe by which one makes a thing that is needed for another; none when one would rather find it.
    pub fn recipe(&self, atlas: &Atlas, thing: Thing) -> Option<i32> {
        match self.way(atlas, thing)? {
            Way::Craft { recipe, .. } => Some(*recipe),
            _ => None,
        }
    }

    /// The recipe by which one makes a thing when one wants to make it: the cheapest, else the first.
    pub fn recipe_of_choice(&self, atlas: &Atlas, thing: Thing) -> Option<i32> {
        let ways = atlas.ways(thing).iter().enumerate();
        let crafts = ways.filter_map(|(index, way)| match way {
            Way::Craft { recipe, .. } => Some((self.cost(atlas, way, index), *recipe)),
            _ => None,
        });
        let (_, recipe) = crafts.min_by_key(|(cost, _)| cost.unwrap_or((u32::MAX, 0, 0)))?;
        Some(recipe)
    }

    /// What it takes to make one of a thing; nothing for what is not made.
    pub fn bill(&self, atlas: &Atlas, thing: Thing) -> Bill {
        let mut bill = Bill::default();
        let Some(recipe) = self.recipe_of_choice(atlas, thing) else {
            return bill;
        };
        // Dearest first: whatever asks for a thing is dearer, so its need is known when its turn comes.
        let mut needs: BTreeMap<(u32, Thing), u64> = BTreeMap::new();
        self.ask(atlas, (recipe, thing), 1, &mut bill, &mut needs);
        while let Some(((_, needed), count)) = needs.pop_last() {
            match self.recipe(atlas, needed) {
                Some(recipe) => self.ask(atlas, (recipe, needed), count, &mut bill, &mut needs),
                None => bill.raw.push((needed, count)),
            }
        }
        bill.raw.sort_unstable_by_key(|(thing, _)| *thing);
        bill.steps.reverse();
        bill
    }

    fn ask(
        &self,
        atlas: &Atlas,
        (recipe, thing): (i32, Thing),
        count: u64,
        bill: &mut Bill,
        needs: &mut BTreeMap<(u32, Thing), u64>,
    ) {
        let Some(row) = atlas.recipes.get(&recipe) else { return };
        let made = Atlas::outputs(row).into_iter().filter(|(made, _)| *made == thing);
        let made: u64 = made.map(|(_, quantity)| u64::from(quantity)).sum();
        let enough = count.div_ceil(made.max(1));
        // What the recipe makes beside the thing that it was done for is there already.
        let step = bill.steps.iter_mut().find(|(done, _)| *done == recipe);
        let before = step.as_ref().map_or(0, |(_, times)| *times);
        let times = enough.saturating_sub(before);
        match step {
            Some((_, done)) => *done = enough.max(before),
            None => bill.steps.push((recipe, times)),
        }
        for (input, quantity) in Atlas::inputs(row) {
            let cost = self.chosen.get(&input).map_or(0, |cost| cost.0);
            let need = needs.entry((cost, input)).or_default();
            *need = need.saturating_add(times.saturating_mul(u64::from(quantity)));
        }
    }
}
