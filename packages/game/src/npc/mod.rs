//! Travellers: people who stay at a ruin for a while and walk on to the next.
//!
//! Invariants: who stays has a `location_state`, who travels has none; what happens to a traveller follows from the time
//! at which it is due, not from how often anybody looks.

use hexmarch_base::{clock, entity, Failure};
use hexmarch_messages::building::{building_spawn_desc, building_state, BuildingSpawnDesc};
use hexmarch_messages::npc::{npc_desc, npc_state, NpcDesc, NpcState, NpcStatus};
use hexmarch_messages::terrain::location_state;
use hexmarch_messages::world::{location_cache, world_definition_state};
use hexmarch_rules::chance;
use hexmarch_rules::npc::{acted_at, destination, remember, stay_ms, travel_ms};
use hexmarch_sim_core::{HexDirection, OffsetCoordinatesSmall, SmallHexTile};
use spacetimedb::{ReducerContext, Table};

use crate::building::{self, Standing};

/// Most travellers of one kind that a building is given.
const MAX_SETTLED: u32 = 10;
/// Who finds no place at a ruin, and no other ruin, looks again after this.
const NO_PLACE_MS: u64 = 60_000;

/// Lets travellers begin at a building: as many as there are of them for each of their ruins, at its free places.
///
/// # Errors
/// `region.out_of_world` where no chunk can be, `entity.*`.
pub fn settle(ctx: &ReducerContext, spawn: &BuildingSpawnDesc, standing: &Standing) -> Result<(), Failure> {
    let Some(desc) = spawn.traveler_type.and_then(|id| ctx.db.npc_desc().npc_type().find(id)) else {
        return Ok(());
    };
    let seed = ctx.db.world_definition_state().id().find(0).map_or(0, |row| row.seed);
    let place = [standing.tile.x, standing.tile.z, spawn.id].map(|number| u64::from(number.cast_unsigned()));
    let random = chance::hash(&[seed, place[0], place[1], place[2]]);
    for _ in 0..chance::count(random, f64::from(desc.population)).min(MAX_SETTLED) {
        if !appear(ctx, &desc, standing, Some(spawn.id))? {
            break;
        }
    }
    Ok(())
}

/// Puts a new traveller at a free place of a building; says whether there was one.
///
/// # Errors
/// As [`settle`].
pub fn appear(ctx: &ReducerContext, desc: &NpcDesc, standing: &Standing, wanted: Option<i32>) -> Result<bool, Failure> {
    let Some((tile, direction)) = free_place(ctx, standing, wanted) else {
        return Ok(false);
    };
    let entity_id = entity::create(ctx)?;
    let location = building::location(entity_id, tile).ok_or_else(|| Failure::new("region.out_of_world"))?;
    let now_ms = clock::now_ms(ctx);
    let random = chance::hash(&[entity_id, now_ms]);
    ctx.db.location_state().insert(location);
    ctx.db.npc_state().insert(NpcState {
        entity_id,
        npc_type: desc.npc_type,
        status: NpcStatus::Staying,
        building_entity_id: standing.entity_id,
        direction: i32::from(direction.index()),
        next_action_ms: now_ms + stay_ms(random, desc.min_time_at_ruin, desc.max_time_at_ruin),
        previous_buildings: Vec::new(),
    });
    Ok(true)
}

/// A place for travellers at a building where nobody stands: the wanted one, or the first.
fn free_place(ctx: &ReducerContext, standing: &Standing, wanted: Option<i32>) -> Option<(SmallHexTile, HexDirection)> {
    let mut places: Vec<BuildingSpawnDesc> = ctx
        .db
        .building_spawn_desc()
        .building_id()
        .filter(standing.building_id)
        .filter(|row| row.traveler_type.is_some())
        .collect();
    places.sort_unstable_by_key(|row| (Some(row.id) != wanted, row.id));
    let guests = ctx.db.npc_state().building_entity_id().filter(standing.entity_id);
    let taken: Vec<SmallHexTile> = guests.filter_map(|guest| stands_at(ctx, guest.entity_id)).collect();
    places.iter().find_map(|place| {
        let tile = standing.tile_at(place.x, place.z)?;
        (!taken.contains(&tile)).then(|| (tile, standing.direction_of(place.direction)))
    })
}

