//! What travels between databases besides players.

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::world::{identity_argument, World};
use serde_json::{json, Value};

use crate::tests;

tests!(
    roles_reach_every_region,
    broadcasts_reach_every_region,
    an_identity_is_replaced_everywhere,
    populations_reach_the_global_database,
    the_relay_refuses_to_be_misled,
    a_batch_takes_effect_whole_or_not_at_all,
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
        .call(1, "process_inter_module_messages", json!([1, 0, [message]]))
        .await;
    ensure!(refused
        .err()
        .context("a message from oneself")?
        .to_string()
        .contains("access.misrouted"));
    let refused = world
        .call(2, "process_inter_module_messages", json!([0, 0, [message]]))
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
    let refused = world
        .call(1, "process_inter_module_messages", json!([0, 1, [far]]))
        .await;
    ensure!(refused
        .err()
        .context("a gap was accepted")?
        .to_string()
        .contains("inter_module.gap|"));
    Ok(())
}

async fn a_batch_takes_effect_whole_or_not_at_all(world: &World) -> Result<()> {
    // A sender that does not exist, so that nobody else moves its counter.
    const SENDER: u8 = 200;
    let nobody = identity_argument(&"0".repeat(64));
    let broadcast = |id: u64| {
        let message = json!({"title": format!("Batch {id}"), "message": "m", "sign_out": false});
        json!({"id": id, "to": 1, "durable": false, "contents": {"AdminBroadcastMessage": message}})
    };
    let refused = |id: u64| {
        let message = json!({"player_identity": nobody});
        json!({"id": id, "to": 1, "durable": false, "contents": {"PlayerSkipQueue": message}})
    };
    let process = |previous: u64, messages: Value| async move {
        let called = world.call(1, "process_inter_module_messages", json!([SENDER, previous, messages]));
        called.await.err().map(|error| error.to_string()).unwrap_or_default()
    };
    let counter = || async {
        let query =
            format!("SELECT last_processed_message_id FROM inter_module_message_counter WHERE module_id = {SENDER}");
        let rows = world.sql(1, &query).await?.rows;
        anyhow::Ok(rows.into_iter().flatten().next().and_then(|value| value.as_u64()))
    };
    let shown = |id: u64| async move {
        let query = format!("SELECT * FROM admin_broadcast WHERE title = 'Batch {id}'");
        world.count(1, &query).await
    };

    let error = process(0, json!([broadcast(5), refused(7), broadcast(9)])).await;
    ensure!(error == "inter_module.batch|7|player.not_here", "{error}");
    ensure!(
        counter().await?.is_none() && shown(5).await? == 0,
        "half a batch was handled"
    );
    let error = process(0, json!([broadcast(7), broadcast(5)])).await;
    ensure!(error == "inter_module.malformed_batch", "{error}");

    let error = process(0, json!([broadcast(3), broadcast(5)])).await;
    ensure!(error.is_empty(), "{error}");
    ensure!(counter().await? == Some(5) && shown(5).await? == 1);
    let error = process(3, json!([broadcast(8), broadcast(9)])).await;
    ensure!(error == "inter_module.gap|5", "{error}");

    let error = process(5, json!([refused(7)])).await;
    ensure!(error == "inter_module.rejected|player.not_here", "{error}");
    world
        .call(
            1,
            "record_inter_module_failure",
            json!([SENDER, 5, 7, "player.not_here"]),
        )
        .await?;
    // What was handled before is passed over, but not what is on record as refused.
    let error = process(0, json!([broadcast(5), refused(7), broadcast(9)])).await;
    ensure!(error == "inter_module.batch|7|player.not_here", "{error}");
    let error = process(7, json!([refused(7)])).await;
    ensure!(error == "inter_module.failed|player.not_here", "{error}");
    let error = process(7, json!([broadcast(5), broadcast(9), broadcast(11)])).await;
    ensure!(error.is_empty(), "{error}");
    ensure!(counter().await? == Some(11) && shown(11).await? == 1);
    Ok(())
}
