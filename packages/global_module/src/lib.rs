//! The module of the global database. Each feature is a folder: `mod.rs` with what it promises and what other features
//! may call, `reducers.rs`, `inbox.rs` (messages and their answers), `agent.rs`. Files are found by themselves.

// SpacetimeDB generates accessors without documentation; generated lookups borrow keys that may not be `Copy`.
#![allow(missing_docs, clippy::needless_borrows_for_generic_args)]

include!(concat!(env!("OUT_DIR"), "/module.rs"));

/// What this module does when rows of tables with `#[custom_inter_module_insert]` arrive.
pub struct Inserts;

impl hexmarch_messages::shared::InterModuleInserts for Inserts {
    fn insert_region_connection_info(
        &self,
        ctx: &spacetimedb::ReducerContext,
        row: hexmarch_messages::region::RegionConnectionInfo,
        arrival: hexmarch_messages::shared::Arrival,
    ) {
        hexmarch_messages::shared::ReplicaRow::upsert_replica(row, &ctx.db, arrival);
    }

    fn insert_region_sign_in_parameters(
        &self,
        ctx: &spacetimedb::ReducerContext,
        row: hexmarch_messages::region::RegionSignInParameters,
        arrival: hexmarch_messages::shared::Arrival,
    ) {
        hexmarch_messages::shared::ReplicaRow::upsert_replica(row, &ctx.db, arrival);
    }
}
