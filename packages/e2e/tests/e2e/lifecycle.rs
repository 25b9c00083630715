//! Starting, stopping, resuming, and what `hexmarch` says when it cannot. In worlds of their own.

use std::path::Path;
use std::process::Command;

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::census::Census;
use hexmarch_e2e::programs;
use hexmarch_e2e::world::{cli, eventually, free_port, World};
use serde_json::Value;

use crate::tests;

tests!(
    a_world_resumes_with_its_demo_players,
    up_keeps_what_an_admin_changed,
    what_cannot_work_is_said
);

async fn a_world_resumes_with_its_demo_players(_shared: &World) -> Result<()> {
    let mut world = World::start(&["--players", "2"]).await?;
    let outcome = resume(&mut world).await;
    world.stop()?;
    outcome
}

async fn resume(world: &mut World) -> Result<()> {
    let status: Value = serde_json::from_str(&world.cli_ok(&["status", "--json"])?)?;
    ensure!(
        status.to_string().contains("hexmarch-local-global"),
        "status knows no database: {status}"
    );
    let changed = "SELECT entity_id FROM user_region_state WHERE region_changes >= 1";
    eventually("a demo player to change region", || async {
        Ok(world.count(0, changed).await? > 0)
    })
    .await?;
    world.stop()?;
    ensure!(
        !runs(world.running.host.pid) && !runs(world.running.relay.pid),
        "down left a process"
    );
    world.stop().context("a second down")?;

    world.up(&["--players", "0"])?;
    // Somebody may have been between two regions when the world stopped.
    world.quiet().await?;
    let census = Census::take(world).await?;
    ensure!(
        census.regions.len() == 2,
        "{} of 2 players came back",
        census.regions.len()
    );
    let mut places = Vec::new();
    for region in [1, 2] {
        places.extend(
            world
                .sql(
                    region,
                    "SELECT entity_id, destination_x, destination_z FROM mobile_entity_state",
                )
                .await?
                .rows,
        );
    }
    world.stop()?;
    world.up(&["--players", "0"])?;
    let mut again = Vec::new();
    for region in [1, 2] {
        again.extend(
            world
                .sql(
                    region,
                    "SELECT entity_id, destination_x, destination_z FROM mobile_entity_state",
                )
                .await?
                .rows,
        );
    }
    ensure!(
        places == again,
        "players moved while the world was down: {places:?} and {again:?}"
    );
    Ok(())
}

fn runs(pid: i32) -> bool {
    Path::new("/proc").join(pid.to_string()).join("exe").exists()
}

async fn up_keeps_what_an_admin_changed(_shared: &World) -> Result<()> {
    let world = World::start(&[]).await?;
    let outcome = changes_by_an_admin(&world).await;
    world.stop()?;
    outcome
}

async fn changes_by_an_admin(world: &World) -> Result<()> {
    let host = programs::host()?.to_string_lossy().into_owned();
    let up = |arguments: &[&str]| -> Result<String> {
        let mut all = vec!["--host-bin", host.as_str()];
        all.extend(arguments);
        let (fine, said) = up_says(world.data_dir(), &all)?;
        ensure!(fine, "up {arguments:?} failed: {said}");
        Ok(said)
    };
    let folder = tempfile::tempdir()?;
    crate::content::changed(folder.path(), "item_desc.json", "Windfall Branch", "Windfall Bough")?;
    let config = folder.path().with_extension("config");
    std::fs::write(
        &config,
        r#"{"agents_enabled": true, "require_authentication": false, "calls_per_second": 77, "call_burst": 777}"#,
    )?;
    world.cli_ok(&["content", "push", &folder.path().to_string_lossy()])?;
    world.cli_ok(&["admin", "load-config", "local", "--file", &config.to_string_lossy()])?;
    std::fs::remove_file(config)?;

    // The checkout is as it was: an admin's changes stay.
    world.stop()?;
    let said = up(&[])?;
    ensure!(
        said.matches("left as changed since in hexmarch-local-global, hexmarch-local-1, hexmarch-local-2")
            .count()
            == 2,
        "up does not say of settings and content that it left them: {said}"
    );
    expect(world, "Windfall Bough", 77).await?;

    // The checkout has changed: it wins.
    world.stop()?;
    let checkout = changed_checkout()?;
    let said = up(&["--checkout", &checkout.path().to_string_lossy()])?;
    ensure!(said.contains("rows, pushed into hexmarch-local-global"), "{said}");
    expect(world, "Windfall Stick", 77).await?;

    // Asked to, it wins over everything, also while the world runs.
    let said = up(&["--push-content"])?;
    ensure!(
        said.contains("loaded into hexmarch-local-global") && said.contains("rows, pushed into hexmarch-local-global"),
        "{said}"
    );
    expect(world, "Windfall Branch", 50).await
}

