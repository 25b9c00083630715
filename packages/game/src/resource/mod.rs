//! What stands in the land: how it comes to be, is used up and comes back.
//!
//! Invariants: `resource_count` is what there is of each kind, since every change of it goes through here; a thing that is
//! used up comes back where it stood, or anywhere by and by, or never, as its kind says, and in one of these ways alone.

use std::collections::BTreeMap;

use hexmarch_base::{clock, entity, Failure};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::resource::{
    resource_count, resource_desc, resource_health_state, resource_state, ResourceCountState, ResourceDesc,
    ResourceState,
};
use hexmarch_messages::terrain::{location_state, LocationState};
use hexmarch_messages::world::PlacedThing;
use hexmarch_rules::resource::millis;
use hexmarch_sim_core::{ChunkCoordinates, HexDirection, OffsetCoordinatesLarge, OffsetCoordinatesSmall, SmallHexTile};
use spacetimedb::{ReducerContext, Table};

use super::{count, due};
use crate::growth::{self, Growth};

pub use super::clump::place_clump;
pub use super::count::set_target;
pub use super::strike::{strike, Struck};

/// What begins when a thing of a kind comes to be.
#[derive(Clone, Copy, Debug)]
struct Beginning {
    /// Until it is gone by itself, 0 for never.
    despawn_ms: u64,
    growth: Option<Growth>,
}

/// Puts what the making of a world places into one chunk. Returns how many. Nobody asks whether there is room.
///
/// # Errors
/// `resource.unknown|<kind>`; `resource.not_in_chunk|<x>|<z>` for a tile that lies elsewhere. Some may have been placed then.
pub fn place_many(ctx: &ReducerContext, chunk_index: u64, things: &[PlacedThing]) -> Result<u32, Failure> {
    let count = u32::try_from(things.len()).map_err(|_| Failure::new("entity.exhausted"))?;
    let chunk = ChunkCoordinates::from_index(chunk_index).ok_or_else(|| Failure::new("region.out_of_world"))?;
    let first = entity::create_many(ctx, u64::from(count))?;
    let mut kinds: BTreeMap<i32, Beginning> = BTreeMap::new();
    let mut counts: BTreeMap<i32, u32> = BTreeMap::new();
    for (entity_id, thing) in (first..).zip(things) {
        let PlacedThing { resource_id, x, z, .. } = *thing;
        let tile = OffsetCoordinatesSmall::new(x, z, chunk.dimension);
        if tile
            .center()
            .map(OffsetCoordinatesLarge::from)
            .map(ChunkCoordinates::from)
            != Some(chunk)
        {
            return Err(Failure::new(format!("resource.not_in_chunk|{x}|{z}")));
        }
        let beginning = match kinds.get(&resource_id) {
            Some(known) => *known,
            None => {
                let read = beginning(ctx, &kind(ctx, resource_id)?);
                kinds.insert(resource_id, read);
                read
            }
        };
        ctx.db.location_state().insert(LocationState {
            entity_id,
            chunk_index,
            x,
            z,
            dimension: chunk.dimension,
        });
        ctx.db.resource_state().insert(ResourceState {
            entity_id,
            resource_id,
            direction_index: thing.direction_index.rem_euclid(6),
        });
        begin(ctx, entity_id, beginning);
        let counted = counts.entry(resource_id).or_default();
        *counted = counted.saturating_add(1);
    }
    count::add_all(ctx, &counts);
    Ok(count)
}

/// Puts one thing on the ground. Nobody asks whether there is room.
///
/// # Errors
/// `resource.unknown|<kind>`; `region.out_of_world` where no chunk can be.
pub fn place(
    ctx: &ReducerContext,
    resource_id: i32,
    tile: SmallHexTile,
    direction: HexDirection,
) -> Result<(), Failure> {
    let out_of_world = || Failure::new("region.out_of_world");
    let offset = tile.to_offset().ok_or_else(out_of_world)?;
    let large = tile.center().map(OffsetCoordinatesLarge::from);
    let chunk = large.and_then(|large| ChunkCoordinates::from(large).index());
    let thing = PlacedThing {
        resource_id,
        x: offset.x,
        z: offset.z,
        direction_index: i32::from(direction.index()),
    };
    place_many(ctx, chunk.ok_or_else(out_of_world)?, &[thing]).map(drop)
}

/// What there is of each kind now, there should be from now on: at the end of the making of a world.
pub fn set_targets(ctx: &ReducerContext) {
    let counts = ctx.db.resource_count();
    let rows: Vec<ResourceCountState> = counts.iter().filter(|row| row.target != row.live).collect();
    for row in rows {
        counts.resource_id().update(ResourceCountState {
            target: row.live,
            ..row
        });
    }
}

/// Makes a thing one of another kind, where it stands: whole, and with its own time to grow or go.
///
/// # Errors
/// `resource.unknown|<kind>`.
pub fn turn(ctx: &ReducerContext, row: ResourceState, resource_id: i32) -> Result<(), Failure> {
    let beginning = beginning(ctx, &kind(ctx, resource_id)?);
    let entity_id = row.entity_id;
    ctx.db.resource_health_state().entity_id().delete(entity_id);
    growth::forget(ctx, entity_id);
    due::never_despawn(ctx, entity_id);
    count::remove(ctx, row.resource_id);
    count::add(ctx, resource_id, 1);
    ctx.db
        .resource_state()
        .entity_id()
        .update(ResourceState { resource_id, ..row });
    begin(ctx, entity_id, beginning);
    Ok(())
}

/// Removes a thing for good: built over, or taken away. What is used up goes by [`strike`].
pub fn remove(ctx: &ReducerContext, row: &ResourceState) {
    count::remove(ctx, row.resource_id);
    delete_entity(&ctx.db, row.entity_id);
}

/// Content replaced the kind of a thing that is stored as it was.
pub fn kind_replaced(ctx: &ReducerContext, row: &ResourceState) {
    if let Some(before) = ctx.db.resource_state().entity_id().find(row.entity_id) {
        count::replaced(ctx, before.resource_id, row.resource_id);
    }
}

/// A kind of thing.
///
/// # Errors
/// `resource.unknown|<kind>`.
pub fn kind(ctx: &ReducerContext, resource_id: i32) -> Result<ResourceDesc, Failure> {
    let kind = ctx.db.resource_desc().id().find(resource_id);
    kind.ok_or_else(|| Failure::new(format!("resource.unknown|{resource_id}")))
}

fn beginning(ctx: &ReducerContext, kind: &ResourceDesc) -> Beginning {
    Beginning {
        despawn_ms: millis(kind.despawn_time),
        growth: growth::of_kind(ctx, kind.id),
    }
}

/// A thing came to be: writes down what will become of it, if anything.
fn begin(ctx: &ReducerContext, entity_id: u64, beginning: Beginning) {
    if let Some(growth) = beginning.growth {
        growth::begin(ctx, entity_id, growth);
    }
    if beginning.despawn_ms > 0 {
        due::despawn_at(ctx, entity_id, clock::now_ms(ctx).saturating_add(beginning.despawn_ms));
    }
}
