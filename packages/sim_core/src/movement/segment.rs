//! What a player walks, asks to walk, and is known to have walked.

use super::MoveRejection;
use crate::position::OffsetCoordinatesFloat;

/// A straight walk at constant speed. Standing still is a segment of length and duration zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment {
    /// Where it starts.
    pub origin: OffsetCoordinatesFloat,
    /// Where it ends, in the same dimension.
    pub destination: OffsetCoordinatesFloat,
    /// When it starts, in ms.
    pub start_ms: u64,
    /// How long it takes, in ms.
    pub duration_ms: u32,
    /// Whether the player runs.
    pub running: bool,
}

impl Segment {
    /// Standing still from `start_ms` on.
    pub fn standing(position: OffsetCoordinatesFloat, start_ms: u64) -> Self {
        Self {
            origin: position,
            destination: position,
            start_ms,
            duration_ms: 0,
            running: false,
        }
    }

    /// Where the walker is at `now_ms`: the origin before the start, the destination after the end.
    pub fn position_at(&self, now_ms: u64) -> OffsetCoordinatesFloat {
        let elapsed = u32::try_from(now_ms.saturating_sub(self.start_ms)).unwrap_or(u32::MAX);
        if now_ms < self.start_ms {
            return self.origin;
        }
        self.origin.at_fraction(self.destination, elapsed, self.duration_ms)
    }

    /// When the walker arrives, in ms.
    pub fn end_ms(&self) -> u64 {
        self.start_ms.saturating_add(self.duration_ms.into())
    }
}

/// A segment as a client asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MoveRequest {
    /// When it starts on the client's clock, in ms.
    pub timestamp_ms: u64,
    /// Where the client has the player.
    pub origin: OffsetCoordinatesFloat,
    /// Where the player is going.
    pub destination: OffsetCoordinatesFloat,
    /// How long that takes, in ms.
    pub duration_ms: u32,
    /// Whether the player runs.
    pub running: bool,
}

impl MoveRequest {
    /// A request from what clients send: coordinates in small tiles, the duration in seconds, both rounded to the
    /// nearest thousandth.
    ///
    /// # Errors
    /// [`MoveRejection::NotFinite`] for NaN and infinities, [`MoveRejection::OutOfRange`] for coordinates outside of
    /// `i32` milli tiles and durations outside of `u32` ms.
    pub fn from_client(
        timestamp_ms: u64,
        origin: (f32, f32),
        destination: (f32, f32),
        dimension: u32,
        duration_s: f32,
        running: bool,
    ) -> Result<Self, MoveRejection> {
        let origin = OffsetCoordinatesFloat::from_tiles(origin.0, origin.1, dimension)?;
        let destination = OffsetCoordinatesFloat::from_tiles(destination.0, destination.1, dimension)?;
        if !duration_s.is_finite() {
            return Err(MoveRejection::NotFinite);
        }
        let duration_ms = (f64::from(duration_s) * 1_000.0).round();
        if duration_ms < 0.0 || duration_ms > f64::from(u32::MAX) {
            return Err(MoveRejection::OutOfRange);
        }
        Ok(Self {
            timestamp_ms,
            origin,
            destination,
            duration_ms: duration_ms as u32,
            running,
        })
    }

    /// The segment that the request asks for.
    pub fn segment(&self) -> Segment {
        Segment {
            origin: self.origin,
            destination: self.destination,
            start_ms: self.timestamp_ms,
            duration_ms: self.duration_ms,
            running: self.running,
        }
    }

    /// The track after a strike that the caller lets pass: time that was overdrawn is forgiven.
    ///
    /// Only for a request that was rejected with [`super::Severity::Strike`]; no other rejection may be passed over.
    pub fn tolerated(&self) -> Track {
        Track {
            segment: self.segment(),
            lead_us: 0,
        }
    }
}

/// What the server keeps of a moving player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Track {
    /// The last accepted segment, on the client's clock.
    pub segment: Segment,
    /// How far the player's moves so far run ahead of what their speed allows, in microseconds; at most the
    /// tolerance of the limits.
    pub lead_us: u32,
}

