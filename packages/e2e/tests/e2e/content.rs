//! Uploading content.

use std::path::Path;

use anyhow::{ensure, Result};
use hexmarch_e2e::programs::checkout;
use hexmarch_e2e::world::World;

use crate::tests;

tests!(
    a_push_changes_what_players_see,
    a_broken_push_changes_nothing,
    timers_follow_content
);

/// A copy of the content with one file's text changed.
pub fn changed(folder: &Path, file: &str, from: &str, to: &str) -> Result<()> {
    copy(&checkout().join("static_data"), folder)?;
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path)?;
    ensure!(text.contains(from), "{file} does not contain {from}");
    std::fs::write(path, text.replacen(from, to, 1))?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

async fn a_push_changes_what_players_see(world: &World) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_string_lossy().into_owned();
    changed(folder.path(), "item_desc.json", "Windfall Branch", "Windfall Bough")?;
    world.cli_ok(&["content", "push", &path])?;
    for index in 0..=2 {
        ensure!(
            world
                .count(index, "SELECT * FROM item_desc WHERE name = 'Windfall Bough'")
                .await?
                == 1
        );
        ensure!(
            world.count(index, "SELECT * FROM staged_item_desc").await? == 0,
            "staged rows were left behind"
        );
    }
    world.cli_ok(&["content", "push"])?;
    ensure!(
        world
            .count(1, "SELECT * FROM item_desc WHERE name = 'Windfall Branch'")
            .await?
            == 1
    );
    Ok(())
}

async fn a_broken_push_changes_nothing(world: &World) -> Result<()> {
    let before = world.sql(1, "SELECT * FROM item_desc").await?.rows.len();
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_string_lossy().into_owned();
    changed(folder.path(), "item_desc.json", "\"volume\"", "\"bulk\"")?;
    let output = world.cli(&["content", "push", &path])?;
    ensure!(!output.status.success(), "broken content was pushed");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(text.contains("item_desc.json:2:"), "the mistake is not located: {text}");
    ensure!(world.sql(1, "SELECT * FROM item_desc").await?.rows.len() == before);
    Ok(())
}

async fn timers_follow_content(world: &World) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_string_lossy().into_owned();
    let timer = "SELECT scheduled_at FROM auto_logout_loop_timer";
    let before = world.sql(1, timer).await?.rows;
    changed(folder.path(), "agent_desc.json", "30000", "45000")?;
    world.cli_ok(&["content", "push", &path])?;
    let after = world.sql(1, timer).await?.rows;
    ensure!(after.len() == 1 && after != before, "the timer is still {after:?}");
    world.cli_ok(&["content", "push"])?;
    ensure!(world.sql(1, timer).await?.rows == before, "the timer did not come back");
    Ok(())
}
