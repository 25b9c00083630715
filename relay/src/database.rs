//! The connection to one database: up, down and up again.
//!
//! One task per database keeps a connection, reads the outbox through it, and hands its rows to the courier of each
//! destination. Others reach the database through its [`Link`].

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hexmarch_host::{Connection, Event, Events, Options, SocketError, TableRows};
use tokio::sync::{mpsc, watch, Notify};

use crate::backoff::Backoff;
use crate::config::Database;
use crate::courier::{self, FromSource};
use crate::engine::Shared;
use crate::status::State;
use crate::wire::{self, Row};

/// Between pings. A hold passes in steps of this, so it is short beside any useful hold.
const HEARTBEAT: Duration = Duration::from_millis(250);
/// A connection that lasted for so long was a success, and the next failure starts with short delays.
const SETTLED: Duration = Duration::from_secs(5);
/// How many batches of rows wait for one courier before reading from the database stops. Couriers never wait for
/// anything but their next event, so this fills only while the machine is overloaded.
const COURIER_QUEUE: usize = 256;

/// A database that is connected.
#[derive(Debug)]
pub struct Live {
    /// For calls and queries.
    pub connection: Connection,
    /// The inbox counters at the time of connecting, by sender.
    pub counters: HashMap<u8, u64>,
    /// Asks for a new connection because this one, though open, does not work.
    pub reconnect: Notify,
}

/// How others reach a database: through the live connection, if there is one.
pub type Link = watch::Receiver<Option<Arc<Live>>>;

/// Why there is no connection, in words for the operator.
#[derive(Debug, thiserror::Error)]
enum ConnectError {
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error("{0}; is the module's {table} the one that this relay knows?", table = wire::OUTBOX_TABLE)]
    Row(#[from] hexmarch_host::bsatn::BsatnError),
}

/// The task of one database. Ends when the engine says so.
pub(crate) struct Keeper {
    config: Database,
    shared: Arc<Shared>,
    link: watch::Sender<Option<Arc<Live>>>,
    couriers: BTreeMap<u8, mpsc::Sender<FromSource>>,
    backoff: Backoff,
}

impl Keeper {
    pub(crate) fn new(config: Database, shared: Arc<Shared>, link: watch::Sender<Option<Arc<Live>>>) -> Self {
        Self {
            config,
            shared,
            link,
            couriers: BTreeMap::new(),
            backoff: Backoff::default(),
        }
    }

    /// Runs until `close` says so; then says goodbye to the host.
    pub(crate) async fn run(mut self, mut close: watch::Receiver<bool>) {
        // An error means that the engine is gone, which ends this task as well.
        tokio::select! {
            () = self.keep_connected() => {}
            _ = close.wait_for(|close| *close) => {}
        }
        let live = self.link.send_replace(None);
        if let Some(live) = live {
            live.connection.close().await;
        }
    }

    async fn keep_connected(&mut self) {
        let (index, name) = (self.config.index, self.config.name.clone());
        let mut last_error = None;
        loop {
            self.set_state(State::Connecting, None);
            let error = match self.connect().await {
                Ok((live, events, rows)) => {
                    tracing::info!(database = index, name, waiting = rows.len(), "connected");
                    self.set_state(State::Live, None);
                    let since = Instant::now();
                    let reason = self.serve(live, events, rows).await;
                    if since.elapsed() >= SETTLED {
                        self.backoff.reset();
                    }
                    reason
                }
                Err(error) => error.to_string(),
            };
            let delay = self.backoff.delay();
            // A database may be away for days; the same words again are of no use.
            if last_error.as_ref() == Some(&error) {
                tracing::debug!(database = index, name, error, ?delay, "still not connected");
            } else {
                tracing::warn!(database = index, name, error, ?delay, "not connected; trying again");
            }
            self.set_state(State::Waiting, Some(error.clone()));
            last_error = Some(error);
            tokio::time::sleep(delay).await;
        }
    }

    fn set_state(&self, state: State, error: Option<String>) {
        self.shared.board.database(self.config.index, state, error);
    }

