//! The life of the database and of connections.

use hexmarch_base::connection::{self, Admission};
use hexmarch_base::{entity, static_data, version, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::config::{server_identity, ServerIdentity};
use hexmarch_messages::player::user_state;
use spacetimedb::{log, ReducerContext, Table};

use crate::session;

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

/// Developer's service, role, block list, login service; then: an older session of the same identity ends, and without
/// a player in this region the connection is refused.
#[reducer(client_connected)]
#[access(Lifecycle)]
pub fn identity_connected(ctx: &ReducerContext) -> Result<(), Failure> {
    let admission = connection::admit(ctx)?;
    session::end_session_of(ctx, &ctx.sender);
    session::queue::connection_returned(ctx, &ctx.sender);
    if admission == Admission::Player && ctx.db.user_state().identity().find(ctx.sender).is_none() {
        return Err(Failure::new("connection.no_player"));
    }
    Ok(())
}

/// The session of this connection ends; its slot is kept for the grace period. So does its push of content.
#[reducer(client_disconnected)]
#[access(Lifecycle)]
pub fn identity_disconnected(ctx: &ReducerContext) -> Result<(), Failure> {
    static_data::connection_lost(ctx);
    if let Some(connection_id) = ctx.connection_id {
        session::connection_lost(ctx, &ctx.sender, connection_id);
    } else {
        log::warn!("a disconnect without a connection id");
    }
    Ok(())
}
