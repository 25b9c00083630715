//! Regions, made whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use hexmarch_content::Content;
use hexmarch_messages::extraction::ExtractionRecipeDesc;
use hexmarch_messages::placement::SiteDesc;
use hexmarch_messages::resource::ResourceDesc;
use hexmarch_messages::world::WorldContent;
use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::movement::GroundCell;
use hexmarch_sim_core::{ChunkCoordinates, RegionBounds, RegionLayout, OVERWORLD};
use hexmarch_world_gen::{sites, Cell, Placed, Scatter, Site, Survey, World, WorldRules};

/// The game's content, as far as worlds follow from it.
pub struct Game {
    pub rules: WorldRules,
    pub sites: BTreeMap<i32, SiteDesc>,
    pub resources: BTreeMap<i32, ResourceDesc>,
    pub extractions: Vec<ExtractionRecipeDesc>,
}

pub static GAME: LazyLock<Game> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
    let (content, mistakes): (Content, _) = hexmarch_content::check(&directory).unwrap();
    assert!(mistakes.is_empty(), "static_data has mistakes");
    let world = WorldContent {
        climates: content.rows(),
        scatter: content.rows(),
        clumps: content.rows(),
        resources: content.rows(),
        sites: content.rows(),
        buildings: content.rows(),
    };
    Game {
        rules: world.rules(),
        sites: world.sites.into_iter().map(|row| (row.id, row)).collect(),
        resources: world.resources.into_iter().map(|row| (row.id, row)).collect(),
        extractions: content.rows(),
    }
});

/// The seed of [`LANDS`].
pub const SEED: u64 = 1;

/// Whole regions of one world, as different from each other as those of different seeds.
pub static LANDS: LazyLock<Vec<Land>> = LazyLock::new(|| {
    let regions: Vec<u8> = layout().indexes().collect();
    on_threads(&regions, |region| Land::new(SEED, layout().bounds(*region).unwrap()))
});

/// Four regions of full size.
pub fn layout() -> RegionLayout {
    RegionLayout::new(4, 2, 60, 60).unwrap()
}

/// What is made of each, on two threads.
pub fn on_threads<Of: Sync, Made: Send>(all: &[Of], make: impl Fn(&Of) -> Made + Sync) -> Vec<Made> {
    let make = &make;
    thread::scope(|scope| {
        let halves = all.chunks(all.len().div_ceil(2).max(1));
        let threads: Vec<_> = halves
            .map(|half| scope.spawn(move || half.iter().map(make).collect::<Vec<Made>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Of no sites.
pub fn world(seed: u64) -> World {
    World::new(seed, GAME.rules.biomes.clone())
}

/// A chunk of the open world.
pub fn chunk(x: i32, z: i32) -> ChunkCoordinates {
    let dimension = OVERWORLD;
    ChunkCoordinates { x, z, dimension }
}

/// A column and a row of large tiles.
pub type Tile = (i32, i32);

/// A region with all that is in it.
pub struct Land {
    bounds: RegionBounds,
    pub sites: Vec<Site>,
    /// Resources, and the large tiles in which they lie.
    pub things: Vec<(i32, Tile)>,
    width: i32,
    /// Row by row from the south western corner.
    cells: Vec<Cell>,
}

impl Land {
    fn new(seed: u64, bounds: RegionBounds) -> Self {
        let chosen = sites(&world(seed), seed, &bounds, &GAME.rules.sites);
        let side = |min: i32, max: i32| (max - min) * LARGE_PER_CHUNK;
        let width = side(bounds.min_chunk_x, bounds.max_chunk_x);
        let tiles = width * side(bounds.min_chunk_z, bounds.max_chunk_z);
        let mut land = Self {
            bounds,
            sites: chosen,
            things: Vec::new(),
            width,
            cells: vec![Cell::default(); usize::try_from(tiles).unwrap()],
        };
        let world = world(seed).with_sites(land.sites.clone());
        let scatter = Scatter::new(seed, GAME.rules.scatter.clone());
        let columns = || bounds.min_chunk_x..bounds.max_chunk_x;
        for (x, z) in (bounds.min_chunk_z..bounds.max_chunk_z).flat_map(|z| columns().map(move |x| (x, z))) {
            let mut survey = Survey::new(&world, chunk(x, z));
            let placed = scatter.chunk(&mut survey, &mut BTreeSet::new());
            let lies = |thing: &Placed| (thing.resource_id, large_tile(thing));
            land.things.extend(placed.iter().map(lies));
            for (row, cells) in (z * LARGE_PER_CHUNK..).zip(survey.terrain().cells.chunks(32)) {
                let at = land.index((x * LARGE_PER_CHUNK, row)).unwrap();
                land.cells[at..at + 32].copy_from_slice(cells);
            }
        }
        land
    }

    /// The place of a tile in what is counted by tile.
    pub fn index(&self, (x, z): Tile) -> Option<usize> {
        let column = x - self.bounds.min_chunk_x * LARGE_PER_CHUNK;
        let row = z - self.bounds.min_chunk_z * LARGE_PER_CHUNK;
        let is_inside = (0..self.width).contains(&column) && row >= 0;
        let index = usize::try_from(row * self.width + column).ok()?;
        (is_inside && index < self.cells.len()).then_some(index)
    }

    /// All tiles, in the order of their indexes.
    pub fn tiles(&self) -> impl Iterator<Item = (Tile, &Cell)> {
        let first = (self.bounds.min_chunk_x, self.bounds.min_chunk_z);
        (0..).zip(&self.cells).map(move |(index, cell)| {
            let (column, row) = (index % self.width, index / self.width);
            let tile = (first.0 * LARGE_PER_CHUNK + column, first.1 * LARGE_PER_CHUNK + row);
            (tile, cell)
        })
    }

    pub fn cell(&self, tile: Tile) -> Option<&Cell> {
        self.cells.get(self.index(tile)?)
    }

    /// As a walker finds it.
    pub fn ground(&self, tile: Tile) -> Option<GroundCell> {
        let cell = self.cell(tile)?;
        Some(GroundCell {
            elevation: cell.elevation,
            water_level: cell.water_level,
            ..GroundCell::default()
        })
    }
}

/// The large tile in which a thing lies.
fn large_tile(placed: &Placed) -> Tile {
    let tile = placed.tile.to_axial().unwrap();
    let large = tile.large_tile().unwrap().to_offset().unwrap();
    (large.x, large.z)
}

/// The tiles beside a tile.
pub fn around((x, z): Tile) -> [Tile; 6] {
    let shift = z.rem_euclid(2);
    [
        (x + 1, z),
        (x + shift, z + 1),
        (x + shift - 1, z + 1),
        (x - 1, z),
        (x + shift - 1, z - 1),
        (x + shift, z - 1),
    ]
}
