//! Working on things until they are used up.

use hexmarch_base::{clock, Failure};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::inventory::ItemStack;
use hexmarch_messages::resource::{
    resource_health_state, resource_respawn_state, resource_state, ResourceDesc, ResourceHealthState,
    ResourceRespawnState, ResourceState,
};
use hexmarch_messages::terrain::location_state;
use hexmarch_rules::resource::{millis, strike as blow, Blow};
use spacetimedb::{ReducerContext, Table};

use super::{count, due, kind, turn};

/// What a stroke did.
#[derive(Clone, Debug, PartialEq)]
pub struct Struck {
    /// The kind that was struck.
    pub resource_id: i32,
    /// Work that is left, 0 when it was the last stroke.
    pub health: i32,
    /// What the last stroke yields; nothing before.
    pub yields: Vec<ItemStack>,
}

/// Works on a thing. When nothing is left of it, what its kind leaves stands there, or nothing, and it comes back as its kind
/// says.
///
/// # Errors
/// `resource.gone`; `resource.bad_damage` below 1.
pub fn strike(ctx: &ReducerContext, entity_id: u64, damage: i32) -> Result<Struck, Failure> {
    let row = ctx.db.resource_state().entity_id().find(entity_id);
    let row = row.ok_or_else(|| Failure::new("resource.gone"))?;
    let desc = kind(ctx, row.resource_id)?;
    let healths = ctx.db.resource_health_state();
    let stored = healths.entity_id().find(entity_id);
    let resource_id = row.resource_id;
    match blow(desc.max_health, stored.as_ref().map(|row| row.health), damage)? {
        Blow::Left(health) => {
            let row = ResourceHealthState { entity_id, health };
            if stored.is_some() {
                healths.entity_id().update(row);
            } else {
                healths.insert(row);
            }
            Ok(Struck {
                resource_id,
                health,
                yields: Vec::new(),
            })
        }
        Blow::UsedUp => {
            used_up(ctx, row, &desc, desc.on_destroy_yield_resource_id)?;
            Ok(Struck {
                resource_id,
                health: 0,
                yields: desc.on_destroy_yield,
            })
        }
    }
}

/// A thing is gone; what it leaves stands there. What was to stand there again already still will, else this if it is of a kind
/// that does.
///
/// # Errors
/// `resource.unknown|<kind>` for what it leaves.
pub fn used_up(
    ctx: &ReducerContext,
    row: ResourceState,
    desc: &ResourceDesc,
    leaves: Option<i32>,
) -> Result<(), Failure> {
    let respawns = ctx.db.resource_respawn_state();
    let respawn = respawns.entity_id().find(row.entity_id);
    let respawn = respawn.or_else(|| respawn_of(ctx, &row, desc));
    match leaves {
        Some(left) => turn(ctx, row, left)?,
        None => {
            count::remove(ctx, row.resource_id);
            delete_entity(&ctx.db, row.entity_id);
        }
    }
    if let Some(respawn) = respawn {
        due::respawn(ctx, respawn);
    }
    Ok(())
}

/// When and where a thing stands again, if its kind does.
fn respawn_of(ctx: &ReducerContext, row: &ResourceState, desc: &ResourceDesc) -> Option<ResourceRespawnState> {
    let after_ms = millis(desc.scheduled_respawn_time);
    if after_ms == 0 || desc.not_respawning {
        return None;
    }
    let location = ctx.db.location_state().entity_id().find(row.entity_id)?;
    Some(ResourceRespawnState {
        entity_id: row.entity_id,
        due_ms: clock::now_ms(ctx).saturating_add(after_ms),
        resource_id: row.resource_id,
        x: location.x,
        z: location.z,
        dimension: location.dimension,
        direction_index: row.direction_index,
    })
}
