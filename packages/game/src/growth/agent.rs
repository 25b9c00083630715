//! Makes things what they grow into.

use hexmarch_base::{clock, Failure};
use hexmarch_macros::agent;
use hexmarch_messages::growth::{growth_state, GrowthState};
use hexmarch_messages::resource::{resource_desc, resource_growth_recipe_desc, resource_state};
use spacetimedb::{log, ReducerContext};

use crate::resource;

/// Things that grow up in one run; the rest is found by the next.
const MAX_PER_RUN: usize = 256;

/// Turns what is grown into what it grows into, the longest grown first, by index.
#[agent(timer = growth_loop_timer, every_millis = 2_000)]
pub fn growth_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    let rows = ctx.db.growth_state().end_timestamp_ms().filter(0..=clock::now_ms(ctx));
    let grown: Vec<GrowthState> = rows.take(MAX_PER_RUN).collect();
    for row in grown {
        super::forget(ctx, row.entity_id);
        let recipe = ctx.db.resource_growth_recipe_desc().id().find(row.growth_recipe_id);
        let thing = ctx.db.resource_state().entity_id().find(row.entity_id);
        let (Some(recipe), Some(thing)) = (recipe, thing) else {
            continue;
        };
        if ctx.db.resource_desc().id().find(recipe.grown_resource_id).is_none() {
            log::warn!("growth recipe {} leads to nothing", recipe.id);
            continue;
        }
        resource::turn(ctx, thing, recipe.grown_resource_id)?;
    }
    Ok(())
}
