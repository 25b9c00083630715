//! What the operator sees: one [`Board`] that all tasks write to, and its HTTP view.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::config::Database;
use crate::stream::{Counters, Stream};

/// Where the connection to a database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// An attempt is under way.
    Connecting,
    /// Connected and subscribed.
    Live,
    /// The last attempt failed, or the connection ended; the next attempt is due soon.
    Waiting,
}

/// One database, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct DatabaseStatus {
    /// Its index.
    pub index: u8,
    /// Its name.
    pub name: String,
    /// Where the connection stands.
    pub state: State,
    /// For how long it has stood there, in milliseconds.
    pub since_ms: u64,
    /// Why the last attempt failed or the last connection ended; absent if none ever did.
    pub last_error: Option<String>,
}

/// One stream, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct StreamView {
    /// Index of the sender.
    pub from: u8,
    /// Index of the destination.
    pub to: u8,
    /// Messages that are not done with.
    pub depth: usize,
    /// For how long this relay has known the oldest of them, in milliseconds.
    pub oldest_age_ms: u64,
    /// What the stream has done since this relay started.
    #[serde(flatten)]
    pub counters: Counters,
}

/// All of it, as shown.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// Whether every database is live.
    pub ready: bool,
    /// By index.
    pub databases: Vec<DatabaseStatus>,
    /// By sender and destination; only those that have had a message.
    pub streams: Vec<StreamView>,
}

/// Collects what all tasks report.
#[derive(Debug)]
pub struct Board {
    databases: Mutex<BTreeMap<u8, DatabaseEntry>>,
    streams: Mutex<BTreeMap<(u8, u8), Arc<StreamStatus>>>,
}

#[derive(Debug)]
struct DatabaseEntry {
    name: String,
    state: State,
    since: Instant,
    last_error: Option<String>,
}

/// The latest of one stream.
#[derive(Debug, Default)]
pub struct StreamStatus(Mutex<StreamEntry>);

#[derive(Debug, Default)]
struct StreamEntry {
    counters: Counters,
    depth: usize,
    oldest: Option<Instant>,
}

/// Every critical section here is a plain assignment or copy, so the data is whole even if the lock says otherwise.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl StreamStatus {
    /// Takes over what the stream says of itself.
    pub fn update(&self, stream: &Stream, now: Instant) {
        let oldest = stream.oldest_age(now).and_then(|age| now.checked_sub(age));
        *lock(&self.0) = StreamEntry {
            counters: stream.counters(),
            depth: stream.depth(),
            oldest,
        };
    }
}

impl Board {
    /// A board on which all of `databases` are about to be connected.
    pub fn new(databases: &[Database]) -> Self {
        let now = Instant::now();
        let entry = |database: &Database| {
            let name = database.name.clone();
            (
                database.index,
                DatabaseEntry {
                    name,
                    state: State::Connecting,
                    since: now,
                    last_error: None,
                },
            )
        };
        Self {
            databases: Mutex::new(databases.iter().map(entry).collect()),
            streams: Mutex::new(BTreeMap::new()),
        }
    }

    /// A database has changed its state, `error` being the reason. Without one the last reason stays.
    pub fn database(&self, index: u8, state: State, error: Option<String>) {
        if let Some(entry) = lock(&self.databases).get_mut(&index) {
            entry.state = state;
            entry.since = Instant::now();
            entry.last_error = error.or(entry.last_error.take());
        }
    }

    /// Where a stream reports.
    pub fn stream(&self, from: u8, to: u8) -> Arc<StreamStatus> {
        Arc::clone(lock(&self.streams).entry((from, to)).or_default())
    }

    /// Everything, as of now.
    pub fn status(&self) -> Status {
        let now = Instant::now();
        let since = |instant: Instant| millis(now.saturating_duration_since(instant));
        let databases: Vec<_> = lock(&self.databases)
            .iter()
            .map(|(index, entry)| DatabaseStatus {
                index: *index,
                name: entry.name.clone(),
                state: entry.state,
                since_ms: since(entry.since),
                last_error: entry.last_error.clone(),
            })
            .collect();
        let view = |(key, status): (&(u8, u8), &Arc<StreamStatus>)| {
            let entry = lock(&status.0);
            let oldest_age_ms = entry.oldest.map_or(0, since);
            StreamView {
                from: key.0,
                to: key.1,
                depth: entry.depth,
                oldest_age_ms,
                counters: entry.counters,
            }
        };
        let streams = lock(&self.streams).iter().map(view).collect();
        let ready = databases.iter().all(|database| database.state == State::Live);
        Status {
            ready,
            databases,
            streams,
        }
    }
}

/// The routes `/livez`, `/readyz` and `/status`.
pub fn router(board: Arc<Board>) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route(
            "/status",
            get(|Extract(board): Extract<Arc<Board>>| async move { Json(board.status()) }),
        )
        .with_state(board)
}

async fn ready(Extract(board): Extract<Arc<Board>>) -> (StatusCode, Json<Vec<DatabaseStatus>>) {
    let status = board.status();
    let code = if status.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (code, Json(status.databases))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexmarch_host::Token;

    #[test]
    fn is_ready_when_every_database_is_live() {
        let database = |index: u8| Database {
            index,
            name: format!("db-{index}"),
            url: "http://127.0.0.1:1".parse().unwrap(),
            token: Token::new("t").unwrap(),
            token_file: "token".into(),
        };
        let board = Board::new(&[database(0), database(1)]);
        assert!(!board.status().ready);
        board.database(0, State::Live, None);
        board.database(1, State::Waiting, Some("no host".into()));
        assert!(!board.status().ready);
        board.database(1, State::Live, None);
        let status = board.status();
        assert!(status.ready);
        assert_eq!(status.databases[1].last_error.as_deref(), Some("no host"));
    }

    #[test]
    fn shows_counters_beside_the_depth() {
        let board = Board::new(&[]);
        let _ = board.stream(1, 2);
        let shown = serde_json::to_value(board.status()).unwrap();
        let expected = serde_json::json!({
            "from": 1, "to": 2, "depth": 0, "oldest_age_ms": 0,
            "delivered": 0, "acked": 0, "failed": 0, "duplicates": 0, "gaps": 0,
        });
        assert_eq!(shown["streams"][0], expected);
    }
}
