//! `hexmarch`, the operator's and admin's tool, as a library: `main` only hands it the command line.
//!
//! What this crate promises:
//! - every step looks before it acts, so that a command that was cut off anywhere can simply be run again;
//! - every wait has a limit, and every error is a sentence that names the thing and the remedy;
//! - no process is ever signalled that this tool did not start;
//! - answers go to standard output, everything else to standard error.

pub mod checkout;
mod cli;
mod commands;
pub mod content;
pub mod data_dir;
pub mod demo;
pub mod deploy;
pub mod grow;
pub mod host;
pub mod modules;
pub mod names;
pub mod outcome;
pub mod output;
pub mod process;
pub mod progress;
pub mod relay;
pub mod replicas;
pub mod sql;
pub mod stop;
pub mod target;
pub mod tool;
pub mod wait;
pub mod world;

pub use cli::Cli;

use anyhow::Context as _;
use cli::Command;

/// Runs a command line and returns its exit code. An error is written to standard error.
pub fn run(cli: Cli) -> u8 {
    match start(cli) {
        Ok(()) => outcome::OK,
        Err(error) => {
            output::note(&format!("error: {error:#}"));
            outcome::code_of(&error)
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(dispatch(cli));
    // What still runs in the background is of no interest to anybody.
    runtime.shutdown_background();
    result
}

async fn dispatch(cli: Cli) -> anyhow::Result<()> {
    let Cli { common, command } = cli;
    match command {
        Command::Up(arguments) => commands::up::run(&common, arguments).await,
        Command::Down(arguments) => commands::down::run(&common, &arguments).await,
        Command::Status(arguments) => commands::status::run(&common, &arguments).await,
        Command::Region(arguments) => commands::region::run(&common, &arguments).await,
        Command::Publish(arguments) => commands::publish::run(&common, &arguments).await,
        Command::Unpublish(arguments) => commands::unpublish::run(&common, &arguments).await,
        Command::Content(arguments) => commands::content::run(&common, &arguments).await,
        Command::Admin(arguments) => commands::admin::run(&common, &arguments).await,
        Command::World(arguments) => commands::world::run(&common, arguments).await,
        Command::Players(arguments) => commands::players::run(&common, &arguments).await,
    }
}
