//! Every reducer against those who may not call it and against arguments that nobody should send.
//!
//! What is called comes from the schemas of the published databases, who may call it from the annotations, so a new
//! reducer is covered without a change here. A call must be answered with an error key, must change nothing and must
//! never trap; what a player may do at any time without arguments, as signing in, is called too, and may succeed.

mod probe;
pub mod schema;
pub mod snapshot;

use anyhow::{bail, ensure, Context, Result};
use bytes::Bytes;
use hexmarch_client::Player;
use hexmarch_e2e::{programs, world::World};
use hexmarch_host::{CallOutcome, Connection, SocketError, Token};
use serde_json::json;

use crate::tests;
use probe::{Persona, Probe};
use schema::Schema;
use snapshot::Snapshot;

tests!(
    strangers_are_refused,
    players_who_are_not_signed_in_are_refused,
    players_cannot_call_badly,
    admins_cannot_trap_a_database,
);

/// Reducers that are not held to the rules, with the reason. Only ever make this shorter.
const EXEMPT_REDUCERS: &[(&str, &str)] = &[];

/// Tables that may change while nothing is called that may succeed, with the reason. Only ever make this shorter.
const EXEMPT_TABLES: &[(&str, &str)] = &[];

/// What a region answers who has no character there.
const NO_PLAYER: &str = "connection.no_player";
/// The player of these tests.
const NAME: &str = "Prodder";
/// What one failed test says at most.
const MAX_REPORTED: usize = 40;

async fn strangers_are_refused(world: &World) -> Result<()> {
    hold_still(world).await?;
    let outcome = attack_as_stranger(world).await;
    go_on(world).await?;
    conclude(outcome?)
}

async fn players_who_are_not_signed_in_are_refused(world: &World) -> Result<()> {
    let (region, token) = registered(world).await?;
    hold_still(world).await?;
    let outcome = attack(world, region, &token, Persona::Registered).await;
    go_on(world).await?;
    conclude(outcome?)
}

async fn players_cannot_call_badly(world: &World) -> Result<()> {
    let (region, token) = registered(world).await?;
    hold_still(world).await?;
    let outcome = attack(world, region, &token, Persona::SignedIn).await;
    go_on(world).await?;
    conclude(outcome?)
}

/// With the access checks passed, what is behind them meets the same arguments, in databases of their own: there,
/// calls may succeed and change what they want, but none may trap.
async fn admins_cannot_trap_a_database(world: &World) -> Result<()> {
    let databases = [
        ("hexmarch_global_module", "strangers-global"),
        ("hexmarch_game", "strangers-region"),
    ];
    let mut report = Vec::new();
    for (wasm, database) in databases {
        let path = programs::wasm_dir()?.join(wasm).with_extension("wasm");
        let module = Bytes::from(std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?);
        world.operator.publish(database, module, true).await?;
        let outcome = trap(world, database, &mut report).await;
        world.operator.delete(database).await?;
        outcome.with_context(|| database.to_string())?;
    }
    conclude(report)
}

async fn trap(world: &World, database: &str, report: &mut Vec<String>) -> Result<()> {
    let config =
        r#"{"agents_enabled":false,"require_authentication":false,"calls_per_second":1000000,"call_burst":1000000}"#;
    world
        .operator
        .call(database, "load_config", &json!([["testing"], [config]]))
        .await?;
    let schema = Schema::of(world, database).await?;
    if schema.reducers.iter().any(|reducer| reducer.name == "set_up_region") {
        world
            .operator
            .call(database, "set_up_region", &json!([1, 2, 2, 4, 4]))
            .await?;
    }
    let (url, token) = (world.running.url.parse()?, world.operator.token());
    let (socket, _events) = Connection::connect(&url, database, token, probe::options()).await?;
    // Twice: the second time meets what the first time left behind.
    for _ in 0..2 {
        Probe::start(world, &schema).await?.over_all(&socket, report).await?;
    }
    socket.close().await;
    Ok(())
}

