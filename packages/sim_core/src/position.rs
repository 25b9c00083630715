//! Points on the plane that players walk on.
//!
//! The plane is the float-offset plane of the hex grid: columns are one small tile apart and rows are sqrt(3)/2 of
//! that apart, so the metric is `distance^2 = dx^2 + 3/4 dz^2`. Coordinates are thousandths of a small tile.

use thiserror::Error;

/// Thousandths of a small tile in one small tile.
pub const MILLI_PER_TILE: i32 = 1_000;

/// The dimension of the open world. Interiors and arenas have higher numbers; 0 is no dimension.
pub const OVERWORLD: u32 = 1;

/// A point of one dimension, in thousandths of a small tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OffsetCoordinatesFloat {
    /// Column coordinate, in milli tiles.
    pub x: i32,
    /// Row coordinate, in milli tiles; a row is sqrt(3)/2 as wide as a column.
    pub z: i32,
    /// The dimension; [`OVERWORLD`] is the open world.
    pub dimension: u32,
}

/// Why coordinates of a client are no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PositionError {
    /// A coordinate is NaN or infinite.
    #[error("position.not_finite")]
    NotFinite,
    /// A coordinate does not fit in thousandths of a tile.
    #[error("position.out_of_range")]
    OutOfRange,
}

impl OffsetCoordinatesFloat {
    /// A point from milli tiles.
    pub const fn new(x: i32, z: i32, dimension: u32) -> Self {
        Self { x, z, dimension }
    }

    /// A point of the open world from milli tiles.
    pub const fn overworld(x: i32, z: i32) -> Self {
        Self::new(x, z, OVERWORLD)
    }

    /// A point from coordinates in small tiles, as clients send them, rounded to the nearest thousandth.
    ///
    /// # Errors
    /// [`PositionError::NotFinite`] for NaN and infinities, [`PositionError::OutOfRange`] where the thousandths
    /// leave `i32`.
    pub fn from_tiles(x: f32, z: f32, dimension: u32) -> Result<Self, PositionError> {
        Ok(Self::new(milli(x)?, milli(z)?, dimension))
    }

    /// The distance to `other` in milli tiles, rounded down; `None` between dimensions.
    pub fn distance_milli(self, other: Self) -> Option<u64> {
        if self.dimension != other.dimension {
            return None;
        }
        let quarter = self.four_distance_squared(other) / 4;
        Some(match u64::try_from(quarter) {
            Ok(small) => small.isqrt(),
            // At most 34 bits: the root of a number below 2^67.
            Err(_) => u64::try_from(quarter.isqrt()).unwrap_or(u64::MAX),
        })
    }

    /// Whether `other` is in the same dimension and at most `radius_milli` milli tiles away, exactly.
    pub fn is_within(self, other: Self, radius_milli: u64) -> bool {
        let radius = u128::from(radius_milli);
        let limit = radius.saturating_mul(radius).saturating_mul(4);
        self.dimension == other.dimension && self.four_distance_squared(other) <= limit
    }

    /// The point `numerator / denominator` of the way to `to`, in the dimension of `self`.
    ///
    /// Rounded towards `self` on each axis, so it is monotone in the numerator. At a fraction of one or more, and at
    /// a denominator of zero, the answer is `to`.
    pub fn at_fraction(self, to: Self, numerator: u32, denominator: u32) -> Self {
        if numerator >= denominator {
            return Self::new(to.x, to.z, self.dimension);
        }
        let axis = |from: i32, to: i32| {
            let way = (i128::from(to) - i128::from(from)) * i128::from(numerator) / i128::from(denominator);
            i32::try_from(i128::from(from) + way).unwrap_or(to)
        };
        Self::new(axis(self.x, to.x), axis(self.z, to.z), self.dimension)
    }

    /// Four times the squared metric distance, ignoring dimensions: an integer, unlike the distance itself.
    fn four_distance_squared(self, other: Self) -> u128 {
        let dx = u128::from(self.x.abs_diff(other.x));
        let dz = u128::from(self.z.abs_diff(other.z));
        4 * dx * dx + 3 * dz * dz
    }
}

