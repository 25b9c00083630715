//! Setting a region up, opening and closing it.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::{entity, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::region::{region_control_info, world_region_state, RegionControlInfo, WorldRegionState};
use hexmarch_messages::world::resources_log;
use hexmarch_sim_core::RegionLayout;
use spacetimedb::{ReducerContext, Table};

/// Tells a new database which region of which world it is: a row of the world has `columns` regions, for as long as the world
/// exists. The same call again changes nothing.
///
/// # Errors
/// `region.already_set_up` for another index, width or place than the first; `region.*` for counts and sizes that no world
/// has.
#[reducer]
#[access(Admin)]
pub fn set_up_region(
    ctx: &ReducerContext,
    region_index: u8,
    region_count: u8,
    columns: u8,
    width_chunks: u16,
    height_chunks: u16,
) -> Result<(), Failure> {
    let layout = RegionLayout::new(region_count, columns, width_chunks, height_chunks)?;
    let bounds = layout
        .bounds(region_index)
        .ok_or_else(|| Failure::new("region.no_such_index"))?;
    let min = |value: i32| u16::try_from(value).map_err(|_| Failure::new("region.out_of_world"));
    let row = WorldRegionState {
        id: 0,
        region_index,
        region_count,
        region_count_sqrt: columns,
        region_min_chunk_x: min(bounds.min_chunk_x)?,
        region_min_chunk_z: min(bounds.min_chunk_z)?,
        region_width_chunks: width_chunks,
        region_height_chunks: height_chunks,
    };
    match super::own(ctx) {
        // The world may have grown since.
        Some(stored)
            if stored
                == WorldRegionState {
                    region_count: stored.region_count,
                    ..row.clone()
                } =>
        {
            return Ok(())
        }
        Some(_) => return Err(Failure::new("region.already_set_up")),
        None => {}
    }
    ctx.db.world_region_state().insert(row);
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

/// Opens or closes the region for players, and for new ones.
///
/// # Errors
/// `region.not_set_up`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn admin_set_region_control_state(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    allow_players: bool,
    allow_player_spawns: bool,
) -> Result<(), Failure> {
    let own = super::own(ctx).ok_or_else(|| Failure::new("region.not_set_up"))?;
    announce(ctx, shared, own.region_index, allow_players, allow_player_spawns);
    Ok(())
}

/// Tells every database whether this region takes players.
pub fn announce(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    region_id: u8,
    allow_players: bool,
    allow_player_spawns: bool,
) {
    let initialized = ctx.db.resources_log().count() > 0;
    let row = RegionControlInfo {
        region_id,
        initialized,
        allow_players,
        allow_player_spawns,
    };
    if ctx.db.region_control_info().find(&region_id).as_ref() != Some(&row) {
        shared.upsert(row);
    }
}
