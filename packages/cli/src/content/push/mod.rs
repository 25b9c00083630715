//! Uploading content into all databases of a world: staged and checked in every one of them, then swapped for the live
//! content in one after the other, each in one transaction.
//!
//! What this promises:
//! - a mistake that any database finds changes nothing in any of them;
//! - a push that ends early, however, changes nothing but what it says; the same push again goes on where it stopped;
//! - memory is bounded by the content itself and a few calls a database.

mod batch;
mod refusal;
mod session;

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hexmarch_host::{HostClient, SocketError};
use tokio::sync::Semaphore;

use super::Content;
use crate::outcome::partly;
use crate::progress::{Lines, Progress};

pub use batch::{batches, encode};
pub use refusal::{together, Cause, PushError, Refusal};
pub use session::{version, Removed, Session, Staged, Version, MAX_CALLS};

/// How long a database may take to answer again after its connection broke in the middle of a commit.
const SETTLE_LIMIT: Duration = Duration::from_secs(20);
/// Time between two attempts to ask it.
const SETTLE_PERIOD: Duration = Duration::from_millis(500);
/// Databases in which content is staged at once.
const MAX_AT_ONCE: usize = 8;
const IN_USE: &str = "static_data.in_use";

/// How to push.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// What becomes of live rows that hold content which would be gone.
    pub removed: Removed,
    /// Also into databases that have this content.
    pub force: bool,
    /// Leave nothing staged when a database refuses.
    pub dry_run: bool,
}

/// Content that is staged and found valid in all databases that lack it.
#[derive(Debug)]
pub struct Prepared<'a> {
    client: &'a HostClient,
    how: How,
    /// Those that lack it, regions first.
    pub waiting: Vec<Waiting>,
    /// Those that have it already.
    pub had: Vec<String>,
}

/// A database in which content is staged.
#[derive(Debug)]
pub struct Waiting {
    session: Session,
    before: Option<Version>,
    /// The hash of its content.
    pub hash: String,
    /// 0 for the global one.
    pub index: u8,
    /// How staging went.
    pub staged: Staged,
    /// How long staging took.
    pub staging: Duration,
    /// Which live rows hold content that would be gone.
    pub in_use: Option<Refusal>,
}

/// A database that took new content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Its name.
    pub database: String,
    /// How staging went.
    pub staged: Staged,
    /// How long staging took.
    pub staging: Duration,
    /// How long the commit took, as seen from here.
    pub commit: Duration,
}

/// Brings content into all of these databases.
///
/// # Errors
/// As [`prepare`] and [`Prepared::commit`].
pub async fn push(
    client: &HostClient,
    databases: &[(u8, String)],
    content: &Content,
    how: How,
    progress: Progress,
) -> anyhow::Result<Vec<Committed>> {
    let prepared = prepare(client, databases, content, how, progress).await?;
    prepared.commit(progress).await
}

/// Stages content in all of these databases that lack it, and has each check it. Nothing that is live changes.
///
/// # Errors
/// What any of them says, all together.
pub async fn prepare<'a>(
    client: &'a HostClient,
    databases: &[(u8, String)],
    content: &Content,
    how: How,
    progress: Progress,
) -> anyhow::Result<Prepared<'a>> {
    let (lines, places) = (progress.lines("content"), Semaphore::new(MAX_AT_ONCE));
    let mut each = Vec::with_capacity(databases.len());
    for (index, database) in databases {
        each.push(stage(client, (*index, database), content, how, (&places, &lines)));
    }
    let mut prepared = Prepared {
        client,
        how,
        waiting: Vec::new(),
        had: Vec::new(),
    };
    let mut errors = Vec::new();
    for result in join_all(each).await {
        match result {
            Ok(Stood::Lacks(waiting)) => prepared.waiting.push(*waiting),
            Ok(Stood::Has(database)) => prepared.had.push(database),
            Err(error) => errors.push(error),
        }
    }
    let mut checks = Vec::with_capacity(prepared.waiting.len());
    for waiting in &mut prepared.waiting {
        checks.push(waiting.validate(how.removed));
    }
    errors.extend(join_all(checks).await.into_iter().filter_map(Result::err));
    if !errors.is_empty() {
        if how.dry_run {
            // What they said matters more than what they say to this.
            let _ = prepared.discard().await;
        }
        anyhow::bail!("{}\nnothing was changed in any database", together(&errors));
    }
    // What the global database gives to players, their region must know already.
    prepared
        .waiting
        .sort_by_key(|waiting| (waiting.index == 0, waiting.index));
    Ok(prepared)
}

/// How a database stood to the content.
enum Stood {
    Has(String),
    /// It is staged now.
    Lacks(Box<Waiting>),
}

async fn stage(
    client: &HostClient,
    (index, database): (u8, &str),
    content: &Content,
    how: How,
    (places, lines): (&Semaphore, &Lines),
) -> Result<Stood, PushError> {
    // Never closed.
    let _place = places.acquire().await;
    let step = lines.step(format!("staging in {database}"));
    let hash = content.hash_of(index);
    let before = version(client, database).await?;
    let has_it = before.as_ref().is_some_and(|before| before.content_hash == hash);
    if has_it && !how.force {
        step.done(format!("{database} has it already"));
        return Ok(Stood::Has(database.to_owned()));
    }
    let started = Instant::now();
    let session = Session::begin(client, database, hash.clone()).await?;
    let staged = session
        .stage(index, content, &|done, all| step.count(done, all))
        .await?;
    let staging = started.elapsed();
    let kept = match staged.kept {
        0 => String::new(),
        kept => format!(", {kept} were there from a push that did not get to its end"),
    };
    step.done(format!("{database} staged {} rows{kept}", staged.sent));
    Ok(Stood::Lacks(Box::new(Waiting {
        session,
        before,
        hash,
        index,
        staged,
        staging,
        in_use: None,
    })))
}

