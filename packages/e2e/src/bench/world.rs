//! What a world costs: made here and in its module, uploaded, kept in memory, and kept going in three sizes.

mod agents;
mod generated;
mod native;
mod upload;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use hexmarch_cli::content::{check, Content};
use hexmarch_cli::world::land::Atlas;
use hexmarch_world_gen::WorldRules;
use serde_json::{json, Value};

use super::measure::{median, rounded};
use super::relay::usage;
use super::{cargo, in_this_world, say, Effort, Findings};
use crate::metrics::Stored;
use crate::programs;
use agents::{Agents, Watched, PLAYERS};
use generated::Generated;
use native::Native;
use upload::{Load, Modules, Rates};

/// The seed of all worlds.
const SEED: u64 = 1;
/// The region of worlds of one.
const REGION: u8 = 1;
/// For making a region on two threads, in seconds.
const NATIVE_LIMIT: f64 = 60.0;
/// For the longest slice of the making of a world, in seconds. One of the limits that the host counts by.
const SLICE_LIMIT: f64 = 0.05;
/// How many times as long agents may take in a world of sixteen times the size.
const FLAT_LIMIT: f64 = 1.5;

/// How much is measured.
struct Sizes {
    /// Chunks a side of worlds of the sizes 1, 4 and 16. The last is also made natively.
    sides: [u16; 3],
    /// Chunks a side of what is uploaded.
    uploaded: u16,
    uploads: u32,
    /// For how long agents are looked at.
    window: Duration,
}

/// What was found out about worlds of all sizes.
struct Measured {
    sides: [u16; 3],
    native: [Native; 2],
    generated: Vec<Generated>,
    agents: Vec<Watched>,
    /// What the host keeps of the region's database in memory.
    stored: Vec<Stored>,
    /// Resident memory of the host, all databases and compiled modules included.
    resident: Vec<u64>,
    uploaded: (usize, usize, Rates),
}

/// Measures a making on one thread and on two, then in three worlds, one after the other.
///
/// # Errors
/// What cannot be built or started; rows that are missing after an upload; players who do not get into the world.
pub async fn world(effort: Effort) -> Result<Findings> {
    let sizes = Sizes {
        sides: effort.choose([6, 12, 24], [15, 30, 60]),
        uploaded: effort.choose(6, 20),
        uploads: effort.choose(1, 3),
        window: Duration::from_secs(effort.choose(6, 15)),
    };
    let modules = modules()?;
    let (content, _) = check(&programs::checkout().join("static_data"))?;
    let measured = measure(&sizes, &modules, &content).await?;
    Ok(findings(effort, &measured))
}

fn modules() -> Result<Modules> {
    let built = cargo::everything()?;
    let read = |path: &PathBuf| std::fs::read(path).with_context(|| format!("reading {}", path.display()));
    Ok(Modules {
        region: read(built.first().context("no module of regions")?)?.into(),
        bare: read(&cargo::wasm("hexmarch-bench-module", cargo::RELEASE)?)?.into(),
    })
}

async fn measure(sizes: &Sizes, modules: &Modules, content: &Content) -> Result<Measured> {
    let rules: WorldRules = Atlas::new(content).world.rules();
    let [small, _, large] = sizes.sides;
    say(&format!("making a region of {large}x{large} chunks on one thread"));
    let single = Native::measure(&rules, large, 1)?;
    say("making it on two threads");
    let double = Native::measure(&rules, large, 2)?;
    let (mut generated, mut agents) = (Vec::new(), Vec::new());
    let (mut stored, mut resident) = (Vec::new(), Vec::new());
    let mut uploaded = None;
    for side in sizes.sides {
        say(&format!("a world of {side}x{side} chunks"));
        let (seed, chunks) = (SEED.to_string(), format!("{side}x{side}"));
        let arguments = [
            "--env",
            "testing",
            "--seed",
            &seed,
            "--chunks",
            &chunks,
            "--regions",
            "1",
        ];
        in_this_world(&arguments, async |world| {
            generated.push(Generated::of(world, side).await?);
            agents.push(Watched::measure(world, sizes.window).await?);
            stored.push(Stored::of(world, &world.database(REGION)).await?);
            resident.push(usage::memory(world.running.host.pid, "VmRSS")?);
            if side == small {
                say("uploading");
                let load = Load::new(&rules, sizes.uploaded)?;
                let rates = load.measure(world, (modules, content), sizes.uploads).await?;
                uploaded = Some((load.chunks(), load.rows(), rates));
            }
            Ok(())
        })
        .await?;
    }
    Ok(Measured {
        sides: sizes.sides,
        native: [single, double],
        generated,
        agents,
        stored,
        resident,
        uploaded: uploaded.context("nothing was uploaded")?,
    })
}

