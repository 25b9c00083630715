//! A player's side: an account in the global database, a session in a region's, walking, and changing regions without
//! noticing.
//!
//! [`Account`] speaks to the global database, [`Region`] to one region, [`Player`] is both over time: it follows its
//! character wherever that is. What the modules offer is in [`bindings`], generated from their schemas.

mod account;
#[allow(missing_docs, clippy::all, clippy::restriction, unused)]
#[rustfmt::skip]
pub mod bindings {
    #[path = "global/mod.rs"]
    pub mod global;
    #[path = "region/mod.rs"]
    pub mod region;
}
mod call;
pub mod demo;
mod once;
mod player;
mod region;
mod token;
mod walk;

pub use account::{Account, Whereabouts};
pub use call::{CallError, CALL_TIMEOUT};
pub use player::{Player, PlayerOptions};
pub use region::{Region, RegionEvent};
pub use spacetimedb_sdk::Identity;
pub use walk::{now_ms, step_towards, Step, STEP_MS};
