//! The subscriptions of a connection to the chunks around its player.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use anyhow::{bail, Result};
use hexmarch_sim_core::OffsetCoordinatesFloat;
use spacetimedb_sdk::{DbContext, SubscriptionHandle as _};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::sight::{Order, Sight};
use hexmarch_bindings::region::{DbConnection, SubscriptionHandle};

/// Chunks on each side of the own one of which the ground is seen.
pub const GROUND_RADIUS: u8 = 2;
/// Chunks on each side of the own one of which all that moves and stands there is seen.
pub const NEAR_RADIUS: u8 = 1;
/// How far beyond the middle chunk one goes before the others follow, in milli tiles of coordinates.
pub const MARGIN_MILLI: u32 = 12_000;
/// How long the first look may take.
const LIMIT: Duration = Duration::from_secs(15);

/// What is seen of a chunk that is not too far for it, as one subscription.
type Queries = fn(u64) -> Vec<String>;

fn ground(chunk: u64) -> Vec<String> {
    vec![format!("SELECT * FROM terrain_chunk_state WHERE chunk_index = {chunk}")]
}

fn near(chunk: u64) -> Vec<String> {
    vec![
        format!("SELECT * FROM mobile_entity_state WHERE chunk_index = {chunk}"),
        format!("SELECT * FROM location_state WHERE chunk_index = {chunk}"),
        format!(
            "SELECT r.* FROM resource_state r JOIN location_state l ON r.entity_id = l.entity_id WHERE l.chunk_index = {chunk}"
        ),
    ]
}

/// What is subscribed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SightCounts {
    /// Chunks whose ground is seen.
    pub ground: usize,
    /// Chunks of which all is seen.
    pub near: usize,
    /// Subscriptions begun so far.
    pub begun: u64,
    /// Subscriptions ended so far.
    pub ended: u64,
}

#[derive(Clone, Debug)]
enum Progress {
    Pending,
    Complete,
    Failed(String),
}

/// Keeps what is around a player subscribed. Clones are the same.
#[derive(Clone)]
pub(crate) struct Watch {
    groups: Arc<Mutex<Groups>>,
    progress: watch::Receiver<Progress>,
}

struct Groups {
    connection: Weak<DbConnection>,
    groups: [Group; 2],
    progress: watch::Sender<Progress>,
    begun: u64,
    ended: u64,
}

struct Group {
    sight: Sight,
    queries: Queries,
    handles: BTreeMap<u64, SubscriptionHandle>,
}

impl Watch {
    pub(crate) fn new(connection: &Arc<DbConnection>) -> Self {
        let group = |radius, queries| Group {
            sight: Sight::new(radius, MARGIN_MILLI),
            queries,
            handles: BTreeMap::new(),
        };
        let (sender, progress) = watch::channel(Progress::Pending);
        let groups = Groups {
            connection: Arc::downgrade(connection),
            groups: [group(GROUND_RADIUS, ground), group(NEAR_RADIUS, near)],
            progress: sender,
            begun: 0,
            ended: 0,
        };
        Self {
            groups: Arc::new(Mutex::new(groups)),
            progress,
        }
    }

    /// The player is going here. Called from callbacks: nothing waits.
    pub(crate) fn observe(&self, position: OffsetCoordinatesFloat) {
        self.change(|_, sight| sight.observe(position));
    }

    /// Waits until all that is wanted has come.
    ///
    /// # Errors
    /// When the region refuses a query, or nothing comes.
    pub(crate) async fn complete(&self) -> Result<()> {
        let mut progress = self.progress.clone();
        let settled = progress.wait_for(|progress| !matches!(progress, Progress::Pending));
        let outcome = match timeout(LIMIT, settled).await {
            Ok(Ok(outcome)) => outcome.clone(),
            Ok(Err(_)) => bail!("a look around was not answered: the connection closed"),
            Err(_) => bail!("a look around was not answered within {} s", LIMIT.as_secs()),
        };
        if let Progress::Failed(reason) = outcome {
            bail!("a look around was refused: {reason}");
        }
        Ok(())
    }

    pub(crate) fn counts(&self) -> SightCounts {
        let Ok(groups) = self.groups.lock() else {
            return SightCounts::default();
        };
        let [ground, near] = &groups.groups;
        SightCounts {
            ground: ground.sight.chunks().count(),
            near: near.sight.chunks().count(),
            begun: groups.begun,
            ended: groups.ended,
        }
    }

    /// Lets each group's sight give orders, and carries them out.
    fn change(&self, mut orders: impl FnMut(usize, &mut Sight) -> Vec<Order>) {
        let Ok(mut guard) = self.groups.lock() else { return };
        let groups = &mut *guard;
        let Some(connection) = groups.connection.upgrade() else {
            return;
        };
        for (number, group) in groups.groups.iter_mut().enumerate() {
            for order in orders(number, &mut group.sight) {
                match order {
                    Order::Watch(chunk) => {
                        groups.begun += 1;
                        let handle = self.subscribe(&connection, number, chunk, (group.queries)(chunk));
                        group.handles.insert(chunk, handle);
                    }
                    Order::Drop(chunk) => {
                        groups.ended += 1;
                        // One that has ended by itself needs no end.
                        let _ = group.handles.remove(&chunk).map(SubscriptionHandle::unsubscribe);
                    }
                }
            }
        }
        let is_complete = groups.groups.iter().all(|group| group.sight.is_complete());
        groups.progress.send_if_modified(|progress| {
            let was_complete = matches!(progress, Progress::Complete);
            if !matches!(progress, Progress::Failed(_)) && was_complete != is_complete {
                *progress = if is_complete {
                    Progress::Complete
                } else {
                    Progress::Pending
                };
            }
            was_complete != is_complete
        });
    }

    fn subscribe(
        &self,
        connection: &DbConnection,
        number: usize,
        chunk: u64,
        queries: Vec<String>,
    ) -> SubscriptionHandle {
        // The groups hold the handles, and these the callbacks.
        let (groups, progress) = (Arc::downgrade(&self.groups), self.progress.clone());
        let watch = move || {
            let (groups, progress) = (groups.upgrade()?, progress.clone());
            Some(Self { groups, progress })
        };
        let watch_of_error = watch.clone();
        connection
            .subscription_builder()
            .on_applied(move |_| {
                let Some(watch) = watch() else { return };
                watch.change(|of, sight| if of == number { sight.came(chunk) } else { Vec::new() });
            })
            .on_error(move |_, error| {
                if let Some(watch) = watch_of_error() {
                    watch.fail(&error.to_string());
                }
            })
            .subscribe(queries)
    }

    /// Who cannot see must not walk on: the connection ends, and a new one may see again.
    fn fail(&self, reason: &str) {
        let Ok(groups) = self.groups.lock() else { return };
        tracing::warn!("the region refuses to show a chunk: {reason}");
        groups.progress.send_replace(Progress::Failed(reason.to_string()));
        if let Some(connection) = groups.connection.upgrade() {
            let _ = connection.disconnect();
        }
    }
}
