//! The large tiles that a straight line crosses, exactly and in order.

use crate::chunk::MILLI_PER_LARGE;
use crate::hex::{HexDirection, LargeHexTile, OffsetCoordinatesLarge};
use crate::position::OffsetCoordinatesFloat;

/// The large tiles that the straight line between two points crosses, from the first point's tile to the last one's.
///
/// Dimensions are ignored but for that of `from`, which the tiles have. Each tile is a neighbour of the one before. A line
/// along a border stays on the side that its points belong to; one through a corner goes on into the tile that it runs
/// deeper into. Nothing is yielded where tiles leave `i32`.
pub fn large_tiles_between(from: OffsetCoordinatesFloat, to: OffsetCoordinatesFloat) -> LargeTileWalk {
    let to = OffsetCoordinatesFloat::new(to.x, to.z, from.dimension);
    let last = LargeHexTile::at(to);
    LargeTileWalk {
        from: (i64::from(from.x), i64::from(from.z)),
        way: (i64::from(to.x) - i64::from(from.x), i64::from(to.z) - i64::from(from.z)),
        at: LargeHexTile::at(from).filter(|_| last.is_some()),
        last,
    }
}

/// Iterator of [`large_tiles_between`].
#[derive(Clone, Debug)]
pub struct LargeTileWalk {
    from: (i64, i64),
    way: (i64, i64),
    at: Option<LargeHexTile>,
    last: Option<LargeHexTile>,
}

/// Where a line leaves a tile towards a neighbour: at `late / fast` of its way.
struct Exit {
    late: i128,
    fast: i128,
    tile: LargeHexTile,
}

impl Exit {
    /// Whether this one comes first; of two at once, the one that the line runs deeper into, then the one that points on
    /// the border between them belong to.
    fn is_before(&self, other: &Self) -> bool {
        let (own, others) = (self.late * other.fast, other.late * self.fast);
        let rank = |exit: &Self| (exit.fast, exit.tile.z, exit.tile.x);
        own < others || (own == others && rank(self) > rank(other))
    }
}

impl Iterator for LargeTileWalk {
    type Item = OffsetCoordinatesLarge;

    fn next(&mut self) -> Option<OffsetCoordinatesLarge> {
        let at = self.at?;
        self.at = if Some(at) == self.last {
            None
        } else {
            // What is left when the line has no further exit is its end on a border that belongs to the next tile.
            self.exit(at).map(|exit| exit.tile).or(self.last)
        };
        at.to_offset()
    }
}

