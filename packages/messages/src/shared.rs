//! Shared tables: rows with one owner, replicated by message.
//!
//! Invariant: only the owner's module compiles a write, since [`OwnedRow`] is implemented nowhere else and the table
//! behind the row cannot be named outside of this crate.

pub use crate::generated::SharedTableOp;
#[cfg(any(feature = "region", feature = "global"))]
pub use crate::generated::{apply_update, InterModuleInserts};

/// Which modules may write a shared table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The global module.
    Global,
    /// Each region, its own rows.
    Region,
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
pub trait OwnedRow: Sized {
    /// Its primary key.
    type Key;
    /// Who follows.
    const REPLICAS: Replicas;
    /// Inserts or replaces the row; returns what replicas must do.
    fn upsert_owned(self, db: &spacetimedb::Local) -> SharedTableOp;
    /// Deletes the row; returns what replicas must do, `None` if there was none.
    fn delete_owned(db: &spacetimedb::Local, key: &Self::Key) -> Option<SharedTableOp>;
}

/// Proof that a row arrived by message: made by [`apply_update`] alone.
#[cfg(any(feature = "region", feature = "global"))]
#[derive(Clone, Copy, Debug)]
pub struct Arrival(());

#[cfg(any(feature = "region", feature = "global"))]
impl Arrival {
    pub(crate) fn by_message() -> Self {
        Self(())
    }
}

/// A row of a shared table as a replica stores it.
#[cfg(any(feature = "region", feature = "global"))]
pub trait ReplicaRow: Sized {
    /// Its primary key.
    type Key;
    /// Inserts or replaces the row.
    fn upsert_replica(self, db: &spacetimedb::Local, arrival: Arrival);
    /// Deletes the row if it exists.
    fn delete_replica(db: &spacetimedb::Local, key: &Self::Key, arrival: Arrival);
}
