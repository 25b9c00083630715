//! Walking as a client does it: one short straight segment after the other.

use std::time::{SystemTime, UNIX_EPOCH};

use hexmarch_sim_core::OffsetCoordinatesFloat;

use crate::bindings::region::{MovementParametersDesc, PlayerMoveRequest};

/// How long one segment takes, in milliseconds.
pub const STEP_MS: u32 = 700;
/// Share of the speed limit that is used, in thousandths: honest clocks jitter.
const PACE_PERMILLE: u64 = 960;
/// Walking speed when the rules are not known, in thousandths of a small tile a second.
const DEFAULT_SPEED: u32 = 4000;

/// A segment to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// From.
    pub origin: OffsetCoordinatesFloat,
    /// To.
    pub destination: OffsetCoordinatesFloat,
    /// Milliseconds.
    pub duration_ms: u32,
}

impl Step {
    /// The request, begun at `timestamp` on the client's clock.
    pub fn request(&self, timestamp: u64) -> PlayerMoveRequest {
        let tiles = |milli: i32| milli as f32 / 1000.0;
        PlayerMoveRequest {
            timestamp,
            origin_x: tiles(self.origin.x),
            origin_z: tiles(self.origin.z),
            destination_x: tiles(self.destination.x),
            destination_z: tiles(self.destination.z),
            dimension: self.origin.dimension,
            duration: self.duration_ms as f32 / 1000.0,
            running: true,
        }
    }
}

/// The next segment on the straight way to `target`, at a running pace that the rules allow.
pub fn step_towards(
    origin: OffsetCoordinatesFloat,
    target: OffsetCoordinatesFloat,
    rules: Option<&MovementParametersDesc>,
) -> Step {
    let walking = rules
        .and_then(|rules| rules.default_speed.first())
        .map_or(DEFAULT_SPEED, |entry| entry.speed);
    let running_permille = rules.map_or(1000, |rules| rules.running_permille);
    let speed = u64::from(walking) * u64::from(running_permille) / 1000 * PACE_PERMILLE / 1000;
    let reach = (speed * u64::from(STEP_MS) / 1000).max(1);
    let distance = origin.distance_milli(target).unwrap_or(0);
    if distance <= reach {
        let duration_ms = u32::try_from(distance * 1000 / speed.max(1)).unwrap_or(STEP_MS).max(1);
        return Step {
            origin,
            destination: target,
            duration_ms,
        };
    }
    let (part, whole) = (
        u32::try_from(reach).unwrap_or(1),
        u32::try_from(distance).unwrap_or(u32::MAX),
    );
    Step {
        origin,
        destination: origin.at_fraction(target, part, whole),
        duration_ms: STEP_MS,
    }
}

/// The client's clock: milliseconds since 1970.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