impl Waiting {
    /// Its name.
    pub fn database(&self) -> &str {
        self.session.database()
    }

    async fn validate(&mut self, removed: Removed) -> Result<(), PushError> {
        if removed == Removed::Replace {
            // Asked first so that it can be said what is replaced.
            match self.session.validate(Removed::Refuse).await {
                Err(PushError {
                    cause: Cause::Refused(refusal),
                    ..
                }) if refusal.is(IN_USE) => self.in_use = Some(refusal),
                other => return other,
            }
        }
        self.session.validate(removed).await
    }

    /// Whether the database has the new content although its answer did not come; `None` when that cannot be known.
    async fn settle(&self, client: &HostClient, error: &SocketError) -> Option<bool> {
        let deadline = Instant::now() + SETTLE_LIMIT;
        let before = self.before.as_ref().map_or(0, |before| before.generation);
        loop {
            if let Ok(now) = version(client, self.database()).await {
                let is_new = now.is_some_and(|now| now.generation > before && now.content_hash == self.hash);
                // A commit that takes too long may still come to its end.
                let is_running = matches!(error, SocketError::Timeout { .. });
                return (is_new || !is_running).then_some(is_new);
            }
            if Instant::now() >= deadline {
                return None;
            }
            tokio::time::sleep(SETTLE_PERIOD).await;
        }
    }
}

impl Prepared<'_> {
    /// Makes it live, in one database after the other.
    ///
    /// # Errors
    /// What a database says; which have the new content and which have not. What remains, the same push again finishes.
    pub async fn commit(self, progress: Progress) -> anyhow::Result<Vec<Committed>> {
        let Self {
            client, had, waiting, ..
        } = self;
        let mut done = Vec::new();
        let mut step = None;
        let mut rest = waiting.into_iter();
        while let Some(next) = rest.next() {
            let doing = format!("committing in {}", next.database());
            match &step {
                None => step = Some(progress.step("content", doing)),
                Some(step) => step.say(doing),
            }
            let started = Instant::now();
            let result = next.session.commit(self.how.removed).await;
            let stand = match &result {
                Ok(()) => Some(true),
                Err(PushError {
                    cause: Cause::Connection(error),
                    ..
                }) => next.settle(client, error).await,
                Err(_) => Some(false),
            };
            if let (Err(error), Some(false) | None) = (&result, stand) {
                let database = next.database().to_owned();
                let (unknown, mut without) = if stand.is_none() {
                    (vec![database], vec![])
                } else {
                    (vec![], vec![database])
                };
                without.extend(rest.map(|waiting| waiting.database().to_owned()));
                let changed: Vec<String> = done.into_iter().map(|done: Committed| done.database).collect();
                return Err(stopped(error, &changed, &had, &without, &unknown));
            }
            done.push(Committed {
                database: next.database().to_owned(),
                staged: next.staged,
                staging: next.staging,
                commit: started.elapsed(),
            });
            next.session.end().await;
        }
        if let Some(step) = step {
            let names: Vec<&str> = done.iter().map(|done| done.database.as_str()).collect();
            step.done(format!("live in {}", names.join(", ")));
        }
        Ok(done)
    }

    /// Forgets what is staged, everywhere.
    ///
    /// # Errors
    /// What a database says.
    pub async fn discard(self) -> anyhow::Result<()> {
        let mut each = Vec::with_capacity(self.waiting.len());
        for waiting in &self.waiting {
            each.push(waiting.session.clear());
        }
        let errors: Vec<PushError> = join_all(each).await.into_iter().filter_map(Result::err).collect();
        if errors.is_empty() {
            return Ok(());
        }
        anyhow::bail!("{}\nnothing that is live was changed", together(&errors))
    }
}

/// What to say when the commits did not get to their end.
fn stopped(
    error: &PushError,
    changed: &[String],
    had: &[String],
    without: &[String],
    unknown: &[String],
) -> anyhow::Error {
    let mut parts = vec![error.to_string()];
    let mut say = |what: &str, names: &[String]| {
        if !names.is_empty() {
            parts.push(format!("{what} {}", names.join(", ")));
        }
    };
    say("the new content is live in", changed);
    say("it was before in", had);
    say("it is not live in", without);
    say("whether it is live is not known of", unknown);
    if changed.is_empty() && unknown.is_empty() {
        return anyhow::anyhow!("{}; this push changed nothing", parts.join("; "));
    }
    partly(format!("{}; the same command again finishes it", parts.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{code_of, FAILED, PARTLY};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn says_exactly_which_databases_have_it() {
        let error = PushError {
            database: "b".into(),
            cause: Cause::Other("it broke".into()),
        };
        let partly = stopped(&error, &names(&["a"]), &names(&["z"]), &names(&["b", "c"]), &[]);
        assert_eq!(
            partly.to_string(),
            "b: it broke; the new content is live in a; it was before in z; it is not live in b, c; the same command \
             again finishes it"
        );
        assert_eq!(code_of(&partly), PARTLY);
        let nothing = stopped(&error, &[], &names(&["z"]), &names(&["b", "c"]), &[]);
        assert!(
            nothing.to_string().ends_with("; this push changed nothing"),
            "{nothing}"
        );
        assert_eq!(code_of(&nothing), FAILED);
        let unknown = stopped(&error, &[], &[], &names(&["c"]), &names(&["b"]));
        assert!(
            unknown.to_string().contains("; whether it is live is not known of b; "),
            "{unknown}"
        );
        assert_eq!(code_of(&unknown), PARTLY);
    }
}
