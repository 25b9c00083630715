//! The cells of a chunk.

use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesLarge, RegionBounds};

use crate::area::Area;
use crate::climate::{BiomeRule, Climate};
use crate::height::{Heights, Island};
use crate::homeland::Homelands;
use crate::noise::{smooth_step, Point};
use crate::rivers::{Lake, Reach, Rivers, Waters, SPACING};
use crate::sites::Site;
use crate::survey::Survey;

/// Level of the sea.
pub const SEA_LEVEL: i16 = 0;
/// The water level of dry ground.
pub const NO_WATER: i16 = i16::MIN;
/// Widest valley that a river cuts, from its bank.
pub(crate) const VALLEY: f64 = 14.0;
/// How far from its bed a river changes the ground, with what winding and width add.
pub(crate) const RIVER_REACH: f64 = VALLEY + 14.0;
/// Deepest that hills lower the ground below its coarse height.
const MAX_RELIEF: f64 = 11.0;
/// How far from its bed a river has banks.
const BANK: f64 = 1.5;
/// How far round a site its slope reaches beyond the level ground.
pub(crate) const SITE_SLOPE: f64 = 12.0;
/// How far from its nodes a lake lies.
pub(crate) const LAKE_REACH: f64 = 1.6 * SPACING;
/// Half of the width, in tiles, at which tiles under a line always hang together.
const LEAST_WIDTH: f64 = 0.6;
/// No bed is widened beyond this half of its width.
const WIDEST_STRETCHED: f64 = 2.5;
/// How steep a valley rises.
const VALLEY_SLOPE: f64 = 1.1;

/// One large tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Height of the ground.
    pub elevation: i16,
    /// Height of the water's surface, [`NO_WATER`] where it is dry.
    pub water_level: i16,
    /// The country.
    pub biome: u8,
}

/// 32 by 32 large tiles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TerrainChunk {
    /// Which.
    pub chunk: ChunkCoordinates,
    /// 1,024 cells, row by row.
    pub cells: Vec<Cell>,
}

impl Cell {
    /// How deep the water is, 0 on dry ground.
    pub fn depth(&self) -> u16 {
        if self.water_level > self.elevation {
            self.water_level.abs_diff(self.elevation)
        } else {
            0
        }
    }
}

/// A world, of which chunks are made one by one.
#[derive(Debug)]
pub struct World {
    heights: Heights,
    rivers: Rivers,
    climate: Climate,
    sites: Vec<Site>,
}

impl World {
    /// Of a seed and the countries that it has.
    pub fn new(seed: u64, biomes: Vec<BiomeRule>) -> Self {
        Self {
            heights: Heights::new(seed),
            rivers: Rivers::new(seed),
            climate: Climate::new(seed, biomes),
            sites: Vec::new(),
        }
    }

    /// The same world with one island in the middle of a region and sea around it.
    pub fn with_island_in(mut self, bounds: &RegionBounds) -> Self {
        self.heights = self.heights.with_island(Island::of_region(bounds));
        self
    }

    /// The same world with levelled ground where these sites are.
    pub fn with_sites(mut self, sites: Vec<Site>) -> Self {
        self.sites = sites;
        self
    }

    /// A chunk, the same whichever others are made.
    pub fn chunk(&self, chunk: ChunkCoordinates) -> TerrainChunk {
        Survey::new(self, chunk).into_terrain()
    }

    /// What shapes the ground within an area.
    pub(crate) fn shapers(&self, area: &Area, margin: f64) -> Shapers {
        let all = Shapers {
            waters: self.rivers.around(&self.heights, &area.grown(margin)),
            sites: self.sites.clone(),
        };
        all.within(&area.grown(margin))
    }

    /// The country at a place if no river and no site changed its height.
    pub(crate) fn rough_biome(&self, point: Point) -> u8 {
        let coarse = self.heights.coarse(point);
        let raw = coarse + self.heights.relief(point, coarse);
        let elevation = to_elevation(raw);
        let level = if raw < 0.0 { elevation.min(-1) } else { elevation.max(1) };
        self.climate.biome(point, level)
    }

