//! Where those walk who are no players: after somebody, away from somebody, about a place.
//!
//! What it promises: each step is a straight piece over ground where the creature can be, up and down no step that is too
//! high for it, and no longer than asked for.

use crate::hex::{HexDirection, OffsetCoordinatesLarge};
use crate::movement::{can_walk_straight, Ground, GroundCell, MoveLimits};
use crate::path::find_path;
use crate::position::OffsetCoordinatesFloat;

/// How a kind of creature gets about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Whether it goes on dry land.
    pub on_land: bool,
    /// Whether it keeps to the surface of deep water and not to its bed.
    pub swims: bool,
    /// Least depth of water that it enters, in elevation units.
    pub min_depth: u16,
    /// Greatest depth of water that it enters, in elevation units.
    pub max_depth: u16,
    /// Highest step up between two large tiles, in elevation units.
    pub max_climb: u16,
    /// Deepest step down between two large tiles, in elevation units.
    pub max_descent: u16,
}

impl Habits {
    /// Whether it can be on such ground.
    pub fn may_stand(&self, cell: GroundCell) -> bool {
        match cell.depth() {
            0 => self.on_land,
            depth => (self.min_depth..=self.max_depth).contains(&depth),
        }
    }

    /// What its ways are like. It takes no step that it could not take back.
    fn limits(&self) -> MoveLimits {
        MoveLimits {
            max_elevation_step: self.max_climb.min(self.max_descent),
            swim_allowed: true,
            swim_depth: if self.swims {
                0
            } else {
                self.max_depth.saturating_add(1)
            },
            ..MoveLimits::default()
        }
    }

    /// Whether it can go straight from one point to another.
    pub fn can_go(&self, from: OffsetCoordinatesFloat, to: OffsetCoordinatesFloat, ground: &impl Ground) -> bool {
        can_walk_straight(from, to, &self.limits(), &self.on(ground))
    }

    /// Whether a tile is one where it can be, and from which it can go at least so many ways.
    pub fn has_room(&self, tile: OffsetCoordinatesLarge, ways: usize, ground: &impl Ground) -> bool {
        let own = self.on(ground);
        let (Some(cell), Some(axial)) = (own.cell(tile), tile.to_axial()) else {
            return false;
        };
        let limits = self.limits();
        let open = axial.neighbours().filter_map(|next| own.cell(next.to_offset()?));
        open.filter(|next| limits.may_step(cell, *next)).take(ways).count() >= ways
    }

    /// A step of at most `reach` milli tiles on the way from one point to another: straight when that is possible, else
    /// around what is between, looking at no more than `max_tiles` large tiles. `None` when there is no way.
    pub fn towards(
        &self,
        from: OffsetCoordinatesFloat,
        to: OffsetCoordinatesFloat,
        reach: u64,
        ground: &impl Ground,
        max_tiles: usize,
    ) -> Option<OffsetCoordinatesFloat> {
        let way = find_path(from, to, &self.limits(), &self.on(ground), max_tiles)?;
        cut(from, *way.first()?, reach)
    }

    /// A step of at most `reach` milli tiles away from somewhere, as straight as possible. `None` when there is none but
    /// towards it.
    pub fn away(
        &self,
        from: OffsetCoordinatesFloat,
        threat: OffsetCoordinatesFloat,
        reach: u64,
        ground: &impl Ground,
    ) -> Option<OffsetCoordinatesFloat> {
        let arm = match arm_between(threat, from) {
            (0, 0) => (1, 0),
            arm => arm,
        };
        [0, 1, -1, 2, -2].into_iter().find_map(|sixths| {
            let goal = moved(from, turned(arm, sixths), reach)?;
            self.can_go(from, goal, ground).then_some(goal)
        })
    }

    fn on<'a>(&'a self, ground: &'a impl Ground) -> impl Ground + 'a {
        move |tile: OffsetCoordinatesLarge| ground.cell(tile).filter(|cell| self.may_stand(*cell))
    }
}

/// A point at most `radius` milli tiles from another, anywhere in the hexagon of that radius; `None` where that leaves `i32`.
pub fn around(middle: OffsetCoordinatesFloat, radius: u32, random: u64) -> Option<OffsetCoordinatesFloat> {
    let direction = HexDirection::from_index(i32::try_from(random % 6).ok()?);
    let (first, second) = (direction.step(), direction.rotated(1).step());
    let spread = u64::from(radius) + 1;
    let (mut along, mut aside) = (random / 6 % spread, random / 6 / spread % spread);
    // Two sides span a rhombus; its far half is folded back.
    if along + aside > u64::from(radius) {
        (along, aside) = (u64::from(radius) - along, u64::from(radius) - aside);
    }
    let (along, aside) = (i64::try_from(along).ok()?, i64::try_from(aside).ok()?);
    let arm = |first: i32, second: i32| i64::from(first) * along + i64::from(second) * aside;
    shifted(middle, (arm(first.0, second.0), arm(first.1, second.1)))
}

