//! What tests of the relay publish: the plumbing of `hexmarch-base` as it is, with handlers that keep books and fail on
//! purpose. Built twice, as a region's module and as the global one.
//!
//! Promises that a test can rely on:
//!
//! | | |
//! |---|---|
//! | [`items`] | each message with items that was sent, taken or given back is a row; the ledger changes with it |
//! | [`owners`] | players who move, and whose items are held by messages in escrow |
//! | [`text`] | each message with text that was taken is a row; sending writes nothing but the outbox |
//! | [`shared_rows`] | random writes to shared tables that this database owns |
//! | [`settings`] | which handlers fail, and whether messages that were handled before are told apart from new ones |
//!
//! A handler fails after it has done everything, so that what is not rolled back shows.

// SpacetimeDB generates accessors without documentation; generated lookups borrow keys that may not be `Copy`.
#![allow(missing_docs, clippy::needless_borrows_for_generic_args)]

pub mod items;
pub mod owners;
pub mod plumbing;
pub mod set_up;
pub mod settings;
pub mod shared_rows;
pub mod text;