impl Track {
    /// A player whom the server put somewhere: signing in, teleporting, being set back.
    ///
    /// Later requests must not be older than `timestamp_ms`. The last timestamp of the client is the best choice if
    /// there is one, since the server's time makes a client whose clock is behind wait.
    pub fn placed(position: OffsetCoordinatesFloat, timestamp_ms: u64) -> Self {
        Self {
            segment: Segment::standing(position, timestamp_ms),
            lead_us: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn positions_on_a_segment() {
        let segment = Segment {
            origin: OffsetCoordinatesFloat::overworld(-1_000, 0),
            destination: OffsetCoordinatesFloat::overworld(1_000, 500),
            start_ms: 100,
            duration_ms: 400,
            running: false,
        };
        for (now, x, z) in [
            (0, -1_000, 0),
            (100, -1_000, 0),
            (200, -500, 125),
            (300, 0, 250),
            (500, 1_000, 500),
            (u64::MAX, 1_000, 500),
        ] {
            assert_eq!(
                segment.position_at(now),
                OffsetCoordinatesFloat::overworld(x, z),
                "{now}"
            );
        }
        assert_eq!(segment.end_ms(), 500);
    }

    #[track_caller]
    fn check(origin: (f32, f32), destination: (f32, f32), duration_s: f32, expected: Result<u32, MoveRejection>) {
        let request = MoveRequest::from_client(1, origin, destination, 1, duration_s, false);
        assert_eq!(request.map(|request| request.duration_ms), expected);
    }

    #[test]
    fn client_numbers() {
        let (nan, infinite) = (f32::NAN, f32::INFINITY);
        check((0.0, 0.0), (1.0, 0.0), 0.25, Ok(250));
        check((0.0, 0.0), (1.0, 0.0), -0.0, Ok(0));
        check((nan, 0.0), (1.0, 0.0), 1.0, Err(MoveRejection::NotFinite));
        check((0.0, 0.0), (1.0, -infinite), 1.0, Err(MoveRejection::NotFinite));
        check((0.0, 0.0), (1.0, 0.0), nan, Err(MoveRejection::NotFinite));
        check((0.0, 0.0), (1.0, 0.0), infinite, Err(MoveRejection::NotFinite));
        check((0.0, 0.0), (3e9, 0.0), 1.0, Err(MoveRejection::OutOfRange));
        check((0.0, 0.0), (1.0, 0.0), -1.0, Err(MoveRejection::OutOfRange));
        check((0.0, 0.0), (1.0, 0.0), 5e6, Err(MoveRejection::OutOfRange));
    }

    proptest! {
        #[test]
        fn a_walker_advances_and_stays_on_the_way(
            ends in any::<(i32, i32, i32, i32)>(), start_ms in any::<u64>(), duration_ms in any::<u32>(),
            first in any::<u32>(), second in any::<u32>(),
        ) {
            let (x0, z0, x1, z1) = ends;
            let (origin, destination) = (OffsetCoordinatesFloat::overworld(x0, z0), OffsetCoordinatesFloat::overworld(x1, z1));
            let segment = Segment { origin, destination, start_ms, duration_ms, running: false };
            let at = |elapsed: u32| segment.position_at(start_ms.saturating_add(elapsed.into()));
            let (early, late) = (at(first.min(second)), at(first.max(second)));
            for (from, early, late, to) in [(x0, early.x, late.x, x1), (z0, early.z, late.z, z1)] {
                prop_assert!(from.abs_diff(early) <= from.abs_diff(late));
                prop_assert!(from.abs_diff(late) <= from.abs_diff(to));
                prop_assert_eq!(from.abs_diff(late) + late.abs_diff(to), from.abs_diff(to));
            }
            // At most one milli tile off the straight line on each axis.
            let (dx, dz) = (i128::from(x1) - i128::from(x0), i128::from(z1) - i128::from(z0));
            let (ex, ez) = (i128::from(late.x) - i128::from(x0), i128::from(late.z) - i128::from(z0));
            prop_assert!((ex * dz - ez * dx).abs() <= dx.abs() + dz.abs());
            let after_the_end = segment.position_at(u64::MAX);
            if segment.end_ms() < u64::MAX {
                prop_assert_eq!(after_the_end, destination);
            }
        }
    }
}