impl Measured {
    /// The largest and the smallest of something that there is of each size.
    fn ends<T>(all: &[T]) -> Option<(&T, &T)> {
        Some((all.first()?, all.last()?))
    }

    /// Bytes of rows, indexes and blobs that a chunk more costs: between the smallest world and the largest.
    fn bytes_per_chunk(&self) -> f64 {
        let (stored, chunks) = (Self::ends(&self.stored), Self::ends(&self.generated));
        stored.zip(chunks).map_or(f64::NAN, |((less, more), (small, large))| {
            (more.bytes() - less.bytes()) / (large.chunks() - small.chunks())
        })
    }

    /// Agents that ticked in worlds of all sizes, with and without players.
    fn common(&self) -> BTreeSet<&String> {
        let all = self.agents.iter().flat_map(|watched| [&watched.idle, &watched.walking]);
        let mut each = all.map(|agents| agents.ticks.keys().collect::<BTreeSet<_>>());
        let first = each.next().unwrap_or_default();
        each.fold(first, |common, other| &common & &other)
    }

    /// How many times as much something is in the largest world as in the smallest.
    fn growth(&self, of: impl Fn(&Watched) -> f64) -> f64 {
        Self::ends(&self.agents).map_or(f64::NAN, |(small, large)| of(large) / of(small))
    }

    /// How many times as long a tick of this agent takes, while players walk.
    fn tick_growth(&self, agent: &str) -> f64 {
        let mean = |watched: &Watched| watched.walking.mean_ms(agent).unwrap_or(f64::NAN);
        Self::ends(&self.agents).map_or(f64::NAN, |(small, large)| mean(large) / mean(small))
    }
}

/// See [`Watched`].
const IDLE: fn(&Watched) -> &Agents = |watched| &watched.idle;
const WALKING: fn(&Watched) -> &Agents = |watched| &watched.walking;

fn findings(effort: Effort, measured: &Measured) -> Findings {
    let [single, double] = &measured.native;
    let is_native_reached = double.total() <= NATIVE_LIMIT;
    let module = measured.generated.last();
    let module_rate = module.map_or(f64::NAN, Generated::rate);
    let is_slice_reached = module.is_some_and(|module| module.slices.longest_at_most() <= SLICE_LIMIT);
    let (chunks, rows, rates) = &measured.uploaded;
    let (uploaded, bare) = (median(&rates.uploaded), median(&rates.bare));
    let common = measured.common();
    let growth = |pick: fn(&Watched) -> &Agents| {
        json!({
            "ms": rounded(measured.growth(|watched| pick(watched).load(&common))),
            "fuel": rounded(measured.growth(|watched| pick(watched).fuel(&common))),
        })
    };
    let is_flat = measured.growth(|watched| watched.walking.load(&common)) <= FLAT_LIMIT;
    let reached = is_native_reached && is_slice_reached && is_flat;
    let table = table(measured) + if reached { "reached\n" } else { "missed\n" };
    let sizes = measured.sides.iter().zip(&measured.agents).map(|(side, watched)| {
        json!({
            "chunks": u32::from(*side).pow(2), "enemies_about": watched.enemies.about, "enemies_hunting": watched.enemies.hunting,
            "idle": watched.idle.json(&common), "walking": watched.walking.json(&common),
        })
    });
    let ratios = common.iter().map(|agent| {
        let ratio = measured.tick_growth(agent);
        (
            (*agent).clone(),
            json!({ "ratio": rounded(ratio), "flat": ratio <= FLAT_LIMIT }),
        )
    });
    let json = json!({
        "bench": "world", "quick": effort == Effort::Quick, "seed": SEED,
        "native": {
            "one_thread": single.json(), "two_threads": double.json(), "speedup": rounded(double.rate() / single.rate()),
            "limit_seconds": NATIVE_LIMIT, "reached": is_native_reached,
        },
        "module": {
            "worlds": measured.generated.iter().map(Generated::json).collect::<Vec<_>>(),
            "chunks_per_second": rounded(module_rate), "to_native_one_thread": rounded(module_rate / single.rate()),
            "longest_slice_by": format!("buckets of the host's {}", crate::metrics::HISTOGRAM),
            "limit_slice_ms": SLICE_LIMIT * 1e3, "reached": is_slice_reached,
        },
        "upload": {
            "chunks": chunks, "rows": rows, "rounds": rates.uploaded.len(),
            "rows_per_second": uploaded.round(), "bare_rows_per_second": bare.round(), "ratio": rounded(uploaded / bare),
        },
        "agents": {
            "players": PLAYERS, "sizes": sizes.collect::<Vec<_>>(),
            "ratios": Value::Object(ratios.collect()), "total_ratio": { "idle": growth(IDLE), "walking": growth(WALKING) },
            "limit_ratio": FLAT_LIMIT, "reached": is_flat,
        },
        "memory": {
            "database_bytes": measured.stored.iter().map(Stored::bytes).collect::<Vec<_>>(),
            "database_bytes_per_chunk": measured.bytes_per_chunk().round(), "host_resident_bytes": measured.resident,
        },
        "reached": reached,
    });
    Findings { table, json }
}

