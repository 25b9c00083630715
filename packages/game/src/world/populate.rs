//! What comes into a world whose ground is made: buildings of sites and what they bring with them.

use hexmarch_base::Failure;
use hexmarch_messages::building::{building_desc, building_spawn_desc, building_state, BuildingSpawnType};
use hexmarch_messages::placement::{site_desc, SiteType};
use hexmarch_messages::world::{location_cache, site_state, LocationCache, WorldDefinitionState};
use spacetimedb::{ReducerContext, Table};

use super::plan;
use crate::building;

/// Puts up a building, by its number in the plan.
///
/// # Errors
/// As placing it and what it brings.
pub fn building(ctx: &ReducerContext, definition: &WorldDefinitionState, number: usize) -> Result<(), Failure> {
    let planned = plan::with_maker(ctx, definition, |maker| {
        Ok(maker.building(number).map(|(site, placed)| (*site, placed)))
    })?;
    let Some((site, placed)) = planned else { return Ok(()) };
    // Content may have lost it since the making of the world began.
    if ctx.db.building_desc().id().find(placed.building_id).is_none() {
        return Ok(());
    }
    let mut rows = ctx.db.site_state().site_id().filter(site.id);
    let row = rows.find(|row| (row.x, row.z) == (site.tile.x, site.tile.z));
    let site_entity_id = row.map_or(0, |row| row.entity_id);
    let standing = building::place(ctx, placed.building_id, placed.tile, placed.direction, site_entity_id)?;
    building::furnish(ctx, &standing)
}

/// Notes where to find what is seldom looked for.
pub fn note_locations(ctx: &ReducerContext) {
    let mut settlements: Vec<u64> = Vec::new();
    for site in ctx.db.site_state().iter() {
        let desc = ctx.db.site_desc().id().find(site.site_id);
        if desc.is_some_and(|desc| desc.site_type == SiteType::Settlement) {
            settlements.push(site.entity_id);
        }
    }
    settlements.sort_unstable();
    let mut homes: Vec<i32> = Vec::new();
    for spawn in ctx.db.building_spawn_desc().iter() {
        if spawn.spawn_type == BuildingSpawnType::Traveler {
            homes.push(spawn.building_id);
        }
    }
    homes.sort_unstable();
    homes.dedup();
    let mut traveler_ruins: Vec<u64> = Vec::new();
    for building_id in homes {
        let buildings = ctx.db.building_state().building_description_id().filter(building_id);
        traveler_ruins.extend(buildings.map(|building| building.entity_id));
    }
    traveler_ruins.sort_unstable();
    ctx.db.location_cache().insert(LocationCache {
        version: 0,
        settlements,
        traveler_ruins,
    });
}
