//! How large the modules are that operators publish, and how long it takes from an edited reducer to the module that
//! runs, built as `--dev` builds.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{ensure, Context, Result};
use bytes::Bytes;
use flate2::write::GzEncoder;
use flate2::Compression;
use serde_json::json;

use super::measure::{median, rounded};
use super::{cargo, in_a_world, say, Effort, Findings};
use crate::programs;
use crate::world::World;

/// The module that is edited.
const MODULE: &str = "hexmarch-game";
/// The reducers that are edited, below the checkout.
const EDITED: &str = "packages/game/src/movement/reducers.rs";
/// How the body of a reducer begins.
const BODY: &str = "-> Result<(), Failure> {\n";
/// Largest module, in bytes.
const LIMIT_BYTES: usize = 3_407_872;
/// From an edit to a running module, in seconds.
const AIM_SECONDS: f64 = 15.0;

/// A module's size.
struct Size {
    package: &'static str,
    profile: &'static str,
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
        .map(|(package, path)| size(package, cargo::RELEASE, path));
    let mut sizes = sizes.collect::<Result<Vec<Size>>>()?;
    // Everything that an edit does not touch is built before the first round.
    sizes.push(size(MODULE, cargo::DEV, &cargo::wasm(MODULE, cargo::DEV)?)?);
    let count = effort.choose(1, 5);
    let rounds = in_a_world(async |world| {
        let edited = Edited::begin(programs::checkout().join(EDITED))?;
        let mut rounds = Vec::new();
        for number in 1..=count {
            say(&format!("round {number} of {count}"));
            edited.edit(number)?;
            rounds.push(round(world).await?);
        }
        Ok(rounds)
    })
    .await?;
    Ok(findings(effort, &sizes, &rounds))
}

fn size(package: &'static str, profile: &'static str, path: &Path) -> Result<Size> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(Size {
        package,
        profile,
        bytes: bytes.len(),
        gzip_bytes: encoder.finish()?.len(),
    })
}

async fn round(world: &World) -> Result<Round> {
    let started = Instant::now();
    let wasm = cargo::wasm(MODULE, cargo::DEV)?;
    let build = started.elapsed().as_secs_f64();

    let module = Bytes::from(std::fs::read(wasm)?);
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

/// A source file that is edited, and gets its text back. Its time of modification stays that of the last change: with an
/// older one cargo would take what it built from the edited text for what is there.
struct Edited {
    path: PathBuf,
    text: String,
}

impl Edited {
    fn begin(path: PathBuf) -> Result<Self> {
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        ensure!(text.contains(BODY), "{} has no reducer to edit", path.display());
        Ok(Self { path, text })
    }

    /// Gives the first reducer a line that changes its code.
    fn edit(&self, number: u32) -> Result<()> {
        let line = format!("{BODY}    spacetimedb::log::trace!(\"edit {number}\");\n");
        std::fs::write(&self.path, self.text.replacen(BODY, &line, 1))
            .with_context(|| format!("editing {}", self.path.display()))
    }
}

impl Drop for Edited {
    fn drop(&mut self) {
        if let Err(error) = std::fs::write(&self.path, &self.text) {
            say(&format!(
                "{} keeps a line of this measurement: {error}; remove it with git checkout",
                self.path.display()
            ));
        }
    }
}

fn findings(effort: Effort, sizes: &[Size], rounds: &[Round]) -> Findings {
    let mut table = format!(
        "{:<24} {:<10} {:>10} {:>10} {:>10}\n",
        "module", "profile", "bytes", "gzip", "of limit"
    );
    for size in sizes {
        let share = size.bytes as f64 / LIMIT_BYTES as f64 * 100.0;
        let (package, profile) = (size.package, size.profile);
        table += &format!(
            "{package:<24} {profile:<10} {:>10} {:>10} {share:>9.0}%\n",
            size.bytes, size.gzip_bytes
        );
    }
    let of = |part: fn(&Round) -> f64| median(&rounds.iter().map(part).collect::<Vec<f64>>());
    let (build, publish) = (of(|round| round.build), of(|round| round.publish));
    let (first_call, total) = (of(|round| round.first_call), of(Round::total));
    let title = format!("edit loop, {}", cargo::DEV);
    table += &format!("\n{title:<24} {:>10}\n", "seconds");
    for (part, seconds) in [
        ("cargo build", build),
        ("publish", publish),
        ("first call", first_call),
        ("total", total),
    ] {
        table += &format!("{part:<24} {seconds:>10.2}\n");
    }
    // Only these are for players.
    let published = sizes.iter().filter(|size| size.profile == cargo::RELEASE);
    let fits = published.clone().all(|size| size.bytes <= LIMIT_BYTES);
    let modules = sizes.iter().map(|size| {
        json!({
            "module": size.package, "profile": size.profile, "bytes": size.bytes, "gzip_bytes": size.gzip_bytes,
        })
    });
    let json = json!({
        "bench": "build", "quick": effort == Effort::Quick, "rounds": rounds.len(),
        "edit_loop_profile": cargo::DEV,
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
    fn an_edit_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reducers.rs");
        let text = format!("fn a() {BODY}}}\nfn b() {BODY}}}\n");
        std::fs::write(&path, &text).unwrap();
        let edited = Edited::begin(path.clone()).unwrap();
        edited.edit(1).unwrap();
        edited.edit(2).unwrap();
        let now = std::fs::read_to_string(&path).unwrap();
        assert_eq!(now.matches("edit ").count(), 1, "{now}");
        assert!(now.contains("edit 2"), "{now}");
        drop(edited);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
