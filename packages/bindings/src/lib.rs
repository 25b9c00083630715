//! Tables and reducers of both modules as a client sees them: `scripts/bindings` writes the folders from the modules'
//! schemas, and a test fails when they are stale. They are as SpacetimeDB's generator writes them: two files of some thousand
//! lines, and a TODO of its own. A crate of its own, since it takes as long to compile as all that is written by hand.

#[allow(missing_docs, clippy::all, clippy::restriction, unused)]
#[rustfmt::skip]
pub mod global;
#[allow(missing_docs, clippy::all, clippy::restriction, unused)]
#[rustfmt::skip]
pub mod region;
