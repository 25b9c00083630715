//! What grows and lies in a chunk, by rules of density and patchiness.
//!
//! Clumps lie across the borders of chunks: each chunk goes through those of the eight around as well and keeps what of
//! them stands in itself, so that it needs nothing of what others made. What has no room is left out, and the rest of
//! its clump stays.

use std::collections::BTreeSet;

use hexmarch_sim_core::chunk::{LARGE_PER_CHUNK, SMALL_PER_LARGE};
use hexmarch_sim_core::{
    ChunkCoordinates, Footprint, HexDirection, LargeHexTile, OffsetCoordinatesLarge, OffsetCoordinatesSmall,
    SmallHexTile,
};

use crate::ground::Ground;
use crate::noise::{mix, place_hash, Field, Point};
use crate::survey::Survey;

/// Most tries of a rule in a chunk.
pub const MAX_TRIES: u64 = 400;
/// Furthest that a thing lies from the middle of its clump, in large tiles.
const MAX_CLUMP_REACH: f64 = 16.0;
/// Places that a clump which asks for water may look at: there is little of such ground, and most tries miss it.
const LOOKS_FOR_WATER: u64 = 8;
/// Highest difference of the ground under one thing.
pub(crate) const MAX_TILT: u16 = 3;

/// One thing of a clump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClumpMember {
    /// What.
    pub resource_id: i32,
    /// Axial small tiles from the middle.
    pub x: i32,
    /// Axial small tiles from the middle.
    pub z: i32,
    /// Which way it faces.
    pub direction: HexDirection,
    /// What it stands on.
    pub footprint: Footprint,
}

/// Clumps of one kind, and where they lie. Members lie at most 40 small tiles from the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScatterRule {
    /// Its number; also what keeps its chance apart from others'.
    pub id: i32,
    /// Where.
    pub ground: Ground,
    /// Clumps in a chunk that is all such ground, in thousandths.
    pub density_permille: u32,
    /// 0 for evenly, 1,000 for thickets with nothing between.
    pub patchiness_permille: u32,
    /// Tiles across a thicket.
    pub patch_size: u16,
    /// What a clump is made of.
    pub members: Vec<ClumpMember>,
}

/// A thing that lies in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What.
    pub resource_id: i32,
    /// Where.
    pub tile: OffsetCoordinatesSmall,
    /// Which way it faces.
    pub direction: HexDirection,
}

/// The rules of a world, with their thickets.
#[derive(Debug)]
pub struct Scatter {
    seed: u64,
    rules: Vec<Strewn>,
}

/// A rule with what follows from it.
#[derive(Debug)]
struct Strewn {
    rule: ScatterRule,
    thickets: Field,
    /// Furthest that a clump reaches from its middle, in large tiles.
    reach: i32,
}

impl Scatter {
    /// Of a seed and rules; the earlier have the first choice of places.
    pub fn new(seed: u64, rules: Vec<ScatterRule>) -> Self {
        let strewn = |rule: ScatterRule| Strewn {
            thickets: thickets(seed, &rule),
            reach: reach(&rule),
            rule,
        };
        Self {
            seed,
            rules: rules.into_iter().map(strewn).collect(),
        }
    }

    /// What lies in a chunk. `taken` are tiles that something stands on already; what is placed is added.
    pub fn chunk(&self, survey: &mut Survey<'_>, taken: &mut BTreeSet<SmallHexTile>) -> Vec<Placed> {
        let chunk = survey.terrain().chunk;
        let mut placed = Vec::new();
        for strewn in &self.rules {
            let around = if asks_for_water(&strewn.rule) { 0 } else { 1 };
            for (x, z) in (-around..=around).flat_map(|z| (-around..=around).map(move |x| (x, z))) {
                let of = ChunkCoordinates {
                    x: chunk.x.saturating_add(x),
                    z: chunk.z.saturating_add(z),
                    ..chunk
                };
                self.clumps(strewn, of, survey, (taken, &mut placed));
            }
        }
        placed
    }

    /// Places what of the clumps of one chunk stands in another.
    fn clumps(
        &self,
        Strewn { rule, thickets, reach }: &Strewn,
        of: ChunkCoordinates,
        survey: &mut Survey<'_>,
        (taken, placed): (&mut BTreeSet<SmallHexTile>, &mut Vec<Placed>),
    ) {
        let seed = place_hash(self.seed, salt(rule), (of.x, of.z));
        // What is left of a thousandth decides by chance about one more.
        let tries = (u64::from(rule.density_permille) + mix(seed) % 1_000) / 1_000;
        for number in 1..=tries.min(MAX_TRIES) {
            let random = mix(seed.wrapping_add(number));
            let middle = if asks_for_water(rule) {
                let looks = (0..LOOKS_FOR_WATER).map(|look| mix(random ^ look));
                let mut places = looks.filter_map(|look| place(of, look, rule));
                places.find(|(_, large)| survey.is(*large, &rule.ground))
            } else {
                place(of, random, rule)
            };
            let Some((middle, large)) = middle else { continue };
            if is_near(survey.terrain().chunk, large, *reach) && is_in_thicket(rule, thickets, large) {
                let turn = i32::try_from(mix(random) % 6).unwrap_or(0);
                for member in &rule.members {
                    put(rule, member, survey, (middle, turn), (taken, placed));
                }
            }
        }
    }
}

