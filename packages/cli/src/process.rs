//! Processes that outlive the command that started them.
//!
//! A process is only ever signalled when it is certainly one of ours: its pid, its start time and the boot all agree
//! with what was written down. Before a process is started a launch id is written down and put into its environment,
//! so that even one whose pid was never recorded (this tool was killed in between) is found again.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// The variable that holds the launch id.
const LAUNCH_VARIABLE: &str = "HEXMARCH_LAUNCH";
/// Lines of a log in an error.
const TAIL_LINES: usize = 12;
/// A log larger than this is put aside before the next start.
const MAX_LOG_BYTES: u64 = 32 * 1024 * 1024;
/// How long a killed process may take to be gone.
const KILL_LIMIT: Duration = Duration::from_secs(10);
/// Time between two looks whether a process is gone.
const LOOK: Duration = Duration::from_millis(20);

/// A process as written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Distinguishes this launch from all others.
    pub launch: String,
    /// The boot that it belongs to.
    pub boot: String,
    /// Bytes that its log held before it was started.
    #[serde(default)]
    pub log_start: u64,
    /// Its pid and its start time, in clock ticks since boot; `None` while it is being started.
    pub process: Option<(u32, u64)>,
}

impl Record {
    /// A record for a process that is about to be started.
    pub fn announce() -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let nanos = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos();
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        Self {
            launch: format!("{nanos:x}-{:x}-{number:x}", std::process::id()),
            boot: boot(),
            log_start: 0,
            process: None,
        }
    }

    /// Starts `command` in a process group of its own, without input, its output appended to `log`.
    ///
    /// # Errors
    /// When the log cannot be opened or the executable not run.
    pub fn start(&mut self, command: &mut Command, log: &Path) -> anyhow::Result<()> {
        keep_small(log)?;
        let open = || OpenOptions::new().create(true).append(true).open(log);
        let (out, err) = (open(), open());
        let context = || format!("cannot write the log {}", log.display());
        self.log_start = std::fs::metadata(log).map_or(0, |metadata| metadata.len());
        command
            .env(LAUNCH_VARIABLE, &self.launch)
            // A log is no terminal.
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(out.with_context(context)?)
            .stderr(err.with_context(context)?);
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .spawn()
            .with_context(|| format!("cannot run {}", command.get_program().to_string_lossy()))?;
        // A process that is gone already has no start time; it is then simply not alive.
        self.process = Some((child.id(), start_time(child.id()).unwrap_or(0)));
        Ok(())
    }

    /// The pid, if the process lives.
    pub fn alive(&self) -> Option<u32> {
        if self.boot != boot() {
            return None;
        }
        match self.process {
            Some((pid, start)) => (start_time(pid) == Some(start)).then_some(pid),
            None => find_launch(&self.launch),
        }
    }

    /// Sends a signal, if the process lives.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.alive().and_then(|pid| i32::try_from(pid).ok()) {
            // It may just have ended by itself, which is what a signal is sent for.
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// The last lines that the process wrote into its log, for an error.
    pub fn last_words(&self, log: &Path) -> String {
        match tail(log, self.log_start, TAIL_LINES) {
            text if text.is_empty() => format!("it wrote nothing into {}", log.display()),
            text => format!("the end of {} is\n{text}", log.display()),
        }
    }

    /// Returns whether the process was gone within `limit`.
    pub async fn gone_within(&self, limit: Duration) -> bool {
        let gone = async {
            while self.alive().is_some() {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(limit, gone).await.is_ok()
    }

    /// Asks the process to end, and after `patience` makes it. Returns whether it ended by itself.
    ///
    /// # Errors
    /// When it survives even that.
    pub async fn stop(&self, patience: Duration) -> anyhow::Result<bool> {
        self.signal(Signal::SIGTERM);
        if self.gone_within(patience).await {
            return Ok(true);
        }
        self.signal(Signal::SIGKILL);
        if self.gone_within(KILL_LIMIT).await {
            return Ok(false);
        }
        anyhow::bail!(
            "process {:?} does not end, even when killed",
            self.process.map(|(pid, _)| pid)
        )
    }
}

/// When a process started, in clock ticks since boot: field 22 of its `stat`. `None` for one that is gone, or that
/// has ended and only waits to be collected.
fn start_time(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the name, may hold anything; the last parenthesis ends it.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    let start = fields.nth(18)?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then_some(start)
}

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn find_launch(launch: &str) -> Option<u32> {
    let wanted = format!("{LAUNCH_VARIABLE}={launch}");
    let processes = std::fs::read_dir("/proc").ok()?;
    let mut pids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    pids.find(|pid| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let found = environment
            .split(|byte| *byte == 0)
            .any(|entry| entry == wanted.as_bytes());
        found && start_time(*pid).is_some()
    })
}

/// Puts a log that has grown large aside, replacing the one put aside before.
fn keep_small(log: &Path) -> anyhow::Result<()> {
    if std::fs::metadata(log).is_ok_and(|metadata| metadata.len() > MAX_LOG_BYTES) {
        let old = log.with_extension("log.old");
        std::fs::rename(log, &old).with_context(|| format!("cannot put the log {} aside", log.display()))?;
    }
    Ok(())
}

/// The last lines of a log after its first `start` bytes.
pub fn tail(log: &Path, start: u64, lines: usize) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let new = usize::try_from(start)
        .ok()
        .and_then(|start| text.get(start..))
        .unwrap_or_default();
    let text = String::from_utf8_lossy(new);
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let start = all.len().saturating_sub(lines);
    let last: Vec<String> = all.iter().skip(start).map(|line| format!("  | {line}")).collect();
    last.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_process_is_found_by_pid_and_by_launch_and_stopped() {
        let directory = tempfile::tempdir().unwrap();
        let mut record = Record::announce();
        assert_eq!(record.alive(), None);
        record
            .start(Command::new("sleep").arg("60"), &directory.path().join("log"))
            .unwrap();
        let pid = record.alive().unwrap();
        let unrecorded = Record {
            process: None,
            ..record.clone()
        };
        // Between fork and exec the environment is still ours.
        let seen = crate::wait::until("not found", Duration::from_secs(5), || async { Ok(unrecorded.alive()) });
        assert_eq!(seen.await.unwrap(), pid);
        let other = Record {
            process: Some((pid, 1)),
            ..record.clone()
        };
        assert_eq!(other.alive(), None, "another start time is another process");
        other.signal(Signal::SIGKILL);
        assert_eq!(record.alive(), Some(pid));
        assert!(record.stop(Duration::from_secs(5)).await.unwrap());
        assert_eq!((record.alive(), unrecorded.alive()), (None, None));
    }

    #[tokio::test]
    async fn a_deaf_process_is_killed() {
        let directory = tempfile::tempdir().unwrap();
        let mut record = Record::announce();
        let script = "trap '' TERM; echo ready; while :; do sleep 0.05; done";
        let log = directory.path().join("log");
        record.start(Command::new("sh").args(["-c", script]), &log).unwrap();
        let ready = || async { Ok((!tail(&log, 0, 1).is_empty()).then_some(())) };
        crate::wait::until("not ready", Duration::from_secs(5), ready)
            .await
            .unwrap();
        assert!(!record.stop(Duration::from_millis(200)).await.unwrap());
        assert_eq!(record.alive(), None);
    }
}
