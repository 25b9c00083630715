//! Pushing content into a world in which people play: what players see, what a push that ends early leaves, what is said.

mod given;
mod players;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::Child;

use anyhow::{ensure, Context, Result};
use hexmarch_cli::content::push::encode;
use hexmarch_cli::content::Row;
use hexmarch_e2e::world::{free_port, World};
use hexmarch_host::{CallOutcome, Event, Events};
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use serde_json::{json, Value};

use crate::tests;
use given::{add_item, databases, of_the_checkout, prepared, Folder};
use players::Players;

tests!(
    players_see_before_or_after,
    a_killed_push_goes_on,
    what_is_staged_outlives_the_host,
    what_was_staged_with_a_hole_is_staged_anew,
    of_two_pushes_one_wins,
    who_is_no_admin_is_told,
    a_database_that_cannot_be_reached_is_named,
    commits_that_stop_half_way_are_told_and_finished,
    a_dry_run_changes_nothing,
    what_players_hold_is_not_lost,
);

/// The tables that change in [`players_see_before_or_after`], and the row that says so.
const CHANGING: [&str; 4] = ["item_desc", "biome_desc", "resource_desc", "static_data_version"];
/// An item that the checkout does not have.
const PEBBLE: i32 = 999_001;
const WINDFALL_BRANCH: i32 = 1101;

/// What is live in a database: generation and hash.
async fn version(world: &World, index: u8) -> Result<Vec<Vec<Value>>> {
    let query = "SELECT generation, content_hash FROM static_data_version";
    Ok(world.sql(index, query).await?.rows)
}

async fn versions(world: &World) -> Result<Vec<Vec<Vec<Value>>>> {
    let mut all = Vec::new();
    for index in 0..=2 {
        all.push(version(world, index).await?);
    }
    Ok(all)
}

/// Rows staged in a database by the push under way.
async fn staged(world: &World, index: u8) -> Result<u64> {
    let rows = world
        .sql(index, "SELECT rows FROM static_data_push_progress")
        .await?
        .rows;
    Ok(rows.iter().flatten().filter_map(Value::as_u64).sum())
}

/// Runs a push that must fail with this exit code, and returns what it said.
fn failing(world: &World, arguments: &[&str], code: i32) -> Result<String> {
    let output = world.cli(arguments)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(
        output.status.code() == Some(code),
        "hexmarch {arguments:?} ended with {}: {said}",
        output.status
    );
    Ok(said)
}

fn expect(said: &str, texts: &[&str]) -> Result<()> {
    for text in texts {
        ensure!(said.contains(text), "'{text}' is not said: {said}");
    }
    Ok(())
}

/// Items of this name in a database.
async fn named(world: &World, index: u8, name: &str) -> Result<usize> {
    let query = format!("SELECT * FROM item_desc WHERE name = '{name}'");
    world.count(index, &query).await
}

async fn players_see_before_or_after(world: &World) -> Result<()> {
    let mut players = Players::enter(world, &["Before", "After"]).await?;
    let (watcher, mut seen) = world.socket(1, world.operator.token()).await?;
    let queries = CHANGING.map(|table| format!("SELECT * FROM {table}"));
    watcher.subscribe(&queries.each_ref().map(String::as_str)).await?;

    let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
    folder.edit("biome_desc.json", "Meadow", "Lea")?;
    folder.edit("resource_desc.json", "\"name\": \"", "\"name\": \"Old ")?;
    let folder = folder.argument();
    for push in [
        &["content", "push", &folder][..],
        &["content", "push"],
        &["content", "push", &folder],
        &["content", "push"],
    ] {
        players.walked(2).await?;
        world.cli_ok(push)?;
        whole(&mut seen).await?;
    }
    players.walked(2).await?;
    for (region, entity_id) in &players.characters {
        let table = "move_validation_strike_counter_state";
        let query = format!("SELECT validation_failure_timestamps FROM {table} WHERE entity_id = {entity_id}");
        let strikes = world.sql(*region, &query).await?.rows;
        ensure!(strikes == [[json!([])]], "moves were refused: {strikes:?}");
    }
    players.leave().await?;
    ensure!(named(world, 1, "Windfall Branch").await? == 1);
    Ok(())
}

/// Waits for the transaction that brings new content: all tables change in it, each with as many rows as before.
async fn whole(seen: &mut Events) -> Result<()> {
    let Some(Event::Rows(tables)) = seen.next().await else {
        anyhow::bail!("the subscription ended");
    };
    let changed: BTreeSet<&str> = tables.iter().map(|rows| rows.table.as_str()).collect();
    ensure!(
        changed == BTreeSet::from(CHANGING),
        "one transaction changed only {changed:?}"
    );
    for rows in &tables {
        ensure!(
            rows.inserts.len() == rows.deletes.len() && !rows.inserts.is_empty(),
            "{} lost {} rows and got {}",
            rows.table,
            rows.deletes.len(),
            rows.inserts.len()
        );
    }
    Ok(())
}

