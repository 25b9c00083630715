//! What a push of content costs beside reducers that insert the same rows and do nothing else: staging, by rows a second,
//! and the commit of everything, by time. And how long the check of all files takes. With the game's content, and with it
//! many times over.

mod bare;
mod given;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use bytes::Bytes;
use hexmarch_cli::content::push::{Removed, Session};
use hexmarch_cli::content::Content;
use serde_json::{json, Value};

use super::measure::{median, rounded};
use super::{cargo, in_a_world, say, Effort, Findings};
use crate::programs;
use crate::world::World;
use bare::Bare;
use given::Given;

/// A region's database into which is pushed, and that of the plain module.
const PUSHED: &str = "hexmarch-bench-pushed";
const BARE: &str = "hexmarch-bench-bare";
/// The index whose tables are pushed: a region's.
const REGION: u8 = 1;
/// How often the content is there in the second measurement.
const TIMES: u32 = 20;
/// Share of the bare inserts' rate that staging must reach.
const RATE_TARGET: f64 = 0.7;
/// How many times as long as one bare reducer that inserts all rows the commit of all may take.
const COMMIT_TARGET: f64 = 2.0;
/// For the check of all files, in seconds.
const CHECK_TARGET: f64 = 2.0;
/// For the host to come to rest between two measurements.
const PAUSE: Duration = Duration::from_millis(300);

/// What was measured with content of one size, a round each.
#[derive(Default)]
struct Measured {
    times: u32,
    rows: usize,
    bytes: usize,
    /// Rows a second: staged, and inserted by calls of the same size.
    staged: Vec<f64>,
    inserted: Vec<f64>,
    /// Seconds: the commit into empty tables, all rows inserted by one call, and the commit of content in which every description
    /// is another.
    first_commit: Vec<f64>,
    one_insert: Vec<f64>,
    editing_commit: Vec<f64>,
    /// Seconds of the tool, from its start to its end.
    check: Vec<f64>,
}

/// Measures in rounds, each with databases that are new.
///
/// # Errors
/// What cannot be built or started; a call that did not commit; content with mistakes.
pub async fn content(effort: Effort) -> Result<Findings> {
    let modules = cargo::everything()?;
    let region = std::fs::read(modules.first().context("no module of regions")?)?;
    let bare = std::fs::read(cargo::wasm("hexmarch-bench-module", cargo::RELEASE)?)?;
    let (region, bare) = (Bytes::from(region), Bytes::from(bare));
    let sizes = in_a_world(async |world| {
        let mut sizes = Vec::new();
        for times in [1, TIMES] {
            sizes.push(measure(world, (&region, &bare), effort, times).await?);
        }
        Ok(sizes)
    })
    .await?;
    Ok(findings(effort, &sizes))
}

async fn measure(world: &World, modules: (&Bytes, &Bytes), effort: Effort, times: u32) -> Result<Measured> {
    let given = Given::new(times)?;
    let rows = given.content.of(REGION).map(|table| table.rows.len()).sum();
    let bytes = given.content.of(REGION).flat_map(|table| &table.rows);
    let mut measured = Measured {
        times,
        rows,
        bytes: bytes.map(|row| row.bsatn.len()).sum(),
        ..Measured::default()
    };
    let rounds = effort.choose(2, 7);
    for number in 1..=rounds {
        say(&format!("{times} times the content: round {number} of {rounds}"));
        measured.check.push(check(&given.folder)?);
        world.operator.publish(PUSHED, modules.0.clone(), true).await?;
        world.operator.publish(BARE, modules.1.clone(), true).await?;
        // Who comes second finds the host busier with what the first left behind: so they take turns.
        if number % 2 == 0 {
            push(world, &given, &mut measured).await?;
            insert(world, &given.content, &mut measured).await?;
        } else {
            insert(world, &given.content, &mut measured).await?;
            push(world, &given, &mut measured).await?;
        }
    }
    Ok(measured)
}

async fn push(world: &World, given: &Given, measured: &mut Measured) -> Result<()> {
    tokio::time::sleep(PAUSE).await;
    let session = Session::begin(&world.operator, PUSHED, given.content.hash_of(REGION)).await?;
    let started = Instant::now();
    let staged = session.stage(REGION, &given.content, &|_, _| ()).await?;
    let seconds = started.elapsed().as_secs_f64();
    ensure!(staged.sent == measured.rows, "{staged:?} of {} rows", measured.rows);
    measured.staged.push(measured.rows as f64 / seconds);
    tokio::time::sleep(PAUSE).await;
    let started = Instant::now();
    session.commit(Removed::Refuse).await?;
    measured.first_commit.push(started.elapsed().as_secs_f64());
    session.end().await;

    let session = Session::begin(&world.operator, PUSHED, given.edited.hash_of(REGION)).await?;
    session.stage(REGION, &given.edited, &|_, _| ()).await?;
    tokio::time::sleep(PAUSE).await;
    let started = Instant::now();
    session.commit(Removed::Refuse).await?;
    measured.editing_commit.push(started.elapsed().as_secs_f64());
    session.end().await;
    Ok(())
}

