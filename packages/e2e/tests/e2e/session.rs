//! Sessions, the queue, who may connect.

use anyhow::{ensure, Context, Result};
use hexmarch_client::Player;
use hexmarch_e2e::world::{eventually, identity_argument, World};
use hexmarch_host::{CallOutcome, Connection, Events, Token};
use serde_json::json;

use crate::tests;

tests!(
    one_session_for_each_identity,
    a_full_region_queues,
    blocked_identities_cannot_connect,
    strangers_cannot_enter_a_region,
    a_feature_can_be_switched_off,
);

async fn set_maximum(world: &World, region: u8, max: u32, grace_seconds: u32) -> Result<()> {
    let parameters = json!({
        "region_id": region, "is_signing_in_blocked": false, "max_signed_in_players": max, "max_queue_length": 10,
        "arrival_reserve": 50, "grace_period_seconds": grace_seconds,
    });
    world
        .call(0, "admin_update_sign_in_parameters", json!([parameters]))
        .await?;
    let query = format!("SELECT * FROM region_sign_in_parameters WHERE max_signed_in_players = {max}");
    world.await_count(region, &query, 1).await
}

/// Another connection of the same player, as from another device.
async fn second_connection(world: &World, player: &mut Player) -> Result<(Connection, Events)> {
    let token = Token::new(player.account().token())?;
    world.socket(player.region_index(), Some(&token)).await
}

async fn call(connection: &Connection, reducer: &str) -> Result<CallOutcome> {
    Ok(connection.call(reducer, &[]).await?)
}

async fn one_session_for_each_identity(world: &World) -> Result<()> {
    let mut player = world.player("Halcyon").await?;
    let region = player.region_index();
    let (second, _events) = second_connection(world, &mut player).await?;
    world
        .await_count(region, "SELECT * FROM player_session_state", 0)
        .await
        .context("the older session ends")?;
    ensure!(call(&second, "sign_in").await? == CallOutcome::Committed);
    let refused = call(&second, "sign_in").await?;
    ensure!(
        refused == CallOutcome::Failed("session.already_signed_in".into()),
        "{refused:?}"
    );
    ensure!(world.count(region, "SELECT * FROM player_session_state").await? == 1);
    player.region().close().await;
    ensure!(
        world.count(region, "SELECT * FROM player_session_state").await? == 1,
        "the older connection ended it"
    );
    ensure!(call(&second, "sign_out").await? == CallOutcome::Committed);
    second.close().await;
    Ok(())
}

async fn a_full_region_queues(world: &World) -> Result<()> {
    let first = world.player("Queuer").await?;
    let region = first.region_index();
    let mut second = world.player("Waiter").await?;
    if second.region_index() != region {
        // The other region had more room: bring them together.
        let destination = first.position().context("no place")?;
        let (x, z) = (destination.x as f32 / 1000.0, destination.z as f32 / 1000.0);
        let identity = identity_argument(&second.identity().to_string());
        world
            .call(second.region_index(), "admin_teleport_player", json!([identity, x, z]))
            .await?;
        second.reconnect().await?;
    }
    second.region().sign_out().await?;
    set_maximum(world, region, 1, 30).await?;
    second.region().sign_in().await?;
    eventually("the second player to wait", || async {
        Ok(world.count(region, "SELECT * FROM player_queue_state").await? == 1)
    })
    .await?;
    ensure!(!second.region().is_signed_in(), "a full region let a second player in");
    first.leave().await;
    second.sign_in().await.context("the head of the queue gets the slot")?;
    ensure!(world.count(region, "SELECT * FROM player_queue_state").await? == 0);

    let staff = world.player("Queuer").await;
    ensure!(
        staff.is_err() || world.count(region, "SELECT * FROM player_queue_state").await? > 0,
        "the limit is gone"
    );
    set_maximum(world, region, 500, 1).await?;
    second.leave().await;
    world.await_count(region, "SELECT * FROM player_queue_state", 0).await?;
    world
        .await_count(region, "SELECT * FROM slot_reservation_state", 0)
        .await
}

async fn blocked_identities_cannot_connect(world: &World) -> Result<()> {
    let mut player = world.player("Rogue").await?;
    let region = player.region_index();
    let identity = identity_argument(&player.identity().to_string());
    world.call(0, "block_identity", json!([identity])).await?;
    world
        .await_count(region, "SELECT * FROM player_session_state", 0)
        .await
        .context("blocking ends the session")?;
    world.await_count(region, "SELECT * FROM blocked_identity", 1).await?;
    let refused = second_connection(world, &mut player)
        .await
        .err()
        .context("a blocked identity connected")?;
    ensure!(format!("{refused:#}").contains("connection"), "{refused:#}");
    world.call(0, "unblock_identity", json!([identity])).await?;
    world.await_count(region, "SELECT * FROM blocked_identity", 0).await?;
    second_connection(world, &mut player).await?.0.close().await;
    Ok(())
}

async fn strangers_cannot_enter_a_region(world: &World) -> Result<()> {
    let stranger = world.operator.new_identity().await?;
    let refused = world
        .socket(1, Some(&stranger.token))
        .await
        .err()
        .context("a stranger connected")?;
    ensure!(!refused.to_string().is_empty());
    let client = world.operator.with_token(Some(stranger.token));
    let refused = client
        .call(&world.database(1), "sign_in", &json!([]))
        .await
        .err()
        .context("a stranger signed in")?;
    ensure!(refused.to_string().contains("connection.no_player"), "{refused}");
    Ok(())
}

async fn a_feature_can_be_switched_off(world: &World) -> Result<()> {
    let mut player = world.player("Gated").await?;
    let region = player.region_index();
    player.region().sign_out().await?;
    for gate in ["reducer:sign_in", "category:session"] {
        world
            .call(region, "admin_set_feature_gate", json!([gate, true]))
            .await?;
        let refused = player.region().sign_in().await.err().context("the gate is open")?;
        ensure!(refused.is("feature.off"), "{refused}");
        world
            .call(region, "admin_set_feature_gate", json!([gate, false]))
            .await?;
    }
    player.region().sign_in().await?;
    player.leave().await;
    Ok(())
}
