//! The life of the database and of connections.

use hexmarch_base::{connection, entity, static_data, version, Failure};
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

/// A push of content ends with its connection; sessions are the regions'.
#[reducer(client_disconnected)]
#[access(Lifecycle)]
pub fn identity_disconnected(ctx: &ReducerContext) -> Result<(), Failure> {
    static_data::connection_lost(ctx);
    Ok(())
}
