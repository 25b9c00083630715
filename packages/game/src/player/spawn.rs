//! Where new characters appear.

use std::collections::BTreeSet;

use hexmarch_messages::building::{building_desc, building_state, FootprintType};
use hexmarch_messages::world::{location_cache, site_state};
use hexmarch_sim_core::{
    Footprint, Ground, LargeHexTile, OffsetCoordinatesFloat, OffsetCoordinatesLarge, SmallHexTile, MILLI_PER_TILE,
    OVERWORLD,
};
use spacetimedb::ReducerContext;

use crate::terrain::ground::WorldGround;
use crate::{building, region};

/// How far around the middle of a settlement, or of a region without any, in small tiles.
const RADIUS: u32 = 6;
/// Furthest that a free tile is looked for around the middle of a settlement, in small tiles.
const MAX_RADIUS: u32 = 60;
/// Furthest that dry ground is looked for around the middle of a region without settlements, in large tiles.
const MAX_DRY_RADIUS: u32 = 64;

/// Where a new character appears, by their id: in a settlement of the region, on a free tile of dry ground; on dry ground
/// around the middle of a region without settlements. `None` before the region was set up.
pub fn position(ctx: &ReducerContext, entity_id: u64) -> Option<OffsetCoordinatesFloat> {
    in_settlement(ctx, entity_id).or_else(|| in_the_middle(ctx, entity_id))
}

fn in_settlement(ctx: &ReducerContext, entity_id: u64) -> Option<OffsetCoordinatesFloat> {
    let settlements = ctx.db.location_cache().version().find(0)?.settlements;
    let count = u64::try_from(settlements.len()).ok().filter(|count| *count > 0)?;
    let chosen = settlements.get(usize::try_from(entity_id % count).ok()?)?;
    let site = ctx.db.site_state().entity_id().find(chosen)?;
    let middle = OffsetCoordinatesLarge::new(site.x, site.z, OVERWORLD)
        .to_axial()?
        .center_tile()?;
    let (ground, taken) = (WorldGround::new(ctx), taken(ctx, *chosen));
    let is_free = |tile: &SmallHexTile| {
        let large = tile.large_tile().and_then(|large| large.to_offset());
        !taken.contains(tile) && large.is_some_and(|large| is_dry(&ground, large))
    };
    // Characters begin on different tiles: the nearest ring by their id, then outwards.
    let nearest = u32::try_from(entity_id / count % u64::from(RADIUS)).ok()? + 1;
    let tile = (nearest..=MAX_RADIUS).find_map(|radius| {
        let ring: Vec<SmallHexTile> = middle.ring(radius).filter(is_free).collect();
        let number = entity_id.checked_rem(u64::try_from(ring.len()).ok()?)?;
        ring.get(usize::try_from(number).ok()?).copied()
    });
    tile?.center()
}

/// Tiles of a site on which nobody walks.
fn taken(ctx: &ReducerContext, site_entity_id: u64) -> BTreeSet<SmallHexTile> {
    let mut taken = BTreeSet::new();
    for row in ctx.db.building_state().site_entity_id().filter(site_entity_id) {
        let standing = building::standing(ctx, row.entity_id);
        let desc = ctx.db.building_desc().id().find(row.building_description_id);
        let (Some(standing), Some(desc)) = (standing, desc) else {
            continue;
        };
        let solid = desc
            .footprint
            .iter()
            .filter(|tile| tile.footprint_type == FootprintType::Hitbox);
        let footprint = Footprint::new(solid.map(|tile| (tile.x, tile.z))).ok();
        let tiles = footprint.and_then(|footprint| footprint.tiles(standing.tile, standing.direction));
        taken.extend(tiles.unwrap_or_default());
    }
    taken
}

fn in_the_middle(ctx: &ReducerContext, entity_id: u64) -> Option<OffsetCoordinatesFloat> {
    let own = region::own(ctx)?;
    let bounds = region::layout(&own).ok()?.bounds(own.region_index)?;
    let middle = |min: i32, max: i32| min + (max - min) / 2;
    let (radius, side) = (u64::from(RADIUS), u64::from(2 * RADIUS + 1));
    let offset = |value: u64| {
        let tiles = i32::try_from(value % side).unwrap_or(0);
        (tiles - i32::try_from(radius).unwrap_or(0)) * MILLI_PER_TILE
    };
    let wanted = OffsetCoordinatesFloat::new(
        middle(bounds.min_x(), bounds.max_x()) + offset(entity_id),
        middle(bounds.min_z(), bounds.max_z()) + offset(entity_id / side),
        OVERWORLD,
    );
    let ground = WorldGround::new(ctx);
    let is_dry = |tile: &LargeHexTile| tile.to_offset().is_some_and(|tile| is_dry(&ground, tile));
    let tile = OffsetCoordinatesLarge::from(wanted).to_axial()?;
    if is_dry(&tile) {
        return Some(wanted);
    }
    let dry = (1..=MAX_DRY_RADIUS).find_map(|radius| tile.ring(radius).find(is_dry));
    // All is water: better there than nowhere.
    dry.and_then(LargeHexTile::center).or(Some(wanted))
}

fn is_dry(ground: &WorldGround<'_>, tile: OffsetCoordinatesLarge) -> bool {
    ground.cell(tile).is_some_and(|cell| cell.depth() == 0)
}
