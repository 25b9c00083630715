//! Ids of entities: unique in the whole world without asking anyone.

use hexmarch_messages::config::{globals, Globals};
use spacetimedb::{ReducerContext, Table};

use crate::Failure;

/// Key of the only row.
const ONLY_ROW: i32 = 0;
/// The region's index stands in the top byte.
const REGION_SHIFT: u32 = 56;

/// Counters and place of this database.
///
/// # Errors
/// `entity.no_globals` before `init` ran.
pub fn globals(ctx: &ReducerContext) -> Result<Globals, Failure> {
    ctx.db
        .globals()
        .version()
        .find(ONLY_ROW)
        .ok_or_else(|| Failure::new("entity.no_globals"))
}

/// 0 in the global database and in a region that was not set up, else the region's index.
pub fn own_index(ctx: &ReducerContext) -> u8 {
    ctx.db
        .globals()
        .version()
        .find(ONLY_ROW)
        .map_or(0, |row| row.region_index)
}

/// Makes the row of counters, once.
pub fn initialize(ctx: &ReducerContext) {
    if ctx.db.globals().count() == 0 {
        ctx.db.globals().insert(Globals {
            version: ONLY_ROW,
            entity_pk_counter: 0,
            dimension_counter: 1,
            region_index: 0,
        });
    }
}

/// Stores the row of counters.
pub fn update_globals(ctx: &ReducerContext, row: Globals) {
    ctx.db.globals().version().update(row);
}

/// The next entity id: a counter with the region's index in the top byte.
///
/// # Errors
/// `entity.no_globals`; `entity.exhausted` after 2^56 entities.
pub fn create(ctx: &ReducerContext) -> Result<u64, Failure> {
    let mut row = globals(ctx)?;
    row.entity_pk_counter += 1;
    if row.entity_pk_counter >> REGION_SHIFT != 0 {
        return Err(Failure::new("entity.exhausted"));
    }
    let id = row.entity_pk_counter | (u64::from(row.region_index) << REGION_SHIFT);
    update_globals(ctx, row);
    Ok(id)
}

/// `count` entity ids at once: the first; the others follow it.
///
/// # Errors
/// As [`create`].
pub fn create_many(ctx: &ReducerContext, count: u64) -> Result<u64, Failure> {
    let mut row = globals(ctx)?;
    let first = row.entity_pk_counter + 1;
    row.entity_pk_counter += count;
    if row.entity_pk_counter >> REGION_SHIFT != 0 {
        return Err(Failure::new("entity.exhausted"));
    }
    let id = first | (u64::from(row.region_index) << REGION_SHIFT);
    update_globals(ctx, row);
    Ok(id)
}

/// The next dimension: its number, unique in this database.
///
/// # Errors
/// `entity.no_globals`; `entity.exhausted` after 2^32 dimensions.
pub fn create_dimension(ctx: &ReducerContext) -> Result<u32, Failure> {
    let mut row = globals(ctx)?;
    let next = row.dimension_counter.checked_add(1);
    row.dimension_counter = next.ok_or_else(|| Failure::new("entity.exhausted"))?;
    let dimension_id = row.dimension_counter;
    update_globals(ctx, row);
    Ok(dimension_id)
}
