//! Worlds that are made here on all cores and uploaded into the databases of regions.
//!
//! What this promises: an upload that broke off goes on where it stopped when it is done again; what is uploaded is what
//! the database would have made itself of the same seed and content.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use anyhow::{bail, Context as _};
use hexmarch_host::{CallOutcome, Connection, HostClient, Options, PendingCall};
use hexmarch_messages::terrain::cells;
use hexmarch_messages::world::{PlacedSite, PlacedThing};
use hexmarch_sim_core::ChunkCoordinates;
use hexmarch_world_gen::{MadeChunk, Site, WorldRules};
use spacetimedb_sats::bsatn;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::generation;
use super::make::{choose_sites, for_each_chunk, Plan};
use crate::progress::Lines;
use crate::sql;

/// Calls under way at once: enough that the database never waits for us.
pub const MAX_CALLS: usize = 8;
/// Chunks made and not sent yet.
const MAX_WAITING: usize = 64;
/// For the answer to one call.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// What became of an upload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Chunks sent.
    pub sent: u64,
    /// Chunks that the database had already.
    pub kept: u64,
}

/// Makes the world of one region and uploads it, then waits until the region is open.
///
/// # Errors
/// When the plan is not of one region, the database refuses, or the connection ends.
pub async fn upload(
    client: &HostClient,
    (index, database): (u8, &str),
    plan: &Plan,
    rules: &WorldRules,
    lines: &Lines,
) -> anyhow::Result<Uploaded> {
    let step = lines.step(format!("{index}: choosing places for people"));
    if sql::count(client, database, "resources_log").await? > 0 {
        step.done(format!("{index}: it has a world already, which stays"));
        return Ok(Uploaded::default());
    }
    let regions = plan.regions()?;
    let threads = plan.threads();
    let sites = tokio::task::block_in_place(|| choose_sites(plan.seed, rules, &regions, threads))?;
    let (connection, _events) = Connection::connect(client.url(), database, client.token(), Options::default()).await?;
    let mut calls = Calls::new(database, &connection);
    let mut arguments = bsatn::to_vec(&plan.seed)?;
    arguments.extend(bsatn::to_vec(&sites.iter().map(placed).collect::<Vec<_>>())?);
    calls.start("start_generating_world", arguments).await?;
    calls.finish().await?;
    let known = known(client, database).await?;

    let (sender, mut made) = mpsc::channel::<MadeChunk>(MAX_WAITING);
    let maker = {
        let (seed, rules, known) = (plan.seed, rules.clone(), known.clone());
        let wanted = move |chunk: ChunkCoordinates| chunk.index().is_none_or(|index| !known.contains(&index));
        tokio::task::spawn_blocking(move || {
            for_each_chunk(seed, &rules, (&regions, &sites), threads, wanted, |chunk| {
                // Nobody wants it any more: the error that ended the upload is told by the other side.
                let _ = sender.blocking_send(chunk);
            })
        })
    };
    let all: u64 = plan.regions()?.iter().map(super::make::chunks_of).sum();
    let kept = known.len() as u64;
    let mut uploaded = Uploaded { sent: 0, kept };
    step.say(format!("{index}: {}", generation::STAGES[1]));
    while let Some(chunk) = made.recv().await {
        calls.start("insert_terrain_chunk", arguments_of(&chunk)?).await?;
        uploaded.sent = uploaded.sent.saturating_add(1);
        step.count(kept.saturating_add(uploaded.sent), all);
    }
    calls.finish().await?;
    maker
        .await
        .context("a thread that makes the world ended before its time")??;
    calls.start("finish_generating_world", Vec::new()).await?;
    calls.finish().await?;
    connection.close().await;
    generation::wait(client, database, |stage| {
        if step.is_live() {
            step.say(format!("{index}: {}", stage.name));
        }
        step.count(stage.done, stage.total);
    })
    .await?;
    step.done(format!(
        "{index}: uploaded, {} chunks now, {} before",
        uploaded.sent, uploaded.kept
    ));
    Ok(uploaded)
}

/// Whether a database has the content that the world is made from: otherwise it would be another than it says.
///
/// # Errors
/// When it has another, or cannot be asked.
pub async fn require_content(client: &HostClient, database: &str, hash: &str) -> anyhow::Result<()> {
    let version = crate::content::push::version(client, database).await?;
    if version.is_none_or(|version| version.content_hash != hash) {
        bail!("{database} has other content than this checkout; 'hexmarch content push' brings it there");
    }
    Ok(())
}

async fn known(client: &HostClient, database: &str) -> anyhow::Result<HashSet<u64>> {
    let rows = sql::select(client, database, "SELECT chunk_index FROM terrain_chunk_state").await?;
    let indexes = rows.column("chunk_index").into_iter();
    Ok(indexes.filter_map(serde_json::Value::as_u64).collect())
}

/// A site as databases take it.
pub fn placed(site: &Site) -> PlacedSite {
    PlacedSite {
        site_id: site.id,
        x: site.tile.x,
        z: site.tile.z,
        elevation: site.level,
        direction_index: i32::from(site.direction.index()),
    }
}

/// A chunk as `insert_terrain_chunk` takes it, in BSATN.
///
/// # Errors
/// When it cannot be written as BSATN.
pub fn arguments_of(made: &MadeChunk) -> anyhow::Result<Vec<u8>> {
    let things: Vec<PlacedThing> = made.things.iter().map(PlacedThing::from).collect();
    let (chunk, cells) = (made.terrain.chunk, cells(&made.terrain.cells));
    let mut bytes = bsatn::to_vec(&chunk.x)?;
    bytes.extend(bsatn::to_vec(&chunk.z)?);
    bytes.extend(bsatn::to_vec(&cells)?);
    bytes.extend(bsatn::to_vec(&things)?);
    Ok(bytes)
}

/// Calls under way, in order.
struct Calls<'a> {
    database: &'a str,
    connection: &'a Connection,
    under_way: VecDeque<(&'static str, PendingCall)>,
}

impl<'a> Calls<'a> {
    fn new(database: &'a str, connection: &'a Connection) -> Self {
        Self {
            database,
            connection,
            under_way: VecDeque::with_capacity(MAX_CALLS),
        }
    }

    async fn start(&mut self, reducer: &'static str, arguments: Vec<u8>) -> anyhow::Result<()> {
        if self.under_way.len() >= MAX_CALLS {
            self.next().await?;
        }
        let call = self.connection.start_call(reducer, &arguments)?;
        self.under_way.push_back((reducer, call));
        Ok(())
    }

    async fn finish(&mut self) -> anyhow::Result<()> {
        while !self.under_way.is_empty() {
            self.next().await?;
        }
        Ok(())
    }

    async fn next(&mut self) -> anyhow::Result<()> {
        let Some((reducer, call)) = self.under_way.pop_front() else {
            return Ok(());
        };
        let database = self.database;
        let outcome = timeout(ANSWER_LIMIT, call)
            .await
            .with_context(|| format!("{database} does not answer {reducer}"))?;
        match outcome.with_context(|| format!("{database} was calling {reducer}"))? {
            CallOutcome::Committed => Ok(()),
            CallOutcome::Failed(text) => bail!("{database} refuses {reducer}: {text}"),
            CallOutcome::OutOfEnergy => bail!("{database} has no more energy for {reducer}"),
        }
    }
}
