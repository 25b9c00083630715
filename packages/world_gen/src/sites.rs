//! Where people live, lived, and are remembered.
//!
//! Each region has the same number of sites of each kind, if its ground allows: what every region must have chooses first,
//! then the rarest kind, among places in the order of a chance of their own. Sites keep so far from the border of their region that those of two regions
//! never meet, and so a region needs nothing of its neighbours.

use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::{
    ChunkCoordinates, HexDirection, LargeHexTile, OffsetCoordinatesLarge, RegionBounds, OVERWORLD,
};

use crate::ground::Ground;
use crate::homeland::Homelands;
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
    /// Whether people begin there: even the smallest region has one, and none is on an islet.
    pub at_least_one: bool,
    /// Tiles to the next site of any kind.
    pub min_distance: u16,
    /// Tiles round the middle that are levelled.
    pub level_radius: u16,
    /// Chunks round the middle in which nothing dangerous is.
    pub safe_chunks: u16,
    /// Whether something dangerous is there.
    pub is_dangerous: bool,
}

/// A site of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl Site {
    /// Of a kind, at a place.
    pub fn new(rule: &SiteRule, tile: OffsetCoordinatesLarge, direction: HexDirection, level: i16) -> Self {
        Self {
            id: rule.id,
            tile,
            direction,
            level,
            level_radius: rule.level_radius.min(MAX_LEVEL_RADIUS),
        }
    }
}

/// How far a search is. With the sites chosen so far it is all that a search must remember.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SiteCursor {
    /// Kinds that have chosen.
    pub rule: u32,
    /// Places that the next kind has looked at.
    pub offer: u32,
    /// Sites that it has.
    pub placed: u32,
}

/// A site with what it keeps from others.
#[derive(Clone, Copy, Debug)]
struct Chosen {
    site: Site,
    min_distance: u16,
    safe_chunks: u16,
    is_dangerous: bool,
}

/// The choice of a region's sites, a slice at a time.
#[derive(Clone, Debug)]
pub struct SiteSearch {
    seed: u64,
    bounds: RegionBounds,
    /// In the order in which they choose.
    rules: Vec<SiteRule>,
    chosen: Vec<Chosen>,
    homelands: Homelands,
    cursor: SiteCursor,
    /// The places of the kind whose turn it is; empty until they are asked for.
    offers: Vec<(u64, OffsetCoordinatesLarge)>,
}

impl SiteSearch {
    /// What a place costs of a budget whose ground must be looked at; others cost 1.
    pub const SURVEY_COST: usize = 50;

    /// From the start.
    pub fn new(seed: u64, bounds: &RegionBounds, rules: &[SiteRule]) -> Self {
        Self::resume(seed, bounds, rules, &[], SiteCursor::default())
    }

    /// From where another search was, of the same seed, bounds and rules.
    pub fn resume(seed: u64, bounds: &RegionBounds, rules: &[SiteRule], chosen: &[Site], cursor: SiteCursor) -> Self {
        let rule_of = |site: &Site| rules.iter().find(|rule| rule.id == site.id);
        let chosen = chosen
            .iter()
            .filter_map(|site| Some(Chosen::new(*site, rule_of(site)?)))
            .collect();
        let mut rules = rules.to_vec();
        rules.sort_by_key(|rule| (!rule.at_least_one, rule.sites_per_region, rule.id));
        Self {
            seed,
            bounds: *bounds,
            rules,
            chosen,
            homelands: Homelands::new(bounds),
            cursor,
            offers: Vec::new(),
        }
    }

    /// Goes on until the budget is spent, by one place at least; whether all is chosen then. The world must have no sites.
    pub fn step(&mut self, world: &World, budget: usize) -> bool {
        let mut spent = 0;
        loop {
            let Some(rule) = usize::try_from(self.cursor.rule)
                .ok()
                .and_then(|rule| self.rules.get(rule))
            else {
                return true;
            };
            if spent >= budget.max(1) {
                return false;
            }
            if self.offers.is_empty() {
                let safe = self.rules.iter().map(|rule| rule.safe_chunks).max();
                self.offers = offers(self.seed, &self.bounds, rule, safe.unwrap_or_default());
            }
            let wanted = u64::from(self.cursor.placed) < quota(self.seed, &self.bounds, rule);
            let offer = usize::try_from(self.cursor.offer)
                .ok()
                .and_then(|offer| self.offers.get(offer))
                .filter(|_| wanted);
            let Some((_, tile)) = offer else {
                self.cursor = SiteCursor {
                    rule: self.cursor.rule + 1,
                    ..SiteCursor::default()
                };
                self.offers.clear();
                continue;
            };
            self.cursor.offer += 1;
            spent += 1;
            if !self.is_free(rule, *tile) || !may_have(world, *tile, rule) {
                continue;
            }
            spent += Self::SURVEY_COST - 1;
            let level = level_at(world, *tile, rule)
                .filter(|_| !rule.at_least_one || world.is_homeland(&mut self.homelands, Point::of(*tile)));
            if let Some(level) = level {
                let chance = mix(place_hash(self.seed, salt(rule), (tile.x, tile.z)));
                let direction = HexDirection::from_index(i32::try_from(chance % 6).unwrap_or(0));
                let site = Site::new(rule, *tile, direction, level);
                self.chosen.push(Chosen::new(site, rule));
                self.cursor.placed += 1;
            }
        }
    }

