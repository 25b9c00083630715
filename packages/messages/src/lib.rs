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
pub mod achievement;
pub mod agent;
pub mod alert;
pub mod biome;
pub mod broadcast;
pub mod buff;
pub mod building;
pub mod cargo;
pub mod chat;
pub mod combat;
pub mod config;
pub mod construction;
pub mod crafting;
pub mod day;
pub mod enemy;
pub mod equipment;
pub mod extraction;
pub mod food;
pub mod grant;
pub mod growth;
pub mod inter_module;
pub mod interior;
pub mod inventory;
pub mod knowledge;
pub mod loot;
pub mod loot_chest;
pub mod movement;
pub mod npc;
pub mod paving;
pub mod placement;
pub mod player;
pub mod region;
pub mod resource;
pub mod role;
pub mod session;
pub mod shared;
pub mod skill;
pub mod static_data;
pub mod survival;
pub mod teleport;
pub mod terrain;
pub mod tool;
pub mod transfer;
pub mod weapon;
pub mod world;

/// What follows from the annotations on the types of this crate.
pub mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
