//! A seeded simulation of faults on real hosts: what the relay and the plumbing of the modules promise, while hosts and
//! relays are killed, frozen and published to.
//!
//! The global database and three regions on two hosts exchange durable messages that carry items, two relays bring them
//! all, and handlers fail on purpose. Meanwhile everything is disturbed by the [`plan`]. Then everything runs again, and
//! once no message is under way the databases must agree ([`check`]): each message took effect exactly once or was given
//! back, in order; no item was made or lost; replicas equal their owners.
//!
//! A seed repeats the plan: the same writes, the same faults in the same order with the same waits between them. The
//! machine's own timing differs from run to run, so a finding that hangs on a race may need several runs to come back.
//!
//! Two controls take a promise away and must find what it prevents: without deduplication every delivery takes effect;
//! without the hold a message is delivered before it is on disk.

pub mod actors;
pub mod books;
pub mod check;
pub mod plan;
pub(crate) mod process;
mod random;
pub mod soak;
pub mod tally;
pub mod world;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{json, Value};

use actors::Run;
use check::{Finding, Kind};
use plan::Actor;
use tally::Tally;
use world::FaultWorld;

/// Databases: the global one and three regions.
pub const DATABASES: u8 = 4;
/// Of each item in each database: more than is ever under way.
pub const MINTED: u64 = 1_000_000_000;
/// Of each item of each owner.
pub const OWNED: u64 = 1_000_000;
/// How long messages may be under way when everything runs again: relays wait up to half a minute between attempts.
const QUIET_LIMIT: Duration = Duration::from_secs(180);
/// The same where harm is wanted, and messages may wait for ever because of it.
const CONTROL_QUIET_LIMIT: Duration = Duration::from_secs(10);
/// Kills that make a round worth its while.
pub const KILLS: u64 = 20;
/// Between two looks at the outboxes.
const LOOK: Duration = Duration::from_millis(300);
/// Between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(5);
/// Findings of one kind that are told one by one.
const TOLD: usize = 8;

/// A promise that is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The inbox does not tell messages that were handled before from new ones.
    Deduplication,
    /// The relays deliver and answer at once.
    Hold,
}

impl Control {
    /// How long it takes until harm must show.
    fn length(self) -> Duration {
        match self {
            Self::Deduplication => Duration::from_secs(4),
            // Some kills of hosts.
            Self::Hold => Duration::from_secs(12),
        }
    }

    /// What must be found without it.
    pub fn proves(self, kind: Kind) -> bool {
        match self {
            Self::Deduplication => kind == Kind::Doubled,
            Self::Hold => matches!(kind, Kind::Doubled | Kind::Lost),
        }
    }
}

/// What one round found.
#[derive(Debug)]
pub struct Outcome {
    /// Repeats the round's plan.
    pub seed: u64,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// Everything that happened.
    pub counts: Value,
    /// Kills of hosts and relays.
    pub kills: u64,
    /// Messages sent.
    pub messages: u64,
}

/// Disturbs a new world in `folder` for `length`, and checks it.
///
/// # Errors
/// When the simulation itself cannot go on: a program is missing, a host does not come up again.
pub async fn round(folder: &Path, seed: u64, length: Duration, control: Option<Control>) -> Result<Outcome> {
    std::fs::create_dir_all(folder)?;
    let started = Instant::now();
    say(&format!("seed {seed}: starting a world in {}", folder.display()));
    let world = FaultWorld::start(folder, seed, control)
        .await
        .context("starting a world")?;
    say(&format!(
        "seed {seed}: the world runs after {:.1} s",
        started.elapsed().as_secs_f64()
    ));
    let run = Arc::new(Run::new(world, seed, control));
    let progress = tokio::spawn(progress(Arc::clone(&run)));
    let kills = if control.is_some() { 0 } else { KILLS };
    let acted = run.act(length, kills).await;
    progress.abort();
    acted.with_context(|| format!("seed {seed}; logs in {}", folder.display()))?;
    say(&format!("seed {seed}: no more faults; {}", run.tally.line()));
    let quiet = quiet(&run, seed, control).await?;
    say(&format!("seed {seed}: quiet after {:.1} s", quiet.as_secs_f64()));
    let mut books = books::read(&run.world).await?;
    let mut findings = check::check(&books);
    if control.is_none() && findings.is_empty() {
        run.spoil_and_resync().await?;
        say(&format!("seed {seed}: a replica was spoiled and asks for a full copy"));
        until_quiet(&run, QUIET_LIMIT).await?;
        books = books::read(&run.world).await?;
        findings = check::check(&books);
    }
    count(&run.tally, &books);
    tell(&findings, seed, folder, control);
    Ok(Outcome {
        seed,
        findings,
        counts: json!({"counts": run.tally.json(), "quiet_s": quiet.as_secs_f64()}),
        kills: run.tally.kills(),
        messages: run.tally.messages.get(),
    })
}

