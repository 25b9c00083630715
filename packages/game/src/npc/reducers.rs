//! What operators do with travellers.

use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::npc::{npc_desc, npc_state};
use hexmarch_messages::world::{location_cache, LocationCache};
use spacetimedb::{ReducerContext, Table};

use crate::building;

/// Most buildings that travellers go between.
const MAX_RUINS: usize = 10_000;

/// Lets a new traveller begin at a free place of a building.
///
/// # Errors
/// `npc.unknown_type`, `npc.no_building`, `npc.no_place` when all its places for travellers are taken.
#[reducer]
#[access(Gm)]
pub fn admin_spawn_npc(ctx: &ReducerContext, npc_type: i32, building_entity_id: u64) -> Result<(), Failure> {
    let desc = ctx.db.npc_desc().npc_type().find(npc_type);
    let desc = desc.ok_or_else(|| Failure::new("npc.unknown_type"))?;
    let standing = building::standing(ctx, building_entity_id);
    let standing = standing.ok_or_else(|| Failure::new("npc.no_building"))?;
    if super::appear(ctx, &desc, &standing, None)? {
        Ok(())
    } else {
        Err(Failure::new("npc.no_place"))
    }
}

/// Takes a traveller out of the world.
///
/// # Errors
/// `npc.unknown`.
#[reducer]
#[access(Gm)]
pub fn admin_remove_npc(ctx: &ReducerContext, entity_id: u64) -> Result<(), Failure> {
    if ctx.db.npc_state().entity_id().find(entity_id).is_none() {
        return Err(Failure::new("npc.unknown"));
    }
    hexmarch_messages::generated::delete_entity(&ctx.db, entity_id);
    Ok(())
}

/// Lets travellers come to a building, or no longer.
///
/// # Errors
/// `npc.no_building` for one that is not there and should be come to, `npc.too_many_ruins|<limit>`.
#[reducer]
#[access(Admin)]
pub fn admin_set_traveler_ruin(ctx: &ReducerContext, building_entity_id: u64, is_ruin: bool) -> Result<(), Failure> {
    let stored = ctx.db.location_cache().version().find(0);
    let is_new = stored.is_none();
    let mut cache = stored.unwrap_or(LocationCache {
        version: 0,
        settlements: Vec::new(),
        traveler_ruins: Vec::new(),
    });
    let place = cache.traveler_ruins.binary_search(&building_entity_id);
    match (place, is_ruin) {
        (Err(place), true) => {
            building::standing(ctx, building_entity_id).ok_or_else(|| Failure::new("npc.no_building"))?;
            if cache.traveler_ruins.len() >= MAX_RUINS {
                return Err(Failure::new(format!("npc.too_many_ruins|{MAX_RUINS}")));
            }
            cache.traveler_ruins.insert(place, building_entity_id);
        }
        (Ok(place), false) => {
            cache.traveler_ruins.remove(place);
        }
        (Ok(_), true) | (Err(_), false) => return Ok(()),
    }
    if is_new {
        ctx.db.location_cache().insert(cache);
    } else {
        ctx.db.location_cache().version().update(cache);
    }
    Ok(())
}
