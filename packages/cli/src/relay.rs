//! The relay's process.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{bail, Context as _};
use nix::sys::signal::Signal;
use serde::Deserialize;

use crate::data_dir::{DataDir, RelayState, World};
use crate::process::Record;
use crate::wait;

/// For connecting to every database and reading every outbox.
const READY_LIMIT: Duration = Duration::from_secs(60);
/// For one look at the relay's status.
const STATUS_LIMIT: Duration = Duration::from_secs(5);
/// Name of the executable.
const EXECUTABLE: &str = "hexmarch-relay";

/// What the relay says of itself; see `/status`.
#[derive(Debug, Clone, Deserialize)]
pub struct Status {
    /// Whether every database is connected.
    pub ready: bool,
    /// By index.
    pub databases: Vec<DatabaseStatus>,
}

/// What the relay says of one database.
#[derive(Debug, Clone, Deserialize)]
pub struct DatabaseStatus {
    /// Its index.
    pub index: u8,
    /// `connecting`, `live` or `waiting`.
    pub state: String,
    /// Why it is not connected.
    pub last_error: Option<String>,
}

impl DatabaseStatus {
    /// Whether it is connected.
    pub fn is_live(&self) -> bool {
        self.state == "live"
    }
}

/// Finds the executable: `given`, or beside our own.
///
/// # Errors
/// When there is none.
pub fn find(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(path) = given {
        if !path.is_file() {
            bail!(
                "there is no relay at {}; correct --relay-bin or HEXMARCH_RELAY",
                path.display()
            );
        }
        return Ok(path.to_owned());
    }
    let own = std::env::current_exe().context("cannot find our own executable")?;
    // A test's executable is one folder deeper.
    let folders = own.ancestors().skip(1).take(2);
    let found = folders
        .map(|folder| folder.join(EXECUTABLE))
        .find(|path| path.is_file());
    found.with_context(|| {
        format!("there is no {EXECUTABLE} beside {}; build it with 'cargo build --release -p {EXECUTABLE}', or name it with --relay-bin", own.display())
    })
}

/// The configuration for these databases of a world.
///
/// # Errors
/// When the world's own file makes no sense.
pub fn config(data: &DataDir, world: &World, databases: &[(u8, String)]) -> anyhow::Result<String> {
    // A JSON string is a TOML basic string.
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = format!(
        "# Written by 'hexmarch'; changes are lost.\nurl = {}\ntoken_file = {}\n",
        quote(&world.url()?.to_string()),
        quote(&data.token_file().to_string_lossy()),
    );
    for (index, name) in databases {
        text.push_str(&format!("\n[[database]]\nindex = {index}\nname = {}\n", quote(name)));
    }
    Ok(text)
}

/// Starts the relay and returns when it is connected to every database. `announced` is called before the process is
/// started and after, so that it is never started without a trace.
///
/// # Errors
/// When it ends at once (the end of its log is in the error), or is not ready in time (what it says is).
pub async fn start(
    executable: &Path,
    data: &DataDir,
    mut announced: impl FnMut(&RelayState) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (log, listen) = (data.log("relay"), free_address()?);
    let mut state = RelayState {
        process: Record::announce(),
        url: format!("http://{listen}"),
    };
    announced(&state)?;
    let mut command = std::process::Command::new(executable);
    command
        .arg("--config")
        .arg(data.path("relay.toml"))
        .args(["--listen", &listen.to_string(), "run"])
        .current_dir(data.root());
    let run = || format!("cannot start the relay {}", executable.display());
    state.process.start(&mut command, &log).with_context(run)?;
    announced(&state)?;
    wait_ready(&state, &log).await
}

/// Has a running relay read its configuration again; returns when it is connected to all of `databases`.
///
/// # Errors
/// When it has ended, or is not connected in time; with what it says of the databases.
pub async fn reload(state: &RelayState, log: &Path, databases: &[(u8, String)]) -> anyhow::Result<()> {
    state.process.signal(Signal::SIGHUP);
    let serves = |status: &Status| {
        let live = |index: u8| {
            status
                .databases
                .iter()
                .any(|found| found.index == index && found.is_live())
        };
        databases.iter().all(|(index, _)| live(*index))
    };
    wait(state, log, "does not serve every database", serves).await
}

/// Returns when the relay is connected to every database.
///
/// # Errors
/// When it has ended, or is not ready in time.
pub async fn wait_ready(state: &RelayState, log: &Path) -> anyhow::Result<()> {
    wait(state, log, "is not ready", |status| status.ready).await
}

async fn wait(state: &RelayState, log: &Path, lack: &str, done: impl Fn(&Status) -> bool) -> anyhow::Result<()> {
    let look = || async {
        if state.process.alive().is_none() {
            bail!("the relay ended; {}", state.process.last_words(log));
        }
        Ok(status(&state.url).await.ok().filter(&done).map(drop))
    };
    let what = format!("the relay, whose log is {}, {lack}", log.display());
    let Err(error) = wait::until(&what, READY_LIMIT, look).await else {
        return Ok(());
    };
    let databases = status(&state.url)
        .await
        .map(|status| status.databases)
        .unwrap_or_default();
    let reasons: Vec<String> = databases
        .into_iter()
        .filter(|database| !database.is_live())
        .filter_map(|database| database.last_error)
        .collect();
    if reasons.is_empty() {
        return Err(error);
    }
    bail!("{error:#}: {}", reasons.join("; "))
}

/// Asks a relay how it is.
///
/// # Errors
/// When it does not answer.
pub async fn status(url: &str) -> anyhow::Result<Status> {
    let client = reqwest::Client::builder().timeout(STATUS_LIMIT).no_proxy().build()?;
    let attempt = || format!("cannot read the relay's status at {url}");
    let answer = client.get(format!("{url}/status")).send().await.with_context(attempt)?;
    serde_json::from_str(&answer.text().await.with_context(attempt)?).with_context(attempt)
}

/// Whether the relay lives and is connected to every database.
pub async fn is_well(state: Option<&RelayState>) -> bool {
    match state {
        Some(state) if state.process.alive().is_some() => status(&state.url).await.is_ok_and(|status| status.ready),
        _ => false,
    }
}

/// An address of 127.0.0.1 that nobody uses now.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot find a free port for the relay")?;
    Ok(listener.local_addr()?)
}
