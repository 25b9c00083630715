//! Floor plans: rooms drawn in text, and the ground that they make.
//!
//! A plan is drawn as on a map, the northernmost row first, one character a large tile: `#` and a blank are wall, `.` bare
//! ground, `=` paving, `~` mud. Its columns count from the west and its rows from the south, from 0. It lies in the first
//! chunk of its dimension, a tile away from the edge, with wall all round: wall is ground so high that no step leads onto
//! it, so that whoever checks steps, finds ways or draws the land needs to know nothing of walls.

use thiserror::Error;

use crate::chunk::{LARGE_PER_CHUNK, LARGE_TILES_PER_CHUNK};
use crate::hex::OffsetCoordinatesLarge;
use crate::movement::GroundCell;
use crate::ChunkCoordinates;

/// Widest and deepest plan, in large tiles: with wall all round it fills a chunk.
pub const MAX_SIDE: usize = 30;
/// Where column 0 and row 0 lie in the chunk.
pub const MARGIN: i32 = 1;
/// Height of the floor, in elevation units.
pub const FLOOR_LEVEL: i16 = 0;
/// Height of the wall, in elevation units.
pub const WALL_LEVEL: i16 = 1_000;

/// A room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloorPlan {
    width: i32,
    depth: i32,
    /// Surface of each tile, row by row from the south; `None` for wall.
    tiles: Vec<Option<u8>>,
}

/// Why a drawing is no floor plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FloorPlanError {
    /// There is no floor.
    #[error("floor_plan.empty")]
    Empty,
    /// There are more than [`MAX_SIDE`] rows, or characters in a row.
    #[error("floor_plan.too_large|{MAX_SIDE}")]
    TooLarge,
    /// A row, counted from the first line, is not as long as the first.
    #[error("floor_plan.ragged|{0}")]
    Ragged(usize),
    /// A character of a row, counted from the first line, means nothing.
    #[error("floor_plan.character|{0}|{1}")]
    Character(char, usize),
    /// One cannot walk from everywhere to everywhere; the arguments are column and row of a tile that is cut off.
    #[error("floor_plan.divided|{0}|{1}")]
    Divided(i32, i32),
}

impl FloorPlan {
    /// The plan that rows of text draw, the northernmost first.
    ///
    /// # Errors
    /// Any [`FloorPlanError`].
    pub fn parse(rows: &[impl AsRef<str>]) -> Result<Self, FloorPlanError> {
        let width = rows.first().map_or(0, |row| row.as_ref().chars().count());
        if width > MAX_SIDE || rows.len() > MAX_SIDE {
            return Err(FloorPlanError::TooLarge);
        }
        let mut tiles = Vec::with_capacity(width * rows.len());
        for (line, row) in rows.iter().enumerate().rev() {
            let row = row.as_ref();
            if row.chars().count() != width {
                return Err(FloorPlanError::Ragged(line));
            }
            for character in row.chars() {
                tiles.push(surface(character).ok_or(FloorPlanError::Character(character, line))?);
            }
        }
        let side = |length: usize| i32::try_from(length).map_err(|_| FloorPlanError::TooLarge);
        let plan = Self {
            width: side(width)?,
            depth: side(rows.len())?,
            tiles,
        };
        plan.check_connected()?;
        Ok(plan)
    }

    /// Columns and rows.
    pub fn size(&self) -> (i32, i32) {
        (self.width, self.depth)
    }

    /// The number of the surface at a column and row; `None` for wall and outside.
    pub fn surface(&self, x: i32, z: i32) -> Option<u8> {
        if !(0..self.width).contains(&x) || !(0..self.depth).contains(&z) {
            return None;
        }
        let index = usize::try_from(z.checked_mul(self.width)?.checked_add(x)?).ok()?;
        self.tiles.get(index).copied().flatten()
    }

    /// Where a column and row lie in the plan's dimension; `None` for wall and outside.
    pub fn tile(&self, x: i32, z: i32, dimension: u32) -> Option<OffsetCoordinatesLarge> {
        self.surface(x, z)?;
        Some(OffsetCoordinatesLarge::new(x + MARGIN, z + MARGIN, dimension))
    }

    /// The ground of the chunk that the plan lies in, in the order of its tiles.
    pub fn cells(&self) -> impl Iterator<Item = GroundCell> + '_ {
        (0..i32::from(LARGE_TILES_PER_CHUNK)).map(|index| {
            let (x, z) = (index % LARGE_PER_CHUNK - MARGIN, index / LARGE_PER_CHUNK - MARGIN);
            let surface = self.surface(x, z);
            GroundCell {
                elevation: if surface.is_some() { FLOOR_LEVEL } else { WALL_LEVEL },
                water_level: i16::MIN,
                surface: surface.unwrap_or_default(),
            }
        })
    }

    fn check_connected(&self) -> Result<(), FloorPlanError> {
        let places = || (0..self.depth).flat_map(|z| (0..self.width).map(move |x| (x, z)));
        let mut floor = places().filter(|(x, z)| self.surface(*x, *z).is_some());
        let mut open: Vec<(i32, i32)> = floor.by_ref().take(1).collect();
        if open.is_empty() {
            return Err(FloorPlanError::Empty);
        }
        let mut seen = open.clone();
        while let Some((x, z)) = open.pop() {
            let own = OffsetCoordinatesLarge::new(x + MARGIN, z + MARGIN, 0).to_axial();
            let around = own.into_iter().flat_map(|tile| tile.neighbours());
            for next in around.filter_map(|tile| tile.to_offset()) {
                let next = (next.x - MARGIN, next.z - MARGIN);
                if self.surface(next.0, next.1).is_some() && !seen.contains(&next) {
                    seen.push(next);
                    open.push(next);
                }
            }
        }
        match floor.find(|place| !seen.contains(place)) {
            Some((x, z)) => Err(FloorPlanError::Divided(x, z)),
            None => Ok(()),
        }
    }
}

