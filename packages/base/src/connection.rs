//! Who may connect. The steps that both kinds of database share; a region adds the session's and the player's.

use hexmarch_messages::role::{blocked_identity, developer, user_authentication_state, Role};
use spacetimedb::ReducerContext;

use crate::{config, role, Failure};

/// How an identity got in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// A developer's service or somebody with a role: needs no player.
    Staff,
    /// Anybody else.
    Player,
}

/// Looks at a new connection: developer's service, role, block list, login service, in this order.
///
/// # Errors
/// `access.not_configured`, `connection.blocked`, `connection.not_authenticated`.
pub fn admit(ctx: &ReducerContext) -> Result<Admission, Failure> {
    if ctx.db.developer().find(&ctx.sender).is_some() {
        return Ok(Admission::Staff);
    }
    let held = role::of(ctx, &ctx.sender);
    if held == Role::Relay || role::includes(held, Role::SkipQueue) {
        return Ok(Admission::Staff);
    }
    if ctx.db.blocked_identity().find(&ctx.sender).is_some() {
        return Err(Failure::new("connection.blocked"));
    }
    let config = config::get(ctx).ok_or_else(|| Failure::new("access.not_configured"))?;
    if config.require_authentication && ctx.db.user_authentication_state().find(&ctx.sender).is_none() {
        return Err(Failure::new("connection.not_authenticated"));
    }
    Ok(Admission::Player)
}
