//! Sessions: who is in the world now, who waits, who was idle.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::{ConnectionId, Identity};

/// Players in the world, for everybody to see.
#[table(region, name = signed_in_player_state, public)]
#[delete]
#[transfer(never)]
pub struct SignedInPlayerState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
}

/// The session of a signed-in player. One for each identity.
#[table(region, name = player_session_state)]
#[delete]
#[transfer(never)]
pub struct PlayerSessionState {
    /// Whose.
    #[primary_key]
    pub identity: Identity,
    /// The character.
    #[unique]
    pub entity_id: u64,
    /// The connection it lives and dies with.
    pub connection_id: ConnectionId,
}

/// When a signed-in player last did something, to within the granularity of `ACTIVITY_GRANULARITY_MS`.
#[table(region, name = player_timestamp_state)]
#[delete]
#[transfer(never)]
pub struct PlayerTimestampState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// Milliseconds since 1970.
    #[index(btree)]
    pub timestamp_ms: u64,
}

/// The queue: who waits for a slot, in order of `index`.
#[table(region, name = player_queue_state, public)]
#[delete]
#[transfer(never)]
pub struct PlayerQueueState {
    /// Place in the queue: the smallest is next.
    #[primary_key]
    #[auto_inc]
    pub index: u64,
    /// The character.
    #[unique]
    pub entity_id: u64,
}

/// A slot that is kept for a player who disconnected, was called from the queue or is arriving.
#[table(region, name = slot_reservation_state)]
#[delete]
#[transfer(never)]
pub struct SlotReservationState {
    /// Whose.
    #[primary_key]
    pub identity: Identity,
    /// The character.
    #[unique]
    pub entity_id: u64,
    /// Until when, milliseconds since 1970.
    #[index(btree)]
    pub expires_ms: u64,
}

/// End a player's session.
#[sats_type]
pub struct SignPlayerOutMsg {
    /// Whose; `None` for everybody.
    pub player_identity: Option<Identity>,
}

/// Let a player in past the queue.
#[sats_type]
pub struct PlayerSkipQueueMsg {
    /// Whom.
    pub player_identity: Identity,
}
