//! Small and large tiles, axial and as columns and rows.

use hexx::Hex;

use super::direction::{rotate, HexDirection};
use super::nearest::nearest;
use crate::chunk::MILLI_PER_LARGE;
use crate::position::{OffsetCoordinatesFloat, MILLI_PER_TILE};

/// Furthest ring, range and line, in tiles.
pub const MAX_RADIUS: u32 = 1_024;

macro_rules! tiles {
    ($(#[$axial_doc:meta])* $axial:ident, $(#[$offset_doc:meta])* $offset:ident, $unit:expr) => {
        $(#[$axial_doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $axial {
            /// Along rows.
            pub x: i32,
            /// To the north east.
            pub z: i32,
            /// The dimension.
            pub dimension: u32,
        }

        $(#[$offset_doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $offset {
            /// Column; in odd rows it stands half a tile further east.
            pub x: i32,
            /// Row.
            pub z: i32,
            /// The dimension.
            pub dimension: u32,
        }

        impl $offset {
            /// A tile by column and row.
            pub const fn new(x: i32, z: i32, dimension: u32) -> Self {
                Self { x, z, dimension }
            }

            /// The same tile, axial; `None` where that leaves `i32`.
            pub fn to_axial(self) -> Option<$axial> {
                let x = self.x.checked_sub(self.z.div_euclid(2))?;
                Some($axial::new(x, self.z, self.dimension))
            }

            /// The point in its middle; `None` where that leaves `i32`.
            pub fn center(self) -> Option<OffsetCoordinatesFloat> {
                let shift = self.z.rem_euclid(2) * ($unit / 2);
                let x = self.x.checked_mul($unit)?.checked_add(shift)?;
                Some(OffsetCoordinatesFloat::new(x, self.z.checked_mul($unit)?, self.dimension))
            }
        }

        impl From<OffsetCoordinatesFloat> for $offset {
            /// The tile that a point belongs to.
            fn from(point: OffsetCoordinatesFloat) -> Self {
                let (x, z) = nearest(point.x, point.z, $unit);
                Self::new(x, z, point.dimension)
            }
        }

        impl $axial {
            /// A tile by axial coordinates.
            pub const fn new(x: i32, z: i32, dimension: u32) -> Self {
                Self { x, z, dimension }
            }

            /// The tile that a point belongs to; `None` where that leaves `i32`.
            pub fn at(point: OffsetCoordinatesFloat) -> Option<Self> {
                $offset::from(point).to_axial()
            }

            /// The same tile by column and row; `None` where that leaves `i32`.
            pub fn to_offset(self) -> Option<$offset> {
                let x = self.x.checked_add(self.z.div_euclid(2))?;
                Some($offset::new(x, self.z, self.dimension))
            }

            /// The point in its middle; `None` where that leaves `i32`.
            pub fn center(self) -> Option<OffsetCoordinatesFloat> {
                self.to_offset()?.center()
            }

            /// The tile so far off; `None` where that leaves `i32`.
            pub fn offset_by(self, x: i32, z: i32) -> Option<Self> {
                Some(Self::new(self.x.checked_add(x)?, self.z.checked_add(z)?, self.dimension))
            }

            /// The next tile that way; `None` where that leaves `i32`.
            pub fn neighbour(self, direction: HexDirection) -> Option<Self> {
                let (x, z) = direction.step();
                self.offset_by(x, z)
            }

            /// The six tiles around, those that fit.
            pub fn neighbours(self) -> impl Iterator<Item = Self> {
                HexDirection::ALL.into_iter().filter_map(move |direction| self.neighbour(direction))
            }

            /// Steps from one tile to another; `None` between dimensions.
            pub fn distance(self, other: Self) -> Option<u32> {
                let along = i64::from(other.x) - i64::from(self.x);
                let across = i64::from(other.z) - i64::from(self.z);
                let steps = along.abs().max(across.abs()).max((along + across).abs());
                // At most 2^33: far beyond where anything is.
                (self.dimension == other.dimension).then(|| u32::try_from(steps).unwrap_or(u32::MAX))
            }

            /// The tiles just so far away, from the south west against the clock; beyond [`MAX_RADIUS`] none.
            pub fn ring(self, radius: u32) -> impl Iterator<Item = Self> {
                let around = (radius <= MAX_RADIUS).then(|| Hex::ZERO.ring(radius));
                around.into_iter().flatten().filter_map(move |offset| self.offset_by(offset.x, offset.y))
            }

            /// The tiles at most so far away, itself included; beyond [`MAX_RADIUS`] none.
            pub fn range(self, radius: u32) -> impl Iterator<Item = Self> {
                let around = (radius <= MAX_RADIUS).then(|| Hex::ZERO.range(radius));
                around.into_iter().flatten().filter_map(move |offset| self.offset_by(offset.x, offset.y))
            }

            /// A shortest way, both ends included; `None` between dimensions and over more than [`MAX_RADIUS`] tiles.
            pub fn line(self, other: Self) -> Option<Vec<Self>> {
                self.distance(other).filter(|steps| *steps <= MAX_RADIUS)?;
                let (x, z) = (other.x.checked_sub(self.x)?, other.z.checked_sub(self.z)?);
                Hex::ZERO.line_to(Hex::new(x, z)).map(|offset| self.offset_by(offset.x, offset.y)).collect()
            }

            /// Turned about another tile by so many sixths of a turn, against the clock; `None` where that leaves
            /// `i32`, and beyond [`MAX_RADIUS`] tiles.
            pub fn rotated(self, about: Self, sixths: i32) -> Option<Self> {
                about.distance(self).filter(|steps| *steps <= MAX_RADIUS)?;
                let arm = Hex::new(self.x.checked_sub(about.x)?, self.z.checked_sub(about.z)?);
                let turned = rotate(arm, sixths);
                about.offset_by(turned.x, turned.y)
            }
        }
    };
}

tiles! {
    /// What things stand on, axial.
    SmallHexTile,
    /// What things stand on, by column and row.
    OffsetCoordinatesSmall,
    MILLI_PER_TILE
}
tiles! {
    /// The cell of the terrain, three small tiles wide, axial.
    LargeHexTile,
    /// The cell of the terrain, three small tiles wide, by column and row.
    OffsetCoordinatesLarge,
    MILLI_PER_LARGE
}
