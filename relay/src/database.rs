//! The connection to one database: up, down and up again.
//!
//! One task per database keeps a connection, reads the outbox through it, and hands its rows to the courier of each
//! destination. Others reach the database through its [`Link`].

mod connect;
mod probe;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hexmarch_host::{Connection, DisconnectReason, Event, Events, TableRows};
use tokio::sync::{mpsc, watch, Notify};

use crate::backoff::{Backoff, SETTLED};
use crate::config::Database;
use crate::control::PAUSE_TABLE;
use crate::courier::{self, FromSource};
use crate::engine::{Leave, Shared};
use crate::fault::{self, Fault};
use crate::status::State;
use crate::wire::{self, Row};
use connect::Connected;

/// How many batches of rows wait for one courier before reading from the database stops. Couriers never wait for
/// anything but their next event, so this fills only while the machine is overloaded.
const COURIER_QUEUE: usize = 256;
/// How often the task says that it goes round.
const STAMP: Duration = Duration::from_secs(1);

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
/// Where the database's own task puts it.
pub(crate) type LinkEnd = watch::Sender<Option<Arc<Live>>>;

/// Why a connection ended, or did not begin.
enum End {
    /// Another one is wanted.
    Reconfigured,
    /// The host refuses requests on it, as version 1.3.0 does after a publish: a new one works at once.
    Refused(String),
    /// Anything else.
    Lost(String),
}

/// The task of one database. Ends when the engine says so.
pub(crate) struct Keeper {
    index: u8,
    config: watch::Receiver<Database>,
    shared: Arc<Shared>,
    link: LinkEnd,
    leave: Leave,
    couriers: BTreeMap<u8, mpsc::Sender<FromSource>>,
    /// Destinations to which an operator lets nothing go.
    paused: BTreeSet<u8>,
    backoff: Backoff,
}

impl Keeper {
    pub(crate) fn new(
        index: u8,
        config: watch::Receiver<Database>,
        shared: Arc<Shared>,
        link: LinkEnd,
        leave: Leave,
    ) -> Self {
        Self {
            index,
            config,
            shared,
            link,
            leave,
            couriers: BTreeMap::new(),
            paused: BTreeSet::new(),
            backoff: Backoff::default(),
        }
    }

    /// Runs until told to leave; then says goodbye to the host.
    pub(crate) async fn run(mut self) {
        let close = self.leave.close.clone();
        tokio::select! {
            () = self.keep_connected() => {}
            () = close.cancelled() => {}
        }
        let live = self.link.send_replace(None);
        if let Some(live) = live {
            live.connection.close().await;
        }
    }

    async fn keep_connected(&mut self) {
        let index = self.index;
        let mut last_error = None;
        loop {
            let database = self.config.borrow_and_update().clone();
            self.shared.board.add(&database);
            let (error, delay) = match self.connect_and_serve(&database).await {
                End::Reconfigured => {
                    tracing::info!(database = index, "configured anew; connecting again");
                    self.backoff.reset();
                    continue;
                }
                End::Refused(error) if self.backoff.refused_again(Instant::now()) => {
                    let error = stamping(&self.shared, index, fault::of_refusal(&database, error)).await;
                    (error, self.backoff.delay())
                }
                End::Refused(error) | End::Lost(error) => (error, self.backoff.delay()),
            };
            let name = &database.name;
            // A database may be away for days; the same words again are of no use.
            if last_error.as_ref() == Some(&error) {
                tracing::debug!(database = index, name, error, ?delay, "still not connected");
            } else {
                tracing::warn!(database = index, name, error, ?delay, "not connected; trying again");
            }
            self.set_state(State::Waiting, Some(error.clone()));
            last_error = Some(error);
            let pause = tokio::time::sleep(delay);
            tokio::select! {
                () = stamping(&self.shared, index, pause) => {}
                () = changed(&mut self.config) => self.backoff.reset(),
            }
        }
    }

