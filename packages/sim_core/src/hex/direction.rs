//! The six ways out of a tile.

use hexx::Hex;

/// A way to a neighbouring tile; the number of a facing, `0..6`, counts from east against the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HexDirection {
    /// One column further.
    #[default]
    East,
    /// One row further, half a column to the east.
    NorthEast,
    /// One row further, half a column to the west.
    NorthWest,
    /// One column back.
    West,
    /// One row back, half a column to the west.
    SouthWest,
    /// One row back, half a column to the east.
    SouthEast,
}

impl HexDirection {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::East,
        Self::NorthEast,
        Self::NorthWest,
        Self::West,
        Self::SouthWest,
        Self::SouthEast,
    ];

    /// The direction of a number; whole turns are dropped.
    pub fn from_index(index: i32) -> Self {
        match index.rem_euclid(6) {
            0 => Self::East,
            1 => Self::NorthEast,
            2 => Self::NorthWest,
            3 => Self::West,
            4 => Self::SouthWest,
            _ => Self::SouthEast,
        }
    }

    /// Its number, `0..6`.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// So many sixths of a turn further, against the clock.
    pub fn rotated(self, sixths: i32) -> Self {
        Self::from_index(i32::from(self.index()).wrapping_add(sixths.rem_euclid(6)))
    }

    /// The way back.
    pub fn opposite(self) -> Self {
        self.rotated(3)
    }

    /// One step, axial.
    pub fn step(self) -> (i32, i32) {
        match self {
            Self::East => (1, 0),
            Self::NorthEast => (0, 1),
            Self::NorthWest => (-1, 1),
            Self::West => (-1, 0),
            Self::SouthWest => (0, -1),
            Self::SouthEast => (1, -1),
        }
    }
}

/// Turns an axial offset by so many sixths against the clock, as [`HexDirection::rotated`] turns directions.
pub(super) fn rotate(offset: Hex, sixths: i32) -> Hex {
    // With rows going up, what is clockwise to a grid whose rows go down is against the clock.
    offset.rotate_cw(sixths.rem_euclid(6).unsigned_abs())
}
