//! What each database knows of itself.

use hexmarch_macros::table;
use spacetimedb_lib::Identity;

/// The operator's settings. One row, key 0; no row until `load_config` was called, and then nothing runs.
#[table(region, global, name = config)]
pub struct Config {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// `dev`, `local`, `production`, `qa`, `staging` or `testing`.
    pub env: String,
    /// Whether agents do anything.
    pub agents_enabled: bool,
    /// Whether only identities that a login service vouched for may play.
    pub require_authentication: bool,
    /// Calls a second that an identity may make in the long run.
    pub calls_per_second: u32,
    /// Calls that it may make at once.
    pub call_burst: u32,
}

/// Counters and place of this database. One row, key 0.
#[table(region, global, name = globals, public)]
pub struct Globals {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// The last entity counter given out, without the region's byte.
    pub entity_pk_counter: u64,
    /// The last dimension id given out.
    pub dimension_counter: u32,
    /// 0 in the global database and in a region that was not set up, else the region's index.
    pub region_index: u8,
}

/// Who published this database: admin without a role row. One row, key 0.
#[table(region, global, name = server_identity)]
#[transfer(never)]
pub struct ServerIdentity {
    /// Always 0.
    #[primary_key]
    pub version: u8,
    /// The publisher.
    pub identity: Identity,
}

/// Switches that are off: `reducer:<name>` or `category:<name>`.
#[table(region, global, name = gated_features)]
pub struct GatedFeature {
    /// What is off.
    #[primary_key]
    pub feature: String,
}

/// The source this module was built from. One row, key 0.
#[table(region, global, name = module_version, public)]
pub struct ModuleVersion {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// Git commit that was checked out when the module was built, 40 hex digits, or `unknown`.
    pub commit: String,
}
