//! A chunk with what is around it: its cells, and what rules ask of them.

use std::collections::HashMap;

use hexmarch_sim_core::chunk::{LARGE_PER_CHUNK, LARGE_TILES_PER_CHUNK};
use hexmarch_sim_core::{ChunkCoordinates, LargeHexTile, OffsetCoordinatesLarge};

use crate::ground::Ground;
use crate::noise::{Point, ROW_HEIGHT};
use crate::rivers::{Waters, SPACING};
use crate::terrain::{distance_to, Cell, TerrainChunk, World, VALLEY};

/// Furthest water that a rule may ask for, in tiles.
pub const MAX_WATER_WITHIN: u16 = 32;
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
    waters: Waters,
    /// Cells of this chunk and, as far as they were asked for, of others.
    cells: HashMap<OffsetCoordinatesLarge, Cell>,
    terrain: TerrainChunk,
}

impl<'a> Survey<'a> {
    /// Of a chunk.
    pub fn new(world: &'a World, chunk: ChunkCoordinates) -> Self {
        let side = f64::from(LARGE_PER_CHUNK);
        let min = Point {
            x: f64::from(chunk.x) * side,
            z: f64::from(chunk.z) * side * ROW_HEIGHT,
        };
        let max = Point {
            x: min.x + side,
            z: min.z + side * ROW_HEIGHT,
        };
        let waters = waters(world, min, max);
        let mut cells = HashMap::with_capacity(usize::from(LARGE_TILES_PER_CHUNK));
        let mut rows = Vec::with_capacity(usize::from(LARGE_TILES_PER_CHUNK));
        for tile in (0..LARGE_TILES_PER_CHUNK).filter_map(|index| chunk.large_tile(index)) {
            let cell = world.cell(tile, &waters);
            cells.insert(tile, cell);
            rows.push(cell);
        }
        Self {
            world,
            waters,
            cells,
            terrain: TerrainChunk { chunk, cells: rows },
        }
    }

    /// Of one place, with the ground around it.
    pub fn of_place(world: &'a World, tile: OffsetCoordinatesLarge, radius: f64) -> Self {
        let middle = Point::of(tile);
        let min = Point {
            x: middle.x - radius,
            z: middle.z - radius,
        };
        let max = Point {
            x: middle.x + radius,
            z: middle.z + radius,
        };
        Self {
            world,
            waters: waters(world, min, max),
            cells: HashMap::new(),
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
        if let Some(known) = self.cells.get(&tile) {
            return *known;
        }
        let cell = self.world.cell(tile, &self.waters);
        self.cells.insert(tile, cell);
        cell
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
        let around: Vec<_> = around.filter_map(LargeHexTile::to_offset).collect();
        let steps = around.into_iter().map(|other| self.cell(other).elevation.abs_diff(own));
        steps.max().unwrap_or_default()
    }

    /// Whether there is water so near, looked for in twelve directions.
    fn has_water_within(&self, tile: OffsetCoordinatesLarge, tiles: u16) -> bool {
        let (middle, reach) = (Point::of(tile), f64::from(tiles.min(MAX_WATER_WITHIN)));
        let river = |from: Point, to: Point| distance_to(middle, from, to).0 <= reach;
        if self.waters.reaches.iter().any(|reach| river(reach.from, reach.to)) {
            return true;
        }
        let lake_reach = (reach + 0.5 * SPACING) * (reach + 0.5 * SPACING);
        let is_near = |node: &(i32, i32)| self.world.node(*node).distance_squared(middle) <= lake_reach;
        if self.waters.lakes.iter().any(|lake| lake.nodes.iter().any(is_near)) {
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

fn waters(world: &World, min: Point, max: Point) -> Waters {
    let margin = VALLEY + 2.0 * SPACING + f64::from(MAX_WATER_WITHIN);
    let (min, max) = (
        Point {
            x: min.x - margin,
            z: min.z - margin,
        },
        Point {
            x: max.x + margin,
            z: max.z + margin,
        },
    );
    world.waters(min, max)
}
