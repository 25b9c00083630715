//! Buildings, and what comes with them.

use hexmarch_base::{entity, Failure};
use hexmarch_messages::building::{
    building_spawn_desc, building_state, BuildingSpawnDesc, BuildingSpawnType, BuildingState,
};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::terrain::{location_state, LocationState};
use hexmarch_sim_core::{ChunkCoordinates, HexDirection, OffsetCoordinatesSmall, SmallHexTile};
use spacetimedb::{ReducerContext, Table};

use crate::{enemy, interior, loot_chest, npc, resource};

/// A building and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The building.
    pub entity_id: u64,
    /// What kind.
    pub building_id: i32,
    /// Its middle.
    pub tile: SmallHexTile,
    /// Which way it faces.
    pub direction: HexDirection,
}

impl Standing {
    /// The tile so far from the middle, in the building's own directions.
    pub fn tile_at(&self, x: i32, z: i32) -> Option<SmallHexTile> {
        self.tile
            .offset_by(x, z)?
            .rotated(self.tile, i32::from(self.direction.index()))
    }

    /// The way that something faces which faces this way in the building's own directions.
    pub fn direction_of(&self, direction_index: i32) -> HexDirection {
        HexDirection::from_index(direction_index).rotated(i32::from(self.direction.index()))
    }
}

/// Puts a building of a site into the world.
///
/// # Errors
/// `region.out_of_world` where no chunk can be.
pub fn place(
    ctx: &ReducerContext,
    building_id: i32,
    tile: SmallHexTile,
    direction: HexDirection,
    site_entity_id: u64,
) -> Result<Standing, Failure> {
    let entity_id = entity::create(ctx)?;
    let location = location(entity_id, tile).ok_or_else(|| Failure::new("region.out_of_world"))?;
    ctx.db.location_state().insert(location);
    ctx.db.building_state().insert(BuildingState {
        entity_id,
        building_description_id: building_id,
        direction_index: i32::from(direction.index()),
        site_entity_id,
    });
    Ok(Standing {
        entity_id,
        building_id,
        tile,
        direction,
    })
}

/// Makes all that a building brings: what comes with it, in the order of its ids, and what is behind its doors.
///
/// # Errors
/// As [`bring`] and [`interior::open`].
pub fn furnish(ctx: &ReducerContext, standing: &Standing) -> Result<(), Failure> {
    let rows = ctx.db.building_spawn_desc().building_id().filter(standing.building_id);
    let mut rows: Vec<BuildingSpawnDesc> = rows.collect();
    rows.sort_unstable_by_key(|row| row.id);
    for row in &rows {
        bring(ctx, row, standing)?;
    }
    interior::open(ctx, standing)
}

/// Lets come what comes with a building, or is in a room of it.
///
/// # Errors
/// Those of the feature that it belongs to.
pub fn bring(ctx: &ReducerContext, spawn: &BuildingSpawnDesc, standing: &Standing) -> Result<(), Failure> {
    match spawn.spawn_type {
        BuildingSpawnType::Traveler => npc::settle(ctx, spawn, standing),
        BuildingSpawnType::Enemy => enemy::guard(ctx, spawn, standing),
        BuildingSpawnType::LootChest => loot_chest::place(ctx, spawn, standing),
        BuildingSpawnType::ResourceClump => resource::place_clump(ctx, spawn, standing),
    }
}

/// Takes a building down, with what is behind its doors, its chests and its guards; nobody who is in there is lost.
pub fn remove(ctx: &ReducerContext, entity_id: u64) {
    interior::close(ctx, entity_id);
    loot_chest::remove_of(ctx, entity_id);
    if let Some(standing) = standing(ctx, entity_id) {
        enemy::unguard(ctx, &standing);
    }
    delete_entity(&ctx.db, entity_id);
}

/// Where a building stands; `None` when it is gone.
pub fn standing(ctx: &ReducerContext, entity_id: u64) -> Option<Standing> {
    let building = ctx.db.building_state().entity_id().find(entity_id)?;
    let location = ctx.db.location_state().entity_id().find(entity_id)?;
    Some(Standing {
        entity_id,
        building_id: building.building_description_id,
        tile: OffsetCoordinatesSmall::new(location.x, location.z, location.dimension).to_axial()?,
        direction: HexDirection::from_index(building.direction_index),
    })
}

/// The row for something that stays on a tile; `None` where no chunk can be.
pub fn location(entity_id: u64, tile: SmallHexTile) -> Option<LocationState> {
    let offset = tile.to_offset()?;
    Some(LocationState {
        entity_id,
        chunk_index: ChunkCoordinates::from(tile.large_tile()?.to_offset()?).index()?,
        x: offset.x,
        z: offset.z,
        dimension: offset.dimension,
    })
}
