//! A host that knows what the relay asks for, and nothing else: several databases, over HTTP and `v1.bsatn`, whose
//! faults a test chooses. It stands for the host's manners, not for its rules: whether those are as here is what the
//! tests on a real host are for.

pub mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use hexmarch_relay::config::Database;
use hexmarch_relay::wire as relay_wire;
use serde_json::{json, Value};
use tokio::sync::{broadcast, watch};
use wire::Request;

/// The owner's token, unless a test says otherwise.
pub const TOKEN: &str = "owner";
/// A token that the host knows, of somebody who owns nothing.
pub const OTHER_TOKEN: &str = "other";
/// How long anything may take that is awaited.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What a test may do to a database.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The module has no outbox.
    pub no_outbox: bool,
    /// The module has no table of pauses, as older ones.
    pub no_pauses: bool,
    /// The owner lacks the role.
    pub no_role: bool,
    /// The module lets in nobody but the owner: the host drops the socket of others.
    pub refuses_others: bool,
    /// Its settings were never loaded.
    pub not_configured: bool,
    /// The host can begin nothing on sockets that are open, as version 1.3.0 after a publish.
    pub published: bool,
    /// What it is in its own view, if not what it was made as.
    pub own_index: Option<u8>,
}

/// One database.
#[derive(Debug)]
pub struct Fake {
    index: u8,
    outbox: BTreeMap<u64, Bytes>,
    paused: BTreeSet<u8>,
    counters: BTreeMap<u8, u64>,
    /// Ids in the order in which they took effect.
    pub delivered: Vec<u64>,
    /// Ids of messages on record as failed.
    pub failed: Vec<u64>,
    /// How often somebody connected.
    pub connections: u64,
    /// What is wrong with it.
    pub faults: Faults,
    changes: broadcast::Sender<Bytes>,
}

/// All databases by name.
type Shared = Arc<Mutex<BTreeMap<String, Fake>>>;

/// A running host.
pub struct FakeHost {
    url: String,
    databases: Shared,
    /// Moves whenever a database has changed.
    moved: watch::Sender<u64>,
}

#[derive(Clone)]
struct Served {
    databases: Shared,
    moved: watch::Sender<u64>,
}

fn lock(databases: &Shared) -> MutexGuard<'_, BTreeMap<String, Fake>> {
    databases.lock().unwrap()
}

/// The name of the database that was made with this index.
pub fn name(index: u8) -> String {
    format!("db-{index}")
}

impl FakeHost {
    /// With databases of these indices.
    pub async fn start(indices: &[u8]) -> Self {
        let fake = |index: &u8| {
            let fake = Fake {
                index: *index,
                outbox: BTreeMap::new(),
                paused: BTreeSet::new(),
                counters: BTreeMap::new(),
                delivered: Vec::new(),
                failed: Vec::new(),
                connections: 0,
                faults: Faults::default(),
                changes: broadcast::channel(64).0,
            };
            (name(*index), fake)
        };
        let databases: Shared = Arc::new(Mutex::new(indices.iter().map(fake).collect()));
        let moved = watch::Sender::new(0);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = Served {
            databases: Arc::clone(&databases),
            moved: moved.clone(),
        };
        let router = Router::new()
            .route("/v1/ping", get(|| async {}))
            .route("/v1/identity/:identity/verify", get(verify))
            .route("/v1/database/:name", get(info))
            .route("/v1/database/:name/schema", get(schema))
            .route("/v1/database/:name/sql", post(sql))
            .route("/v1/database/:name/subscribe", get(subscribe))
            .with_state(served);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, databases, moved }
    }

    /// How to reach the database that was made with this index.
    pub fn database(&self, index: u8) -> Database {
        Database {
            index,
            name: name(index),
            url: self.url.parse().unwrap(),
            token: hexmarch_host::Token::new(TOKEN).unwrap(),
            token_file: "token".into(),
        }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Looks at a database, or changes it.
    pub fn with<T>(&self, index: u8, act: impl FnOnce(&mut Fake) -> T) -> T {
        let done = act(lock(&self.databases).get_mut(&name(index)).unwrap());
        self.moved.send_modify(|moves| *moves += 1);
        done
    }

    /// Puts a message that need not wait into an outbox.
    pub fn send(&self, from: u8, id: u64, to: u8) {
        self.put(from, id, wire::row(id, to));
    }

    /// Puts any bytes into an outbox.
    pub fn put(&self, from: u8, id: u64, row: Bytes) {
        self.with(from, |fake| {
            fake.outbox.insert(id, row.clone());
            fake.tell(relay_wire::OUTBOX_TABLE, &[], &[row]);
        });
    }

    /// Pauses or resumes, as the reducer would.
    pub fn set_paused(&self, from: u8, to: u8, paused: bool) {
        self.with(from, |fake| {
            let row = [Bytes::from(vec![to])];
            if paused && fake.paused.insert(to) {
                fake.tell(hexmarch_relay::control::PAUSE_TABLE, &[], &row);
            } else if !paused && fake.paused.remove(&to) {
                fake.tell(hexmarch_relay::control::PAUSE_TABLE, &row, &[]);
            }
        });
    }

    /// Returns once a database is as `wanted`.
    pub async fn until(&self, index: u8, what: &str, wanted: impl Fn(&Fake) -> bool) {
        let mut moved = self.moved.subscribe();
        let reached = async {
            loop {
                moved.mark_unchanged();
                if wanted(&lock(&self.databases)[&name(index)]) {
                    return;
                }
                moved.changed().await.unwrap();
            }
        };
        assert!(
            tokio::time::timeout(PATIENCE, reached).await.is_ok(),
            "not {what}: {:?}",
            lock(&self.databases)[&name(index)]
        );
    }
}

