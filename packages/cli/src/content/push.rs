//! Uploading content into a database: staged in batches, then swapped for the live content in one transaction.

use anyhow::{bail, Context as _};
use hexmarch_host::{CallOutcome, Connection, HostClient, Options};

use super::Row;
use crate::content::Content;

/// Most rows in one call.
const MAX_BATCH_ROWS: usize = 500;
/// Most bytes of rows in one call.
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// Uploads what the database with this index holds. `progress` hears of rows done and rows in all.
///
/// # Errors
/// When a reducer refuses, with its words; the live content is then as it was.
pub async fn push(
    client: &HostClient,
    (index, database): (u8, &str),
    content: &Content,
    progress: impl Fn(u64, u64),
) -> anyhow::Result<()> {
    let (connection, _events) = Connection::connect(client.url(), database, client.token(), Options::default()).await?;
    let all: usize = content.of(index).map(|table| table.rows.len()).sum();
    let mut done: usize = 0;
    call(&connection, database, "clear_staged_static_data", &[]).await?;
    for table in content.of(index) {
        let reducer = format!("stage_{}", table.name);
        for batch in batches(&table.rows) {
            call(&connection, database, &reducer, &encode(batch)?).await?;
            done = done.saturating_add(batch.len());
            progress(done as u64, all as u64);
        }
    }
    call(&connection, database, "commit_staged_static_data", &[]).await?;
    connection.close().await;
    Ok(())
}

async fn call(connection: &Connection, database: &str, reducer: &str, arguments: &[u8]) -> anyhow::Result<()> {
    let attempt = || format!("cannot push content into {database}");
    match connection.call(reducer, arguments).await.with_context(attempt)? {
        CallOutcome::Committed => Ok(()),
        CallOutcome::Failed(text) => bail!("{database} refuses {reducer}: {text}; its content is as it was"),
        CallOutcome::OutOfEnergy => bail!("{database} ran out of fuel in {reducer}; its content is as it was"),
    }
}

/// Cuts rows into batches within both limits; a row beyond the limit of bytes is a batch of its own.
fn batches(rows: &[Row]) -> Vec<&[Row]> {
    let mut batches = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let mut bytes: usize = 0;
        let fits = rest.iter().take(MAX_BATCH_ROWS).take_while(|row| {
            bytes = bytes.saturating_add(row.bsatn.len());
            bytes <= MAX_BATCH_BYTES
        });
        let count = fits.count().max(1);
        let (batch, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        batches.push(batch);
        rest = after;
    }
    batches
}

/// The arguments of `stage_*`: one vector of rows.
fn encode(rows: &[Row]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = u32::try_from(rows.len())?.to_le_bytes().to_vec();
    rows.iter().for_each(|row| bytes.extend_from_slice(&row.bsatn));
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_keep_both_limits_and_every_row() {
        let row = |bytes: usize| Row {
            key: String::new(),
            bsatn: vec![0; bytes],
        };
        let check = |sizes: &[usize], expected: &[usize]| {
            let rows: Vec<Row> = sizes.iter().map(|bytes| row(*bytes)).collect();
            assert_eq!(
                batches(&rows).iter().map(|batch| batch.len()).collect::<Vec<_>>(),
                expected
            );
        };
        check(&[], &[]);
        check(&[1; 1001], &[500, 500, 1]);
        check(&[MAX_BATCH_BYTES, 1, 1], &[1, 2]);
        check(&[MAX_BATCH_BYTES + 1, 1], &[1, 1]);
    }
}
