//! Changing regions, with everything one carries, whatever dies.

use std::time::Duration;

use anyhow::{ensure, Context, Result};
use hexmarch_client::Player;
use hexmarch_e2e::census::Census;
use hexmarch_e2e::world::{eventually, identity_argument, World};
use hexmarch_host::{HostClient, NewIdentity};
use hexmarch_sim_core::{OffsetCoordinatesFloat, RegionLayout};
use nix::sys::signal::Signal;
use serde_json::json;
use tokio::task::JoinSet;

use crate::tests;

tests!(
    walking_across_the_border_both_ways,
    a_closed_region_refuses_and_nothing_is_lost,
    the_relay_is_killed_amid_two_hundred_crossings,
    the_host_is_killed_amid_crossings,
);

/// Players who walk, and how often each crosses.
const WALKERS: u32 = 10;
const CROSSINGS_EACH: u32 = 5;
/// Players who are moved while the relay dies.
const MOVED: usize = 100;
/// Players who are moved while the host dies.
const SHAKEN: usize = 24;

fn border(player: &mut Player) -> Result<(i32, i32)> {
    let layout: RegionLayout = player.region().layout().context("no layout")?;
    let bounds = layout.bounds(1).context("no region 1")?;
    Ok((bounds.max_x(), (bounds.min_z() + bounds.max_z()) / 2))
}

/// Moves a player of `region`.
pub async fn teleport(world: &World, region: u8, identity: &str, to: OffsetCoordinatesFloat) -> Result<()> {
    let (x, z) = (to.x as f32 / 1000.0, to.z as f32 / 1000.0);
    world
        .call(
            region,
            "admin_teleport_player",
            json!([identity_argument(identity), x, z]),
        )
        .await
}

async fn walking_across_the_border_both_ways(world: &World) -> Result<()> {
    let mut players = Vec::new();
    for number in 0..WALKERS {
        let mut player = world.player(&format!("Crosser{number}")).await?;
        let (x, z) = border(&mut player)?;
        let near = if player.region_index() == 1 {
            x - 4_000
        } else {
            x + 4_000
        };
        let place = OffsetCoordinatesFloat::overworld(near, z + number as i32 * 1_000);
        teleport(world, player.region_index(), &player.identity().to_string(), place).await?;
        players.push(player);
    }
    let before = Census::take(world).await?;
    let mut walks = JoinSet::new();
    for mut player in players {
        walks.spawn(async move {
            for _ in 0..CROSSINGS_EACH {
                cross(&mut player).await?;
            }
            let changes = player.region_changes();
            player.leave().await;
            Ok::<u32, anyhow::Error>(changes)
        });
    }
    let mut crossings = 0;
    while let Some(outcome) = walks.join_next().await {
        crossings += outcome??;
    }
    ensure!(crossings == WALKERS * CROSSINGS_EACH, "{crossings} crossings");
    world.quiet().await?;
    let after = Census::take(world).await?;
    ensure!(
        after.regions.len() == before.regions.len(),
        "players were lost or doubled"
    );
    ensure!(
        after.inventories == before.inventories,
        "what players carry has changed"
    );
    for (entity_id, region) in &after.regions {
        let query = format!("SELECT * FROM user_region_state WHERE entity_id = {entity_id} AND region_id = {region}");
        ensure!(
            world.count(0, &query).await? == 1,
            "the global database does not know where {entity_id} is"
        );
    }
    Ok(())
}

/// Walks until the region has changed.
async fn cross(player: &mut Player) -> Result<()> {
    let region = player.region_index();
    let (x, _) = border(player)?;
    for _ in 0..20 {
        let at = player.position().context("no place")?;
        let beyond = if region == 1 { x + 6_000 } else { x - 6_000 };
        player.step(OffsetCoordinatesFloat::overworld(beyond, at.z)).await?;
        if player.region_index() != region {
            return Ok(());
        }
    }
    anyhow::bail!(
        "twenty segments did not lead out of region {region}, now at {:?}",
        player.position()
    )
}

async fn a_closed_region_refuses_and_nothing_is_lost(world: &World) -> Result<()> {
    let mut player = world.player("Homebody").await?;
    let region = player.region_index();
    let other = 3 - region;
    let (x, z) = border(&mut player)?;
    let inside = |region: u8| if region == 1 { x - 10_000 } else { x + 10_000 };
    teleport(
        world,
        region,
        &player.identity().to_string(),
        OffsetCoordinatesFloat::overworld(inside(region), z),
    )
    .await?;
    let before = Census::take(world).await?;

    // The neighbour is known to be closed: refused before anything moves.
    world
        .call(other, "admin_set_region_control_state", json!([false, false]))
        .await?;
    let closed = format!("SELECT * FROM region_control_info WHERE region_id = {other} AND allow_players = false");
    world.await_count(region, &closed, 1).await?;
    let there = OffsetCoordinatesFloat::overworld(inside(other), z);
    let refused = teleport(world, region, &player.identity().to_string(), there).await;
    ensure!(refused
        .err()
        .context("a closed region took a player")?
        .to_string()
        .contains("transfer.closed"));
    ensure!(Census::take(world).await? == before);
    world
        .call(other, "admin_set_region_control_state", json!([true, true]))
        .await?;
    world.await_count(region, &closed, 0).await?;

    // The neighbour is full, which the sender does not know: it refuses the message, and the player comes back.
    let full = |blocked: bool| {
        json!([{
            "region_id": other, "is_signing_in_blocked": blocked, "max_signed_in_players": 500,
            "max_queue_length": 500, "arrival_reserve": 50, "grace_period_seconds": 1,
        }])
    };
    world.call(0, "admin_update_sign_in_parameters", full(true)).await?;
    let blocked = "SELECT * FROM region_sign_in_parameters WHERE is_signing_in_blocked = true";
    world.await_count(other, blocked, 1).await?;
    teleport(world, region, &player.identity().to_string(), there).await?;
    ensure!(
        Census::take(world).await?.in_region(region) == before.in_region(region) - 1,
        "the player did not leave"
    );
    world.quiet().await?;
    ensure!(
        Census::take(world).await? == before,
        "the player did not come back as they were"
    );
    player.reconnect().await.context("the client follows back")?;
    ensure!(player.region_index() == region);
    world.call(0, "admin_update_sign_in_parameters", full(false)).await?;
    world.await_count(other, blocked, 0).await?;
    player.leave().await;
    Ok(())
}