    /// Whether a place is on land that is large enough to live on.
    pub(crate) fn is_homeland(&self, homelands: &mut Homelands, point: Point) -> bool {
        homelands.has(&self.rivers, &self.heights, point)
    }

    pub(crate) fn is_sea(&self, point: Point) -> bool {
        self.heights.coarse(point) < 0.0
    }

    /// A tile before it is known how high the water beside it stands.
    pub(crate) fn draft(&self, tile: OffsetCoordinatesLarge, shapers: &Shapers) -> Draft {
        let point = Point::of(tile);
        let coarse = self.heights.coarse(point);
        let raw = coarse + self.heights.relief(point, coarse);
        let is_sea = raw < 0.0;
        let mut ground = raw;
        let mut water = if is_sea { f64::from(SEA_LEVEL) } else { f64::MIN };
        let mut in_bed = false;
        // What the ground must not fall below, lest water runs off sideways.
        let mut bank = f64::MIN;
        if !shapers.waters.reaches.is_empty() {
            let winding = self.heights.winding(point);
            let mut least_width = None;
            for reach in &shapers.waters.reaches {
                let least = || *least_width.get_or_insert_with(|| LEAST_WIDTH * self.heights.stretch(point, winding));
                in_bed |= cut(winding, reach, is_sea, least, (&mut ground, &mut water));
            }
            // Nothing is heaped up where water flows, nor in the sea.
            if !in_bed && !is_sea {
                for reach in &shapers.waters.reaches {
                    bank = bank.max(bank_of(winding, reach));
                }
            }
        }
        let mut in_lake = false;
        for lake in &shapers.waters.lakes {
            match fill(point, coarse, lake, (&mut ground, &mut water)) {
                Beside::Lake => in_lake = true,
                Beside::Shore(height) if !in_bed && !is_sea => bank = bank.max(height),
                Beside::Shore(_) | Beside::Nothing => {}
            }
        }
        // People build beside water and not into it.
        if !in_bed && !in_lake {
            for site in &shapers.sites {
                level(point, site, &mut ground);
            }
            ground = ground.max(bank);
        }
        let elevation = to_elevation(ground);
        let level = if water > f64::MIN {
            to_elevation(water)
        } else {
            NO_WATER
        };
        Draft {
            elevation,
            water_level: if level > elevation { level } else { NO_WATER },
        }
    }

    /// A tile beside which no water stands higher than `water_beside`: dry ground is not below it.
    pub(crate) fn cell(&self, tile: OffsetCoordinatesLarge, draft: Draft, water_beside: i16) -> Cell {
        let point = Point::of(tile);
        let Draft {
            mut elevation,
            water_level,
        } = draft;
        let biome = if water_level == NO_WATER {
            elevation = elevation.max(water_beside);
            self.climate.biome(point, elevation.max(1))
        } else if water_level > SEA_LEVEL {
            self.climate.biome(point, water_level)
        } else {
            self.climate.biome(point, elevation.min(-1))
        };
        Cell {
            elevation,
            water_level,
            biome,
        }
    }
}

/// Height of the ground and of the water, as far as a tile follows from itself alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft {
    elevation: i16,
    pub(crate) water_level: i16,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            elevation: 0,
            water_level: NO_WATER,
        }
    }
}

/// What shapes the ground of an area beside its lie.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapers {
    pub(crate) waters: Waters,
    sites: Vec<Site>,
}

impl Shapers {
    /// What shapes the ground of a part of the area, in the same order.
    pub(crate) fn within(&self, area: &Area) -> Self {
        let touches = |site: &&Site| {
            let middle = Point::of(site.tile);
            let reach = f64::from(site.level_radius) + SITE_SLOPE;
            area.touches(
                &Area {
                    min: middle,
                    max: middle,
                }
                .grown(reach),
            )
        };
        Self {
            waters: self.waters.within(area),
            sites: self.sites.iter().filter(touches).copied().collect(),
        }
    }
}

/// How far from the middle of a river its banks are.
fn half_width(reach: &Reach) -> f64 {
    0.7 + 0.22 * f64::from(reach.springs.min(20))
}

