//! Adding regions to a running world, in a world of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use hexmarch_client::Player;
use hexmarch_e2e::census::Census;
use hexmarch_e2e::programs;
use hexmarch_e2e::world::{cli, eventually, identity_argument, World};
use hexmarch_messages::shared::TABLES_SHARED_WITH_ALL;
use hexmarch_sim_core::OffsetCoordinatesFloat;
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use serde_json::{json, Value};

use crate::tests;

tests!(a_region_is_added_while_players_play, no_region_is_added_to_nothing);

/// What an addition says when a step is done; at each of them it is killed once.
const CUTS: [&str; 5] = ["✓ publish", "✓ config", "✓ content", "✓ relay", "✓ replicas"];
/// The region that is added.
const NEW: u8 = 3;
/// Looks, ten a second, until a moved player must have seen it.
const ARRIVAL_LOOKS: u32 = 600;

async fn a_region_is_added_while_players_play(_shared: &World) -> Result<()> {
    let mut world = World::start(&[]).await?;
    let outcome = add(&mut world).await;
    world.stop()?;
    outcome
}

async fn add(world: &mut World) -> Result<()> {
    let mut player = world.player("Pioneer").await?;
    let (granted, blocked) = customize(world).await?;
    let before = (world.running.relay.pid, world.running.host.pid);

    for cut in CUTS {
        killed_after(world, cut)?;
        let status = world.cli(&["status"])?;
        let said = String::from_utf8_lossy(&status.stderr);
        ensure!(
            !status.status.success() && said.contains("an addition of regions did not get to its end"),
            "cut off after '{cut}': {said}"
        );
    }
    let said: Value = serde_json::from_str(&world.cli_ok(&["region", "add", "--json"])?)?;
    ensure!(
        said == json!({ "added": [{ "index": NEW, "name": "hexmarch-local-3" }], "regions": NEW }),
        "region add said {said}"
    );
    world.up(&["--players", "0"])?;
    ensure!(
        (world.running.relay.pid, world.running.host.pid) == before,
        "a process was restarted"
    );
    ensure!(
        world.running.databases.len() == 4,
        "the world has {:?}",
        world.running.databases
    );
    world.cli_ok(&["status"])?;

    replicas_are_equal(world).await.context("right after the addition")?;
    for (table, identity) in [("identity_role", &granted), ("blocked_identity", &blocked)] {
        let query = format!("SELECT * FROM {table} WHERE identity = 0x{identity}");
        ensure!(
            world.count(NEW, &query).await? == 1,
            "{table} was not known in the new region"
        );
    }
    is_like_region_1(world).await?;
    walk_into_it(world, &mut player).await?;
    player.leave().await;
    resync(world, &granted).await?;
    refusals(world).await?;
    resume(world).await?;
    up_completes_an_addition(world).await
}

/// What an admin does to a world: a role, a block, other content, other settings, a switch.
async fn customize(world: &World) -> Result<(String, String)> {
    let (granted, blocked) = (
        world.operator.new_identity().await?,
        world.operator.new_identity().await?,
    );
    world.cli_ok(&["admin", "role", &granted.identity, "Mod"])?;
    // The first parameters of a region: what is not said is the default.
    world.cli_ok(&["admin", "sign-in-parameters", "2", "--max", "300"])?;
    world.cli_ok(&["admin", "block", &blocked.identity])?;
    let config = world.data_dir().join("logs/config.json");
    std::fs::write(
        &config,
        r#"{"agents_enabled": true, "require_authentication": false, "calls_per_second": 77, "call_burst": 777}"#,
    )?;
    let config = config.to_string_lossy();
    world.cli_ok(&["admin", "load-config", "local", "--file", &config])?;
    for index in [1, 2] {
        world
            .call(index, "admin_set_feature_gate", json!(["category:teleport_test", true]))
            .await?;
    }
    let folder = tempfile::tempdir()?;
    crate::content::changed(folder.path(), "item_desc.json", "Windfall Branch", "Windfall Bough")?;
    world.cli_ok(&["content", "push", &folder.path().to_string_lossy()])?;
    Ok((granted.identity, blocked.identity))
}

