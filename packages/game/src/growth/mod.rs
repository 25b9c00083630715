//! Things that become others with time: saplings, sown fields, what sprouts where a tree stood.

use hexmarch_base::clock;
use hexmarch_messages::growth::{growth_state, GrowthState};
use hexmarch_messages::resource::resource_growth_recipe_desc;
use hexmarch_rules::resource::between;
use spacetimedb::{ReducerContext, Table};

/// How a kind of thing grows.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    recipe_id: i32,
    min_time: f32,
    max_time: f32,
}

/// How a kind of thing grows, if it does.
pub fn of_kind(ctx: &ReducerContext, resource_id: i32) -> Option<Growth> {
    let recipe = ctx.db.resource_growth_recipe_desc().resource_id().find(resource_id)?;
    Some(Growth {
        recipe_id: recipe.id,
        min_time: recipe.min_time,
        max_time: recipe.max_time,
    })
}

/// A thing begins to grow.
pub fn begin(ctx: &ReducerContext, entity_id: u64, growth: Growth) {
    let takes_ms = between(growth.min_time, growth.max_time, ctx.random());
    ctx.db.growth_state().insert(GrowthState {
        entity_id,
        end_timestamp_ms: clock::now_ms(ctx).saturating_add(takes_ms),
        growth_recipe_id: growth.recipe_id,
    });
}

/// A thing does not grow any more.
pub fn forget(ctx: &ReducerContext, entity_id: u64) {
    ctx.db.growth_state().entity_id().delete(entity_id);
}