fn asks_for_water(rule: &ScatterRule) -> bool {
    rule.ground.min_water_depth > 0 || rule.ground.water_within > 0
}

/// Furthest that a clump reaches from its middle, rounded up, in large tiles.
fn reach(rule: &ScatterRule) -> i32 {
    let steps = |member: &ClumpMember| {
        SmallHexTile::default()
            .distance(SmallHexTile::new(member.x, member.z, 0))
            .unwrap_or_default()
    };
    let furthest = rule.members.iter().map(steps).max().unwrap_or_default();
    // Rows of hexes are nearer to each other than columns, and a footprint adds to it.
    let tiles = f64::from(furthest) / f64::from(SMALL_PER_LARGE) + 3.0;
    tiles.clamp(0.0, MAX_CLUMP_REACH) as i32
}

/// Whether a tile is in a chunk or so near.
fn is_near(chunk: ChunkCoordinates, tile: OffsetCoordinatesLarge, reach: i32) -> bool {
    let along = |tile: i32, chunk: i32| {
        let first = chunk.saturating_mul(LARGE_PER_CHUNK);
        (first.saturating_sub(reach)..first.saturating_add(LARGE_PER_CHUNK + reach)).contains(&tile)
    };
    along(tile.x, chunk.x) && along(tile.z, chunk.z)
}

fn salt(rule: &ScatterRule) -> u64 {
    0x5CA7_7E00_0000_0000 | u64::from(rule.id.unsigned_abs())
}

/// Where thickets of a rule lie.
pub(crate) fn thickets(seed: u64, rule: &ScatterRule) -> Field {
    let wavelength = 2.0 * f64::from(rule.patch_size.max(2));
    Field::smooth(seed, salt(rule) ^ 0x7A7C, wavelength, 2)
}

/// A small tile, and the large tile of the chunk in which it lies.
pub(crate) fn place(
    chunk: ChunkCoordinates,
    random: u64,
    rule: &ScatterRule,
) -> Option<(SmallHexTile, OffsetCoordinatesLarge)> {
    let offset = chunk.large_tile(u16::try_from(random % 1_024).ok()?)?;
    let large = offset.to_axial()?;
    // What takes a large tile whole fits narrow water only if it stands in its middle.
    let middle = if rule.ground.min_water_depth > 0 {
        large.center_tile()?
    } else {
        large.inner_tiles().nth(usize::try_from((random >> 32) % 7).ok()?)?
    };
    Some((middle, offset))
}

pub(crate) fn is_in_thicket(rule: &ScatterRule, thickets: &Field, tile: OffsetCoordinatesLarge) -> bool {
    if rule.patchiness_permille == 0 {
        return true;
    }
    // Half of the ground at full patchiness; the noise is about even around 0.
    let threshold = -0.8 + 0.8 * f64::from(rule.patchiness_permille.min(1_000)) / 1_000.0;
    thickets.at(Point::of(tile)) > threshold
}

/// Places one thing of a clump, if it has room in the chunk.
fn put(
    rule: &ScatterRule,
    member: &ClumpMember,
    survey: &mut Survey<'_>,
    (middle, turn): (SmallHexTile, i32),
    (taken, placed): (&mut BTreeSet<SmallHexTile>, &mut Vec<Placed>),
) {
    let chunk = survey.terrain().chunk;
    let tile = middle
        .offset_by(member.x, member.z)
        .and_then(|tile| tile.rotated(middle, turn));
    let Some(tile) = tile else { return };
    let direction = member.direction.rotated(turn);
    let (Some(tiles), Some(offset)) = (member.footprint.tiles(tile, direction), tile.to_offset()) else {
        return;
    };
    let (mut low, mut high) = (i16::MAX, i16::MIN);
    for tile in &tiles {
        let large = tile.large_tile().and_then(LargeHexTile::to_offset);
        let Some(large) = large.filter(|large| ChunkCoordinates::from(*large) == chunk) else {
            return;
        };
        if taken.contains(tile) || !survey.is(large, &rule.ground) {
            return;
        }
        let height = survey.cell(large).elevation;
        (low, high) = (low.min(height), high.max(height));
    }
    if high.abs_diff(low) > MAX_TILT {
        return;
    }
    taken.extend(tiles);
    placed.push(Placed {
        resource_id: member.resource_id,
        tile: offset,
        direction,
    });
}
