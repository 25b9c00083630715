//! What the end-to-end tests and measurements share: a world on a real host, and the generator of bindings.

pub mod arguments;
pub mod bench;
pub mod bindings;
pub mod census;
pub mod faults;
pub mod metrics;
pub mod programs;
pub mod world;
