//! Walking in the open world: segments on change, checked by the server.
//!
//! A player who starts, turns or stops sends one [`MoveRequest`]: from here to there in so long. The server checks it
//! against the [`Track`] that it keeps of the player and stores the next one; everybody else draws
//! [`Segment::position_at`]. What an accepted move promises:
//!
//! * it lies in the player's dimension, on ground that exists, without a step that is too high;
//! * it starts near the place where the stored segment has the player, and the way from there is checked like the rest;
//! * over any stretch of time nobody is faster than their speed allows, by more than a small tolerance. Time left over
//!   is lost, time overdrawn is carried in [`Track::lead_us`]: cutting a walk into short segments gains nothing.
//!
//! Lengths are milli small tiles, times milliseconds; request times are the client's clock, kept within bounds of the
//! server's.

mod check;
mod rejection;
mod segment;
mod speed;

#[cfg(test)]
mod tests;

pub use check::{can_walk_straight, check_move, Ground, GroundCell, MoveLimits};
pub use rejection::{MoveRejection, Severity};
pub use segment::{MoveRequest, Segment, Track};
pub use speed::{PlayerSpeed, SpeedTable, WaterSpeed};