    async fn connect_and_serve(&mut self, database: &Database) -> End {
        let index = self.index;
        self.set_state(State::Connecting, None);
        let connected = tokio::select! {
            connected = stamping(&self.shared, index, connect::connect(database)) => connected,
            () = changed(&mut self.config) => return End::Reconfigured,
        };
        match connected {
            Ok(connected) => {
                let (name, waiting) = (&database.name, connected.rows.len());
                tracing::info!(database = index, name, waiting, "connected");
                self.set_state(State::Live, None);
                let since = Instant::now();
                let end = self.serve(database, connected).await;
                if since.elapsed() >= SETTLED {
                    self.backoff.reset();
                }
                end
            }
            Err(fault) => End::Lost(fault.to_string()),
        }
    }

    fn set_state(&self, state: State, error: Option<String>) {
        self.shared.board.database(self.index, state, error);
    }

    /// Serves one connection to its end.
    async fn serve(&mut self, database: &Database, connected: Connected) -> End {
        let Connected {
            live,
            mut events,
            rows,
            paused,
        } = connected;
        self.link.send_replace(Some(Arc::clone(&live)));
        self.paused = paused;
        let end = match self.snapshot(&live, rows).await {
            Ok(()) => self.events(database, &live, &mut events).await,
            Err(fault) => End::Lost(fault.to_string()),
        };
        self.link.send_replace(None);
        for courier in self.couriers.values() {
            // An error means that the courier has stopped, which is as good.
            let _ = courier.send(FromSource::Down).await;
        }
        end
    }