    /// Where it is.
    pub fn cursor(&self) -> SiteCursor {
        self.cursor
    }

    /// What is chosen so far, in the order of choice.
    pub fn chosen(&self) -> impl ExactSizeIterator<Item = &Site> {
        self.chosen.iter().map(|chosen| &chosen.site)
    }

    /// Kinds that have chosen, of all.
    pub fn progress(&self) -> (usize, usize) {
        let done = usize::try_from(self.cursor.rule).unwrap_or(usize::MAX);
        (done.min(self.rules.len()), self.rules.len())
    }

    /// What is chosen, by place.
    pub fn into_sites(self) -> Vec<Site> {
        let mut sites: Vec<Site> = self.chosen.into_iter().map(|chosen| chosen.site).collect();
        sites.sort_by_key(|site| (site.tile, site.id));
        sites
    }

    fn is_free(&self, rule: &SiteRule, tile: OffsetCoordinatesLarge) -> bool {
        let point = Point::of(tile);
        self.chosen.iter().all(|other| {
            let apart = f64::from(rule.min_distance.max(other.min_distance));
            let mut safe = 0;
            if rule.is_dangerous {
                safe = other.safe_chunks;
            }
            if other.is_dangerous {
                safe = safe.max(rule.safe_chunks);
            }
            Point::of(other.site.tile).distance_squared(point) >= apart * apart
                && (safe == 0 || chunks_between(other.site.tile, tile) > u32::from(safe))
        })
    }
}

impl Chosen {
    fn new(site: Site, rule: &SiteRule) -> Self {
        Self {
            site,
            min_distance: rule.min_distance,
            safe_chunks: rule.safe_chunks,
            is_dangerous: rule.is_dangerous,
        }
    }
}

/// How many chunks two tiles are apart along the axis on which it is more.
fn chunks_between(a: OffsetCoordinatesLarge, b: OffsetCoordinatesLarge) -> u32 {
    let (a, b) = (ChunkCoordinates::from(a), ChunkCoordinates::from(b));
    a.x.abs_diff(b.x).max(a.z.abs_diff(b.z))
}

/// The sites of a region of a world that has none yet.
pub fn sites(world: &World, seed: u64, bounds: &RegionBounds, rules: &[SiteRule]) -> Vec<Site> {
    let mut search = SiteSearch::new(seed, bounds, rules);
    while !search.step(world, usize::MAX) {}
    search.into_sites()
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

/// Places that a kind may have, in the order in which it asks for them. What is dangerous leaves so many chunks along the
/// border of its region as are safe round a site of another.
fn offers(seed: u64, bounds: &RegionBounds, rule: &SiteRule, safe_chunks: u16) -> Vec<(u64, OffsetCoordinatesLarge)> {
    let shaped = i32::from(rule.level_radius.min(MAX_LEVEL_RADIUS)) + SITE_SLOPE as i32;
    let safe = if rule.is_dangerous {
        i32::from(safe_chunks) * LARGE_PER_CHUNK
    } else {
        0
    };
    let margin = i32::from(rule.min_distance / 2).max(shaped).max(safe);
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

/// What is cheap to know about a place, by which most are refused.
fn may_have(world: &World, tile: OffsetCoordinatesLarge, rule: &SiteRule) -> bool {
    let (ground, point) = (&rule.ground, Point::of(tile));
    (ground.max_water_depth > 0 || !world.is_sea(point))
        && (ground.biomes.is_empty() || ground.biomes.contains(&world.rough_biome(point)))
}

/// The height to level a place to, if a kind may have it.
fn level_at(world: &World, tile: OffsetCoordinatesLarge, rule: &SiteRule) -> Option<i16> {
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
