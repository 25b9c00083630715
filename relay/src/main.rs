//! The relay's command line.

mod commands;

use std::future::Future;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hexmarch_relay::config::{Config, LogFormat, Overrides};
use hexmarch_relay::reload::Source;
use hexmarch_relay::service;
use tracing_subscriber::EnvFilter;

/// The exit code for a configuration that cannot be used, so that a supervisor does not try again for nothing.
const BAD_CONFIG: u8 = 2;

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 it failed, or a database cannot be served; 2 the configuration or the command line is wrong.

FROM, TO and DATABASE are indices of databases, 'global', or names as in the configuration.";

/// Carries messages between the databases of one Hexmarch world
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXIT_CODES)]
struct Arguments {
    /// The configuration file
    #[arg(long, env = "HEXMARCH_RELAY_CONFIG", default_value = "relay.toml", global = true)]
    config: PathBuf,
    #[command(flatten)]
    overrides: Overrides,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Carry messages until told to stop by SIGTERM or SIGINT; SIGHUP reloads the configuration, as a change of it does
    Run,
    /// Say everything that is wrong with the configuration
    CheckConfig {
        /// Also connect to every database and say what is wrong there; nothing is changed
        #[arg(long)]
        connect: bool,
    },
    /// Print the configuration in effect, without secrets
    PrintConfig,
    /// Ask the relay that runs with this configuration whether all its tasks move; for health checks of containers
    Health,
    /// Let no message go from one database to another until 'resume'; they wait, and nothing is lost
    Pause(commands::Pair),
    /// Let messages go again that 'pause' has stopped
    Resume(commands::Pair),
    /// Refuse what waits for a database that is gone for good; what the messages hold goes back to its owners
    GiveUp(commands::Pair),
    /// Look at messages that were refused for good and that nothing compensates, and decide about them
    #[command(subcommand)]
    DeadLetters(commands::DeadLetters),
}

fn main() -> ExitCode {
    let Arguments {
        config: path,
        overrides,
        command,
    } = Arguments::parse();
    let source = Source { path, overrides };
    let done = match (command, source.read()) {
        // A mistake that was just made in the file does not make a relay unwell that runs with what was there before.
        (Command::Health, _) => block_on(commands::health(source.listen())),
        (command, Ok(config)) => block_on(carry_out(command, source, config)),
        (_, Err(errors)) => {
            // Nothing else to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "{errors}");
            return ExitCode::from(BAD_CONFIG);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(work)
}

async fn carry_out(command: Command, source: Source, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Run => {
            start_log(config.log)?;
            service::run(source, config).await
        }
        Command::CheckConfig { connect } => commands::check(&source.path, &config, connect).await,
        Command::PrintConfig => commands::say(&config.print()),
        Command::Health => commands::health(source.listen()).await,
        Command::Pause(pair) => pair.set_paused(&config, true).await,
        Command::Resume(pair) => pair.set_paused(&config, false).await,
        Command::GiveUp(pair) => pair.give_up(&config).await,
        Command::DeadLetters(command) => command.run(&config).await,
    }
}

/// Levels are chosen with `RUST_LOG`, for example `RUST_LOG=hexmarch_relay=debug` for a line per message.
fn start_log(format: LogFormat) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter);
    let started = match format {
        LogFormat::Human => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("cannot start the log: {error}"))
}
