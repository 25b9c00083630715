//! Who may call a reducer. Fails closed: no configuration, no session, no role, no entry.

use hexmarch_messages::role::Role;
use spacetimedb::ReducerContext;

use crate::{config, rate_limit, role, Failure};

/// The words of `#[access(...)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whoever could connect.
    Anyone,
    /// A signed-in player; in the global database, one with an account.
    Player,
    /// This role or a higher one.
    Partner,
    /// This role or a higher one.
    SkipQueue,
    /// This role or a higher one.
    Mod,
    /// This role or a higher one.
    Gm,
    /// Admins, also while the database is not configured.
    Admin,
    /// The relay, or an admin.
    Relay,
    /// The database's own scheduler.
    Scheduler,
    /// The host, which lets no one else call lifecycle reducers.
    Lifecycle,
}

/// The caller, known to be signed in.
#[cfg(feature = "region")]
pub type SignedInPlayer = hexmarch_messages::session::PlayerSessionState;
/// The caller, known to have an account.
#[cfg(feature = "global")]
pub type SignedInPlayer = hexmarch_messages::account::UserRegionState;

/// Refuses callers that `access` does not cover.
///
/// # Errors
/// `access.not_configured`, `access.too_many_calls`, `access.not_signed_in`, `access.role|<needed>` or
/// `access.scheduler`.
pub fn check(ctx: &ReducerContext, access: Access) -> Result<(), Failure> {
    let needed = match access {
        Access::Lifecycle => return Ok(()),
        Access::Scheduler => {
            let is_scheduler = ctx.sender == ctx.identity();
            return if is_scheduler {
                Ok(())
            } else {
                Err(Failure::new("access.scheduler"))
            };
        }
        Access::Player => return signed_in_player(ctx).map(drop),
        Access::Anyone => {
            return rate_limit::check(ctx);
        }
        Access::Partner => Role::Partner,
        Access::SkipQueue => Role::SkipQueue,
        Access::Mod => Role::Mod,
        Access::Gm => Role::Gm,
        Access::Admin => Role::Admin,
        Access::Relay => Role::Relay,
    };
    if !role::caller_has(ctx, needed) {
        rate_limit::check(ctx)?;
        return Err(Failure::new(format!("access.role|{needed:?}")));
    }
    if access != Access::Admin {
        config::require(ctx)?;
    }
    Ok(())
}

/// The caller's session.
///
/// # Errors
/// `access.not_configured`, `access.too_many_calls` or `access.not_signed_in`.
#[cfg(feature = "region")]
pub fn signed_in_player(ctx: &ReducerContext) -> Result<SignedInPlayer, Failure> {
    use hexmarch_messages::session::player_session_state;
    rate_limit::check(ctx)?;
    let session = ctx.db.player_session_state().identity().find(ctx.sender);
    session.ok_or_else(|| Failure::new("access.not_signed_in"))
}

/// The caller's account.
///
/// # Errors
/// `access.not_configured`, `access.too_many_calls` or `access.not_signed_in`.
#[cfg(feature = "global")]
pub fn signed_in_player(ctx: &ReducerContext) -> Result<SignedInPlayer, Failure> {
    use hexmarch_messages::account::user_region_state;
    rate_limit::check(ctx)?;
    let account = ctx.db.user_region_state().identity().filter(&ctx.sender).next();
    account.ok_or_else(|| Failure::new("access.not_signed_in"))
}
