//! A chunk with what is around it: its cells, and what rules ask of them.

use std::collections::HashMap;

use hexmarch_sim_core::chunk::{LARGE_PER_CHUNK, LARGE_TILES_PER_CHUNK};
use hexmarch_sim_core::{ChunkCoordinates, LargeHexTile, OffsetCoordinatesLarge};

use crate::area::Area;
use crate::ground::Ground;
use crate::noise::{Point, ROW_HEIGHT};
use crate::rivers::SPACING;
use crate::terrain::{distance_to, Cell, Shapers, TerrainChunk, World, RIVER_REACH};

/// Furthest water that a rule may ask for, in tiles.
pub const MAX_WATER_WITHIN: u16 = 32;
/// Tiles along a side of the blocks for which what shapes their ground is looked up once.
const BLOCK: i32 = 8;
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
    terrain: TerrainChunk,
}

impl<'a> Survey<'a> {
    /// Of a chunk.
    pub fn new(world: &'a World, chunk: ChunkCoordinates) -> Self {
        let tile = |index: u16| chunk.large_tile(index).unwrap_or_default();
        let area = area_of(tile(0), LARGE_PER_CHUNK);
        let margin = RIVER_REACH + f64::from(MAX_WATER_WITHIN);
        let shapers = world.shapers(&area, margin);
        let mut cells = vec![Cell::default(); usize::from(LARGE_TILES_PER_CHUNK)];
        let starts = || (0..LARGE_PER_CHUNK).step_by(BLOCK as usize);
        for (block_x, block_z) in starts().flat_map(|z| starts().map(move |x| (x, z))) {
            let first = OffsetCoordinatesLarge::new(tile(0).x + block_x, tile(0).z + block_z, chunk.dimension);
            let near = shapers.within(&area_of(first, BLOCK).grown(RIVER_REACH));
            for (x, z) in (0..BLOCK).flat_map(|z| (0..BLOCK).map(move |x| (x, z))) {
                let tile = OffsetCoordinatesLarge::new(first.x + x, first.z + z, chunk.dimension);
                if let Some(cell) = cells.get_mut(usize::from(tile.index_in_chunk())) {
                    *cell = world.cell(tile, &near);
                }
            }
        }
        Self {
            world,
            shapers,
            outside: HashMap::new(),
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
        let (world, shapers) = (self.world, &self.shapers);
        *self.outside.entry(tile).or_insert_with(|| world.cell(tile, shapers))
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
        let around = tile.to_axial().into_iter().flat_map(LargeHexTile::neighbours);
        let around = around.filter_map(LargeHexTile::to_offset);
        let steps = around.map(|other| self.cell(other).elevation.abs_diff(own));
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

/// The least area with the middles of a square of tiles.
fn area_of(first: OffsetCoordinatesLarge, side: i32) -> Area {
    let (min, side) = (Point::of_row(first.x, 0).x, f64::from(side));
    let south = f64::from(first.z) * ROW_HEIGHT;
    Area {
        min: Point { x: min, z: south },
        max: Point {
            x: min + side,
            z: south + side * ROW_HEIGHT,
        },
    }
}
