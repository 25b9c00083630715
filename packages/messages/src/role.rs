//! Who may do what, across the world. The global database owns all of it.

use hexmarch_macros::{sats_type, shared_table};
use spacetimedb_lib::{Identity, Timestamp};

/// Power over the game, least first; each includes those before it. `Relay` stands beside: it moves messages and
/// nothing else.
#[sats_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Anybody.
    Player,
    /// Supports the game in public.
    Partner,
    /// Enters full regions.
    SkipQueue,
    /// Moderates.
    Mod,
    /// Game master.
    Gm,
    /// May do everything.
    Admin,
    /// Moves messages between databases.
    Relay,
}

/// The role of an identity; without a row it is a player.
#[shared_table(owner = global, name = identity_role)]
pub struct IdentityRole {
    /// Who.
    #[primary_key]
    pub identity: Identity,
    /// What they are.
    pub role: Role,
}

/// Identities that may not connect.
#[shared_table(owner = global, name = blocked_identity)]
pub struct BlockedIdentity {
    /// Who.
    #[primary_key]
    pub identity: Identity,
}

/// Identities that a login service vouched for, needed to connect in every environment but `dev`, `local` and
/// `testing`.
#[shared_table(owner = global, name = user_authentication_state)]
pub struct UserAuthenticationState {
    /// Who.
    #[primary_key]
    pub identity: Identity,
    /// When.
    pub timestamp: Timestamp,
}

/// Service accounts of developers: they connect without being players.
#[shared_table(owner = global, name = developer)]
pub struct Developer {
    /// The account.
    #[primary_key]
    pub identity: Identity,
    /// The person.
    pub developer_name: String,
    /// What it is for.
    pub service_name: String,
}
