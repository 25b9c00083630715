//! Travellers, from ruin to ruin.

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::building::BuildingSpawnDesc;
use hexmarch_messages::npc::NpcDesc;
use hexmarch_messages::static_data::RemovalPolicy;
use serde_json::{json, Value};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::content_staging::{change, content, push};
use crate::tests;

tests!(
    a_traveller_goes_from_ruin_to_ruin,
    long_absence_is_made_up_for_in_one_step
);

const REGION: u8 = 1;
/// Somebody who travels.
const GRINDER: i32 = 4;
/// A building with places for travellers.
const HALL: i32 = 510;
/// Entities that nobody else has.
const RUINS: [u64; 2] = [9_001, 9_002];
/// How far apart they stand, in small tiles.
const APART: i32 = 20;

/// Two ruins, between which a quick traveller needs two seconds and stays for as long.
async fn ruins(world: &World) -> Result<()> {
    let mut content = content()?;
    change::<NpcDesc>(&mut content, |rows| {
        for row in rows.iter_mut().filter(|row| row.npc_type == GRINDER) {
            row.speed = APART * 500;
            (row.min_time_at_ruin, row.max_time_at_ruin) = (2, 2);
        }
    })?;
    push(world, REGION, &content, RemovalPolicy::Refuse).await?;
    let chunk = world
        .sql(REGION, "SELECT chunk_index, chunk_x, chunk_z FROM terrain_chunk_state")
        .await?
        .rows;
    let chunk: Vec<u64> = chunk
        .first()
        .context("no ground")?
        .iter()
        .filter_map(Value::as_u64)
        .collect();
    let [index, x, z] = chunk[..] else {
        anyhow::bail!("a chunk is {chunk:?}")
    };
    for (number, ruin) in RUINS.into_iter().enumerate() {
        let (x, z) = (x * 96 + 30 + number as u64 * APART.unsigned_abs() as u64, z * 96 + 40);
        for row in [
            format!("building_state (entity_id, building_description_id, direction_index, site_entity_id) VALUES ({ruin}, {HALL}, 0, 0)"),
            format!("location_state (entity_id, chunk_index, x, z, dimension) VALUES ({ruin}, {index}, {x}, {z}, 1)"),
        ] {
            world.sql(REGION, &format!("INSERT INTO {row}")).await?;
        }
        world
            .call(REGION, "admin_set_traveler_ruin", json!([ruin, true]))
            .await?;
    }
    Ok(())
}

async fn no_ruins(world: &World) -> Result<()> {
    for row in world.sql(REGION, "SELECT entity_id FROM npc_state").await?.rows {
        world.call(REGION, "admin_remove_npc", json!(row)).await?;
    }
    for ruin in RUINS {
        world
            .call(REGION, "admin_set_traveler_ruin", json!([ruin, false]))
            .await?;
        for table in ["building_state", "location_state"] {
            world
                .sql(REGION, &format!("DELETE FROM {table} WHERE entity_id = {ruin}"))
                .await?;
        }
    }
    push(world, REGION, &content()?, RemovalPolicy::Refuse).await
}

/// The only traveller's entity and where they are or go.
async fn traveller(world: &World) -> Result<(u64, u64)> {
    let rows = world
        .sql(REGION, "SELECT entity_id, building_entity_id FROM npc_state")
        .await?
        .rows;
    let [row] = &rows[..] else {
        anyhow::bail!("not one traveller but {rows:?}")
    };
    let id = |index: usize| row.get(index).and_then(Value::as_u64).context("no id");
    Ok((id(0)?, id(1)?))
}

async fn a_traveller_goes_from_ruin_to_ruin(world: &World) -> Result<()> {
    ruins(world).await?;
    let outcome = travels(world).await;
    no_ruins(world).await?;
    outcome
}

async fn travels(world: &World) -> Result<()> {
    let [first, second] = RUINS;
    world.call(REGION, "admin_spawn_npc", json!([GRINDER, first])).await?;
    let (entity_id, at) = traveller(world).await?;
    ensure!(at == first, "begins at {at}");
    let located = format!("SELECT x, z FROM location_state WHERE entity_id = {entity_id}");
    ensure!(world.count(REGION, &located).await? == 1, "stays, and is nowhere");
    eventually("the traveller to leave", || async {
        Ok(traveller(world).await? == (entity_id, second))
    })
    .await?;
    ensure!(
        world.count(REGION, &located).await? == 0,
        "is on the way, and somewhere"
    );
    world.await_count(REGION, &located, 1).await?;
    ensure!(traveller(world).await?.1 == second, "arrived elsewhere");
    // Two by two: one place of the first hall, and the same in the second.
    let place = world.sql(REGION, &located).await?.rows;
    let hall = format!("SELECT x, z FROM location_state WHERE entity_id = {second}");
    let hall = world.sql(REGION, &hall).await?.rows;
    ensure!(place != hall, "stands in the middle of the hall");
    eventually("the traveller to go back", || async {
        Ok(traveller(world).await? == (entity_id, first))
    })
    .await?;

    // A hall has as many places as it has.
    let places = content()?.rows::<BuildingSpawnDesc>();
    let places = places
        .iter()
        .filter(|row| row.building_id == HALL && row.traveler_type.is_some())
        .count();
    let mut spawned = 0;
    let refused = loop {
        match world.call(REGION, "admin_spawn_npc", json!([1, second])).await {
            Ok(()) => spawned += 1,
            Err(error) => break error.to_string(),
        }
        ensure!(spawned <= places, "{spawned} travellers at {places} places");
    };
    ensure!(refused.contains("npc.no_place"), "{refused}");
    ensure!(
        spawned == places || spawned + 1 == places,
        "{spawned} at {places} places"
    );
    for (reducer, arguments, key) in [
        ("admin_spawn_npc", json!([99_999, first]), "npc.unknown_type"),
        ("admin_spawn_npc", json!([GRINDER, 5]), "npc.no_building"),
        ("admin_set_traveler_ruin", json!([5, true]), "npc.no_building"),
        ("admin_remove_npc", json!([5]), "npc.unknown"),
    ] {
        let refused = world.call(REGION, reducer, arguments).await.err().context("accepted")?;
        ensure!(refused.to_string().contains(key), "{reducer}: {refused}, not {key}");
    }
    Ok(())
}

async fn long_absence_is_made_up_for_in_one_step(world: &World) -> Result<()> {
    ruins(world).await?;
    let outcome = makes_up(world).await;
    no_ruins(world).await?;
    outcome
}

async fn makes_up(world: &World) -> Result<()> {
    world
        .call(REGION, "admin_spawn_npc", json!([GRINDER, RUINS[0]]))
        .await?;
    let now_ms = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis()
    };
    let before = now_ms();
    // It should have left in 1970: what was due since is not done one by one.
    world.sql(REGION, "UPDATE npc_state SET next_action_ms = 1").await?;
    let due = format!("SELECT * FROM npc_state WHERE next_action_ms > {before}");
    world.await_count(REGION, &due, 1).await?;
    let (_, to) = traveller(world).await?;
    ensure!(to == RUINS[1], "one step leads to the other ruin, and not to {to}");
    Ok(())
}
