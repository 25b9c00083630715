//! One websocket to one database: pipelined reducer calls, subscriptions, queries.
//!
//! A [`Connection`] is a handle, cheap to clone; when the last one is dropped the socket closes. What the database
//! reports unasked arrives at [`Events`]. There is no reconnecting in here: when a connection ends every wait on it
//! ends with the reason, and whoever owns it decides what the loss means.

mod error;
mod handshake;
mod pending;
mod task;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot, watch, Semaphore};

use crate::wire::{self, TableRows};
use crate::{HostUrl, Token};
pub use error::{DisconnectReason, SocketError};
use pending::{Answer, Pending, SendError, Waiter};

/// The largest message a host takes, in bytes. A longer one would end the connection.
pub const MAX_MESSAGE_BYTES: usize = 32 * 1024 * 1024;

/// How a connection behaves. [`Options::default`] suits a client; every wait and queue has its limit here.
#[derive(Debug, Clone)]
pub struct Options {
    /// Ask for transactions without the caller's arguments. Answers to own calls come in full all the same.
    pub light: bool,
    /// Time between own pings. They keep [`Connection::proven_alive`] going.
    pub heartbeat: Duration,
    /// The connection is dead when nothing at all came for so long.
    pub silence: Duration,
    /// For establishing the connection, up to the host's first message.
    pub connect_timeout: Duration,
    /// For the answer to [`Connection::call`], [`Connection::subscribe`] and [`Connection::query`].
    pub answer_timeout: Duration,
    /// How many requests may await an answer. The host of version 1.3.0 disconnects who has more than 2048.
    pub max_pending: usize,
    /// How many events wait for [`Events::next`] before reading from the socket stops.
    pub event_queue: usize,
    /// The connection ends when an event has waited for so long, since its consumer is stuck.
    pub slow_consumer: Duration,
    /// The largest message accepted, in bytes. The first answer to a subscription holds all its rows.
    pub max_incoming_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            light: false,
            heartbeat: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(90),
            max_pending: 1024,
            event_queue: 1024,
            slow_consumer: Duration::from_secs(10),
            max_incoming_bytes: 512 * 1024 * 1024,
        }
    }
}

/// How a reducer call ended. On hosts 1.3.0 a commit is on disk up to half a second after this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutcome {
    /// The reducer returned `Ok`.
    Committed,
    /// The reducer returned this error, or trapped, or takes other arguments; its transaction is rolled back.
    Failed(String),
    /// The reducer ran out of fuel or funds; its transaction is rolled back. The host of version 1.3.0 does not
    /// answer such a call; this is then concluded from the answer to a later one, as calls are answered in order.
    OutOfEnergy,
}

/// What a database reports unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// One transaction changed subscribed rows; one entry a table.
    Rows(Vec<TableRows>),
    /// The connection is gone; the last event.
    Disconnected(DisconnectReason),
}

/// A subscription in force.
#[derive(Debug)]
pub struct Subscription {
    /// Names it in [`Connection::unsubscribe`].
    pub id: u32,
    /// All rows that match now. Transactions after this arrive as [`Event::Rows`]; events that were already waiting
    /// when this came may be older, which matters only if another subscription covers the same rows.
    pub rows: Vec<TableRows>,
}

/// A handle of one websocket. See the module.
#[derive(Debug, Clone)]
pub struct Connection {
    shared: Arc<Shared>,
    outgoing: mpsc::Sender<Bytes>,
}

/// What handles, the socket's task and [`Events`] share. It does not keep the socket open.
#[derive(Debug)]
struct Shared {
    options: Options,
    identity: String,
    connection_id: [u8; 16],
    token: Token,
    pending: Pending,
    permits: Arc<Semaphore>,
    next_subscription: AtomicU32,
    alive: watch::Sender<Duration>,
    ended: watch::Sender<Option<DisconnectReason>>,
    close: tokio::sync::Notify,
}

/// The events of one connection, in the order in which the database made them. Dropping it discards further rows.
#[derive(Debug)]
pub struct Events {
    queue: mpsc::Receiver<Event>,
    shared: Arc<Shared>,
    finished: bool,
}

/// A call on its way; a future of its outcome. Dropping it forgets the outcome, not the call.
#[derive(Debug)]
pub struct PendingCall(oneshot::Receiver<Result<CallOutcome, SocketError>>);

