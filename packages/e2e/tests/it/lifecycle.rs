//! Starting, stopping, resuming, and what `hexmarch` says when it cannot. In worlds of their own.

use std::path::Path;
use std::process::Command;

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::census::Census;
use hexmarch_e2e::programs;
use hexmarch_e2e::world::{cli, eventually, free_port, World};
use serde_json::Value;

use crate::tests;

tests!(a_world_resumes_with_its_demo_players, what_cannot_work_is_said);

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

/// Runs `up` in a folder and returns what it said when it failed.
fn failing_up(folder: &Path, arguments: &[&str]) -> Result<String> {
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
    ensure!(!output.status.success(), "up {arguments:?} succeeded");
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
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
