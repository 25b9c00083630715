//! How large the modules are, and how long it takes from an edited reducer to the module that runs.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result};
use bytes::Bytes;
use flate2::write::GzEncoder;
use flate2::Compression;
use serde_json::json;

use super::measure::{median, rounded};
use super::{cargo, in_a_world, say, Effort, Findings};
use crate::programs;
use crate::world::World;

/// The reducers that are edited, below the checkout.
const EDITED: &str = "packages/game/src/movement/reducers.rs";
/// Largest module, in bytes.
const LIMIT_BYTES: usize = 2_621_440;
/// From an edit to a running module, in seconds.
const AIM_SECONDS: f64 = 15.0;

/// A module's size.
struct Size {
    package: &'static str,
    bytes: usize,
    gzip_bytes: usize,
}

/// The parts of one round, in seconds.
struct Round {
    build: f64,
    publish: f64,
    first_call: f64,
}

impl Round {
    fn total(&self) -> f64 {
        self.build + self.publish + self.first_call
    }
}

/// Measures sizes, then edits and publishes in rounds, over a region that has its world.
///
/// # Errors
/// What cannot be built, started or published.
pub async fn build(effort: Effort) -> Result<Findings> {
    let paths = cargo::everything()?;
    let sizes = cargo::MODULES
        .into_iter()
        .zip(&paths)
        .map(|(package, path)| size(package, path));
    let sizes = sizes.collect::<Result<Vec<Size>>>()?;
    let count = effort.choose(1, 5);
    let rounds = in_a_world(async |world| {
        let _edited = Edited::remember(programs::checkout().join(EDITED))?;
        let mut rounds = Vec::new();
        for number in 1..=count {
            say(&format!("round {number} of {count}"));
            rounds.push(round(world, number).await?);
        }
        Ok(rounds)
    })
    .await?;
    Ok(findings(effort, &sizes, &rounds))
}

fn size(package: &'static str, path: &Path) -> Result<Size> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(Size {
        package,
        bytes: bytes.len(),
        gzip_bytes: encoder.finish()?.len(),
    })
}

async fn round(world: &World, number: u32) -> Result<Round> {
    let path = programs::checkout().join(EDITED);
    File::options()
        .append(true)
        .open(&path)?
        .set_modified(SystemTime::now())
        .context("touching a reducer")?;
    let started = Instant::now();
    let wasm = cargo::wasm("hexmarch-game")?;
    let build = started.elapsed().as_secs_f64();

    let module = distinct(std::fs::read(wasm)?, number);
    let database = world.database(1);
    let started = Instant::now();
    world.operator.publish(&database, module, false).await?;
    let publish = started.elapsed().as_secs_f64();

    let started = Instant::now();
    world.operator.call(&database, "current_version", &json!([])).await?;
    Ok(Round {
        build,
        publish,
        first_call: started.elapsed().as_secs_f64(),
    })
}

/// The same module with another hash: a host does nothing when it is given what it has. An edit would change the code;
/// a section that nobody reads costs the host as much.
fn distinct(mut module: Vec<u8>, number: u32) -> Bytes {
    const CUSTOM_SECTION: u8 = 0;
    const NAME: &[u8; 5] = b"bench";
    let content = number.to_le_bytes();
    // Lengths below 128 are one byte each.
    let length = (1 + NAME.len() + content.len()) as u8;
    module.extend([CUSTOM_SECTION, length, NAME.len() as u8]);
    module.extend(NAME);
    module.extend(content);
    module.into()
}

/// Gives a file its time of modification back, so that nobody else has to build anew.
struct Edited {
    path: PathBuf,
    modified: SystemTime,
}

impl Edited {
    fn remember(path: PathBuf) -> Result<Self> {
        let modified = path.metadata().and_then(|data| data.modified());
        let modified = modified.with_context(|| format!("looking at {}", path.display()))?;
        Ok(Self { path, modified })
    }
}

impl Drop for Edited {
    fn drop(&mut self) {
        let restored = File::options()
            .append(true)
            .open(&self.path)
            .and_then(|file| file.set_modified(self.modified));
        if let Err(error) = restored {
            say(&format!("{} keeps its new time: {error}", self.path.display()));
        }
    }
}

fn findings(effort: Effort, sizes: &[Size], rounds: &[Round]) -> Findings {
    let mut table = format!("{:<24} {:>10} {:>10} {:>10}\n", "module", "bytes", "gzip", "of limit");
    for Size {
        package,
        bytes,
        gzip_bytes,
    } in sizes
    {
        let share = *bytes as f64 / LIMIT_BYTES as f64 * 100.0;
        table += &format!("{package:<24} {bytes:>10} {gzip_bytes:>10} {share:>9.0}%\n");
    }
    let of = |part: fn(&Round) -> f64| median(&rounds.iter().map(part).collect::<Vec<f64>>());
    let (build, publish) = (of(|round| round.build), of(|round| round.publish));
    let (first_call, total) = (of(|round| round.first_call), of(Round::total));
    table += &format!("\n{:<24} {:>10}\n", "from an edited reducer", "seconds");
    for (part, seconds) in [
        ("cargo build", build),
        ("publish", publish),
        ("first call", first_call),
        ("total", total),
    ] {
        table += &format!("{part:<24} {seconds:>10.2}\n");
    }
    let fits = sizes.iter().all(|size| size.bytes <= LIMIT_BYTES);
    let modules = sizes
        .iter()
        .map(|size| json!({ "module": size.package, "bytes": size.bytes, "gzip_bytes": size.gzip_bytes }));
    let json = json!({
        "bench": "build", "quick": effort == Effort::Quick, "rounds": rounds.len(),
        "modules": modules.collect::<Vec<_>>(), "limit_bytes": LIMIT_BYTES, "fits": fits,
        "build_seconds": rounded(build), "publish_seconds": rounded(publish),
        "first_call_seconds": rounded(first_call), "total_seconds": rounded(total),
        "aim_seconds": AIM_SECONDS, "reached": total <= AIM_SECONDS,
    });
    Findings { table, json }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_appended() {
        let module = distinct(b"\0asm\x01\0\0\0".to_vec(), 7);
        assert_eq!(&module[8..], b"\x00\x0a\x05bench\x07\0\0\0");
    }
}
