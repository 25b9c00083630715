//! What is missing of the world's kinds comes back somewhere, where the rules that made the world would have it.
//!
//! The time up to which it did is written down, with what is owed beyond whole things: however late a run is, and however
//! time is cut into runs, as much comes back. A run tries a bounded number of places; what finds none stays owed.

use std::collections::BTreeMap;

use hexmarch_base::{clock, Failure};
use hexmarch_messages::placement::resource_scatter_desc;
use hexmarch_messages::resource::{
    resource_clump_desc, resource_count, resource_desc, resource_growth_recipe_desc, resource_regen_state,
    OwedResource, ResourceRegenState,
};
use hexmarch_messages::survival::{resource_parameters_desc, ResourceParametersDesc};
use hexmarch_messages::world::ground;
use hexmarch_messages::world::{resources_log, world_definition_state, WorldMode};
use hexmarch_rules::loot::pick;
use hexmarch_rules::resource::{missing, owed, Stock, WHOLE};
use hexmarch_sim_core::{ChunkCoordinates, HexDirection, RegionBounds, OVERWORLD};
use hexmarch_world_gen::{Ground, ScatterRule};
use spacetimedb::{ReducerContext, Table};

use super::place;
use super::room::Room;
use crate::region;

/// Brings back what is owed since the last slice, if it is time for one.
///
/// # Errors
/// Those of [`place`].
pub fn toward_targets(ctx: &ReducerContext) -> Result<(), Failure> {
    let Some(parameters) = ctx.db.resource_parameters_desc().id().find(0) else {
        return Ok(());
    };
    let now_ms = clock::now_ms(ctx);
    let states = ctx.db.resource_regen_state();
    let stored = states.id().find(0);
    let elapsed_ms = stored
        .as_ref()
        .map(|row| now_ms.saturating_sub(row.regenerated_until_ms));
    let slice_ms = u64::try_from(parameters.resources_regen_tick_millis).unwrap_or_default();
    if elapsed_ms.is_some_and(|elapsed_ms| elapsed_ms < slice_ms) {
        return Ok(());
    }
    let missing = missing_anywhere(ctx);
    if missing.is_empty() {
        states.id().delete(0);
        return Ok(());
    }
    let Some(stored) = stored else {
        states.insert(ResourceRegenState {
            id: 0,
            regenerated_until_ms: now_ms,
            last_resource_id: 0,
            owed: Vec::new(),
        });
        return Ok(());
    };
    let mut debts = debts(&stored.owed, &missing, &parameters, elapsed_ms.unwrap_or_default());
    let last = pay(
        ctx,
        &mut debts,
        stored.last_resource_id,
        parameters.resources_regen_loops,
    )?;
    let owed = debts.into_iter().filter(|(_, parts)| *parts > 0);
    states.id().update(ResourceRegenState {
        id: 0,
        regenerated_until_ms: now_ms,
        last_resource_id: last,
        owed: owed
            .map(|(resource_id, parts)| OwedResource { resource_id, parts })
            .collect(),
    });
    Ok(())
}

/// What is missing of the kinds that come back anywhere.
fn missing_anywhere(ctx: &ReducerContext) -> BTreeMap<i32, u32> {
    let counts = ctx.db.resource_count().iter();
    let stocks: BTreeMap<i32, Stock> = counts
        .map(|row| {
            let (target, live) = (row.target, row.live);
            (row.resource_id, Stock { target, live })
        })
        .collect();
    if stocks.values().all(|stock| stock.target <= stock.live) {
        return BTreeMap::new();
    }
    let recipes = ctx.db.resource_growth_recipe_desc().iter();
    let grows_into = recipes.map(|row| (row.resource_id, row.grown_resource_id)).collect();
    let mut missing = missing(&stocks, &grows_into);
    missing.retain(|resource_id, _| {
        let kind = ctx.db.resource_desc().id().find(*resource_id);
        kind.is_some_and(|kind| !kind.not_respawning && kind.scheduled_respawn_time <= 0.0)
    });
    missing
}

/// What is owed of each kind that is missing, in parts.
fn debts(
    before: &[OwedResource],
    missing: &BTreeMap<i32, u32>,
    parameters: &ResourceParametersDesc,
    elapsed_ms: u64,
) -> BTreeMap<i32, u64> {
    let before: BTreeMap<i32, u64> = before.iter().map(|owed| (owed.resource_id, owed.parts)).collect();
    let debt = |(resource_id, missing): (&i32, &u32)| {
        let parts = before.get(resource_id).copied().unwrap_or_default();
        (
            *resource_id,
            owed(*missing, parameters.regen_per_hour, elapsed_ms, parts),
        )
    };
    missing.iter().map(debt).collect()
}

