//! Where springs rise, what way their water takes, and which hollows it fills.
//!
//! Water moves on a coarse lattice of nodes, from each to its lowest neighbour. A node without a lower one is the bottom
//! of a lake, which fills up to its lowest rim and runs on from there. Levels never rise on the way, and every way ends
//! in the sea or in a lake without a rim. All of it looks no further than [`MAX_STEPS`] nodes.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::rc::Rc;

use crate::area::Area;
use crate::height::Heights;
use crate::noise::{place_fraction, Point, ROW_HEIGHT};

pub use crate::waters::{Lake, Node, Reach, Waters, STEPS_BETWEEN};

/// Widths of a large tile between nodes.
pub const SPACING: f64 = 8.0;
/// Longest way of a spring's water, in nodes; a spring whose way is longer is none.
pub const MAX_STEPS: usize = 56;
/// Most nodes of a lake; a hollow that is larger has no rim.
pub const MAX_LAKE_NODES: usize = 90;
/// Nodes along a side of the cells that have at most one spring.
const SPRING_CELL: i32 = 6;
/// Lowest spring.
const SPRING_HEIGHT: f64 = 24.0;
/// How far below the land water flows.
const INCISION: f64 = 2.0;
/// Most nodes that are remembered.
const MAX_REMEMBERED: usize = 400_000;

/// What a node adds to the waters, whatever flows through it.
#[derive(Debug, Default)]
struct Piece {
    /// The way on.
    reach: Option<Reach>,
    /// The way from a lake to the lowest place of its rim.
    sill: Option<Reach>,
    /// The lake whose bottom the node is.
    lake: Option<Rc<Lake>>,
}

/// The nodes of a spring's water, and a rectangle around all that they add.
#[derive(Debug)]
struct Way {
    nodes: Vec<Node>,
    area: Area,
}

/// The waters of a world.
#[derive(Debug)]
pub struct Rivers {
    seed: u64,
    /// A cache: what it holds follows from the seed.
    heights: RefCell<HashMap<Node, f64>>,
    lakes: RefCell<HashMap<Node, Rc<Lake>>>,
    ways: RefCell<HashMap<Node, Rc<Way>>>,
    levels: RefCell<HashMap<Node, f64>>,
    pieces: RefCell<HashMap<Node, Rc<Piece>>>,
    falls: RefCell<HashMap<Node, [f64; STEPS_BETWEEN]>>,
}

/// Where water goes from a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The node is under the sea.
    Sea,
    /// Downhill, or over the rim of the lake whose bottom the node is.
    Node(Node),
    /// The node is the bottom of a lake without a rim.
    Nowhere,
}

