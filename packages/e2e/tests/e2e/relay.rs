//! The relay as its operator sees it, on a real world.

use std::process::Command;

use anyhow::{bail, ensure, Context, Result};
use hexmarch_e2e::programs;
use hexmarch_e2e::world::{eventually, identity_argument, World};
use hexmarch_sim_core::OffsetCoordinatesFloat;
use nix::sys::signal::Signal;
use serde_json::{json, Value};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::grant::{give, quantity_of, settled, COIN};
use crate::tests;
use crate::transfer::{restart, teleport};

tests!(
    a_paused_stream_holds_back_and_dead_letters_are_dealt_with,
    a_module_published_while_connected_is_noticed,
    what_does_not_exist_is_refused_with_what_does,
    connecting_leaves_no_errors_in_any_log,
    a_region_that_is_no_more_is_taken_off_the_list,
);

const LETTERS: &str = "SELECT message_id FROM inter_module_dead_letter";

/// Runs a command of the relay with the configuration of the world's.
fn relay(world: &World, arguments: &[&str]) -> Result<String> {
    let output = Command::new(programs::relay()?)
        .arg("--config")
        .arg(world.data_dir().join("relay.toml"))
        .args(arguments)
        .output()?;
    if !output.status.success() {
        bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The only dead letter of the global database.
async fn only_letter(world: &World) -> Result<u64> {
    world.await_count(0, LETTERS, 1).await?;
    let rows = world.sql(0, LETTERS).await?.rows;
    let id = rows.first().and_then(|row| row.first()).and_then(Value::as_u64);
    id.context("the letter is gone")
}

async fn a_paused_stream_holds_back_and_dead_letters_are_dealt_with(world: &World) -> Result<()> {
    let player = world.player("Stranded").await?;
    let (id, from) = (player.entity_id(), player.region_index());
    let [here, there] = [from, 3 - from].map(|index| index.to_string());
    let before = quantity_of(world, &player, COIN).await?;
    // Without the agent that sends them again by itself.
    world.call(0, "stop_agents", json!([])).await?;
    relay(world, &["pause", &here, &there])?;
    let paused = format!("SELECT * FROM inter_module_stream_pause WHERE to = {there}");
    world.await_count(from, &paused, 1).await?;
    let shown = world.status()?;
    ensure!(
        shown.pointer(&format!("/databases/{from}/paused_to")) == Some(&json!([3 - from])),
        "the status does not show the pause: {shown}"
    );
    let x = if from == 1 { 500_000 } else { 100_000 };
    let place = OffsetCoordinatesFloat::overworld(x, 120_000);
    teleport(world, from, &player.identity().to_string(), place).await?;

    give(world, &player, COIN, 9).await?;
    let first = only_letter(world).await?.to_string();
    let listed: Value = serde_json::from_str(&relay(world, &["dead-letters", "list", "--json"])?)?;
    ensure!(
        listed.pointer("/0/error") == Some(&json!("player.not_here")),
        "the list says {listed}"
    );
    let shown: Value = serde_json::from_str(&relay(world, &["dead-letters", "show", "0", &first, "--json"])?)?;
    ensure!(
        shown["holds"][0]["owner_entity_id"] == json!(id),
        "the letter is {shown}"
    );
    ensure!(
        relay(world, &["dead-letters", "discard", "0", &first]).is_err(),
        "what a letter holds was thrown away without a word"
    );
    relay(
        world,
        &["dead-letters", "discard", "0", &first, "--with-what-they-hold"],
    )?;
    ensure!(world.count(0, LETTERS).await? == 0);
    ensure!(world.count(0, "SELECT * FROM inter_module_escrow").await? == 0);

    give(world, &player, COIN, 5).await?;
    let second = only_letter(world).await?;
    relay(world, &["dead-letters", "retry", "0", &second.to_string()])?;
    eventually("the letter to come back", || async {
        Ok(only_letter(world).await? != second)
    })
    .await?;
    let at_sender = format!("SELECT * FROM user_state WHERE entity_id = {id}");
    ensure!(world.count(3 - from, &at_sender).await? == 0, "the pause does not hold");
    relay(world, &["resume", &here, &there])?;
    world.await_count(3 - from, &at_sender, 1).await?;
    world
        .await_count(
            0,
            &format!("SELECT * FROM user_region_state WHERE entity_id = {id} AND region_id = {there}"),
            1,
        )
        .await?;
    relay(world, &["dead-letters", "retry", "0", "--all"])?;
    world.quiet().await?;
    let after = quantity_of(world, &player, COIN).await?;
    ensure!(after == before + 5, "{before} coins and 5 became {after}");
    world.call(0, "start_agents", json!([])).await?;
    player.leave().await;
    settled(world).await
}

/// How often the relay has connected to region 1 again, and whether it is connected now.
async fn connections(world: &World) -> Result<(u64, bool)> {
    let state: Value = serde_json::from_slice(&std::fs::read(world.data_dir().join("state.json"))?)?;
    let url = state.pointer("/relay/url").and_then(Value::as_str);
    let address = url.and_then(|url| url.strip_prefix("http://")).context("no relay")?;
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /status HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let status: Value = serde_json::from_str(body)?;
    let database = &status["databases"][1];
    let reconnects = database["reconnects"].as_u64().context("no number")?;
    Ok((reconnects, database["state"] == "live"))
}

/// The same module with other bytes: the host takes it for a new one.
fn other_bytes(mut wasm: Vec<u8>) -> Vec<u8> {
    // An empty custom section named "again".
    wasm.extend_from_slice(&[0, 6, 5]);
    wasm.extend_from_slice(b"again");
    wasm
}

async fn a_module_published_while_connected_is_noticed(world: &World) -> Result<()> {
    let relay_before = world.status()?.pointer("/relay/pid").cloned();
    let wasm = std::fs::read(programs::wasm_dir()?.join("hexmarch_game.wasm"))?;
    let somebody = world.operator.new_identity().await?.identity;
    let query = format!("SELECT * FROM identity_role WHERE identity = 0x{somebody}");
    for (bytes, role, expected) in [(other_bytes(wasm.clone()), "Partner", 1), (wasm, "Player", 0)] {
        for index in 0..=2 {
            world.call(index, "stop_agents", json!([])).await?;
        }
        world.quiet().await?;
        let (before, _) = connections(world).await?;
        world.operator.publish(&world.database(1), bytes.into(), false).await?;
        // Without any message, neither the test's nor an agent's: a call that fails would tell it as well.
        eventually("the relay to connect again", || async {
            Ok(connections(world).await? == (before + 1, true))
        })
        .await?;
        for index in 0..=2 {
            world.call(index, "start_agents", json!([])).await?;
        }
        let role = json!([identity_argument(&somebody), {role: []}]);
        world.call(0, "set_role_for_identity", role).await?;
        world.await_count(1, &query, expected).await?;
    }
    world.quiet().await?;
    let relay_after = world.status()?.pointer("/relay/pid").cloned();
    ensure!(
        relay_before == relay_after && relay_after.is_some(),
        "the relay was {relay_before:?} and is {relay_after:?}"
    );
    Ok(())
}

async fn what_does_not_exist_is_refused_with_what_does(world: &World) -> Result<()> {
    let refused = |said: Result<String>, part: &str| {
        let said = said.err().context("it was not refused")?.to_string();
        ensure!(said.contains(part), "{said}");
        Ok(())
    };
    refused(
        relay(world, &["pause", "1", "9"]),
        "to 9, for there is no such database in its world; there are 0, 2",
    )?;
    for index in 0..=2 {
        let own = world.call(index, "set_inter_module_stream_paused", json!([index, true]));
        ensure!(own.await.is_err(), "database {index} was paused towards itself");
        let rows = world.count(index, "SELECT * FROM inter_module_stream_pause").await?;
        ensure!(rows == 0, "database {index} has a pause");
    }
    // One from before databases knew better can be taken away.
    relay(world, &["resume", "1", "9"])?;
    refused(
        world.cli_ok(&["admin", "resync", "9"]),
        "branch 'testing' has global, 1, 2",
    )?;
    refused(
        world.cli_ok(&["admin", "sql", "9", "SELECT 1"]),
        "branch 'testing' has global, 1, 2",
    )
}

async fn connecting_leaves_no_errors_in_any_log(world: &World) -> Result<()> {
    // Far more than what a relay leaves there.
    const LINES: u32 = 200;
    world.quiet().await?;
    let mut before = Vec::new();
    for index in 0..=2 {
        let lines = world.operator.logs(&world.database(index), LINES).await?;
        before.push(lines.last().map_or(0, |line| line.timestamp));
    }
    world.signal("relay", Signal::SIGKILL)?;
    restart(world)?;
    relay(world, &["check-config", "--connect"])?;
    for (index, before) in (0..).zip(before) {
        let lines = world.operator.logs(&world.database(index), LINES).await?;
        let errors = lines
            .iter()
            .filter(|line| line.timestamp > before && line.level == "Error");
        let errors: Vec<_> = errors.collect();
        ensure!(errors.is_empty(), "the log of database {index} has {errors:?}");
    }
    Ok(())
}

/// As docs/operations/relay.md tells it, with a region that never was.
async fn a_region_that_is_no_more_is_taken_off_the_list(world: &World) -> Result<()> {
    const WAITING: &str = "SELECT id FROM inter_module_message WHERE to = 9";
    const LISTED: &str = "SELECT id FROM region_connection_info WHERE id = 9";
    let row = json!([[{ "id": 9, "host": world.running.url, "module": "hexmarch-testing-9" }]]);
    world.call(0, "import_region_connection_info", row).await?;
    for region in 1..=2 {
        world.await_count(region, LISTED, 1).await?;
    }
    ensure!(world.count(0, WAITING).await? > 0, "nothing is sent to a new region");
    let refused = relay(world, &["give-up", "0", "9"]).err().context("it was given up")?;
    ensure!(refused.to_string().contains("HexmarchDestinationMissing"), "{refused}");

    world.cli_ok(&[
        "admin",
        "sql",
        "global",
        "DELETE FROM region_connection_info WHERE id = 9",
    ])?;
    world.cli_ok(&["admin", "resync"])?;
    for region in 1..=2 {
        world.await_count(region, LISTED, 0).await?;
    }
    for index in 0..=2 {
        relay(world, &["give-up", &index.to_string(), "9"])?;
    }
    // Nobody makes good what a table's followers did not get, but it holds nothing.
    let letters: Value = serde_json::from_str(&relay(world, &["dead-letters", "list", "--json"])?)?;
    for letter in letters.as_array().context("no list")? {
        ensure!(letter["error"] == "inter_module.destination_gone", "{letter}");
        let (database, id) = (letter["database"].to_string(), letter["message_id"].to_string());
        relay(world, &["dead-letters", "discard", &database, &id])?;
    }
    // And nothing new comes.
    settled(world).await
}
