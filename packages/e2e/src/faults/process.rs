//! Hosts and relays as processes: started on the same port and folder each time, killed and frozen at will.
//!
//! Every process ends with its [`Process`].

use std::fs::OpenOptions;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use super::random::Random;

/// Below the ports that the system gives to outgoing connections: a relay that tries to reach a host that is gone
/// must not be given the host's own port.
const PORTS: std::ops::Range<u16> = 20_000..32_000;
/// How long a process may take to end after SIGTERM, and after SIGKILL.
const END_LIMIT: Duration = Duration::from_secs(15);
/// How long a start may fail because the port is not free yet.
const START_LIMIT: Duration = Duration::from_secs(90);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// A port of 127.0.0.1 that nobody uses now.
///
/// # Errors
/// When there is none.
pub fn port() -> Result<u16> {
    // Where to begin; that it is another place in every process is all that is wanted.
    let mut random = Random::new(u64::from(crate::world::free_port()?), u64::from(std::process::id()));
    for _ in 0..1000 {
        let port = random.between(u64::from(PORTS.start), u64::from(PORTS.end) - 1) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end)
}

/// A program with its arguments, and its process while it runs.
#[derive(Debug)]
pub struct Process {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
    port: u16,
    folder: PathBuf,
    log: PathBuf,
    child: Option<Child>,
}

impl Process {
    /// A program that is not started yet, and listens on `port` when it is; its output goes to a log named after it in
    /// `folder`.
    pub fn new(name: &str, program: &Path, arguments: Vec<String>, port: u16, folder: &Path) -> Self {
        Self {
            name: name.to_string(),
            program: program.to_owned(),
            arguments,
            port,
            folder: folder.to_owned(),
            log: folder.join(format!("{}.log", name.replace(' ', "-"))),
            child: None,
        }
    }

    /// Starts it, and again while it ends at once, until it listens.
    ///
    /// # Errors
    /// When it cannot be run, or does not listen within 90 s.
    pub async fn start(&mut self) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        self.spawn()?;
        // Who connects is served, or waits until they are.
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if Instant::now() >= deadline {
                bail!("{} does not come up; see {}", self.name, self.log.display());
            }
            if self.has_ended()? {
                self.spawn()?;
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    fn spawn(&mut self) -> Result<()> {
        let open = || OpenOptions::new().create(true).append(true).open(&self.log);
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(open()?)
            .stderr(open()?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("running {}", self.program.display()))?;
        self.child = Some(child);
        Ok(())
    }

    fn has_ended(&mut self) -> Result<bool> {
        match &mut self.child {
            Some(child) => Ok(child.try_wait()?.is_some()),
            None => Ok(true),
        }
    }

    /// Its id.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pid(&self) -> Result<i32> {
        let pid = self.child.as_ref().and_then(Child::id);
        let pid = pid.with_context(|| format!("{} does not run", self.name))?;
        Ok(i32::try_from(pid)?)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill(Pid::from_raw(self.pid()?), signal)?)
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// When it had ended by itself: it must not, whatever happens.
    pub async fn kill(&mut self) -> Result<()> {
        if self.has_ended()? {
            bail!("{} ended by itself; see {}", self.name, self.log.display());
        }
        self.signal(Signal::SIGKILL)?;
        self.ended().await.map(drop)
    }

    /// SIGTERM; its end is awaited.
    ///
    /// # Errors
    /// When it does not end in time, or not with success.
    pub async fn stop(&mut self) -> Result<()> {
        if self.has_ended()? {
            bail!("{} ended by itself; see {}", self.name, self.log.display());
        }
        self.signal(Signal::SIGTERM)?;
        let status = self.ended().await?;
        if !status.success() {
            bail!(
                "{} was told to stop and ended with {status}; see {}",
                self.name,
                self.log.display()
            );
        }
        Ok(())
    }

    async fn ended(&mut self) -> Result<ExitStatus> {
        let child = self
            .child
            .as_mut()
            .with_context(|| format!("{} does not run", self.name))?;
        let waited = tokio::time::timeout(END_LIMIT, child.wait()).await;
        let status = waited.with_context(|| format!("{} does not end", self.name))??;
        self.child = None;
        Ok(status)
    }

    /// SIGSTOP.
    ///
    /// # Errors
    /// When it does not run.
    pub fn freeze(&self) -> Result<()> {
        self.signal(Signal::SIGSTOP)
    }

    /// SIGCONT.
    ///
    /// # Errors
    /// When it does not run.
    pub fn thaw(&self) -> Result<()> {
        self.signal(Signal::SIGCONT)
    }
}
