//! Small tiles of large tiles, and the other way round.

use super::{HexDirection, LargeHexTile, OffsetCoordinatesLarge, SmallHexTile};
use crate::chunk::SMALL_PER_LARGE;

impl LargeHexTile {
    /// The small tile in the middle; `None` where that leaves `i32`.
    pub fn center_tile(self) -> Option<SmallHexTile> {
        let (x, z) = (
            self.x.checked_mul(SMALL_PER_LARGE)?,
            self.z.checked_mul(SMALL_PER_LARGE)?,
        );
        Some(SmallHexTile::new(x, z, self.dimension))
    }

    /// The small tiles that lie in it whole: the middle and the six around, those that fit.
    pub fn inner_tiles(self) -> impl Iterator<Item = SmallHexTile> {
        self.center_tile().into_iter().flat_map(|center| center.range(1))
    }

    /// The small tiles at its corners, each shared with two other large tiles: from the north against the clock, those
    /// that fit.
    pub fn corner_tiles(self) -> impl Iterator<Item = SmallHexTile> {
        let center = self.center_tile();
        HexDirection::ALL.into_iter().filter_map(move |direction| {
            let (x, z) = direction.step();
            let (next_x, next_z) = direction.rotated(1).step();
            center?.offset_by(x + next_x, z + next_z)
        })
    }
}

impl SmallHexTile {
    /// The large tile that its middle belongs to; `None` where that leaves `i32`.
    pub fn large_tile(self) -> Option<LargeHexTile> {
        OffsetCoordinatesLarge::from(self.center()?).to_axial()
    }

    /// Whether it is a corner that three large tiles share.
    pub fn is_corner(self) -> bool {
        (i64::from(self.x) - i64::from(self.z)).rem_euclid(3) == 0 && self.z.rem_euclid(3) != 0
    }

    /// The large tiles that it is part of: one, or three at a corner; those that fit.
    pub fn large_tiles(self) -> impl Iterator<Item = LargeHexTile> {
        let own = self.large_tile();
        let others = own
            .filter(|_| self.is_corner())
            .into_iter()
            .flat_map(LargeHexTile::neighbours)
            .filter(move |large| large.corner_tiles().any(|corner| corner == self));
        own.into_iter().chain(others)
    }
}
