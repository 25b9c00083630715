//! The life of the database and of connections.

use hexmarch_base::{connection, entity, version, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::config::{server_identity, ServerIdentity};
use spacetimedb::{ReducerContext, Table};

/// A new database: the publisher is its admin, nothing else is allowed before `load_config`.
#[reducer(init)]
#[access(Lifecycle)]
pub fn init(ctx: &ReducerContext) -> Result<(), Failure> {
    ctx.db.server_identity().insert(ServerIdentity {
        version: 0,
        identity: ctx.sender,
    });
    entity::initialize(ctx);
    version::store(ctx);
    Ok(())
}

/// Developer's service, role, block list, login service. Without an account one may connect: to register.
#[reducer(client_connected)]
#[access(Lifecycle)]
pub fn identity_connected(ctx: &ReducerContext) -> Result<(), Failure> {
    connection::admit(ctx).map(drop)
}

/// Nothing hangs on a connection here: sessions are the regions'.
#[reducer(client_disconnected)]
#[access(Lifecycle)]
pub fn identity_disconnected(_ctx: &ReducerContext) -> Result<(), Failure> {
    Ok(())
}
