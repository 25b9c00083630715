//! The small tiles that a thing takes, whichever way it faces.

use hexx::Hex;
use thiserror::Error;

use super::direction::rotate;
use super::{HexDirection, SmallHexTile};

/// Furthest tile of a footprint from its middle.
pub const MAX_FOOTPRINT_RADIUS: u32 = 128;

/// Axial offsets of small tiles from the middle of a thing that faces east.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    offsets: Vec<Hex>,
}

/// Why offsets are no footprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FootprintError {
    /// A tile stands twice.
    #[error("footprint.twice|{0}|{1}")]
    Twice(i32, i32),
    /// A tile is further than [`MAX_FOOTPRINT_RADIUS`] from the middle.
    #[error("footprint.too_wide|{MAX_FOOTPRINT_RADIUS}")]
    TooWide,
}

impl Footprint {
    /// A footprint of axial offsets.
    ///
    /// # Errors
    /// Any [`FootprintError`].
    pub fn new(offsets: impl IntoIterator<Item = (i32, i32)>) -> Result<Self, FootprintError> {
        let mut kept: Vec<Hex> = Vec::new();
        for (x, z) in offsets {
            let distance = SmallHexTile::default().distance(SmallHexTile::new(x, z, 0));
            if distance.is_none_or(|distance| distance > MAX_FOOTPRINT_RADIUS) {
                return Err(FootprintError::TooWide);
            }
            let offset = Hex::new(x, z);
            if kept.contains(&offset) {
                return Err(FootprintError::Twice(x, z));
            }
            kept.push(offset);
        }
        Ok(Self { offsets: kept })
    }

    /// The tiles of a thing that stands here and faces there, in the order of the offsets; `None` where one leaves
    /// `i32`.
    pub fn tiles(&self, middle: SmallHexTile, facing: HexDirection) -> Option<Vec<SmallHexTile>> {
        let sixths = i32::from(facing.index());
        let placed = self.offsets.iter().map(|offset| {
            let turned = rotate(*offset, sixths);
            middle.offset_by(turned.x, turned.y)
        });
        placed.collect()
    }
}
