//! The relay as a process: started, reloaded and stopped by signals.

use std::future::IntoFuture as _;
use std::time::Duration;

use anyhow::Context as _;
use sd_notify::NotifyState;
use tokio::signal::unix::{signal, Signal, SignalKind};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::config::Config;
use crate::engine::{Changes, Engine};
use crate::reload::{self, Read, Source, Watch};
use crate::status;

/// Between two messages to a supervisor that all is well. It must expect them less often.
const WATCHDOG_INTERVAL: Duration = Duration::from_secs(5);

/// Runs until SIGTERM or SIGINT. SIGHUP, or a change of the configuration's files, reloads it.
///
/// # Errors
/// When the system gives no signals, or not the address to serve the status on.
pub async fn run(source: Source, config: Config) -> anyhow::Result<()> {
    // Before anything starts, so that no signal is missed.
    let listen = |kind: SignalKind, name: &str| signal(kind).with_context(|| format!("cannot listen for {name}"));
    let mut terminate = listen(SignalKind::terminate(), "SIGTERM")?;
    let mut interrupt = listen(SignalKind::interrupt(), "SIGINT")?;
    let hangup = listen(SignalKind::hangup(), "SIGHUP")?;
    let listener = match config.listen {
        Some(address) => {
            let bound = tokio::net::TcpListener::bind(address).await;
            Some(bound.with_context(|| format!("cannot listen on {address}; choose another with --listen"))?)
        }
        None => None,
    };
    let mut engine = Engine::start(&config);
    tracing::info!(databases = config.databases.len(), hold = ?config.hold, window = config.window, "relay started");
    let server = listener.map(|listener| {
        match listener.local_addr() {
            Ok(address) => tracing::info!(%address, "serving status"),
            Err(_) => tracing::info!("serving status"),
        }
        tokio::spawn(axum::serve(listener, status::router(engine.board())).into_future())
    });
    notify(&[NotifyState::Ready]);
    let mut watch = Watch::new(config);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = attend(&source, &mut watch, &mut engine, hangup) => {}
    }
    stop(engine, watch.in_force().drain, server).await;
    Ok(())
}

/// Reloads and reassures, for ever.
async fn attend(source: &Source, watch: &mut Watch, engine: &mut Engine, mut hangup: Signal) {
    let later = |interval| {
        let start = Instant::now().checked_add(interval).unwrap_or_else(Instant::now);
        let mut ticks = tokio::time::interval_at(start, interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks
    };
    let (mut look, mut reassure) = (later(reload::INTERVAL), later(WATCHDOG_INTERVAL));
    let board = engine.board();
    loop {
        let asked = tokio::select! {
            _ = hangup.recv() => true,
            _ = look.tick() => false,
            _ = reassure.tick() => {
                // A supervisor that hears nothing starts us anew, which is what a task that hangs needs.
                if board.hung(std::time::Instant::now()).is_empty() {
                    notify(&[NotifyState::Watchdog]);
                }
                continue;
            }
        };
        let Some(read) = read(source).await else { continue };
        let before = (watch.in_force().listen, watch.in_force().log);
        let outcome = if asked {
            Some(watch.asked(read))
        } else {
            watch.looked(read)
        };
        if let Some(outcome) = outcome {
            board.reloaded(&outcome);
            if (watch.in_force().listen, watch.in_force().log) != before {
                tracing::warn!("another listen or log counts from the next start only");
            }
            reloaded(engine, outcome);
        }
    }
}

/// Off the tasks that carry messages, since a disk may hang.
async fn read(source: &Source) -> Option<Read> {
    let source = source.clone();
    // It fails only when the runtime is about to end.
    tokio::task::spawn_blocking(move || source.read()).await.ok()
}

fn reloaded(engine: &mut Engine, outcome: Read) {
    match outcome {
        Ok(config) => {
            let Changes {
                added,
                removed,
                reconnected,
            } = engine.apply(&config);
            let hash = &config.hash;
            tracing::info!(hash, ?added, ?removed, ?reconnected, hold = ?config.hold, window = config.window, "reloaded");
        }
        Err(errors) => {
            for problem in errors.0 {
                tracing::error!(problem, "the configuration is wrong; the one before stays in force");
            }
        }
    }
}

async fn stop(engine: Engine, deadline: Duration, server: Option<JoinHandle<std::io::Result<()>>>) {
    notify(&[NotifyState::Stopping]);
    tracing::info!(?deadline, "stopping: waiting for answers that are under way");
    let complete = engine.stop(deadline).await;
    if let Some(server) = server {
        server.abort();
    }
    if complete {
        tracing::info!("stopped");
    } else {
        tracing::warn!("stopped at the deadline; what was under way will be repeated, harmlessly, by the next relay");
    }
}

/// Tells systemd, if that is who started us.
fn notify(states: &[NotifyState]) {
    if let Err(error) = sd_notify::notify(false, states) {
        tracing::debug!(%error, "cannot tell the supervisor");
    }
}
