//! An answer that comes once, from a callback of the SDK.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{bail, Result};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long connecting or subscribing may take.
const LIMIT: Duration = Duration::from_secs(15);

type Slot<T> = Arc<Mutex<Option<oneshot::Sender<Result<T, String>>>>>;

/// Held by callbacks, of which the first counts.
pub(crate) struct Settle<T>(Slot<T>);

impl<T> Clone for Settle<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Settle<T> {
    pub(crate) fn with(&self, outcome: Result<T, String>) {
        if let Some(sender) = self.0.lock().ok().and_then(|mut slot| slot.take()) {
            let _ = sender.send(outcome);
        }
    }
}

/// Awaits the first callback.
pub(crate) struct Once<T>(oneshot::Receiver<Result<T, String>>);

pub(crate) fn once<T>() -> (Settle<T>, Once<T>) {
    let (sender, receiver) = oneshot::channel();
    (Settle(Arc::new(Mutex::new(Some(sender)))), Once(receiver))
}

impl<T> Once<T> {
    /// The answer to `what`, for the error text.
    pub(crate) async fn wait(self, what: &str) -> Result<T> {
        match timeout(LIMIT, self.0).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(reason))) => bail!("{what} was refused: {reason}"),
            Ok(Err(_)) => bail!("{what} was not answered: the connection closed"),
            Err(_) => bail!("{what} was not answered within {} s", LIMIT.as_secs()),
        }
    }
}
