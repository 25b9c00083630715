//! Nobody gets rich by standing still: no round of buying, making and selling ends with more coins than it began with, and
//! no round of making things ends with more of them.
//!
//! Every thing gets the least price at which coins turn into it, by trades, recipes and what is opened; time, tools and
//! by-products that nobody buys are free. Coins that cost less than themselves are a profit.

use std::collections::VecDeque;

use super::deeds::{Deed, Deeds, Part, Thing, Way};
use super::{Findings, Game};

/// The tag of items that are money.
const COIN: &str = "Coin";
/// Rounding is no profit.
const TOLERANCE: f64 = 0.000_01;
/// A price that falls so far has no end to its falling.
const COLLAPSED: f64 = 1e-9;
/// Deeds that are looked at again because something became cheaper.
const MAX_LOOKS: usize = 2_000_000;
/// Steps of a round that are shown.
const MAX_SHOWN: usize = 12;

pub(super) fn look(game: &Game, deeds: &Deeds, findings: &mut Findings<'_>) {
    let coins: Vec<usize> = game
        .items
        .rows
        .iter()
        .filter(|item| item.tag == COIN)
        .filter_map(|item| deeds.find(Thing::Item(item.id)))
        .collect();
    let mut has_profit = false;
    for coin in &coins {
        let mut prices = Prices::new(deeds, *coin);
        prices.set(*coin, 1.0);
        if let Some(seller) = prices.fall(|thing, price| thing == *coin && price < 1.0 - TOLERANCE) {
            has_profit = true;
            report_profit(game, deeds, &prices, (seller, *coin), findings);
        }
    }
    if has_profit {
        // The same round would be found as one that makes something of nothing.
        return;
    }
    // Whatever things cost at first, they may not become cheaper for ever. Nothing is sold: what a coin is worth is open.
    let mut prices = Prices::new(deeds, usize::MAX);
    for thing in 0..deeds.things.len() {
        prices.set(thing, 1.0);
    }
    if let Some(deed) = prices.fall(|_, price| price < COLLAPSED) {
        report_growth(game, deeds, &prices, deed, findings);
    }
}

fn is_goods(deeds: &Deeds, part: &Part) -> bool {
    part.quantity > 0.0 && matches!(deeds.things.get(part.thing), Some(Thing::Item(_) | Thing::Cargo(_)))
}

/// Whether one does it without going out to gather.
fn stands_still(deed: &Deed) -> bool {
    matches!(deed.way, Way::Buy | Way::Craft | Way::Open)
}

struct Prices<'a> {
    deeds: &'a Deeds,
    price: Vec<f64>,
    /// The deed by which a thing is so cheap.
    by: Vec<Option<usize>>,
    /// What one of a thing fetches at the best trade for it alone.
    fetches: Vec<f64>,
    waiting: VecDeque<usize>,
}

impl<'a> Prices<'a> {
    fn new(deeds: &'a Deeds, coin: usize) -> Self {
        let mut fetches = vec![0.0_f64; deeds.things.len()];
        fetches.get_mut(coin).into_iter().for_each(|fetch| *fetch = 1.0);
        for deed in deeds.list.iter().filter(|deed| deed.way == Way::Buy) {
            let mut wanted = deed.needs.iter().filter(|part| is_goods(deeds, part));
            let coins = deed.gives.iter().find(|part| part.thing == coin);
            if let (Some(coins), Some(sold), None) = (coins, wanted.next(), wanted.next()) {
                if let Some(best) = fetches.get_mut(sold.thing) {
                    *best = best.max(coins.quantity / sold.quantity);
                }
            }
        }
        Self {
            deeds,
            price: vec![f64::INFINITY; deeds.things.len()],
            by: vec![None; deeds.things.len()],
            fetches,
            waiting: VecDeque::new(),
        }
    }

    fn price(&self, thing: usize) -> f64 {
        self.price.get(thing).copied().unwrap_or(f64::INFINITY)
    }

    fn set(&mut self, thing: usize, price: f64) {
        self.price.get_mut(thing).into_iter().for_each(|slot| *slot = price);
        self.waiting.push_back(thing);
    }

