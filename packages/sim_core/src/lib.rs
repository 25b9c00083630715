//! Space, regions and movement of the overworld.
//!
//! Everything here is a pure function of its arguments: no clock, no I/O, no global state. Positions and times are
//! integers, so a native client and a wasm module compute the same bits.
//!
//! * [`position`]: points in thousandths of a small tile, and distances between them.
//! * [`creature`]: where those walk who are no players.
//! * [`hex`]: small and large hex tiles, axial and by column and row, and what is done with them.
//! * [`area_of_interest`]: which chunks somebody looks at.
//! * [`chunk`]: blocks of large tiles, with the index by which clients subscribe to them.
//! * [`floor_plan`]: rooms drawn in text, as ground with walls.
//! * [`traversal`]: the large tiles that a straight line touches.
//! * [`path`]: ways around what one cannot walk over.
//! * [`region`]: which region database owns a point, and when a walker belongs to the next one.
//! * [`movement`]: the segments that players walk, and the check of what a client asks for.

pub mod area_of_interest;
pub mod chunk;
pub mod creature;
pub mod floor_plan;
pub mod hex;
pub mod movement;
pub mod path;
pub mod position;
pub mod region;
pub mod traversal;

pub use area_of_interest::AreaOfInterest;
pub use chunk::ChunkCoordinates;
pub use creature::Habits;
pub use floor_plan::{FloorPlan, FloorPlanError};
pub use hex::{
    FloatHexTile, Footprint, HexDirection, LargeHexTile, OffsetCoordinatesLarge, OffsetCoordinatesSmall, SmallHexTile,
};
pub use movement::{
    check_move, Ground, GroundCell, MoveLimits, MoveRejection, MoveRequest, PlayerSpeed, Segment, Severity, SpeedTable,
    Track, WaterSpeed,
};
pub use path::find_path;
pub use position::{OffsetCoordinatesFloat, PositionError, MILLI_PER_TILE, OVERWORLD};
pub use region::{RegionBounds, RegionCoordinates, RegionError, RegionLayout};
pub use traversal::{large_tiles_between, LargeTileWalk};
