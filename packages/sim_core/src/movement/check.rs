//! The check of a move that a client asks for.

use super::{MoveRejection, MoveRequest, PlayerSpeed, Track};
use crate::hex::OffsetCoordinatesLarge;
use crate::position::{OffsetCoordinatesFloat, MILLI_PER_TILE};
use crate::traversal::large_tiles_between;

/// The ground of one large tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct GroundCell {
    /// Height of the ground, in elevation units.
    pub elevation: i16,
    /// Height of the water's surface, in elevation units; dry at or below `elevation`.
    pub water_level: i16,
    /// Number of the surface in the [`super::SpeedTable`].
    pub surface: u8,
}

impl GroundCell {
    /// Depth of the water, in elevation units; 0 where it is dry.
    pub fn depth(&self) -> u16 {
        if self.water_level > self.elevation {
            self.water_level.abs_diff(self.elevation)
        } else {
            0
        }
    }
}

/// Where ground is looked up.
pub trait Ground {
    /// The ground of a large tile; `None` where none is known.
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell>;
}

impl<F: Fn(OffsetCoordinatesLarge) -> Option<GroundCell>> Ground for F {
    fn cell(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
        self(tile)
    }
}

/// What a move may be. [`MoveLimits::default`] has the values in the fields' documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveLimits {
    /// How far a client's clock may be behind the server's, in ms: 8000.
    pub max_behind_ms: u64,
    /// How far a client's clock may be ahead of the server's, in ms: 1000.
    pub max_ahead_ms: u64,
    /// Longest duration of a segment, in ms: 100 000.
    pub max_duration_ms: u32,
    /// Longest segment, in milli tiles: 7000.
    pub max_segment_milli: u64,
    /// Largest distance from the place where the stored segment has the player to the new origin, in milli tiles: 7000.
    pub max_start_gap_milli: u64,
    /// Highest step between neighbouring large tiles, up or down, in elevation units: 6.
    pub max_elevation_step: u16,
    /// How much of the time that a way takes has to pass, in permille: 900.
    pub required_time_permille: u32,
    /// How much too soon a player may be on top of that, in ms: 50.
    pub time_tolerance_ms: u32,
    /// Faster than this moves nobody, in milli tiles per second: 100 000.
    pub max_speed_milli: u32,
    /// Whether the player may swim: true.
    pub swim_allowed: bool,
    /// Depth from which a player swims, afloat this far above the ground's level, in elevation units: 4.
    pub swim_depth: u16,
}

impl Default for MoveLimits {
    fn default() -> Self {
        Self {
            max_behind_ms: 8_000,
            max_ahead_ms: 1_000,
            max_duration_ms: 100_000,
            max_segment_milli: 7_000,
            max_start_gap_milli: 7_000,
            max_elevation_step: 6,
            required_time_permille: 900,
            time_tolerance_ms: 50,
            max_speed_milli: 100_000,
            swim_allowed: true,
            swim_depth: 4,
        }
    }
}

impl MoveLimits {
    /// Whether one may go from a large tile to its neighbour.
    pub fn may_step(&self, from: GroundCell, to: GroundCell) -> bool {
        let step = standing_level(from, self).abs_diff(standing_level(to, self));
        step <= u32::from(self.max_elevation_step) && self.may_stand(to)
    }

    /// Whether the water of a large tile lets one in.
    pub fn may_stand(&self, cell: GroundCell) -> bool {
        self.swim_allowed || cell.depth() < self.swim_depth.max(1)
    }
}

/// Whether one may walk straight from one point to another, whatever the surfaces.
pub fn can_walk_straight(
    from: OffsetCoordinatesFloat,
    to: OffsetCoordinatesFloat,
    limits: &MoveLimits,
    ground: &impl Ground,
) -> bool {
    let mut last: Option<GroundCell> = None;
    for tile in large_tiles_between(from, to) {
        let Some(cell) = ground.cell(tile) else { return false };
        if last.is_some_and(|last| !limits.may_step(last, cell)) {
            return false;
        }
        last = Some(cell);
    }
    last.is_some()
}

/// Checks a requested move against what is known of the player, and gives the track to store.
///
/// `previous` is the stored track, `now_ms` the server's time. The timing is checked last, so a strike means that
/// everything else is right. The speed of a way is that of its fastest tile, which never wrongs an honest player.
///
/// # Errors
/// Any [`MoveRejection`]; its [`MoveRejection::severity`] says whether the caller may tolerate it.
pub fn check_move(
    previous: &Track,
    request: &MoveRequest,
    now_ms: u64,
    limits: &MoveLimits,
    speed: &PlayerSpeed<'_>,
    ground: &impl Ground,
) -> Result<Track, MoveRejection> {
    check_clock(previous, request, now_ms, limits)?;
    let stored = previous.segment.position_at(request.timestamp_ms);
    let length = check_shape(stored, request, limits)?;
    check_ground([stored, request.origin, request.destination], limits, speed, ground)?;

    let walked = previous
        .segment
        .origin
        .distance_milli(request.origin)
        .ok_or(MoveRejection::WrongDimension)?;
    let pace = |from, to, running| fastest(from, to, running, limits, speed, ground);
    let speed_so_far = pace(previous.segment.origin, request.origin, previous.segment.running);
    let speed_ahead = pace(request.origin, request.destination, request.running);
    if length > 0 && speed_ahead == 0 {
        return Err(MoveRejection::Rooted);
    }
    let tolerance_us = u64::from(limits.time_tolerance_ms) * 1_000;

    let elapsed_us = request
        .timestamp_ms
        .saturating_sub(previous.segment.start_ms)
        .saturating_mul(1_000);
    let lead_us = required_us(walked, speed_so_far, limits)
        .saturating_add(previous.lead_us.into())
        .saturating_sub(elapsed_us);
    if lead_us > tolerance_us {
        return Err(MoveRejection::TooSoon {
            early_ms: lead_us.div_ceil(1_000),
        });
    }
    let short_us = required_us(length, speed_ahead, limits).saturating_sub(u64::from(request.duration_ms) * 1_000);
    if short_us > tolerance_us {
        return Err(MoveRejection::TooFast {
            early_ms: short_us.div_ceil(1_000),
        });
    }
    Ok(Track {
        segment: request.segment(),
        lead_us: u32::try_from(lead_us).unwrap_or(u32::MAX),
    })
}

