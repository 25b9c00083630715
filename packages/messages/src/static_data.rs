//! Content: tables that are uploaded, not played.

use spacetimedb_lib::de::DeserializeOwned;
use spacetimedb_lib::ser::Serialize;
use spacetimedb_lib::SpacetimeType;

pub use crate::generated::visit_static_tables;

/// A row of a content table.
pub trait StaticRow: SpacetimeType + DeserializeOwned + Serialize + PartialEq + Clone {
    /// Name of the table and of its file `static_data/<table>.json`.
    const TABLE: &'static str;
    /// Name of the primary key column.
    const KEY: &'static str;
    /// Whether region databases hold it.
    const IN_REGION: bool;
    /// Whether the global database holds it.
    const IN_GLOBAL: bool;
    /// The primary key as text, for messages.
    fn key(&self) -> String;
}

/// Called with each content table's row type by [`visit_static_tables`].
pub trait StaticTableVisitor {
    /// One table.
    fn visit<R: StaticRow>(&mut self);
}
