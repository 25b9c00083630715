//! Being moved.

use hexmarch_base::{entity, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::player::user_state;
use hexmarch_messages::transfer::TransferReason;
use hexmarch_sim_core::{Ground, OffsetCoordinatesFloat, OffsetCoordinatesLarge, OVERWORLD};
use spacetimedb::{Identity, ReducerContext};

use crate::terrain::ground::WorldGround;
use crate::{movement, region, session, transfer};

/// Moves a player of this region to a place in the world, in small tiles; into another region by transfer.
///
/// # Errors
/// `player.not_here`, `position.*`, `teleport.outside`, `transfer.*`.
#[reducer]
#[access(Gm)]
#[feature_gate("teleport")]
pub fn admin_teleport_player(ctx: &ReducerContext, identity: Identity, x: f32, z: f32) -> Result<(), Failure> {
    let position = OffsetCoordinatesFloat::from_tiles(x, z, OVERWORLD)?;
    let user = ctx.db.user_state().identity().find(identity);
    let user = user.ok_or_else(|| Failure::new("player.not_here"))?;
    let target = region::at(ctx, position).ok_or_else(|| Failure::new("teleport.outside"))?;
    if target != entity::own_index(ctx) {
        return transfer::start(ctx, transfer::key(&user), target, position, TransferReason::Teleport);
    }
    if WorldGround::new(ctx)
        .cell(OffsetCoordinatesLarge::from(position))
        .is_none()
    {
        return Err(Failure::new("teleport.outside"));
    }
    let stored = ctx.db.mobile_entity_state().entity_id().find(user.entity_id);
    let timestamp = stored.map_or(0, |row| row.timestamp);
    let row = movement::placed(user.entity_id, position, timestamp);
    movement::store(ctx, row.ok_or_else(|| Failure::new("teleport.outside"))?);
    session::touch(ctx, user.entity_id);
    Ok(())
}
