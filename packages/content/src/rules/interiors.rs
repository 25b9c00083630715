//! What is behind doors can be walked: rooms are floor in one piece, doors and what is in rooms stand on floor, and one comes
//! from the door of a building into each of its rooms.

use std::collections::{HashMap, HashSet};

use hexmarch_messages::interior::{
    BuildingPortalDesc, DimensionType, InteriorInstanceDesc, InteriorNetworkDesc, InteriorPortalConnectionsDesc,
    InteriorShapeDesc, InteriorSpawnDesc, InteriorSpawnType,
};
use hexmarch_messages::static_data::StaticRow;

use super::{Findings, Game};

/// A column and row of a room.
type Spot = (i32, i32, i32);

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    for (row, shape) in game.shapes.iter() {
        // An empty one was reported already.
        if let Some(error) = shape.plan().err().filter(|_| !shape.rows.is_empty()) {
            let text = format!("the rows draw no room: {error}; see `floor_plan` in sim_core for what they may be");
            findings.at::<InteriorShapeDesc>(row, "rows", text);
        }
        let is_used = |instance: &InteriorInstanceDesc| instance.interior_shape_id == shape.id;
        if !game.interiors.rows.iter().any(is_used) {
            findings.at::<InteriorShapeDesc>(row, "id", "no room has this shape; remove it, or use it");
        }
    }
    let doors = doors(game, findings);
    for (row, network) in game.networks.iter() {
        times(row, network, findings);
        reach(game, row, network, findings);
    }
    let networks = &game.networks.rows;
    let used: HashSet<i32> = networks
        .iter()
        .flat_map(|network| network.child_interior_instances.clone())
        .collect();
    for (row, instance) in game
        .interiors
        .iter()
        .filter(|(_, instance)| !used.contains(&instance.id))
    {
        let text = format!("'{}' is in no network; add it to one", instance.name);
        findings.at::<InteriorInstanceDesc>(row, "id", text);
    }
    spawns(game, doors, findings);
}

/// Whether a spot is floor; what leads nowhere or draws no room was reported already.
fn is_floor(game: &Game, (instance, x, z): Spot) -> bool {
    let shape = game
        .interiors
        .get(instance)
        .and_then(|instance| game.shapes.get(instance.interior_shape_id));
    let plan = shape.and_then(|shape| shape.plan().ok());
    plan.is_none_or(|plan| plan.surface(x, z).is_some())
}

/// Looks at each end of each door, and gives those inside.
fn doors(game: &Game, findings: &mut Findings<'_>) -> HashSet<Spot> {
    let mut doors = HashSet::new();
    let mut end =
        |table: &'static str, row: usize, building_id: i32, prefix: &str, instance_column: &str, spot: Spot| {
            let network = game.networks.get(building_id);
            if network.is_some_and(|network| !network.child_interior_instances.contains(&spot.0)) {
                let text = format!(
                    "room {} is not of the network of building {building_id}; add it there",
                    spot.0
                );
                findings.at_row_of(table, row, instance_column, text);
            } else if !is_floor(game, spot) {
                let text = format!(
                    "{},{} of room {} is wall; choose a tile of floor",
                    spot.1, spot.2, spot.0
                );
                findings.at_row_of(table, row, &format!("{prefix}_x"), text);
            }
            doors.insert(spot);
        };
    for (row, door) in game.doors.iter() {
        let spot = (door.interior_instance_id, door.interior_x, door.interior_z);
        let column = "interior_instance_id";
        end(
            BuildingPortalDesc::TABLE,
            row,
            door.building_id,
            "interior",
            column,
            spot,
        );
    }
    for (row, way) in game.passages.iter() {
        let table = InteriorPortalConnectionsDesc::TABLE;
        let spot = (way.entrance_instance_id, way.entrance_x, way.entrance_z);
        end(table, row, way.building_id, "entrance", "entrance_instance_id", spot);
        let spot = (way.exit_instance_id, way.exit_x, way.exit_z);
        end(table, row, way.building_id, "exit", "exit_instance_id", spot);
    }
    doors
}

