//! Where people live, lived, and are remembered.
//!
//! Each region has the same number of sites of each kind, if its ground allows: what every region must have chooses first,
//! then the rarest kind, among places in the order of a chance of their own. Sites keep so far from the border of their region that those of two regions
//! never meet, and so a region needs nothing of its neighbours.

use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::{HexDirection, LargeHexTile, OffsetCoordinatesLarge, RegionBounds, OVERWORLD};

use crate::ground::Ground;
use crate::noise::{mix, place_hash, Point};
use crate::survey::Survey;
use crate::terrain::{World, SITE_SLOPE};

/// Large tiles along a side of the cells that offer one place to each kind.
const CELL: i32 = 16;
/// The size of region that rules count for, in chunks.
const FULL_REGION_CHUNKS: u64 = 3_600;
/// Highest difference of the ground at a site before it is levelled.
const MAX_TILT: u16 = 8;
/// Furthest that ground is levelled, in tiles.
pub const MAX_LEVEL_RADIUS: u16 = 24;

/// A kind of site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRule {
    /// Its number.
    pub id: i32,
    /// Where.
    pub ground: Ground,
    /// Sites in a region of 60 by 60 chunks.
    pub sites_per_region: u32,
    /// Whether even the smallest region has one.
    pub at_least_one: bool,
    /// Tiles to the next site of any kind.
    pub min_distance: u16,
    /// Tiles round the middle that are levelled.
    pub level_radius: u16,
}

/// A site of a world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// What kind.
    pub id: i32,
    /// Its middle.
    pub tile: OffsetCoordinatesLarge,
    /// Which way it faces.
    pub direction: HexDirection,
    /// The height that its ground is levelled to.
    pub level: i16,
    /// Tiles round the middle that are levelled.
    pub level_radius: u16,
    min_distance: u16,
}

/// The sites of a region of a world that has none yet.
pub fn sites(world: &World, seed: u64, bounds: &RegionBounds, rules: &[SiteRule]) -> Vec<Site> {
    let mut rules: Vec<&SiteRule> = rules.iter().collect();
    rules.sort_by_key(|rule| (!rule.at_least_one, rule.sites_per_region, rule.id));
    let mut chosen: Vec<Site> = Vec::new();
    for rule in rules {
        let wanted = quota(seed, bounds, rule);
        let mut placed = 0;
        for (_, tile) in offers(seed, bounds, rule) {
            if placed >= wanted {
                break;
            }
            let is_free = |other: &Site| {
                let apart = f64::from(rule.min_distance.max(other.min_distance));
                Point::of(other.tile).distance_squared(Point::of(tile)) >= apart * apart
            };
            if !chosen.iter().all(is_free) {
                continue;
            }
            let Some(level) = level_at(world, tile, rule) else {
                continue;
            };
            let chance = mix(place_hash(seed, salt(rule), (tile.x, tile.z)));
            chosen.push(Site {
                id: rule.id,
                tile,
                direction: HexDirection::from_index(i32::try_from(chance % 6).unwrap_or(0)),
                level,
                level_radius: rule.level_radius.min(MAX_LEVEL_RADIUS),
                min_distance: rule.min_distance,
            });
            placed += 1;
        }
    }
    chosen.sort_by_key(|site| (site.tile, site.id));
    chosen
}

fn salt(rule: &SiteRule) -> u64 {
    0x517E_0000_0000_0000 | u64::from(rule.id.unsigned_abs())
}

/// How many sites of a kind a region has, by its size; what is left of one decides by chance.
fn quota(seed: u64, bounds: &RegionBounds, rule: &SiteRule) -> u64 {
    let side = |min: i32, max: i32| u64::from(max.abs_diff(min));
    let chunks = side(bounds.min_chunk_x, bounds.max_chunk_x) * side(bounds.min_chunk_z, bounds.max_chunk_z);
    let chance = place_hash(seed, salt(rule), (bounds.min_chunk_x, bounds.min_chunk_z)) % FULL_REGION_CHUNKS;
    let count = (u64::from(rule.sites_per_region) * chunks + chance) / FULL_REGION_CHUNKS;
    count.max(u64::from(rule.at_least_one))
}

/// Places that a kind may have, in the order in which it asks for them.
fn offers(seed: u64, bounds: &RegionBounds, rule: &SiteRule) -> Vec<(u64, OffsetCoordinatesLarge)> {
    let shaped = i32::from(rule.level_radius.min(MAX_LEVEL_RADIUS)) + SITE_SLOPE as i32;
    let margin = i32::from(rule.min_distance / 2).max(shaped);
    let inside = |value: i32, min_chunk: i32, max_chunk: i32| {
        (min_chunk * LARGE_PER_CHUNK + margin..max_chunk * LARGE_PER_CHUNK - margin).contains(&value)
    };
    let cells = |min: i32, max: i32| min * LARGE_PER_CHUNK / CELL..max * LARGE_PER_CHUNK / CELL;
    let mut offers = Vec::new();
    for z in cells(bounds.min_chunk_z, bounds.max_chunk_z) {
        for x in cells(bounds.min_chunk_x, bounds.max_chunk_x) {
            let chance = place_hash(seed, salt(rule), (x, z));
            let part = |random: u64| i32::try_from(random % u64::from(CELL.unsigned_abs())).unwrap_or(0);
            let tile = OffsetCoordinatesLarge::new(x * CELL + part(chance), z * CELL + part(mix(chance)), OVERWORLD);
            if inside(tile.x, bounds.min_chunk_x, bounds.max_chunk_x)
                && inside(tile.z, bounds.min_chunk_z, bounds.max_chunk_z)
            {
                offers.push((mix(chance ^ 0xFF), tile));
            }
        }
    }
    offers.sort_unstable();
    offers
}

/// The height to level a place to, if a kind may have it.
fn level_at(world: &World, tile: OffsetCoordinatesLarge, rule: &SiteRule) -> Option<i16> {
    // Most places are refused by what is cheap to know.
    let (ground, point) = (&rule.ground, Point::of(tile));
    if ground.max_water_depth == 0 && world.is_sea(point) {
        return None;
    }
    if !ground.biomes.is_empty() && !ground.biomes.contains(&world.rough_biome(point)) {
        return None;
    }
    let radius = rule.level_radius.min(MAX_LEVEL_RADIUS);
    // The middle alone is looked at first, for which little of the waters must be known.
    let mut survey = Survey::of_place(world, tile, 2.0, rule.ground.water_within);
    if !survey.is(tile, &rule.ground) {
        return None;
    }
    let mut survey = Survey::of_place(world, tile, f64::from(radius) + 4.0, 0);
    let middle = survey.cell(tile).elevation;
    if rule.ground.max_water_depth > 0 {
        return Some(middle);
    }
    // Every other ring: no river and no bank is narrow enough to lie between.
    let rings = if radius == 0 { 0..1 } else { 2..u32::from(radius) + 3 };
    for ring in rings.step_by(2) {
        let around: Vec<_> = tile
            .to_axial()?
            .ring(ring)
            .filter_map(LargeHexTile::to_offset)
            .collect();
        for other in around {
            let cell = survey.cell(other);
            if cell.depth() > 0 || cell.elevation.abs_diff(middle) > MAX_TILT {
                return None;
            }
        }
    }
    Some(middle)
}
