//! Everything that is generated from the annotated sources, as a library: syntax in, text or tokens out.
//!
//! Two callers: the attribute macros of `hexmarch-macros` call [`expand`] for one item at a time, and the `build.rs`
//! of `messages`, `game` and `global_module` call [`generate`] for what spans items (the operations on shared tables,
//! the player bundle, entity deletion, staging, dispatch, the discovery of features). `scripts/expand` shows both.
//!
//! This crate never writes a file and never prints: `build.rs` does. Mistakes are collected, each with its
//! `path:line:column`, and reported together.

pub mod expand;
pub mod generate;
mod parse;
mod source;

pub use parse::table::{Home, TableDecl};
pub use source::{Mistake, Mistakes, SourceFile, Sources};