/// Dungeons fall in and come back, houses do neither.
fn times(row: usize, network: &InteriorNetworkDesc, findings: &mut Findings<'_>) {
    let times = [
        ("trigger_collapse_time", network.trigger_collapse_time),
        ("respawn_time", network.respawn_time),
    ];
    match network.dimension_type {
        DimensionType::Overworld => {
            let text = "the overworld is behind no door; make it a BuildingInterior or a Dungeon";
            findings.at::<InteriorNetworkDesc>(row, "dimension_type", text);
        }
        DimensionType::BuildingInterior => {
            for (column, _) in times.into_iter().filter(|(_, seconds)| *seconds > 0) {
                findings.at::<InteriorNetworkDesc>(
                    row,
                    column,
                    "a house does not fall in; make it 0, or the house a Dungeon",
                );
            }
        }
        DimensionType::Dungeon => {
            for (column, _) in times.into_iter().filter(|(_, seconds)| *seconds == 0) {
                findings.at::<InteriorNetworkDesc>(
                    row,
                    column,
                    "a dungeon falls in and comes back; say after how many seconds",
                );
            }
        }
    }
}

/// One comes from the building's doors into every room.
fn reach(game: &Game, row: usize, network: &InteriorNetworkDesc, findings: &mut Findings<'_>) {
    let rooms = &network.child_interior_instances;
    let of_building = game
        .doors
        .rows
        .iter()
        .filter(|door| door.building_id == network.building_id);
    let mut reached: HashSet<i32> = of_building.map(|door| door.interior_instance_id).collect();
    if reached.is_empty() {
        let text = "nothing leads in; add a row to building_portal_desc.json";
        findings.at::<InteriorNetworkDesc>(row, "building_id", text);
    }
    reached.retain(|room| rooms.contains(room));
    // Without a door, or with one into another network, which was reported, no room is reached.
    if reached.is_empty() {
        return;
    }
    for _ in rooms {
        for way in game
            .passages
            .rows
            .iter()
            .filter(|way| way.building_id == network.building_id)
        {
            let ends = [way.entrance_instance_id, way.exit_instance_id];
            if ends.iter().any(|end| reached.contains(end)) {
                reached.extend(ends);
            }
        }
    }
    let mut seen = HashSet::new();
    for (index, room) in rooms.iter().enumerate() {
        let column = format!("child_interior_instances[{index}]");
        if !seen.insert(room) {
            findings.at::<InteriorNetworkDesc>(row, &column, format!("room {room} is there twice; remove one"));
        } else if !reached.contains(room) {
            let text = format!("nothing leads into room {room}; add a row to interior_portal_connections_desc.json");
            findings.at::<InteriorNetworkDesc>(row, &column, text);
        }
    }
}

/// What is in a room stands on floor, in nobody's way, and says what it is.
fn spawns(game: &Game, doors: HashSet<Spot>, findings: &mut Findings<'_>) {
    let mut taken: HashMap<Spot, &str> = doors.into_iter().map(|spot| (spot, "a door")).collect();
    for (row, spawn) in game.interior_spawns.iter() {
        let spot = (spawn.interior_instance_id, spawn.x, spawn.z);
        if !is_floor(game, spot) {
            let text = format!(
                "{},{} of room {} is wall; choose a tile of floor",
                spot.1, spot.2, spot.0
            );
            findings.at::<InteriorSpawnDesc>(row, "x", text);
        } else if let Some(what) = taken.insert(spot, "something else") {
            let text = format!(
                "{what} is at {},{} of room {}; move one of them",
                spot.1, spot.2, spot.0
            );
            findings.at::<InteriorSpawnDesc>(row, "x", text);
        }
        let given = [
            (InteriorSpawnType::Building, "building_id", spawn.building_id.is_some()),
            (InteriorSpawnType::Resource, "resource_id", spawn.resource_id.is_some()),
            (InteriorSpawnType::Enemy, "enemy_type", spawn.enemy_type.is_some()),
            (
                InteriorSpawnType::LootChest,
                "loot_chests",
                !spawn.loot_chests.is_empty(),
            ),
            (
                InteriorSpawnType::Traveler,
                "traveler_type",
                spawn.traveler_type.is_some(),
            ),
        ];
        for (spawn_type, column, is_given) in given {
            let text = match (spawn.spawn_type == spawn_type, is_given) {
                (true, false) => format!("a spawn of type {spawn_type:?} needs {column}; fill it in"),
                (false, true) => format!("a spawn of type {:?} has no {column}; empty it", spawn.spawn_type),
                _ => continue,
            };
            findings.at::<InteriorSpawnDesc>(row, column, text);
        }
    }
}
