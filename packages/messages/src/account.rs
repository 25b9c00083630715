//! Accounts: who exists, what they are called, where they are. Registration is the global database's; a session is
//! the region's.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::{Identity, Timestamp};

/// Where a character is. An identity may have several characters; today registration makes one.
#[table(global, name = user_region_state, public)]
pub struct UserRegionState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// Whose it is.
    #[index(btree)]
    pub identity: Identity,
    /// The region, as last reported by the region itself.
    #[index(btree)]
    pub region_id: u8,
    /// Whether the region has created it.
    pub is_created: bool,
    /// How often it has changed region, as last reported.
    pub region_changes: u32,
}

/// Names, as players see them.
#[table(global, name = player_username_state, public)]
pub struct PlayerUsernameState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// As written by the player.
    #[unique]
    pub username: String,
}

/// Names in the form in which they are unique.
#[table(global, name = player_lowercase_username_state)]
pub struct PlayerLowercaseUsernameState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// Case-folded, look-alike letters unified.
    #[unique]
    pub username_lowercase: String,
}

/// When an account was made.
#[table(global, name = user_creation_timestamp_state)]
pub struct UserCreationTimestampState {
    /// The account.
    #[primary_key]
    pub identity: Identity,
    /// When.
    pub timestamp: Timestamp,
}

/// Names that nobody may take.
#[table(global, name = reserved_name_desc)]
#[static_data_staging_table]
pub struct ReservedNameDesc {
    /// In lower case.
    #[primary_key]
    #[length(1..=32)]
    pub name: String,
}

/// Ask for an account.
#[sats_type]
pub struct PlayerRegisterRequest {
    /// 3 to 16 letters, digits, `_` or `-`.
    pub username: String,
}

/// Ask for another name.
#[sats_type]
pub struct PlayerSetNameRequest {
    /// 3 to 16 letters, digits, `_` or `-`.
    pub username: String,
}

/// Create this character in your region.
#[sats_type]
pub struct PlayerCreateMsg {
    /// The character, given out by the global database.
    pub entity_id: u64,
    /// Whose it is.
    pub identity: Identity,
    /// Its name.
    pub username: String,
}

/// This character is in my region now.
#[sats_type]
pub struct UserUpdateRegionMsg {
    /// The character.
    pub entity_id: u64,
    /// How often it has changed region; an older report never replaces a newer one.
    pub region_changes: u32,
}

/// A character's name changed.
#[sats_type]
pub struct PlayerNameSetMsg {
    /// The character.
    pub entity_id: u64,
    /// The new name.
    pub username: String,
    /// How often this was sent on because the player had moved.
    pub hops: u8,
}

/// An account moves to another identity.
#[sats_type]
pub struct ReplaceIdentityMsg {
    /// From.
    pub old_identity: Identity,
    /// To.
    pub new_identity: Identity,
}
