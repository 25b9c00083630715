//! Worlds of regions that are made in their databases, and the wait until they are there.

use std::time::Duration;

use anyhow::bail;
use hexmarch_host::HostClient;
use serde_json::json;
use tokio::time::{sleep, Instant};

use crate::progress::Progress;
use crate::{deploy, sql};

/// Between two looks at how far they are.
const LOOK: Duration = Duration::from_millis(250);
/// A world that does not grow for so long has come to a halt.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the world of a region is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Level ground.
    Flat,
    /// A seed.
    Seed(u64),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flat => write!(formatter, "flat"),
            Self::Seed(seed) => write!(formatter, "of seed {seed}"),
        }
    }
}

/// How far the making of a world is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Stage {
    name: &'static str,
    slice: u64,
    done: u64,
    total: u64,
}

/// Makes the worlds of regions that have none, all at once, and waits until they are there. Returns how many were made.
///
/// # Errors
/// When a region refuses, or its world does not grow for a minute.
pub async fn make(
    client: &HostClient,
    regions: &[(u8, String)],
    origin: Origin,
    progress: Progress,
) -> anyhow::Result<usize> {
    let lines = progress.lines("region");
    let mut each = Vec::new();
    for (index, database) in regions {
        let lines = &lines;
        each.push(async move {
            let step = lines.step(format!("{index}: making the world"));
            if sql::count(client, database, "resources_log").await? > 0 {
                step.done(format!("{index}: its old world"));
                return anyhow::Ok(false);
            }
            match origin {
                Origin::Flat => deploy::call(client, database, "generate_flat_world", json!([])).await?,
                Origin::Seed(seed) => {
                    deploy::call(client, database, "generate_world", json!([seed])).await?;
                    wait(client, database, |stage| {
                        if step.is_live() {
                            step.say(format!("{index}: {}", stage.name));
                        }
                        step.count(stage.done, stage.total);
                    })
                    .await?;
                }
            }
            step.done(format!("{index}: new world, {origin}"));
            Ok(true)
        });
    }
    let made = futures_util::future::try_join_all(each).await?;
    Ok(made.into_iter().filter(|made| *made).count())
}

/// Waits until the world of a database is there; `tell` hears how far it is.
///
/// # Errors
/// When it does not grow for a minute.
pub async fn wait(client: &HostClient, database: &str, tell: impl Fn(&Telling)) -> anyhow::Result<()> {
    let (mut last, mut grew) = (Stage::default(), Instant::now());
    loop {
        if sql::count(client, database, "resources_log").await? > 0 {
            return Ok(());
        }
        let stage = stage(client, database).await?;
        if stage != last {
            grew = Instant::now();
            tell(&Telling {
                name: stage.name,
                done: stage.done,
                total: stage.total,
            });
            last = stage;
        } else if grew.elapsed() > PATIENCE {
            bail!(
                "the world of {database} does not grow any more, at {} of {} of the stage '{}' (slice {}); the database's log says why, and the same command goes on with it",
                last.done,
                last.total,
                last.name,
                last.slice
            );
        }
        sleep(LOOK).await;
    }
}

/// What those who wait are told.
#[derive(Debug)]
pub struct Telling {
    /// What is being made.
    pub name: &'static str,
    /// Steps of it that are done.
    pub done: u64,
    /// All its steps.
    pub total: u64,
}

/// The stages of `WorldGenerationStage`, in its order.
pub const STAGES: [&str; 5] = [
    "choosing places for people",
    "making the ground and what grows there",
    "building",
    "bringing herds",
    "opening",
];

async fn stage(client: &HostClient, database: &str) -> anyhow::Result<Stage> {
    let rows = sql::select(client, database, "SELECT * FROM world_generation_state").await?;
    let rows = rows.objects();
    let Some(row) = rows.first() else {
        return Ok(Stage::default());
    };
    let number = |column: &str| row.get(column).and_then(serde_json::Value::as_u64).unwrap_or_default();
    // An enum comes as the number of the variant and its value.
    let variant = row.get("stage").and_then(|stage| stage.get(0)?.as_u64());
    let name = variant.and_then(|variant| STAGES.get(usize::try_from(variant).ok()?));
    Ok(Stage {
        name: name.copied().unwrap_or_default(),
        slice: number("slice"),
        done: number("done"),
        total: number("total"),
    })
}
