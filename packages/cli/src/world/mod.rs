//! Worlds as pictures and figures: made on all cores from a seed and content, or read from live databases.
//!
//! What is promised: the same seed, content and arguments give the same bytes, however many cores there are.

pub mod canvas;
mod furniture;
pub mod generation;
mod heat;
pub mod land;
pub mod live;
pub mod make;
pub mod map;
mod names;
mod paint;
pub mod stats;
mod symbols;
pub mod upload;

pub use land::{Land, Thing};
pub use make::{make, Plan};
pub use map::{render, Layer, Style};
pub use stats::Stats;
