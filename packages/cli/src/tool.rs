//! Running other tools to their end: cargo, scripts. They are stopped when we are.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{bail, Context as _};
use nix::sys::signal::{killpg, Signal};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::process::tail;
use crate::progress::Step;

/// Lines of the tool's own words in an error.
const TAIL_LINES: usize = 20;

/// Stops the tool's whole process group when dropped before its end.
struct Group(Option<i32>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // Gone already is as good.
            let _ = killpg(Pid::from_raw(pid), Signal::SIGTERM);
        }
    }
}

/// Runs a tool and returns its standard output. Its standard error goes to `log`, and the current line to `step`.
///
/// # Errors
/// When it cannot be run, fails (the end of its own words is in the error), or takes longer than `limit`.
pub async fn run(mut command: Command, what: &str, log: &Path, limit: Duration, step: &Step) -> anyhow::Result<String> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot {what}: cannot run '{program}'; is it installed?"))?;
    let mut group = Group(child.id().and_then(|id| i32::try_from(id).ok()));
    let mut words = tokio::fs::File::create(log)
        .await
        .with_context(|| format!("cannot write {}", log.display()))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let listen = async {
        let Some(stderr) = stderr else { return Ok(()) };
        let mut lines = BufReader::new(stderr).lines();
        while let Some(line) = lines.next_line().await? {
            if step.is_live() && !line.trim().is_empty() {
                step.say(line.trim());
            }
            tokio::io::AsyncWriteExt::write_all(&mut words, format!("{line}\n").as_bytes()).await?;
        }
        tokio::io::AsyncWriteExt::flush(&mut words).await
    };
    let collect = async {
        let mut text = String::new();
        if let Some(mut stdout) = stdout {
            tokio::io::AsyncReadExt::read_to_string(&mut stdout, &mut text).await?;
        }
        Ok(text)
    };
    let work = async {
        let ((), text) = tokio::try_join!(listen, collect)?;
        Ok::<_, std::io::Error>((child.wait().await?, text))
    };
    let Ok(ended) = tokio::time::timeout(limit, work).await else {
        bail!(
            "could not {what}: '{program}' was stopped after {} s; see {}",
            limit.as_secs(),
            log.display()
        );
    };
    let (status, text) = ended.with_context(|| format!("could not {what}"))?;
    group.0 = None;
    if !status.success() {
        bail!(
            "could not {what}: '{program}' failed ({status}); it said\n{}",
            tail(log, 0, TAIL_LINES)
        );
    }
    Ok(text)
}
