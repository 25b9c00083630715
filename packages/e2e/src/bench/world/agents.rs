//! What agents need in worlds of different sizes, while the same number of players walk about.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use hexmarch_cli::demo;
use hexmarch_client::demo::{run, DemoOptions};
use serde_json::{json, Value};

use super::super::measure::rounded;
use super::super::say;
use super::{metrics, REGION};
use crate::world::{eventually, World};

/// Players who walk.
pub const PLAYERS: u32 = 4;
/// What the reducers of agents end with.
const AGENT: &str = "_agent";
/// From when all walk, so that what waits for players has seen them.
const SETTLE: Duration = Duration::from_secs(2);

/// One agent over the time that was looked at.
#[derive(Clone, Copy, Debug)]
pub struct Ticks {
    pub count: f64,
    pub seconds: f64,
}

impl Ticks {
    /// Milliseconds a tick.
    pub fn mean_ms(&self) -> f64 {
        self.seconds / self.count * 1e3
    }
}

/// All agents of a world.
pub struct Agents {
    /// Those that ticked.
    pub ticks: BTreeMap<String, Ticks>,
    /// How long they were looked at.
    pub seconds: f64,
}

impl Agents {
    /// Lets players walk and looks on.
    pub async fn measure(world: &World, window: Duration) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let status = folder.path().join(demo::STATUS_FILE);
        let playing = tokio::spawn(run(options(world, folder.path().join("tokens"), status.clone())));
        let walking = eventually("all players to walk", || async {
            let inside = demo::status(&status).unwrap_or_default().in_world();
            Ok(inside == PLAYERS as usize)
        });
        let outcome = async {
            walking.await?;
            tokio::time::sleep(SETTLE).await;
            look(world, window).await
        }
        .await;
        playing.abort();
        outcome
    }

    /// Milliseconds of these agents a second of the world.
    pub fn load<'a>(&self, agents: impl IntoIterator<Item = &'a String>) -> f64 {
        let seconds = |name: &String| self.ticks.get(name).map_or(0.0, |ticks| ticks.seconds);
        agents.into_iter().map(seconds).sum::<f64>() / self.seconds * 1e3
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let each = self.ticks.iter().map(|(name, ticks)| {
            let of = json!({ "ticks": ticks.count, "ms_per_tick": rounded(ticks.mean_ms()) });
            (name.clone(), of)
        });
        Value::Object(each.collect())
    }
}

fn options(world: &World, token_dir: PathBuf, status_file: PathBuf) -> DemoOptions {
    DemoOptions {
        url: world.running.url.clone(),
        global_database: world.database(0),
        token_dir,
        count: PLAYERS,
        status_file,
    }
}

async fn look(world: &World, window: Duration) -> Result<Agents> {
    say("watching the agents");
    let database = world.database(REGION);
    let started = tokio::time::Instant::now();
    let before = metrics::of(world, &database).await?;
    tokio::time::sleep(window).await;
    let after = metrics::of(world, &database).await?;
    let seconds = started.elapsed().as_secs_f64();
    let agents = after.iter().filter(|(name, _)| name.ends_with(AGENT));
    let ticks = agents.filter_map(|(name, now)| {
        let (count, seconds) = now.since(before.get(name));
        (count > 0.0).then(|| (name.clone(), Ticks { count, seconds }))
    });
    let ticks: BTreeMap<String, Ticks> = ticks.collect();
    ticks.first_key_value().context("no agent ticked")?;
    Ok(Agents { ticks, seconds })
}
