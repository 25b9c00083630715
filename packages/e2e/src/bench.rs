//! Measurements on a world of their own: a temporary folder, a free port, stopped at the end whatever happens.
//!
//! Each prints a table for people and, as its last line, one JSON object.

mod build;
mod cargo;
mod content;
mod measure;
mod player_move;
mod relay;
mod walker;
mod world;

use std::future::Future;
use std::io::Write as _;

use anyhow::{anyhow, Context, Result};
use serde_json::{json, Value};
use tokio::signal::unix::{signal, SignalKind};

use crate::world::World;

pub use build::build;
pub use content::content;
pub use player_move::player_move;
pub use relay::relay;
pub use world::world;

/// How thorough a measurement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Enough to see that the measurement itself works.
    Quick,
    /// Enough to believe the figures.
    Full,
}

impl Effort {
    fn choose<T>(self, quick: T, full: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Full => full,
        }
    }
}

/// What was found.
pub struct Findings {
    /// For people.
    pub table: String,
    /// For programs; one object.
    pub json: Value,
}

impl Findings {
    /// Writes both to stdout, the JSON as the last line.
    ///
    /// # Errors
    /// When stdout is closed.
    pub fn print(&self) -> Result<()> {
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{}\n{}", self.table.trim_end(), self.json)?;
        Ok(stdout.flush()?)
    }
}

/// Runs `work` in a new world without demo players and without limits on calls, then stops the world.
async fn in_a_world<T>(work: impl AsyncFnOnce(&World) -> Result<T>) -> Result<T> {
    in_this_world(&["--env", "testing"], work).await
}

/// As [`in_a_world`], in one that is started with other arguments. The environment must be `testing`.
async fn in_this_world<T>(arguments: &[&str], work: impl AsyncFnOnce(&World) -> Result<T>) -> Result<T> {
    say("starting a world");
    let world = World::start(arguments).await?;
    let outcome = unless_told_to_end(measured(&world, work)).await;
    say("stopping the world");
    let stopped = world.stop().context("stopping the world");
    let found = outcome?;
    stopped.map(|()| found)
}

/// Ends `work` early, so that what it started is stopped, when the process is told to end.
async fn unless_told_to_end<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = work => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow!("interrupted")),
        _ = terminated.recv() => Err(anyhow!("terminated")),
    }
}

async fn measured<T>(world: &World, work: impl AsyncFnOnce(&World) -> Result<T>) -> Result<T> {
    let config = json!({
        "agents_enabled": true, "require_authentication": false, "calls_per_second": 1_000_000, "call_burst": 1_000_000,
    });
    for database in &world.running.databases {
        world
            .call(
                database.index,
                "load_config",
                json!([["testing"], [config.to_string()]]),
            )
            .await?;
    }
    work(world).await
}

/// Tells who waits what goes on.
fn say(text: &str) {
    eprintln!("bench: {text}");
}
