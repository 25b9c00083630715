//! Whether a place lies on land that is worth living on, or on an islet.

use std::collections::HashSet;

use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::RegionBounds;

use crate::height::Heights;
use crate::noise::Point;
use crate::rivers::{neighbours, node_at, Node, Rivers, SPACING};

/// How much of its region can be walked to from where people live, in thousandths.
pub const HOMELAND_PERMILLE: i64 = 60;

/// What is known of the lands of a region.
#[derive(Clone, Debug)]
pub(crate) struct Homelands {
    columns: std::ops::Range<i32>,
    rows: std::ops::Range<i32>,
    enough: usize,
    /// Nodes of lands that are large enough. A cache: what it holds follows from the heights.
    known: HashSet<Node>,
}

impl Homelands {
    /// Of a region, of which nothing is known yet.
    pub(crate) fn new(bounds: &RegionBounds) -> Self {
        let per_chunk = LARGE_PER_CHUNK / SPACING as i32;
        let (columns, rows) = (
            bounds.min_chunk_x * per_chunk..bounds.max_chunk_x * per_chunk,
            bounds.min_chunk_z * per_chunk..bounds.max_chunk_z * per_chunk,
        );
        let nodes = i64::from(columns.end - columns.start) * i64::from(rows.end - rows.start);
        Self {
            columns,
            rows,
            enough: usize::try_from(nodes * HOMELAND_PERMILLE / 1_000).unwrap_or(usize::MAX),
            known: HashSet::new(),
        }
    }

    /// Whether the land of a place, without what lies over the sea or in other regions, is large enough.
    pub(crate) fn has(&mut self, rivers: &Rivers, heights: &Heights, place: Point) -> bool {
        let start = node_at(place);
        let mut seen = HashSet::from([start]);
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            if seen.len() >= self.enough || self.known.contains(&node) {
                self.known.extend(seen);
                return true;
            }
            for other in neighbours(node) {
                let is_inside = self.columns.contains(&other.0) && self.rows.contains(&other.1);
                if is_inside && rivers.height(heights, other) >= 0.0 && seen.insert(other) {
                    open.push(other);
                }
            }
        }
        false
    }
}
