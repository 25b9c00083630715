//! `hexmarch content push`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::bail;
use clap::Args;
use hexmarch_host::HostClient;
use serde_json::json;
use tokio::signal::unix::{signal, Signal, SignalKind};

use super::Databases;
use crate::cli::Common;
use crate::content::push::{prepare, Committed, How, Prepared, Removed};
use crate::content::{self, Content};
use crate::output;
use crate::progress::Progress;

const EXAMPLES: &str = "\
Examples:
  hexmarch content push                          static_data/ into the world that runs here
  hexmarch content push --dry-run                What it would do, and what the databases say to it
  hexmarch content push --removed replace        Players hold what is gone: give them its successor
  hexmarch content push --branch qa --server http://127.0.0.1:3000 --token-file operator.token

The content is staged in all databases and checked by each of them; only then each swaps it for what is live, in one
transaction. A mistake that any of them finds changes nothing anywhere. Cut off at any time, the same command goes on where
it stopped. When some databases have the new content and some have not, the text says which (exit code 3).";

/// What to push where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Directory of the content [default: static_data of the checkout]
    directory: Option<PathBuf>,
    #[command(flatten)]
    databases: Databases,
    /// Stage and check everywhere, say what would change, and forget it again
    #[arg(long)]
    dry_run: bool,
    /// What to do when live rows hold content that would be gone
    #[arg(long, value_enum, default_value_t, value_name = "POLICY")]
    removed: Removed,
    /// Push also into databases that have this very content
    #[arg(long)]
    force: bool,
    /// Print what was done as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    let content = super::check(common, arguments.directory.as_deref())?;
    let (client, databases) = arguments.databases.find(common).await?;
    let how = How {
        removed: arguments.removed,
        force: arguments.force,
        dry_run: arguments.dry_run,
    };
    let progress = Progress::default();
    if arguments.dry_run {
        tell_difference(&client, &databases, &content).await?;
    }
    let prepared = tokio::select! {
        prepared = prepare(&client, &databases, &content, how, progress) => prepared?,
        name = signals.next() => bail!(
            "stopped by {name}; nothing that is live was changed, and the same command goes on where this one stopped"
        ),
    };
    for waiting in &prepared.waiting {
        if let Some(in_use) = &waiting.in_use {
            output::note(&format!(
                "{}: {}; they get its successor",
                waiting.database(),
                in_use.in_use()
            ));
        }
    }
    if arguments.dry_run {
        return dry_run(prepared, arguments.json).await;
    }
    let had = prepared.had.clone();
    let commit = prepared.commit(progress);
    tokio::pin!(commit);
    let done = loop {
        tokio::select! {
            done = &mut commit => break done?,
            // A moment longer, and all databases have the same.
            name = signals.next() => output::note(&format!("{name}: ending after the commits, which take a moment")),
        }
    };
    report(&done, &had, arguments.json)
}

/// What a push would change, in the databases that lack it.
async fn tell_difference(client: &HostClient, databases: &[(u8, String)], content: &Content) -> anyhow::Result<()> {
    for (index, database) in databases {
        for difference in content::diff(client, (*index, database), content).await? {
            let parts = [
                ("added", difference.added.len()),
                ("changed", difference.changed.len()),
                ("removed", difference.removed.len()),
            ];
            let parts = parts.iter().filter(|(_, count)| *count > 0);
            let parts: Vec<String> = parts.map(|(what, count)| format!("{count} {what}")).collect();
            output::note(&format!("{database}: {} {}", difference.table, parts.join(", ")));
        }
    }
    Ok(())
}

async fn dry_run(prepared: Prepared<'_>, json: bool) -> anyhow::Result<()> {
    let would = prepared.waiting.iter().map(|waiting| waiting.database().to_owned());
    let (would, had) = (would.collect::<Vec<_>>(), prepared.had.clone());
    prepared.discard().await?;
    if json {
        return output::line(&json!({"dry_run": true, "would_push": would, "had": had}).to_string());
    }
    if would.is_empty() {
        return output::line("nothing to push: every database has this content");
    }
    output::line(&format!(
        "nothing was changed; this content can be pushed into {}",
        would.join(", ")
    ))
}

fn report(done: &[Committed], had: &[String], json: bool) -> anyhow::Result<()> {
    if json {
        let millis = |time: Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
        let one = |done: &Committed| {
            json!({
                "database": done.database, "rows_staged": done.staged.sent, "rows_kept": done.staged.kept,
                "staging_ms": millis(done.staging), "commit_ms": millis(done.commit),
            })
        };
        let done: Vec<_> = done.iter().map(one).collect();
        return output::line(&json!({"pushed": done, "had": had}).to_string());
    }
    if done.is_empty() {
        return output::line("nothing to push: every database has this content");
    }
    let rows: usize = done
        .iter()
        .map(|done| done.staged.sent.saturating_add(done.staged.kept))
        .sum();
    let names: Vec<&str> = done.iter().map(|done| done.database.as_str()).collect();
    output::line(&format!("{rows} rows, live in {}", names.join(", ")))
}

/// The signals that ask a push to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "Ctrl-C",
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.hangup.recv() => "SIGHUP",
        }
    }
}
