//! A chunk with what is around it: its cells, and what rules ask of them.

use std::collections::HashMap;

use hexmarch_sim_core::chunk::{LARGE_PER_CHUNK, LARGE_TILES_PER_CHUNK};
use hexmarch_sim_core::{ChunkCoordinates, LargeHexTile, OffsetCoordinatesLarge};

use crate::area::Area;
use crate::ground::Ground;
use crate::noise::{Point, ROW_HEIGHT};
use crate::rivers::SPACING;
use crate::terrain::{distance_to, Cell, Draft, Shapers, TerrainChunk, World, NO_WATER, RIVER_REACH};

/// Furthest water that a rule may ask for, in tiles.
pub const MAX_WATER_WITHIN: u16 = 32;
/// First tile and number of tiles of the blocks along a side of a chunk with its ring, for each of which what shapes its
/// ground is looked up once.
const BLOCKS: [(i32, i32); 4] = [(-1, 9), (8, 8), (16, 8), (24, 9)];
/// Tiles along a side of a chunk with one more on each end.
const SIDE: usize = 34;
/// Directions in which water is looked for.
const LOOKS: [(f64, f64); 12] = [
    (1.0, 0.0),
    (0.866, 0.5),
    (0.5, 0.866),
    (0.0, 1.0),
    (-0.5, 0.866),
    (-0.866, 0.5),
    (-1.0, 0.0),
    (-0.866, -0.5),
    (-0.5, -0.866),
    (0.0, -1.0),
    (0.5, -0.866),
    (0.866, -0.5),
];

/// A chunk and what is around it.
#[derive(Debug)]
pub struct Survey<'a> {
    world: &'a World,
    shapers: Shapers,
    /// Cells of other chunks, as far as they were asked for.
    outside: HashMap<OffsetCoordinatesLarge, Cell>,
    drafts: HashMap<OffsetCoordinatesLarge, Draft>,
    terrain: TerrainChunk,
}

impl<'a> Survey<'a> {
    /// Of a chunk.
    pub fn new(world: &'a World, chunk: ChunkCoordinates) -> Self {
        let tile = |index: u16| chunk.large_tile(index).unwrap_or_default();
        let area = area_of(tile(0), (LARGE_PER_CHUNK, LARGE_PER_CHUNK));
        let margin = RIVER_REACH + f64::from(MAX_WATER_WITHIN);
        let shapers = world.shapers(&area, margin);
        let first = tile(0);
        // One ring more than the chunk, for the water beside its tiles.
        let mut drafts = vec![Draft::default(); SIDE * SIDE];
        let place = |tile: OffsetCoordinatesLarge| {
            let along = |tile: i32, first: i32| usize::try_from(tile - first + 1).ok().filter(|along| *along < SIDE);
            Some(along(tile.z, first.z)? * SIDE + along(tile.x, first.x)?)
        };
        for ((block_x, width), (block_z, height)) in BLOCKS.iter().flat_map(|z| BLOCKS.map(move |x| (x, *z))) {
            let corner = OffsetCoordinatesLarge::new(first.x + block_x, first.z + block_z, chunk.dimension);
            let near = shapers.within(&area_of(corner, (width, height)).grown(RIVER_REACH));
            for (x, z) in (0..height).flat_map(|z| (0..width).map(move |x| (x, z))) {
                let tile = OffsetCoordinatesLarge::new(corner.x + x, corner.z + z, chunk.dimension);
                if let Some(draft) = place(tile).and_then(|place| drafts.get_mut(place)) {
                    *draft = world.draft(tile, &near);
                }
            }
        }
        let cell = |index: u16| {
            let tile = tile(index);
            let at = place(tile).unwrap_or_default();
            // Odd rows stand half a tile further east.
            let shift = usize::from(tile.z.rem_euclid(2) == 1);
            let (north, south) = (at + SIDE + shift, at.saturating_sub(SIDE) + shift);
            let around = [
                at + 1,
                at.saturating_sub(1),
                north,
                north - 1,
                south,
                south.saturating_sub(1),
            ];
            let levels = around
                .iter()
                .filter_map(|beside| drafts.get(*beside))
                .map(|draft| draft.water_level);
            let draft = drafts.get(at).copied().unwrap_or_default();
            world.cell(tile, draft, levels.max().unwrap_or(NO_WATER))
        };
        let cells = (0..LARGE_TILES_PER_CHUNK).map(cell).collect();
        Self {
            world,
            shapers,
            outside: HashMap::new(),
            drafts: HashMap::new(),
            terrain: TerrainChunk { chunk, cells },
        }
    }

