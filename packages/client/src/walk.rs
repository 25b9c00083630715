//! Walking as a client does it: one short straight segment after the other.

use std::time::{SystemTime, UNIX_EPOCH};

use hexmarch_sim_core::{
    large_tiles_between, Ground, GroundCell, OffsetCoordinatesFloat, OffsetCoordinatesLarge, SpeedTable, WaterSpeed,
};

use hexmarch_bindings::region::{MovementParametersDesc, PlayerMoveRequest};

/// How long one segment takes at most, in milliseconds.
pub const STEP_MS: u32 = 700;
/// Longest segment, in milli tiles: a little less than the server's limit, since its ends are rounded.
pub const MAX_STEP_MILLI: u64 = 6_900;
/// Share of the speed limit that is used, in thousandths: honest clocks jitter.
const PACE_PERMILLE: u64 = 960;
/// Walking speed when the rules are not known, in thousandths of a small tile a second.
const DEFAULT_SPEED: u32 = 4000;
/// Factor of somebody without the stat, in thousandths.
pub const PLAIN_STAT_PERMILLE: u32 = 1000;

/// How fast a player is on which ground: the server's own rule.
#[derive(Clone, Debug)]
pub struct Pace {
    table: SpeedTable,
    stat_permille: u32,
}

impl Pace {
    /// By the rules, if they are known, and the player's stat: 1000 is unchanged.
    pub fn new(rules: Option<&MovementParametersDesc>, stat_permille: u32) -> Self {
        let table = rules.map_or_else(|| SpeedTable::uniform(DEFAULT_SPEED), speed_table);
        Self { table, stat_permille }
    }

    #[cfg(test)]
    pub(crate) fn of(table: SpeedTable) -> Self {
        Self {
            table,
            stat_permille: PLAIN_STAT_PERMILLE,
        }
    }

    /// Speed of somebody who runs over a cell, in milli tiles per second; 0 where nobody passes.
    pub fn on_cell(&self, cell: GroundCell) -> u32 {
        self.table.with_stat(self.stat_permille).on_cell(cell, true)
    }

    /// The slowest speed on the way between two points, in milli tiles per second; `None` where ground is not known.
    fn slowest(&self, from: OffsetCoordinatesFloat, to: OffsetCoordinatesFloat, ground: &impl Ground) -> Option<u32> {
        let mut slowest = None;
        for tile in large_tiles_between(from, to) {
            let speed = self.on_cell(ground.cell(tile)?);
            slowest = Some(slowest.map_or(speed, |known: u32| known.min(speed)));
        }
        slowest
    }
}

fn speed_table(rules: &MovementParametersDesc) -> SpeedTable {
    let mut surfaces = Vec::with_capacity(rules.default_speed.len());
    for entry in &rules.default_speed {
        let index = entry.surface as usize;
        if surfaces.len() <= index {
            surfaces.resize(index + 1, 0);
        }
        if let Some(speed) = surfaces.get_mut(index) {
            *speed = entry.speed;
        }
    }
    let water = rules.water_speed.iter().map(|entry| WaterSpeed {
        min_depth: entry.min_depth,
        milli_per_second: entry.speed,
    });
    SpeedTable {
        surfaces,
        other_surfaces: 0,
        water: water.collect(),
        running_permille: rules.running_permille,
    }
}

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

fn tiles(milli: i32) -> f32 {
    (f64::from(milli) / 1000.0) as f32
}

/// The point that the server makes of what a request says of this one: requests are in `f32`, which far from the corner of
/// the world have no thousandths. The same again for such a point.
pub fn as_sent(point: OffsetCoordinatesFloat) -> OffsetCoordinatesFloat {
    OffsetCoordinatesFloat::from_tiles(tiles(point.x), tiles(point.z), point.dimension).unwrap_or(point)
}

