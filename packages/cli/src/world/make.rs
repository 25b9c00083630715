//! Making a world on all cores.

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail, Context as _};
use hexmarch_sim_core::{ChunkCoordinates, RegionBounds, RegionLayout};
use hexmarch_world_gen::{maker, sites, MadeChunk, Maker, Site, World, WorldRules};

use super::land::{Land, Thing};

/// Most chunks that are made at once.
const MAX_CHUNKS: u64 = 40_000;
/// Between two looks at how far it is.
const LOOK: Duration = Duration::from_millis(100);

/// Which part of which world.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// What the world follows from.
    pub seed: u64,
    /// How it is divided.
    pub layout: RegionLayout,
    /// The region that is made; all without.
    pub region: Option<u8>,
    /// Threads; as many as there are cores without.
    pub threads: Option<NonZero<usize>>,
}

/// How long it took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    /// Choosing the places of sites.
    pub sites: Duration,
    /// Making chunks.
    pub chunks: Duration,
    /// How many threads did.
    pub threads: usize,
}

impl Plan {
    /// Threads that make it.
    pub fn threads(&self) -> usize {
        let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        self.threads.unwrap_or_else(cores).get()
    }

    /// The rectangles of the regions that are made.
    ///
    /// # Errors
    /// When there is no such region, or there is more than fits into memory.
    pub fn regions(&self) -> anyhow::Result<Vec<RegionBounds>> {
        let regions: Vec<RegionBounds> = match self.region {
            Some(region) => vec![self.layout.bounds(region).ok_or_else(|| {
                crate::outcome::usage(format!(
                    "there is no region {region}: --region is 1 to {}, as many as --regions",
                    self.layout.region_count()
                ))
            })?],
            None => self
                .layout
                .indexes()
                .filter_map(|index| self.layout.bounds(index))
                .collect(),
        };
        let chunks: u64 = regions.iter().map(chunks_of).sum();
        if chunks > MAX_CHUNKS {
            return Err(crate::outcome::usage(format!(
                "{chunks} chunks are more than the {MAX_CHUNKS} that are made at once; choose one region with --region, or smaller ones with --chunks"
            )));
        }
        Ok(regions)
    }
}

/// The rectangle around others.
pub fn around(regions: &[RegionBounds]) -> RegionBounds {
    let fold = |value: fn(&RegionBounds) -> i32, choose: fn(i32, i32) -> i32| {
        regions.iter().map(value).reduce(choose).unwrap_or_default()
    };
    RegionBounds {
        min_chunk_x: fold(|bounds| bounds.min_chunk_x, i32::min),
        min_chunk_z: fold(|bounds| bounds.min_chunk_z, i32::min),
        max_chunk_x: fold(|bounds| bounds.max_chunk_x, i32::max),
        max_chunk_z: fold(|bounds| bounds.max_chunk_z, i32::max),
    }
}

/// Chunks in a rectangle.
pub fn chunks_of(bounds: &RegionBounds) -> u64 {
    let side = |min: i32, max: i32| u64::from(max.saturating_sub(min).max(0).unsigned_abs());
    side(bounds.min_chunk_x, bounds.max_chunk_x) * side(bounds.min_chunk_z, bounds.max_chunk_z)
}

/// Makes what a plan says. `progress` hears of chunks done and all.
///
/// # Errors
/// When the plan makes no sense, or a thread ends before its time.
pub fn make(plan: &Plan, rules: &WorldRules, progress: impl Fn(u64, u64) + Sync) -> anyhow::Result<(Land, Times)> {
    if rules.biomes.is_empty() {
        bail!("the content has no rows in climate_desc, without which no world can be made");
    }
    let regions = plan.regions()?;
    let threads = plan.threads();
    let started = Instant::now();
    let mut land = Land::new(around(&regions), regions);
    land.sites = choose_sites(plan.seed, rules, &land.regions, threads)?;
    let after_sites = Instant::now();
    let all: u64 = land.regions.iter().map(chunks_of).sum();
    let (made, done) = (Mutex::new(Vec::new()), AtomicU64::new(0));
    let keep = |chunk| {
        if let Ok(mut made) = made.lock() {
            made.push(chunk);
        }
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
    };
    for_each_chunk(plan.seed, rules, (&land.regions, &land.sites), threads, |_| true, keep)?;
    for chunk in made.into_inner().unwrap_or_default() {
        land.put(&chunk.terrain);
        land.things.extend(chunk.things.into_iter().map(|placed| Thing {
            x: placed.tile.x,
            z: placed.tile.z,
            resource_id: placed.resource_id,
        }));
    }
    land.things.sort_unstable();
    let times = Times {
        sites: after_sites - started,
        chunks: after_sites.elapsed(),
        threads,
    };
    Ok((land, times))
}

/// The sites of each region. Those of one do not look at those of another.
///
/// # Errors
/// When a thread ends before its time.
pub fn choose_sites(
    seed: u64,
    rules: &WorldRules,
    regions: &[RegionBounds],
    threads: usize,
) -> anyhow::Result<Vec<Site>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let world = World::new(seed, rules.biomes.clone());
        let mut found = Vec::new();
        while let Some(bounds) = regions.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.extend(sites(&world, seed, bounds, &rules.sites));
        }
        found
    };
    let mut all: Vec<Site> = on_threads(threads.min(regions.len()), work, || ())?
        .into_iter()
        .flatten()
        .collect();
    all.sort_by_key(|site| (site.tile, site.id));
    Ok(all)
}

/// Makes the chunks of regions that are `wanted`, on several threads, in no order.
///
/// # Errors
/// When a thread ends before its time.
pub fn for_each_chunk(
    seed: u64,
    rules: &WorldRules,
    (regions, sites): (&[RegionBounds], &[Site]),
    threads: usize,
    wanted: impl Fn(ChunkCoordinates) -> bool + Sync,
    made: impl Fn(MadeChunk) + Sync,
) -> anyhow::Result<()> {
    let bands: Vec<RegionBounds> = regions.iter().flat_map(maker::bands_of).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let world = World::new(seed, rules.biomes.clone());
        let maker = Maker::new(world, seed, rules.clone(), sites.to_vec());
        while let Some(band) = bands.get(next.fetch_add(1, Ordering::Relaxed)) {
            for chunk in maker::chunks_of(band).filter(|chunk| wanted(*chunk)) {
                made(maker.chunk(chunk));
            }
        }
    };
    on_threads(threads, work, || ()).map(drop)
}

/// What each of several threads makes of the same work, in no order. `look` runs here again and again meanwhile.
fn on_threads<T: Send>(threads: usize, work: impl Fn() -> T + Sync, look: impl Fn()) -> anyhow::Result<Vec<T>> {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1))
            .map(|number| {
                let builder = thread::Builder::new().name(format!("world-{number}"));
                builder.spawn_scoped(scope, &work).context("cannot start a thread")
            })
            .collect::<anyhow::Result<_>>()?;
        while workers.iter().any(|worker| !worker.is_finished()) {
            look();
            thread::sleep(LOOK);
        }
        let join = |worker: thread::ScopedJoinHandle<'_, T>| {
            worker
                .join()
                .map_err(|_| anyhow!("a thread that makes the world ended before its time"))
        };
        workers.into_iter().map(join).collect()
    })
}
