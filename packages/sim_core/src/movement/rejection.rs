//! Why a move is not accepted.

use thiserror::Error;

use crate::position::PositionError;

/// Why a move is not accepted. Displays as a stable key with arguments after `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MoveRejection {
    /// A coordinate or the duration is NaN or infinite.
    #[error("move.not_finite")]
    NotFinite,
    /// A coordinate or the duration does not fit in thousandths, or the duration is negative.
    #[error("move.out_of_range")]
    OutOfRange,
    /// Origin, destination and stored position are not all in one dimension.
    #[error("move.wrong_dimension")]
    WrongDimension,
    /// The client's time is too far behind the server's; the argument is the limit in ms.
    #[error("move.clock_behind|{limit_ms}")]
    ClockBehind {
        /// Most that a client may be behind, in ms.
        limit_ms: u64,
    },
    /// The client's time is too far ahead of the server's; the argument is the limit in ms.
    #[error("move.clock_ahead|{limit_ms}")]
    ClockAhead {
        /// Most that a client may be ahead, in ms.
        limit_ms: u64,
    },
    /// The move is older than the last accepted one.
    #[error("move.out_of_order")]
    OutOfOrder,
    /// The move takes too long; the argument is the limit in ms.
    #[error("move.too_long|{limit_ms}")]
    TooLong {
        /// Longest duration, in ms.
        limit_ms: u32,
    },
    /// The destination is too far from the origin; the argument is the limit in whole tiles.
    #[error("move.too_far|{limit_tiles}")]
    TooFar {
        /// Longest segment, in whole small tiles.
        limit_tiles: u64,
    },
    /// The origin is too far from where the server has the player; the argument is the limit in whole tiles.
    #[error("move.start_too_far|{limit_tiles}")]
    StartTooFar {
        /// Largest gap, in whole small tiles.
        limit_tiles: u64,
    },
    /// The segment is faster than anything moves; the argument is the limit in whole tiles per second.
    #[error("move.over_speed_cap|{limit_tiles}")]
    OverSpeedCap {
        /// The cap, in whole small tiles per second.
        limit_tiles: u32,
    },
    /// A tile on the way does not exist here.
    #[error("move.no_ground")]
    NoGround,
    /// A step on the way is too high or too deep; the argument is the limit in elevation units.
    #[error("move.too_steep|{limit}")]
    TooSteep {
        /// Highest step, in elevation units.
        limit: u16,
    },
    /// The way leads through water that this player cannot cross.
    #[error("move.too_deep")]
    TooDeep,
    /// A surface on the way lets nobody pass.
    #[error("move.blocked")]
    Blocked,
    /// The player's own speed is zero.
    #[error("move.rooted")]
    Rooted,
    /// The player is at the origin sooner than their speed allows; the argument is by how much, in ms.
    #[error("move.too_soon|{early_ms}")]
    TooSoon {
        /// How much too soon, in ms, tolerance not counted.
        early_ms: u64,
    },
    /// The segment itself is faster than the player; the argument is by how much, in ms.
    #[error("move.too_fast|{early_ms}")]
    TooFast {
        /// How much too short the duration is, in ms, tolerance not counted.
        early_ms: u64,
    },
}

/// What a rejected move says about the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Malformed or impossible: never accepted.
    Refuse,
    /// Everything but the timing is right, which may be lag: the caller counts strikes and accepts
    /// [`crate::MoveRequest::tolerated`] until there are too many.
    Strike,
}

impl MoveRejection {
    /// Whether the move can be tolerated.
    pub fn severity(&self) -> Severity {
        match self {
            Self::TooSoon { .. } | Self::TooFast { .. } => Severity::Strike,
            _ => Severity::Refuse,
        }
    }
}

impl From<PositionError> for MoveRejection {
    fn from(error: PositionError) -> Self {
        match error {
            PositionError::NotFinite => Self::NotFinite,
            PositionError::OutOfRange => Self::OutOfRange,
        }
    }
}
