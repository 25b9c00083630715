//! Rectangles of the plane.

use crate::noise::Point;

/// A rectangle, in widths of a large tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// South western corner.
    pub min: Point,
    /// North eastern corner.
    pub max: Point,
}

impl Area {
    /// What includes nothing.
    pub(crate) const NOTHING: Self = Self {
        min: Point {
            x: f64::MAX,
            z: f64::MAX,
        },
        max: Point {
            x: f64::MIN,
            z: f64::MIN,
        },
    };

    /// The least that includes both ends of a line.
    pub(crate) fn of_line(from: Point, to: Point) -> Self {
        Self::NOTHING.with(from).with(to)
    }

    /// The least that includes this one and a point.
    pub(crate) fn with(self, point: Point) -> Self {
        let (min, max) = (self.min, self.max);
        Self {
            min: Point {
                x: min.x.min(point.x),
                z: min.z.min(point.z),
            },
            max: Point {
                x: max.x.max(point.x),
                z: max.z.max(point.z),
            },
        }
    }

    /// So much larger on every side.
    pub fn grown(self, by: f64) -> Self {
        let (min, max) = (self.min, self.max);
        Self {
            min: Point {
                x: min.x - by,
                z: min.z - by,
            },
            max: Point {
                x: max.x + by,
                z: max.z + by,
            },
        }
    }

    /// Whether two have a point in common.
    pub fn touches(&self, other: &Self) -> bool {
        self.min.x <= other.max.x && self.max.x >= other.min.x && self.min.z <= other.max.z && self.max.z >= other.min.z
    }
}
