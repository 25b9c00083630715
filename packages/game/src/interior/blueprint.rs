//! Building a network out of content.

use std::collections::BTreeMap;

use hexmarch_base::{entity, Failure};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::interior::{
    building_portal_desc, dimension_description_state, dimension_network_state, interior_instance_desc,
    interior_network_desc, interior_portal_connections_desc, interior_shape_desc, portal_state,
    DimensionDescriptionState, DimensionNetworkState, DimensionType, InteriorInstanceDesc, PortalState,
};
use hexmarch_messages::terrain::{location_state, terrain_chunk_state, TerrainChunkState, CELL_BYTES};
use hexmarch_sim_core::floor_plan::{self, FloorPlan};
use hexmarch_sim_core::{HexDirection, SmallHexTile};
use spacetimedb::{ReducerContext, Table};

use super::spawns;
use crate::building::{self, Standing};

/// What is to be behind the doors of a building, checked as a whole.
pub struct Blueprint {
    dimension_type: DimensionType,
    rooms: Vec<Room>,
    /// In the order of their ids.
    doors: Vec<Door>,
    /// In the order of their ids.
    passages: Vec<Passage>,
}

struct Room {
    instance: InteriorInstanceDesc,
    plan: FloorPlan,
}

/// A tile of a room, by the room's place in the list.
#[derive(Clone, Copy)]
struct Spot {
    room: usize,
    x: i32,
    z: i32,
}

struct Door {
    outside: SmallHexTile,
    direction: HexDirection,
    inside: Spot,
}

struct Passage {
    from: Spot,
    to: Spot,
    direction: HexDirection,
}

impl Blueprint {
    /// What content says about this building; `None` where it says nothing.
    ///
    /// # Errors
    /// `interior.bad_content|<building>`.
    pub fn read(ctx: &ReducerContext, standing: &Standing) -> Result<Option<Self>, Failure> {
        let networks = ctx.db.interior_network_desc();
        let Some(network) = networks.building_id().find(standing.building_id) else {
            return Ok(None);
        };
        let blueprint = Self::of(ctx, standing, network.dimension_type, &network.child_interior_instances);
        let blueprint = blueprint.filter(|blueprint| !blueprint.doors.is_empty());
        let bad = || Failure::new(format!("interior.bad_content|{}", standing.building_id));
        blueprint.map(Some).ok_or_else(bad)
    }

    fn of(ctx: &ReducerContext, standing: &Standing, dimension_type: DimensionType, instances: &[i32]) -> Option<Self> {
        let rooms: Option<Vec<Room>> = instances.iter().map(|id| Room::of(ctx, *id)).collect();
        let rooms = rooms?;
        let spot = |instance_id: i32, x: i32, z: i32| {
            let room = rooms.iter().position(|room| room.instance.id == instance_id)?;
            rooms.get(room)?.plan.surface(x, z)?;
            Some(Spot { room, x, z })
        };
        let rows = ctx.db.building_portal_desc().building_id().filter(standing.building_id);
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable_by_key(|row| row.id);
        let doors = rows.iter().map(|row| {
            let outside = standing.tile_at(row.x, row.z)?;
            building::location(0, outside)?;
            Some(Door {
                outside,
                direction: standing.direction_of(row.direction),
                inside: spot(row.interior_instance_id, row.interior_x, row.interior_z)?,
            })
        });
        let doors = doors.collect::<Option<Vec<Door>>>()?;
        let rows = ctx.db.interior_portal_connections_desc();
        let mut rows: Vec<_> = rows.building_id().filter(standing.building_id).collect();
        rows.sort_unstable_by_key(|row| row.id);
        let passages = rows.iter().map(|row| {
            Some(Passage {
                from: spot(row.entrance_instance_id, row.entrance_x, row.entrance_z)?,
                to: spot(row.exit_instance_id, row.exit_x, row.exit_z)?,
                direction: HexDirection::from_index(row.direction),
            })
        });
        let passages = passages.collect::<Option<Vec<Passage>>>()?;
        Some(Self {
            dimension_type,
            rooms,
            doors,
            passages,
        })
    }

