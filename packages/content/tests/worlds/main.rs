//! Worlds that the game's own content makes: what each of them keeps, in bands with a name.

// Helpers of tests are no tests to clippy.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod fair;
mod land;
mod rivers;
mod settlements;
mod shares;
