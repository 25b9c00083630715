//! Content compared with files, and written into files.

use std::path::Path;

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::programs::checkout;
use hexmarch_e2e::world::World;
use serde_json::{json, Value};

use crate::content::changed;
use crate::tests;

tests!(
    a_diff_names_fields,
    an_export_is_byte_for_byte_what_was_pushed,
    an_export_overwrites_only_content
);

async fn a_diff_names_fields(world: &World) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_string_lossy().into_owned();
    changed(folder.path(), "item_desc.json", "Windfall Branch", "Windfall Bough")?;
    let said = world.cli_ok(&["content", "diff", &path])?;
    // All databases hold items, and all lack the same.
    let names = [0, 1, 2].map(|index| world.database(index)).join(", ");
    ensure!(
        said == format!(
            "{names}:\n  item_desc 1101 \"Windfall Branch\": name \"Windfall Branch\" -> \"Windfall Bough\"\n"
        ),
        "{said}"
    );
    let json: Value = serde_json::from_str(&world.cli_ok(&["content", "diff", &path, "--json"])?)?;
    let changed = json.pointer("/databases/2/tables/0/changed/0").context("no change")?;
    let field = json!({"field": "name", "before": "Windfall Branch", "after": "Windfall Bough"});
    ensure!(
        changed == &json!({"key": "1101", "name": "Windfall Branch", "fields": [field]}),
        "{changed}"
    );
    let same = world.cli_ok(&["content", "diff"])?;
    ensure!(same == format!("{names}: the same\n"), "{same}");
    Ok(())
}

/// Whether an export wrote all content files of a folder as they are there.
fn same_files(exported: &Path, pushed: &Path) -> Result<()> {
    let mut count = 0;
    for entry in std::fs::read_dir(pushed)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_name().context("no name")?;
        let (new, old) = (std::fs::read(exported.join(name))?, std::fs::read(&path)?);
        ensure!(new == old, "{} was exported otherwise", path.display());
        count += 1;
    }
    ensure!(count > 50, "only {count} files");
    ensure!(
        std::fs::read_dir(exported)?.count() == count,
        "more files were exported"
    );
    Ok(())
}

async fn an_export_is_byte_for_byte_what_was_pushed(world: &World) -> Result<()> {
    let (exported, folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let export = exported.path().to_string_lossy().into_owned();
    world.cli_ok(&["content", "export", &export])?;
    same_files(exported.path(), &checkout().join("static_data"))?;

    changed(folder.path(), "item_desc.json", "Windfall Branch", "Windfall Bough")?;
    world.cli_ok(&["content", "push", &folder.path().to_string_lossy()])?;
    let said = world.cli_ok(&["content", "export", &export])?;
    ensure!(said.contains("; 1 files of "), "{said}");
    same_files(exported.path(), folder.path())?;
    world.cli_ok(&["content", "push"]).map(drop)
}

async fn an_export_overwrites_only_content(world: &World) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_string_lossy().into_owned();
    let (notes, items) = (folder.path().join("notes.txt"), folder.path().join("item_desc.json"));
    std::fs::write(&notes, "mine")?;
    std::fs::write(&items, "{\"mine\": true}")?;
    let output = world.cli(&["content", "export", &path])?;
    ensure!(output.status.code() == Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(said.contains("item_desc.json is no list of rows"), "{said}");
    ensure!(std::fs::read_to_string(&items)? == "{\"mine\": true}");
    ensure!(std::fs::read_dir(folder.path())?.count() == 2, "something was written");
    std::fs::remove_file(&items)?;
    world.cli_ok(&["content", "export", &path, "--database", "global"])?;
    ensure!(std::fs::read_to_string(&notes)? == "mine");
    Ok(())
}