impl Fake {
    fn tell(&self, table: &str, deletes: &[Bytes], inserts: &[Bytes]) {
        // Nobody may be connected.
        let _ = self.changes.send(wire::light(table, deletes, inserts));
    }

    /// Whether its outbox is empty.
    pub fn is_done(&self) -> bool {
        self.outbox.is_empty()
    }

    fn own_index(&self) -> u8 {
        self.faults.own_index.unwrap_or(self.index)
    }

    /// The rows of `SELECT * FROM <table>`, or why there are none.
    fn rows(&self, query: &str, is_owner: bool) -> Result<(String, Vec<Bytes>), String> {
        let table = query.split_whitespace().nth(3).unwrap_or_default();
        let rows = match table {
            relay_wire::OUTBOX_TABLE if is_owner && !self.faults.no_outbox => self.outbox.values().cloned().collect(),
            relay_wire::PLACE_TABLE => vec![wire::place(self.own_index())],
            relay_wire::COUNTER_TABLE if is_owner && query.contains("WHERE") => Vec::new(),
            relay_wire::COUNTER_TABLE if is_owner => self
                .counters
                .iter()
                .map(|(from, id)| wire::counter(*from, *id))
                .collect(),
            hexmarch_relay::control::PAUSE_TABLE if is_owner && !self.faults.no_pauses => {
                self.paused.iter().map(|to| Bytes::from(vec![*to])).collect()
            }
            _ => {
                return Err(format!(
                    "no such table: `{table}`. If the table exists, it may be marked private."
                ))
            }
        };
        Ok((table.to_owned(), rows))
    }

    fn call(&mut self, reducer: &str, arguments: &Bytes, is_owner: bool) -> Result<(), String> {
        if self.faults.no_role || !is_owner {
            return Err("access.role|Relay".into());
        }
        if self.faults.not_configured {
            return Err("access.not_configured".into());
        }
        match reducer {
            relay_wire::PROCESS_REDUCER => self.process(&wire::Process::read(arguments)),
            relay_wire::RECORD_FAILURE_REDUCER => {
                let (sender, id) = wire::failure(arguments);
                let counter = self.counters.entry(sender).or_default();
                if id > *counter {
                    *counter = id;
                    self.failed.push(id);
                }
                Ok(())
            }
            relay_wire::ACKNOWLEDGE_REDUCER => {
                for id in wire::results(arguments) {
                    if let Some(row) = self.outbox.remove(&id) {
                        self.tell(relay_wire::OUTBOX_TABLE, &[row], &[]);
                    }
                }
                Ok(())
            }
            other => panic!("nobody calls {other}"),
        }
    }

    fn process(&mut self, process: &wire::Process) -> Result<(), String> {
        let counter = self.counters.entry(process.sender).or_default();
        if let Some(id) = process.ids.iter().find(|id| self.failed.contains(*id)) {
            return Err(match process.ids.len() {
                1 => "inter_module.failed|unreadable".to_owned(),
                _ => format!("inter_module.batch|{id}|inter_module.failed|unreadable"),
            });
        }
        let fresh: Vec<u64> = process.ids.iter().copied().filter(|id| id > counter).collect();
        if !fresh.is_empty() && process.previous != *counter {
            return Err(format!("inter_module.gap|{counter}"));
        }
        *counter = fresh.last().copied().unwrap_or(*counter);
        self.delivered.extend(fresh);
        Ok(())
    }
}