    /// Of one place, with the ground around it as far as `radius` tiles, and waters as far as `water_within` beyond.
    pub fn of_place(world: &'a World, tile: OffsetCoordinatesLarge, radius: f64, water_within: u16) -> Self {
        let middle = Point::of(tile);
        let area = Area {
            min: middle,
            max: middle,
        }
        .grown(radius);
        let margin = RIVER_REACH + f64::from(water_within.min(MAX_WATER_WITHIN));
        Self {
            world,
            shapers: world.shapers(&area, margin),
            outside: HashMap::new(),
            drafts: HashMap::new(),
            terrain: TerrainChunk {
                chunk: ChunkCoordinates::from(tile),
                cells: Vec::new(),
            },
        }
    }

    /// The cells of the chunk.
    pub fn terrain(&self) -> &TerrainChunk {
        &self.terrain
    }

    /// The cells of the chunk, taken out.
    pub fn into_terrain(self) -> TerrainChunk {
        self.terrain
    }

    /// A tile of the chunk, or near it.
    pub fn cell(&mut self, tile: OffsetCoordinatesLarge) -> Cell {
        let index = usize::from(tile.index_in_chunk());
        let inside = self.terrain.cells.get(index);
        if let Some(cell) = inside.filter(|_| ChunkCoordinates::from(tile) == self.terrain.chunk) {
            return *cell;
        }
        if let Some(known) = self.outside.get(&tile) {
            return *known;
        }
        let draft = self.draft(tile);
        let beside = around(tile).map(|other| self.draft(other).water_level).max();
        let cell = self.world.cell(tile, draft, beside.unwrap_or(NO_WATER));
        self.outside.insert(tile, cell);
        cell
    }

    fn draft(&mut self, tile: OffsetCoordinatesLarge) -> Draft {
        let (world, shapers) = (self.world, &self.shapers);
        *self.drafts.entry(tile).or_insert_with(|| world.draft(tile, shapers))
    }

    /// Whether a tile is what a rule wants.
    pub fn is(&mut self, tile: OffsetCoordinatesLarge, ground: &Ground) -> bool {
        let cell = self.cell(tile);
        let height = if cell.depth() > 0 {
            cell.water_level
        } else {
            cell.elevation
        };
        (ground.biomes.is_empty() || ground.biomes.contains(&cell.biome))
            && (ground.min_elevation..=ground.max_elevation).contains(&height)
            && (ground.min_water_depth..=ground.max_water_depth).contains(&cell.depth())
            && (ground.max_slope == u16::MAX || self.slope(tile) <= ground.max_slope)
            && (ground.water_within == 0 || self.has_water_within(tile, ground.water_within))
    }

    /// The highest step from a tile to its neighbours.
    pub fn slope(&mut self, tile: OffsetCoordinatesLarge) -> u16 {
        let own = self.cell(tile).elevation;
        let steps = around(tile).map(|other| self.cell(other).elevation.abs_diff(own));
        steps.max().unwrap_or_default()
    }

    /// Whether there is water so near, looked for in twelve directions.
    fn has_water_within(&self, tile: OffsetCoordinatesLarge, tiles: u16) -> bool {
        let (middle, reach) = (Point::of(tile), f64::from(tiles.min(MAX_WATER_WITHIN)));
        let river = |from: Point, to: Point| distance_to(middle, from, to).0 <= reach;
        let waters = &self.shapers.waters;
        if waters.reaches.iter().any(|reach| river(reach.from, reach.to)) {
            return true;
        }
        let lake_reach = (reach + 0.5 * SPACING) * (reach + 0.5 * SPACING);
        let is_near = |node: &Point| node.distance_squared(middle) <= lake_reach;
        if waters.lakes.iter().any(|lake| lake.points.iter().any(is_near)) {
            return true;
        }
        LOOKS.iter().any(|(x, z)| {
            [0.4, 1.0].iter().any(|part| {
                let point = Point {
                    x: middle.x + x * reach * part,
                    z: middle.z + z * reach * part,
                };
                self.world.is_sea(point)
            })
        })
    }
}

/// The tiles beside a tile.
fn around(tile: OffsetCoordinatesLarge) -> impl Iterator<Item = OffsetCoordinatesLarge> {
    let around = tile.to_axial().into_iter().flat_map(LargeHexTile::neighbours);
    around.filter_map(LargeHexTile::to_offset)
}

/// The least area with the middles of a rectangle of tiles.
fn area_of(first: OffsetCoordinatesLarge, (width, height): (i32, i32)) -> Area {
    let (west, south) = (Point::of_row(first.x, 0).x, f64::from(first.z) * ROW_HEIGHT);
    Area {
        min: Point { x: west, z: south },
        max: Point {
            x: west + f64::from(width),
            z: south + f64::from(height) * ROW_HEIGHT,
        },
    }
}
