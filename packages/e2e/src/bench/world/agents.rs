//! What agents need in worlds of different sizes, while the same number of players walk about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use hexmarch_cli::{demo, sql};
use hexmarch_client::demo::{run, DemoOptions};
use serde_json::{json, Value};
use tokio::time::{sleep, timeout, Instant};

use super::super::measure::rounded;
use super::super::say;
use super::REGION;
use crate::metrics;
use crate::world::World;

/// Players who walk.
pub const PLAYERS: u32 = 4;
/// What the reducers of agents end with.
const AGENT: &str = "_agent";
/// From when all walk, so that what waits for players has seen them.
const SETTLE: Duration = Duration::from_secs(2);
/// For all to walk, on however busy a machine.
const ENTER_LIMIT: Duration = Duration::from_secs(300);
/// Between two looks whether they do.
const POLL: Duration = Duration::from_millis(100);
/// Of a small tile.
const MILLI_TILES: f32 = 1_000.0;
/// A lynx: about at all hours, attacks people, and keeps up with them. One is brought to each who walks.
const HUNTER: i32 = 311;
/// How far from them, in small tiles east and south: the first place that has room for it.
const PLACES: [(f32, f32); 8] = [
    (6.0, 0.0),
    (-6.0, 0.0),
    (0.0, 6.0),
    (0.0, -6.0),
    (12.0, 0.0),
    (-12.0, 0.0),
    (0.0, 12.0),
    (0.0, -12.0),
];

/// One agent over the time that was looked at.
#[derive(Clone, Copy, Debug)]
pub struct Ticks {
    /// How often it ran.
    pub count: f64,
    /// Of all runs.
    pub seconds: f64,
    /// Of all runs: what they did, however busy the machine.
    pub fuel: f64,
}

/// All agents of a world.
pub struct Agents {
    /// Those that ticked.
    pub ticks: BTreeMap<String, Ticks>,
    /// How long they were looked at.
    pub seconds: f64,
}

/// How many enemies there are.
#[derive(Clone, Copy, Debug)]
pub struct Enemies {
    /// All.
    pub about: f64,
    /// Those who are after somebody.
    pub hunting: f64,
}

/// The agents of one world.
pub struct Watched {
    /// With nobody in it.
    pub idle: Agents,
    /// While players walk, each with a hunter behind them.
    pub walking: Agents,
    /// Enemies that were about meanwhile, who are only near players: on average of the beginning and the end.
    pub enemies: Enemies,
}

impl Watched {
    /// Looks on, then lets players walk and enemies hunt them, and looks on for as long again.
    pub async fn measure(world: &World, window: Duration) -> Result<Self> {
        say("watching the agents of a world without players");
        let idle = look(world, window).await?;
        say(&format!(
            "watching them while {PLAYERS} players walk, and as many enemies hunt them"
        ));
        let folder = tempfile::tempdir()?;
        let status = folder.path().join(demo::STATUS_FILE);
        let playing = tokio::spawn(run(options(world, folder.path().join("tokens"), status.clone())));
        let outcome = async {
            timeout(ENTER_LIMIT, all_walk(&status))
                .await
                .with_context(|| format!("not all players walk: {:?}", demo::status(&status)))?;
            bring_hunters(world).await?;
            sleep(SETTLE).await;
            let before = Enemies::count(world).await?;
            let walking = look(world, window).await?;
            let enemies = before.mean(Enemies::count(world).await?);
            Ok(Self { idle, walking, enemies })
        }
        .await;
        playing.abort();
        outcome
    }
}

impl Enemies {
    async fn count(world: &World) -> Result<Self> {
        let count = async |what: &str| sql::count(&world.operator, &world.database(REGION), what).await;
        Ok(Self {
            about: count("enemy_state").await? as f64,
            hunting: count("enemy_state WHERE target_entity_id <> 0").await? as f64,
        })
    }

    fn mean(self, other: Self) -> Self {
        Self {
            about: f64::midpoint(self.about, other.about),
            hunting: f64::midpoint(self.hunting, other.hunting),
        }
    }
}

impl Agents {
    /// Milliseconds a tick of this agent takes; `None` when it did not tick.
    pub fn mean_ms(&self, agent: &str) -> Option<f64> {
        self.ticks.get(agent).map(|ticks| ticks.seconds / ticks.count * 1e3)
    }

    /// Milliseconds of these agents a second of the world.
    pub fn load(&self, agents: &BTreeSet<&String>) -> f64 {
        let seconds = |name: &&String| self.ticks.get(*name).map_or(0.0, |ticks| ticks.seconds);
        agents.iter().map(seconds).sum::<f64>() / self.seconds * 1e3
    }

    /// Fuel of these agents a second of the world.
    pub fn fuel(&self, agents: &BTreeSet<&String>) -> f64 {
        let fuel = |name: &&String| self.ticks.get(*name).map_or(0.0, |ticks| ticks.fuel);
        agents.iter().map(fuel).sum::<f64>() / self.seconds
    }

    /// For programs; the total is of `agents`.
    pub fn json(&self, agents: &BTreeSet<&String>) -> Value {
        let each = self.ticks.iter().map(|(name, ticks)| {
            let mean = self.mean_ms(name).map(rounded);
            let fuel = (ticks.fuel / ticks.count).round();
            (
                name.clone(),
                json!({ "ticks": ticks.count, "ms_per_tick": mean, "fuel_per_tick": fuel }),
            )
        });
        json!({
            "seconds": rounded(self.seconds), "total_ms_per_second": rounded(self.load(agents)),
            "total_fuel_per_second": self.fuel(agents).round(),
            "agents": Value::Object(each.collect()),
        })
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

async fn all_walk(status: &Path) {
    while demo::status(status).unwrap_or_default().in_world() < PLAYERS as usize {
        sleep(POLL).await;
    }
}

/// One for each who walks.
async fn bring_hunters(world: &World) -> Result<()> {
    let database = world.database(REGION);
    let players = sql::select(
        &world.operator,
        &database,
        "SELECT entity_id FROM signed_in_player_state",
    )
    .await?;
    for player in players.column("entity_id") {
        let query = format!("SELECT location_x, location_z FROM mobile_entity_state WHERE entity_id = {player}");
        let at = sql::select(&world.operator, &database, &query).await?;
        let tiles = |column: &str| Some(at.column(column).first()?.as_i64()? as f32 / MILLI_TILES);
        let (x, z) = tiles("location_x")
            .zip(tiles("location_z"))
            .context("a player is nowhere")?;
        let mut refused = None;
        for (east, south) in PLACES {
            let place = json!([HUNTER, x + east, z + south]);
            refused = world.call(REGION, "admin_spawn_enemy", place).await.err();
            if refused.is_none() {
                break;
            }
        }
        refused.map_or(Ok(()), Err).context("bringing an enemy near a player")?;
    }
    Ok(())
}

async fn look(world: &World, window: Duration) -> Result<Agents> {
    let database = world.database(REGION);
    let started = Instant::now();
    let before = metrics::of(world, &database).await?;
    sleep(window).await;
    let after = metrics::of(world, &database).await?;
    let seconds = started.elapsed().as_secs_f64();
    let agents = after.iter().filter(|(name, _)| name.ends_with(AGENT));
    let ticks = agents.filter_map(|(name, now)| {
        let [count, seconds, fuel] = now.since(before.get(name));
        let ticks = Ticks { count, seconds, fuel };
        (count > 0.0).then(|| (name.clone(), ticks))
    });
    let ticks: BTreeMap<String, Ticks> = ticks.collect();
    ticks.first_key_value().context("no agent ticked")?;
    Ok(Agents { ticks, seconds })
}
