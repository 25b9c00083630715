//! Publishing the databases of a branch.

use anyhow::{ensure, Result};
use hexmarch_e2e::world::World;
use serde_json::json;

use crate::tests;

tests!(a_branch_is_published_used_and_deleted, bad_branch_names_are_refused);

async fn a_branch_is_published_used_and_deleted(world: &World) -> Result<()> {
    let names = ["hexmarch-pr-123-global", "hexmarch-pr-123-1", "hexmarch-pr-123-2"];
    let wasm = hexmarch_e2e::programs::wasm_dir()?;
    let publish = ["publish", "--branch", "pr-123", "--wasm-dir", &wasm.to_string_lossy()].map(String::from);
    let publish: Vec<&str> = publish.iter().map(String::as_str).collect();
    world.cli_ok(&publish)?;
    for name in names {
        ensure!(world.operator.exists(name).await?, "{name} was not published");
        world.operator.call(name, "current_version", &json!([])).await?;
    }
    world.cli_ok(&publish)?;
    world.cli_ok(&["unpublish", "--branch", "pr-123"])?;
    for name in names {
        ensure!(!world.operator.exists(name).await?, "{name} was left behind");
    }
    world.cli_ok(&["unpublish", "--branch", "pr-123"])?;
    ensure!(
        world.operator.exists(&world.database(0)).await?,
        "another branch was deleted"
    );
    Ok(())
}

async fn bad_branch_names_are_refused(world: &World) -> Result<()> {
    for name in ["", "PR 1", "a/b", "..", "x y"] {
        let output = world.cli(&["publish", "--branch", name])?;
        ensure!(!output.status.success(), "published branch '{name}'");
    }
    Ok(())
}
