//! `hexmarch admin resync`.

use hexmarch_host::HostClient;
use serde_json::json;

use crate::names::Branch;
use crate::outcome::partly;
use crate::{deploy, output, target};

/// The reducer that every database has for it.
const REDUCER: &str = "admin_resync_shared_tables";

/// Has databases ask the owners of their shared tables for full copies: those named, or all of the branch.
pub(super) async fn run(client: &HostClient, branch: &Branch, named: &[String]) -> anyhow::Result<()> {
    let mut databases = Vec::new();
    for name in named {
        databases.push(target::named(client, branch, name).await?);
    }
    if databases.is_empty() {
        let existing = target::require_existing(client, branch).await?;
        databases = existing.into_iter().map(|database| database.name).collect();
    }
    for (done, database) in databases.iter().enumerate() {
        if let Err(error) = deploy::call(client, database, REDUCER, json!([])).await {
            let asked: Vec<&str> = databases.iter().take(done).map(String::as_str).collect();
            return Err(match asked.as_slice() {
                [] => error,
                asked => partly(format!(
                    "{error:#}; {} asked already, which does no harm",
                    asked.join(", ")
                )),
            });
        }
        output::line(&format!(
            "{database}: asked the owners of its shared tables for full copies; the relay brings them"
        ))?;
    }
    Ok(())
}
