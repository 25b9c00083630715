//! Chances sum to 1, lists come to an end, and chests hold something.

use hexmarch_messages::loot::{ChestRarityDesc, ItemListDesc, LootChestDesc};

use super::{Findings, Game};

/// Sums of 32 bit fractions, written as decimals, come to 1 only so far.
const TOLERANCE: f64 = 0.000_1;

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    for (row, list) in game.item_lists.iter() {
        let chances = list.possibilities.iter().map(|possibility| possibility.probability);
        if let Some(text) = sum_is_not_1(chances) {
            findings.at::<ItemListDesc>(row, "possibilities", text);
        }
        for (index, possibility) in list.possibilities.iter().enumerate() {
            // Nothing is a fair prize, as long as the list has others.
            let is_empty = possibility.items.is_empty() && possibility.item_lists.is_empty();
            if is_empty && list.possibilities.len() == 1 {
                let path = format!("possibilities[{index}]");
                findings.at::<ItemListDesc>(row, &path, "the list never yields anything; add items");
            }
        }
    }
    cycles(game, findings);
    for (row, rarity) in game.chest_rarities.iter() {
        let chances = rarity.loot_rarities.iter().map(|loot| loot.probability);
        if let Some(text) = sum_is_not_1(chances) {
            findings.at::<ChestRarityDesc>(row, "loot_rarities", text);
        }
    }
    chests(game, findings);
}

fn sum_is_not_1(chances: impl Iterator<Item = f32>) -> Option<String> {
    let sum: f64 = chances.map(f64::from).sum();
    let wrong = (sum - 1.0).abs() > TOLERANCE;
    wrong.then(|| format!("the probabilities sum to {sum:.4}; make them sum to 1"))
}

/// Reports each list that comes back to itself, once a cycle, at the list with the least key.
fn cycles(game: &Game, findings: &mut Findings<'_>) {
    let next: Vec<Vec<usize>> = game
        .item_lists
        .rows
        .iter()
        .map(|list| {
            let inner = list
                .possibilities
                .iter()
                .flat_map(|possibility| &possibility.item_lists);
            inner.filter_map(|id| game.item_lists.row_of(*id)).collect()
        })
        .collect();
    for cycle in super::tiers::cycles(&next) {
        let Some(first) = cycle.first().copied() else { continue };
        let ids = cycle.iter().chain(cycle.first());
        let ids: Vec<String> = ids
            .filter_map(|row| Some(game.item_lists.rows.get(*row)?.id.to_string()))
            .collect();
        let text = format!("the list draws from itself: {}; take one of them out", ids.join(" -> "));
        findings.at::<ItemListDesc>(first, "possibilities", text);
    }
}

/// Every rarity that may be drawn has a table in the chest.
fn chests(game: &Game, findings: &mut Findings<'_>) {
    for (row, chest) in game.chests.iter() {
        let Some(rarity) = game.chest_rarities.get(chest.chest_rarity) else {
            continue;
        };
        let tables = || chest.loot_tables.iter().filter_map(|id| game.loot_tables.get(*id));
        for drawn in &rarity.loot_rarities {
            if !tables().any(|table| table.loot_rarity == drawn.loot_rarity) {
                let text = format!(
                    "chest rarity {} may draw loot rarity {}, and none of these tables is of it; add one",
                    rarity.id, drawn.loot_rarity
                );
                findings.at::<LootChestDesc>(row, "loot_tables", text);
            }
        }
        for (index, id) in chest.loot_tables.iter().enumerate() {
            let Some(table) = game.loot_tables.get(*id) else {
                continue;
            };
            let drawn = rarity
                .loot_rarities
                .iter()
                .any(|drawn| drawn.loot_rarity == table.loot_rarity);
            if !drawn {
                let text = format!(
                    "chest rarity {} never draws loot rarity {}, that of table {id}; remove it",
                    rarity.id, table.loot_rarity
                );
                findings.at::<LootChestDesc>(row, &format!("loot_tables[{index}]"), text);
            }
        }
    }
}
