//! Every row and message type that both modules, the client and the tools share.
//!
//! A row type is declared once, with its home. The cargo features `region` and `global` decide which become
//! SpacetimeDB tables: a module's schema holds only its own. With neither feature everything is a plain SATS type.
//! Table and column names follow the field's: what people know from other games of this shape is called the same.
//!
//! Private unless a player needs to see it.

// SpacetimeDB generates accessors without documentation; generated lookups borrow keys that may not be `Copy`.
#![cfg_attr(
    any(feature = "region", feature = "global"),
    allow(missing_docs, clippy::needless_borrows_for_generic_args)
)]

#[cfg(all(feature = "region", feature = "global"))]
compile_error!("choose `region` or `global`: a database is one or the other, and their tables differ");

pub mod account;
pub mod agent;
pub mod broadcast;
pub mod config;
pub mod grant;
pub mod inter_module;
pub mod inventory;
pub mod knowledge;
pub mod movement;
pub mod player;
pub mod region;
pub mod role;
pub mod session;
pub mod shared;
pub mod static_data;
pub mod terrain;
pub mod transfer;

/// What follows from the annotations on the types of this crate.
pub mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
