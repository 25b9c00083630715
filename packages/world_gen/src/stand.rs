//! Whether one more thing may stand on ground that was made before, by the rule that strewed the others.

use hexmarch_sim_core::{ChunkCoordinates, LargeHexTile, OffsetCoordinatesLarge, SmallHexTile};

use crate::ground::Ground;
use crate::scatter::{is_in_thicket, place, thickets, ScatterRule, MAX_TILT};
use crate::survey::MAX_WATER_WITHIN;
use crate::terrain::Cell;

/// Cells that are known, by large tile.
pub trait KnownGround {
    /// A tile; `None` where none is known.
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<Cell>;
}

impl<F: Fn(OffsetCoordinatesLarge) -> Option<Cell>> KnownGround for F {
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<Cell> {
        self(tile)
    }
}

impl Ground {
    /// Whether a known tile is such ground. Slopes and waters beyond what is known do not count.
    pub fn is_at(&self, tile: OffsetCoordinatesLarge, known: &impl KnownGround) -> bool {
        let Some(cell) = known.cell(tile) else { return false };
        let depth = cell.depth();
        let height = if depth > 0 { cell.water_level } else { cell.elevation };
        (self.biomes.is_empty() || self.biomes.contains(&cell.biome))
            && (self.min_elevation..=self.max_elevation).contains(&height)
            && (self.min_water_depth..=self.max_water_depth).contains(&depth)
            && (self.max_slope == u16::MAX || slope(tile, cell, known) <= self.max_slope)
            && (self.water_within == 0 || has_water_within(tile, self.water_within, known))
    }
}

impl ScatterRule {
    /// A small tile of a chunk on which a thing may stand if its ground is right.
    pub fn place_in(&self, chunk: ChunkCoordinates, random: u64) -> Option<SmallHexTile> {
        place(chunk, random, self).map(|(tile, _)| tile)
    }

    /// Whether a thing that takes these tiles may stand there, whatever else does. Without a seed, thickets do not matter.
    pub fn is_right_for(&self, tiles: &[SmallHexTile], seed: Option<u64>, known: &impl KnownGround) -> bool {
        let (mut low, mut high) = (i16::MAX, i16::MIN);
        for tile in tiles {
            let Some(large) = tile.large_tile().and_then(LargeHexTile::to_offset) else {
                return false;
            };
            let Some(cell) = known.cell(large).filter(|_| self.ground.is_at(large, known)) else {
                return false;
            };
            (low, high) = (low.min(cell.elevation), high.max(cell.elevation));
        }
        let middle = tiles.first().and_then(|tile| tile.large_tile()?.to_offset());
        let is_in_thicket = |tile| seed.is_none_or(|seed| is_in_thicket(self, &thickets(seed, self), tile));
        middle.is_some_and(is_in_thicket) && high.abs_diff(low) <= MAX_TILT
    }
}

fn slope(tile: OffsetCoordinatesLarge, own: Cell, known: &impl KnownGround) -> u16 {
    let around = tile.to_axial().into_iter().flat_map(LargeHexTile::neighbours);
    let around = around.filter_map(|other| known.cell(other.to_offset()?));
    let steps = around.map(|other| other.elevation.abs_diff(own.elevation));
    steps.max().unwrap_or_default()
}

fn has_water_within(tile: OffsetCoordinatesLarge, tiles: u16, known: &impl KnownGround) -> bool {
    let Some(middle) = tile.to_axial() else { return false };
    let is_water = |tile: LargeHexTile| {
        let cell = tile.to_offset().and_then(|tile| known.cell(tile));
        cell.is_some_and(|cell| cell.depth() > 0)
    };
    (0..=u32::from(tiles.min(MAX_WATER_WITHIN))).any(|radius| middle.ring(radius).any(is_water))
}
