//! Chunks that come from outside, beside a reducer that inserts the same rows in the same batches and does nothing else.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use bytes::Bytes;
use hexmarch_cli::content::push::{Removed, Session};
use hexmarch_cli::content::Content;
use hexmarch_cli::deploy;
use hexmarch_cli::sql;
use hexmarch_cli::world::make::{choose_sites, for_each_chunk};
use hexmarch_cli::world::upload::{arguments_of, placed, MAX_CALLS};
use hexmarch_cli::world::Plan;
use hexmarch_host::{CallOutcome, Connection, Options, PendingCall};
use hexmarch_messages::resource::ResourceState;
use hexmarch_messages::terrain::{cells, LocationState, TerrainChunkState};
use hexmarch_sim_core::RegionLayout;
use hexmarch_world_gen::{MadeChunk, Site, WorldRules};
use spacetimedb_sats::bsatn;

use super::{REGION, SEED};
use crate::world::World;

/// The database of the region that takes the upload, and that of the plain module.
const UPLOADED: &str = "hexmarch-bench-uploaded";
const BARE: &str = "hexmarch-bench-bare";
/// For the host to come to rest between two measurements.
const PAUSE: Duration = Duration::from_millis(300);

/// Modules of regions, and the plain one.
pub struct Modules {
    pub region: Bytes,
    pub bare: Bytes,
}

/// What is uploaded: calls with their arguments, ready to be sent.
pub struct Load {
    layout: RegionLayout,
    begin: Vec<u8>,
    chunks: Vec<Vec<u8>>,
    bare: Vec<Vec<u8>>,
    things: usize,
}

/// Rows a second, a round each.
#[derive(Default)]
pub struct Rates {
    /// Through `insert_terrain_chunk`.
    pub uploaded: Vec<f64>,
    /// By the plain reducer.
    pub bare: Vec<f64>,
}

impl Load {
    /// A region of so many chunks a side.
    pub fn new(rules: &WorldRules, side: u16) -> Result<Self> {
        let layout = RegionLayout::new(1, 1, side, side)?;
        let plan = Plan {
            seed: SEED,
            layout,
            region: None,
            threads: None,
        };
        let (regions, threads) = (plan.regions()?, plan.threads());
        let made = Mutex::new(Vec::new());
        let sites = tokio::task::block_in_place(|| {
            let sites = choose_sites(SEED, rules, &regions, threads)?;
            let keep = |chunk| {
                if let Ok(mut made) = made.lock() {
                    made.push(chunk);
                }
            };
            for_each_chunk(SEED, rules, (&regions, &sites), threads, |_| true, keep)?;
            anyhow::Ok(sites)
        })?;
        let made: Vec<MadeChunk> = made.into_inner().unwrap_or_default();
        let mut next = 1;
        Ok(Self {
            layout,
            begin: begin(&sites)?,
            chunks: made.iter().map(arguments_of).collect::<Result<_>>()?,
            bare: made.iter().map(|chunk| bare(chunk, &mut next)).collect::<Result<_>>()?,
            things: made.iter().map(|chunk| chunk.things.len()).sum(),
        })
    }

    /// Calls, each with a chunk.
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// Rows of ground, and of things with their places.
    pub fn rows(&self) -> usize {
        self.chunks.len() + 2 * self.things
    }

    /// Uploads into a new region and inserts into a new plain database, in turns.
    pub async fn measure(&self, world: &World, (modules, content): (&Modules, &Content), rounds: u32) -> Result<Rates> {
        let mut rates = Rates::default();
        for round in 0..rounds {
            // Who comes second finds the host busier with what the first left behind: so they take turns.
            if round % 2 == 0 {
                rates.bare.push(self.insert(world, &modules.bare).await?);
                rates.uploaded.push(self.upload(world, &modules.region, content).await?);
            } else {
                rates.uploaded.push(self.upload(world, &modules.region, content).await?);
                rates.bare.push(self.insert(world, &modules.bare).await?);
            }
        }
        Ok(rates)
    }