/// Whether every database has an item of this name, and this limit.
async fn expect(world: &World, item: &str, calls_per_second: u32) -> Result<()> {
    for index in 0..=2 {
        let items = format!("SELECT * FROM item_desc WHERE name = '{item}'");
        ensure!(world.count(index, &items).await? == 1, "database {index} has no {item}");
        let config = format!("SELECT * FROM config WHERE calls_per_second = {calls_per_second}");
        ensure!(
            world.count(index, &config).await? == 1,
            "database {index} has other settings: {:?}",
            world.sql(index, "SELECT * FROM config").await?.rows
        );
    }
    Ok(())
}

/// What `up` needs of a checkout when the modules are built already, with other content.
fn changed_checkout() -> Result<tempfile::TempDir> {
    let checkout = tempfile::tempdir()?;
    for folder in ["packages/game", "config", "static_data"] {
        std::fs::create_dir_all(checkout.path().join(folder))?;
    }
    for file in ["Cargo.toml", "packages/game/Cargo.toml", "config/local.json"] {
        std::fs::copy(programs::checkout().join(file), checkout.path().join(file))?;
    }
    let content = checkout.path().join("static_data");
    crate::content::changed(&content, "item_desc.json", "Windfall Branch", "Windfall Stick")?;
    Ok(checkout)
}

/// Runs `up` in a folder and returns whether it succeeded, and what it said of its steps.
fn up_says(folder: &Path, arguments: &[&str]) -> Result<(bool, String)> {
    let (relay, wasm) = (programs::relay()?, programs::wasm_dir()?);
    let (relay, wasm) = (relay.to_string_lossy(), wasm.to_string_lossy());
    let mut all = vec![
        "up",
        "--detach",
        "--players",
        "0",
        "--relay-bin",
        &relay,
        "--wasm-dir",
        &wasm,
    ];
    all.extend(arguments);
    let output = cli(folder, &all)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((output.status.success(), said))
}

/// Runs `up` in a folder and returns what it said when it failed.
fn failing_up(folder: &Path, arguments: &[&str]) -> Result<String> {
    let (fine, said) = up_says(folder, arguments)?;
    ensure!(!fine, "up {arguments:?} succeeded");
    Ok(said)
}

async fn what_cannot_work_is_said(shared: &World) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let host = programs::host()?;
    let host = host.to_string_lossy();

    let taken = shared
        .running
        .url
        .rsplit(':')
        .next()
        .context("no port")?
        .trim_end_matches('/')
        .to_string();
    let said = failing_up(folder.path(), &["--host-bin", &host, "--port", &taken])?;
    ensure!(said.contains(&taken), "a taken port: {said}");

    let port = free_port()?.to_string();
    let said = failing_up(folder.path(), &["--host-bin", "/nonexistent/host", "--port", &port])?;
    ensure!(said.contains("/nonexistent/host"), "a missing host: {said}");

    let said = failing_up(folder.path(), &["--host-bin", "/bin/false", "--port", &port])?;
    ensure!(!said.is_empty(), "a host that dies at once");

    let status = cli(folder.path(), &["status"])?;
    ensure!(!status.status.success(), "the status of nothing is not fine");
    let left = Command::new("pgrep")
        .args(["-f", &folder.path().to_string_lossy()])
        .output();
    if let Ok(left) = left {
        ensure!(
            left.stdout.is_empty(),
            "a failed up left processes: {}",
            String::from_utf8_lossy(&left.stdout)
        );
    }
    Ok(())
}