/// Sends a push a signal as soon as region 1 has something of it, and returns what it said to the end.
async fn interrupt(world: &World, push: Child, signal: Signal) -> Result<String> {
    let pid = Pid::from_raw(i32::try_from(push.id())?);
    disturb(world, push, || Ok(kill(pid, signal)?)).await
}

/// Disturbs a push, which must fail, as soon as region 1 has something of it; returns what it said to the end.
async fn disturb(world: &World, mut push: Child, by: impl FnOnce() -> Result<()>) -> Result<String> {
    let (watcher, mut seen) = world.socket(1, world.operator.token()).await?;
    let begun = watcher.subscribe(&["SELECT * FROM static_data_push_progress"]).await?;
    if begun.rows.iter().all(|rows| rows.inserts.is_empty()) {
        seen.next().await;
    }
    by()?;
    let mut said = String::new();
    push.stderr.take().context("no stderr")?.read_to_string(&mut said)?;
    ensure!(!push.wait()?.success(), "the push came to its end: {said}");
    Ok(said)
}

/// What the last push did in a database, of its JSON.
fn done(json: &str, database: &str, what: &str) -> Result<u64> {
    let json: Value = serde_json::from_str(json)?;
    let pushed = json.get("pushed").and_then(Value::as_array).context("no list")?;
    let found = pushed
        .iter()
        .find(|entry| entry.get("database") == Some(&json!(database)));
    let number = found.and_then(|entry| entry.get(what)).and_then(Value::as_u64);
    number.with_context(|| format!("no {what} of {database}: {json}"))
}

/// Staged by an interrupted push; pushes again, which must send only the rest.
async fn goes_on(world: &World, folder: &Folder) -> Result<()> {
    let all = folder
        .content()?
        .of(1)
        .map(|table| table.rows.len() as u64)
        .sum::<u64>();
    let there = staged(world, 1).await?;
    ensure!(
        there > 0 && there < all,
        "{there} of {all} rows were staged, which is not half-way"
    );
    let json = world.cli_ok(&["content", "push", &folder.argument(), "--json"])?;
    let database = world.database(1);
    ensure!(
        done(&json, &database, "rows_kept")? == there,
        "{there} rows were staged: {json}"
    );
    ensure!(
        done(&json, &database, "rows_staged")? == all - there,
        "of {all} rows: {json}"
    );
    ensure!(staged(world, 1).await? == 0, "the push is not over");
    ensure!(world.count(1, "SELECT * FROM staged_item_desc").await? == 0);
    Ok(())
}

async fn a_killed_push_goes_on(world: &World) -> Result<()> {
    let before = versions(world).await?;
    let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
    let said = interrupt(world, folder.start_push(world)?, Signal::SIGINT).await?;
    expect(
        &said,
        &[
            "stopped by Ctrl-C",
            "nothing that is live was changed",
            "the same command goes on",
        ],
    )?;
    interrupt(world, folder.start_push(world)?, Signal::SIGKILL).await?;
    ensure!(
        versions(world).await? == before,
        "a push that was killed changed what is live"
    );
    goes_on(world, &folder).await?;
    for index in 0..=2 {
        ensure!(named(world, index, "Windfall Bough").await? == 1);
    }
    world.cli_ok(&["content", "push"]).map(drop)
}

async fn what_is_staged_outlives_the_host(_shared: &World) -> Result<()> {
    let mut world = World::start(&[]).await?;
    let outcome = async {
        let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
        interrupt(&world, folder.start_push(&world)?, Signal::SIGKILL).await?;
        let there = staged(&world, 1).await?;
        world.stop()?;
        world.up(&["--players", "0"])?;
        ensure!(staged(&world, 1).await? == there, "staged rows were lost");
        goes_on(&world, &folder).await?;
        the_host_is_killed_amid_a_push(&mut world).await
    };
    let outcome = outcome.await;
    world.stop()?;
    outcome
}

/// What was staged last may be lost with it.
async fn the_host_is_killed_amid_a_push(world: &mut World) -> Result<()> {
    let before = versions(world).await?;
    let folder = Folder::renamed("Windfall Branch", "Windfall Twig")?;
    let kill = || world.signal("host", Signal::SIGKILL);
    let said = disturb(world, folder.start_push(world)?, kill).await?;
    expect(
        &said,
        &[
            "once its host answers, the same command goes on",
            "nothing was changed in any database",
        ],
    )?;
    world.up(&["--players", "0"])?;
    ensure!(
        versions(world).await? == before,
        "a push that was cut off changed what is live"
    );
    world.cli_ok(&["content", "push", &folder.argument()])?;
    for index in 0..=2 {
        ensure!(named(world, index, "Windfall Twig").await? == 1);
        ensure!(staged(world, index).await? == 0, "the push is not over");
    }
    Ok(())
}

