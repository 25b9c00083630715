//! Content: tables that are uploaded, not played.

mod check;
mod facts;
mod keys;
mod successors;

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::de::DeserializeOwned;
use spacetimedb_lib::ser::Serialize;
use spacetimedb_lib::{ConnectionId, Identity, SpacetimeType, Timestamp};

pub use crate::generated::visit_static_tables;
pub use check::{plain, shown, Check, Uses};
pub use facts::{check_length, check_range, AsKey, At, FactVisitor, Facts, Key};
pub use keys::{KeySet, Keys};
pub use successors::{tidy, ReplaceKey, ReplaceKeys, SecondSuccessor, SuccessorOf, Successors};

/// What takes the place of content that is gone, in all that players hold: a commit with the policy `Replace` reads it,
/// and so does what arrives later from elsewhere.
#[table(region, global, name = content_successor_desc)]
#[static_data_staging_table(may_be_empty)]
pub struct ContentSuccessorDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The content table.
    #[length(1..=60)]
    pub table_name: String,
    /// The key that is gone.
    pub removed_key: i32,
    /// The key that takes its place, of the same table.
    pub successor_key: i32,
}

/// Which content is live. One row, key 0; none before the first commit.
#[table(region, global, name = static_data_version, public)]
pub struct StaticDataVersion {
    /// Always 0.
    #[primary_key]
    pub id: i32,
    /// 1 for the first commit, then one more for each.
    pub generation: u64,
    /// What its pusher called it; empty when they gave it no name.
    pub content_hash: String,
    /// When it was committed.
    pub committed_at: Timestamp,
}

/// The push that staged what is staged. One row, key 0; none when nothing is.
#[table(region, global, name = static_data_push_state)]
#[transfer(never)]
pub struct StaticDataPushState {
    /// Always 0.
    #[primary_key]
    pub id: i32,
    /// Whose it is.
    pub sender: Identity,
    /// Its connection; none once that is closed.
    pub connection_id: Option<ConnectionId>,
    /// What the pusher calls the content; empty when rows are staged one call at a time.
    pub content_hash: String,
    /// When it last began or staged something.
    pub last_at: Timestamp,
}

/// A connection whose push was taken over while it was silent: what it still has to say belongs to content that is no
/// longer staged.
#[table(region, global, name = static_data_push_superseded)]
pub struct StaticDataPushSuperseded {
    /// The connection, while it is open.
    #[primary_key]
    pub connection_id: ConnectionId,
}

/// How much is staged, so that a push that broke off goes on where it was.
#[table(region, global, name = static_data_push_progress, public)]
pub struct StaticDataPushProgress {
    /// The content table.
    #[primary_key]
    pub table_name: String,
    /// Rows staged.
    pub rows: u32,
}

/// What becomes of live rows that hold content which a commit would remove.
#[sats_type]
#[derive(Copy, Eq)]
pub enum RemovalPolicy {
    /// The commit is refused.
    Refuse,
    /// The successor, from [`ContentSuccessorDesc`], takes its place; without one the commit is refused.
    Replace,
}

/// Rows that follow from those of a content table, anew at each commit.
pub trait DerivedFrom: Sized {
    /// The rows that they follow from.
    type Source: StaticRow;
    /// What follows from one of them, each with a key of its own.
    fn derive(source: &Self::Source) -> Vec<Self>;
}

/// A row of a content table.
pub trait StaticRow: SpacetimeType + DeserializeOwned + Serialize + PartialEq + Clone + Facts + 'static {
    /// Name of the table and of its file `static_data/<table>.json`.
    const TABLE: &'static str;
    /// Name of the primary key column.
    const KEY: &'static str;
    /// Whether region databases hold it.
    const IN_REGION: bool;
    /// Whether the global database holds it.
    const IN_GLOBAL: bool;
    /// Whether it may have no rows.
    const MAY_BE_EMPTY: bool;
    /// The primary key.
    fn typed_key(&self) -> Key<'_>;
    /// The primary key as text, for messages.
    fn key(&self) -> String {
        self.typed_key().to_string()
    }
}

/// Called with each content table's row type by [`visit_static_tables`].
pub trait StaticTableVisitor {
    /// One table.
    fn visit<R: StaticRow>(&mut self);
}

/// Whether there is a content table of this name, here or in another database.
pub fn is_static_table(name: &str) -> bool {
    struct Find<'a> {
        name: &'a str,
        is_found: bool,
    }
    impl StaticTableVisitor for Find<'_> {
        fn visit<R: StaticRow>(&mut self) {
            self.is_found |= R::TABLE == self.name;
        }
    }
    let mut find = Find { name, is_found: false };
    visit_static_tables(&mut find);
    find.is_found
}
