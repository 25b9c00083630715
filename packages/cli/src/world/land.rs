//! A rectangle of the open world: its ground, what lies on it, and its sites.

use std::collections::BTreeMap;

use hexmarch_content::Content;
use hexmarch_messages::biome::BiomeDesc;
use hexmarch_messages::placement::{SiteDesc, SiteType};
use hexmarch_messages::resource::ResourceDesc;
use hexmarch_messages::world::WorldContent;
use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::{OffsetCoordinatesLarge, OffsetCoordinatesSmall, RegionBounds, OVERWORLD};
use hexmarch_world_gen::{Cell, Site, TerrainChunk};

/// A thing on the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thing {
    /// Column of the small tile.
    pub x: i32,
    /// Row of the small tile.
    pub z: i32,
    /// What: a key of `resource_desc`.
    pub resource_id: i32,
}

/// A rectangle of the open world.
#[derive(Debug)]
pub struct Land {
    /// Which chunks.
    pub bounds: RegionBounds,
    /// The rectangles of the regions in it.
    pub regions: Vec<RegionBounds>,
    /// What lies there, in order.
    pub things: Vec<Thing>,
    /// Where people live and lived, in order.
    pub sites: Vec<Site>,
    width: usize,
    height: usize,
    cells: Vec<Option<Cell>>,
}

impl Land {
    /// Unknown ground.
    pub fn new(bounds: RegionBounds, regions: Vec<RegionBounds>) -> Self {
        let side = |min: i32, max: i32| {
            let tiles = max.saturating_sub(min).saturating_mul(LARGE_PER_CHUNK);
            usize::try_from(tiles).unwrap_or_default()
        };
        let width = side(bounds.min_chunk_x, bounds.max_chunk_x);
        let height = side(bounds.min_chunk_z, bounds.max_chunk_z);
        Self {
            bounds,
            regions,
            things: Vec::new(),
            sites: Vec::new(),
            width,
            height,
            cells: vec![None; width.saturating_mul(height)],
        }
    }

    /// Columns and rows of large tiles.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The tile in the south western corner.
    pub fn first_tile(&self) -> (i32, i32) {
        let tile = |chunk: i32| chunk.saturating_mul(LARGE_PER_CHUNK);
        (tile(self.bounds.min_chunk_x), tile(self.bounds.min_chunk_z))
    }

    /// Takes the ground of a chunk; what lies outside is dropped.
    pub fn put(&mut self, made: &TerrainChunk) {
        for (index, cell) in (0_u16..).zip(&made.cells) {
            let Some(tile) = made.chunk.large_tile(index) else {
                return;
            };
            let at = self.index(tile.x, tile.z);
            if let Some(place) = at.and_then(|at| self.cells.get_mut(at)) {
                *place = Some(*cell);
            }
        }
    }

    /// The ground of a tile; `None` outside and where it is not known.
    pub fn cell(&self, x: i32, z: i32) -> Option<Cell> {
        self.cells.get(self.index(x, z)?).copied().flatten()
    }

    /// All known ground, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.cells.iter().copied().flatten()
    }

    fn index(&self, x: i32, z: i32) -> Option<usize> {
        let (first_x, first_z) = self.first_tile();
        let column = usize::try_from(i64::from(x) - i64::from(first_x)).ok()?;
        let row = usize::try_from(i64::from(z) - i64::from(first_z)).ok()?;
        (column < self.width && row < self.height).then_some(row * self.width + column)
    }
}

/// The large tile that a small tile lies in.
pub(super) fn large_tile(x: i32, z: i32) -> Option<OffsetCoordinatesLarge> {
    let small = OffsetCoordinatesSmall::new(x, z, OVERWORLD);
    small.to_axial()?.large_tile()?.to_offset()
}

/// What content says that pictures and figures need.
#[derive(Debug, Default)]
pub struct Atlas {
    /// By `biome_type`.
    pub biomes: BTreeMap<u8, BiomeDesc>,
    /// By key.
    pub sites: BTreeMap<i32, SiteDesc>,
    /// By key.
    pub resources: BTreeMap<i32, ResourceDesc>,
    /// What the generator takes.
    pub world: WorldContent,
}

impl Atlas {
    /// Of valid content.
    pub fn new(content: &Content) -> Self {
        let biomes = content.rows::<BiomeDesc>().into_iter();
        Self {
            biomes: biomes
                .filter_map(|row| Some((u8::try_from(row.biome_type).ok()?, row)))
                .collect(),
            sites: content
                .rows::<SiteDesc>()
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            resources: content
                .rows::<ResourceDesc>()
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            world: WorldContent {
                climates: content.rows(),
                scatter: content.rows(),
                clumps: content.rows(),
                resources: content.rows(),
                sites: content.rows(),
                buildings: content.rows(),
            },
        }
    }

    /// The name of a country.
    pub fn biome_name(&self, biome: u8) -> String {
        self.biomes
            .get(&biome)
            .map_or_else(|| format!("biome {biome}"), |row| row.name.clone())
    }

    /// What a kind of site is.
    pub fn site_type(&self, id: i32) -> SiteType {
        self.sites.get(&id).map_or(SiteType::Ruin, |row| row.site_type)
    }
}
