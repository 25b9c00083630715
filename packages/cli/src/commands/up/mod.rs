//! `hexmarch up`.

mod push;
mod report;
mod settle;
mod steps;
mod watch;

use std::path::PathBuf;

use clap::Args;
use tokio::signal::unix::{signal, Signal, SignalKind};

use crate::checkout::Checkout;
use crate::cli::Common;
use crate::data_dir::{Chunks, DataDir, Lock, World};
use crate::modules::Modules;
use crate::output;
use crate::progress::Progress;
use crate::stop::{self, stop, Which};
use steps::Run;

/// Players, if the operator says nothing.
const DEFAULT_PLAYERS: u32 = 4;

const EXAMPLES: &str = "\
Examples:
  hexmarch up                              Two regions, four demo players, until Ctrl-C
  hexmarch up --detach --json              In the background; what runs where as one JSON object
  hexmarch up --regions 4 --players 20 --port 4000 --data-dir /tmp/four
  hexmarch up --seed 7 --chunks 30x30      Another and smaller land
  hexmarch up --fresh                      Throw the old world away and begin anew

Run again it resumes the same world; with everything running it says so and does nothing; what died is started again.
Content and settings that an admin changed stay until the checkout's change, or with --push-content.
Environment, land and size of regions belong to the world and cannot change; port and players can.
'hexmarch region add' adds regions.";

/// Start a world: host, databases, content, relay, demo players
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Port of 127.0.0.1 on which the host listens [default: the world's, else 3000]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Number of region databases [default: the world's, else 2]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    regions: Option<u8>,
    /// Demo players who walk about and cross the border; 0 for none [default: 4]
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=1000))]
    players: Option<u32>,
    /// Environment: names the databases and chooses config/<ENV>.json [default: the world's, else local]
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(hexmarch_rules::config::ENVIRONMENTS))]
    env: Option<String>,
    /// Stop the old world, throw it away and begin anew
    #[arg(long)]
    fresh: bool,
    /// Return once everything runs, instead of staying in front
    #[arg(long)]
    detach: bool,
    /// Print what runs where as one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// The host's executable, spacetimedb-standalone or spacetime; without it scripts/install-host finds or builds one
    #[arg(long, env = "SPACETIMEDB_BIN", value_name = "PATH")]
    host_bin: Option<PathBuf>,
    /// The relay's executable; without it the one beside this tool
    #[arg(long, env = "HEXMARCH_RELAY", value_name = "PATH")]
    relay_bin: Option<PathBuf>,
    /// Take hexmarch_game.wasm and hexmarch_global_module.wasm from here instead of building them
    #[arg(long, env = "HEXMARCH_WASM_DIR", value_name = "DIR")]
    wasm_dir: Option<PathBuf>,
    /// Build the modules in seconds instead of small and fast, while you edit them
    #[arg(long, conflicts_with = "wasm_dir")]
    dev: bool,
    /// Push the content and settings of the checkout, also over what an admin changed since they were last pushed
    #[arg(long)]
    push_content: bool,
    /// Chunk columns and rows of each region [default: the world's, else 60x60, or 4x4 with --flat]
    #[arg(long, value_name = "WxH", value_parser = Chunks::parse)]
    chunks: Option<Chunks>,
    /// What the land follows from: the same seed and content, the same land [default: the world's, else 1]
    #[arg(long, conflicts_with = "flat")]
    seed: Option<u64>,
    /// Level ground instead of land from a seed: made at once, for tests and experiments
    #[arg(long)]
    flat: bool,
}

/// The signals that end a run.
#[derive(Debug)]
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Returns the name of the signal that came.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "Ctrl-C",
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.hangup.recv() => "SIGHUP",
        }
    }
}

pub(crate) async fn run(common: &Common, arguments: Arguments) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    let progress = Progress::default();
    let data = DataDir::new(&common.data_dir)?;
    let lock = data.lock()?;
    if arguments.fresh {
        match data.state() {
            Ok(_) => stop(&data, &lock, Which::ALL, progress).await.map(drop)?,
            // Whatever still runs holds its port, and the step that needs the port will say so.
            Err(error) => output::note(&format!("nothing could be stopped: {error:#}")),
        }
        data.clear(&lock)?;
    }
    let world = settle::world(&data, &arguments)?;
    if !arguments.push_content && is_all_well(&data, &world, &arguments).await? {
        output::note(&format!("already running in {}", data.root().display()));
    } else {
        let checkout = Checkout::find(common.checkout.as_deref())?;
        let run = Run::new(&data, &lock, &arguments, checkout, world, progress)?;
        bring_up(run, &data, &lock, &mut signals).await?;
    }
    report::print(&data, arguments.json).await?;
    drop(lock);
    if arguments.detach {
        return Ok(());
    }
    watch::watch(&data, progress, &mut signals).await
}

/// Whether everything that was asked for runs already.
async fn is_all_well(data: &DataDir, world: &World, arguments: &Arguments) -> anyhow::Result<bool> {
    let state = data.state()?;
    let settled = world.complete && world.growing_to.is_none() && Modules::are_kept(data);
    if !settled || stop::alive(&state).is_empty() {
        return Ok(false);
    }
    let client = data.client()?;
    let count = state.players.as_ref().map(|players| players.count);
    let players_well = match arguments.players {
        Some(0) => count.is_none(),
        Some(wanted) => count == Some(wanted) && crate::demo::is_well(state.players.as_ref()),
        None => count.is_none() || crate::demo::is_well(state.players.as_ref()),
    };
    Ok(players_well
        && crate::host::is_well(state.host.as_ref(), &client).await
        && crate::relay::is_well(state.relay.as_ref()).await)
}

/// Goes through all steps. When one fails, or a signal comes, what this run started is stopped again.
async fn bring_up(mut run: Run<'_>, data: &DataDir, lock: &Lock, signals: &mut Signals) -> anyhow::Result<()> {
    let result = tokio::select! {
        result = run.all() => result,
        name = signals.next() => Err(anyhow::anyhow!("stopped by {name}")),
    };
    let Err(error) = result else { return Ok(()) };
    let (at, started) = (run.at(), run.started());
    if let Err(second) = stop(data, lock, started, Progress::default()).await {
        output::note(&format!("error: {second:#}"));
    }
    Err(error.context(format!("step '{at}' failed")))
}
