//! The relay's command line.

use std::future::IntoFuture as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use hexmarch_relay::config::{Config, LogFormat, Overrides};
use hexmarch_relay::engine::Engine;
use hexmarch_relay::status;
use tokio::signal::unix::{signal, SignalKind};
use tracing_subscriber::EnvFilter;

/// The exit code for a configuration that cannot be used, so that a supervisor does not try again for nothing.
const BAD_CONFIG: u8 = 2;

/// Carries messages between the databases of one Hexmarch world
#[derive(Debug, Parser)]
#[command(version, about)]
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
    /// Carry messages until told to stop by SIGTERM or SIGINT
    Run,
    /// Say everything that is wrong with the configuration
    CheckConfig,
    /// Print the configuration in effect, without secrets
    PrintConfig,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::load(&arguments.config, &arguments.overrides) {
        Ok(config) => config,
        Err(errors) => {
            // Nothing else to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "{errors}");
            return ExitCode::from(BAD_CONFIG);
        }
    };
    let done = match arguments.command {
        Command::Run => start_log(config.log).and_then(|()| run(&config)),
        Command::CheckConfig => say(&format!(
            "{}: fine, {} databases\n",
            arguments.config.display(),
            config.databases.len()
        )),
        Command::PrintConfig => say(&config.print()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("cannot write to standard output")
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

#[tokio::main]
async fn run(config: &Config) -> anyhow::Result<()> {
    // Before anything starts, so that no signal is missed.
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let listener = match config.listen {
        Some(address) => {
            let bound = tokio::net::TcpListener::bind(address).await;
            Some(bound.with_context(|| format!("cannot listen on {address}; choose another with --listen"))?)
        }
        None => None,
    };
    let engine = Engine::start(config);
    tracing::info!(databases = config.databases.len(), hold = ?config.hold, window = config.window, "relay started");
    let server = listener.map(|listener| {
        tracing::info!(address = ?listener.local_addr().ok(), "serving status");
        tokio::spawn(axum::serve(listener, status::router(engine.board())).into_future())
    });
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!(deadline = ?config.drain, "stopping: waiting for answers that are under way");
    let complete = engine.stop(config.drain).await;
    if let Some(server) = server {
        server.abort();
    }
    if complete {
        tracing::info!("stopped");
    } else {
        tracing::warn!("stopped at the deadline; what was under way will be repeated, harmlessly, by the next relay");
    }
    Ok(())
}
