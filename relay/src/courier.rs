//! Carries out what one [`Stream`] wants: one task per sender and destination, so that none delays another.
//!
//! The task never waits for anything but its next event: calls are started without waiting, and answered later.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesOrdered, StreamExt as _};
use hexmarch_host::{CallOutcome, Connection, PendingCall, SocketError};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::database::{Link, Live};
use crate::engine::{Leave, Shared};
use crate::status::StreamStatus;
use crate::stream::{Action, Reply, Settings, Side, Stream, Token};
use crate::wire::{self, Row};

/// How often to look whether an answer is overdue.
const STUCK_CHECK: Duration = Duration::from_secs(10);

/// How much more of what the sender's task says is heard before anything else is done.
const NEWS_AT_ONCE: usize = 128;

/// What a sender's task tells its couriers.
#[derive(Debug)]
pub(crate) enum FromSource {
    /// Connected; these are all rows for this courier.
    Up(Arc<Live>, Vec<Row>),
    /// A transaction changed rows for this courier.
    Rows { deletes: Vec<u64>, inserts: Vec<Row> },
    /// The connection is gone.
    Down,
    /// Whether an operator lets nothing go to this destination.
    Paused(bool),
}

type Answer = Pin<Box<dyn Future<Output = (Token, Reply)> + Send>>;
type Fetched = Pin<Box<dyn Future<Output = (Token, Result<Vec<Row>, String>)> + Send>>;

/// A connection as the courier uses it.
struct Port {
    live: Arc<Live>,
    alive: watch::Receiver<Duration>,
}

impl Port {
    fn new(live: Arc<Live>) -> Self {
        let alive = live.connection.proven_alive();
        Self { live, alive }
    }
}

struct Courier {
    stream: Stream,
    link: Link,
    source: Option<Port>,
    destination: Option<Port>,
    source_calls: FuturesOrdered<Answer>,
    destination_calls: FuturesOrdered<Answer>,
    fetches: FuturesOrdered<Fetched>,
    status: Arc<StreamStatus>,
    to: u8,
}

/// Starts the task of one stream; it ends when its inbox closes, or once it is quiet after its sender was told to leave.
pub(crate) fn start(shared: &Arc<Shared>, leave: &Leave, from: u8, to: u8, inbox: mpsc::Receiver<FromSource>) {
    let settings = shared.settings.subscribe();
    let stream = Stream::new(from, to, *settings.borrow());
    let courier = Courier {
        stream,
        link: shared.link(to),
        source: None,
        destination: None,
        source_calls: FuturesOrdered::new(),
        destination_calls: FuturesOrdered::new(),
        fetches: FuturesOrdered::new(),
        status: shared.board.stream(from, to),
        to,
    };
    leave.couriers.spawn(courier.run(inbox, settings, leave.drain.clone()));
}

impl Courier {
    async fn run(
        mut self,
        mut inbox: mpsc::Receiver<FromSource>,
        mut settings: watch::Receiver<Settings>,
        drain: CancellationToken,
    ) {
        let mut stuck = tokio::time::interval(STUCK_CHECK);
        self.link.mark_changed();
        let mut linked = true;
        let mut stopping = false;
        loop {
            let now = self.act();
            self.status.update(&self.stream, now);
            if stopping && self.stream.is_quiet() {
                return;
            }
            let wake = self.stream.wake_at(now);
            let (needs_source, needs_destination) =
                (self.stream.needs_source_clock(), self.stream.needs_destination_clock());
            tokio::select! {
                message = inbox.recv() => match message {
                    Some(message) => {
                        self.sender_says(message);
                        // What has come meanwhile goes with it, instead of a call each.
                        for _ in 0..NEWS_AT_ONCE {
                            let Ok(message) = inbox.try_recv() else { break };
                            self.sender_says(message);
                        }
                    }
                    None => return,
                },
                changed = self.link.changed(), if linked => {
                    linked = changed.is_ok();
                    self.link_changed();
                }
                Some((token, reply)) = self.destination_calls.next(), if !self.destination_calls.is_empty() => {
                    self.answered(Side::Destination, token, reply);
                }
                Some((token, reply)) = self.source_calls.next(), if !self.source_calls.is_empty() => {
                    self.answered(Side::Source, token, reply);
                }
                Some((token, rows)) = self.fetches.next(), if !self.fetches.is_empty() => {
                    self.stream.fetched(Instant::now(), token, rows);
                }
                () = tick(&mut self.source), if needs_source => self.sync_clocks(),
                () = tick(&mut self.destination), if needs_destination => self.sync_clocks(),
                () = sleep_until(wake), if wake.is_some() => {}
                _ = stuck.tick() => self.check_stuck(),
                Ok(()) = settings.changed() => self.stream.set_settings(*settings.borrow_and_update()),
                () = drain.cancelled(), if !stopping => {
                    stopping = true;
                    self.stream.stop();
                }
            }
        }
    }

    /// Hands over steps of the clocks before anything newer, so that what comes next counts from the step after it.
    fn sync_clocks(&mut self) {
        if let Some(port) = self
            .source
            .as_mut()
            .filter(|port| port.alive.has_changed().unwrap_or(false))
        {
            self.stream.source_alive(*port.alive.borrow_and_update());
        }
        if let Some(port) = self
            .destination
            .as_mut()
            .filter(|port| port.alive.has_changed().unwrap_or(false))
        {
            self.stream.destination_alive(*port.alive.borrow_and_update());
        }
    }

