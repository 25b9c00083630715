//! Axial coordinates of points.

use crate::position::OffsetCoordinatesFloat;

/// A point in axial coordinates, thousandths of a small tile. The same points as [`OffsetCoordinatesFloat`], one to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FloatHexTile {
    /// Along rows.
    pub x: i32,
    /// To the north east.
    pub z: i32,
    /// The dimension.
    pub dimension: u32,
}

impl FloatHexTile {
    /// The point in columns and rows; `None` where that leaves `i32`.
    pub fn to_offset(self) -> Option<OffsetCoordinatesFloat> {
        let x = self.x.checked_add(self.z.div_euclid(2))?;
        Some(OffsetCoordinatesFloat::new(x, self.z, self.dimension))
    }
}

impl OffsetCoordinatesFloat {
    /// The point in axial coordinates; `None` where that leaves `i32`.
    pub fn to_axial(self) -> Option<FloatHexTile> {
        Some(FloatHexTile {
            x: self.x.checked_sub(self.z.div_euclid(2))?,
            z: self.z,
            dimension: self.dimension,
        })
    }
}
