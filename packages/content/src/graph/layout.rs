//! A layered layout: boxes in columns, every edge from left to right, no box on another and no edge through a box.
//!
//! The method is Sugiyama's: columns by the longest way from a source, places for edges that pass a column, an order
//! within columns with few crossings, then heights that keep edges straight. Edges of one box share their way.

use std::collections::BTreeMap;

/// Between columns.
const COLUMN_GAP: i32 = 50;
/// Between boxes of a column.
const ROW_GAP: i32 = 14;
/// Round a passing edge.
const PASSAGE: i32 = 6;
/// Sweeps that look for an order with fewer crossings.
const ORDER_SWEEPS: usize = 16;
/// Sweeps that straighten edges.
const STRAIGHTEN_SWEEPS: usize = 24;

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Left.
    pub x: i32,
    /// Top.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Area {
    /// Whether two rectangles share a point inside.
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart = |low: i32, size: i32, other_low: i32, other_size: i32| {
            low.saturating_add(size) <= other_low || other_low.saturating_add(other_size) <= low
        };
        !apart(self.x, self.width, other.x, other.width) && !apart(self.y, self.height, other.y, other.height)
    }

    /// Half its height down.
    pub fn middle(&self) -> i32 {
        self.y.saturating_add(self.height / 2)
    }

    /// Its right end.
    pub fn right(&self) -> i32 {
        self.x.saturating_add(self.width)
    }

    /// Its lower end.
    pub fn bottom(&self) -> i32 {
        self.y.saturating_add(self.height)
    }
}

/// What connects two neighbouring columns.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// A box, or a passage: what it comes from.
    pub from: usize,
    /// A box, or a passage.
    pub to: usize,
}

/// Where everything is. The first areas are the boxes, in the order given; the others are passages of edges.
#[derive(Debug)]
pub struct Layout {
    /// Boxes, then passages.
    pub areas: Vec<Area>,
    /// The box that a passage's edge comes from; a box itself.
    pub origins: Vec<usize>,
    /// Pieces of edges.
    pub links: Vec<Link>,
    /// Of all.
    pub width: i32,
    /// Of all.
    pub height: i32,
}

struct Grid {
    sizes: Vec<(i32, i32)>,
    columns: Vec<Vec<usize>>,
    column_of: Vec<usize>,
    origins: Vec<usize>,
    links: Vec<Link>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
}

