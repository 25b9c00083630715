//! The cells of a chunk.

use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesLarge};

use crate::climate::{BiomeRule, Climate};
use crate::height::Heights;
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

    /// The same world with levelled ground where these sites are.
    pub fn with_sites(mut self, sites: Vec<Site>) -> Self {
        self.sites = sites;
        self
    }

    /// A chunk, the same whichever others are made.
    pub fn chunk(&self, chunk: ChunkCoordinates) -> TerrainChunk {
        Survey::new(self, chunk).into_terrain()
    }

    pub(crate) fn waters(&self, min: Point, max: Point) -> Waters {
        self.rivers.around(&self.heights, min, max)
    }

    pub(crate) fn is_sea(&self, point: Point) -> bool {
        self.heights.coarse(point) < 0.0
    }

    pub(crate) fn node(&self, node: (i32, i32)) -> Point {
        self.rivers.point(node)
    }

    pub(crate) fn cell(&self, tile: OffsetCoordinatesLarge, waters: &Waters) -> Cell {
        let point = Point::of(tile);
        let coarse = self.heights.coarse(point);
        let raw = coarse + self.heights.relief(point, coarse);
        let mut ground = raw;
        let mut water = if raw < 0.0 { f64::from(SEA_LEVEL) } else { f64::MIN };
        let winding = self.heights.winding(point);
        for reach in &waters.reaches {
            self.cut(winding, reach, &mut ground, &mut water);
        }
        for lake in &waters.lakes {
            self.fill(point, coarse, lake, &mut ground, &mut water);
        }
        for site in &self.sites {
            level(point, site, &mut ground);
        }
        let elevation = to_elevation(ground);
        let level = if water > f64::MIN {
            to_elevation(water)
        } else {
            NO_WATER
        };
        let water_level = if level > elevation { level } else { NO_WATER };
        let biome = if water_level == NO_WATER {
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

    /// A river cuts its bed and its valley.
    fn cut(&self, point: Point, reach: &Reach, ground: &mut f64, water: &mut f64) {
        let (distance, along) = distance_to(point, reach.from, reach.to);
        let width = 0.55 + 0.22 * f64::from(reach.springs.min(20));
        if distance > width + VALLEY {
            return;
        }
        let level = reach.from_level + (reach.to_level - reach.from_level) * along;
        if distance <= width {
            let depth = 1.0 + 0.25 * f64::from(reach.springs.min(16));
            *ground = ground.min(level - depth);
            *water = water.max(level);
            return;
        }
        let bank = distance - width;
        *ground = ground.min(level + 1.0 + bank * VALLEY_SLOPE);
        if bank < 1.6 && *water < level {
            *ground = ground.max(level + 0.6);
        }
    }

    /// A lake covers what is below its surface.
    fn fill(&self, point: Point, coarse: f64, lake: &Lake, ground: &mut f64, water: &mut f64) {
        let near = |node: &(i32, i32)| self.rivers.point(*node).distance_squared(point) < 1.6 * SPACING * SPACING;
        if coarse >= lake.level + 1.5 || !lake.nodes.iter().any(near) {
            return;
        }
        if coarse < lake.level {
            *ground = ground.min(lake.level - 1.0 - 0.5 * (lake.level - coarse));
            *water = water.max(lake.level);
        } else {
            *ground = ground.max(lake.level + 0.6);
        }
    }
}

/// A site levels its ground, and the slope around it.
fn level(point: Point, site: &Site, ground: &mut f64) {
    let (radius, slope) = (f64::from(site.level_radius), 8.0);
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
