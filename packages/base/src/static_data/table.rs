//! A table of content, read once: what is live and what is staged, side by side by key.
//!
//! Reading a table whole is one call of the host for many rows, finding a row is one each; so both sides are read whole,
//! sorted, and walked together.

use std::cmp::Ordering;

use hexmarch_messages::static_data::{Check, DerivedFrom, KeySet, StaticRow};
use spacetimedb::{log, sys, Local};

use super::Changes;
use crate::Failure;

/// A table, whatever its rows.
pub trait ContentTable {
    /// Its name.
    fn name(&self) -> &'static str;
    /// Whether nothing is staged, and should be.
    fn is_empty(&self) -> bool;
    /// The keys that are staged.
    fn keys(&self) -> KeySet;
    /// The keys that are live and not staged.
    fn removed_keys(&self) -> KeySet;
    /// Checks every staged row.
    fn check(&self, check: &mut Check<'_>);
    /// Makes the live rows be the staged ones.
    fn swap(self: Box<Self>, db: &Local, changes: &mut Changes);
}

/// What a table holds, and how to change it.
pub struct Loaded<R> {
    live: Vec<R>,
    staged: Vec<R>,
    insert: fn(&Local, R),
    delete: fn(&Local, &R),
}

impl<R: StaticRow + 'static> Loaded<R> {
    /// Reads both sides.
    pub fn boxed(
        live: impl Iterator<Item = R>,
        staged: impl Iterator<Item = R>,
        insert: fn(&Local, R),
        delete: fn(&Local, &R),
    ) -> Box<dyn ContentTable> {
        let by_key = |rows: &mut Vec<R>| rows.sort_by(|a, b| a.typed_key().cmp(&b.typed_key()));
        let (mut live, mut staged): (Vec<R>, Vec<R>) = (live.collect(), staged.collect());
        by_key(&mut live);
        by_key(&mut staged);
        Box::new(Self {
            live,
            staged,
            insert,
            delete,
        })
    }

    /// Calls `pair` with each key's live and staged row, at least one of them.
    fn walk<'a>(&'a self, mut pair: impl FnMut(Option<&'a R>, Option<&'a R>)) {
        let (mut live, mut staged) = (self.live.iter().peekable(), self.staged.iter().peekable());
        loop {
            let order = match (live.peek(), staged.peek()) {
                (Some(old), Some(new)) => old.typed_key().cmp(&new.typed_key()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return,
            };
            match order {
                Ordering::Less => pair(live.next(), None),
                Ordering::Equal => pair(live.next(), staged.next()),
                Ordering::Greater => pair(None, staged.next()),
            }
        }
    }
}

impl<R: StaticRow + 'static> ContentTable for Loaded<R> {
    fn name(&self) -> &'static str {
        R::TABLE
    }

    fn is_empty(&self) -> bool {
        self.staged.is_empty() && !R::MAY_BE_EMPTY
    }

    fn keys(&self) -> KeySet {
        self.staged.iter().map(R::typed_key).collect()
    }

    fn removed_keys(&self) -> KeySet {
        let mut removed = Vec::new();
        self.walk(|live, staged| {
            if staged.is_none() {
                removed.extend(live.map(R::typed_key));
            }
        });
        removed.into_iter().collect()
    }

    fn check(&self, check: &mut Check<'_>) {
        check.table(R::TABLE, self.staged.iter().map(|row| (row.typed_key(), row)));
    }

    /// All that goes is gone before anything comes, since values of unique columns may change places.
    fn swap(self: Box<Self>, db: &Local, changes: &mut Changes) {
        let (mut added, mut changed, mut removed) = (0usize, 0usize, 0usize);
        let mut is_new = Vec::with_capacity(self.staged.len());
        self.walk(|live, staged| {
            let is_same = live.is_some() && live == staged;
            match (live, staged) {
                (Some(_), None) => removed = removed.saturating_add(1),
                (Some(_), Some(_)) if !is_same => changed = changed.saturating_add(1),
                (None, _) => added = added.saturating_add(1),
                _ => {}
            }
            if let Some(live) = live.filter(|_| !is_same) {
                (self.delete)(db, live);
            }
            if staged.is_some() {
                is_new.push(!is_same);
            }
        });
        let insert = self.insert;
        let new = self.staged.into_iter().zip(is_new).filter(|(_, is_new)| *is_new);
        new.for_each(|(row, _)| insert(db, row));
        changes.record(R::TABLE, added, changed, removed);
    }
}

/// Makes anew the rows that follow from those of a content table.
pub fn rebuild<D: DerivedFrom + PartialEq, K: Ord>(
    table: &str,
    source: impl Iterator<Item = D::Source>,
    live: impl Iterator<Item = D>,
    key: fn(&D) -> K,
    (insert, delete): (impl Fn(D), impl Fn(&D)),
    changes: &mut Changes,
) {
    let by_key = |rows: &mut Vec<D>| rows.sort_by_key(key);
    let (mut live, mut derived): (Vec<D>, Vec<D>) = (live.collect(), source.flat_map(|row| D::derive(&row)).collect());
    by_key(&mut live);
    by_key(&mut derived);
    if live == derived {
        return;
    }
    live.iter().for_each(&delete);
    changes.record(table, derived.len(), 0, live.len());
    derived.into_iter().for_each(insert);
}

/// An end of a range of keys that has none, in BSATN.
const UNBOUNDED: [u8; 1] = [2];

/// Deletes every row of a table, in one call, by way of an index over all of them.
///
/// # Errors
/// `static_data.no_index|<index>`, which only a mistake of the generator leads to.
pub fn clear_rows(index: &str) -> Result<(), Failure> {
    let deleted = sys::index_id_from_name(index)
        .and_then(|id| sys::datastore_delete_by_index_scan_range_bsatn(id, &[], 0.into(), &UNBOUNDED, &UNBOUNDED));
    deleted.map(drop).map_err(|error| {
        log::error!("the rows of {index} cannot be deleted: {error}");
        Failure::new(format!("static_data.no_index|{index}"))
    })
}
