//! What grows or is used up becomes something in the end, or comes back on purpose.

use std::collections::HashSet;

use hexmarch_messages::resource::{ResourceDesc, ResourceGrowthRecipeDesc};
use hexmarch_messages::static_data::StaticRow;

use super::tiers::cycles;
use super::{Findings, Game};

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    let gathered: HashSet<i32> = game.extractions.rows.iter().map(|recipe| recipe.resource_id).collect();
    growth(game, &gathered, findings);
    depletion(game, findings);
    let grows: HashSet<i32> = game.growths.rows.iter().map(|growth| growth.resource_id).collect();
    for (row, resource) in game.resources.iter() {
        if !gathered.contains(&resource.id) && !grows.contains(&resource.id) {
            let text = format!(
                "nobody gathers from '{}', and it becomes nothing; add an extraction recipe, or a growth recipe",
                resource.name
            );
            findings.at::<ResourceDesc>(row, "id", text);
        }
    }
}

fn growth(game: &Game, gathered: &HashSet<i32>, findings: &mut Findings<'_>) {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); game.resources.rows.len()];
    for (row, growth) in game.growths.iter() {
        if growth.resource_id == growth.grown_resource_id {
            let text = format!("resource {} grows into itself; name another", growth.resource_id);
            findings.at::<ResourceGrowthRecipeDesc>(row, "grown_resource_id", text);
            continue;
        }
        let from = game.resources.row_of(growth.resource_id);
        let to = game.resources.row_of(growth.grown_resource_id);
        if let (Some(next), Some(to)) = (from.and_then(|from| next.get_mut(from)), to) {
            next.push(to);
        }
    }
    for cycle in cycles(&next) {
        // Blossom, fruit, bare branch, blossom: on purpose, as long as somebody has something of it.
        let ids = ids_of(game, &cycle);
        if ids.iter().any(|id| gathered.contains(id)) {
            continue;
        }
        let is_first = |growth: &ResourceGrowthRecipeDesc| ids.first() == Some(&growth.resource_id);
        if let Some((row, _)) = game.growths.iter().find(|(_, growth)| is_first(growth)) {
            let text = format!(
                "growth goes round and nobody gathers: {}; end it, or add an extraction recipe",
                chain(&ids)
            );
            findings.at::<ResourceGrowthRecipeDesc>(row, "grown_resource_id", text);
        }
    }
}

fn depletion(game: &Game, findings: &mut Findings<'_>) {
    let next: Vec<Vec<usize>> = game
        .resources
        .rows
        .iter()
        .map(|resource| {
            let then = resource.on_destroy_yield_resource_id;
            then.and_then(|id| game.resources.row_of(id)).into_iter().collect()
        })
        .collect();
    for cycle in cycles(&next) {
        let ids = ids_of(game, &cycle);
        if let Some(row) = cycle.first() {
            let text = format!(
                "what is used up comes back at once: {}; let it grow back instead, or end it",
                chain(&ids)
            );
            findings.at::<ResourceDesc>(*row, "on_destroy_yield_resource_id", text);
        }
    }
}

fn ids_of(game: &Game, rows: &[usize]) -> Vec<i32> {
    rows.iter()
        .filter_map(|row| Some(game.resources.rows.get(*row)?.id))
        .collect()
}

fn chain(ids: &[i32]) -> String {
    let ids: Vec<String> = ids.iter().chain(ids.first()).map(ToString::to_string).collect();
    format!("{} {}", ResourceDesc::TABLE, ids.join(" -> "))
}