    /// Lets prices fall until they rest, or until one is as `ends` says: then the deed that made it so.
    fn fall(&mut self, ends: impl Fn(usize, f64) -> bool) -> Option<usize> {
        let deeds = self.deeds;
        let mut looks: usize = 0;
        while let Some(cheaper) = self.waiting.pop_front() {
            for &index in deeds.takers.get(cheaper).into_iter().flatten() {
                let Some(deed) = deeds.list.get(index).filter(|deed| stands_still(deed)) else {
                    continue;
                };
                looks = looks.saturating_add(1);
                if looks > MAX_LOOKS {
                    return None;
                }
                if let Some(found) = self.relax(index, deed, &ends) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn relax(&mut self, index: usize, deed: &Deed, ends: &impl Fn(usize, f64) -> bool) -> Option<usize> {
        let deeds = self.deeds;
        let needs = deed.needs.iter().filter(|part| is_goods(deeds, part));
        let cost: f64 = needs.map(|part| part.quantity * self.price(part.thing)).sum();
        if !cost.is_finite() {
            return None;
        }
        let given = || deed.gives.iter().filter(|part| is_goods(deeds, part));
        let fetch = |part: &Part| part.quantity * self.fetches.get(part.thing).copied().unwrap_or(0.0);
        let all: f64 = given().map(fetch).sum();
        let offers: Vec<(usize, f64)> = given()
            .map(|part| (part.thing, (cost - (all - fetch(part))).max(0.0) / part.quantity))
            .collect();
        for (thing, price) in offers {
            if price < self.price(thing) * (1.0 - TOLERANCE) {
                self.set(thing, price);
                self.by.get_mut(thing).into_iter().for_each(|by| *by = Some(index));
                if ends(thing, price) {
                    return Some(index);
                }
            }
        }
        None
    }

    /// The deeds that lead to one, and it, in order.
    fn chain(&self, last: usize) -> Vec<usize> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.deeds.list.len()];
        let mut stack = vec![(last, false)];
        while let Some((index, is_done)) = stack.pop() {
            if is_done {
                order.push(index);
                continue;
            }
            match seen.get_mut(index) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            stack.push((index, true));
            let Some(deed) = self.deeds.list.get(index) else {
                continue;
            };
            let needs = deed.needs.iter().filter(|part| is_goods(self.deeds, part));
            stack.extend(needs.filter_map(|part| Some((self.by.get(part.thing).copied().flatten()?, false))));
        }
        order
    }
}

fn shown(game: &Game, deeds: &Deeds, findings: &Findings<'_>, chain: &[usize]) -> String {
    let steps: Vec<String> = chain
        .iter()
        .filter_map(|index| deeds.list.get(*index))
        .map(|deed| {
            format!(
                "{} ({})",
                deeds.describe(game, deed),
                findings.line(deed.table, deed.row)
            )
        })
        .collect();
    let more = steps.len().saturating_sub(MAX_SHOWN);
    let steps: Vec<String> = steps.into_iter().take(MAX_SHOWN).collect();
    let more = if more > 0 {
        format!(", and {more} more steps")
    } else {
        String::new()
    };
    format!("{}{more}", steps.join(", then "))
}

fn report_profit(
    game: &Game,
    deeds: &Deeds,
    prices: &Prices<'_>,
    (seller, coin): (usize, usize),
    findings: &mut Findings<'_>,
) {
    let Some(deed) = deeds.list.get(seller) else { return };
    let text = format!(
        "100 coins become {:.0} without leaving the market: {}; ask for more, or give less",
        100.0 / prices.price(coin).max(COLLAPSED),
        shown(game, deeds, findings, &prices.chain(seller))
    );
    findings.at_row_of(deed.table, deed.row, "", text);
}

fn report_growth(game: &Game, deeds: &Deeds, prices: &Prices<'_>, last: usize, findings: &mut Findings<'_>) {
    let Some(deed) = deeds.list.get(last) else { return };
    let text = format!(
        "this round makes more of what it uses up: {}; use up more, or make less",
        shown(game, deeds, findings, &prices.chain(last))
    );
    findings.at_row_of(deed.table, deed.row, "", text);
}
