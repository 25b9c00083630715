//! Stopping a world without losing anything.

use std::time::Duration;

use anyhow::Context as _;

use crate::data_dir::{DataDir, Lock, State};
use crate::process::Record;
use crate::progress::Progress;

/// For signing out every demo player.
const PLAYERS_PATIENCE: Duration = Duration::from_secs(15);
/// For answers that are under way; the relay's own limit is 5 s.
const RELAY_PATIENCE: Duration = Duration::from_secs(10);
/// The host of version 1.3 writes commits to disk every 500 ms and does not listen for a signal to end.
const SETTLE: Duration = Duration::from_millis(1500);
/// The host ends at once, if at all.
const HOST_PATIENCE: Duration = Duration::from_secs(5);

/// Which processes to stop.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which {
    /// The demo players.
    pub players: bool,
    /// The relay.
    pub relay: bool,
    /// The host.
    pub host: bool,
}

impl Which {
    /// All of them.
    pub const ALL: Self = Self {
        players: true,
        relay: true,
        host: true,
    };
}

/// Stops processes of a world, each after those that need it, and writes down that they are gone. Returns what was
/// stopped.
///
/// # Errors
/// When one does not end even when killed, or the state cannot be written.
pub async fn stop(data: &DataDir, _lock: &Lock, which: Which, progress: Progress) -> anyhow::Result<Vec<&'static str>> {
    let mut state = data.state()?;
    let mut stopped = Vec::new();
    if which.players {
        let record = state.players.take().map(|players| players.process);
        stop_one(record, "players", PLAYERS_PATIENCE, progress, &mut stopped).await?;
        data.save_state(&state)?;
    }
    if which.relay {
        let record = state.relay.take().map(|relay| relay.process);
        stop_one(record, "relay", RELAY_PATIENCE, progress, &mut stopped).await?;
        data.save_state(&state)?;
    }
    if which.host {
        if state.host.as_ref().is_some_and(|host| host.alive().is_some()) {
            let step = progress.step("host", "waiting for its last commits to be on disk");
            tokio::time::sleep(SETTLE).await;
            drop(step);
        }
        stop_one(state.host.take(), "host", HOST_PATIENCE, progress, &mut stopped).await?;
        data.save_state(&state)?;
    }
    Ok(stopped)
}

async fn stop_one(
    record: Option<Record>,
    name: &'static str,
    patience: Duration,
    progress: Progress,
    stopped: &mut Vec<&'static str>,
) -> anyhow::Result<()> {
    let Some(record) = record.filter(|record| record.alive().is_some()) else {
        return Ok(());
    };
    let step = progress.step(name, "stopping");
    let by_itself = record
        .stop(patience)
        .await
        .with_context(|| format!("cannot stop the {name}"))?;
    stopped.push(name);
    step.done(if by_itself {
        "stopped"
    } else {
        "killed, since it did not stop when asked"
    });
    Ok(())
}

/// Names of the processes that live.
pub fn alive(state: &State) -> Vec<&'static str> {
    let lives = |record: Option<&Record>| record.is_some_and(|record| record.alive().is_some());
    let all = [
        ("host", lives(state.host.as_ref())),
        ("relay", lives(state.relay.as_ref().map(|relay| &relay.process))),
        ("players", lives(state.players.as_ref().map(|players| &players.process))),
    ];
    all.into_iter()
        .filter(|(_, lives)| *lives)
        .map(|(name, _)| name)
        .collect()
}