/// Lays out boxes of these sizes. An edge that would close a circle, and one to a box that is not there, is left out.
pub fn lay_out(sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Layout {
    let edges = without_circles(sizes.len(), edges);
    let mut grid = Grid::new(sizes, &edges);
    grid.order();
    grid.place()
}

/// Edges that can all point to the right.
pub(super) fn without_circles(count: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut kept: Vec<(usize, usize)> = Vec::new();
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in edges.iter().copied().filter(|(from, to)| from.max(to) < &count) {
        let mut seen = vec![false; count];
        let mut open = vec![to];
        while let Some(at) = open.pop() {
            if let Some(is_seen) = seen.get_mut(at).filter(|seen| !**seen) {
                *is_seen = true;
                open.extend(after.get(at).into_iter().flatten());
            }
        }
        let closes = seen.get(from).copied().unwrap_or(true);
        if let Some(list) = after.get_mut(from).filter(|list| !closes && !list.contains(&to)) {
            list.push(to);
            kept.push((from, to));
        }
    }
    kept
}

/// Columns: as far to the right as the longest way from a source is long.
fn depths(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut depths = vec![0_usize; count];
    for _ in 0..count {
        let mut is_settled = true;
        for (from, to) in edges {
            let least = depths.get(*from).map_or(0, |depth| depth.saturating_add(1));
            if let Some(depth) = depths.get_mut(*to).filter(|depth| **depth < least) {
                *depth = least;
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    depths
}

impl Grid {
    fn new(sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Self {
        let column_of = depths(sizes.len(), edges);
        let mut grid = Self {
            sizes: sizes.to_vec(),
            columns: vec![Vec::new(); column_of.iter().max().map_or(0, |last| last.saturating_add(1))],
            column_of,
            origins: (0..sizes.len()).collect(),
            links: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
        };
        let mut passages: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (from, to) in edges {
            let column = |at: &usize| grid.column_of.get(*at).copied().unwrap_or(0);
            let (first, last) = (column(from), column(to));
            let mut at = *from;
            for passed in first.saturating_add(1)..last {
                at = match passages.get(&(*from, passed)) {
                    Some(passage) => *passage,
                    None => {
                        let passage = grid.passage(*from, passed);
                        passages.insert((*from, passed), passage);
                        grid.links.push(Link { from: at, to: passage });
                        passage
                    }
                };
            }
            grid.links.push(Link { from: at, to: *to });
        }
        grid.before = vec![Vec::new(); grid.sizes.len()];
        grid.after = vec![Vec::new(); grid.sizes.len()];
        for link in &grid.links {
            if let Some(list) = grid.before.get_mut(link.to) {
                list.push(link.from);
            }
            if let Some(list) = grid.after.get_mut(link.from) {
                list.push(link.to);
            }
        }
        for (at, column) in grid.column_of.iter().enumerate() {
            if let Some(column) = grid.columns.get_mut(*column) {
                column.push(at);
            }
        }
        grid
    }

    fn passage(&mut self, origin: usize, column: usize) -> usize {
        let passage = self.sizes.len();
        self.sizes.push((0, PASSAGE));
        self.column_of.push(column);
        self.origins.push(origin);
        passage
    }

    /// Puts boxes of a column near those that they are connected with, as long as that saves crossings.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.columns.clone());
        for sweep in 0..ORDER_SWEEPS {
            let is_forward = sweep % 2 == 0;
            let indices: Vec<usize> = match is_forward {
                true => (1..self.columns.len()).collect(),
                false => (0..self.columns.len().saturating_sub(1)).rev().collect(),
            };
            for index in indices {
                let beside = if is_forward {
                    index.saturating_sub(1)
                } else {
                    index.saturating_add(1)
                };
                let places = places(self.columns.get(beside).map_or(&[], Vec::as_slice));
                let neighbours = if is_forward { &self.before } else { &self.after };
                let Some(column) = self.columns.get(index) else {
                    continue;
                };
                let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(column.len());
                for (place, at) in column.iter().enumerate() {
                    let near = neighbours.get(*at).map_or(&[][..], Vec::as_slice);
                    let near: Vec<f64> = near.iter().filter_map(|at| places.get(at).copied()).collect();
                    keyed.push((mean(&near).unwrap_or(place as f64), *at));
                }
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                if let Some(column) = self.columns.get_mut(index) {
                    *column = keyed.into_iter().map(|(_, at)| at).collect();
                }
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.columns.clone());
            }
        }
        self.columns = best.1;
    }

    fn crossings(&self) -> usize {
        let mut count = 0_usize;
        for pair in self.columns.windows(2) {
            let [left, right] = pair else { continue };
            let (left, right) = (places(left), places(right));
            let ends = self
                .links
                .iter()
                .filter_map(|link| Some((left.get(&link.from)?, right.get(&link.to)?)));
            let ends: Vec<(&f64, &f64)> = ends.collect();
            for (index, (a_left, a_right)) in ends.iter().enumerate() {
                let others = ends.iter().skip(index.saturating_add(1));
                let crossed = others.filter(|(b_left, b_right)| {
                    (a_left < b_left && a_right > b_right) || (a_left > b_left && a_right < b_right)
                });
                count = count.saturating_add(crossed.count());
            }
        }
        count
    }

    /// Gives everything its place.
    fn place(self) -> Layout {
        let mut centres = vec![0.0_f64; self.sizes.len()];
        for column in &self.columns {
            self.settle(column, &vec![0.0; column.len()], &mut centres);
        }
        for sweep in 0..STRAIGHTEN_SWEEPS {
            let is_forward = sweep % 2 == 0;
            let mut order: Vec<&Vec<usize>> = self.columns.iter().collect();
            if !is_forward {
                order.reverse();
            }
            for column in order {
                let wish = |at: &usize| {
                    let sides = if is_forward {
                        [&self.before, &self.after]
                    } else {
                        [&self.after, &self.before]
                    };
                    let near = sides
                        .into_iter()
                        .find_map(|side| side.get(*at).filter(|near| !near.is_empty()));
                    let near = near.into_iter().flatten().filter_map(|at| centres.get(*at).copied());
                    mean(&near.collect::<Vec<f64>>())
                        .or_else(|| centres.get(*at).copied())
                        .unwrap_or(0.0)
                };
                let wishes: Vec<f64> = column.iter().map(wish).collect();
                self.settle(column, &wishes, &mut centres);
            }
        }
        self.finish(&centres)
    }

    fn height(&self, at: usize) -> f64 {
        self.sizes.get(at).map_or(0.0, |(_, height)| f64::from(*height))
    }

    /// Puts the boxes of a column as near to where they wish to be as their order and size allow: the pool of
    /// adjacent violators.
    fn settle(&self, column: &[usize], wishes: &[f64], centres: &mut [f64]) {
        let mut offset = 0.0;
        let mut offsets = Vec::with_capacity(column.len());
        let mut pools: Vec<(f64, usize)> = Vec::new();
        let mut above = None;
        for (at, wish) in column.iter().zip(wishes) {
            let half = self.height(*at) / 2.0;
            if let Some(above) = above {
                offset += above + f64::from(ROW_GAP) + half;
            }
            above = Some(half);
            offsets.push(offset);
            let mut pool = (*wish - offset, 1_usize);
            while let Some((sum, count)) = pools.last().copied() {
                if sum / (count as f64) < pool.0 / (pool.1 as f64) {
                    break;
                }
                pools.pop();
                pool = (pool.0 + sum, pool.1.saturating_add(count));
            }
            pools.push(pool);
        }
        let settled = pools
            .into_iter()
            .flat_map(|(sum, count)| std::iter::repeat_n(sum / (count as f64), count));
        for ((at, offset), settled) in column.iter().zip(offsets).zip(settled) {
            if let Some(centre) = centres.get_mut(*at) {
                *centre = settled + offset;
            }
        }
    }

    fn finish(self, centres: &[f64]) -> Layout {
        let tops = centres
            .iter()
            .enumerate()
            .map(|(at, centre)| centre - self.height(at) / 2.0);
        let top = tops.fold(f64::INFINITY, f64::min);
        let mut areas = vec![
            Area {
                x: 0,
                y: 0,
                width: 0,
                height: 0
            };
            self.sizes.len()
        ];
        let mut x = 0_i32;
        for column in &self.columns {
            let widths = column
                .iter()
                .filter_map(|at| self.sizes.get(*at))
                .map(|(width, _)| *width);
            let width = widths.max().unwrap_or(0);
            for at in column {
                let (own, height) = self.sizes.get(*at).copied().unwrap_or_default();
                let centre = centres.get(*at).copied().unwrap_or(0.0);
                let y = (centre - f64::from(height) / 2.0 - top).round() as i32;
                // A passage is as wide as its column, so that its edge is level beside the boxes.
                let own = if own == 0 { width } else { own };
                let left = x.saturating_add(width.saturating_sub(own) / 2);
                if let Some(area) = areas.get_mut(*at) {
                    *area = Area {
                        x: left,
                        y,
                        width: own,
                        height,
                    };
                }
            }
            x = x.saturating_add(width).saturating_add(COLUMN_GAP);
        }
        Layout {
            width: areas.iter().map(Area::right).max().unwrap_or(0),
            height: areas.iter().map(Area::bottom).max().unwrap_or(0),
            areas,
            origins: self.origins,
            links: self.links,
        }
    }
}

fn places(column: &[usize]) -> BTreeMap<usize, f64> {
    column
        .iter()
        .enumerate()
        .map(|(place, at)| (*at, place as f64))
        .collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Layout {
        let layout = lay_out(sizes, edges);
        for (index, area) in layout.areas.iter().enumerate() {
            for other in layout.areas.iter().skip(index + 1) {
                assert!(!area.overlaps(other), "{area:?} {other:?}");
            }
            assert!(area.x >= 0 && area.y >= 0 && area.right() <= layout.width && area.bottom() <= layout.height);
        }
        for link in &layout.links {
            assert!(layout.areas[link.from].right() < layout.areas[link.to].x, "{link:?}");
        }
        layout
    }

    #[test]
    fn edges_point_to_the_right() {
        check(&[], &[]);
        check(&[(10, 10)], &[]);
        let layout = check(&[(10, 10), (30, 20), (10, 10)], &[(0, 1), (1, 2), (0, 2)]);
        // One passage beside the box between.
        assert_eq!(layout.areas.len(), 4);
        assert_eq!(layout.origins[3], 0);
    }

    #[test]
    fn circles_and_nonsense_are_left_out() {
        let layout = check(&[(10, 10), (10, 10)], &[(0, 1), (1, 0), (0, 0), (0, 7), (0, 1)]);
        assert_eq!(layout.links.len(), 1);
    }

    #[test]
    fn a_dense_graph_has_room() {
        let sizes: Vec<(i32, i32)> = (0..40).map(|index| (20 + index, 10 + index % 7 * 5)).collect();
        let edges: Vec<(usize, usize)> = (0..40)
            .flat_map(|a| (a + 1..40).filter(move |b| (a * b) % 5 == 1).map(move |b| (a, b)))
            .collect();
        check(&sizes, &edges);
    }
}