fn table(measured: &Measured) -> String {
    let mut table = format!(
        "{:<28} {:>8} {:>10} {:>10}\n",
        "making a region", "chunks", "seconds", "chunks/s"
    );
    let mut line = |name: &str, chunks: f64, seconds: f64| {
        table += &format!("{name:<28} {chunks:>8.0} {seconds:>10.2} {:>10.1}\n", chunks / seconds);
    };
    let [single, double] = &measured.native;
    line("natively, 1 thread", single.chunks, single.total());
    line("natively, 2 threads", double.chunks, double.total());
    for generated in &measured.generated {
        line("in the module", generated.chunks(), generated.seconds);
    }
    if let Some(largest) = measured.generated.last() {
        let over = largest.slices.longer_than(SLICE_LIMIT).unwrap_or(f64::NAN);
        table += &format!(
            "slices: {:.0}, {:.1} ms on average, the longest at most {:.0} ms, {over:.0} above {:.0} ms\n",
            largest.slices.count,
            largest.slices.seconds / largest.slices.count * 1e3,
            largest.slices.longest_at_most() * 1e3,
            SLICE_LIMIT * 1e3,
        );
    }
    table += &format!(
        "memory of the database a chunk: {:.1} KiB\n",
        measured.bytes_per_chunk() / 1024.0
    );
    let (_, rows, rates) = &measured.uploaded;
    let (uploaded, bare) = (median(&rates.uploaded), median(&rates.bare));
    table += &format!(
        "upload of {rows} rows: {uploaded:.0} rows/s, bare {bare:.0} rows/s, share {:.2}\n",
        uploaded / bare
    );
    table + &agents_table(measured)
}

fn agents_table(measured: &Measured) -> String {
    let mut table = format!("\n{:<28} ", format!("ms a tick, {PLAYERS} players"));
    for side in measured.sides {
        table += &format!("{:>10}", format!("{side}x{side}"));
    }
    table += &format!("{:>10}\n", "ratio");
    let mut line = |name: &str, values: &dyn Fn(&Watched) -> Option<f64>, ratio: f64| {
        table += &format!("{name:<28} ");
        for value in measured.agents.iter().map(values) {
            table += &value.map_or_else(|| format!("{:>10}", "-"), |value| format!("{value:>10.3}"));
        }
        table += &format!("{ratio:>10.2}\n");
    };
    let all = measured.agents.iter().flat_map(|watched| watched.walking.ticks.keys());
    for name in all.collect::<BTreeSet<_>>() {
        line(
            name,
            &|watched| watched.walking.mean_ms(name),
            measured.tick_growth(name),
        );
    }
    let common = measured.common();
    for (name, pick) in [("all", WALKING), ("all, without players", IDLE)] {
        let load = |watched: &Watched| pick(watched).load(&common);
        let fuel = |watched: &Watched| pick(watched).fuel(&common) / 1e6;
        let titles = [format!("{name}: ms a second"), format!("{name}: Mfuel/s")];
        let [title, fuel_title] = &titles;
        line(title, &|watched| Some(load(watched)), measured.growth(load));
        line(fuel_title, &|watched| Some(fuel(watched)), measured.growth(fuel));
    }
    let about: fn(&Watched) -> f64 = |watched| watched.enemies.about;
    let hunting: fn(&Watched) -> f64 = |watched| watched.enemies.hunting;
    for (title, pick) in [("enemies about", about), ("enemies hunting", hunting)] {
        line(title, &|watched| Some(pick(watched)), measured.growth(pick));
    }
    table
}