async fn progress(run: Arc<Run>) {
    let started = Instant::now();
    loop {
        tokio::time::sleep(PROGRESS).await;
        say(&format!("  {:>3} s: {}", started.elapsed().as_secs(), run.tally.line()));
    }
}

/// Ends all pauses and, if the seed says so, one of the relays; then waits until nothing is under way.
async fn quiet(run: &Run, seed: u64, control: Option<Control>) -> Result<Duration> {
    if let Some(alone) = Actor::End.random(seed).choose(&[None, Some(0), Some(1)]).flatten() {
        let other = run.world.relays.get(1 - alone).context("no such relay")?;
        other.lock().await.stop().await?;
        say(&format!("seed {seed}: relay {alone} goes on alone"));
    }
    for database in 0..DATABASES {
        for to in (0..DATABASES).filter(|to| *to != database) {
            run.world.pause_stream(database, to, false).await?;
        }
    }
    let limit = if control.is_some() {
        CONTROL_QUIET_LIMIT
    } else {
        QUIET_LIMIT
    };
    until_quiet(run, limit).await
}

/// Waits until every outbox is empty and no dead letter holds anything, or for `limit`; what is under way then shows in the
/// books.
async fn until_quiet(run: &Run, limit: Duration) -> Result<Duration> {
    let started = Instant::now();
    let mut told = started;
    loop {
        let mut waiting = Vec::new();
        for database in 0..DATABASES {
            for (to, count) in books::outbox(&run.world, database).await? {
                waiting.push(format!("{database} to {to}: {count}"));
            }
        }
        if waiting.is_empty() {
            // What is refused may hold something, and goes on until it is taken.
            for database in 0..DATABASES {
                let letters = run.world.retry_dead_letters(database).await?;
                if letters > 0 {
                    waiting.push(format!("{database}: {letters} dead letters"));
                    run.tally.dead_letters.add(letters as u64);
                }
            }
        }
        if waiting.is_empty() || started.elapsed() >= limit {
            return Ok(started.elapsed());
        }
        if told.elapsed() >= PROGRESS {
            say(&format!("  messages wait: {}", waiting.join(", ")));
            told = Instant::now();
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn count(tally: &Tally, books: &[books::Book]) {
    let mut unknown = tally.acknowledged();
    for sent in books.iter().flat_map(|book| &book.sent) {
        unknown.remove(&sent.token);
        tally.messages.add(1);
        let refused = u64::from(!sent.refusal.is_empty());
        tally.given_back.add(refused);
        if sent.owner > 0 {
            tally.owners_messages.add(1);
            tally.owners_refused.add(refused);
        }
    }
    tally.forgotten.add(unknown.len() as u64);
}

fn tell(findings: &[Finding], seed: u64, folder: &Path, control: Option<Control>) {
    let kinds: std::collections::BTreeSet<Kind> = findings.iter().map(|finding| finding.kind).collect();
    for kind in kinds {
        let all: Vec<&Finding> = findings.iter().filter(|finding| finding.kind == kind).collect();
        for finding in all.iter().take(if control.is_some() { 1 } else { TOLD }) {
            say(&format!("  FOUND {finding}"));
        }
        say(&format!("  {} of kind {kind:?}", all.len()));
    }
    if control.is_none() && !findings.is_empty() {
        say(&format!(
            "seed {seed}: {} findings; data and logs stay in {}; again: scripts/soak --seed {seed} --minutes 0",
            findings.len(),
            folder.display()
        ));
    }
}

/// Tells who waits what goes on.
pub(crate) fn say(text: &str) {
    eprintln!("faults: {text}");
}
