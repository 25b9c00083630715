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
