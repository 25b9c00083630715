//! What a player carries: tools that wear out, weapons for what is to be beaten.

use std::collections::HashSet;

use super::super::deeds::{Deed, Thing, Way};
use super::plan::Goal;
use super::play::Player;
use super::state::NOTHING;

impl Player<'_> {
    /// Has what a deed gives.
    pub(super) fn take(&mut self, deed: &Deed, times: f64) {
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
                let mut tools = self.state.tools(tool.tool_type).to_vec();
                if !tools.iter().any(|(.., owned)| *owned == thing) {
                    tools.push((tool.power, tool.level, thing));
                    self.state.set_tools(tool.tool_type, tools);
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
    pub(super) fn wear(&mut self, deed: &Deed, durability: f64) {
        let Some(tool_type) = deed.work.tool_type.filter(|_| durability > 0.0) else {
            return;
        };
        let tools = self.state.tools(tool_type).iter();
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
            let mut owned = self.state.tools(tool_type).to_vec();
            owned.retain(|(.., owned)| *owned != item);
            self.state.set_tools(tool_type, owned.clone());
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
    pub(super) fn arm(&mut self, deed: &Deed, depth: u32) {
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
