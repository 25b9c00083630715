//! Staying in front of a running world.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use super::Signals;
use crate::data_dir::{DataDir, Lock, State};
use crate::demo;
use crate::output::note;
use crate::progress::Progress;
use crate::stop::{alive, stop, Which};
use crate::wait;

/// Time between two looks at the processes.
const LOOK: Duration = Duration::from_secs(1);
/// Time between two status lines.
const TELL: Duration = Duration::from_secs(15);
/// How long another command may hold the data dir before the stop gives up.
const LOCK_LIMIT: Duration = Duration::from_secs(60);

/// Watches until a signal comes, the world is stopped from elsewhere, or the host dies.
pub(super) async fn watch(data: &DataDir, progress: Progress, signals: &mut Signals) -> anyhow::Result<()> {
    note("Ctrl-C stops the world; 'hexmarch up' resumes it");
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut told, mut missing) = (Instant::now(), Vec::new());
    loop {
        tokio::select! {
            name = signals.next() => {
                note(&format!("{name}: stopping"));
                return stop_all(data, progress).await;
            }
            _ = ticks.tick() => {}
        }
        let state = data.state()?;
        let Some(host) = &state.host else {
            note("the world was stopped by another command");
            return Ok(());
        };
        if host.alive().is_none() {
            // A command that is about to write down that it stopped the host, or is replacing it, holds the lock.
            let Ok(lock) = data.lock() else { continue };
            if data.state()? != state {
                continue;
            }
            let words = host.last_words(&data.log("host"));
            return host_died(data, &lock, &words, progress).await;
        }
        tell_of_deaths(data, &state, &mut missing);
        if told.elapsed() >= TELL {
            told = Instant::now();
            note(&status_line(data, &state));
        }
    }
}

async fn stop_all(data: &DataDir, progress: Progress) -> anyhow::Result<()> {
    let lock = wait::until("another command still works on the data dir", LOCK_LIMIT, || async {
        Ok(data.lock().ok())
    });
    let stopped = stop(data, &lock.await?, Which::ALL, progress).await?;
    note(&format!("stopped {}", stopped.join(", ")));
    Ok(())
}

async fn host_died(data: &DataDir, lock: &Lock, words: &str, progress: Progress) -> anyhow::Result<()> {
    stop(data, lock, Which::ALL, progress).await?;
    anyhow::bail!("the host died; the rest is stopped, and 'hexmarch up' resumes; {words}")
}

/// Says once of each process that it died.
fn tell_of_deaths(data: &DataDir, state: &State, missing: &mut Vec<&'static str>) {
    let expected = [
        ("relay", state.relay.as_ref().map(|relay| &relay.process)),
        ("players", state.players.as_ref().map(|players| &players.process)),
    ];
    for (name, record) in expected {
        let Some(record) = record else { continue };
        if record.alive().is_some() {
            missing.retain(|known| *known != name);
        } else if !missing.contains(&name) {
            missing.push(name);
            let words = record.last_words(&data.log(name));
            note(&format!(
                "the {name} died; 'hexmarch up --detach' in another terminal starts it again; {words}"
            ));
        }
    }
}

fn status_line(data: &DataDir, state: &State) -> String {
    let running = alive(state).join(", ");
    match (demo::status(&demo::status_file(data)), &state.players) {
        (Some(status), Some(players)) => format!(
            "running: {running}; {} of {} demo players in the world, {} changes of region",
            status.in_world(),
            players.count,
            status.region_changes()
        ),
        _ => format!("running: {running}"),
    }
}