fn check_clock(previous: &Track, request: &MoveRequest, now_ms: u64, limits: &MoveLimits) -> Result<(), MoveRejection> {
    if request.timestamp_ms > now_ms.saturating_add(limits.max_ahead_ms) {
        return Err(MoveRejection::ClockAhead {
            limit_ms: limits.max_ahead_ms,
        });
    }
    if request.timestamp_ms < now_ms.saturating_sub(limits.max_behind_ms) {
        return Err(MoveRejection::ClockBehind {
            limit_ms: limits.max_behind_ms,
        });
    }
    if request.timestamp_ms < previous.segment.start_ms {
        return Err(MoveRejection::OutOfOrder);
    }
    if request.duration_ms > limits.max_duration_ms {
        return Err(MoveRejection::TooLong {
            limit_ms: limits.max_duration_ms,
        });
    }
    Ok(())
}

/// Bounds all lengths, and gives the length of the requested segment in milli tiles.
fn check_shape(
    stored: OffsetCoordinatesFloat,
    request: &MoveRequest,
    limits: &MoveLimits,
) -> Result<u64, MoveRejection> {
    let whole_tiles = |milli: u64| milli / u64::from(MILLI_PER_TILE.unsigned_abs());
    let gap = stored
        .distance_milli(request.origin)
        .ok_or(MoveRejection::WrongDimension)?;
    let length = request
        .origin
        .distance_milli(request.destination)
        .ok_or(MoveRejection::WrongDimension)?;
    if length > limits.max_segment_milli {
        return Err(MoveRejection::TooFar {
            limit_tiles: whole_tiles(limits.max_segment_milli),
        });
    }
    if gap > limits.max_start_gap_milli {
        return Err(MoveRejection::StartTooFar {
            limit_tiles: whole_tiles(limits.max_start_gap_milli),
        });
    }
    let time_ms = u64::from(request.duration_ms).saturating_add(limits.time_tolerance_ms.into());
    if length.saturating_mul(1_000) > u64::from(limits.max_speed_milli).saturating_mul(time_ms) {
        let tile = MILLI_PER_TILE.unsigned_abs();
        return Err(MoveRejection::OverSpeedCap {
            limit_tiles: limits.max_speed_milli / tile,
        });
    }
    Ok(length)
}

/// Walks every large tile of a way. The tile that the player is on only has to exist: they may always leave it.
fn check_ground(
    way: [OffsetCoordinatesFloat; 3],
    limits: &MoveLimits,
    speed: &PlayerSpeed<'_>,
    ground: &impl Ground,
) -> Result<(), MoveRejection> {
    let [stored, origin, destination] = way;
    let mut last: Option<(OffsetCoordinatesLarge, i32)> = None;
    for tile in large_tiles_between(stored, origin).chain(large_tiles_between(origin, destination)) {
        let cell = ground.cell(tile).ok_or(MoveRejection::NoGround)?;
        let level = standing_level(cell, limits);
        if let Some((last_tile, last_level)) = last {
            if last_tile == tile {
                continue;
            }
            check_step(last_level, level, cell, limits, speed)?;
        }
        last = Some((tile, level));
    }
    // A way that leaves the grid has no tiles.
    last.map(|_| ()).ok_or(MoveRejection::NoGround)
}

fn check_step(
    from: i32,
    to: i32,
    cell: GroundCell,
    limits: &MoveLimits,
    speed: &PlayerSpeed<'_>,
) -> Result<(), MoveRejection> {
    if from.abs_diff(to) > u32::from(limits.max_elevation_step) {
        return Err(MoveRejection::TooSteep {
            limit: limits.max_elevation_step,
        });
    }
    if !limits.may_stand(cell) {
        return Err(MoveRejection::TooDeep);
    }
    if speed.is_blocked(cell) {
        return Err(MoveRejection::Blocked);
    }
    Ok(())
}

/// The level of a player's feet: on the ground, or hanging in the water where they swim.
fn standing_level(cell: GroundCell, limits: &MoveLimits) -> i32 {
    i32::from(cell.elevation).max(i32::from(cell.water_level) - i32::from(limits.swim_depth))
}

/// The speed on the fastest large tile of a way, in milli tiles per second; tiles that do not exist do not count.
fn fastest(
    from: OffsetCoordinatesFloat,
    to: OffsetCoordinatesFloat,
    running: bool,
    limits: &MoveLimits,
    speed: &PlayerSpeed<'_>,
    ground: &impl Ground,
) -> u32 {
    large_tiles_between(from, to)
        .filter_map(|tile| ground.cell(tile))
        .map(|cell| speed.on_cell(cell, running))
        .max()
        .unwrap_or_default()
        .min(limits.max_speed_milli)
}

/// The time that has to pass on a way of `milli` milli tiles, in microseconds.
fn required_us(milli: u64, speed: u32, limits: &MoveLimits) -> u64 {
    if milli == 0 {
        return 0;
    }
    let needed = u128::from(milli) * 1_000 * u128::from(limits.required_time_permille);
    needed
        .checked_div(speed.into())
        .and_then(|needed| u64::try_from(needed).ok())
        .unwrap_or(u64::MAX)
}
