//! The process that plays the demo players.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{bail, Context as _};
use serde::Deserialize;

use crate::data_dir::{DataDir, PlayersState};
use crate::process::Record;
use crate::progress::Step;
use crate::wait;

/// For registering, signing in and taking a first step, all players at once.
const ENTER_LIMIT: Duration = Duration::from_secs(60);
/// The status is written every second; one older than this is of a process that hangs.
const STALE: Duration = Duration::from_secs(10);
/// Name of the status file, beside the players' tokens.
pub const STATUS_FILE: &str = "status.json";
/// What a player in the world does.
const WALKING: &str = "walking";

/// What the players' process says every second.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Status {
    /// One entry a player.
    pub players: Vec<Player>,
}

/// What one player does.
#[derive(Debug, Clone, Deserialize)]
pub struct Player {
    /// Their name.
    pub name: String,
    /// Index of their region, 0 before they are in one.
    pub region: u8,
    /// `walking`, or what they do instead.
    pub state: String,
    /// How often they changed region.
    pub region_changes: u32,
}

impl Status {
    /// How many players are in the world.
    pub fn in_world(&self) -> usize {
        let walks = |player: &&Player| player.region > 0 && player.state == WALKING;
        self.players.iter().filter(walks).count()
    }

    /// How often any of them changed region.
    pub fn region_changes(&self) -> u32 {
        self.players
            .iter()
            .fold(0, |sum, player| sum.saturating_add(player.region_changes))
    }
}

/// Where the process writes its status.
pub fn status_file(data: &DataDir) -> PathBuf {
    data.path("players").join(STATUS_FILE)
}

/// The status, unless there is none or it is stale.
pub fn status(file: &Path) -> Option<Status> {
    let age = SystemTime::now().duration_since(std::fs::metadata(file).ok()?.modified().ok()?);
    if age.is_ok_and(|age| age > STALE) {
        return None;
    }
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}

/// Starts the players, and returns when all are in the world or the time for that is over: how many are, and what the
/// others do. `announced` is called before the process is started and after, so that it is never started without a trace.
///
/// # Errors
/// When the process ends at once (the end of its log is in the error), or nobody enters in time.
pub async fn start(
    data: &DataDir,
    count: u32,
    step: &Step,
    mut announced: impl FnMut(&PlayersState) -> anyhow::Result<()>,
) -> anyhow::Result<String> {
    let (log, file) = (data.log("players"), status_file(data));
    // An old one would pass for the new process's.
    let _ = std::fs::remove_file(&file);
    let mut state = PlayersState {
        process: Record::announce(),
        count,
    };
    announced(&state)?;
    let own = std::env::current_exe().context("cannot find our own executable")?;
    let mut command = std::process::Command::new(player_executable(&own));
    command
        .arg("players")
        .args(["--count", &count.to_string()])
        .arg("--data-dir")
        .arg(data.root())
        .arg("--token-dir")
        .arg(data.path("players"))
        .current_dir(data.root());
    state
        .process
        .start(&mut command, &log)
        .context("cannot start the demo players")?;
    announced(&state)?;
    let wanted = count as usize;
    let entered = || async {
        if state.process.alive().is_none() {
            bail!("the players' process ended; {}", state.process.last_words(&log));
        }
        let inside = status(&file).unwrap_or_default().in_world();
        step.count(inside as u64, u64::from(count));
        Ok((inside >= wanted).then_some(()))
    };
    let what = format!("not all demo players, whose log is {}, are in the world", log.display());
    let Err(error) = wait::until(&what, ENTER_LIMIT, entered).await else {
        return Ok(format!("{count} in the world"));
    };
    let players = status(&file).unwrap_or_default();
    let stuck = players.players.iter().filter(|player| player.state != WALKING);
    let stuck: Vec<String> = stuck
        .map(|player| format!("{}: {}", player.name, player.state))
        .collect();
    let inside = players.in_world();
    if inside == 0 {
        bail!("{error:#}: {}", stuck.join("; "));
    }
    Ok(format!("{inside} of {count} in the world; {}", stuck.join("; ")))
}

/// The tool itself, also when this library is linked into something else, as a test is.
fn player_executable(own: &Path) -> PathBuf {
    let tool = own
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("hexmarch"))
        .find(|path| path.is_file());
    match own.file_name() {
        Some(name) if name == "hexmarch" => own.to_owned(),
        _ => tool.unwrap_or_else(|| own.to_owned()),
    }
}

/// Whether the process lives and all its players are in the world, or on their way from one region to another.
pub fn is_well(state: Option<&PlayersState>) -> bool {
    state.is_some_and(|state| state.process.alive().is_some())
}
