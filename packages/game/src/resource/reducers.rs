//! Resources by hand, for those who run the world.

use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_sim_core::{HexDirection, OffsetCoordinatesSmall, OVERWORLD};
use spacetimedb::ReducerContext;

use super::room::Room;

/// Works on a resource, as a stroke of so much would.
///
/// # Errors
/// `resource.gone`; `resource.bad_damage` below 1.
#[reducer]
#[access(Gm)]
pub fn admin_damage_resource(ctx: &ReducerContext, entity_id: u64, damage: i32) -> Result<(), Failure> {
    super::strike(ctx, entity_id, damage).map(drop)
}

/// Puts a resource on a small tile of the overworld, by column and row; it faces one of six ways. What there should be in the
/// world stays.
///
/// # Errors
/// `resource.unknown|<kind>`; `resource.bad_direction`; `region.not_set_up`, `region.out_of_world`,
/// `resource.outside_region`, `resource.no_ground` and `resource.taken` for tiles where it cannot stand.
#[reducer]
#[access(Gm)]
pub fn admin_place_resource(
    ctx: &ReducerContext,
    resource_id: i32,
    x: i32,
    z: i32,
    direction: i32,
) -> Result<(), Failure> {
    if !(0..=5).contains(&direction) {
        return Err(Failure::new("resource.bad_direction"));
    }
    let direction = HexDirection::from_index(direction);
    let tile = OffsetCoordinatesSmall::new(x, z, OVERWORLD).to_axial();
    let tile = tile.ok_or_else(|| Failure::new("region.out_of_world"))?;
    Room::new(ctx).check(resource_id, tile, direction)?;
    super::place(ctx, resource_id, tile, direction)
}

/// Says how many of a kind there should be: what is missing comes back by and by, what is too much stays.
///
/// # Errors
/// `resource.unknown|<kind>`.
#[reducer]
#[access(Admin)]
pub fn admin_set_resource_world_target(
    ctx: &ReducerContext,
    resource_id: i32,
    world_target: u32,
) -> Result<(), Failure> {
    super::set_target(ctx, resource_id, world_target)
}
