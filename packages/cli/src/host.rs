//! The SpacetimeDB host's process.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{bail, Context as _};
use hexmarch_host::HostClient;
use tokio::process::Command;

use crate::checkout::Checkout;
use crate::data_dir::{DataDir, World};
use crate::process::Record;
use crate::progress::Step;
use crate::{tool, wait};

/// A build of the host from source takes about 10 minutes on two cores.
const INSTALL_LIMIT: Duration = Duration::from_secs(3600);
/// The host replays its log before it answers, so a big world takes a while.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long a port may be taken before somebody else is taken to have it.
const PORT_LIMIT: Duration = Duration::from_secs(3);
const PORT_PERIOD: Duration = Duration::from_millis(50);
/// The host's configuration file, as it begins.
const CONFIG: &str = "# Written once by 'hexmarch up'; changes stay.\n\n[logs]\nlevel = \"info\"\n";

/// Finds the host's executable: `given`, or what `scripts/install-host` finds or builds.
///
/// # Errors
/// When there is none and none can be built.
pub async fn find(given: Option<&Path>, checkout: &Checkout, log: &Path, step: &Step) -> anyhow::Result<PathBuf> {
    if let Some(path) = given {
        if !path.is_file() {
            bail!(
                "there is no host at {}; correct --host-bin or SPACETIMEDB_BIN",
                path.display()
            );
        }
        return Ok(path.to_owned());
    }
    let script = checkout.path("scripts/install-host");
    let output = tool::run(
        Command::new(&script),
        "find or build the host",
        log,
        INSTALL_LIMIT,
        step,
    )
    .await?;
    match output.lines().last().map(str::trim) {
        Some(path) if Path::new(path).is_file() => Ok(PathBuf::from(path)),
        _ => bail!("{} named no executable; run it by hand to see why", script.display()),
    }
}

/// Returns when nobody listens on a port of 127.0.0.1. A host that was just killed may take a moment to let go of it.
///
/// # Errors
/// With the remedy, when somebody still does after [`PORT_LIMIT`], or we may not.
pub async fn require_free_port(port: u16) -> anyhow::Result<()> {
    let deadline = Instant::now() + PORT_LIMIT;
    loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::AddrInUse && Instant::now() < deadline => {
                tokio::time::sleep(PORT_PERIOD).await;
            }
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("port {port} cannot be used, most likely because another program listens there; stop it, or choose another with --port")
                })
            }
        }
    }
}

/// Starts the host and returns when it answers. `announced` is called before the process is started and after, so
/// that it is never started without a trace.
///
/// # Errors
/// When it ends at once (the end of its log is in the error), or does not answer in time.
pub async fn start(
    executable: &Path,
    data: &DataDir,
    world: &World,
    client: &HostClient,
    mut announced: impl FnMut(&Record) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let log = data.log("host");
    write_config(data)?;
    let mut record = Record::announce();
    announced(&record)?;
    let mut command = std::process::Command::new(executable);
    command
        .arg("start")
        .args(["--listen-addr", &format!("127.0.0.1:{}", world.port)])
        .arg("--data-dir")
        .arg(data.path("host"))
        .arg("--jwt-pub-key-path")
        .arg(data.path("keys").join("id_ecdsa.pub"))
        .arg("--jwt-priv-key-path")
        .arg(data.path("keys").join("id_ecdsa"))
        .current_dir(data.root());
    let run = || format!("cannot start the host {}", executable.display());
    record.start(&mut command, &log).with_context(run)?;
    announced(&record)?;
    let record = &record;
    let answers = || async {
        if record.alive().is_none() {
            bail!("the host ended at once; {}", record.last_words(&log));
        }
        Ok(client.ping().await.is_ok().then_some(()))
    };
    wait::until(
        &format!("the host, whose log is {}, does not answer", log.display()),
        START_LIMIT,
        answers,
    )
    .await
}

/// The host's own default logs several lines a connection. An operator's changes stay.
fn write_config(data: &DataDir) -> anyhow::Result<()> {
    let path = data.path("host").join("config.toml");
    if path.exists() {
        return Ok(());
    }
    std::fs::write(&path, CONFIG).with_context(|| format!("cannot write {}", path.display()))
}

/// Whether the host's process lives and answers.
pub async fn is_well(record: Option<&Record>, client: &HostClient) -> bool {
    record.is_some_and(|record| record.alive().is_some()) && client.ping().await.is_ok()
}
