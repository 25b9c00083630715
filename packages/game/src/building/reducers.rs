//! Putting up and taking down, for those who run the world.

use std::collections::{BTreeMap, BTreeSet};

use hexmarch_base::{entity, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::building::{building_desc, building_state, FootprintTile, FootprintType};
use hexmarch_messages::resource::{resource_desc, resource_state, ResourceState};
use hexmarch_messages::terrain::location_state;
use hexmarch_sim_core::chunk::{LARGE_PER_CHUNK, SMALL_PER_LARGE};
use hexmarch_sim_core::{
    ChunkCoordinates, Ground, HexDirection, MoveLimits, OffsetCoordinatesSmall, SmallHexTile, OVERWORLD,
};
use spacetimedb::ReducerContext;

use crate::terrain::ground::WorldGround;
use crate::{region, resource};

/// Furthest tile of any footprint from its middle: the bound of the columns of footprints.
const MAX_FOOTPRINT_REACH: i32 = 64;

/// Puts a building on a small tile of the open world, with all that it brings. Growth that may be built over goes.
///
/// # Errors
/// `building.unknown|<building>`, `building.bad_direction`, `building.outside` beyond this region,
/// `building.no_ground|<x>|<z>`, `building.too_deep|<x>|<z>`, `building.uneven|<limit>`, `building.occupied|<x>|<z>`.
#[reducer]
#[access(Gm)]
#[feature_gate("building")]
pub fn admin_place_building(
    ctx: &ReducerContext,
    building_id: i32,
    x: i32,
    z: i32,
    direction: i32,
) -> Result<(), Failure> {
    let desc = ctx.db.building_desc().id().find(building_id);
    let desc = desc.ok_or_else(|| Failure::new(format!("building.unknown|{building_id}")))?;
    if !(0..HexDirection::ALL.len() as i32).contains(&direction) {
        return Err(Failure::new("building.bad_direction"));
    }
    let direction = HexDirection::from_index(direction);
    let outside = || Failure::new("building.outside");
    let offset = OffsetCoordinatesSmall::new(x, z, OVERWORLD);
    let center = offset.center().ok_or_else(outside)?;
    if region::at(ctx, center) != Some(entity::own_index(ctx)) {
        return Err(outside());
    }
    let middle = offset.to_axial().ok_or_else(outside)?;
    let taken = taken(&desc.footprint, middle, direction);
    check_ground(ctx, &taken)?;
    for growth in in_the_way(ctx, offset, &taken)? {
        resource::remove(ctx, &growth);
    }
    let standing = super::place(ctx, building_id, middle, direction, 0)?;
    super::furnish(ctx, &standing)
}

/// Takes a building down, with what is behind its doors. Whoever is in there stands where the door was.
///
/// # Errors
/// `building.not_found`.
#[reducer]
#[access(Gm)]
#[feature_gate("building")]
pub fn admin_remove_building(ctx: &ReducerContext, entity_id: u64) -> Result<(), Failure> {
    if ctx.db.building_state().entity_id().find(entity_id).is_none() {
        return Err(Failure::new("building.not_found"));
    }
    super::remove(ctx, entity_id);
    Ok(())
}

/// The tiles that a thing stands on; those that are only kept free are not among them.
fn taken(footprint: &[FootprintTile], middle: SmallHexTile, direction: HexDirection) -> BTreeSet<SmallHexTile> {
    let stands = footprint
        .iter()
        .filter(|tile| tile.footprint_type != FootprintType::Perimeter);
    let placed = stands.filter_map(|tile| {
        let tile = middle.offset_by(tile.x, tile.z)?;
        tile.rotated(middle, i32::from(direction.index()))
    });
    placed.collect()
}

/// Column and row of a tile, for errors.
fn place_of(tile: SmallHexTile) -> (i32, i32) {
    let offset = tile.to_offset().unwrap_or_default();
    (offset.x, offset.z)
}

fn occupied(tile: SmallHexTile) -> Failure {
    let (x, z) = place_of(tile);
    Failure::new(format!("building.occupied|{x}|{z}"))
}

/// All tiles have ground that is dry or shallow, and of about one height.
fn check_ground(ctx: &ReducerContext, taken: &BTreeSet<SmallHexTile>) -> Result<(), Failure> {
    let (ground, limits) = (WorldGround::new(ctx), MoveLimits::default());
    let mut heights = BTreeSet::new();
    for tile in taken {
        let large = tile.large_tile().and_then(|large| large.to_offset());
        let cell = large.and_then(|large| ground.cell(large));
        let (x, z) = place_of(*tile);
        let cell = cell.ok_or_else(|| Failure::new(format!("building.no_ground|{x}|{z}")))?;
        if cell.depth() >= limits.swim_depth {
            return Err(Failure::new(format!("building.too_deep|{x}|{z}")));
        }
        heights.insert(cell.elevation);
    }
    let span = heights.first().zip(heights.last());
    if span.is_some_and(|(low, high)| low.abs_diff(*high) > limits.max_elevation_step) {
        return Err(Failure::new(format!("building.uneven|{}", limits.max_elevation_step)));
    }
    Ok(())
}

/// The growth on tiles that a building is to take.
///
/// # Errors
/// `building.occupied|<x>|<z>` where something stands that stays.
fn in_the_way(
    ctx: &ReducerContext,
    middle: OffsetCoordinatesSmall,
    wanted: &BTreeSet<SmallHexTile>,
) -> Result<Vec<ResourceState>, Failure> {
    let mut growth = BTreeMap::new();
    let mut gone = Vec::new();
    for chunk_index in chunks_around(middle) {
        for location in ctx.db.location_state().chunk_index().filter(chunk_index) {
            let entity_id = location.entity_id;
            let own = OffsetCoordinatesSmall::new(location.x, location.z, location.dimension).to_axial();
            let Some(own) = own else { continue };
            if let Some(building) = ctx.db.building_state().entity_id().find(entity_id) {
                let desc = ctx.db.building_desc().id().find(building.building_description_id);
                let footprint = desc.map(|desc| desc.footprint).unwrap_or_default();
                let direction = HexDirection::from_index(building.direction_index);
                if let Some(tile) = taken(&footprint, own, direction).intersection(wanted).next() {
                    return Err(occupied(*tile));
                }
            } else if let Some(resource) = ctx.db.resource_state().entity_id().find(entity_id) {
                let kind = growth.entry(resource.resource_id).or_insert_with(|| {
                    let desc = ctx.db.resource_desc().id().find(resource.resource_id);
                    desc.map(|desc| (desc.footprint, desc.flattenable)).unwrap_or_default()
                });
                let direction = HexDirection::from_index(resource.direction_index);
                if let Some(tile) = taken(&kind.0, own, direction).intersection(wanted).next() {
                    if !kind.1 {
                        return Err(occupied(*tile));
                    }
                    gone.push(resource);
                }
            }
        }
    }
    Ok(gone)
}

/// The chunks in which something may stand that reaches as far as a building that stands here.
fn chunks_around(middle: OffsetCoordinatesSmall) -> impl Iterator<Item = u64> {
    let side = SMALL_PER_LARGE * LARGE_PER_CHUNK;
    let reach = 2 * MAX_FOOTPRINT_REACH;
    let along = move |value: i32| {
        let first = value.saturating_sub(reach).div_euclid(side);
        first..=value.saturating_add(reach).div_euclid(side)
    };
    along(middle.z).flat_map(move |z| {
        along(middle.x).filter_map(move |x| {
            let dimension = middle.dimension;
            ChunkCoordinates { x, z, dimension }.index()
        })
    })
}
