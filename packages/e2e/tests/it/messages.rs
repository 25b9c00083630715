//! What travels between databases besides players.

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::world::{identity_argument, World};
use serde_json::json;

use crate::tests;

tests!(
    roles_reach_every_region,
    broadcasts_reach_every_region,
    an_identity_is_replaced_everywhere,
    populations_reach_the_global_database,
    the_relay_refuses_to_be_misled,
);

async fn roles_reach_every_region(world: &World) -> Result<()> {
    let somebody = world.operator.new_identity().await?;
    let identity = identity_argument(&somebody.identity);
    world
        .call(0, "set_role_for_identity", json!([identity, {"Gm": []}]))
        .await?;
    let query = format!("SELECT * FROM identity_role WHERE identity = 0x{}", somebody.identity);
    for index in 0..=2 {
        world.await_count(index, &query, 1).await?;
    }
    // A game master of the whole world: the region lets them connect and call what needs the role.
    let client = world.operator.with_token(Some(somebody.token));
    let refused = client
        .call(
            &world.database(1),
            "admin_teleport_player",
            &json!([identity, 1.0, 1.0]),
        )
        .await;
    ensure!(refused
        .err()
        .context("teleported nobody")?
        .to_string()
        .contains("player.not_here"));
    let refused = client.call(&world.database(1), "stop_agents", &json!([])).await;
    ensure!(refused
        .err()
        .context("a game master is no admin")?
        .to_string()
        .contains("access.role|Admin"));

    world
        .call(0, "set_role_for_identity", json!([identity, {"Player": []}]))
        .await?;
    for index in 0..=2 {
        world.await_count(index, &query, 0).await?;
    }
    Ok(())
}

async fn broadcasts_reach_every_region(world: &World) -> Result<()> {
    let player = world.player("Listener").await?;
    let region = player.region_index();
    world
        .call(0, "admin_broadcast_message", json!([0, "Storm", "Seek shelter", false]))
        .await?;
    for index in 0..=2 {
        world
            .await_count(index, "SELECT * FROM admin_broadcast WHERE title = 'Storm'", 1)
            .await?;
    }
    ensure!(
        world.count(region, "SELECT * FROM player_session_state").await? == 1,
        "a broadcast signed players out"
    );
    world
        .call(
            0,
            "admin_broadcast_message",
            json!([region, "Closing", "Back soon", true]),
        )
        .await?;
    world
        .await_count(region, "SELECT * FROM player_session_state", 0)
        .await?;
    player.leave().await;
    let too_long = "x".repeat(501);
    let refused = world
        .call(0, "admin_broadcast_message", json!([0, "Storm", too_long, false]))
        .await;
    ensure!(refused
        .err()
        .context("an endless broadcast")?
        .to_string()
        .contains("text.too_long"));
    Ok(())
}

async fn an_identity_is_replaced_everywhere(world: &World) -> Result<()> {
    let player = world.player("Migrant").await?;
    let (region, entity_id) = (player.region_index(), player.entity_id());
    let old = player.identity().to_string();
    let new = world.operator.new_identity().await?.identity;
    player.leave().await;
    world
        .call(
            0,
            "admin_replace_identity",
            json!([identity_argument(&old), identity_argument(&new)]),
        )
        .await?;
    let query = format!("SELECT * FROM user_state WHERE entity_id = {entity_id} AND identity = 0x{new}");
    world.await_count(region, &query, 1).await?;
    ensure!(
        world
            .count(0, &format!("SELECT * FROM user_region_state WHERE identity = 0x{new}"))
            .await?
            == 1
    );
    ensure!(
        world
            .count(0, &format!("SELECT * FROM user_region_state WHERE identity = 0x{old}"))
            .await?
            == 0
    );
    Ok(())
}

async fn populations_reach_the_global_database(world: &World) -> Result<()> {
    let player = world.player("Counted").await?;
    let region = player.region_index();
    let query = format!("SELECT * FROM region_population_info WHERE region_id = {region} AND signed_in_players = 1");
    world.await_count(0, &query, 1).await?;
    player.leave().await;
    Ok(())
}

async fn the_relay_refuses_to_be_misled(world: &World) -> Result<()> {
    let message = json!({
        "id": 1, "to": 1, "durable": false, "contents": {"SignPlayerOut": {"player_identity": {"none": []}}},
    });
    // A message that claims to come from the database itself, and one for another region.
    let refused = world
        .call(1, "process_inter_module_message", json!([1, 0, message]))
        .await;
    ensure!(refused
        .err()
        .context("a message from oneself")?
        .to_string()
        .contains("access.misrouted"));
    let refused = world
        .call(2, "process_inter_module_message", json!([0, 0, message]))
        .await;
    ensure!(refused
        .err()
        .context("a message for another")?
        .to_string()
        .contains("access.misrouted"));
    // A gap changes nothing and says where the stream stands.
    let far = json!({
        "id": u64::MAX / 2, "to": 1, "durable": false,
        "contents": {"SignPlayerOut": {"player_identity": {"none": []}}},
    });
    let refused = world.call(1, "process_inter_module_message", json!([0, 1, far])).await;
    ensure!(refused
        .err()
        .context("a gap was accepted")?
        .to_string()
        .contains("inter_module.gap|"));
    Ok(())
}
