//! Ways over the ground that a client knows.
//!
//! A client keeps to ground where it can stand and swims only to get out of deep water. The server lets it swim, and checks
//! each segment by the same rules otherwise.

use std::collections::{HashSet, VecDeque};

use hexmarch_sim_core::movement::can_walk_straight;
use hexmarch_sim_core::{
    find_path, large_tiles_between, Ground, GroundCell, LargeHexTile, MoveLimits, OffsetCoordinatesFloat,
    OffsetCoordinatesLarge, RegionLayout,
};

use crate::walk::{as_sent, step, Pace, Step};

/// Most large tiles that are looked at for one way: all that a client sees, with what it assumes past borders.
pub const MAX_TILES: usize = 30_000;
/// How much nearer a way brings one at least that does not lead to its goal, in milli tiles: a large tile.
const LEAST_PROGRESS_MILLI: u64 = 3_000;
/// How far one walks past the border at least, beyond the hysteresis, in milli tiles: a large tile.
const PAST_BORDER_MILLI: u32 = 3_000;

/// Where and how somebody walks.
#[derive(Clone, Copy, Debug)]
pub struct Walker<'a, G> {
    /// Where they stand.
    pub at: OffsetCoordinatesFloat,
    /// How fast they are on what.
    pub pace: &'a Pace,
    /// What they know of the ground.
    pub ground: &'a G,
}

impl<G: Ground> Walker<'_, G> {
    /// A way to `goal`, the corners that are walked to one after the other. When the goal cannot be reached or is not in sight, as
    /// near to it as one gets over what is known. `None` when that brings one no nearer.
    pub fn way(&self, goal: OffsetCoordinatesFloat) -> Option<Vec<OffsetCoordinatesFloat>> {
        let goal = as_sent(goal);
        self.way_there(goal, MAX_TILES).or_else(|| {
            let distance = |point: &OffsetCoordinatesFloat| point.distance_milli(goal).unwrap_or(u64::MAX);
            let nearest = self.reachable(MAX_TILES).into_iter().min_by_key(distance)?;
            let nearer = distance(&nearest).saturating_add(LEAST_PROGRESS_MILLI) <= distance(&self.at);
            self.way_there(nearest, MAX_TILES).filter(|_| nearer)
        })
    }

    /// A way that ends at `goal`; `None` when none is found among `max_tiles` large tiles.
    pub fn way_there(&self, goal: OffsetCoordinatesFloat, max_tiles: usize) -> Option<Vec<OffsetCoordinatesFloat>> {
        let passable = |tile: OffsetCoordinatesLarge| self.passable(tile);
        let way = find_path(self.at, as_sent(goal), &self.limits(), &passable, max_tiles)?;
        Some(way.into_iter().map(as_sent).collect())
    }

    /// The middles of the dry large tiles that one can get to, the nearest in steps first, from among the `max_tiles` nearest.
    pub fn reachable(&self, max_tiles: usize) -> Vec<OffsetCoordinatesFloat> {
        let limits = self.limits();
        let cell = |tile: LargeHexTile| self.passable(tile.to_offset()?);
        let Some(start) = LargeHexTile::at(self.at) else {
            return Vec::new();
        };
        let (mut known, mut open, mut dry) = (HashSet::from([start]), VecDeque::from([start]), Vec::new());
        while let Some(tile) = open.pop_front() {
            let Some(own) = cell(tile) else { continue };
            if own.depth() == 0 && tile != start {
                dry.extend(tile.center());
            }
            for next in tile.neighbours() {
                let is_open = cell(next).is_some_and(|other| limits.may_step(own, other));
                if is_open && known.len() < max_tiles && known.insert(next) {
                    open.push_back(next);
                }
            }
        }
        dry
    }

    /// Nobody swims but to get out of deep water.
    fn limits(&self) -> MoveLimits {
        let firm = MoveLimits {
            swim_allowed: false,
            ..MoveLimits::default()
        };
        let own = self.ground.cell(OffsetCoordinatesLarge::from(self.at));
        let is_afloat = own.is_some_and(|own| !firm.may_stand(own));
        MoveLimits {
            swim_allowed: is_afloat,
            ..firm
        }
    }

    /// What is known of a tile unless nobody passes there. The tile that one is on may always be left.
    fn passable(&self, tile: OffsetCoordinatesLarge) -> Option<GroundCell> {
        let cell = self.ground.cell(tile)?;
        let is_open = self.pace.on_cell(cell) > 0 || tile == OffsetCoordinatesLarge::from(self.at);
        is_open.then_some(cell)
    }

    /// A segment towards a point that is straight ahead.
    fn step(&self, corner: OffsetCoordinatesFloat) -> Option<Step> {
        let passable = |tile: OffsetCoordinatesLarge| self.passable(tile);
        let step = step(self.at, corner, self.pace, self.ground)?;
        can_walk_straight(self.at, step.destination, &self.limits(), &passable).then_some(step)
    }
}