/// Begins an addition and kills it once it has said a line.
fn killed_after(world: &World, line: &str) -> Result<()> {
    let mut child = Command::new(programs::cli()?)
        .args(["region", "add", "--data-dir"])
        .arg(world.data_dir())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let stderr = child.stderr.take().context("no stderr")?;
    let mut said = String::new();
    for text in BufReader::new(stderr).lines() {
        let text = text?;
        said += &text;
        said.push('\n');
        if text.starts_with(line) {
            child.kill()?;
            child.wait()?;
            return Ok(());
        }
    }
    bail!("region add ended ({}) without '{line}': {said}", child.wait()?)
}

/// Rows of a table as text, in an order of their own.
async fn sorted(world: &World, index: u8, table: &str) -> Result<Vec<String>> {
    let mut rows: Vec<String> = world
        .sql(index, &format!("SELECT * FROM {table}"))
        .await?
        .rows
        .into_iter()
        .map(|row| Value::from(row).to_string())
        .collect();
    rows.sort();
    Ok(rows)
}

async fn replicas_are_equal(world: &World) -> Result<()> {
    for table in TABLES_SHARED_WITH_ALL {
        let owner = sorted(world, 0, table).await?;
        for region in 1..=NEW {
            let replica = sorted(world, region, table).await?;
            ensure!(
                owner == replica,
                "{table} of region {region}: {replica:?}, and of the global database: {owner:?}"
            );
        }
    }
    ensure!(
        sorted(world, 0, "region_control_info").await?.len() == usize::from(NEW),
        "not every region is open"
    );
    Ok(())
}

/// Settings, switches and content of the new region are those that the old ones were given.
async fn is_like_region_1(world: &World) -> Result<()> {
    for table in [
        "config",
        "gated_features",
        "item_desc",
        "resource_desc",
        "module_version",
    ] {
        let (model, new) = (sorted(world, 1, table).await?, sorted(world, NEW, table).await?);
        ensure!(model == new, "{table}: {new:?}, and in region 1 {model:?}");
    }
    let bough = "SELECT * FROM item_desc WHERE name = 'Windfall Bough'";
    ensure!(
        world.count(NEW, bough).await? == 1,
        "the new region has the checkout's content"
    );
    Ok(())
}

/// The player, who was connected all the time, walks from region 1 into the new one below it.
async fn walk_into_it(world: &World, player: &mut Player) -> Result<()> {
    let layout = player.region().layout().context("no layout")?;
    ensure!(
        layout.region_count() == NEW,
        "the player's client sees {} regions",
        layout.region_count()
    );
    let (above, below) = (
        layout.bounds(1).context("no region 1")?,
        layout.bounds(NEW).context("no new region")?,
    );
    let x = (above.min_x() + above.max_x()) / 2;
    let start = OffsetCoordinatesFloat::overworld(x, above.max_z() - 4_000);
    teleport(world, player, start).await?;
    let target = OffsetCoordinatesFloat::overworld(x, below.min_z() + 6_000);
    for _ in 0..20 {
        player.step(target).await?;
        if player.region_index() == NEW {
            break;
        }
    }
    ensure!(
        player.region_index() == NEW,
        "twenty segments did not lead into the new region, but to {:?} of region {}",
        player.position(),
        player.region_index()
    );
    world.quiet().await?;
    let entity_id = player.entity_id();
    let known = format!("SELECT * FROM user_region_state WHERE entity_id = {entity_id} AND region_id = {NEW}");
    ensure!(
        world.count(0, &known).await? == 1,
        "the global database does not know where the player is"
    );
    player
        .step(OffsetCoordinatesFloat::overworld(x + 5_000, below.min_z() + 9_000))
        .await?;
    Ok(())
}

