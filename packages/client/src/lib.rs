//! A player's side: an account in the global database, a session in a region's, walking, and changing regions without
//! noticing.
//!
//! [`Account`] speaks to the global database, [`Region`] to one region, [`Player`] is both over time: it follows its
//! character wherever that is. What the modules offer is in [`bindings`].

mod account;
mod call;
pub mod demo;
mod ground;
mod once;
mod player;
mod region;
mod route;
mod sight;
mod token;
mod walk;
mod watch;

pub use hexmarch_bindings as bindings;

pub use account::{Account, Whereabouts};
pub use call::{CallError, CALL_TIMEOUT};
pub use ground::SeenGround;
pub use player::{NoWay, Player, PlayerOptions};
pub use region::{Region, RegionEvent};
pub use route::{Crossing, Journey, Walker, MAX_TILES};
pub use sight::{Order, Sight};
pub use spacetimedb_sdk::{Identity, Table, TableWithPrimaryKey};
pub use walk::{now_ms, step_towards, Pace, Step, PLAIN_STAT_PERMILLE, STEP_MS};
pub use watch::{SightCounts, GROUND_RADIUS, MARGIN_MILLI, NEAR_RADIUS};