/// A walk from one region into the next.
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    /// How the regions lie.
    pub layout: RegionLayout,
    /// From.
    pub region: u8,
    /// To.
    pub neighbour: u8,
    /// How far past the border one is of the neighbour, in milli tiles of coordinates.
    pub hysteresis_milli: u32,
}

impl Crossing {
    /// Where to go next, out of the places that can be reached: past the border if one of them is, else as near to it as one
    /// gets. `None` when that is no nearer.
    pub fn stage(
        &self,
        from: OffsetCoordinatesFloat,
        reachable: &[OffsetCoordinatesFloat],
    ) -> Option<OffsetCoordinatesFloat> {
        let well_past = self.hysteresis_milli.saturating_add(PAST_BORDER_MILLI);
        let is_across = |point: &OffsetCoordinatesFloat| {
            self.layout.crossing(self.region, *point, well_past) == Some(self.neighbour)
        };
        if let Some(across) = reachable.iter().find(|point| is_across(point)) {
            return Some(as_sent(*across));
        }
        let distance = |point: &OffsetCoordinatesFloat| self.distance(*point).unwrap_or(u64::MAX);
        let nearest = reachable.iter().min_by_key(|point| distance(point))?;
        let is_nearer = distance(nearest).saturating_add(LEAST_PROGRESS_MILLI) <= distance(&from);
        is_nearer.then(|| as_sent(*nearest))
    }

    /// The distance to the neighbour's rectangle, in milli tiles.
    fn distance(&self, from: OffsetCoordinatesFloat) -> Option<u64> {
        let bounds = self.layout.bounds(self.neighbour)?;
        let nearest = OffsetCoordinatesFloat {
            x: from.x.clamp(bounds.min_x(), bounds.max_x()),
            z: from.z.clamp(bounds.min_z(), bounds.max_z()),
            ..from
        };
        from.distance_milli(nearest)
    }
}

/// A walk to a goal, segment by segment.
#[derive(Clone, Debug)]
pub struct Journey {
    goal: OffsetCoordinatesFloat,
    corners: VecDeque<OffsetCoordinatesFloat>,
    /// Where the last segment leads.
    expected: Option<OffsetCoordinatesFloat>,
}

impl Journey {
    /// To a goal, which may be out of sight.
    pub fn new(goal: OffsetCoordinatesFloat) -> Self {
        Self {
            goal: as_sent(goal),
            corners: VecDeque::new(),
            expected: None,
        }
    }

    /// Where it leads, as the server takes it.
    pub fn goal(&self) -> OffsetCoordinatesFloat {
        self.goal
    }

    /// The next segment. The way is looked for anew when it ends or the walker is not where it has them. `None` when the walker
    /// is there, or no way brings them nearer.
    pub fn next<G: Ground>(&mut self, walker: &Walker<'_, G>) -> Option<Step> {
        if walker.at == self.goal {
            return None;
        }
        if self.expected != Some(walker.at) {
            self.corners.clear();
        }
        let known = self.corners.front().and_then(|corner| walker.step(*corner));
        let step = match known {
            Some(step) => step,
            None => {
                self.corners = walker.way(self.goal)?.into();
                let corner = *self.corners.front()?;
                // Cut short and rounded, a line along the border of tiles may leave them; to the middle of the next one none does.
                walker.step(corner).or_else(|| {
                    let next = large_tiles_between(walker.at, corner).nth(1)?;
                    walker.step(as_sent(next.center()?))
                })?
            }
        };
        if self.corners.front() == Some(&step.destination) {
            self.corners.pop_front();
        }
        self.expected = Some(step.destination);
        Some(step)
    }
}

#[cfg(test)]
mod tests {
    use hexmarch_sim_core::SpeedTable;

    use super::*;
    use crate::walk::PLAIN_STAT_PERMILLE;

    fn point(column: i32, row: i32) -> OffsetCoordinatesFloat {
        OffsetCoordinatesLarge::new(column, row, 1).center().unwrap()
    }

