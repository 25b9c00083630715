//! All that a new world has in a chunk: ground, buildings, and what grows and lies between them.

use std::collections::{BTreeMap, BTreeSet};

use hexmarch_sim_core::chunk::{LARGE_PER_CHUNK, SMALL_PER_LARGE};
use hexmarch_sim_core::{ChunkCoordinates, Footprint, HexDirection, RegionBounds, SmallHexTile, OVERWORLD};

use crate::scatter::{Placed, Scatter};
use crate::sites::Site;
use crate::survey::Survey;
use crate::terrain::{TerrainChunk, World};
use crate::WorldRules;

/// Rows of chunks that are made together: those of one band share what is remembered of their waters.
pub const BAND: i32 = 4;
/// Furthest that the middle of a building is from that of its site, in small tiles.
const MAX_BUILDING_REACH: i32 = 192;

/// A building of a kind of site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildingRule {
    /// What.
    pub building_id: i32,
    /// Axial small tiles from the middle of a site that faces east.
    pub x: i32,
    /// Axial small tiles from the middle.
    pub z: i32,
    /// Which way it faces.
    pub direction: HexDirection,
    /// What it stands on, what is kept free around it included.
    pub footprint: Footprint,
}

/// A building of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedBuilding {
    /// What.
    pub building_id: i32,
    /// Its middle.
    pub tile: SmallHexTile,
    /// Which way it faces.
    pub direction: HexDirection,
}

/// A chunk of a new world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeChunk {
    /// Its ground.
    pub terrain: TerrainChunk,
    /// What grows and lies there.
    pub things: Vec<Placed>,
}

/// Makes the chunks of a world whose sites are chosen.
#[derive(Debug)]
pub struct Maker {
    world: World,
    scatter: Scatter,
    sites: Vec<Site>,
    buildings: BTreeMap<i32, Vec<BuildingRule>>,
}

impl Maker {
    /// Of the chunks with these sites, and of all around them.
    pub fn new(world: World, seed: u64, rules: WorldRules, sites: Vec<Site>) -> Self {
        Self {
            world: world.with_sites(sites.clone()),
            scatter: Scatter::new(seed, rules.scatter),
            sites,
            buildings: rules.buildings,
        }
    }

    /// A chunk, the same whichever others are made.
    pub fn chunk(&self, chunk: ChunkCoordinates) -> MadeChunk {
        let mut survey = Survey::new(&self.world, chunk);
        let mut taken = self.taken(chunk);
        let things = self.scatter.chunk(&mut survey, &mut taken);
        MadeChunk {
            terrain: survey.into_terrain(),
            things,
        }
    }

    /// How many buildings all sites have.
    pub fn building_count(&self) -> usize {
        self.sites.iter().map(|site| self.rules(site).len()).sum()
    }

    /// A building by its number, and its site: those of the first site come first, in the order of its rule. `None` from the
    /// count on, and for one that has no place in the plane.
    pub fn building(&self, number: usize) -> Option<(&Site, PlacedBuilding)> {
        let mut number = number;
        for site in &self.sites {
            let rules = self.rules(site);
            match rules.get(number) {
                Some(rule) => return Some((site, placed(site, rule)?.0)),
                None => number -= rules.len(),
            }
        }
        None
    }

    fn rules(&self, site: &Site) -> &[BuildingRule] {
        self.buildings.get(&site.id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Tiles on which buildings of sites in or near a chunk stand.
    fn taken(&self, chunk: ChunkCoordinates) -> BTreeSet<SmallHexTile> {
        // Rows of hexes are nearer to each other than columns: axial distance is no more than offset distance.
        let reach = MAX_BUILDING_REACH / SMALL_PER_LARGE + LARGE_PER_CHUNK;
        let is_near = |tile: i32, chunk: i32| {
            let first = chunk.saturating_mul(LARGE_PER_CHUNK);
            (first.saturating_sub(reach)..first.saturating_add(LARGE_PER_CHUNK + reach)).contains(&tile)
        };
        let near = self
            .sites
            .iter()
            .filter(|site| is_near(site.tile.x, chunk.x) && is_near(site.tile.z, chunk.z));
        let buildings = near.flat_map(|site| self.rules(site).iter().filter_map(|rule| placed(site, rule)));
        buildings.flat_map(|(_, tiles)| tiles).collect()
    }
}

/// A building of a site, and the tiles that it takes.
fn placed(site: &Site, rule: &BuildingRule) -> Option<(PlacedBuilding, Vec<SmallHexTile>)> {
    let middle = site.tile.to_axial()?.center_tile()?;
    let turn = i32::from(site.direction.index());
    let tile = middle.offset_by(rule.x, rule.z)?.rotated(middle, turn)?;
    let direction = rule.direction.rotated(turn);
    let tiles = rule.footprint.tiles(tile, direction)?;
    let building = PlacedBuilding {
        building_id: rule.building_id,
        tile,
        direction,
    };
    Some((building, tiles))
}

/// The chunks of a rectangle, in the order in which they are made.
pub fn chunks_of(bounds: &RegionBounds) -> impl Iterator<Item = ChunkCoordinates> {
    let bounds = *bounds;
    bands_of(&bounds).flat_map(move |band| {
        (band.min_chunk_x..band.max_chunk_x).flat_map(move |x| {
            (band.min_chunk_z..band.max_chunk_z).map(move |z| ChunkCoordinates {
                x,
                z,
                dimension: OVERWORLD,
            })
        })
    })
}

/// Rows of chunks that are made together.
pub fn bands_of(bounds: &RegionBounds) -> impl Iterator<Item = RegionBounds> {
    let bounds = *bounds;
    let starts = (bounds.min_chunk_z..bounds.max_chunk_z).step_by(BAND.unsigned_abs() as usize);
    starts.map(move |min_chunk_z| RegionBounds {
        min_chunk_z,
        max_chunk_z: min_chunk_z.saturating_add(BAND).min(bounds.max_chunk_z),
        ..bounds
    })
}
