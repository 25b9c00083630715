//! The hex grid: pointy-top hexes in rows, addressed by axial coordinates.
//!
//! Three scales share one plane. A **small tile** is what things stand on. A **large tile** is a hex of three times that
//! size around every third small tile: it holds seven small tiles whole and shares six at its corners, each with two
//! other large tiles. A **chunk** is 32 x 32 large tiles of [offset coordinates](OffsetCoordinatesLarge).
//!
//! | type | counts |
//! |---|---|
//! | [`OffsetCoordinatesFloat`](crate::OffsetCoordinatesFloat) | thousandths of a small tile; `x` along rows, `z` across them |
//! | [`FloatHexTile`] | thousandths of a small tile, axial |
//! | [`SmallHexTile`], [`LargeHexTile`] | tiles, axial: `x` along rows, `z` to the north east |
//! | [`OffsetCoordinatesSmall`], [`OffsetCoordinatesLarge`] | column and row; odd rows stand half a tile to the east |
//! | [`ChunkCoordinates`](crate::ChunkCoordinates), [`RegionCoordinates`](crate::RegionCoordinates) | blocks of those |
//!
//! **One rounding rule**: a point belongs to the tile whose centre is nearest; on a border to the one further north, then
//! further east. Everything is computed in integers, so that a client and a module agree on every bit.

mod direction;
mod float;
mod footprint;
mod large;
mod nearest;
mod tile;

#[cfg(test)]
mod tests;

pub use direction::HexDirection;
pub use float::FloatHexTile;
pub use footprint::{Footprint, FootprintError, MAX_FOOTPRINT_RADIUS};
pub use tile::{LargeHexTile, OffsetCoordinatesLarge, OffsetCoordinatesSmall, SmallHexTile, MAX_RADIUS};

#[cfg(test)]
pub(crate) use nearest::nearest;