/// Moves the player, and waits until they see it themselves: their next step begins where they believe to be.
async fn teleport(world: &World, player: &mut Player, to: OffsetCoordinatesFloat) -> Result<()> {
    let (x, z) = (to.x as f32 / 1000.0, to.z as f32 / 1000.0);
    let identity = identity_argument(&player.identity().to_string());
    let arguments = json!([identity, x, z]);
    world
        .call(player.region_index(), "admin_teleport_player", arguments)
        .await?;
    for _ in 0..ARRIVAL_LOOKS {
        player.follow(Duration::from_millis(100)).await?;
        if player.position().is_some_and(|at| at.is_within(to, 100)) {
            return Ok(());
        }
    }
    bail!("{to:?} was not reached, but {:?}", player.position())
}

/// Replicas that lost and invented rows are as their owners' again.
async fn resync(world: &World, granted: &str) -> Result<()> {
    world
        .sql(NEW, &format!("DELETE FROM identity_role WHERE identity = 0x{granted}"))
        .await?;
    world
        .sql(NEW, "DELETE FROM region_control_info WHERE region_id = 2")
        .await?;
    ensure!(replicas_are_equal(world).await.is_err(), "nothing was damaged");
    let said = world.cli_ok(&["admin", "resync", &NEW.to_string()])?;
    ensure!(said.contains("hexmarch-local-3: asked"), "{said}");
    eventually("the replicas to be whole again", || async {
        Ok(replicas_are_equal(world).await.is_ok())
    })
    .await?;
    let said = world.cli_ok(&["admin", "resync"])?;
    ensure!(said.lines().count() == 4, "not every database was asked: {said}");
    world.quiet().await?;
    replicas_are_equal(world).await.context("after a resync of all")
}

/// What `region add` says when it cannot, and that it then changes nothing.
async fn refusals(world: &mut World) -> Result<()> {
    refused(
        world.data_dir(),
        &["region", "add", "--count", "253"],
        2,
        "255 is the most",
    )?;
    refused(world.data_dir(), &["region", "add", "--count", "0"], 2, "--count")?;
    kill(Pid::from_raw(world.running.relay.pid), Signal::SIGKILL)?;
    eventually("the relay to be gone", || async {
        let exe = Path::new("/proc").join(world.running.relay.pid.to_string()).join("exe");
        Ok(!exe.exists())
    })
    .await?;
    refused(world.data_dir(), &["region", "add"], 1, "the relay of")?;
    world.stop()?;
    refused(world.data_dir(), &["region", "add"], 1, "does not run")?;
    Ok(())
}

/// The world comes back with as many regions, and with the player where they went.
async fn resume(world: &mut World) -> Result<()> {
    world.up(&["--players", "0"])?;
    world.cli_ok(&["status"])?;
    ensure!(world.running.databases.len() == 4, "a region was lost or added");
    ensure!(Census::take(world).await?.in_region(NEW) == 1, "the player is gone");
    is_like_region_1(world).await.context("after a resume")
}

async fn up_completes_an_addition(world: &mut World) -> Result<()> {
    killed_after(world, "✓ content")?;
    world.stop()?;
    world.up(&["--players", "0"])?;
    world.cli_ok(&["status"])?;
    let names: Vec<&str> = world
        .running
        .databases
        .iter()
        .map(|database| database.name.as_str())
        .collect();
    ensure!(names.last() == Some(&"hexmarch-local-4"), "the world has {names:?}");
    let open = "SELECT * FROM region_control_info WHERE region_id = 4 AND initialized = true AND allow_players = true";
    for index in 0..=4 {
        ensure!(
            world.count(index, open).await? == 1,
            "database {index} does not let anybody into the region that 'up' completed"
        );
    }
    Ok(())
}

async fn no_region_is_added_to_nothing(_shared: &World) -> Result<()> {
    let folder = tempfile::tempdir()?;
    refused(folder.path(), &["region", "add"], 1, "there is no world")?;
    ensure!(
        std::fs::read_dir(folder.path())?.next().is_none(),
        "something was made in the empty folder"
    );
    Ok(())
}

/// Runs a command that must fail with this exit code and one sentence that contains `text`.
fn refused(folder: &Path, arguments: &[&str], code: i32, text: &str) -> Result<()> {
    let output = cli(folder, arguments)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(code) && said.contains(text),
        "{arguments:?}: {}, {said}",
        output.status
    );
    Ok(())
}