    fn sender_says(&mut self, message: FromSource) {
        self.sync_clocks();
        let now = Instant::now();
        match message {
            FromSource::Up(live, rows) => {
                let mut port = Port::new(live);
                // The rows count from the next step.
                port.alive.mark_unchanged();
                self.source = Some(port);
                self.stream.source_up(now, rows);
            }
            FromSource::Rows { deletes, inserts } => self.stream.source_rows(now, &deletes, inserts),
            FromSource::Down => {
                self.source = None;
                self.stream.source_down();
            }
            FromSource::Paused(paused) => self.stream.set_paused(paused),
        }
    }

    fn link_changed(&mut self) {
        let live = self.link.borrow_and_update().clone();
        match live {
            Some(live) => {
                let counter = live.counters.get(&self.stream.from()).copied().unwrap_or(0);
                self.destination = Some(Port::new(live));
                self.stream.destination_up(counter);
            }
            None => {
                self.destination = None;
                self.stream.destination_down();
            }
        }
    }

    fn answered(&mut self, side: Side, token: Token, reply: Reply) {
        self.sync_clocks();
        if let (Reply::Lost, Some(port)) = (&reply, self.port(side)) {
            // If the socket is still open, it is of no use any more; if it is not, asking changes nothing.
            if port.live.connection.ended().is_none() && self.stream.is_waiting_for(token) {
                port.live.reconnect.notify_one();
            }
        }
        self.stream.answered(Instant::now(), token, reply);
    }

    fn port(&self, side: Side) -> Option<&Port> {
        match side {
            Side::Source => self.source.as_ref(),
            Side::Destination => self.destination.as_ref(),
        }
    }

    fn check_stuck(&mut self) {
        let side = self.stream.give_up(Instant::now());
        if let Some(port) = side.and_then(|side| self.port(side)) {
            tracing::warn!(to = self.to, ?side, "an answer is overdue; connecting anew");
            port.live.reconnect.notify_one();
        }
    }

    /// Does all there is to do; returns when there was nothing left.
    fn act(&mut self) -> Instant {
        loop {
            let now = Instant::now();
            let Some(action) = self.stream.next_action(now) else {
                return now;
            };
            match action {
                Action::Call {
                    token,
                    side,
                    reducer,
                    arguments,
                    ..
                } => {
                    let Some(port) = self.port(side) else {
                        self.stream.answered(Instant::now(), token, Reply::Lost);
                        continue;
                    };
                    match port.live.connection.start_call(reducer, &arguments) {
                        Ok(call) => self.calls(side).push_back(Box::pin(outcome(token, call))),
                        Err(error) => self.answered(side, token, not_started(&error)),
                    }
                }
                Action::Fetch { token, first, last } => {
                    let connection = self.source.as_ref().map(|port| port.live.connection.clone());
                    self.fetches
                        .push_back(Box::pin(fetch(connection, token, self.to, first, last)));
                }
            }
        }
    }

    fn calls(&mut self, side: Side) -> &mut FuturesOrdered<Answer> {
        match side {
            Side::Source => &mut self.source_calls,
            Side::Destination => &mut self.destination_calls,
        }
    }
}

async fn outcome(token: Token, call: PendingCall) -> (Token, Reply) {
    let reply = match call.await {
        Ok(CallOutcome::Committed) => Reply::Committed,
        Ok(CallOutcome::Failed(text)) => Reply::Failed(text),
        Ok(CallOutcome::OutOfEnergy) => Reply::Failed("out of energy".to_owned()),
        Err(error) => not_started(&error),
    };
    (token, reply)
}

fn not_started(error: &SocketError) -> Reply {
    match error {
        SocketError::Busy => Reply::Busy,
        // The message itself is at fault, so a new connection would not help.
        SocketError::TooLarge { .. } => Reply::Failed(error.to_string()),
        _ => Reply::Lost,
    }
}

/// The range holds rows for other destinations as well, which the stream passes over.
async fn fetch(
    connection: Option<Connection>,
    token: Token,
    to: u8,
    first: u64,
    last: u64,
) -> (Token, Result<Vec<Row>, String>) {
    let Some(connection) = connection else {
        return (token, Err("not connected".to_owned()));
    };
    let query = format!(
        "SELECT * FROM {} WHERE id >= {first} AND id <= {last} AND \"to\" = {to}",
        wire::OUTBOX_TABLE
    );
    let rows = match connection.query(&query).await {
        Ok(tables) => tables
            .iter()
            .flat_map(|table| &table.inserts)
            .map(Row::decode)
            .collect::<Result<Vec<_>, _>>(),
        Err(error) => return (token, Err(error.to_string())),
    };
    (token, rows.map_err(|error| error.to_string()))
}

/// Returns when the clock of a connection has moved; never without a connection, or once it has ended.
async fn tick(port: &mut Option<Port>) {
    match port {
        // Only looks: `sync_clocks` takes the step.
        Some(port) => {
            if port.alive.changed().await.is_ok() {
                port.alive.mark_changed();
            } else {
                std::future::pending().await
            }
        }
        None => std::future::pending().await,
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}