/// Whether the token is the owner's; `None` for one that the host does not know.
fn is_owner(headers: &HeaderMap) -> Option<bool> {
    let given = headers.get("authorization").and_then(|value| value.to_str().ok());
    match given.and_then(|given| given.strip_prefix("Bearer ")) {
        Some(TOKEN) => Some(true),
        Some(OTHER_TOKEN) | None => Some(false),
        Some(_) => None,
    }
}

fn unknown_token() -> Response {
    (StatusCode::UNAUTHORIZED, "TokenError(InvalidToken)").into_response()
}

async fn info(State(served): State<Served>, Path(name): Path<String>) -> Response {
    match lock(&served.databases).get(&name) {
        Some(fake) => Json(json!({
            "database_identity": { "__identity__": format!("0x{}", fake.own_index()) },
            "owner_identity": { "__identity__": format!("0x{}", wire::identity(true)) },
        }))
        .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether the token is this identity's.
async fn verify(headers: HeaderMap, Path(identity): Path<String>) -> Response {
    match is_owner(&headers) {
        None => unknown_token(),
        Some(is_owner) if identity == wire::identity(is_owner) => StatusCode::NO_CONTENT.into_response(),
        Some(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn schema(State(served): State<Served>, Path(name): Path<String>) -> Response {
    let databases = lock(&served.databases);
    let Some(fake) = databases.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let outbox = if fake.faults.no_outbox {
        "another"
    } else {
        relay_wire::OUTBOX_TABLE
    };
    Json(wire::schema(outbox, !fake.faults.no_pauses)).into_response()
}

/// Only ever asked to count dead letters.
async fn sql(headers: HeaderMap, query: String) -> Response {
    if is_owner(&headers).is_none() {
        return unknown_token();
    }
    assert!(query.starts_with("SELECT COUNT(*)"), "{query}");
    let count: Value = json!([{
        "schema": { "elements": [{ "name": { "some": "n" }, "algebraic_type": { "U64": [] } }] },
        "rows": [[2]],
    }]);
    Json(count).into_response()
}

async fn subscribe(
    State(served): State<Served>,
    Path(name): Path<String>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(is_owner) = is_owner(&headers) else {
        return unknown_token();
    };
    if !lock(&served.databases).contains_key(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    upgrade
        .protocols(["v1.bsatn.spacetimedb"])
        .on_upgrade(move |socket| serve(served, name, is_owner, socket))
}

async fn serve(served: Served, name: String, is_owner: bool, mut socket: WebSocket) {
    let (mut changes, connection) = {
        let mut databases = lock(&served.databases);
        let fake = databases.get_mut(&name).unwrap();
        if fake.faults.refuses_others && !is_owner {
            return;
        }
        fake.connections += 1;
        (fake.changes.subscribe(), fake.connections)
    };
    served.moved.send_modify(|moves| *moves += 1);
    let published = lock(&served.databases)[&name].faults.published;
    let mut answers = vec![wire::hello(is_owner, connection)];
    loop {
        for answer in answers.drain(..) {
            if socket.send(Message::Binary(answer.to_vec())).await.is_err() {
                return;
            }
        }
        tokio::select! {
            change = changes.recv() => answers.extend(change.ok()),
            message = socket.recv() => match message {
                Some(Ok(Message::Binary(bytes))) => {
                    let request = Request::read(&Bytes::from(bytes));
                    let mut databases = lock(&served.databases);
                    let fake = databases.get_mut(&name).unwrap();
                    // A socket that was opened after the publish works.
                    let is_dead = fake.faults.published && !published;
                    answers.push(answer(fake, request, is_owner, is_dead, connection));
                    drop(databases);
                    served.moved.send_modify(|moves| *moves += 1);
                    while let Ok(change) = changes.try_recv() {
                        answers.push(change);
                    }
                }
                Some(Ok(_)) => {}
                _ => return,
            },
        }
    }
}

fn answer(fake: &mut Fake, request: Request, is_owner: bool, is_dead: bool, connection: u64) -> Bytes {
    match request {
        _ if is_dead => wire::not_begun("<none>", "no such module", connection),
        Request::Call {
            reducer,
            arguments,
            request,
        } => {
            if reducer == relay_wire::PROCESS_REDUCER && !wire::Process::is_readable(&arguments) {
                let error = format!("invalid arguments for reducer {reducer}: unknown tag");
                return wire::not_begun(&reducer, &error, connection);
            }
            let outcome = fake.call(&reducer, &arguments, is_owner);
            wire::called(&reducer, &arguments, request, outcome, connection)
        }
        Request::Query { message_id, query } => wire::queried(&message_id, fake.rows(&query, is_owner)),
        Request::Subscribe {
            query,
            request,
            subscription,
        } => wire::subscribed(request, subscription, fake.rows(&query, is_owner)),
    }
}
