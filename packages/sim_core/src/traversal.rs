//! The large tiles that a straight line touches, exactly and in order.

use std::cmp::Ordering;

use crate::position::Position;
use crate::tile::{LargeTile, MILLI_PER_LARGE};

/// The large tiles that the straight line between two points touches, from the first point's tile to the last one's.
///
/// Dimensions are ignored. A tile holds its lower edges and not its upper ones, as when a position is rounded down
/// to its tile; a line through a corner therefore touches exactly the tiles that its points are rounded to. Yields at
/// most one tile per row and column crossed, plus the first.
pub fn large_tiles_between(from: Position, to: Position) -> LargeTileWalk {
    let (first, last) = (LargeTile::from(from), LargeTile::from(to));
    LargeTileWalk {
        x: Axis::new(from.x, to.x, first.x, last.x),
        z: Axis::new(from.z, to.z, first.z, last.z),
        done: false,
    }
}

/// Iterator of [`large_tiles_between`].
#[derive(Clone, Debug)]
pub struct LargeTileWalk {
    x: Axis,
    z: Axis,
    done: bool,
}

#[derive(Clone, Debug)]
struct Axis {
    origin: i64,
    length: u64,
    forward: bool,
    cell: i32,
    last: i32,
}

impl Axis {
    fn new(from: i32, to: i32, cell: i32, last: i32) -> Self {
        Self {
            origin: from.into(),
            length: from.abs_diff(to).into(),
            forward: from < to,
            cell,
            last,
        }
    }

    fn arrived(&self) -> bool {
        self.cell == self.last
    }

    /// How far the next edge is from the origin, in milli tiles.
    fn next_edge(&self) -> u64 {
        let edge = i64::from(self.cell) + i64::from(self.forward);
        (edge * i64::from(MILLI_PER_LARGE)).abs_diff(self.origin)
    }

    fn step(&mut self) {
        self.cell = if self.forward {
            self.cell.saturating_add(1)
        } else {
            self.cell.saturating_sub(1)
        };
    }
}

impl Iterator for LargeTileWalk {
    type Item = LargeTile;

    fn next(&mut self) -> Option<LargeTile> {
        if self.done {
            return None;
        }
        let tile = LargeTile {
            x: self.x.cell,
            z: self.z.cell,
        };
        match (self.x.arrived(), self.z.arrived()) {
            (true, true) => self.done = true,
            (false, true) => self.x.step(),
            (true, false) => self.z.step(),
            (false, false) => self.step_to_nearer_edge(),
        }
        Some(tile)
    }
}

impl LargeTileWalk {
    fn step_to_nearer_edge(&mut self) {
        // Compares edge / length of both axes by cross multiplication.
        let to_x = u128::from(self.x.next_edge()) * u128::from(self.z.length);
        let to_z = u128::from(self.z.next_edge()) * u128::from(self.x.length);
        match to_x.cmp(&to_z) {
            Ordering::Less => self.x.step(),
            Ordering::Greater => self.z.step(),
            // On an edge one is already in the upper tile: going up it is entered here, going down it is left after.
            Ordering::Equal => match (self.x.forward, self.z.forward) {
                (true, false) => self.x.step(),
                (false, true) => self.z.step(),
                _ => {
                    self.x.step();
                    self.z.step();
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(from: (i32, i32), to: (i32, i32), expected: &[(i32, i32)]) {
        let walk = large_tiles_between(Position::overworld(from.0, from.1), Position::overworld(to.0, to.1));
        let tiles: Vec<_> = walk.map(|tile| (tile.x, tile.z)).collect();
        assert_eq!(tiles, expected, "{from:?} to {to:?}");
    }

    #[test]
    fn lines() {
        check((0, 0), (0, 0), &[(0, 0)]);
        check((0, 0), (2_999, 2_999), &[(0, 0)]);
        check((0, 0), (3_000, 0), &[(0, 0), (1, 0)]);
        check((3_000, 0), (0, 0), &[(1, 0), (0, 0)]);
        check((3_000, 0), (2_999, 0), &[(1, 0), (0, 0)]);
        check((-1, -1), (0, 0), &[(-1, -1), (0, 0)]);
        // Through a corner: straight over it, or by the tile that owns the corner.
        check((0, 0), (6_000, 6_000), &[(0, 0), (1, 1), (2, 2)]);
        check((6_000, 6_000), (0, 0), &[(2, 2), (1, 1), (0, 0)]);
        check((1_500, 4_500), (4_500, 1_500), &[(0, 1), (1, 1), (1, 0)]);
        check((4_500, 1_500), (1_500, 4_500), &[(1, 0), (1, 1), (0, 1)]);
        check((100, 0), (3_100, 9_100), &[(0, 0), (0, 1), (0, 2), (1, 2), (1, 3)]);
    }

    proptest! {
        #[test]
        fn holds_the_tile_of_every_point(
            x in -40_000..40_000, z in -40_000..40_000, dx in -9_000..9_000, dz in -9_000..9_000,
            // Coarse coordinates go through corners.
            grid in prop_oneof![Just(1), Just(500), Just(1_500)],
        ) {
            let [x, z, dx, dz] = [x, z, dx, dz].map(|value: i32| value / grid * grid);
            let (from, to) = (Position::overworld(x, z), Position::overworld(x + dx, z + dz));
            let tiles: Vec<_> = large_tiles_between(from, to).collect();
            prop_assert_eq!(tiles.first(), Some(&LargeTile::from(from)));
            prop_assert_eq!(tiles.last(), Some(&LargeTile::from(to)));
            for pair in tiles.windows(2) {
                prop_assert!(pair[0] != pair[1]);
                prop_assert!(pair[0].x.abs_diff(pair[1].x) <= 1 && pair[0].z.abs_diff(pair[1].z) <= 1);
            }
            // Exact points of the line at eighths: floor of a rational, without rounding the point first.
            let cell = |from: i32, d: i32, k: i32| (from * 8 + d * k).div_euclid(8 * MILLI_PER_LARGE);
            let mut reached = 0;
            for k in 0..=8 {
                let tile = LargeTile { x: cell(x, dx, k), z: cell(z, dz, k) };
                let at = tiles[reached..].iter().position(|other| *other == tile);
                prop_assert!(at.is_some(), "{:?} is missing or out of order in {:?}", tile, tiles);
                reached += at.unwrap_or(0);
            }
        }

        #[test]
        fn ends_are_reached_from_anywhere(
            x in any::<i32>(), z in any::<i32>(), dx in -90_000..90_000, dz in -90_000..90_000,
        ) {
            let from = Position::overworld(x, z);
            let to = Position::overworld(x.saturating_add(dx), z.saturating_add(dz));
            let (first, last) = (LargeTile::from(from), LargeTile::from(to));
            let most = first.x.abs_diff(last.x) + first.z.abs_diff(last.z) + 1;
            let tiles: Vec<_> = large_tiles_between(from, to).take(1_000).collect();
            prop_assert_eq!(tiles.last(), Some(&last));
            prop_assert!(tiles.len() <= most as usize);
        }
    }
}
