//! Starts a task for every database, changes them while they run, and stops all of it in order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, Database};
use crate::database::{Keeper, Link, LinkEnd};
use crate::status::Board;
use crate::stream::Settings;

/// For saying goodbye to all hosts.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What all tasks share.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Changes reach all streams at once.
    pub(crate) settings: watch::Sender<Settings>,
    pub(crate) board: Arc<Board>,
    /// One for each index that anybody has asked for, at most 256; those without a database stay down.
    links: Mutex<BTreeMap<u8, LinkEnd>>,
}

impl Shared {
    /// How to reach a database, now or once it is configured.
    pub(crate) fn link(&self, index: u8) -> Link {
        self.link_end(index).subscribe()
    }

    fn link_end(&self, index: u8) -> LinkEnd {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.entry(index).or_insert_with(|| watch::Sender::new(None)).clone()
    }
}

/// How the task of a database, and those of the streams that it sends, are ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leave {
    /// Cancelled once nothing new may be delivered.
    pub(crate) drain: CancellationToken,
    /// Cancelled once the connection may go.
    pub(crate) close: CancellationToken,
    /// The tasks of its streams; each ends when it is quiet.
    pub(crate) couriers: TaskTracker,
}

impl Leave {
    /// Delivers nothing new and returns when every answer that is under way was taken and acknowledged.
    async fn drained(&self) {
        self.drain.cancel();
        self.couriers.close();
        self.couriers.wait().await;
    }
}

#[derive(Debug)]
struct Kept {
    database: watch::Sender<Database>,
    leave: Leave,
    task: JoinHandle<()>,
}

/// What a new configuration has changed, by index of database.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Connected from now on.
    pub added: Vec<u8>,
    /// Let go.
    pub removed: Vec<u8>,
    /// Connected anew, since their name, host or token is another one.
    pub reconnected: Vec<u8>,
}

/// A running relay.
#[derive(Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    kept: BTreeMap<u8, Kept>,
    /// Databases that were removed, and are still finishing what was under way.
    leaving: BTreeMap<u8, JoinHandle<()>>,
}

fn settings(config: &Config) -> Settings {
    Settings {
        hold: config.hold,
        window: config.window,
    }
}

impl Engine {
    /// Starts to connect to every database of the configuration.
    pub fn start(config: &Config) -> Self {
        let mut engine = Self {
            shared: Arc::new(Shared {
                settings: watch::Sender::new(settings(config)),
                board: Arc::new(Board::new(config)),
                links: Mutex::default(),
            }),
            kept: BTreeMap::new(),
            leaving: BTreeMap::new(),
        };
        for database in &config.databases {
            engine.add(database.clone());
        }
        engine
    }

    /// What the operator sees.
    pub fn board(&self) -> Arc<Board> {
        Arc::clone(&self.shared.board)
    }

    /// Goes on with another configuration. Hold and window count at once, for all streams. A new database is connected;
    /// one that is gone is let go after at most `drain` for the answers that are under way; one with another name, host
    /// or token is connected anew. The others notice nothing.
    pub fn apply(&mut self, config: &Config) -> Changes {
        self.shared.settings.send_if_modified(|current| {
            let fresh = settings(config);
            let changed = *current != fresh;
            *current = fresh;
            changed
        });
        let mut changes = Changes::default();
        let stays = |index: &u8| config.databases.iter().any(|database| database.index == *index);
        for index in self
            .kept
            .keys()
            .copied()
            .filter(|index| !stays(index))
            .collect::<Vec<_>>()
        {
            self.remove(index, config.drain);
            changes.removed.push(index);
        }
        for database in &config.databases {
            let Some(kept) = self.kept.get(&database.index) else {
                self.add(database.clone());
                changes.added.push(database.index);
                continue;
            };
            let reconnects = kept.database.send_if_modified(|current| {
                let same =
                    current.name == database.name && current.url == database.url && current.token == database.token;
                current.clone_from(database);
                !same
            });
            if reconnects {
                changes.reconnected.push(database.index);
            }
        }
        changes
    }

    fn add(&mut self, database: Database) {
        let index = database.index;
        self.shared.board.add(&database);
        let (database, config) = watch::channel(database);
        let leave = Leave::default();
        let link = self.shared.link_end(index);
        let keeper = Keeper::new(index, config, Arc::clone(&self.shared), link, leave.clone());
        // Two at once would take the link from each other.
        let before = self.leaving.remove(&index);
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                // It ends, or has panicked and is over as well.
                let _ = before.await;
            }
            keeper.run().await;
        });
        self.kept.insert(index, Kept { database, leave, task });
    }

    fn remove(&mut self, index: u8, drain: Duration) {
        let Some(Kept { leave, task, .. }) = self.kept.remove(&index) else {
            return;
        };
        let board = self.board();
        let leaving = tokio::spawn(async move {
            if tokio::time::timeout(drain, leave.drained()).await.is_err() {
                tracing::warn!(
                    database = index,
                    "let go with answers under way; they are asked for again when it is back"
                );
            }
            leave.close.cancel();
            // If it has panicked it is over as well.
            let _ = task.await;
            board.remove(index);
            tracing::info!(database = index, "no longer served");
        });
        self.leaving.insert(index, leaving);
    }

    /// Delivers nothing new, waits at most `deadline` for answers and acknowledgements that are under way, and
    /// closes all connections. Returns whether everything under way was completed; what was not will be repeated,
    /// harmlessly, by whatever relay runs next.
    pub async fn stop(self, deadline: Duration) -> bool {
        let drained = futures_util::future::join_all(self.kept.values().map(|kept| kept.leave.drained()));
        let complete = tokio::time::timeout(deadline, drained).await.is_ok();
        for kept in self.kept.values() {
            kept.leave.close.cancel();
        }
        let tasks = self.kept.into_values().map(|kept| kept.task);
        let closed = futures_util::future::join_all(tasks.chain(self.leaving.into_values()));
        if tokio::time::timeout(CLOSE_TIMEOUT, closed).await.is_err() {
            tracing::debug!("not every host took our goodbye in time");
        }
        complete
    }
}
