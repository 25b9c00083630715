//! Taking a full copy of a table in parts, each bounded, while its rows change.
//!
//! Parts follow each other by key. Each is true as of the transaction that takes it, and changes made later reach the
//! replica behind it in the same stream, so the whole is true when the last part has arrived.

use std::collections::BTreeMap;

use spacetimedb_lib::bsatn;

use super::{Arrival, ReplicaRow, SharedTableOp};

/// Most rows in a part.
pub const MAX_CHUNK_ROWS: usize = 512;
/// Most bytes of rows in a part, but for a single row that is larger.
pub const MAX_CHUNK_BYTES: usize = 256 * 1024;

/// A part of a table.
#[derive(Debug)]
pub struct CopyChunk {
    /// Its rows, as upserts, by key.
    pub ops: Vec<SharedTableOp>,
    /// BSATN of the last key; none when the table ends here.
    pub up_to: Option<Vec<u8>>,
}

/// The next rows, by key, that `owner` owns. Reads the whole table, keeps a part of it.
pub(crate) fn chunk_of<R: ReplicaRow>(db: &spacetimedb::Local, owner: u8, after: Option<&[u8]>) -> CopyChunk {
    let after: Option<R::Key> = after.and_then(decode);
    let mut next = BTreeMap::new();
    let mut is_end = true;
    for row in R::all(db).filter(|row| row.owner() == owner) {
        let key = row.key();
        if after.as_ref().is_some_and(|after| key <= *after) {
            continue;
        }
        next.insert(key, row);
        if next.len() > MAX_CHUNK_ROWS {
            next.pop_last();
            is_end = false;
        }
    }
    let (mut ops, mut bytes, mut last) = (Vec::with_capacity(next.len()), 0usize, None);
    for (key, row) in next {
        let op = row.into_upsert();
        bytes = bytes.saturating_add(encode(&op).len());
        if bytes > MAX_CHUNK_BYTES && !ops.is_empty() {
            is_end = false;
            break;
        }
        ops.push(op);
        last = Some(key);
    }
    CopyChunk {
        ops,
        up_to: last.filter(|_| !is_end).map(|key| encode(&key)),
    }
}

/// Deletes the rows of `owner` with keys above `after` and at most `up_to`, but for those in `kept`. Says how many.
pub(crate) fn delete_missing_of<R: ReplicaRow>(
    db: &spacetimedb::Local,
    owner: u8,
    after: Option<&[u8]>,
    up_to: Option<&[u8]>,
    kept: &std::collections::BTreeSet<R::Key>,
) -> usize {
    let (after, up_to): (Option<R::Key>, Option<R::Key>) = (after.and_then(decode), up_to.and_then(decode));
    let is_missing = |key: &R::Key| {
        after.as_ref().is_none_or(|after| key > after)
            && up_to.as_ref().is_none_or(|up_to| key <= up_to)
            && !kept.contains(key)
    };
    let missing: Vec<R::Key> = R::all(db)
        .filter(|row| row.owner() == owner)
        .map(|row| row.key())
        .filter(is_missing)
        .collect();
    for key in &missing {
        R::delete_replica(db, key, Arrival::by_message());
    }
    missing.len()
}

fn encode<T: spacetimedb_lib::ser::Serialize>(value: &T) -> Vec<u8> {
    // Writing to memory does not fail; an empty key would only begin the table again.
    bsatn::to_vec(value).unwrap_or_default()
}

fn decode<T: spacetimedb_lib::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    bsatn::from_slice(bytes).ok()
}
