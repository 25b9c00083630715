//! Whether a region holds the shared tables as the global database does.

use std::time::{Duration, Instant};

use anyhow::bail;
use hexmarch_host::HostClient;
use hexmarch_messages::shared::TABLES_SHARED_WITH_ALL;

use crate::progress::Step;
use crate::sql;

/// How long nothing may arrive before the wait is given up. Durable messages are held for over a second, and a relay
/// that lost its connection tries again after at most 30.
const STALL: Duration = Duration::from_secs(90);
/// Time between two looks.
const PERIOD: Duration = Duration::from_millis(250);
/// Time between two lines about the progress where lines stay.
const TELL: Duration = Duration::from_secs(5);
/// Above so many rows a table is compared by their number alone.
const MAX_COMPARED_ROWS: u64 = 20_000;

/// What a region has of the shared tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copy {
    /// Rows of all tables that the region has.
    pub rows: u64,
    /// Rows of all tables that the global database has.
    pub wanted: u64,
    /// A table that differs, and how.
    pub lack: Option<String>,
}

/// Compares the shared tables of a region with those of the global database, by number and, up to
/// [`MAX_COMPARED_ROWS`], row by row.
///
/// # Errors
/// When one of them cannot be asked.
pub async fn compare(client: &HostClient, global: &str, region: &str) -> anyhow::Result<Copy> {
    let mut copy = Copy::default();
    for table in TABLES_SHARED_WITH_ALL {
        let (has, wanted) = (
            sql::count(client, region, table).await?,
            sql::count(client, global, table).await?,
        );
        copy.rows = copy.rows.saturating_add(has.min(wanted));
        copy.wanted = copy.wanted.saturating_add(wanted);
        if has != wanted && copy.lack.is_none() {
            copy.lack = Some(format!("{has} of {wanted} rows of {table}"));
        }
    }
    if copy.lack.is_some() {
        return Ok(copy);
    }
    for table in TABLES_SHARED_WITH_ALL {
        if sql::count(client, global, table).await? > MAX_COMPARED_ROWS {
            continue;
        }
        if rows(client, region, table).await? != rows(client, global, table).await? {
            copy.lack = Some(format!("other rows of {table}"));
            break;
        }
    }
    Ok(copy)
}

/// All rows of a table as text, in an order that depends on them alone.
async fn rows(client: &HostClient, database: &str, table: &str) -> anyhow::Result<Vec<String>> {
    let rows = sql::select(client, database, &format!("SELECT * FROM {table}")).await?;
    let mut rows: Vec<String> = rows
        .objects()
        .into_iter()
        .map(|row| serde_json::Value::Object(row).to_string())
        .collect();
    rows.sort_unstable();
    Ok(rows)
}

/// Waits until a region has the shared tables as the global database has them; returns their rows.
///
/// # Errors
/// When nothing arrives for [`STALL`], with what is missing and what to do.
pub async fn wait_equal(client: &HostClient, global: &str, region: &str, step: &Step) -> anyhow::Result<u64> {
    let (mut last, mut changed, mut told) = (Copy::default(), Instant::now(), Instant::now());
    loop {
        let copy = compare(client, global, region).await?;
        let Some(lack) = &copy.lack else { return Ok(copy.rows) };
        step.count(copy.rows, copy.wanted);
        if told.elapsed() >= TELL && !step.is_live() {
            step.say(format!("{region} has {} of {} rows", copy.rows, copy.wanted));
            told = Instant::now();
        }
        if changed.elapsed() >= STALL {
            bail!(
                "{region} has {lack}, and nothing has arrived for {} s; the relay's /status and log say why, and \
                 'hexmarch admin resync {region}' asks for the rows once more",
                STALL.as_secs()
            );
        }
        if copy != last {
            (last, changed) = (copy, Instant::now());
        }
        tokio::time::sleep(PERIOD).await;
    }
}