impl LargeTileWalk {
    /// The first exit from a tile before the end of the line.
    fn exit(&self, at: LargeHexTile) -> Option<Exit> {
        let unit = i64::from(MILLI_PER_LARGE);
        let center = at.to_offset()?;
        let half = i64::from(center.z.rem_euclid(2)) * (unit / 2);
        let (center_x, center_z) = (i64::from(center.x) * unit + half, i64::from(center.z) * unit);
        let (start_x, start_z) = (self.from.0 - center_x, self.from.1 - center_z);
        let mut first: Option<Exit> = None;
        for direction in HexDirection::ALL {
            let (step_x, step_z) = direction.step();
            // Twice the vector to the neighbour's centre, in the metric `4 dx dx + 3 dz dz`.
            let (arm_x, arm_z) = (i64::from(2 * step_x + step_z) * unit, i64::from(2 * step_z) * unit);
            let along = |x: i64, z: i64| i128::from(4 * x) * i128::from(arm_x) + i128::from(3 * z) * i128::from(arm_z);
            // The neighbour is nearer where this exceeds the squared distance of the centres.
            let border = i128::from(4 * unit) * i128::from(unit);
            let (late, fast) = (border - along(start_x, start_z), along(self.way.0, self.way.1));
            if fast <= 0 || late >= fast {
                continue;
            }
            let Some(tile) = at.neighbour(direction) else { continue };
            let exit = Exit { late, fast, tile };
            if first.as_ref().is_none_or(|best| exit.is_before(best)) {
                first = Some(exit);
            }
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(from: (i32, i32), to: (i32, i32), expected: &[(i32, i32)]) {
        let point = |(x, z): (i32, i32)| OffsetCoordinatesFloat::overworld(x, z);
        let tiles: Vec<_> = large_tiles_between(point(from), point(to))
            .map(|tile| (tile.x, tile.z))
            .collect();
        assert_eq!(tiles, expected, "{from:?} to {to:?}");
    }

    #[test]
    fn lines() {
        check((0, 0), (0, 0), &[(0, 0)]);
        check((-1_499, 0), (1_499, 0), &[(0, 0)]);
        check((0, 0), (1_500, 0), &[(0, 0), (1, 0)]);
        check((1_500, 0), (0, 0), &[(1, 0), (0, 0)]);
        check((0, 0), (9_000, 0), &[(0, 0), (1, 0), (2, 0), (3, 0)]);
        check((0, 0), (1_500, 3_000), &[(0, 0), (0, 1)]);
        check((0, 0), (-1_500, 3_000), &[(0, 0), (-1, 1)]);
        // Straight north, over the corner between two tiles and along the border between them: the eastern one has it.
        check((0, 0), (0, 6_000), &[(0, 0), (0, 1), (0, 2)]);
        check((0, 6_000), (0, 0), &[(0, 2), (0, 1), (0, 0)]);
    }

    fn tiles(from: OffsetCoordinatesFloat, to: OffsetCoordinatesFloat) -> Vec<LargeHexTile> {
        large_tiles_between(from, to)
            .take(1_000)
            .filter_map(OffsetCoordinatesLarge::to_axial)
            .collect()
    }

    proptest! {
        #[test]
        fn goes_from_tile_to_neighbour(
            x in -40_000..40_000, z in -40_000..40_000, dx in -9_000..9_000, dz in -9_000..9_000,
            // Coarse coordinates go over corners and along borders.
            grid in prop_oneof![Just(1), Just(500), Just(1_500), Just(3_000)],
        ) {
            let [x, z, dx, dz] = [x, z, dx, dz].map(|value: i32| value / grid * grid);
            let (from, to) = (OffsetCoordinatesFloat::overworld(x, z), OffsetCoordinatesFloat::overworld(x + dx, z + dz));
            let tiles = tiles(from, to);
            prop_assert_eq!(tiles.first().copied(), LargeHexTile::at(from));
            prop_assert_eq!(tiles.last().copied(), LargeHexTile::at(to));
            for pair in tiles.windows(2) {
                prop_assert_eq!(pair[0].distance(pair[1]), Some(1));
            }
            // Points of the line, exact in eighths: each has no centre nearer than that of a tile of the walk.
            for eighth in 0..=8 {
                let point = |from: i32, d: i32| i64::from(from) * 8 + i64::from(d) * eighth;
                let distance = |tile: &LargeHexTile| {
                    let center = tile.center().unwrap();
                    let (dx, dz) = (point(x, dx) - 8 * i64::from(center.x), point(z, dz) - 8 * i64::from(center.z));
                    4 * dx * dx + 3 * dz * dz
                };
                let nearest = tiles.iter().min_by_key(|tile| distance(tile)).unwrap();
                for other in nearest.neighbours() {
                    prop_assert!(distance(nearest) <= distance(&other), "{:?} is passed over", other);
                }
            }
        }

        #[test]
        fn ends_are_reached_from_anywhere(
            x in -2_000_000_000..2_000_000_000, z in -1_400_000_000..1_400_000_000,
            dx in -90_000..90_000, dz in -90_000..90_000,
        ) {
            let from = OffsetCoordinatesFloat::overworld(x, z);
            let to = OffsetCoordinatesFloat::overworld(x + dx, z + dz);
            let tiles = tiles(from, to);
            prop_assert_eq!(tiles.last().copied(), LargeHexTile::at(to));
            let least = tiles[0].distance(*tiles.last().unwrap()).unwrap() as usize;
            prop_assert!(tiles.len() <= 2 * least + 2);
        }
    }
}
