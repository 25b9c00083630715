//! `hexmarch players`: demo players until stopped.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use hexmarch_client::demo::{self, DemoOptions};
use tracing_subscriber::EnvFilter;

use crate::cli::Common;
use crate::data_dir::DataDir;
use crate::demo::STATUS_FILE;
use crate::output;

/// The SDK warns of every connection that a player leaves behind at a border.
const DEFAULT_LOG: &str = "info,spacetimedb_sdk=error";

const EXAMPLES: &str = "\
Examples:
  hexmarch players --count 20      Twenty more players in the world that 'hexmarch up' started

What each one does is written every second to status.json beside their tokens. Ctrl-C or SIGTERM signs all out.";

/// Demo players: they register, sign in, walk about and cross borders
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// How many
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    count: u32,
    /// Where the players' tokens are kept, so that the same players come back; by default players/extra in the data dir
    #[arg(long, value_name = "DIR")]
    token_dir: Option<PathBuf>,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    // A log is already there only if this library is part of something bigger.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    let _ = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .try_init();
    let data = DataDir::new(&common.data_dir)?;
    let world = data.require_world()?;
    let url = world.url()?.to_string();
    hexmarch_host::HostClient::new(world.url()?, None)?
        .ping()
        .await
        .map_err(|error| anyhow::anyhow!("{error}; start the world with 'hexmarch up'"))?;
    let tokens = arguments
        .token_dir
        .clone()
        .unwrap_or_else(|| data.path("players").join("extra"));
    std::fs::create_dir_all(&tokens).with_context(|| format!("cannot make {}", tokens.display()))?;
    output::note(&format!(
        "{} demo players at {url}; Ctrl-C signs them out",
        arguments.count
    ));
    demo::run(DemoOptions {
        url,
        global_database: world.branch()?.database(0),
        status_file: tokens.join(STATUS_FILE),
        token_dir: tokens,
        count: arguments.count,
    })
    .await
}
