//! From one region to another.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::{Identity, ScheduleAt};

use crate::generated::PlayerBundle;

/// Why a player changes region.
#[sats_type]
#[derive(Copy, Eq)]
pub enum TransferReason {
    /// They walked.
    Border,
    /// They were moved.
    Teleport,
}

/// A place in the world, in thousandths of a small tile.
#[sats_type]
#[derive(Copy, Eq)]
pub struct WorldPosition {
    /// Column.
    pub x: i32,
    /// Row.
    pub z: i32,
    /// 1 is the overworld.
    pub dimension: u32,
}

/// A player with everything they carry. While it is under way the player exists in this message and nowhere else.
#[sats_type]
pub struct TransferPlayerMsg {
    /// The character.
    pub entity_id: u64,
    /// Whose it is.
    pub identity: Identity,
    /// Where they arrive.
    pub destination: WorldPosition,
    /// Why.
    pub reason: TransferReason,
    /// Every row that travels, as it was before; put back at the sender when the destination refuses.
    pub player: PlayerBundle,
}

/// A player left for, or was sent back from, another region: connect there.
#[table(region, name = player_region_transfer_event)]
#[event_table]
pub struct PlayerRegionTransferEvent {
    /// Key.
    #[primary_key]
    #[auto_inc]
    pub scheduled_id: u64,
    /// Now.
    pub scheduled_at: ScheduleAt,
    /// Whose client should act.
    pub identity: Identity,
    /// The character.
    pub player_entity_id: u64,
    /// The region to connect to.
    pub region_index: u8,
    /// Its host.
    pub host: String,
    /// Its database.
    pub module: String,
}
