//! The simulation of faults for as long as a test may take, and its controls. A binary of its own, since each round is a
//! world of its own. `scripts/soak` runs it for longer; `HEXMARCH_FAULTS_SEED` repeats a run's plan.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::faults::{round, soak, Control, KILLS};
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;

/// Of faults.
const LENGTH: Duration = Duration::from_secs(35);

fn main() -> Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let seed = seed()?;
    let trial = |name: &str, run: fn(u64) -> Result<()>| {
        let run = move || run(seed).map_err(|error| Failed::from(format!("seed {seed}: {error:?}")));
        Trial::test(format!("faults::{name}"), run)
    };
    let trials = vec![
        trial("nothing_is_lost_or_doubled", nothing_is_lost_or_doubled),
        trial("without_deduplication_harm_is_seen", |seed| {
            harm_is_seen(seed, Control::Deduplication)
        }),
        trial("without_the_hold_harm_is_seen", |seed| {
            harm_is_seen(seed, Control::Hold)
        }),
    ];
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

/// Another plan each time, unless one is asked for.
fn seed() -> Result<u64> {
    match std::env::var("HEXMARCH_FAULTS_SEED") {
        Ok(text) => text.parse().context("HEXMARCH_FAULTS_SEED is no number"),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() % 1_000_000),
    }
}

fn nothing_is_lost_or_doubled(seed: u64) -> Result<()> {
    let folder = soak::folder("test", seed);
    let outcome = Runtime::new()?.block_on(round(&folder, seed, LENGTH, None))?;
    println!("{}", outcome.counts);
    ensure!(
        outcome.findings.is_empty(),
        "{} findings, the first: {}; data and logs are in {}; again: scripts/soak --seed {seed} --minutes 0",
        outcome.findings.len(),
        outcome.findings[0],
        folder.display()
    );
    ensure!(outcome.kills >= KILLS, "{} kills of at least {KILLS}", outcome.kills);
    ensure!(outcome.messages >= 1000, "{} messages", outcome.messages);
    Ok(std::fs::remove_dir_all(&folder)?)
}

fn harm_is_seen(seed: u64, control: Control) -> Result<()> {
    let (found, outcome) = Runtime::new()?.block_on(soak::control(control, seed))?;
    ensure!(
        found,
        "without {control:?} nothing was found, with {} kills and {} messages: the simulation is blind",
        outcome.kills,
        outcome.messages
    );
    Ok(())
}