    /// A picture of the ground, north up: `.` dry, `~` deep, `^` too high, blank unknown.
    fn ground(picture: &'static [&'static str]) -> impl Ground {
        move |tile: OffsetCoordinatesLarge| {
            let row = picture.len().checked_sub(1 + usize::try_from(tile.z).ok()?)?;
            let sign = picture.get(row)?.as_bytes().get(usize::try_from(tile.x).ok()?)?;
            let (elevation, water_level) = match sign {
                b'.' => (10, i16::MIN),
                b'~' => (4, 10),
                b'^' => (30, i16::MIN),
                _ => return None,
            };
            Some(GroundCell {
                elevation,
                water_level,
                surface: 0,
            })
        }
    }

    /// Walks as far as it leads; `None` when there is no first step.
    fn walk(ground: &impl Ground, from: OffsetCoordinatesFloat, goal: OffsetCoordinatesFloat) -> Vec<GroundCell> {
        let (mut at, mut journey, mut crossed) = (from, Journey::new(goal), Vec::new());
        let pace = Pace::new(None, PLAIN_STAT_PERMILLE);
        for _ in 0..200 {
            let walker = Walker {
                at,
                pace: &pace,
                ground,
            };
            let Some(step) = journey.next(&walker) else {
                return crossed;
            };
            let limits = MoveLimits::default();
            assert!(can_walk_straight(at, step.destination, &limits, ground), "{step:?}");
            crossed.extend(large_tiles_between(at, step.destination).filter_map(|tile| ground.cell(tile)));
            at = step.destination;
            if at == journey.goal() {
                crossed.push(GroundCell::default());
            }
        }
        panic!("no end of the walk from {from:?} to {goal:?}");
    }

    fn arrives(crossed: &[GroundCell]) -> bool {
        crossed.last() == Some(&GroundCell::default())
    }

    #[test]
    fn around_water_and_walls() {
        let land = ground(&["........", "..~~~...", "..^^^...", "........"]);
        let crossed = walk(&land, point(3, 0), point(3, 3));
        assert!(arrives(&crossed) && crossed.iter().all(|cell| cell.depth() == 0));
        // The water lies across: nobody swims there.
        let river = ground(&["....", "~~~~", "...."]);
        assert!(!arrives(&walk(&river, point(1, 0), point(2, 2))));
    }

    #[test]
    fn out_of_deep_water() {
        let lake = ground(&["~~~~..", "~~~~..", "~~~~.."]);
        assert!(arrives(&walk(&lake, point(0, 1), point(5, 1))));
        let walker = Walker {
            at: point(0, 1),
            pace: &Pace::new(None, PLAIN_STAT_PERMILLE),
            ground: &lake,
        };
        assert_eq!(walker.reachable(MAX_TILES).len(), 6, "the dry ones");
    }

    #[test]
    fn as_near_as_one_gets() {
        let island = ground(&["^^^^^^^^", "......^.", "^^^^^^^^"]);
        let crossed = walk(&island, point(0, 1), point(7, 1));
        assert!(!crossed.is_empty() && !arrives(&crossed));
        // From there nothing is nearer.
        assert!(walk(&island, point(5, 1), point(7, 1)).is_empty());
        // Out of sight.
        assert!(!walk(&island, point(0, 1), point(90, 1)).is_empty());
    }

    #[test]
    fn not_where_nobody_passes() {
        let pace = |speed| Pace::of(SpeedTable::uniform(speed));
        let land = ground(&["...."]);
        let reachable = |pace: &Pace| {
            let walker = Walker {
                at: point(0, 0),
                pace,
                ground: &land,
            };
            walker.reachable(MAX_TILES).len()
        };
        assert_eq!((reachable(&pace(4_000)), reachable(&pace(0))), (3, 0));
    }

    #[test]
    fn a_crossing_goes_where_one_can() {
        let crossing = Crossing {
            layout: RegionLayout::new(2, 2, 2, 2).unwrap(),
            region: 1,
            neighbour: 2,
            hysteresis_milli: 3_000,
        };
        let from = point(50, 10);
        let stage = |reachable: &[OffsetCoordinatesFloat]| crossing.stage(from, reachable);
        assert_eq!(stage(&[]), None);
        assert_eq!(stage(&[point(49, 10), point(50, 40)]), None, "no nearer");
        assert_eq!(
            stage(&[point(49, 10), point(53, 30), point(52, 10)]),
            Some(point(53, 30))
        );
        // Across the border, and past what is still the first region's.
        assert_eq!(
            stage(&[point(65, 10), point(66, 10), point(67, 10)]),
            Some(point(66, 10))
        );
    }
}
