//! What may come out of lists and chests.

use std::collections::BTreeMap;

use hexmarch_messages::loot::ProbabilisticItemStack;

use super::Atlas;

/// Lists within lists are followed so far.
const MAX_DEPTH: u32 = 8;

/// How much of something there is, and how likely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Yield {
    /// How likely, up to 1.
    pub chance: f64,
    /// At least so many, when there are any.
    pub least: u32,
    /// At most so many.
    pub most: u32,
}

impl Yield {
    /// For certain.
    pub fn certain(quantity: u32) -> Self {
        Self {
            chance: 1.0,
            least: quantity,
            most: quantity,
        }
    }

    /// What a stack of a recipe or table yields.
    pub fn of(stack: &ProbabilisticItemStack) -> Self {
        Self {
            chance: f64::from(stack.probability),
            ..Self::certain(stack.item_stack.quantity)
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            chance: (self.chance + other.chance).min(1.0),
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }
}

/// Items and how likely each is.
pub type Yields = BTreeMap<i32, Yield>;

fn add(into: &mut Yields, item: i32, found: Yield) {
    into.entry(item)
        .and_modify(|known| *known = known.or(found))
        .or_insert(found);
}

impl Atlas {
    /// What one draw from an item list may yield.
    pub fn drawn_from(&self, item_list: i32) -> Yields {
        let mut yields = Yields::new();
        self.draw(item_list, 1.0, 0, &mut yields);
        yields
    }

    fn draw(&self, item_list: i32, chance: f64, depth: u32, into: &mut Yields) {
        let Some(list) = self.item_lists.get(&item_list).filter(|_| depth < MAX_DEPTH) else {
            return;
        };
        for possibility in &list.possibilities {
            let chance = chance * f64::from(possibility.probability);
            for stack in &possibility.items {
                let found = Yield {
                    chance,
                    ..Yield::certain(stack.quantity)
                };
                add(into, stack.item_id, found);
            }
            for list in &possibility.item_lists {
                self.draw(*list, chance, depth.saturating_add(1), into);
            }
        }
    }

    /// What a chest may hold.
    pub fn held_by(&self, chest: i32) -> Yields {
        let mut yields = Yields::new();
        let Some(chest) = self.chests.get(&chest) else {
            return yields;
        };
        let tables: Vec<_> = chest
            .loot_tables
            .iter()
            .filter_map(|id| self.loot_tables.get(id))
            .collect();
        let rarities = self.chest_rarities.get(&chest.chest_rarity);
        for rarity in rarities.map_or(&[][..], |rarity| rarity.loot_rarities.as_slice()) {
            let fit = tables.iter().filter(|table| table.loot_rarity == rarity.loot_rarity);
            let share = f64::from(rarity.probability) / fit.clone().count().max(1) as f64;
            for stack in fit.flat_map(|table| &table.loot_item_stacks) {
                let found = Yield::of(stack);
                let chance = found.chance * share;
                add(&mut yields, stack.item_stack.item_id, Yield { chance, ..found });
            }
        }
        yields
    }

    /// What those may get who fought an enemy.
    pub fn won_from(&self, enemy: i32) -> Yields {
        let mut yields = Yields::new();
        for loot in self.contributions.values().filter(|loot| loot.enemy_type == enemy) {
            self.draw(loot.item_list_id, 1.0, 0, &mut yields);
        }
        yields
    }

    /// What may be gathered from a fallen enemy.
    pub fn carcass_of(&self, enemy: i32) -> Yields {
        let mut yields = Yields::new();
        let stacks = self
            .enemies
            .get(&enemy)
            .map(|enemy| enemy.extracted_item_stacks.as_slice());
        for stack in stacks.unwrap_or_default() {
            add(&mut yields, stack.item_stack.item_id, Yield::of(stack));
        }
        yields
    }
}
