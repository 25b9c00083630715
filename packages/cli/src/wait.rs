//! Waiting for what cannot be awaited: a process, a port, rows that a relay brings. Always with a limit.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

/// Time between two looks.
const PERIOD: Duration = Duration::from_millis(100);

/// Looks until `look` finds something.
///
/// # Errors
/// What `look` returns; or after `limit` a sentence that begins with `what`, as in "the relay is not ready after 30 s".
/// `look` itself is cut off at the limit.
pub async fn until<T, F>(what: &str, limit: Duration, mut look: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let deadline = Instant::now().checked_add(limit).unwrap_or_else(Instant::now);
    let looking = async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(PERIOD).await;
        }
    };
    match tokio::time::timeout_at(deadline, looking).await {
        Ok(result) => result,
        Err(_) => anyhow::bail!("{what} after {} s", limit.as_secs()),
    }
}
