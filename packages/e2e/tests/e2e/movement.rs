//! Walking, accepted and refused.

use anyhow::{ensure, Context, Result};
use hexmarch_client::bindings::region::PlayerMoveRequest;
use hexmarch_client::{now_ms, Player, RegionEvent};
use hexmarch_e2e::world::World;
use hexmarch_sim_core::OffsetCoordinatesFloat;
use std::time::Duration;

use crate::tests;

tests!(
    an_honest_walk_is_accepted,
    impossible_moves_change_nothing,
    a_speeder_is_set_back,
    position_survives_sessions
);

fn request(from: OffsetCoordinatesFloat, dx: f32, dz: f32, duration: f32) -> PlayerMoveRequest {
    let (x, z) = (from.x as f32 / 1000.0, from.z as f32 / 1000.0);
    PlayerMoveRequest {
        timestamp: now_ms(),
        origin_x: x,
        origin_z: z,
        destination_x: x + dx,
        destination_z: z + dz,
        dimension: 1,
        duration,
        running: true,
    }
}

fn place(player: &mut Player) -> Result<OffsetCoordinatesFloat> {
    Ok(player.region().place().context("no place")?.destination)
}

async fn an_honest_walk_is_accepted(world: &World) -> Result<()> {
    let mut player = world.player("Strider").await?;
    let start = place(&mut player)?;
    let target = OffsetCoordinatesFloat::overworld(start.x + 12_000, start.z + 5_000);
    for _ in 0..10 {
        if player.step(target).await? {
            player.leave().await;
            return Ok(());
        }
    }
    anyhow::bail!("still at {:?} after ten segments to {target:?}", player.position())
}

async fn impossible_moves_change_nothing(world: &World) -> Result<()> {
    let mut player = world.player("Strider").await?;
    let start = place(&mut player)?;
    let before = player.region().place();
    let valid = request(start, 1.0, 0.0, 1.0);
    let cases = [
        (
            "position.not_finite",
            PlayerMoveRequest {
                destination_x: f32::NAN,
                ..valid.clone()
            },
        ),
        (
            "position.not_finite",
            PlayerMoveRequest {
                origin_z: f32::INFINITY,
                ..valid.clone()
            },
        ),
        (
            "move.not_finite",
            PlayerMoveRequest {
                duration: f32::NAN,
                ..valid.clone()
            },
        ),
        (
            "position.out_of_range",
            PlayerMoveRequest {
                destination_x: 1e30,
                ..valid.clone()
            },
        ),
        (
            "move.",
            PlayerMoveRequest {
                duration: 1e9,
                ..valid.clone()
            },
        ),
        ("move.", request(start, 40.0, 0.0, 10.0)),
        (
            "move.",
            PlayerMoveRequest {
                timestamp: now_ms() + 60_000,
                ..valid.clone()
            },
        ),
        (
            "move.",
            PlayerMoveRequest {
                timestamp: now_ms() - 60_000,
                ..valid.clone()
            },
        ),
        (
            "move.",
            PlayerMoveRequest {
                dimension: 2,
                ..valid.clone()
            },
        ),
    ];
    for (key, bad) in cases {
        let text = format!("{bad:?}");
        let refused = player
            .region()
            .walk(bad)
            .await
            .err()
            .with_context(|| format!("accepted: {text}"))?;
        ensure!(
            refused.to_string().contains(key.trim_start_matches("position.")),
            "{text}: {refused}, not {key}"
        );
    }
    ensure!(player.region().place() == before, "a refused move moved the player");
    player.leave().await;
    Ok(())
}

async fn a_speeder_is_set_back(world: &World) -> Result<()> {
    let mut player = world.player("Speeder").await?;
    let (region, entity_id) = (player.region_index(), player.entity_id());
    let mut accepted = 0;
    let mut set_back = None;
    for _ in 0..12 {
        let from = place(&mut player)?;
        player
            .region()
            .walk(request(from, 0.0, 6.0, 0.1))
            .await
            .context("a strike is no error")?;
        while let Some(event) = player.region().event(Duration::from_millis(100)).await {
            if let RegionEvent::MoveRefused(reason) = event {
                set_back = Some((reason, from, place(&mut player)?));
            }
        }
        if set_back.is_some() {
            break;
        }
        accepted += 1;
    }
    let (reason, before, after) = set_back.context("twelve moves at ten times the speed were all accepted")?;
    ensure!(reason.starts_with("move."), "{reason}");
    ensure!(
        before == after,
        "a move that was set back moved the player from {before:?} to {after:?}"
    );
    ensure!((1..=8).contains(&accepted), "{accepted} strikes were tolerated");
    let table = "move_validation_strike_counter_state";
    let query = format!("SELECT validation_failure_timestamps FROM {table} WHERE entity_id = {entity_id}");
    let rows = world.sql(region, &query).await?.rows;
    let strikes: usize = rows
        .iter()
        .flatten()
        .filter_map(|cell| cell.as_array())
        .map(Vec::len)
        .sum();
    ensure!(
        strikes > accepted,
        "{strikes} strikes are on record after {accepted} tolerated ones and a refusal"
    );
    player.leave().await;
    Ok(())
}

async fn position_survives_sessions(world: &World) -> Result<()> {
    let mut player = world.player("Strider").await?;
    let start = place(&mut player)?;
    player
        .step(OffsetCoordinatesFloat::overworld(start.x - 3_000, start.z))
        .await?;
    let left_at = place(&mut player)?;
    player.leave().await;
    let mut player = world.player("Strider").await?;
    ensure!(place(&mut player)? == left_at, "came back elsewhere");
    player.leave().await;
    Ok(())
}