fn stands_at(ctx: &ReducerContext, entity_id: u64) -> Option<SmallHexTile> {
    let location = ctx.db.location_state().entity_id().find(entity_id)?;
    OffsetCoordinatesSmall::new(location.x, location.z, location.dimension).to_axial()
}

/// Does what is due for a traveller.
pub fn act(ctx: &ReducerContext, npc: NpcState) {
    let now_ms = clock::now_ms(ctx);
    let Some(desc) = ctx.db.npc_desc().npc_type().find(npc.npc_type) else {
        // Nobody knows who they were.
        hexmarch_messages::generated::delete_entity(&ctx.db, npc.entity_id);
        return;
    };
    let at_ms = acted_at(npc.next_action_ms, now_ms);
    let random = chance::hash(&[npc.entity_id, at_ms]);
    let next = match npc.status {
        NpcStatus::Staying => leave(ctx, &desc, npc, at_ms, random),
        NpcStatus::Travelling => arrive(ctx, &desc, npc, at_ms, random),
    };
    ctx.db.npc_state().entity_id().update(next);
}

/// Sets out for another ruin; without one, stays on.
fn leave(ctx: &ReducerContext, desc: &NpcDesc, npc: NpcState, at_ms: u64, random: u64) -> NpcState {
    let from = npc.building_entity_id;
    match way_on(ctx, desc, &npc, from, random) {
        Some((building_entity_id, on_the_way_ms)) => {
            ctx.db.location_state().entity_id().delete(npc.entity_id);
            NpcState {
                status: NpcStatus::Travelling,
                building_entity_id,
                next_action_ms: at_ms + on_the_way_ms.max(1),
                previous_buildings: remember(&npc.previous_buildings, from),
                ..npc
            }
        }
        None => NpcState {
            next_action_ms: at_ms + stay_ms(random, desc.min_time_at_ruin, desc.max_time_at_ruin),
            ..npc
        },
    }
}

/// Takes a free place at the ruin; when there is none, or the ruin is gone, goes on to another.
fn arrive(ctx: &ReducerContext, desc: &NpcDesc, npc: NpcState, at_ms: u64, random: u64) -> NpcState {
    let standing = building::standing(ctx, npc.building_entity_id);
    let place = standing.and_then(|standing| free_place(ctx, &standing, None));
    let location = place.and_then(|(tile, _)| building::location(npc.entity_id, tile));
    if let (Some(location), Some((_, direction))) = (location, place) {
        ctx.db.location_state().insert(location);
        return NpcState {
            status: NpcStatus::Staying,
            direction: i32::from(direction.index()),
            next_action_ms: at_ms + stay_ms(random, desc.min_time_at_ruin, desc.max_time_at_ruin),
            ..npc
        };
    }
    let full = npc.building_entity_id;
    let from = if standing.is_some() {
        full
    } else {
        npc.previous_buildings.last().copied().unwrap_or(full)
    };
    match way_on(ctx, desc, &npc, from, random) {
        Some((building_entity_id, on_the_way_ms)) => NpcState {
            building_entity_id,
            next_action_ms: at_ms + on_the_way_ms.max(1),
            previous_buildings: remember(&npc.previous_buildings, full),
            ..npc
        },
        None => NpcState {
            next_action_ms: at_ms + NO_PLACE_MS,
            ..npc
        },
    }
}

/// Another ruin to go to, and the milliseconds that it takes.
fn way_on(ctx: &ReducerContext, desc: &NpcDesc, npc: &NpcState, from: u64, random: u64) -> Option<(u64, u64)> {
    // The ruin may be gone, under somebody who stays.
    let own = stands_at(ctx, from)
        .or_else(|| stands_at(ctx, npc.entity_id))?
        .center()?;
    let distance = |building: u64| own.distance_milli(stands_at(ctx, building)?.center()?);
    let cache = ctx.db.location_cache().version().find(0)?;
    let is_other =
        |id: &&u64| **id != npc.building_entity_id && ctx.db.building_state().entity_id().find(**id).is_some();
    let others = cache.traveler_ruins.iter().filter(is_other);
    let ruins: Vec<(u64, u64)> = others.filter_map(|id| Some((*id, distance(*id)?))).collect();
    let chosen = destination(&ruins, &npc.previous_buildings, random)?;
    let (_, milli) = ruins.iter().find(|(id, _)| *id == chosen)?;
    Some((chosen, travel_ms(*milli, desc.speed)?))
}
