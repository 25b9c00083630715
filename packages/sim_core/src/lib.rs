//! Space, regions and movement of the overworld.
//!
//! Everything here is a pure function of its arguments: no clock, no I/O, no global state. Positions and times are
//! integers, so a native client and a wasm module compute the same bits.
//!
//! * [`position`]: points in thousandths of a small tile, and distances between them.
//! * [`tile`]: small tiles, large tiles and chunks, with the index by which clients subscribe to a chunk.
//! * [`traversal`]: the large tiles that a straight line touches.
//! * [`region`]: which region database owns a point, and when a walker belongs to the next one.
//! * [`movement`]: the segments that players walk, and the check of what a client asks for.

pub mod movement;
pub mod position;
pub mod region;
pub mod tile;
pub mod traversal;

pub use movement::{
    check_move, Ground, GroundCell, MoveLimits, MoveRejection, MoveRequest, PlayerSpeed, Segment, Severity, SpeedTable,
    Track, WaterSpeed,
};
pub use position::{Position, PositionError, MILLI_PER_TILE, OVERWORLD};
pub use region::{RegionBounds, RegionError, RegionLayout};
pub use tile::{ChunkCoordinates, LargeTile, SmallTile};
pub use traversal::{large_tiles_between, LargeTileWalk};
