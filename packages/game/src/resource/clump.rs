//! What grows around a building from the beginning.

use hexmarch_base::Failure;
use hexmarch_messages::building::BuildingSpawnDesc;
use hexmarch_messages::resource::resource_clump_desc;
use hexmarch_sim_core::HexDirection;
use spacetimedb::ReducerContext;

use super::place;
use super::room::Room;
use crate::building::{chance, Standing};

/// Puts one of a building's clumps where it belongs, those of its members that have room, on whatever ground there is.
///
/// # Errors
/// `resource.unknown|<kind>`.
pub fn place_clump(ctx: &ReducerContext, spawn: &BuildingSpawnDesc, standing: &Standing) -> Result<(), Failure> {
    let clump = chance::one_of(spawn, standing, &spawn.resource_clumps);
    let clump = clump.and_then(|id| ctx.db.resource_clump_desc().id().find(id));
    let (Some(clump), Some(middle)) = (clump, standing.tile_at(spawn.x, spawn.z)) else {
        return Ok(());
    };
    let turn = i32::from(standing.direction_of(spawn.direction).index());
    let room = Room::new(ctx);
    for member in &clump.members {
        let tile = middle.offset_by(member.x, member.z);
        let Some(tile) = tile.and_then(|tile| tile.rotated(middle, turn)) else {
            continue;
        };
        let direction = HexDirection::from_index(member.direction).rotated(turn);
        if room.is_free(member.resource_id, tile, direction) {
            place(ctx, member.resource_id, tile, direction)?;
        }
    }
    Ok(())
}
