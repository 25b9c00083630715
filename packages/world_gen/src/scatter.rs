//! What grows and lies in a chunk, by rules of density and patchiness.
//!
//! Clumps lie in one chunk whole, so that a chunk needs nothing of its neighbours.

use std::collections::BTreeSet;

use hexmarch_sim_core::{
    ChunkCoordinates, Footprint, HexDirection, LargeHexTile, OffsetCoordinatesSmall, SmallHexTile,
};

use crate::ground::Ground;
use crate::noise::{mix, place_hash, smooth_step, Field, Point};
use crate::survey::Survey;

/// Most tries of a rule in a chunk.
pub const MAX_TRIES: u64 = 400;
/// Highest difference of the ground under one clump.
const MAX_TILT: u16 = 3;

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

/// Clumps of one kind, and where they lie.
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
    rules: Vec<(ScatterRule, Field)>,
}

impl Scatter {
    /// Of a seed and rules; the earlier have the first choice of places.
    pub fn new(seed: u64, rules: Vec<ScatterRule>) -> Self {
        let with_field = |rule: ScatterRule| {
            let wavelength = 2.0 * f64::from(rule.patch_size.max(2));
            let field = Field::smooth(seed, salt(&rule) ^ 0x7A7C, wavelength, 2);
            (rule, field)
        };
        Self {
            seed,
            rules: rules.into_iter().map(with_field).collect(),
        }
    }

    /// What lies in a chunk. `taken` are tiles that something stands on already; what is placed is added.
    pub fn chunk(&self, survey: &mut Survey<'_>, taken: &mut BTreeSet<SmallHexTile>) -> Vec<Placed> {
        let chunk = survey.terrain().chunk;
        let mut placed = Vec::new();
        for (rule, field) in &self.rules {
            let seed = place_hash(self.seed, salt(rule), (chunk.x, chunk.z));
            // What is left of a thousandth decides by chance about one more.
            let tries = (u64::from(rule.density_permille) + mix(seed) % 1_000) / 1_000;
            for number in 1..=tries.min(MAX_TRIES) {
                let random = mix(seed.wrapping_add(number));
                let Some(middle) = place(chunk, random) else { continue };
                if is_in_thicket(rule, field, middle) {
                    let turn = i32::try_from(mix(random) % 6).unwrap_or(0);
                    put(rule, survey, (middle, turn), taken, &mut placed);
                }
            }
        }
        placed
    }
}

fn salt(rule: &ScatterRule) -> u64 {
    0x5CA7_7E00_0000_0000 | u64::from(rule.id.unsigned_abs())
}

/// A small tile whose large tile is in the chunk.
fn place(chunk: ChunkCoordinates, random: u64) -> Option<SmallHexTile> {
    let large = chunk.large_tile(u16::try_from(random % 1_024).ok()?)?.to_axial()?;
    large.inner_tiles().nth(usize::try_from((random >> 32) % 7).ok()?)
}

fn is_in_thicket(rule: &ScatterRule, field: &Field, middle: SmallHexTile) -> bool {
    if rule.patchiness_permille == 0 {
        return true;
    }
    let Some(large) = middle.large_tile().and_then(LargeHexTile::to_offset) else {
        return false;
    };
    // Half of the ground at full patchiness; the noise is about even around 0.
    let threshold = -0.8 + 0.8 * f64::from(rule.patchiness_permille.min(1_000)) / 1_000.0;
    smooth_step(threshold - 0.02, threshold + 0.02, field.at(Point::of(large))) > 0.5
}

fn put(
    rule: &ScatterRule,
    survey: &mut Survey<'_>,
    (middle, turn): (SmallHexTile, i32),
    taken: &mut BTreeSet<SmallHexTile>,
    placed: &mut Vec<Placed>,
) {
    let chunk = survey.terrain().chunk;
    let mut footprint = BTreeSet::new();
    let mut things = Vec::new();
    let mut heights: Option<(i16, i16)> = None;
    for member in &rule.members {
        let tile = middle
            .offset_by(member.x, member.z)
            .and_then(|tile| tile.rotated(middle, turn));
        let Some(tile) = tile else { return };
        let direction = member.direction.rotated(turn);
        let (Some(tiles), Some(offset)) = (member.footprint.tiles(tile, direction), tile.to_offset()) else {
            return;
        };
        for tile in tiles {
            let large = tile.large_tile().and_then(LargeHexTile::to_offset);
            let Some(large) = large.filter(|large| ChunkCoordinates::from(*large) == chunk) else {
                return;
            };
            if taken.contains(&tile) || !footprint.insert(tile) || !survey.is(large, &rule.ground) {
                return;
            }
            let height = survey.cell(large).elevation;
            let (low, high) = heights.map_or((height, height), |(low, high)| (low.min(height), high.max(height)));
            if high.abs_diff(low) > MAX_TILT {
                return;
            }
            heights = Some((low, high));
        }
        things.push(Placed {
            resource_id: member.resource_id,
            tile: offset,
            direction,
        });
    }
    taken.append(&mut footprint);
    placed.append(&mut things);
}
