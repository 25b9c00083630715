//! Rows cut into calls.

use crate::content::Row;

/// Most rows in one call.
const MAX_BATCH_ROWS: usize = 500;
/// Most bytes of rows in one call: what a database takes in a few milliseconds, so that players do not notice.
const MAX_BATCH_BYTES: usize = 256 * 1024;

/// Cuts rows into batches within both limits; a row beyond the limit of bytes is a batch of its own.
pub fn batches<'a, 'r>(rows: &'a [&'r Row]) -> Vec<&'a [&'r Row]> {
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
///
/// # Errors
/// When there are more rows than a vector can have.
pub fn encode(rows: &[&Row]) -> Result<Vec<u8>, std::num::TryFromIntError> {
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
            let rows: Vec<&Row> = rows.iter().collect();
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
