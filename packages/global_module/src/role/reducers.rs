//! Roles, the block list, login services.

use hexmarch_base::outbox::{other_regions, Durability};
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::inter_module::MessageContents;
use hexmarch_messages::role::{
    blocked_identity, BlockedIdentity, Developer, IdentityRole, Role, UserAuthenticationState,
};
use hexmarch_messages::session::SignPlayerOutMsg;
use hexmarch_rules::text::check_text;
use spacetimedb::{Identity, ReducerContext};

/// Longest name of a developer or service, in characters.
const MAX_NAME_CHARS: usize = 64;

/// Gives an identity a role, in every database; `Player` takes it away.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn set_role_for_identity(
    _ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    identity: Identity,
    role: Role,
) -> Result<(), Failure> {
    if role == Role::Player {
        shared.delete::<IdentityRole>(&identity);
    } else {
        shared.upsert(IdentityRole { identity, role });
    }
    Ok(())
}

/// Blocks an identity everywhere and ends its session.
///
/// # Errors
/// `role.blocked_already`.
#[reducer]
#[access(Mod)]
#[shared_table_reducer]
pub fn block_identity(ctx: &ReducerContext, shared: &mut SharedTransaction, identity: Identity) -> Result<(), Failure> {
    if ctx.db.blocked_identity().find(&identity).is_some() {
        return Err(Failure::new("role.blocked_already"));
    }
    shared.upsert(BlockedIdentity { identity });
    for region in other_regions(ctx) {
        let message = SignPlayerOutMsg {
            player_identity: Some(identity),
        };
        shared.send(region, Durability::Durable, MessageContents::SignPlayerOut(message));
    }
    Ok(())
}

/// Lets an identity connect again.
///
/// # Errors
/// `role.not_blocked`.
#[reducer]
#[access(Mod)]
#[shared_table_reducer]
pub fn unblock_identity(
    _ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    identity: Identity,
) -> Result<(), Failure> {
    if shared.delete::<BlockedIdentity>(&identity) {
        Ok(())
    } else {
        Err(Failure::new("role.not_blocked"))
    }
}

/// A login service vouches for an identity.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn authenticate(ctx: &ReducerContext, shared: &mut SharedTransaction, identity: Identity) -> Result<(), Failure> {
    shared.upsert(UserAuthenticationState {
        identity,
        timestamp: ctx.timestamp,
    });
    Ok(())
}

/// Registers a developer's service account.
///
/// # Errors
/// `text.*`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn insert_developer_identity(
    _ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    identity: Identity,
    developer_name: String,
    service_name: String,
) -> Result<(), Failure> {
    let developer_name = check_text(&developer_name, MAX_NAME_CHARS)?.to_string();
    let service_name = check_text(&service_name, MAX_NAME_CHARS)?.to_string();
    shared.upsert(Developer {
        identity,
        developer_name,
        service_name,
    });
    Ok(())
}

/// Forgets a developer's service account.
///
/// # Errors
/// `role.no_developer`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn delete_developer_identity(
    _ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    identity: Identity,
) -> Result<(), Failure> {
    if shared.delete::<Developer>(&identity) {
        Ok(())
    } else {
        Err(Failure::new("role.no_developer"))
    }
}
