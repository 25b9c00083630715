//! Content to push: that of the checkout, changed.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{ensure, Context, Result};
use hexmarch_cli::content::push::{self, How, Prepared};
use hexmarch_cli::content::{check, Content, Row};
use hexmarch_cli::progress::Progress;
use hexmarch_e2e::programs;
use hexmarch_e2e::world::World;
use hexmarch_messages::inventory::ItemDesc;
use hexmarch_messages::static_data::StaticRow;
use tempfile::TempDir;

use crate::content::changed;

/// A folder with the checkout's content.
pub struct Folder(TempDir);

impl Folder {
    /// With another name for the item that has this one.
    pub fn renamed(from: &str, to: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        changed(folder.path(), "item_desc.json", from, to)?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Its path as an argument.
    pub fn argument(&self) -> String {
        self.path().to_string_lossy().into_owned()
    }

    /// Replaces a text in a file.
    pub fn edit(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.path().join(file);
        let text = std::fs::read_to_string(&path)?;
        ensure!(text.contains(from), "{file} does not contain {from}");
        Ok(std::fs::write(path, text.replacen(from, to, 1))?)
    }

    /// What it holds.
    pub fn content(&self) -> Result<Content> {
        content(self.path())
    }

    /// Starts a push of it that is not awaited.
    pub fn start_push(&self, world: &World) -> Result<Child> {
        let mut command = Command::new(programs::cli()?);
        command
            .args(["content", "push", &self.argument(), "--data-dir"])
            .arg(world.data_dir())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command.spawn().context("starting a push")
    }
}

/// The content of a folder, without regard to mistakes: these tests make some.
pub fn content(folder: &Path) -> Result<Content> {
    Ok(check(folder)?.0)
}

/// The checkout's.
pub fn of_the_checkout() -> Result<Content> {
    content(&programs::checkout().join("static_data"))
}

/// Adds an item that is like another one but for its key.
pub fn add_item(content: &mut Content, like: i32, id: i32) -> Result<()> {
    let found = content.rows::<ItemDesc>().into_iter().find(|row| row.id == like);
    let row = ItemDesc {
        id,
        ..found.with_context(|| format!("there is no item {like}"))?
    };
    let row = Row {
        key: row.key(),
        bsatn: spacetimedb_sats::bsatn::to_vec(&row)?,
    };
    let table = content.tables.iter_mut().find(|table| table.name == ItemDesc::TABLE);
    table.context("there are no items")?.rows.push(row);
    Ok(())
}

/// The databases of the world, by index and name.
pub fn databases(world: &World) -> Vec<(u8, String)> {
    let databases = world.running.databases.iter();
    databases
        .map(|database| (database.index, database.name.clone()))
        .collect()
}

/// Stages content in these databases and has it checked.
pub async fn prepared<'a>(world: &'a World, databases: &[(u8, String)], content: &Content) -> Result<Prepared<'a>> {
    push::prepare(&world.operator, databases, content, How::default(), Progress::default()).await
}