/// Tries places for what is owed whole, one for each kind in turn, from the kind after `last` on. Returns the last that had a
/// try.
fn pay(ctx: &ReducerContext, debts: &mut BTreeMap<i32, u64>, mut last: i32, tries: i32) -> Result<i32, Failure> {
    let is_due = |parts: &u64| *parts >= WHOLE;
    if !debts.values().any(is_due) {
        return Ok(last);
    }
    let Some(land) = Land::new(ctx) else { return Ok(last) };
    debts.retain(|resource_id, _| land.rules.contains_key(resource_id));
    for _ in 0..tries {
        let due = |(resource_id, parts): (&i32, &u64)| is_due(parts).then_some(*resource_id);
        let after = debts.range(last.saturating_add(1)..).find_map(due);
        let Some(resource_id) = after.or_else(|| debts.iter().find_map(due)) else {
            break;
        };
        last = resource_id;
        if land.bring_back(ctx, resource_id)? {
            if let Some(parts) = debts.get_mut(&resource_id) {
                *parts = parts.saturating_sub(WHOLE);
            }
        }
    }
    Ok(last)
}

/// For each kind the rules that strew it, and how much of it each strews.
type Rules = BTreeMap<i32, Vec<(ScatterRule, f32)>>;

/// The rules of content.
fn rules(ctx: &ReducerContext) -> Rules {
    let mut rules = Rules::new();
    for row in ctx.db.resource_scatter_desc().iter() {
        let Some(clump) = ctx.db.resource_clump_desc().id().find(row.resource_clump_id) else {
            continue;
        };
        let mut in_clump: BTreeMap<i32, f32> = BTreeMap::new();
        for member in &clump.members {
            *in_clump.entry(member.resource_id).or_default() += 1.0;
        }
        let (Some(ground), Ok(patch_size)) = (ground(&row.ground), u16::try_from(row.patch_size)) else {
            continue;
        };
        for (resource_id, count) in in_clump {
            let rule = ScatterRule {
                id: row.id,
                ground: ground.clone(),
                density_permille: row.density_permille,
                patchiness_permille: row.patchiness_permille,
                patch_size,
                members: Vec::new(),
            };
            let weight = count * row.density_permille as f32;
            rules.entry(resource_id).or_default().push((rule, weight));
        }
    }
    rules
}

/// On level ground everything stands anywhere.
fn anywhere(ctx: &ReducerContext) -> Rules {
    let rule = ScatterRule {
        id: 0,
        ground: Ground::any_land(),
        density_permille: 0,
        patchiness_permille: 0,
        patch_size: 0,
        members: Vec::new(),
    };
    let kinds = ctx.db.resource_desc().iter();
    kinds.map(|kind| (kind.id, vec![(rule.clone(), 1.0)])).collect()
}

/// Where what may stand.
struct Land<'a> {
    room: Room<'a>,
    bounds: RegionBounds,
    seed: Option<u64>,
    rules: Rules,
}

impl<'a> Land<'a> {
    fn new(ctx: &'a ReducerContext) -> Option<Self> {
        let own = region::own(ctx)?;
        let is_flat = matches!(ctx.db.resources_log().version().find(0)?.mode, WorldMode::Flat);
        let bounds = region::layout(&own).ok()?.bounds(own.region_index)?;
        Some(Self {
            room: Room::new(ctx),
            bounds,
            seed: ctx.db.world_definition_state().id().find(0).map(|row| row.seed),
            rules: if is_flat { anywhere(ctx) } else { rules(ctx) },
        })
    }

    /// Tries one place for one thing; says whether it stands there now.
    fn bring_back(&self, ctx: &ReducerContext, resource_id: i32) -> Result<bool, Failure> {
        let rules = self.rules.get(&resource_id).map(Vec::as_slice).unwrap_or_default();
        let weights: Vec<f32> = rules.iter().map(|(_, weight)| *weight).collect();
        let rule = pick(&weights, ctx.random()).and_then(|index| rules.get(index));
        let place_of = |rule: &ScatterRule| rule.place_in(self.random_chunk(ctx), ctx.random());
        let Some((rule, tile)) = rule.and_then(|(rule, _)| Some((rule, place_of(rule)?))) else {
            return Ok(false);
        };
        let direction = HexDirection::from_index(i32::from(ctx.random::<u8>() % 6));
        let tiles = self.room.tiles(resource_id, tile, direction)?;
        let stands =
            rule.is_right_for(&tiles, self.seed, self.room.cells()) && self.room.is_free(resource_id, tile, direction);
        if stands {
            place(ctx, resource_id, tile, direction)?;
        }
        Ok(stands)
    }

    fn random_chunk(&self, ctx: &ReducerContext) -> ChunkCoordinates {
        let between = |min: i32, max: i32| {
            let count = u32::try_from(max.saturating_sub(min)).unwrap_or(1).max(1);
            min.saturating_add(i32::try_from(ctx.random::<u32>() % count).unwrap_or_default())
        };
        ChunkCoordinates {
            x: between(self.bounds.min_chunk_x, self.bounds.max_chunk_x),
            z: between(self.bounds.min_chunk_z, self.bounds.max_chunk_z),
            dimension: OVERWORLD,
        }
    }
}
