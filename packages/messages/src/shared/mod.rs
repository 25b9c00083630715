//! Shared tables: rows with one owner, replicated by message.
//!
//! Invariants: only the owner's module compiles a write, since [`OwnedRow`] is implemented nowhere else and the table
//! behind the row cannot be named outside of this crate; a replica takes a row from the database that owns it, and from
//! no other.

use hexmarch_macros::{sats_type, table};

#[cfg(any(feature = "region", feature = "global"))]
pub use crate::generated::{apply_update, copy_chunk, delete_missing, owned_tables, InterModuleInserts};
pub use crate::generated::{SharedTableOp, TABLES_SHARED_WITH_ALL};

/// Changes of shared tables, in the order in which their owner made them.
#[sats_type]
pub struct TableUpdateMsg {
    /// 1 for the first update from this owner to this replica, then one more for each.
    pub sequence: u64,
    /// The changes.
    pub ops: Vec<SharedTableOp>,
}

/// Part of a full copy of what the sender owns: every row of one table whose key is above `after` and at most `up_to`, as of
/// the transaction that sent it. What the replica has in between and is not named here is gone at the owner.
#[sats_type]
pub struct TableCopyMsg {
    /// Which copy it is part of; rises for each owner and replica.
    pub copy_id: u64,
    /// The table; empty in the last message of a copy, which has no rows.
    pub table: String,
    /// BSATN of a key; none for the beginning of the table.
    pub after: Option<Vec<u8>>,
    /// BSATN of a key; none for the end of the table.
    pub up_to: Option<Vec<u8>>,
    /// The rows, as upserts.
    pub ops: Vec<SharedTableOp>,
}

/// A replica missed changes, and asks for a full copy.
#[sats_type]
pub struct TableCopyRequestMsg {
    /// The last update that it has; for the log.
    pub received: u64,
}

/// How far updates to and from another database have come.
#[table(region, global, name = shared_table_peer)]
pub struct SharedTablePeer {
    /// The other database.
    #[primary_key]
    pub module_id: u8,
    /// Sequence of the last update that was sent there.
    pub sent: u64,
    /// Sequence of the last update that came from there.
    pub received: u64,
    /// A full copy was asked for and has not arrived yet.
    pub awaits_copy: bool,
}

/// A full copy that is being sent.
#[table(region, global, name = shared_table_copy)]
pub struct SharedTableCopy {
    /// Its destination.
    #[primary_key]
    pub module_id: u8,
    /// See [`TableCopyMsg::copy_id`].
    pub copy_id: u64,
    /// The table whose turn it is; empty when all are sent.
    pub table: String,
    /// BSATN of the last key that was sent of it.
    pub after: Option<Vec<u8>>,
    /// Messages that are not answered yet.
    pub unanswered: u32,
}

/// Who gets a copy of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replicas {
    /// The global database.
    Global,
    /// Every other database.
    All,
}

/// A row that this module owns.
#[cfg(any(feature = "region", feature = "global"))]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not owned by this module",
    label = "only the owner's module may write this shared table",
    note = "send the owner a message that asks for the change"
)]
pub trait OwnedRow: ReplicaRow {
    /// Who follows.
    const REPLICAS: Replicas;
    /// Inserts or replaces the row; returns what replicas must do.
    fn upsert_owned(self, db: &spacetimedb::Local) -> SharedTableOp;
    /// Deletes the row; returns what replicas must do, `None` if there was none.
    fn delete_owned(db: &spacetimedb::Local, key: &Self::Key) -> Option<SharedTableOp>;
}

/// Proof that a row arrived by message: made by this crate alone.
#[cfg(any(feature = "region", feature = "global"))]
#[derive(Clone, Copy, Debug)]
pub struct Arrival(());

#[cfg(any(feature = "region", feature = "global"))]
impl Arrival {
    pub(crate) fn by_message() -> Self {
        Self(())
    }
}

/// A row of a shared table, as a replica stores it and as a copy is made of it.
#[cfg(any(feature = "region", feature = "global"))]
pub trait ReplicaRow: Sized {
    /// Its primary key.
    type Key: Ord + Clone + spacetimedb_lib::ser::Serialize + spacetimedb_lib::de::DeserializeOwned;
    /// Name of the table.
    const TABLE: &'static str;
    /// Index of the database that owns it.
    fn owner(&self) -> u8;
    /// Its key.
    fn key(&self) -> Self::Key;
    /// What replicas must do to have it.
    fn into_upsert(self) -> SharedTableOp;
    /// The row with this key.
    fn stored(db: &spacetimedb::Local, key: &Self::Key) -> Option<Self>;
    /// Every row, in no order.
    fn all(db: &spacetimedb::Local) -> impl Iterator<Item = Self>;
    /// Inserts or replaces the row.
    fn upsert_replica(self, db: &spacetimedb::Local, arrival: Arrival);
    /// Deletes the row if it exists.
    fn delete_replica(db: &spacetimedb::Local, key: &Self::Key, arrival: Arrival);
}

/// Whether `sender` owns this row, and the one that it would replace.
#[cfg(any(feature = "region", feature = "global"))]
pub(crate) fn owns_row<R: ReplicaRow>(db: &spacetimedb::Local, sender: u8, row: &R) -> bool {
    row.owner() == sender && owns_key::<R>(db, sender, &row.key())
}

/// Whether `sender` owns the row with this key, if there is one.
#[cfg(any(feature = "region", feature = "global"))]
pub(crate) fn owns_key<R: ReplicaRow>(db: &spacetimedb::Local, sender: u8, key: &R::Key) -> bool {
    R::stored(db, key).is_none_or(|stored| stored.owner() == sender)
}

#[cfg(any(feature = "region", feature = "global"))]
mod copy;
#[cfg(any(feature = "region", feature = "global"))]
pub(crate) use copy::{chunk_of, delete_missing_of};
#[cfg(any(feature = "region", feature = "global"))]
pub use copy::{CopyChunk, MAX_CHUNK_BYTES, MAX_CHUNK_ROWS};