/// As when a call failed and later ones did not: as many rows as were sent, but not the first ones.
async fn what_was_staged_with_a_hole_is_staged_anew(world: &World) -> Result<()> {
    let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
    let content = folder.content()?;
    let items = content
        .tables
        .iter()
        .find(|table| table.name == "item_desc")
        .context("no items")?;
    let last: Vec<&Row> = items.rows.iter().rev().take(10).collect();
    let (socket, _events) = world.socket(1, world.operator.token()).await?;
    let hash = spacetimedb_sats::bsatn::to_vec(&content.hash_of(1))?;
    for (reducer, arguments) in [("begin_static_data_push", hash), ("stage_item_desc", encode(&last)?)] {
        let outcome = socket.call(reducer, &arguments).await?;
        ensure!(outcome == CallOutcome::Committed, "{reducer}: {outcome:?}");
    }
    socket.close().await;
    ensure!(staged(world, 1).await? == 10);
    let json = world.cli_ok(&["content", "push", &folder.argument(), "--json"])?;
    ensure!(done(&json, &world.database(1), "rows_kept")? == 0, "{json}");
    let items = items.rows.len();
    ensure!(
        world.count(1, "SELECT * FROM item_desc").await? == items,
        "not all of {items} items are live"
    );
    world.cli_ok(&["content", "push"]).map(drop)
}

async fn of_two_pushes_one_wins(world: &World) -> Result<()> {
    let (first, second) = (
        Folder::renamed("Windfall Branch", "Windfall Bough")?,
        Folder::renamed("Windfall Branch", "Windfall Twig")?,
    );
    let winner = prepared(world, &databases(world), &first.content()?).await?;
    let said = failing(world, &["content", "push", &second.argument()], 1)?;
    expect(
        &said,
        &["another push is under way", "nothing was changed in any database"],
    )?;
    winner.commit(Default::default()).await?;
    for index in 0..=2 {
        ensure!(named(world, index, "Windfall Bough").await? == 1);
        ensure!(named(world, index, "Windfall Twig").await? == 0);
    }
    world.cli_ok(&["content", "push"]).map(drop)
}

async fn who_is_no_admin_is_told(world: &World) -> Result<()> {
    let player = world.player("Scribbler").await?;
    let token = world.data_dir().join("test-players/Scribbler.token");
    let before = versions(world).await?;
    let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
    let arguments = [
        "content",
        "push",
        &folder.argument(),
        "--token-file",
        &token.to_string_lossy(),
    ];
    let said = failing(world, &arguments, 1)?;
    expect(
        &said,
        &[
            "only admins push content",
            "--token-file",
            "nothing was changed in any database",
        ],
    )?;
    ensure!(versions(world).await? == before);
    ensure!(staged(world, 1).await? == 0, "a stranger staged something");
    player.leave().await;
    Ok(())
}

/// Publishes a branch of its own with two regions.
fn publish(world: &World, branch: &str, more: &[&str]) -> Result<Vec<(u8, String)>> {
    let wasm = hexmarch_e2e::programs::wasm_dir()?;
    let wasm = wasm.to_string_lossy();
    let mut arguments = vec!["publish", "--branch", branch, "--regions", "2", "--wasm-dir", &wasm];
    arguments.extend(more);
    world.cli_ok(&arguments)?;
    let name = |index: u8| match index {
        0 => format!("hexmarch-{branch}-global"),
        region => format!("hexmarch-{branch}-{region}"),
    };
    Ok((0..=2).map(|index| (index, name(index))).collect())
}

async fn a_database_that_cannot_be_reached_is_named(world: &World) -> Result<()> {
    let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
    let path = folder.argument();
    let nobody = format!("http://127.0.0.1:{}", free_port()?);
    let said = failing(world, &["content", "push", &path, "--server", &nobody], 1)?;
    expect(&said, &[&nobody])?;

    publish(world, "push-gap", &[])?;
    world.operator.delete("hexmarch-push-gap-1").await?;
    let said = failing(world, &["content", "push", &path, "--branch", "push-gap"], 1)?;
    expect(&said, &["has no hexmarch-push-gap-1", "publish the branch again"])?;
    world.cli_ok(&["unpublish", "--branch", "push-gap"]).map(drop)
}

