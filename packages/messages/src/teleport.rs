//! Getting there without walking.

use hexmarch_macros::{sats_type, table};

/// Where one arrives.
#[sats_type]
#[derive(Copy, Eq)]
pub enum TeleportDestination {
    /// Where one begins.
    Home,
    /// At a waystone one knows.
    Waystone,
    /// Where one last died.
    Grave,
}

/// An item that takes one somewhere.
#[table(region, name = teleport_item_desc, public)]
#[static_data_staging_table]
pub struct TeleportItemDesc {
    /// The item, which is used up.
    #[primary_key]
    #[references(item_desc)]
    pub item_id: i32,
    /// Where to.
    pub destination: TeleportDestination,
    /// What one feels on arrival.
    #[references(buff_desc)]
    pub buff_id: Option<i32>,
}

/// What teleportation takes.
#[table(region, name = teleport_parameters_desc, public)]
#[static_data_staging_table]
pub struct TeleportParametersDesc {
    /// Always 0.
    #[primary_key]
    #[range(0..=0)]
    pub id: i32,
    /// Energy to go home.
    #[range(0.0..=1_000.0)]
    pub home_energy: f32,
    /// Energy to go to a waystone.
    #[range(0.0..=1_000.0)]
    pub waystone_energy: f32,
    /// Energy that comes back an hour.
    #[range(0.0..=1_000.0)]
    pub energy_per_hour: f32,
    /// Seconds of standing still before one is gone.
    #[range(0.0..=600.0)]
    pub channel_seconds: f32,
}