impl Connection {
    /// Connects to `database` of the host at `url`, as whom `token` says, or as a new identity without one.
    ///
    /// # Errors
    /// [`SocketError`]: no host, no such database, a token that the host refuses, or a module that refuses us.
    pub async fn connect(
        url: &HostUrl,
        database: &str,
        token: Option<&Token>,
        options: Options,
    ) -> Result<(Self, Events), SocketError> {
        let attempt = format!("connect to {database} on {url}");
        let limit = options.connect_timeout;
        let opened = tokio::time::timeout(limit, handshake::open(url, database, token, &options)).await;
        let (socket, hello) = opened.unwrap_or(Err(SocketError::Timeout { attempt, after: limit }))?;
        let (outgoing, requests) = mpsc::channel(options.max_pending.max(1));
        let (events, queue) = mpsc::channel(options.event_queue.max(1));
        let shared = Arc::new(Shared {
            identity: hello.identity,
            connection_id: hello.connection_id,
            token: hello.token,
            pending: Pending::default(),
            permits: Arc::new(Semaphore::new(options.max_pending.max(1))),
            next_subscription: AtomicU32::new(1),
            alive: watch::Sender::new(Duration::ZERO),
            ended: watch::Sender::new(None),
            close: tokio::sync::Notify::new(),
            options,
        });
        tokio::spawn(task::run(socket, Arc::clone(&shared), requests, events));
        let events = Events {
            queue,
            shared: Arc::clone(&shared),
            finished: false,
        };
        Ok((Self { shared, outgoing }, events))
    }

    /// Our identity in hexadecimal digits.
    pub fn identity(&self) -> &str {
        &self.shared.identity
    }

    /// The token of our identity; a new one if we connected without.
    pub fn token(&self) -> &Token {
        &self.shared.token
    }

    /// Calls a reducer with its arguments in BSATN, one after the other, and awaits the outcome.
    ///
    /// # Errors
    /// [`SocketError`]; after [`SocketError::Timeout`] and [`SocketError::Disconnected`] the call may still have
    /// taken effect.
    pub async fn call(&self, reducer: &str, arguments: &[u8]) -> Result<CallOutcome, SocketError> {
        let permit = self.permit().await?;
        let call = self.begin_call(reducer, arguments, permit)?;
        self.within(|| format!("call {reducer}"), call).await
    }

    /// Sends a call without awaiting anything; calls reach the database in the order of these calls.
    ///
    /// # Errors
    /// [`SocketError::Busy`] when [`Options::max_pending`] requests await their answers,
    /// [`SocketError::TooLarge`], or [`SocketError::Disconnected`].
    pub fn start_call(&self, reducer: &str, arguments: &[u8]) -> Result<PendingCall, SocketError> {
        let permit = Arc::clone(&self.shared.permits)
            .try_acquire_owned()
            .map_err(|_| SocketError::Busy)?;
        self.begin_call(reducer, arguments, permit)
    }

    /// Subscribes to several queries at once and awaits the rows that match now.
    ///
    /// # Errors
    /// [`SocketError::Query`] with the host's words when a query is wrong or not allowed.
    pub async fn subscribe(&self, queries: &[&str]) -> Result<Subscription, SocketError> {
        let id = self.shared.next_subscription.fetch_add(1, Ordering::Relaxed);
        let rows = self
            .ask("subscribe", |request| wire::encode_subscribe(queries, request, id))
            .await?;
        Ok(Subscription { id, rows })
    }

    /// Ends a subscription and returns the rows that it covered.
    ///
    /// # Errors
    /// [`SocketError::Query`] when there is no such subscription.
    pub async fn unsubscribe(&self, id: u32) -> Result<Vec<TableRows>, SocketError> {
        self.ask("unsubscribe", |request| wire::encode_unsubscribe(request, id))
            .await
    }

    /// Runs one query, whole rows of one table, and awaits its rows as inserts.
    ///
    /// # Errors
    /// [`SocketError::Query`] with the host's words when the query is wrong or not allowed.
    pub async fn query(&self, query: &str) -> Result<Vec<TableRows>, SocketError> {
        self.ask("query", |request| wire::encode_query(query, request)).await
    }