/// A river cuts its valley and its bed, in which the place may be.
/// `least` is how wide it is at least from its middle, so that no tile is missing where windings stretch it.
fn cut(
    point: Point,
    reach: &Reach,
    is_sea: bool,
    least: impl FnOnce() -> f64,
    (ground, water): (&mut f64, &mut f64),
) -> bool {
    let (distance, along) = distance_to(point, reach.from, reach.to);
    let mut width = half_width(reach);
    if distance > width && distance < WIDEST_STRETCHED {
        width = width.max(least());
    }
    if distance > width + VALLEY {
        return false;
    }
    let level = reach.level(along);
    if distance > width {
        *ground = ground.min(level + 1.0 + (distance - width) * VALLEY_SLOPE);
        return false;
    }
    let depth = 1.0 + 0.25 * f64::from(reach.springs.min(16));
    *ground = ground.min(level - depth);
    if !is_sea {
        *water = water.max(level);
    }
    true
}

/// How high the ground is at least beside a river.
fn bank_of(point: Point, reach: &Reach) -> f64 {
    let (distance, along) = distance_to(point, reach.from, reach.to);
    if distance > half_width(reach) + BANK {
        return f64::MIN;
    }
    reach.level(along) + 0.6
}

/// What a lake is to a place.
enum Beside {
    /// It covers it.
    Lake,
    /// The ground is at least so high there.
    Shore(f64),
    /// It is too far off.
    Nothing,
}

/// A lake covers what is below its surface and nearer to it than to the low ground beyond its rim.
fn fill(point: Point, coarse: f64, lake: &Lake, (ground, water): (&mut f64, &mut f64)) -> Beside {
    if coarse >= lake.level + MAX_RELIEF {
        return Beside::Nothing;
    }
    let Some((own, node)) = nearest(point, &lake.points) else {
        return Beside::Nothing;
    };
    let shore = LAKE_REACH + BANK;
    if own >= shore * shore {
        return Beside::Nothing;
    }
    // How far the place is on the other side of the middle between both.
    let across = nearest(point, &lake.beyond).map_or(f64::MIN, |(other, beyond)| {
        let apart = node.distance_squared(beyond).sqrt();
        (own - other) / (2.0 * apart.max(1.0))
    });
    if coarse < lake.level && own < LAKE_REACH * LAKE_REACH && across < 0.0 {
        *ground = ground.min(lake.level - 1.0 - 0.5 * (lake.level - coarse));
        *water = water.max(lake.level);
        return Beside::Lake;
    }
    if across > BANK {
        return Beside::Nothing;
    }
    Beside::Shore(lake.level + 0.6)
}

/// The nearest of some points, with the square of its distance.
fn nearest(point: Point, points: &[Point]) -> Option<(f64, Point)> {
    let squares = points.iter().map(|other| (other.distance_squared(point), *other));
    squares.reduce(|best, next| if next.0 < best.0 { next } else { best })
}

/// A site levels its ground, and the slope around it.
fn level(point: Point, site: &Site, ground: &mut f64) {
    let (radius, slope) = (f64::from(site.level_radius), SITE_SLOPE);
    let middle = Point::of(site.tile);
    let reach = radius + slope;
    if middle.distance_squared(point) >= reach * reach {
        return;
    }
    let distance = middle.distance_squared(point).sqrt();
    let part = 1.0 - smooth_step(radius, reach, distance);
    *ground += (f64::from(site.level) - *ground) * part;
}

/// The distance to a line, and how far along it the nearest point is, 0 to 1.
pub(crate) fn distance_to(point: Point, from: Point, to: Point) -> (f64, f64) {
    let (dx, dz) = (to.x - from.x, to.z - from.z);
    let length_squared = dx * dx + dz * dz;
    let along = if length_squared > 0.0 {
        (((point.x - from.x) * dx + (point.z - from.z) * dz) / length_squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let nearest = Point {
        x: from.x + dx * along,
        z: from.z + dz * along,
    };
    (nearest.distance_squared(point).sqrt(), along)
}

fn to_elevation(height: f64) -> i16 {
    height.round().clamp(-1_000.0, 1_000.0) as i16
}
