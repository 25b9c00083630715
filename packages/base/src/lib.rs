//! What both modules stand on. Compiled once for each, with the feature `region` or `global`.
//!
//! A reducer of a module is four steps: authorize ([`access`]), load rows, call a pure rule, apply the result. What a
//! module must never do by itself is here: decide who may call ([`access`]), give out ids ([`entity`], [`outbox`]),
//! take a message in ([`inter_module`]), write a shared table ([`shared`]), run by itself ([`agents`]), change content
//! ([`static_data`]).

// SpacetimeDB generates accessors without documentation.
#![allow(missing_docs)]

extern crate self as hexmarch_base;

pub mod access;
pub mod agents;
pub mod clock;
pub mod config;
pub mod connection;
pub mod dead_letter;
pub mod entity;
pub mod escrow;
mod failure;
pub mod feature_gate;
pub mod inter_module;
pub mod outbox;
pub mod rate_limit;
pub mod role;
pub mod shared;
pub mod static_data;
pub mod version;

pub use failure::Failure;