    /// For how long this connection is proven to have been unbroken: grows with every answered ping, by the time
    /// since the one before but at most twice [`Options::heartbeat`], so that neither a frozen host nor a frozen
    /// process of ours lets it grow.
    pub fn proven_alive(&self) -> watch::Receiver<Duration> {
        self.shared.alive.subscribe()
    }

    /// Why the connection ended, or `None` while it lasts.
    pub fn ended(&self) -> Option<DisconnectReason> {
        self.shared.ended.borrow().clone()
    }

    /// Sends what is queued, closes the socket for all handles, and returns when it is closed.
    pub async fn close(&self) {
        self.shared.close.notify_one();
        let mut ended = self.shared.ended.subscribe();
        // An error would mean that the sender is gone, and it is our own.
        let _ = ended.wait_for(Option::is_some).await;
    }

    async fn permit(&self) -> Result<tokio::sync::OwnedSemaphorePermit, SocketError> {
        let permits = Arc::clone(&self.shared.permits);
        self.within(
            || "send a request, since too many await their answers".to_owned(),
            async { permits.acquire_owned().await.map_err(|_| self.shared.disconnected()) },
        )
        .await
    }

    async fn within<T>(
        &self,
        attempt: impl FnOnce() -> String,
        wait: impl Future<Output = Result<T, SocketError>>,
    ) -> Result<T, SocketError> {
        let after = self.shared.options.answer_timeout;
        match tokio::time::timeout(after, wait).await {
            Ok(result) => result,
            Err(_) => Err(SocketError::Timeout {
                attempt: attempt(),
                after,
            }),
        }
    }

    fn begin_call(
        &self,
        reducer: &str,
        arguments: &[u8],
        permit: tokio::sync::OwnedSemaphorePermit,
    ) -> Result<PendingCall, SocketError> {
        let (done, outcome) = oneshot::channel();
        let answer = Answer::Call {
            reducer: reducer.into(),
            arguments: arguments.into(),
            done,
        };
        self.send(Waiter::new(answer, permit), |request| {
            wire::encode_call(reducer, arguments, request)
        })?;
        Ok(PendingCall(outcome))
    }

    async fn ask(&self, what: &str, encode: impl FnOnce(u32) -> Bytes) -> Result<Vec<TableRows>, SocketError> {
        let permit = self.permit().await?;
        let (done, rows) = oneshot::channel();
        self.send(Waiter::new(Answer::Rows { done }, permit), encode)?;
        let rows = async { rows.await.unwrap_or_else(|_| Err(self.shared.disconnected())) };
        self.within(|| what.to_owned(), rows).await
    }

    fn send(&self, waiter: Waiter, encode: impl FnOnce(u32) -> Bytes) -> Result<(), SocketError> {
        self.shared
            .pending
            .send(waiter, encode, &self.outgoing)
            .map_err(|error| match error {
                SendError::Closed => self.shared.disconnected(),
                SendError::TooLarge(bytes) => SocketError::TooLarge {
                    bytes,
                    limit: MAX_MESSAGE_BYTES,
                },
            })
    }
}

impl Shared {
    fn disconnected(&self) -> SocketError {
        SocketError::Disconnected(self.ended.borrow().clone().unwrap_or(DisconnectReason::ClosedByUs))
    }

    /// Ends every wait with `reason`. The first reason stays.
    fn end(&self, reason: DisconnectReason) {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            ended.get_or_insert(reason);
            first
        });
        self.permits.close();
        for answer in self.pending.close() {
            answer.fail(self.disconnected());
        }
    }
}

impl Events {
    /// The next event; [`Event::Disconnected`] once at the end, then `None`. Safe to drop while it waits.
    pub async fn next(&mut self) -> Option<Event> {
        if self.finished {
            return None;
        }
        if let Some(event) = self.queue.recv().await {
            return Some(event);
        }
        self.finished = true;
        let reason = self.shared.ended.borrow().clone();
        Some(Event::Disconnected(reason.unwrap_or(DisconnectReason::ClosedByUs)))
    }
}

impl Future for PendingCall {
    type Output = Result<CallOutcome, SocketError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|outcome| {
            // The sender is only dropped unanswered when the runtime itself goes away.
            outcome.unwrap_or(Err(SocketError::Disconnected(DisconnectReason::ClosedByUs)))
        })
    }
}
