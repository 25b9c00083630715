//! Buildings with rooms.

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::world::World;
use hexmarch_sim_core::{OffsetCoordinatesFloat, OffsetCoordinatesLarge, OffsetCoordinatesSmall, OVERWORLD};
use serde_json::{json, Value};

use super::guest::{number, numbers};

/// A building with something behind its doors.
pub struct House {
    /// Where it stands.
    pub region: u8,
    /// The building.
    pub entity_id: u64,
    /// What is behind its doors.
    pub network: u64,
}

/// A door.
#[derive(Debug)]
pub struct Door {
    /// The portal.
    pub entity_id: u64,
    /// Where it is.
    pub at: OffsetCoordinatesFloat,
    /// The dimension behind it.
    pub leads_to: u32,
    /// Whether it lets anybody through.
    pub enabled: bool,
}

impl House {
    /// Builds one wherever there is room.
    pub async fn build(world: &World, region: u8, building_id: i32) -> Result<Self> {
        let entity_id = build(world, region, building_id).await?;
        let query = format!("SELECT entity_id FROM dimension_network_state WHERE building_id = {entity_id}");
        let network = number(&world.sql(region, &query).await?.rows, 0)?;
        Ok(Self {
            region,
            entity_id,
            network,
        })
    }

    /// Takes it down.
    pub async fn remove(&self, world: &World) -> Result<()> {
        world
            .call(self.region, "admin_remove_building", json!([self.entity_id]))
            .await
    }

    /// The doors in a dimension.
    pub async fn doors(&self, world: &World, dimension: u32) -> Result<Vec<Door>> {
        let columns = "entity_id, destination_dimension, enabled";
        let query = format!(
            "SELECT {columns} FROM portal_state WHERE target_building_entity_id = {}",
            self.entity_id
        );
        let mut doors = Vec::new();
        for row in world.sql(self.region, &query).await?.rows {
            let entity_id = row[0].as_u64().context("an id")?;
            let query =
                format!("SELECT x, z FROM location_state WHERE entity_id = {entity_id} AND dimension = {dimension}");
            if let Some(place) = numbers(&world.sql(self.region, &query).await?.rows).first() {
                let tile = OffsetCoordinatesSmall::new(place[0] as i32, place[1] as i32, dimension);
                doors.push(Door {
                    entity_id,
                    at: tile.center().context("a place")?,
                    leads_to: u32::try_from(row[1].as_u64().context("a dimension")?)?,
                    enabled: row[2] == Value::Bool(true),
                });
            }
        }
        Ok(doors)
    }

    /// The only door in a dimension that leads on from there, or back.
    pub async fn door(&self, world: &World, dimension: u32, leads: impl Fn(u32) -> bool) -> Result<Door> {
        let mut doors = self.doors(world, dimension).await?;
        doors.retain(|door| leads(door.leads_to));
        ensure!(doors.len() == 1, "{} doors: {doors:?}", doors.len());
        doors.pop().context("a door")
    }

    /// Its door in the open world.
    pub async fn front_door(&self, world: &World) -> Result<Door> {
        self.door(world, OVERWORLD, |_| true).await
    }

    /// The rooms that it has now.
    pub async fn dimensions(&self, world: &World) -> Result<Vec<u32>> {
        let query = format!(
            "SELECT dimension_id FROM dimension_description_state WHERE dimension_network_entity_id = {}",
            self.network
        );
        let rows = numbers(&world.sql(self.region, &query).await?.rows);
        Ok(rows.into_iter().map(|row| row[0] as u32).collect())
    }
}

/// The chunk of a dimension's room.
pub fn room_chunk(dimension: u32) -> u64 {
    (u64::from(dimension) - 1) * 1_000_000 + 1
}

/// A tile of floor, by column and row of the room.
pub fn floor(dimension: u32, x: i32, z: i32) -> Result<OffsetCoordinatesFloat> {
    let tile = OffsetCoordinatesLarge::new(x + 1, z + 1, dimension);
    tile.center().context("a place")
}

/// The building of a kind that came last.
pub async fn newest(world: &World, region: u8, building_id: i32) -> Result<u64> {
    let query = format!("SELECT entity_id FROM building_state WHERE building_description_id = {building_id}");
    let rows = numbers(&world.sql(region, &query).await?.rows);
    rows.iter().map(|row| row[0] as u64).max().context("there is none")
}

/// Builds where there is room, away from where characters begin.
pub async fn build(world: &World, region: u8, building_id: i32) -> Result<u64> {
    let bounds = numbers(
        &world
            .sql(
                region,
                "SELECT region_min_chunk_x, region_min_chunk_z FROM world_region_state",
            )
            .await?
            .rows,
    );
    let (left, bottom) = (bounds[0][0] * 96, bounds[0][1] * 96);
    for place in 0..100 {
        let (x, z) = (left + 30 + place % 10 * 30, bottom + 30 + place / 10 * 30);
        let placed = world.call(region, "admin_place_building", json!([building_id, x, z, 1]));
        match placed.await {
            Ok(()) => return newest(world, region, building_id).await,
            Err(error) if error.to_string().contains("building.") => {}
            Err(error) => return Err(error),
        }
    }
    anyhow::bail!("there is no room for building {building_id} in region {region}")
}

/// How many things, doors aside, stand in dimensions.
pub async fn things_in(world: &World, region: u8, dimensions: &[u32]) -> Result<usize> {
    let mut things = 0;
    for dimension in dimensions {
        let located = format!(
            "SELECT entity_id FROM location_state WHERE chunk_index = {}",
            room_chunk(*dimension)
        );
        for row in world.sql(region, &located).await?.rows {
            let portal = format!("SELECT * FROM portal_state WHERE entity_id = {}", row[0]);
            things += usize::from(world.count(region, &portal).await? == 0);
        }
    }
    Ok(things)
}

/// How many of the dimensions still have ground.
pub async fn ground_of(world: &World, region: u8, dimensions: &[u32]) -> Result<usize> {
    let mut chunks = 0;
    for dimension in dimensions {
        let ground = format!(
            "SELECT chunk_x FROM terrain_chunk_state WHERE chunk_index = {}",
            room_chunk(*dimension)
        );
        chunks += world.count(region, &ground).await?;
    }
    Ok(chunks)
}