fn milli(tiles: f32) -> Result<i32, PositionError> {
    if !tiles.is_finite() {
        return Err(PositionError::NotFinite);
    }
    let milli = (f64::from(tiles) * f64::from(MILLI_PER_TILE)).round();
    if milli < f64::from(i32::MIN) || milli > f64::from(i32::MAX) {
        return Err(PositionError::OutOfRange);
    }
    Ok(milli as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(from: (i32, i32), to: (i32, i32), expected: u64) {
        let (from, to) = (
            OffsetCoordinatesFloat::overworld(from.0, from.1),
            OffsetCoordinatesFloat::overworld(to.0, to.1),
        );
        assert_eq!(from.distance_milli(to), Some(expected), "{from:?} {to:?}");
        assert_eq!(to.distance_milli(from), Some(expected), "distance is symmetric");
    }

    #[test]
    fn distances() {
        check((0, 0), (0, 0), 0);
        check((0, 0), (1_000, 0), 1_000);
        check((0, 0), (0, 1_000), 866);
        // The neighbour in the next row is half a column over, and one tile away.
        check((0, 0), (500, 1_000), 1_000);
        check((-500, -1_000), (0, 0), 1_000);
        check((i32::MIN, 0), (i32::MAX, 0), u64::from(u32::MAX));
        check((i32::MIN, i32::MIN), (i32::MAX, i32::MAX), 5_681_707_675);
    }

    #[test]
    fn dimensions_are_apart() {
        let (here, there) = (
            OffsetCoordinatesFloat::new(0, 0, 1),
            OffsetCoordinatesFloat::new(0, 0, 2),
        );
        assert_eq!(here.distance_milli(there), None);
        assert!(!here.is_within(there, u64::MAX));
    }

    #[test]
    fn client_coordinates() {
        let of = |x, z| OffsetCoordinatesFloat::from_tiles(x, z, 1).map(|position| (position.x, position.z));
        assert_eq!(of(1.5, -0.25), Ok((1_500, -250)));
        assert_eq!(of(-0.0, 0.0004), Ok((0, 0)));
        assert_eq!(of(2_147_483.5, 0.0), Ok((2_147_483_500, 0)));
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(of(0.0, bad), Err(PositionError::NotFinite));
            assert_eq!(of(bad, 0.0), Err(PositionError::NotFinite));
        }
        for bad in [2_147_484.0, -2_147_484.0, f32::MAX, f32::MIN] {
            assert_eq!(of(bad, 0.0), Err(PositionError::OutOfRange));
        }
        assert_eq!(PositionError::NotFinite.to_string(), "position.not_finite");
    }

    fn any_position() -> impl Strategy<Value = OffsetCoordinatesFloat> {
        (any::<i32>(), any::<i32>()).prop_map(|(x, z)| OffsetCoordinatesFloat::overworld(x, z))
    }

    proptest! {
        #[test]
        fn the_root_is_exact(a in any_position(), b in any_position()) {
            let distance = a.distance_milli(b).unwrap();
            prop_assert!(!a.is_within(b, distance.saturating_sub(1)) || distance == 0);
            prop_assert!(a.is_within(b, distance + 1));
        }

        #[test]
        fn fractions_stay_between_and_never_turn_back(
            a in any_position(), b in any_position(), low in any::<u32>(), high in any::<u32>(), whole in any::<u32>(),
        ) {
            let (low, high) = (low.min(high), low.max(high));
            let (near, far) = (a.at_fraction(b, low, whole), a.at_fraction(b, high, whole));
            for (from, near, far, to) in [(a.x, near.x, far.x, b.x), (a.z, near.z, far.z, b.z)] {
                let way = |to: i32| from.abs_diff(to);
                prop_assert!(way(near) <= way(far) && way(far) <= way(to));
                prop_assert!((from..=to).contains(&near) || (to..=from).contains(&near));
                prop_assert!((from..=to).contains(&far) || (to..=from).contains(&far));
            }
        }

        #[test]
        fn no_float_panics(x in any::<f32>(), z in any::<f32>()) {
            let _ = OffsetCoordinatesFloat::from_tiles(x, z, 1);
        }
    }
}
