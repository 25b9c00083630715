//! Accounts: registration, names, where each character is.
//!
//! Invariants: a name in its canonical form belongs to one character in the whole world; a character's id is given out
//! here once; `user_region_state` follows the region's own reports, never ahead of them.

use hexmarch_base::outbox::Durability;
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_messages::account::{
    player_lowercase_username_state, player_username_state, reserved_name_desc, user_region_state,
    PlayerLowercaseUsernameState, PlayerUsernameState,
};
use hexmarch_messages::inter_module::MessageContents;
use hexmarch_rules::user_name::{self, StandardWords, UserName};
use spacetimedb::{ReducerContext, Table};

/// How often a message that follows a player from region to region is sent on before it is given up.
pub const MAX_HOPS: u8 = 32;

/// Checks a name and that it is free, or the character's own.
///
/// # Errors
/// `user_name.*`; `user_name.taken`.
pub fn check_name(ctx: &ReducerContext, name: &str, entity_id: u64) -> Result<UserName, Failure> {
    let reserved_names: Vec<String> = ctx
        .db
        .reserved_name_desc()
        .iter()
        .map(|row| user_name::canonical(&row.name))
        .collect();
    let reserved = |name: &str| reserved_names.iter().any(|reserved| reserved == name);
    let checked = user_name::validate(name, reserved, &StandardWords)?;
    let names = ctx.db.player_lowercase_username_state();
    match names.username_lowercase().find(&checked.canonical) {
        Some(row) if row.entity_id != entity_id => Err(Failure::new("user_name.taken")),
        _ => Ok(checked),
    }
}

/// Stores a checked name; the old one is free then.
pub fn store_name(ctx: &ReducerContext, entity_id: u64, name: UserName) {
    forget_name(ctx, entity_id);
    ctx.db.player_username_state().insert(PlayerUsernameState {
        entity_id,
        username: name.display,
    });
    ctx.db
        .player_lowercase_username_state()
        .insert(PlayerLowercaseUsernameState {
            entity_id,
            username_lowercase: name.canonical,
        });
}

/// Frees a character's name.
pub fn forget_name(ctx: &ReducerContext, entity_id: u64) {
    ctx.db.player_username_state().entity_id().delete(entity_id);
    ctx.db.player_lowercase_username_state().entity_id().delete(entity_id);
}

/// The region that a character was last reported in.
///
/// # Errors
/// `player.unknown`.
pub fn region_of(ctx: &ReducerContext, entity_id: u64) -> Result<u8, Failure> {
    let row = ctx.db.user_region_state().entity_id().find(entity_id);
    row.map(|row| row.region_id)
        .ok_or_else(|| Failure::new("player.unknown"))
}

/// Sends a message to the region that a character is in.
///
/// # Errors
/// `player.unknown`.
pub fn send_to_player(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    entity_id: u64,
    contents: MessageContents,
) -> Result<(), Failure> {
    shared.send(region_of(ctx, entity_id)?, Durability::Durable, contents);
    Ok(())
}