/// Calls everything as a new identity, which connects to the global database alone; nothing may change.
async fn attack_as_stranger(world: &World) -> Result<Vec<String>> {
    let mut report = Vec::new();
    let stranger = world.operator.new_identity().await?;
    let (global, region) = (Schema::read(world, 0).await?, Schema::read(world, 1).await?);
    check_exemptions(&[&global, &region])?;
    let (socket, _events) = world.socket(0, Some(&stranger.token)).await?;
    let before = [
        Snapshot::take(world, &global).await?,
        Snapshot::take(world, &region).await?,
    ];

    let refused = world
        .socket(1, Some(&stranger.token))
        .await
        .err()
        .context("a stranger entered a region")?;
    let refused = refused.downcast::<SocketError>()?;
    ensure!(
        matches!(refused, SocketError::RefusedByModule { .. }),
        "entering a region: {refused}"
    );
    let client = world.operator.with_token(Some(stranger.token));
    Probe::start(world, &region)
        .await?
        .over_http(&client, NO_PLAYER, &mut report)
        .await?;
    Probe::start(world, &global)
        .await?
        .over(&socket, Persona::Stranger, &mut report)
        .await?;

    let after = [
        Snapshot::take(world, &global).await?,
        Snapshot::take(world, &region).await?,
    ];
    for (before, after) in before.iter().zip(&after) {
        report.extend(before.differences(after, EXEMPT_TABLES));
    }
    Probe::start(world, &global)
        .await?
        .harmless(&socket, Persona::Stranger, &mut report)
        .await?;
    socket.close().await;
    Ok(report)
}

/// Calls everything as somebody with an account, in their region and in the global database; nothing may change in
/// either. What connecting and signing in change happens before the first look, what they may call after the last.
async fn attack(world: &World, region: u8, token: &Token, persona: Persona) -> Result<Vec<String>> {
    let mut report = Vec::new();
    let (regional, _regional_events) = world.socket(region, Some(token)).await?;
    let (global, _global_events) = world.socket(0, Some(token)).await?;
    if persona == Persona::SignedIn {
        let signed_in = regional.call("sign_in", &[]).await?;
        ensure!(signed_in == CallOutcome::Committed, "signing in: {signed_in:?}");
    }
    let places = [
        (&regional, Schema::read(world, region).await?),
        (&global, Schema::read(world, 0).await?),
    ];
    let mut before = Vec::new();
    for (_, schema) in &places {
        before.push(Snapshot::take(world, schema).await?);
    }
    for (socket, schema) in &places {
        Probe::start(world, schema)
            .await?
            .over(socket, persona, &mut report)
            .await?;
    }
    for ((_, schema), before) in places.iter().zip(&before) {
        report.extend(before.differences(&Snapshot::take(world, schema).await?, EXEMPT_TABLES));
    }
    for (socket, schema) in &places {
        Probe::start(world, schema)
            .await?
            .harmless(socket, persona, &mut report)
            .await?;
    }
    // Refused when the player is not in the world any more, which is as well.
    regional.call("sign_out", &[]).await?;
    regional.close().await;
    global.close().await;
    Ok(report)
}

/// Somebody with an account who is nowhere connected: their region and token.
async fn registered(world: &World) -> Result<(u8, Token)> {
    let mut player: Player = world.player(NAME).await?;
    let (region, token) = (player.region_index(), Token::new(player.account().token())?);
    player.leave().await;
    Ok((region, token))
}

/// Nothing moves by itself from here on: no agents, no messages, no timers of players who left.
async fn hold_still(world: &World) -> Result<()> {
    for index in 0..=2 {
        world.call(index, "stop_agents", json!([])).await?;
    }
    world.quiet().await?;
    for index in 1..=2 {
        for table in [
            "player_session_state",
            "end_grace_period_timer",
            "end_queue_grace_timer",
        ] {
            world.await_count(index, &format!("SELECT * FROM {table}"), 0).await?;
        }
    }
    Ok(())
}

async fn go_on(world: &World) -> Result<()> {
    for index in 0..=2 {
        world.call(index, "start_agents", json!([])).await?;
    }
    Ok(())
}

fn check_exemptions(schemas: &[&Schema]) -> Result<()> {
    let reducers = || {
        schemas
            .iter()
            .flat_map(|schema| schema.reducers.iter().map(|reducer| reducer.name.as_str()))
    };
    let tables = || {
        schemas
            .iter()
            .flat_map(|schema| schema.tables.iter().map(String::as_str))
    };
    for (name, _) in EXEMPT_REDUCERS {
        ensure!(
            reducers().any(|reducer| reducer == *name),
            "EXEMPT_REDUCERS: there is no {name}; remove it"
        );
    }
    for (name, _) in EXEMPT_TABLES {
        ensure!(
            tables().any(|table| table == *name),
            "EXEMPT_TABLES: there is no {name}; remove it"
        );
    }
    Ok(())
}

fn conclude(report: Vec<String>) -> Result<()> {
    if report.is_empty() {
        return Ok(());
    }
    let shown: Vec<&str> = report.iter().take(MAX_REPORTED).map(String::as_str).collect();
    bail!(
        "{} calls went wrong, among them:\n  {}",
        report.len(),
        shown.join("\n  ")
    )
}