async fn insert(world: &World, content: &Content, measured: &mut Measured) -> Result<()> {
    let bare = Bare::connect(world, BARE).await?;
    tokio::time::sleep(PAUSE).await;
    let seconds = bare.insert_in_batches(REGION, content).await?.as_secs_f64();
    measured.inserted.push(measured.rows as f64 / seconds);
    bare.delete_everything().await?;
    tokio::time::sleep(PAUSE).await;
    let seconds = bare.insert_everything(REGION, content).await?.as_secs_f64();
    measured.one_insert.push(seconds);
    Ok(())
}

/// Runs the tool's check on a folder and returns how long it took.
fn check(folder: &Path) -> Result<f64> {
    let mut command = Command::new(programs::cli()?);
    command.args(["content", "check"]).arg(folder).stdout(Stdio::null());
    let started = Instant::now();
    let output = command.output().context("running the check")?;
    let seconds = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the content has mistakes: {said}");
    Ok(seconds)
}

fn ratios(of: &[f64], to: &[f64]) -> Vec<f64> {
    of.iter().zip(to).map(|(of, to)| of / to).collect()
}

fn findings(effort: Effort, sizes: &[Measured]) -> Findings {
    let mut table = format!(
        "{:<34} {}\n",
        "content of a region",
        sizes
            .iter()
            .map(|size| format!("{:>16}", format!("{} times", size.times)))
            .collect::<String>()
    );
    let mut line = |name: &str, of: &dyn Fn(&Measured) -> f64, places: usize| {
        let cells: String = sizes
            .iter()
            .map(|size| format!("{:>16}", format!("{:.places$}", of(size))))
            .collect();
        table += &format!("{name:<34} {cells}\n");
    };
    line("rows", &|size| size.rows as f64, 0);
    line("KiB as databases hold it", &|size| size.bytes as f64 / 1024.0, 0);
    line("rows/s staged by a push", &|size| median(&size.staged), 0);
    line("rows/s of bare inserts", &|size| median(&size.inserted), 0);
    line("share", &|size| median(&ratios(&size.staged, &size.inserted)), 2);
    line("ms of the first commit", &|size| median(&size.first_commit) * 1e3, 1);
    line(
        "ms of a commit of new descriptions",
        &|size| median(&size.editing_commit) * 1e3,
        1,
    );
    line(
        "ms of one bare insert of all",
        &|size| median(&size.one_insert) * 1e3,
        1,
    );
    line(
        "first commit, times that",
        &|size| median(&ratios(&size.first_commit, &size.one_insert)),
        2,
    );
    line("s of the check of all files", &|size| median(&size.check), 2);
    let sizes: Vec<Value> = sizes.iter().map(Measured::json).collect();
    let is_reached = |size: &Value| size.get("reached") == Some(&json!(true));
    let reached = sizes.iter().all(is_reached);
    table += if reached { "reached\n" } else { "missed\n" };
    let json = json!({
        "bench": "content", "quick": effort == Effort::Quick, "sizes": sizes,
        "rate_target": RATE_TARGET, "commit_target": COMMIT_TARGET, "check_target_seconds": CHECK_TARGET,
        "reached": reached,
    });
    Findings { table, json }
}

impl Measured {
    fn json(&self) -> Value {
        let rates = ratios(&self.staged, &self.inserted);
        let commits = ratios(&self.first_commit, &self.one_insert);
        let editing = ratios(&self.editing_commit, &self.one_insert);
        let ends = |ratios: &[f64], pick: fn(f64, f64) -> f64| ratios.iter().copied().reduce(pick).unwrap_or(f64::NAN);
        let (rate, commit, check) = (median(&rates), median(&commits), median(&self.check));
        json!({
            "times": self.times, "rounds": self.staged.len(), "rows": self.rows, "bytes": self.bytes,
            "staged_rows_per_second": median(&self.staged).round(),
            "bare_rows_per_second": median(&self.inserted).round(),
            "rate": rounded(rate), "rate_min": rounded(ends(&rates, f64::min)), "rate_max": rounded(ends(&rates, f64::max)),
            "first_commit_ms": rounded(median(&self.first_commit) * 1e3),
            "editing_commit_ms": rounded(median(&self.editing_commit) * 1e3),
            "bare_insert_ms": rounded(median(&self.one_insert) * 1e3),
            "commit": rounded(commit), "commit_min": rounded(ends(&commits, f64::min)),
            "commit_max": rounded(ends(&commits, f64::max)), "editing_commit": rounded(median(&editing)),
            "check_seconds": rounded(check),
            "reached": rate >= RATE_TARGET && commit <= COMMIT_TARGET && check <= CHECK_TARGET,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(rate: f64, commit: f64, check: f64) -> Measured {
        Measured {
            times: 1,
            staged: vec![rate, rate * 2.0],
            inserted: vec![100.0, 200.0],
            first_commit: vec![commit, commit * 2.0],
            one_insert: vec![1.0, 2.0],
            editing_commit: vec![1.0],
            check: vec![check],
            ..Measured::default()
        }
    }

    #[test]
    fn is_reached_when_every_size_reaches_everything() {
        let reached = |sizes: &[Measured]| findings(Effort::Full, sizes).json.get("reached").cloned();
        let good = || measured(70.0, 2.0, 2.0);
        assert_eq!(reached(&[good(), good()]), Some(json!(true)));
        for bad in [
            measured(69.0, 2.0, 2.0),
            measured(70.0, 2.1, 2.0),
            measured(70.0, 2.0, 2.1),
        ] {
            assert_eq!(reached(&[good(), bad]), Some(json!(false)));
        }
    }
}
