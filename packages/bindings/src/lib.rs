//! Tables and reducers of both modules as a client sees them: `scripts/bindings` writes the folders from the modules'
//! schemas. A crate of its own, since it takes as long to compile as all that is written by hand.

#[allow(missing_docs, clippy::all, clippy::restriction, unused)]
#[rustfmt::skip]
pub mod global;
#[allow(missing_docs, clippy::all, clippy::restriction, unused)]
#[rustfmt::skip]
pub mod region;