async fn register(world: &World, name: &str) -> Result<NewIdentity> {
    let identity = world.operator.new_identity().await?;
    let client: HostClient = world.operator.with_token(Some(identity.token.clone()));
    let request = json!([{ "username": name }]);
    client.call(&world.database(0), "player_register", &request).await?;
    Ok(identity)
}

/// New players, all of them in a region.
async fn crowd(world: &World, name: &str, count: usize) -> Result<Vec<NewIdentity>> {
    let mut identities = Vec::new();
    for number in 0..count {
        identities.push(register(world, &format!("{name}{number}")).await?);
    }
    world.quiet().await?;
    Ok(identities)
}

/// Moves everybody into the other region; `process` is killed, and started again, when half have left.
async fn move_all(world: &World, crowd: &[NewIdentity], now: &Census, process: &str) -> Result<()> {
    for (number, identity) in crowd.iter().enumerate() {
        let query = format!(
            "SELECT entity_id FROM user_region_state WHERE identity = 0x{}",
            identity.identity
        );
        let rows = world.sql(0, &query).await?.rows;
        let entity_id = rows
            .first()
            .and_then(|row| row.first()?.as_u64())
            .context("no account")?;
        let region = *now
            .regions
            .get(&entity_id)
            .with_context(|| format!("player {entity_id} is nowhere"))?;
        let x = if region == 1 { 500_000 } else { 100_000 };
        let place = OffsetCoordinatesFloat::overworld(x, 100_000 + number as i32 * 500);
        teleport(world, region, &identity.identity, place).await?;
        if number == crowd.len() / 2 {
            world.signal(process, Signal::SIGKILL)?;
            restart(world)?;
        }
    }
    Ok(())
}

/// Everybody is in exactly one region with what they carried.
async fn same_as(world: &World, before: &Census) -> Result<Census> {
    world.quiet().await?;
    let after = Census::take(world).await?;
    ensure!(
        after.regions.keys().eq(before.regions.keys()),
        "players were lost or doubled"
    );
    ensure!(
        after.inventories == before.inventories,
        "what players carry has changed"
    );
    Ok(after)
}

async fn the_relay_is_killed_amid_two_hundred_crossings(world: &World) -> Result<()> {
    let crowd = crowd(world, "Moved", MOVED).await?;
    let before = Census::take(world).await?;
    for wave in 0..2 {
        let now = Census::take(world).await?;
        move_all(world, &crowd, &now, "relay").await?;
        if wave == 1 {
            // And once more while answers are under way.
            tokio::time::sleep(Duration::from_millis(1500)).await;
            world.signal("relay", Signal::SIGKILL)?;
            restart(world)?;
        }
        let after = same_as(world, &before).await.with_context(|| format!("wave {wave}"))?;
        let moved = after
            .regions
            .iter()
            .filter(|(id, region)| now.regions.get(id) != Some(region))
            .count();
        ensure!(moved == MOVED, "wave {wave}: {moved} of {MOVED} players changed region");
    }
    eventually("reservations to end", || async {
        Ok(world.count(1, "SELECT * FROM slot_reservation_state").await? < 500)
    })
    .await
}

/// What the host forgets when it is killed did not happen: a player may be back where they were, never nowhere or in two
/// places. All databases of one host write at about the same time, so that the relay waits for the disk does not show here:
/// the simulation of faults has two hosts for that.
async fn the_host_is_killed_amid_crossings(world: &World) -> Result<()> {
    let crowd = crowd(world, "Shaken", SHAKEN).await?;
    // Beyond what the host can forget.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let before = Census::take(world).await?;
    for wave in 0..3 {
        let now = Census::take(world).await?;
        move_all(world, &crowd, &now, "host").await?;
        // While they are under way, and while answers are.
        tokio::time::sleep(Duration::from_millis(wave * 1200)).await;
        world.signal("host", Signal::SIGKILL)?;
        restart(world)?;
        same_as(world, &before).await.with_context(|| format!("wave {wave}"))?;
    }
    Ok(())
}

/// Starts what was killed.
pub fn restart(world: &World) -> Result<()> {
    let (host, relay, wasm) = (
        hexmarch_e2e::programs::host()?,
        hexmarch_e2e::programs::relay()?,
        hexmarch_e2e::programs::wasm_dir()?,
    );
    let paths = [host, relay, wasm].map(|path| path.to_string_lossy().into_owned());
    let [host, relay, wasm] = &paths;
    world.cli_ok(&[
        "up",
        "--detach",
        "--json",
        "--players",
        "0",
        "--env",
        "testing",
        "--host-bin",
        host,
        "--relay-bin",
        relay,
        "--wasm-dir",
        wasm,
    ])?;
    Ok(())
}
