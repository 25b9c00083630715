//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{admin, content, down, players, publish, region, status, unpublish, up, world};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed; whatever the command began is undone
  2  the command line makes no sense
  3  partly done; the text says what stays";

const EXAMPLES: &str = "\
Examples:
  hexmarch up                     A world of two regions with four demo players, until Ctrl-C
  hexmarch up --detach --json     The same in the background; what runs where as JSON
  hexmarch status                 How it is
  hexmarch admin sql 1 'SELECT * FROM signed_in_player_state'
  hexmarch region add             One more region, while everybody plays on
  hexmarch down                   Stop it; 'up' again resumes the same world";

/// Runs, publishes and administers Hexmarch worlds
#[derive(Debug, Parser)]
#[command(name = "hexmarch", version, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Where the world is kept: the host's files, keys, the operator's token, logs
    #[arg(
        long,
        global = true,
        env = "HEXMARCH_DATA_DIR",
        default_value = ".hexmarch",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
    /// The source tree with config/, static_data/ and the modules; by default found from the current directory
    #[arg(long, global = true, env = "HEXMARCH_CHECKOUT", value_name = "DIR")]
    pub checkout: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a world: host, databases, content, relay, demo players
    Up(up::Arguments),
    /// Stop what 'up' started, losing nothing
    Down(down::Arguments),
    /// Say what runs and how it is
    Status(status::Arguments),
    /// Add regions to a running world, or list them
    #[command(subcommand)]
    Region(region::Arguments),
    /// Publish the databases of a branch
    Publish(publish::Arguments),
    /// Delete the databases of a branch
    Unpublish(unpublish::Arguments),
    /// Check, push or compare content
    #[command(subcommand)]
    Content(content::Arguments),
    /// Administer a running world
    Admin(admin::Arguments),
    /// Make worlds from a seed, and draw worlds
    #[command(subcommand)]
    World(world::Arguments),
    /// Play demo players until stopped
    Players(players::Arguments),
}