    async fn connect(&self) -> Result<(Arc<Live>, Events, Vec<Row>), ConnectError> {
        // Own results come in full all the same, and nobody's arguments are of interest.
        let options = Options {
            light: true,
            heartbeat: HEARTBEAT,
            ..Options::default()
        };
        let Database { url, name, token, .. } = &self.config;
        let (connection, events) = Connection::connect(url, name, Some(token), options).await?;
        let outbox = format!("SELECT * FROM {}", wire::OUTBOX_TABLE);
        let subscription = connection.subscribe(&[&outbox]).await?;
        let rows = inserts(subscription.rows)
            .map(|row| Row::decode(&row))
            .collect::<Result<_, _>>()?;
        let counters = connection
            .query(&format!("SELECT * FROM {}", wire::COUNTER_TABLE))
            .await?;
        let counters = inserts(counters)
            .map(|row| wire::decode_counter(&row))
            .collect::<Result<_, _>>()?;
        Ok((
            Arc::new(Live {
                connection,
                counters,
                reconnect: Notify::new(),
            }),
            events,
            rows,
        ))
    }

    /// Serves one connection to its end, and says why it ended.
    async fn serve(&mut self, live: Arc<Live>, mut events: Events, rows: Vec<Row>) -> String {
        self.link.send_replace(Some(Arc::clone(&live)));
        self.snapshot(&live, rows).await;
        let reason = loop {
            let event = tokio::select! {
                event = events.next() => event,
                () = live.reconnect.notified() => break "the host refuses calls on this connection".to_owned(),
            };
            match event {
                Some(Event::Rows(tables)) => {
                    if let Err(error) = self.rows(tables).await {
                        break error.to_string();
                    }
                }
                Some(Event::Disconnected(reason)) => break reason.to_string(),
                None => break "the connection ended".to_owned(),
            }
        };
        self.link.send_replace(None);
        self.tell_all(|_| FromSource::Down).await;
        reason
    }

    /// Every courier learns what is left for it, also those for which nothing is left.
    async fn snapshot(&mut self, live: &Arc<Live>, rows: Vec<Row>) {
        let mut by_destination: BTreeMap<u8, Vec<Row>> = BTreeMap::new();
        for row in rows {
            by_destination.entry(row.to).or_default().push(row);
        }
        for to in by_destination.keys().copied().collect::<Vec<_>>() {
            self.ensure_courier(to);
        }
        self.tell_all(|to| FromSource::Up(Arc::clone(live), by_destination.remove(&to).unwrap_or_default()))
            .await;
    }

    async fn rows(&mut self, tables: Vec<TableRows>) -> Result<(), ConnectError> {
        let mut changes: BTreeMap<u8, (Vec<u64>, Vec<Row>)> = BTreeMap::new();
        for table in tables.into_iter().filter(|table| table.table == wire::OUTBOX_TABLE) {
            for row in &table.deletes {
                let row = Row::decode(row)?;
                changes.entry(row.to).or_default().0.push(row.id);
            }
            for row in &table.inserts {
                let row = Row::decode(row)?;
                changes.entry(row.to).or_default().1.push(row);
            }
        }
        for (to, (deletes, inserts)) in changes {
            // A new courier must begin with everything that is in the outbox for it, and that is what just came.
            if self.ensure_courier(to) {
                let live = self.link.borrow().clone();
                if let Some(live) = live {
                    self.tell(to, FromSource::Up(live, Vec::new())).await;
                }
            }
            self.tell(to, FromSource::Rows { deletes, inserts }).await;
        }
        Ok(())
    }

    /// True if the courier is new.
    fn ensure_courier(&mut self, to: u8) -> bool {
        if self.couriers.contains_key(&to) {
            return false;
        }
        let (sender, inbox) = mpsc::channel(COURIER_QUEUE);
        self.couriers.insert(to, sender);
        courier::start(&self.shared, self.config.index, to, inbox);
        true
    }

    async fn tell(&self, to: u8, message: FromSource) {
        if let Some(courier) = self.couriers.get(&to) {
            // An error means that the courier has stopped, as the relay is about to.
            let _ = courier.send(message).await;
        }
    }

    async fn tell_all(&self, mut message: impl FnMut(u8) -> FromSource) {
        for to in self.couriers.keys() {
            self.tell(*to, message(*to)).await;
        }
    }
}

fn inserts(tables: Vec<TableRows>) -> impl Iterator<Item = bytes::Bytes> {
    tables.into_iter().flat_map(|table| table.inserts)
}
