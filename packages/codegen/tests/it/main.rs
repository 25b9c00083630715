//! What the generators give, pinned by snapshots, and every mistake that they report.
//!
//! After a wanted change of what is generated: `INSTA_UPDATE=always cargo test -p hexmarch-codegen`, and read the diff.

// Helpers are no tests to clippy, but only tests call them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attribute_mistakes;
mod expand;
mod facts_mistakes;
mod fixture;
mod generate;
mod generate_mistakes;
mod knowledge_mistakes;
mod name_mistakes;
mod table_mistakes;
mod workspace;
