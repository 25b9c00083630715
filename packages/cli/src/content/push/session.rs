//! One push into one database: over one websocket, in order, with several calls under way at once.
//!
//! What is staged outlives the connection. The database remembers under which hash of content it was staged and how many
//! rows of each table there are; rows go up in the order of their keys, so a later push of the same content goes on where
//! this one stopped.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use hexmarch_host::{CallOutcome, Connection, Events, HostClient, HostError, Options, PendingCall, SocketError};
use tokio::time::Instant;

use super::batch::{batches, encode};
use super::refusal::{Cause, PushError, Refusal};
use crate::content::text::order;
use crate::content::{Content, Row};
use crate::sql;

/// Calls under way at once: enough that the database never waits for us.
pub const MAX_CALLS: usize = 8;
/// For the answer to one call. Validating and committing a big world's content is one call each.
const ANSWER_LIMIT: Duration = Duration::from_secs(120);
/// How long a push that seems to be under way may turn out to have just ended.
const TAKE_OVER_LIMIT: Duration = Duration::from_secs(3);
const PUSH_IN_PROGRESS: &str = "static_data.push_in_progress";
/// Time between two attempts to begin.
const TAKE_OVER_PERIOD: Duration = Duration::from_millis(250);

/// What becomes of live rows that hold content which would be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Removed {
    /// Refuse to commit while there are any
    #[default]
    Refuse,
    /// Replace it in them by its successor, from content_successor_desc
    Replace,
}

impl Removed {
    /// As reducers take it.
    fn bsatn(self) -> [u8; 1] {
        match self {
            Self::Refuse => [0],
            Self::Replace => [1],
        }
    }
}

/// What is live in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Rises with each commit.
    pub generation: u64,
    /// The hash that the push said.
    pub content_hash: String,
}

/// What is live in a database; `None` before its first commit.
///
/// # Errors
/// When it cannot be asked, or its module has no content.
pub async fn version(client: &HostClient, database: &str) -> Result<Option<Version>, PushError> {
    let rows = select(
        client,
        database,
        "SELECT generation, content_hash FROM static_data_version",
    )
    .await?;
    let row = rows.first();
    let generation = row
        .and_then(|row| row.get("generation"))
        .and_then(|value| value.as_u64());
    let hash = row
        .and_then(|row| row.get("content_hash"))
        .and_then(|value| value.as_str());
    Ok(generation.zip(hash).map(|(generation, hash)| Version {
        generation,
        content_hash: hash.to_owned(),
    }))
}

async fn select(
    client: &HostClient,
    database: &str,
    query: &str,
) -> Result<Vec<serde_json::Map<String, serde_json::Value>>, PushError> {
    let rows = sql::select(client, database, query).await;
    let rows = rows.map_err(|error| match error.downcast_ref::<HostError>() {
        Some(HostError::Refused { text, .. }) => failed(database, Cause::OtherModule(text.clone())),
        _ => failed(database, Cause::Other(format!("{error:#}"))),
    })?;
    Ok(rows.objects())
}

fn failed(database: &str, cause: Cause) -> PushError {
    PushError {
        database: database.to_owned(),
        cause,
    }
}

/// How staging went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Staged {
    /// Rows sent.
    pub sent: usize,
    /// Rows that an earlier push had staged already.
    pub kept: usize,
}

/// A push under way into one database. Dropped, it leaves what is staged.
#[derive(Debug)]
pub struct Session {
    client: HostClient,
    database: String,
    connection: Connection,
    hash: String,
    _events: Events,
}