    /// Makes the rooms with what is in them, and the portals; those that the building had before are gone.
    ///
    /// # Errors
    /// `entity.*`.
    pub fn build(
        &self,
        ctx: &ReducerContext,
        standing: &Standing,
        network: DimensionNetworkState,
    ) -> Result<(), Failure> {
        let portals = ctx.db.portal_state();
        for portal in portals.target_building_entity_id().filter(standing.entity_id) {
            delete_entity(&ctx.db, portal.entity_id);
        }
        let mut dimensions = BTreeMap::new();
        for (index, room) in self.rooms.iter().enumerate() {
            let dimension = entity::create_dimension(ctx)?;
            room.store(ctx, network.entity_id, self.dimension_type, dimension)?;
            dimensions.insert(index, dimension);
        }
        let tile = |spot: Spot| {
            let plan = &self.rooms.get(spot.room)?.plan;
            let dimension = dimensions.get(&spot.room)?;
            plan.tile(spot.x, spot.z, *dimension)?.to_axial()?.center_tile()
        };
        let building = standing.entity_id;
        let mut entrance_dimension_id = 0;
        for door in &self.doors {
            let Some(inside) = tile(door.inside) else { continue };
            if entrance_dimension_id == 0 {
                entrance_dimension_id = inside.dimension;
            }
            both_ways(ctx, building, door.outside, inside, door.direction)?;
        }
        for passage in &self.passages {
            if let (Some(from), Some(to)) = (tile(passage.from), tile(passage.to)) {
                both_ways(ctx, building, from, to, passage.direction)?;
            }
        }
        ctx.db
            .dimension_network_state()
            .entity_id()
            .update(DimensionNetworkState {
                entrance_dimension_id,
                is_collapsed: false,
                collapse_respawn_timestamp: 0,
                ..network
            });
        for (index, room) in self.rooms.iter().enumerate() {
            if let Some(dimension) = dimensions.get(&index) {
                spawns::furnish(ctx, standing, room.instance.id, &room.plan, *dimension);
            }
        }
        Ok(())
    }
}

impl Room {
    fn of(ctx: &ReducerContext, instance_id: i32) -> Option<Self> {
        let instance = ctx.db.interior_instance_desc().id().find(instance_id)?;
        let shape = ctx.db.interior_shape_desc().id().find(instance.interior_shape_id)?;
        let plan = shape.plan().ok()?;
        Some(Self { instance, plan })
    }

    fn store(
        &self,
        ctx: &ReducerContext,
        network: u64,
        dimension_type: DimensionType,
        dimension: u32,
    ) -> Result<(), Failure> {
        let (width, depth) = self.plan.size();
        ctx.db.dimension_description_state().insert(DimensionDescriptionState {
            entity_id: entity::create(ctx)?,
            dimension_network_entity_id: network,
            dimension_id: dimension,
            dimension_type,
            interior_instance_id: self.instance.id,
            dimension_position_large_x: floor_plan::MARGIN.unsigned_abs(),
            dimension_position_large_z: floor_plan::MARGIN.unsigned_abs(),
            dimension_size_large_x: width.unsigned_abs(),
            dimension_size_large_z: depth.unsigned_abs(),
            collapse_timestamp: 0,
        });
        let chunk = floor_plan::chunk_of(dimension);
        ctx.db.terrain_chunk_state().insert(TerrainChunkState {
            chunk_index: chunk.index().ok_or_else(|| Failure::new("region.out_of_world"))?,
            chunk_x: chunk.x,
            chunk_z: chunk.z,
            dimension,
            cells: self.cells(),
        });
        Ok(())
    }

    fn cells(&self) -> Vec<u8> {
        let biome = u8::try_from(self.instance.biome).unwrap_or_default();
        let cell = |cell: hexmarch_sim_core::GroundCell| -> [u8; CELL_BYTES] {
            let [elevation_low, elevation_high] = cell.elevation.to_le_bytes();
            let [water_low, water_high] = cell.water_level.to_le_bytes();
            [
                elevation_low,
                elevation_high,
                water_low,
                water_high,
                biome,
                cell.surface,
            ]
        };
        self.plan.cells().flat_map(cell).collect()
    }
}

fn both_ways(
    ctx: &ReducerContext,
    building: u64,
    one: SmallHexTile,
    other: SmallHexTile,
    direction: HexDirection,
) -> Result<(), Failure> {
    portal(ctx, building, one, other, direction)?;
    portal(ctx, building, other, one, direction.opposite())
}

fn portal(
    ctx: &ReducerContext,
    building: u64,
    from: SmallHexTile,
    to: SmallHexTile,
    direction: HexDirection,
) -> Result<(), Failure> {
    let out_of_world = || Failure::new("region.out_of_world");
    let entity_id = entity::create(ctx)?;
    let location = building::location(entity_id, from).ok_or_else(out_of_world)?;
    let destination = to.to_offset().ok_or_else(out_of_world)?;
    ctx.db.location_state().insert(location);
    ctx.db.portal_state().insert(PortalState {
        entity_id,
        target_building_entity_id: building,
        destination_x: destination.x,
        destination_z: destination.z,
        destination_dimension: destination.dimension,
        direction_index: i32::from(direction.index()),
        enabled: true,
    });
    Ok(())
}