/// The chunk that the plan of a dimension lies in.
pub fn chunk_of(dimension: u32) -> ChunkCoordinates {
    ChunkCoordinates { x: 0, z: 0, dimension }
}

/// What a character draws: wall, or floor of a surface.
#[allow(clippy::option_option)]
fn surface(character: char) -> Option<Option<u8>> {
    match character {
        '#' | ' ' => Some(None),
        '.' => Some(Some(0)),
        '=' => Some(Some(1)),
        '~' => Some(Some(2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::movement::can_walk_straight;
    use crate::{find_path, LargeHexTile, MoveLimits, OffsetCoordinatesFloat};
    use proptest::prelude::*;

    #[track_caller]
    fn check(rows: &[&str], expected: Result<(i32, i32), FloorPlanError>) {
        assert_eq!(FloorPlan::parse(rows).map(|plan| plan.size()), expected, "{rows:?}");
    }

    #[test]
    fn what_is_a_plan() {
        check(&["#..#", "#==#", "~~~ "], Ok((4, 3)));
        check(&[], Err(FloorPlanError::Empty));
        check(&["####"], Err(FloorPlanError::Empty));
        check(&["..", "."], Err(FloorPlanError::Ragged(1)));
        check(&["..", ".o"], Err(FloorPlanError::Character('o', 1)));
        check(&[".#."], Err(FloorPlanError::Divided(2, 0)));
        let wide = ".".repeat(MAX_SIDE);
        check(&vec![wide.as_str(); MAX_SIDE], Ok((30, 30)));
        check(&[".".repeat(MAX_SIDE + 1).as_str()], Err(FloorPlanError::TooLarge));
        check(&["."; MAX_SIDE + 1], Err(FloorPlanError::TooLarge));
    }

    /// Rows lie half a tile off each other, which way depends on the row.
    #[test]
    fn corners_touch_as_hexes_do() {
        // Row 0 of a plan stands further east: above its column 0 are columns 0 and 1.
        check(&["#.", ".#"], Ok((2, 2)));
        check(&[".#", "#."], Err(FloorPlanError::Divided(0, 1)));
    }

    #[test]
    fn columns_count_from_the_west_and_rows_from_the_south() {
        let plan = FloorPlan::parse(&["#~", ".="]).unwrap();
        let surfaces = [(0, 0), (1, 0), (0, 1), (1, 1), (-1, 0), (2, 0), (0, 2)].map(|(x, z)| plan.surface(x, z));
        assert_eq!(surfaces, [Some(0), Some(1), None, Some(2), None, None, None]);
        assert_eq!(plan.tile(1, 1, 7), Some(OffsetCoordinatesLarge::new(2, 2, 7)));
        assert_eq!(plan.tile(0, 1, 7), None);
    }

    fn ground(plan: &FloorPlan) -> impl Fn(OffsetCoordinatesLarge) -> Option<GroundCell> {
        let cells: Vec<GroundCell> = plan.cells().collect();
        move |tile| {
            let is_there = ChunkCoordinates::from(tile) == chunk_of(tile.dimension);
            is_there.then(|| cells[usize::from(tile.index_in_chunk())])
        }
    }

    proptest! {
        /// From floor one comes to all of the floor and to nothing else.
        #[test]
        fn walls_hold(drawn in proptest::collection::vec("[#.=~]{12}", 9), x in -3..34, z in -3..34) {
            let Ok(plan) = FloorPlan::parse(&drawn) else { return Ok(()) };
            let ground = ground(&plan);
            let floor = (0..12).flat_map(|x| (0..9).map(move |z| (x, z)));
            let floor: Vec<OffsetCoordinatesFloat> =
                floor.filter_map(|(x, z)| plan.tile(x, z, 2)?.center()).collect();
            let (limits, start) = (MoveLimits::default(), floor[0]);
            for goal in &floor {
                prop_assert!(find_path(start, *goal, &limits, &ground, 2_000).is_some());
            }
            let other = OffsetCoordinatesLarge::new(x, z, 2);
            let is_floor = plan.surface(x - MARGIN, z - MARGIN).is_some();
            let found = find_path(start, other.center().unwrap(), &limits, &ground, 2_000);
            prop_assert_eq!(found.is_some(), is_floor);
            for near in other.to_axial().into_iter().flat_map(LargeHexTile::neighbours) {
                let Some(from) = near.center().filter(|from| floor.contains(from)) else { continue };
                prop_assert_eq!(can_walk_straight(from, other.center().unwrap(), &limits, &ground), is_floor);
            }
        }
    }
}
