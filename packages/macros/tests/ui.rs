//! What the compiler shows for wrong annotations: at the user's line, what to do, and nothing else.
//!
//! The cases are compiled as parts of a region's module: see `cfg(trybuild)` in Cargo.toml. `foreign_shared_table` lists
//! the shared tables that regions own, so a new one shows there.
//!
//! After a wanted change of a message: `TRYBUILD=overwrite cargo test -p hexmarch-macros`, and read the diff.

#[test]
fn mistakes_are_shown_at_their_line() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
