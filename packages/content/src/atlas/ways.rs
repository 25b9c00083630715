//! Where things come from, and what they go into.

use super::{stacks, Atlas, Thing, Yield};

/// Where a thing comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way {
    /// It is gathered.
    Gather {
        /// How.
        extraction: i32,
        /// By each unit of progress; cargo, by the last.
        yields: Yield,
    },
    /// The last stroke on a resource yields it.
    LastStroke {
        /// The resource.
        resource: i32,
        /// How many.
        yields: Yield,
    },
    /// It is made.
    Craft {
        /// How.
        recipe: i32,
        /// How many at once.
        yields: Yield,
    },
    /// It is gathered from a fallen enemy.
    Carcass {
        /// The enemy.
        enemy: i32,
        /// How many.
        yields: Yield,
    },
    /// Those who fought an enemy get it.
    Won {
        /// The enemy.
        enemy: i32,
        /// How many.
        yields: Yield,
    },
    /// It is in a chest.
    Chest {
        /// The chest.
        chest: i32,
        /// How many.
        yields: Yield,
    },
    /// It is in something that is opened.
    Open {
        /// The item.
        item: i32,
        /// How many.
        yields: Yield,
    },
    /// It is what is left of something that broke.
    Remains {
        /// The item.
        item: i32,
    },
    /// Somebody trades it.
    Trade {
        /// What for.
        order: i32,
        /// How many at once.
        yields: Yield,
    },
    /// New characters have it.
    Start {
        /// How many.
        quantity: u32,
    },
}

/// What a thing goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A recipe uses it up.
    Craft {
        /// The recipe.
        recipe: i32,
    },
    /// A building takes it.
    Build {
        /// How it is put up.
        construction: i32,
    },
    /// A road takes it.
    Pave {
        /// The paving.
        paving: i32,
    },
    /// It is planted.
    Plant {
        /// How.
        planting: i32,
    },
    /// Gathering uses it up.
    Gather {
        /// How.
        extraction: i32,
    },
    /// Somebody wants it in trade.
    Trade {
        /// For what.
        order: i32,
    },
}

impl Atlas {
    /// How many one may expect of a whole resource, where each unit of work on it may yield some.
    pub fn expected_of_one(&self, resource: i32, yields: Yield) -> f64 {
        let work = self.resources.get(&resource).map_or(1, |row| row.max_health);
        let quantity = (f64::from(yields.least) + f64::from(yields.most)) / 2.0;
        yields.chance * quantity * f64::from(work)
    }

    pub(super) fn link(&mut self) {
        let mut ways = Vec::new();
        self.gathered(&mut ways);
        self.made(&mut ways);
        self.fought_for(&mut ways);
        self.found(&mut ways);
        self.traded(&mut ways);
        for (thing, way) in ways {
            self.ways.entry(thing).or_default().push(way);
        }
        for (thing, used) in self.used() {
            let uses = self.uses.entry(thing).or_default();
            if uses.last() != Some(&used) {
                uses.push(used);
            }
        }
    }

    fn gathered(&self, ways: &mut Vec<(Thing, Way)>) {
        for row in self.extractions.values() {
            let extraction = row.id;
            for stack in &row.extracted_item_stacks {
                let yields = Yield::of(stack);
                ways.push((
                    Thing::Item(stack.item_stack.item_id),
                    Way::Gather { extraction, yields },
                ));
            }
            if let Some(cargo) = row.cargo_id {
                let yields = Yield::certain(1);
                ways.push((Thing::Cargo(cargo), Way::Gather { extraction, yields }));
            }
        }
        for row in self.resources.values() {
            for stack in &row.on_destroy_yield {
                let yields = Yield::certain(stack.quantity);
                let resource = row.id;
                ways.push((Thing::Item(stack.item_id), Way::LastStroke { resource, yields }));
            }
        }
    }

    fn made(&self, ways: &mut Vec<(Thing, Way)>) {
        for row in self.recipes.values() {
            for (thing, quantity) in Self::outputs(row) {
                let yields = Yield::certain(quantity);
                ways.push((thing, Way::Craft { recipe: row.id, yields }));
            }
        }
    }

    fn fought_for(&self, ways: &mut Vec<(Thing, Way)>) {
        for enemy in self.enemies.keys().copied() {
            for (item, yields) in self.carcass_of(enemy) {
                ways.push((Thing::Item(item), Way::Carcass { enemy, yields }));
            }
            for (item, yields) in self.won_from(enemy) {
                ways.push((Thing::Item(item), Way::Won { enemy, yields }));
            }
        }
    }

    fn found(&self, ways: &mut Vec<(Thing, Way)>) {
        for chest in self.chests.keys().copied() {
            for (item, yields) in self.held_by(chest) {
                ways.push((Thing::Item(item), Way::Chest { chest, yields }));
            }
        }
        for row in self.items.values() {
            let item = row.id;
            for (content, yields) in row.item_list_id.map(|list| self.drawn_from(list)).unwrap_or_default() {
                ways.push((Thing::Item(content), Way::Open { item, yields }));
            }
            if let Some(remains) = row.convert_to_on_durability_zero {
                ways.push((Thing::Item(remains), Way::Remains { item }));
            }
        }
        for row in self.starting.values() {
            let quantity = row.quantity;
            ways.push((Thing::Item(row.item_id), Way::Start { quantity }));
        }
    }

    fn traded(&self, ways: &mut Vec<(Thing, Way)>) {
        for row in self.trades.values() {
            for (thing, quantity) in stacks(&row.offer_items, &row.offer_cargo) {
                let yields = Yield::certain(quantity);
                ways.push((thing, Way::Trade { order: row.id, yields }));
            }
        }
    }

    fn used(&self) -> Vec<(Thing, Use)> {
        let mut uses = Vec::new();
        let mut add = |things: Vec<(Thing, u32)>, used: Use| {
            uses.extend(things.into_iter().map(|(thing, _)| (thing, used)));
        };
        for row in self.recipes.values() {
            add(Self::inputs(row), Use::Craft { recipe: row.id });
        }
        for row in self.constructions.values() {
            let things = stacks(&row.consumed_item_stacks, &row.consumed_cargo_stacks);
            add(things, Use::Build { construction: row.id });
        }
        for row in self.pavings.values() {
            add(stacks(&row.consumed_item_stacks, &[]), Use::Pave { paving: row.id });
        }
        for row in self.plantings.values() {
            add(stacks(&row.consumed_item_stacks, &[]), Use::Plant { planting: row.id });
        }
        for row in self.extractions.values() {
            add(
                stacks(&row.consumed_item_stacks, &[]),
                Use::Gather { extraction: row.id },
            );
        }
        for row in self.trades.values() {
            let things = stacks(&row.required_items, &row.required_cargo);
            add(things, Use::Trade { order: row.id });
        }
        uses
    }
}