    async fn events(&mut self, database: &Database, live: &Live, events: &mut Events) -> End {
        let board = Arc::clone(&self.shared.board);
        let probe = probe::watch(database, &live.connection, &board);
        tokio::pin!(probe);
        let mut stamp = tokio::time::interval(STAMP);
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                () = live.reconnect.notified() => {
                    return End::Refused("the host refuses calls on this connection".to_owned());
                }
                end = &mut probe => return end,
                () = changed(&mut self.config) => return End::Reconfigured,
                _ = stamp.tick() => {
                    board.stamp(self.index);
                    continue;
                }
            };
            match event {
                Some(Event::Rows(tables)) => {
                    if let Err(fault) = self.tables(database, tables).await {
                        return End::Lost(fault.to_string());
                    }
                }
                Some(Event::Disconnected(reason @ DisconnectReason::HostRefused(_))) => {
                    return End::Refused(reason.to_string());
                }
                Some(Event::Disconnected(reason)) => return End::Lost(reason.to_string()),
                None => return End::Lost("the connection ended".to_owned()),
            }
        }
    }

    /// Every courier learns what is left for it, also those for which nothing is left.
    async fn snapshot(&mut self, live: &Arc<Live>, rows: Vec<Row>) -> Result<(), Fault> {
        let mut by_destination: BTreeMap<u8, Vec<Row>> = BTreeMap::new();
        for row in rows {
            by_destination.entry(row.to).or_default().push(row);
        }
        // A paused one is shown to the operator even without messages, if there is such a destination.
        let paused = self.paused.iter().copied().filter(|to| self.shared.board.has(*to));
        for to in by_destination.keys().copied().chain(paused).collect::<Vec<_>>() {
            self.ensure_courier(to);
        }
        for to in self.couriers.keys().copied().collect::<Vec<_>>() {
            let paused = FromSource::Paused(self.paused.contains(&to));
            self.tell(to, paused).await?;
            let rows = by_destination.remove(&to).unwrap_or_default();
            self.tell(to, FromSource::Up(Arc::clone(live), rows)).await?;
        }
        Ok(())
    }

    /// What one transaction changed.
    async fn tables(&mut self, database: &Database, tables: Vec<TableRows>) -> Result<(), Fault> {
        for table in &tables {
            if table.table == PAUSE_TABLE {
                let destinations = |rows: &[bytes::Bytes]| connect::destinations(database, rows);
                let (resumed, paused) = (destinations(&table.deletes)?, destinations(&table.inserts)?);
                self.pause(resumed, paused).await?;
            }
        }
        let outbox = tables.into_iter().filter(|table| table.table == wire::OUTBOX_TABLE);
        for table in outbox {
            self.rows(database, table).await?;
        }
        Ok(())
    }

    async fn pause(&mut self, resumed: BTreeSet<u8>, paused: BTreeSet<u8>) -> Result<(), Fault> {
        for to in resumed.union(&paused) {
            let is_paused = paused.contains(to);
            if is_paused {
                self.paused.insert(*to);
            } else {
                self.paused.remove(to);
            }
            tracing::info!(
                from = self.index,
                to,
                paused = is_paused,
                "an operator has paused or resumed the stream"
            );
            // Without messages for it, a destination that there is not needs no task, which would be shown for ever.
            if self.shared.board.has(*to) {
                self.begin(*to).await?;
            }
            self.tell(*to, FromSource::Paused(is_paused)).await?;
        }
        Ok(())
    }

    async fn rows(&mut self, database: &Database, table: TableRows) -> Result<(), Fault> {
        let mut changes: BTreeMap<u8, (Vec<u64>, Vec<Row>)> = BTreeMap::new();
        for row in connect::outbox_rows(database, &table.deletes)? {
            changes.entry(row.to).or_default().0.push(row.id);
        }
        for row in connect::outbox_rows(database, &table.inserts)? {
            changes.entry(row.to).or_default().1.push(row);
        }
        for (to, (deletes, inserts)) in changes {
            self.begin(to).await?;
            self.tell(to, FromSource::Rows { deletes, inserts }).await?;
        }
        Ok(())
    }

    /// A courier that comes while connected must begin with everything that is in the outbox for it, and that is nothing.
    async fn begin(&mut self, to: u8) -> Result<(), Fault> {
        if !self.ensure_courier(to) {
            return Ok(());
        }
        self.tell(to, FromSource::Paused(self.paused.contains(&to))).await?;
        let live = self.link.borrow().clone();
        match live {
            Some(live) => self.tell(to, FromSource::Up(live, Vec::new())).await,
            None => Ok(()),
        }
    }

    /// True if the courier is new.
    fn ensure_courier(&mut self, to: u8) -> bool {
        if self.couriers.contains_key(&to) {
            return false;
        }
        let (sender, inbox) = mpsc::channel(COURIER_QUEUE);
        self.couriers.insert(to, sender);
        courier::start(&self.shared, &self.leave, self.index, to, inbox);
        true
    }

    /// A courier that is gone although nobody is leaving has panicked: then all begin anew with what the outbox holds.
    async fn tell(&mut self, to: u8, message: FromSource) -> Result<(), Fault> {
        let Some(courier) = self.couriers.get(&to) else {
            return Ok(());
        };
        if courier.send(message).await.is_ok() || self.leave.drain.is_cancelled() {
            return Ok(());
        }
        self.couriers.remove(&to);
        Err(Fault::new(format!(
            "the task of messages from {} to {to} has died, which is a mistake in the relay; it is started again",
            self.index
        )))
    }
}

/// Awaits `work`, which must have limits of its own, and says all the while that the task goes round.
async fn stamping<T>(shared: &Shared, index: u8, work: impl Future<Output = T>) -> T {
    let mut stamp = tokio::time::interval(STAMP);
    tokio::pin!(work);
    loop {
        tokio::select! {
            result = &mut work => return result,
            _ = stamp.tick() => shared.board.stamp(index),
        }
    }
}

/// Returns when the configuration has changed; never once the engine is gone, which ends this task as well.
async fn changed(config: &mut watch::Receiver<Database>) {
    if config.changed().await.is_err() {
        std::future::pending().await
    }
}