    async fn upload(&self, world: &World, module: &Bytes, content: &Content) -> Result<f64> {
        let operator = &world.operator;
        operator.publish(UPLOADED, module.clone(), true).await?;
        deploy::configure_like(operator, UPLOADED, &world.database(REGION)).await?;
        deploy::set_up_region(operator, UPLOADED, REGION, &self.layout).await?;
        let session = Session::begin(operator, UPLOADED, content.hash_of(REGION)).await?;
        session.stage(REGION, content, &|_, _| ()).await?;
        session.commit(Removed::Refuse).await?;
        session.end().await;
        let (socket, _events) = connect(world, UPLOADED).await?;
        let begin = std::slice::from_ref(&self.begin);
        calls(&socket, "start_generating_world", begin).await?;
        let rate = self.rate(&socket, "insert_terrain_chunk", &self.chunks).await?;
        socket.close().await;
        self.all_are_there(world, UPLOADED).await.map(|()| rate)
    }

    async fn insert(&self, world: &World, module: &Bytes) -> Result<f64> {
        world.operator.publish(BARE, module.clone(), true).await?;
        let (socket, _events) = connect(world, BARE).await?;
        let rate = self.rate(&socket, "insert_chunk", &self.bare).await?;
        socket.close().await;
        self.all_are_there(world, BARE).await.map(|()| rate)
    }

    async fn rate(&self, socket: &Connection, reducer: &str, arguments: &[Vec<u8>]) -> Result<f64> {
        tokio::time::sleep(PAUSE).await;
        let started = Instant::now();
        calls(socket, reducer, arguments).await?;
        Ok(self.rows() as f64 / started.elapsed().as_secs_f64())
    }

    async fn all_are_there(&self, world: &World, database: &str) -> Result<()> {
        for (table, expected) in [
            ("terrain_chunk_state", self.chunks.len()),
            ("location_state", self.things),
            ("resource_state", self.things),
        ] {
            let rows = sql::count(&world.operator, database, table).await?;
            ensure!(
                rows == expected as u64,
                "{table} of {database} has {rows} rows, not {expected}"
            );
        }
        Ok(())
    }
}

async fn connect(world: &World, database: &str) -> Result<(Connection, hexmarch_host::Events)> {
    let url = world.running.url.parse()?;
    Ok(Connection::connect(&url, database, world.operator.token(), Options::default()).await?)
}

/// Makes one call after the other, as many under way as an upload has.
async fn calls(socket: &Connection, reducer: &str, arguments: &[Vec<u8>]) -> Result<()> {
    let mut under_way = VecDeque::with_capacity(MAX_CALLS);
    for arguments in arguments {
        if under_way.len() >= MAX_CALLS {
            committed(under_way.pop_front(), reducer).await?;
        }
        under_way.push_back(socket.start_call(reducer, arguments)?);
    }
    while !under_way.is_empty() {
        committed(under_way.pop_front(), reducer).await?;
    }
    Ok(())
}

async fn committed(call: Option<PendingCall>, reducer: &str) -> Result<()> {
    match call.context("no call is under way")?.await? {
        CallOutcome::Committed => Ok(()),
        other => bail!("{reducer} did not commit: {other:?}"),
    }
}

fn begin(sites: &[Site]) -> Result<Vec<u8>> {
    let mut arguments = bsatn::to_vec(&SEED)?;
    arguments.extend(bsatn::to_vec(&sites.iter().map(placed).collect::<Vec<_>>())?);
    Ok(arguments)
}

/// The rows that a region makes of a chunk, with ids from `next` on.
fn bare(made: &MadeChunk, next: &mut u64) -> Result<Vec<u8>> {
    let chunk = made.terrain.chunk;
    let chunk_index = chunk.index().context("a chunk outside of the world")?;
    let terrain = TerrainChunkState {
        chunk_index,
        chunk_x: chunk.x,
        chunk_z: chunk.z,
        dimension: chunk.dimension,
        cells: cells(&made.terrain.cells),
    };
    let (mut locations, mut resources) = (Vec::new(), Vec::new());
    for thing in &made.things {
        let entity_id = *next;
        *next += 1;
        locations.push(LocationState {
            entity_id,
            chunk_index,
            x: thing.tile.x,
            z: thing.tile.z,
            dimension: chunk.dimension,
        });
        resources.push(ResourceState {
            entity_id,
            resource_id: thing.resource_id,
            direction_index: i32::from(thing.direction.index()),
        });
    }
    let mut arguments = bsatn::to_vec(&terrain)?;
    arguments.extend(bsatn::to_vec(&locations)?);
    arguments.extend(bsatn::to_vec(&resources)?);
    Ok(arguments)
}
