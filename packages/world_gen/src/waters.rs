//! Rivers and lakes as they lie in the land.

use std::rc::Rc;

use crate::area::Area;
use crate::noise::Point;

/// A node of the lattice, by column and row.
pub type Node = (i32, i32);

/// A hollow full of water.
#[derive(Clone, Debug, PartialEq)]
pub struct Lake {
    /// Its surface.
    pub level: f64,
    /// The nodes below it.
    pub nodes: Vec<Node>,
    /// Where those are.
    pub points: Vec<Point>,
    /// Where low ground is that its rim parts from it.
    pub beyond: Vec<Point>,
    /// Where it runs over: the lowest place of the rim, and the first node beyond that is lower; `None` without a rim.
    pub outlet: Option<(Node, Node)>,
}

/// A straight piece of a river.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Upper end.
    pub from: Point,
    /// Lower end.
    pub to: Point,
    /// Level of the water at the upper end.
    pub from_level: f64,
    /// Level of the water at the lower end, not above.
    pub to_level: f64,
    /// Levels at equal steps between the ends: as the land falls.
    pub between: [f64; STEPS_BETWEEN],
    /// Springs that feed it.
    pub springs: u32,
}

/// Places between the ends of a reach at which the land is looked at.
pub const STEPS_BETWEEN: usize = 3;
/// All that is known of the waters around a place.
#[derive(Clone, Debug, Default)]
pub struct Waters {
    /// Pieces of rivers.
    pub reaches: Vec<Reach>,
    /// Lakes that rivers fill.
    pub lakes: Vec<Rc<Lake>>,
}

impl Lake {
    pub(crate) fn area(&self) -> Area {
        self.points.iter().fold(Area::NOTHING, |area, point| area.with(*point))
    }
}

impl Reach {
    /// The level of the water at a part of the way, 0 to 1.
    pub fn level(&self, along: f64) -> f64 {
        let at = along.clamp(0.0, 1.0) * (STEPS_BETWEEN + 1) as f64;
        let [a, b, c] = self.between;
        let (start, upper, lower) = if at < 1.0 {
            (0.0, self.from_level, a)
        } else if at < 2.0 {
            (1.0, a, b)
        } else if at < 3.0 {
            (2.0, b, c)
        } else {
            (3.0, c, self.to_level)
        };
        upper + (lower - upper) * (at - start)
    }

    pub(crate) fn area(&self) -> Area {
        Area::of_line(self.from, self.to)
    }
}

impl Waters {
    /// Those that touch an area, in the same order.
    pub fn within(&self, area: &Area) -> Self {
        let reaches = self.reaches.iter().filter(|reach| reach.area().touches(area));
        let lakes = self.lakes.iter().filter(|lake| lake.area().touches(area));
        Self {
            reaches: reaches.copied().collect(),
            lakes: lakes.cloned().collect(),
        }
    }
}