impl Session {
    /// Takes the staging area of a database for content of this hash.
    ///
    /// # Errors
    /// When the database cannot be reached, another push is under way, or we are no admin.
    pub async fn begin(client: &HostClient, database: &str, hash: String) -> Result<Self, PushError> {
        let opened = Connection::connect(client.url(), database, client.token(), Options::default()).await;
        let (connection, events) = opened.map_err(|error| failed(database, Cause::Connection(error)))?;
        let session = Self {
            client: client.clone(),
            database: database.to_owned(),
            connection,
            hash,
            _events: events,
        };
        let deadline = Instant::now() + TAKE_OVER_LIMIT;
        loop {
            match session.take().await {
                // The host may not have noticed yet that the process which pushed before is gone.
                Err(error) if error.is_refusal(PUSH_IN_PROGRESS) && Instant::now() < deadline => {
                    tokio::time::sleep(TAKE_OVER_PERIOD).await;
                }
                other => return other.map(|()| session),
            }
        }
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.database
    }

    async fn take(&self) -> Result<(), PushError> {
        let mut arguments = u32::try_from(self.hash.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes()
            .to_vec();
        arguments.extend_from_slice(self.hash.as_bytes());
        self.call("begin_static_data_push", &arguments).await
    }

    /// Stages what the database with this index holds. `progress` hears of rows done and rows in all.
    ///
    /// # Errors
    /// What the database refuses, or how the connection ended.
    pub async fn stage(&self, index: u8, content: &Content, progress: &impl Fn(u64, u64)) -> Result<Staged, PushError> {
        let tables: Vec<(&str, Vec<&Row>)> = content
            .of(index)
            .map(|table| (table.name, sorted(&table.rows)))
            .collect();
        let staged = self.stage_rest(&tables, progress).await?;
        if self.is_complete(&tables).await? {
            return Ok(staged);
        }
        // Staged in another order, or with a hole: a call failed while later ones did not. Rare, so simply anew.
        self.clear().await?;
        self.take().await?;
        let again = self.stage_rest(&tables, progress).await?;
        if self.is_complete(&tables).await? {
            return Ok(Staged {
                sent: staged.sent.saturating_add(again.sent),
                kept: again.kept,
            });
        }
        let text = "it has other rows staged than were sent; is somebody else staging? Push again";
        Err(failed(&self.database, Cause::Other(text.to_owned())))
    }

    /// Stages what the database does not say that it has.
    async fn stage_rest(
        &self,
        tables: &[(&str, Vec<&Row>)],
        progress: &impl Fn(u64, u64),
    ) -> Result<Staged, PushError> {
        let had = self.staged_rows().await?;
        let all: usize = tables.iter().map(|(_, rows)| rows.len()).sum();
        let mut staged = Staged::default();
        let mut under_way = UnderWay {
            session: self,
            calls: VecDeque::with_capacity(MAX_CALLS),
        };
        for (name, rows) in tables {
            let kept = had.get(*name).copied().unwrap_or(0).min(rows.len());
            staged.kept = staged.kept.saturating_add(kept);
            progress(staged.kept.saturating_add(staged.sent) as u64, all as u64);
            let reducer = format!("stage_{name}");
            for batch in batches(rows.get(kept..).unwrap_or_default()) {
                let too_many = |error| Cause::Other(format!("a batch of {name} cannot be sent ({error})"));
                let arguments = encode(batch).map_err(|error| failed(&self.database, too_many(error)))?;
                let answered = under_way.start(&reducer, &arguments, batch.len()).await?;
                staged.sent = staged.sent.saturating_add(answered);
                progress(staged.kept.saturating_add(staged.sent) as u64, all as u64);
            }
        }
        while let Some(answered) = under_way.next().await? {
            staged.sent = staged.sent.saturating_add(answered);
            progress(staged.kept.saturating_add(staged.sent) as u64, all as u64);
        }
        Ok(staged)
    }

    /// Rows staged so far, of each table.
    async fn staged_rows(&self) -> Result<HashMap<String, usize>, PushError> {
        let query = "SELECT table_name, rows FROM static_data_push_progress";
        let rows = select(&self.client, &self.database, query).await?;
        let entry = |row: serde_json::Map<String, serde_json::Value>| {
            let name = row.get("table_name")?.as_str()?.to_owned();
            Some((name, usize::try_from(row.get("rows")?.as_u64()?).ok()?))
        };
        Ok(rows.into_iter().filter_map(entry).collect())
    }

    async fn is_complete(&self, tables: &[(&str, Vec<&Row>)]) -> Result<bool, PushError> {
        let staged = self.staged_rows().await?;
        Ok(tables
            .iter()
            .all(|(name, rows)| staged.get(*name).copied().unwrap_or(0) == rows.len()))
    }

    /// Has the database check everything that is staged, and its live rows against it.
    ///
    /// # Errors
    /// What the database refuses, or how the connection ended.
    pub async fn validate(&self, removed: Removed) -> Result<(), PushError> {
        self.call("validate_staged_data", &removed.bsatn()).await
    }

    /// Swaps what is staged for what is live, in one transaction.
    ///
    /// # Errors
    /// What the database refuses; after [`Cause::Connection`] it may have committed.
    pub async fn commit(&self, removed: Removed) -> Result<(), PushError> {
        self.call("commit_staged_static_data", &removed.bsatn()).await
    }

    /// Forgets what is staged.
    ///
    /// # Errors
    /// What the database refuses, or how the connection ended.
    pub async fn clear(&self) -> Result<(), PushError> {
        self.call("clear_staged_static_data", &[]).await
    }

    /// Closes the connection.
    pub async fn end(self) {
        self.connection.close().await;
    }

    async fn call(&self, reducer: &str, arguments: &[u8]) -> Result<(), PushError> {
        let call = self.start(reducer, arguments)?;
        self.answer(reducer, call).await
    }

    fn start(&self, reducer: &str, arguments: &[u8]) -> Result<PendingCall, PushError> {
        let call = self.connection.start_call(reducer, arguments);
        call.map_err(|error| failed(&self.database, Cause::Connection(error)))
    }

    async fn answer(&self, reducer: &str, call: PendingCall) -> Result<(), PushError> {
        let answered = tokio::time::timeout(ANSWER_LIMIT, call).await;
        let outcome = answered.unwrap_or_else(|_| {
            Err(SocketError::Timeout {
                attempt: format!("call {reducer}"),
                after: ANSWER_LIMIT,
            })
        });
        let cause = match outcome {
            Ok(CallOutcome::Committed) => return Ok(()),
            Ok(CallOutcome::Failed(text)) => Cause::Refused(Refusal::parse(&text)),
            Ok(CallOutcome::OutOfEnergy) => Cause::OutOfFuel(reducer.to_owned()),
            Err(SocketError::HostRefused(text)) => Cause::OtherModule(text),
            Err(error) => Cause::Connection(error),
        };
        Err(failed(&self.database, cause))
    }
}

/// Calls that await their answers, oldest first, each with its number of rows.
struct UnderWay<'a> {
    session: &'a Session,
    calls: VecDeque<(String, usize, PendingCall)>,
}

impl UnderWay<'_> {
    /// Sends a call, after the answer to the oldest one if there are many. Returns the rows of the answered one.
    async fn start(&mut self, reducer: &str, arguments: &[u8], rows: usize) -> Result<usize, PushError> {
        let answered = if self.calls.len() >= MAX_CALLS {
            self.next().await?.unwrap_or(0)
        } else {
            0
        };
        let call = self.session.start(reducer, arguments)?;
        self.calls.push_back((reducer.to_owned(), rows, call));
        Ok(answered)
    }

    /// Awaits the oldest call and returns its rows; `None` when none is under way.
    async fn next(&mut self) -> Result<Option<usize>, PushError> {
        let Some((reducer, rows, call)) = self.calls.pop_front() else {
            return Ok(None);
        };
        self.session.answer(&reducer, call).await?;
        Ok(Some(rows))
    }
}

/// In the order of the keys: that of a file's lines may change without the content changing.
fn sorted(rows: &[Row]) -> Vec<&Row> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_unstable_by(|a, b| order(&a.key).cmp(&order(&b.key)));
    rows
}
