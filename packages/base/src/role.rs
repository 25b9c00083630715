//! Who has which role.

use hexmarch_messages::config::server_identity;
use hexmarch_messages::role::{identity_role, Role};
use spacetimedb::{Identity, ReducerContext};

/// Index of the only row of a singleton table.
const ONLY_ROW: u8 = 0;

/// The role of an identity. The publisher and the database itself are admins without a row; without one, anybody
/// else is a player.
pub fn of(ctx: &ReducerContext, identity: &Identity) -> Role {
    let publisher = ctx.db.server_identity().version().find(ONLY_ROW);
    if *identity == ctx.identity() || publisher.is_some_and(|row| row.identity == *identity) {
        return Role::Admin;
    }
    ctx.db
        .identity_role()
        .find(identity)
        .map_or(Role::Player, |row| row.role)
}

/// Whether `held` may do what needs `needed`. A relay may do nothing but relay.
pub fn includes(held: Role, needed: Role) -> bool {
    match (held, needed) {
        (Role::Relay, needed) => needed == Role::Relay,
        (held, Role::Relay) => held == Role::Admin,
        (held, needed) => held >= needed,
    }
}

/// Whether the caller's role includes `needed`.
pub fn caller_has(ctx: &ReducerContext, needed: Role) -> bool {
    includes(of(ctx, &ctx.sender), needed)
}
