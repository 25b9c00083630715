//! Disturbs worlds for as long as it is told to.

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{bail, Result};
use clap::{Parser, ValueEnum};
use hexmarch_e2e::faults::soak::{soak, Order};
use hexmarch_e2e::faults::Control;
use tokio::signal::unix::{signal, SignalKind};

/// Kills, freezes and publishes to hosts and relays while messages are under way, then checks that each took effect
/// exactly once; the last line is one JSON object. Ends with status 1 when something was found, and when a control found
/// nothing
#[derive(Parser)]
#[command(name = "soak")]
struct Arguments {
    /// How long, in minutes; the two controls, about a minute, come on top
    #[arg(long, default_value_t = 5)]
    minutes: u64,
    /// Repeats a plan of writes and faults [default: from the clock]
    #[arg(long)]
    seed: Option<u64>,
    /// Take this promise away instead, once; finding something, and status 1, is then what should happen
    #[arg(long)]
    control: Option<Name>,
    /// Keep data and logs also when nothing was found
    #[arg(long)]
    keep: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// Every delivery takes effect, also one that did before
    Dedup,
    /// Messages are delivered before they are on disk
    Hold,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let order = Order {
        length: Duration::from_secs(arguments.minutes * 60),
        // Short enough to be typed again.
        seed: arguments.seed.unwrap_or(now.as_secs() % 1_000_000),
        control: arguments.control.map(|name| match name {
            Name::Dedup => Control::Deduplication,
            Name::Hold => Control::Hold,
        }),
        keep: arguments.keep,
    };
    let mut terminated = signal(SignalKind::terminate())?;
    // What it started ends with it.
    tokio::select! {
        clean = soak(&order) => Ok(if clean? { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        _ = terminated.recv() => bail!("terminated"),
    }
}