async fn commits_that_stop_half_way_are_told_and_finished(world: &World) -> Result<()> {
    let databases = publish(world, "push-half", &["--content"])?;
    let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
    let ready = prepared(world, &databases, &folder.content()?).await?;
    world.operator.delete("hexmarch-push-half-2").await?;
    let error = ready.commit(Default::default()).await.err().context("it committed")?;
    expect(
        &error.to_string(),
        &[
            "the new content is live in hexmarch-push-half-1;",
            "it is not live in",
            "hexmarch-push-half-global",
            "hexmarch-push-half-2",
            "the same command again finishes it",
        ],
    )?;
    ensure!(hexmarch_cli::outcome::code_of(&error) == hexmarch_cli::outcome::PARTLY);

    publish(world, "push-half", &[])?;
    let json = world.cli_ok(&["content", "push", &folder.argument(), "--branch", "push-half", "--json"])?;
    expect(&json, &["\"had\":[\"hexmarch-push-half-1\"]"])?;
    ensure!(done(&json, "hexmarch-push-half-2", "rows_kept")? == 0, "{json}");
    ensure!(
        done(&json, "hexmarch-push-half-global", "rows_staged")? == 0,
        "rows were staged again: {json}"
    );
    let bough = "SELECT * FROM item_desc WHERE name = 'Windfall Bough'";
    for (_, database) in &databases {
        ensure!(world.operator.sql(database, bough).await?.rows.len() == 1, "{database}");
    }
    world.cli_ok(&["unpublish", "--branch", "push-half"]).map(drop)
}

async fn a_dry_run_changes_nothing(world: &World) -> Result<()> {
    let before = versions(world).await?;
    let folder = Folder::renamed("Windfall Branch", "Windfall Bough")?;
    let output = world.cli(&["content", "push", &folder.argument(), "--dry-run"])?;
    ensure!(output.status.success(), "{output:?}");
    expect(
        &String::from_utf8_lossy(&output.stderr),
        &[&format!("{}: item_desc 1 changed", world.database(1))],
    )?;
    expect(
        &String::from_utf8_lossy(&output.stdout),
        &["nothing was changed", &world.database(2)],
    )?;
    ensure!(versions(world).await? == before, "a dry run changed what is live");
    for index in 0..=2 {
        ensure!(staged(world, index).await? == 0);
        ensure!(
            world.count(index, "SELECT * FROM staged_item_desc").await? == 0,
            "rows stayed staged"
        );
    }
    let same = world.cli_ok(&["content", "push", "--dry-run"])?;
    expect(&same, &["every database has this content"])
}

async fn what_players_hold_is_not_lost(world: &World) -> Result<()> {
    let mut content = of_the_checkout()?;
    add_item(&mut content, WINDFALL_BRANCH, PEBBLE)?;
    prepared(world, &databases(world), &content)
        .await?
        .commit(Default::default())
        .await?;
    let player = world.player("Holder").await?;
    crate::grant::give(world, &player, PEBBLE, 3).await?;
    crate::grant::settled(world).await?;
    let held = crate::grant::quantity_of(world, &player, PEBBLE).await?;
    ensure!(held == 3, "{held} pebbles");
    let branches = crate::grant::quantity_of(world, &player, WINDFALL_BRANCH).await?;

    let before = versions(world).await?;
    // Their pockets, and what they know.
    let pebble = format!("item_desc {PEBBLE} (2 rows)");
    for arguments in [&["content", "push"][..], &["content", "push", "--dry-run"]] {
        let said = failing(world, arguments, 1)?;
        expect(
            &said,
            &[
                "that would be gone",
                &pebble,
                "--removed replace",
                "nothing was changed",
            ],
        )?;
    }
    let said = failing(world, &["content", "push", "--removed", "replace"], 1)?;
    expect(
        &said,
        &[
            "has no successor",
            &pebble,
            "content_successor_desc",
            "nothing was changed",
        ],
    )?;
    ensure!(versions(world).await? == before, "a refused push changed what is live");
    ensure!(crate::grant::quantity_of(world, &player, PEBBLE).await? == 3);

    let folder = Folder::renamed("Windfall Branch", "Windfall Branch")?;
    let successor = json!({
        "id": 900_000, "table_name": "item_desc", "removed_key": PEBBLE, "successor_key": WINDFALL_BRANCH,
    });
    folder.edit("content_successor_desc.json", "\n]", &format!(",\n  {successor}\n]"))?;
    let output = world.cli(&["content", "push", &folder.argument(), "--removed", "replace"])?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{said}");
    expect(&said, &[&pebble, "they get its successor"])?;
    ensure!(crate::grant::quantity_of(world, &player, PEBBLE).await? == 0);
    let now = crate::grant::quantity_of(world, &player, WINDFALL_BRANCH).await?;
    ensure!(now == branches + 3, "{now} branches after {branches} and 3 pebbles");
    player.leave().await;
    world.cli_ok(&["content", "push"]).map(drop)
}
