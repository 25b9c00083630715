//! Text for everyone.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::Timestamp;

/// The last broadcast. One row, key 0.
#[table(region, global, name = admin_broadcast, public)]
pub struct AdminBroadcast {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// Headline.
    pub title: String,
    /// Text.
    pub message: String,
    /// Whether everybody was signed out with it.
    pub sign_out: bool,
    /// When.
    pub timestamp: Timestamp,
}

/// Show this to everyone in your region.
#[sats_type]
pub struct AdminBroadcastMsg {
    /// Headline.
    pub title: String,
    /// Text.
    pub message: String,
    /// Whether to sign everybody out.
    pub sign_out: bool,
}
