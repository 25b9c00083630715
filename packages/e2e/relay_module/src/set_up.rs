//! The life of the database, and its place in the world.

use hexmarch_base::{connection, entity, version, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::config::{server_identity, ServerIdentity};
use spacetimedb::{ReducerContext, Table};

/// A new database: the publisher is its admin.
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

/// As in every module.
#[reducer(client_connected)]
#[access(Lifecycle)]
pub fn identity_connected(ctx: &ReducerContext) -> Result<(), Failure> {
    connection::admit(ctx).map(drop)
}

/// Tells a region's database which region it is. It learns of the others by message.
///
/// # Errors
/// `entity.no_globals`.
#[cfg(feature = "region")]
#[reducer]
#[access(Admin)]
pub fn set_up_test_region(ctx: &ReducerContext, region_index: u8) -> Result<(), Failure> {
    let globals = entity::globals(ctx)?;
    entity::update_globals(
        ctx,
        hexmarch_messages::config::Globals {
            region_index,
            ..globals
        },
    );
    Ok(())
}

/// Tells the global database which regions there are, 1 to `regions`, and through it all of them.
#[cfg(feature = "global")]
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn set_up_test_world(
    ctx: &ReducerContext,
    shared: &mut hexmarch_base::shared::SharedTransaction,
    regions: u8,
) -> Result<(), Failure> {
    use hexmarch_messages::region::RegionConnectionInfo;
    use hexmarch_messages::shared::OwnedRow;

    let rows = (1..=regions).map(|id| RegionConnectionInfo {
        id,
        host: "http://127.0.0.1".to_string(),
        module: format!("region-{id}"),
    });
    // Two passes: with all regions known, the rows go to all of them.
    for row in rows.clone() {
        row.upsert_owned(&ctx.db);
    }
    rows.for_each(|row| shared.upsert(row));
    // As the global module does for regions that are new.
    (1..=regions).for_each(|region| hexmarch_base::shared::copy::start(ctx, region));
    Ok(())
}