impl Rivers {
    /// Of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            heights: RefCell::default(),
            lakes: RefCell::default(),
            ways: RefCell::default(),
            levels: RefCell::default(),
            pieces: RefCell::default(),
            falls: RefCell::default(),
        }
    }

    /// The waters that touch an area.
    pub fn around(&self, heights: &Heights, area: &Area) -> Waters {
        self.forget_when_full();
        let reach = MAX_STEPS as i32;
        let column = |x: f64| (x / SPACING).floor() as i32;
        let row = |z: f64| (z / (SPACING * ROW_HEIGHT)).floor() as i32;
        let cells =
            |low: i32, high: i32| (low - reach).div_euclid(SPRING_CELL)..=(high + 1 + reach).div_euclid(SPRING_CELL);
        let mut nodes = Vec::new();
        for cell_z in cells(row(area.min.z), row(area.max.z)) {
            for cell_x in cells(column(area.min.x), column(area.max.x)) {
                let way = self.way_of_spring(heights, (cell_x, cell_z));
                if way.area.touches(area) {
                    nodes.extend_from_slice(&way.nodes);
                }
            }
        }
        // As often as springs feed it, each node stands in the list.
        nodes.sort_unstable();
        let mut waters = Waters::default();
        for springs in nodes.chunk_by(|a, b| a == b) {
            let Some(node) = springs.first() else { continue };
            let piece = self.piece(heights, *node);
            if let Some(lake) = piece.lake.as_ref().filter(|lake| lake.area().touches(area)) {
                if !waters.lakes.contains(lake) {
                    waters.lakes.push(Rc::clone(lake));
                }
            }
            let springs = u32::try_from(springs.len()).unwrap_or(u32::MAX);
            if let Some(sill) = piece.sill.filter(|sill| sill.area().touches(area)) {
                waters.reaches.push(Reach { springs, ..sill });
            }
            if let Some(reach) = piece.reach.filter(|reach| reach.area().touches(area)) {
                let between = self.levels_between(heights, *node, &reach);
                waters.reaches.push(Reach {
                    springs,
                    between,
                    ..reach
                });
            }
        }
        waters
    }

    /// The way of the spring of a cell; of no nodes when the cell has none.
    fn way_of_spring(&self, heights: &Heights, cell: Node) -> Rc<Way> {
        if let Some(known) = self.ways.borrow().get(&cell) {
            return Rc::clone(known);
        }
        let nodes = self.follow_spring(heights, cell);
        let mut area = Area::NOTHING;
        for node in &nodes {
            let piece = self.piece(heights, *node);
            for reach in [&piece.reach, &piece.sill].into_iter().flatten() {
                area = area.with(reach.from).with(reach.to);
            }
            if let Some(lake) = &piece.lake {
                area = area.with(lake.area().min).with(lake.area().max);
            }
        }
        let way = Rc::new(Way { nodes, area });
        self.ways.borrow_mut().insert(cell, Rc::clone(&way));
        way
    }

    fn follow_spring(&self, heights: &Heights, cell: Node) -> Vec<Node> {
        let part = |salt: u64| (place_fraction(self.seed, salt, cell) * f64::from(SPRING_CELL)) as i32;
        let mut node = (cell.0 * SPRING_CELL + part(21), cell.1 * SPRING_CELL + part(22));
        if self.height(heights, node) < SPRING_HEIGHT {
            return Vec::new();
        }
        let mut way = Vec::new();
        while way.len() < MAX_STEPS {
            way.push(node);
            match self.next(heights, node) {
                Next::Node(next) => node = next,
                Next::Sea | Next::Nowhere => return way,
            }
        }
        Vec::new()
    }

    fn piece(&self, heights: &Heights, node: Node) -> Rc<Piece> {
        if let Some(known) = self.pieces.borrow().get(&node) {
            return Rc::clone(known);
        }
        let piece = Rc::new(self.make_piece(heights, node));
        self.pieces.borrow_mut().insert(node, Rc::clone(&piece));
        piece
    }

    fn make_piece(&self, heights: &Heights, node: Node) -> Piece {
        let next = match self.next(heights, node) {
            Next::Node(next) => next,
            Next::Sea => return Piece::default(),
            Next::Nowhere => {
                return Piece {
                    reach: None,
                    sill: None,
                    lake: Some(self.lake(heights, node)),
                };
            }
        };
        let bottom = self.lower_neighbour(heights, node).is_none();
        let lake = bottom.then(|| self.lake(heights, node));
        let rim = lake.as_ref().and_then(|lake| lake.outlet).map(|(rim, _)| rim);
        let level = self.level(heights, node);
        let sill = rim.map(|rim| {
            let inside = lake.iter().flat_map(|lake| &lake.nodes);
            let beside = inside.filter(|inside| neighbours(rim).contains(inside));
            let lowest = beside.min_by(|a, b| self.height(heights, **a).total_cmp(&self.height(heights, **b)));
            Reach {
                from: self.point(lowest.copied().unwrap_or(node)),
                to: self.point(rim),
                from_level: level,
                to_level: level,
                between: [level; STEPS_BETWEEN],
                springs: 0,
            }
        });
        let reach = Reach {
            from: self.point(rim.unwrap_or(node)),
            to: self.point(next),
            from_level: level,
            to_level: self.level(heights, next),
            between: [0.0; STEPS_BETWEEN],
            springs: 0,
        };
        Piece {
            reach: Some(reach),
            sill,
            lake,
        }
    }

    /// The level of the water at a node: below the land, and never below where it goes on to.
    fn level(&self, heights: &Heights, node: Node) -> f64 {
        let mut way = Vec::new();
        let mut at = node;
        // What the way comes down to.
        let mut level = 0.0_f64;
        for _ in 0..=MAX_STEPS {
            if let Some(known) = self.levels.borrow().get(&at) {
                level = *known;
                break;
            }
            way.push(at);
            match self.next(heights, at) {
                Next::Node(next) => at = next,
                Next::Sea | Next::Nowhere => break,
            }
        }
        for node in way.into_iter().rev() {
            level = if self.height(heights, node) >= 0.0 && self.lower_neighbour(heights, node).is_none() {
                // Beyond the rim of a lake all is lower.
                self.lake(heights, node).level
            } else {
                level.max(self.height(heights, node) - INCISION)
            };
            self.levels.borrow_mut().insert(node, level);
        }
        level
    }

    /// Where land falls steeply at first, water does too, lest it flows on a dam.
    fn levels_between(&self, heights: &Heights, node: Node, reach: &Reach) -> [f64; STEPS_BETWEEN] {
        if let Some(known) = self.falls.borrow().get(&node) {
            return *known;
        }
        let (from, to) = (reach.from, reach.to);
        let mut level = reach.from_level;
        let mut step = 0.0;
        let levels = [(); STEPS_BETWEEN].map(|()| {
            step += 1.0 / (STEPS_BETWEEN + 1) as f64;
            let place = heights.unwound(Point {
                x: from.x + (to.x - from.x) * step,
                z: from.z + (to.z - from.z) * step,
            });
            let even = reach.from_level + (reach.to_level - reach.from_level) * step;
            level = level
                .min(even)
                .min(heights.coarse(place) - INCISION)
                .max(reach.to_level);
            level
        });
        self.falls.borrow_mut().insert(node, levels);
        levels
    }

    fn next(&self, heights: &Heights, node: Node) -> Next {
        if self.height(heights, node) < 0.0 {
            return Next::Sea;
        }
        if let Some(lower) = self.lower_neighbour(heights, node) {
            return Next::Node(lower);
        }
        match self.lake(heights, node).outlet {
            Some((_, beyond)) => Next::Node(beyond),
            None => Next::Nowhere,
        }
    }

    fn lower_neighbour(&self, heights: &Heights, node: Node) -> Option<Node> {
        let own = self.height(heights, node);
        let lowest = neighbours(node)
            .map(|other| (self.height(heights, other), other))
            .into_iter()
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        (lowest.0 < own).then_some(lowest.1)
    }

    /// The lake over a node that has no lower neighbour.
    fn lake(&self, heights: &Heights, bottom: Node) -> Rc<Lake> {
        if let Some(known) = self.lakes.borrow().get(&bottom) {
            return Rc::clone(known);
        }
        let lake = Rc::new(self.fill(heights, bottom));
        self.lakes.borrow_mut().insert(bottom, Rc::clone(&lake));
        lake
    }

    fn fill(&self, heights: &Heights, bottom: Node) -> Lake {
        let mut level = self.height(heights, bottom);
        let mut rim = bottom;
        let mut nodes = Vec::new();
        let mut seen = vec![bottom];
        let mut shore = BinaryHeap::new();
        shore.push(Reverse((Total(level), bottom)));
        while let Some(Reverse((Total(height), node))) = shore.pop() {
            if height < level {
                return self.make_lake(heights, (level, nodes), Some((rim, node)));
            }
            if nodes.len() >= MAX_LAKE_NODES {
                break;
            }
            if height >= level {
                (level, rim) = (height, node);
            }
            nodes.push(node);
            for other in neighbours(node) {
                if !seen.contains(&other) {
                    seen.push(other);
                    shore.push(Reverse((Total(self.height(heights, other)), other)));
                }
            }
        }
        self.make_lake(heights, (level, nodes), None)
    }

    fn make_lake(&self, heights: &Heights, (level, mut nodes): (f64, Vec<Node>), outlet: Option<(Node, Node)>) -> Lake {
        nodes.retain(|flooded| self.height(heights, *flooded) < level);
        let points = nodes.iter().map(|node| self.point(*node)).collect();
        let around = nodes.iter().flat_map(|node| neighbours(*node)).flat_map(neighbours);
        let mut beyond: Vec<Node> = around
            .filter(|node| !nodes.contains(node) && self.height(heights, *node) < level)
            .collect();
        beyond.sort_unstable();
        beyond.dedup();
        Lake {
            level,
            points,
            beyond: beyond.into_iter().map(|node| self.point(node)).collect(),
            nodes,
            outlet,
        }
    }

    /// The height of the land at a node.
    pub(crate) fn height(&self, heights: &Heights, node: Node) -> f64 {
        if let Some(known) = self.heights.borrow().get(&node) {
            return *known;
        }
        let height = heights.coarse(self.point(node));
        self.heights.borrow_mut().insert(node, height);
        height
    }

    /// Where a node is: shifted at random, so that rivers wind.
    pub fn point(&self, node: Node) -> Point {
        let place = Point::of_row(node.0, node.1);
        let shift = |salt: u64| (place_fraction(self.seed, salt, node) - 0.5) * 0.6;
        Point {
            x: (place.x + shift(23)) * SPACING,
            z: (place.z + shift(24)) * SPACING,
        }
    }

    fn forget_when_full(&self) {
        if self.heights.borrow().len() > MAX_REMEMBERED {
            self.heights.borrow_mut().clear();
            self.lakes.borrow_mut().clear();
            self.ways.borrow_mut().clear();
            self.levels.borrow_mut().clear();
            self.pieces.borrow_mut().clear();
            self.falls.borrow_mut().clear();
        }
    }
}

/// The node whose place on the even lattice is about there.
pub(crate) fn node_at(place: Point) -> Node {
    let row = (place.z / (SPACING * ROW_HEIGHT)).round() as i32;
    let shift = if row.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
    ((place.x / SPACING - shift).round() as i32, row)
}

/// The six nodes around.
pub(crate) fn neighbours((x, z): Node) -> [Node; 6] {
    let shift = z.rem_euclid(2);
    [
        (x + 1, z),
        (x + shift, z + 1),
        (x + shift - 1, z + 1),
        (x - 1, z),
        (x + shift - 1, z - 1),
        (x + shift, z - 1),
    ]
}

/// A height with an order.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Total(f64);

impl Eq for Total {}

impl PartialOrd for Total {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Total {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