/// Which way somebody faces who goes from one point to another; `None` who stays.
pub fn facing(from: OffsetCoordinatesFloat, to: OffsetCoordinatesFloat) -> Option<HexDirection> {
    let (x, z) = arm_between(from, to);
    if (x, z) == (0, 0) {
        return None;
    }
    // The scalar product with each direction, in axial coordinates: (2x + z) X + (x + 2z) Z.
    HexDirection::ALL.into_iter().max_by_key(|direction| {
        let (step_x, step_z) = direction.step();
        (2 * x + z) * i64::from(step_x) + (x + 2 * z) * i64::from(step_z)
    })
}

/// From one point to another, axial.
fn arm_between(from: OffsetCoordinatesFloat, to: OffsetCoordinatesFloat) -> (i64, i64) {
    let columns = i64::from(to.x) - i64::from(from.x);
    // A row further is half a column.
    let halves = i64::from(to.z.div_euclid(2)) - i64::from(from.z.div_euclid(2));
    (columns - halves, i64::from(to.z) - i64::from(from.z))
}

/// The point on the way that is at most `reach` milli tiles away.
fn cut(from: OffsetCoordinatesFloat, to: OffsetCoordinatesFloat, reach: u64) -> Option<OffsetCoordinatesFloat> {
    let distance = from.distance_milli(to)?;
    let (reach, distance) = (u32::try_from(reach.min(distance)).ok()?, u32::try_from(distance).ok()?);
    Some(from.at_fraction(to, reach, distance))
}

/// The point `reach` milli tiles away along an axial arm.
fn moved(from: OffsetCoordinatesFloat, arm: (i64, i64), reach: u64) -> Option<OffsetCoordinatesFloat> {
    // In thousandths of a milli tile, or the root of a short arm would be far off.
    let (x, z) = (i128::from(arm.0) * 1_000, i128::from(arm.1) * 1_000);
    let length = (x * x + x * z + z * z).isqrt();
    let scaled = |part: i128| i64::try_from((part * i128::from(reach)).checked_div(length)?).ok();
    shifted(from, (scaled(x)?, scaled(z)?))
}

fn shifted(from: OffsetCoordinatesFloat, arm: (i64, i64)) -> Option<OffsetCoordinatesFloat> {
    let z = i64::from(from.z) + arm.1;
    let x = i64::from(from.x) + arm.0 + z.div_euclid(2) - i64::from(from.z).div_euclid(2);
    let (x, z) = (i32::try_from(x).ok()?, i32::try_from(z).ok()?);
    Some(OffsetCoordinatesFloat::new(x, z, from.dimension))
}

