//! Starts a task for every database, and stops all of it in order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::config::Config;
use crate::database::{Keeper, Link};
use crate::status::Board;
use crate::stream::Settings;

/// For saying goodbye to all hosts.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What all tasks share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) board: Arc<Board>,
    /// True once nothing new may be delivered.
    pub(crate) stop: watch::Sender<bool>,
    links: BTreeMap<u8, Link>,
    busy: Mutex<Option<mpsc::Sender<()>>>,
}

impl Shared {
    /// How to reach a database; `None` when none of that index is configured.
    pub(crate) fn link(&self, index: u8) -> Option<Link> {
        self.links.get(&index).cloned()
    }

    /// To be kept by a courier for as long as a stop must wait for it.
    pub(crate) fn busy(&self) -> Option<mpsc::Sender<()>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A running relay.
#[derive(Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    idle: mpsc::Receiver<()>,
    close: watch::Sender<bool>,
    keepers: JoinSet<()>,
}

impl Engine {
    /// Starts connecting to all databases, and returns at once. Needs a runtime.
    pub fn start(config: &Config) -> Self {
        let (senders, links): (Vec<_>, BTreeMap<_, _>) = config
            .databases
            .iter()
            .map(|database| {
                let (sender, link) = watch::channel(None);
                ((database.clone(), sender), (database.index, link))
            })
            .unzip();
        let (busy, idle) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            settings: Settings {
                hold: config.hold,
                window: config.window,
            },
            board: Arc::new(Board::new(&config.databases)),
            stop: watch::Sender::new(false),
            links,
            busy: Mutex::new(Some(busy)),
        });
        let close = watch::Sender::new(false);
        let mut keepers = JoinSet::new();
        for (database, link) in senders {
            keepers.spawn(Keeper::new(database, Arc::clone(&shared), link).run(close.subscribe()));
        }
        Self {
            shared,
            idle,
            close,
            keepers,
        }
    }

    /// What the operator sees.
    pub fn board(&self) -> Arc<Board> {
        Arc::clone(&self.shared.board)
    }

    /// Delivers nothing new, waits at most `deadline` for answers and acknowledgements that are under way, and
    /// closes all connections. Returns whether everything under way was completed; what was not will be repeated,
    /// harmlessly, by whatever relay runs next.
    pub async fn stop(mut self, deadline: Duration) -> bool {
        self.shared.stop.send_replace(true);
        self.shared.busy.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Nothing is ever sent: it returns when the last courier has let go.
        let complete = tokio::time::timeout(deadline, self.idle.recv()).await.is_ok();
        self.close.send_replace(true);
        let closed = async { while self.keepers.join_next().await.is_some() {} };
        if tokio::time::timeout(CLOSE_TIMEOUT, closed).await.is_err() {
            tracing::debug!("not every host took our goodbye in time");
        }
        complete
    }
}
