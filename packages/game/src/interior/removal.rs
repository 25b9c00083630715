//! Ending dimensions.

use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::interior::{
    dimension_description_state, dimension_removal_state, DimensionNetworkState, DimensionRemovalState,
};
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::player::user_state;
use hexmarch_messages::resource::resource_state;
use hexmarch_messages::terrain::{location_state, terrain_chunk_state};
use hexmarch_sim_core::floor_plan;
use spacetimedb::{ReducerContext, Table};

use crate::{enemy, player, resource};

/// Ends the dimensions of a network at once. Players in them, signed in or not, stand before the building's door; what else is
/// in them goes by and by.
pub fn vacate(ctx: &ReducerContext, network: &DimensionNetworkState) {
    let outside = super::outside(ctx, network.building_id);
    let dimensions = ctx.db.dimension_description_state();
    for row in dimensions.dimension_network_entity_id().filter(network.entity_id) {
        for entity_id in moving_in(ctx, row.dimension_id, usize::MAX) {
            if is_player(ctx, entity_id) {
                super::put(
                    ctx,
                    entity_id,
                    outside.or_else(|| player::spawn::position(ctx, entity_id)),
                );
            }
        }
        ctx.db.dimension_removal_state().insert(DimensionRemovalState {
            dimension_id: row.dimension_id,
        });
        delete_entity(&ctx.db, row.entity_id);
    }
}

/// Deletes at most so many things of dimensions that ended, and those dimensions in which nothing is left.
pub fn clear(ctx: &ReducerContext, mut most: usize) {
    let mut ended: Vec<u32> = ctx
        .db
        .dimension_removal_state()
        .iter()
        .map(|row| row.dimension_id)
        .collect();
    ended.sort_unstable();
    for dimension in ended {
        if most == 0 {
            return;
        }
        let mut things = moving_in(ctx, dimension, most);
        things.extend(standing_in(ctx, dimension, most - things.len()));
        most -= things.len();
        for entity_id in &things {
            if is_player(ctx, *entity_id) {
                super::put(ctx, *entity_id, player::spawn::position(ctx, *entity_id));
            } else if let Some(row) = ctx.db.resource_state().entity_id().find(*entity_id) {
                resource::remove(ctx, &row);
            } else {
                delete_entity(&ctx.db, *entity_id);
            }
        }
        if most > 0 {
            if let Some(chunk_index) = floor_plan::chunk_of(dimension).index() {
                ctx.db.terrain_chunk_state().chunk_index().delete(chunk_index);
                enemy::remove_herds_of(ctx, chunk_index);
            }
            ctx.db.dimension_removal_state().dimension_id().delete(dimension);
        }
    }
}

fn is_player(ctx: &ReducerContext, entity_id: u64) -> bool {
    ctx.db.user_state().entity_id().find(entity_id).is_some()
}

fn moving_in(ctx: &ReducerContext, dimension: u32, most: usize) -> Vec<u64> {
    let Some(chunk_index) = floor_plan::chunk_of(dimension).index() else {
        return Vec::new();
    };
    let rows = ctx.db.mobile_entity_state().chunk_index().filter(chunk_index);
    rows.take(most).map(|row| row.entity_id).collect()
}

fn standing_in(ctx: &ReducerContext, dimension: u32, most: usize) -> Vec<u64> {
    let Some(chunk_index) = floor_plan::chunk_of(dimension).index() else {
        return Vec::new();
    };
    let rows = ctx.db.location_state().chunk_index().filter(chunk_index);
    rows.take(most).map(|row| row.entity_id).collect()
}