/// An axial arm turned by so many sixths against the clock.
fn turned((x, z): (i64, i64), sixths: i32) -> (i64, i64) {
    (0..sixths.rem_euclid(6)).fold((x, z), |(x, z), _| (-z, x + z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WALKER: Habits = Habits {
        on_land: true,
        swims: false,
        min_depth: 0,
        max_depth: 2,
        max_climb: 4,
        max_descent: 6,
    };
    const FISH: Habits = Habits {
        on_land: false,
        swims: true,
        min_depth: 4,
        max_depth: 1_000,
        max_climb: 0,
        max_descent: 0,
    };
    const FLYER: Habits = Habits {
        swims: true,
        max_depth: 1_000,
        max_climb: 60,
        max_descent: 80,
        ..WALKER
    };

    fn cell(elevation: i16, water_level: i16) -> GroundCell {
        GroundCell {
            elevation,
            water_level,
            surface: 0,
        }
    }

    fn point(column: i32, row: i32) -> OffsetCoordinatesFloat {
        OffsetCoordinatesLarge::new(column, row, 1).center().unwrap()
    }

    #[test]
    fn where_each_can_be() {
        for (water, walker, fish, flyer) in [
            (-5, true, false, true),
            (2, true, false, true),
            (3, false, false, true),
            (4, false, true, true),
            (900, false, true, true),
        ] {
            let stands = [WALKER, FISH, FLYER].map(|habits| habits.may_stand(cell(0, water)));
            assert_eq!(stands, [walker, fish, flyer], "water at {water}");
        }
    }

    #[test]
    fn steps_up_and_down() {
        // Terraces, each higher than the last by `rise`.
        let ways = |habits: Habits, rise: i16| {
            let terraces = move |tile: OffsetCoordinatesLarge| Some(cell(i16::try_from(tile.x).ok()? * rise, i16::MIN));
            habits.can_go(point(0, 0), point(3, 0), &terraces)
        };
        assert!(ways(WALKER, 4) && ways(WALKER, -4) && ways(FLYER, 60));
        assert!(!ways(WALKER, 5) && !ways(FLYER, 61));
        // What it could not climb again it does not go down either.
        assert!(!ways(WALKER, -5));
    }

    #[test]
    fn fish_stay_at_their_level_whatever_the_bed_is_like() {
        let bed = |tile: OffsetCoordinatesLarge| Some(cell(i16::try_from(tile.x % 3 * -20 - 10).ok()?, 0));
        assert!(FISH.can_go(point(0, 0), point(9, 0), &bed));
        let shore = |tile: OffsetCoordinatesLarge| Some(cell(if tile.x < 5 { -10 } else { 0 }, 0));
        assert!(!FISH.can_go(point(0, 0), point(9, 0), &shore));
    }

    #[test]
    fn towards_is_straight_or_around() {
        let flat = |_: OffsetCoordinatesLarge| Some(cell(0, i16::MIN));
        let step = WALKER.towards(point(0, 0), point(10, 0), 4_000, &flat, 100);
        assert_eq!(step, Some(OffsetCoordinatesFloat::overworld(4_000, 0)));
        assert_eq!(
            WALKER.towards(point(0, 0), point(1, 0), 4_000, &flat, 100),
            Some(point(1, 0))
        );
        let pond = |tile: OffsetCoordinatesLarge| {
            let is_wet = tile.x == 5 && tile.z.abs() < 4;
            Some(cell(0, if is_wet { 9 } else { i16::MIN }))
        };
        let step = WALKER.towards(point(0, 0), point(10, 0), 4_000, &pond, 500).unwrap();
        assert!(step.z != 0, "around the pond and not into it: {step:?}");
        let swim = FLYER.towards(point(0, 0), point(10, 0), 4_000, &pond, 500);
        assert_eq!(swim, Some(OffsetCoordinatesFloat::overworld(4_000, 0)));
        assert_eq!(WALKER.towards(point(0, 0), point(10, 0), 4_000, &pond, 5), None);
    }

    #[test]
    fn away_is_straight_or_aslant() {
        let flat = |_: OffsetCoordinatesLarge| Some(cell(0, i16::MIN));
        let step = WALKER.away(point(0, 0), point(-1, 0), 5_000, &flat);
        assert_eq!(step, Some(OffsetCoordinatesFloat::overworld(5_000, 0)));
        let sea = |tile: OffsetCoordinatesLarge| Some(cell(0, if tile.x > 0 { 9 } else { i16::MIN }));
        let step = WALKER.away(point(0, 0), point(-1, 0), 5_000, &sea).unwrap();
        assert!(step.x < 2_000 && step.z != 0, "along the shore: {step:?}");
        let islet = |tile: OffsetCoordinatesLarge| Some(cell(0, if tile.x < 0 { i16::MIN } else { 9 }));
        assert_eq!(WALKER.away(point(0, 0), point(-1, 0), 5_000, &islet), None);
        // Out of one's own shoes: anywhere.
        assert!(WALKER.away(point(0, 0), point(0, 0), 5_000, &flat).is_some());
    }

    #[test]
    fn room_to_move() {
        let ridge = |tile: OffsetCoordinatesLarge| Some(cell(if tile.z == 0 { 0 } else { 50 }, i16::MIN));
        let on = OffsetCoordinatesLarge::new(0, 0, 1);
        assert!(WALKER.has_room(on, 2, &ridge) && !WALKER.has_room(on, 3, &ridge));
        assert!(FLYER.has_room(on, 6, &ridge));
        assert!(!FISH.has_room(on, 0, &ridge));
    }

    #[test]
    fn faces_where_it_goes() {
        for direction in HexDirection::ALL {
            let (x, z) = direction.step();
            let to = shifted(point(0, 0), (i64::from(x) * 900, i64::from(z) * 900)).unwrap();
            assert_eq!(facing(point(0, 0), to), Some(direction));
        }
        assert_eq!(facing(point(0, 0), point(0, 0)), None);
    }

    proptest! {
        #[test]
        fn around_stays_near(radius in 0..400_000_u32, random in any::<u64>()) {
            let middle = OffsetCoordinatesFloat::overworld(50_000, -50_000);
            let place = around(middle, radius, random).unwrap();
            // Half columns are rounded.
            prop_assert!(middle.distance_milli(place).unwrap() <= u64::from(radius) + 1);
        }

        #[test]
        fn away_gets_further_and_no_further_than_asked(
            x in -20_000..20_000, z in -20_000..20_000, reach in 100..9_000_u64,
        ) {
            let flat = |_: OffsetCoordinatesLarge| Some(cell(0, i16::MIN));
            let (own, threat) = (OffsetCoordinatesFloat::overworld(0, 0), OffsetCoordinatesFloat::overworld(x, z));
            let step = WALKER.away(own, threat, reach, &flat).unwrap();
            prop_assert!(own.distance_milli(step).unwrap() <= reach + 1);
            prop_assert!(step.distance_milli(threat).unwrap() + 2 >= own.distance_milli(threat).unwrap() + reach - reach / 50);
        }
    }
}