/// The next segment on the straight way to `target`, at a running pace that the rules allow: not longer than [`STEP_MS`],
/// and as slow as its slowest tile. `None` where nobody passes or the ground is not known.
pub fn step(
    origin: OffsetCoordinatesFloat,
    target: OffsetCoordinatesFloat,
    pace: &Pace,
    ground: &impl Ground,
) -> Option<Step> {
    let whole = origin.distance_milli(target)?;
    let towards = |reach: u64| {
        if whole <= reach {
            return target;
        }
        let part = |length: u64| u32::try_from(length).unwrap_or(u32::MAX);
        as_sent(origin.at_fraction(target, part(reach), part(whole)))
    };
    let own = pace.on_cell(ground.cell(OffsetCoordinatesLarge::from(origin))?);
    let ahead = towards(reach(own));
    let destination = towards(reach(pace.slowest(origin, ahead, ground)?));
    let speed = used(pace.slowest(origin, destination, ground)?);
    let length = origin.distance_milli(destination)?;
    if speed == 0 && length > 0 {
        return None;
    }
    let duration_ms = u32::try_from((length * 1000).div_ceil(speed.max(1))).ok()?;
    Some(Step {
        origin,
        destination,
        duration_ms: duration_ms.max(1),
    })
}

/// The next segment on the straight way to `target` over open ground.
pub fn step_towards(
    origin: OffsetCoordinatesFloat,
    target: OffsetCoordinatesFloat,
    rules: Option<&MovementParametersDesc>,
) -> Step {
    let open = |_: OffsetCoordinatesLarge| Some(GroundCell::default());
    let stay = Step {
        origin,
        destination: origin,
        duration_ms: 1,
    };
    step(origin, target, &Pace::new(rules, PLAIN_STAT_PERMILLE), &open).unwrap_or(stay)
}

/// What is used of a speed limit, in milli tiles per second.
fn used(speed: u32) -> u64 {
    u64::from(speed) * PACE_PERMILLE / 1000
}

/// How far one gets in a segment, in milli tiles.
fn reach(speed: u32) -> u64 {
    (used(speed) * u64::from(STEP_MS) / 1000).clamp(1, MAX_STEP_MILLI)
}

/// The client's clock: milliseconds since 1970.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pace(stat_permille: u32) -> Pace {
        Pace {
            table: SpeedTable {
                surfaces: vec![5_000, 20_000, 2_500, 0],
                other_surfaces: 0,
                water: Vec::new(),
                running_permille: 1_600,
            },
            stat_permille,
        }
    }

    /// Ground of one surface in the west, and of another from the second column on.
    fn ground(west: u8, east: u8) -> impl Ground {
        move |tile: OffsetCoordinatesLarge| {
            Some(GroundCell {
                surface: if tile.x < 2 { west } else { east },
                ..GroundCell::default()
            })
        }
    }

    #[track_caller]
    fn check(ground: &impl Ground, stat: u32, target: i32, expected: Option<(i32, u32)>) {
        let at = |x| OffsetCoordinatesFloat::overworld(x, 0);
        let step = step(at(0), at(target), &pace(stat), ground);
        assert_eq!(step.map(|step| (step.destination.x, step.duration_ms)), expected);
    }

    #[test]
    fn steps() {
        // 8 tiles a second, of which 96 % are used.
        check(&ground(0, 0), 1_000, 50_000, Some((5_376, 700)));
        check(&ground(0, 0), 1_000, 768, Some((768, 100)));
        check(&ground(0, 0), 500, 50_000, Some((2_688, 700)));
        check(&ground(2, 2), 1_000, 50_000, Some((2_688, 700)));
        // The longest segment, whatever the speed.
        check(&ground(1, 1), 1_000, 50_000, Some((6_900, 225)));
        // Swamp ahead: not further than one gets in it, and no slower than needed.
        check(&ground(0, 2), 1_000, 50_000, Some((2_688, 350)));
        check(&ground(2, 0), 1_000, 50_000, Some((2_688, 700)));
        check(&ground(3, 3), 1_000, 50_000, None);
        check(&ground(0, 0), 0, 50_000, None);
    }

    #[test]
    fn nobody_walks_where_ground_is_not_known() {
        let edge = |tile: OffsetCoordinatesLarge| (tile.x < 1).then(GroundCell::default);
        check(&edge, 1_000, 1_400, Some((1_400, 183)));
        check(&edge, 1_000, 4_000, None);
    }

    proptest! {
        #[test]
        fn what_is_sent_is_rounded_once(x in any::<i32>(), z in -100_000_000..100_000_000) {
            let once = as_sent(OffsetCoordinatesFloat::overworld(x, z));
            prop_assert_eq!(as_sent(once), once);
            // To thousandths up to 16,000 tiles, to hundredths beyond.
            let allowed = if z.abs() < 16_000_000 { 0 } else { 8 };
            prop_assert!(once.z.abs_diff(z) <= allowed);
        }
    }
}
