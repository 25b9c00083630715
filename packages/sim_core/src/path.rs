//! Ways around what one cannot walk over.
//!
//! A way is found on large tiles and then drawn tight: its corners are points between which one can walk straight. What it
//! promises is what [`check_move`](crate::check_move) asks of a move: each straight piece crosses only ground that exists,
//! without a step that is too high.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::hex::LargeHexTile;
use crate::movement::{can_walk_straight, Ground, GroundCell, MoveLimits};
use crate::position::OffsetCoordinatesFloat;

/// Most corners of a way.
pub const MAX_CORNERS: usize = 512;
/// What a step costs, in thousandths of a tile.
const STEP_COST: u32 = 1_000;
/// What a step costs more for each unit up or down.
const CLIMB_COST: u32 = 150;
/// What a step costs more through water, for each unit of depth.
const WATER_COST: u32 = 250;
/// Furthest that a way is drawn straight, in corners: what is tried grows with its square.
const MAX_PULL: usize = 12;

/// Finds a way between two points of one dimension, the first point left out and the last one in.
///
/// Looks at no more than `max_tiles` large tiles; `None` when there is no way, or none was found among those.
pub fn find_path(
    from: OffsetCoordinatesFloat,
    to: OffsetCoordinatesFloat,
    limits: &MoveLimits,
    ground: &impl Ground,
    max_tiles: usize,
) -> Option<Vec<OffsetCoordinatesFloat>> {
    if from.dimension != to.dimension {
        return None;
    }
    if can_walk_straight(from, to, limits, ground) {
        return Some(vec![to]);
    }
    let tiles = search(
        LargeHexTile::at(from)?,
        LargeHexTile::at(to)?,
        limits,
        ground,
        max_tiles,
    )?;
    let mut points: Vec<OffsetCoordinatesFloat> = tiles.into_iter().filter_map(LargeHexTile::center).collect();
    points.pop();
    points.push(to);
    pull_tight(from, &points, limits, ground)
}

/// The tiles of a cheapest way, the first left out.
fn search(
    from: LargeHexTile,
    to: LargeHexTile,
    limits: &MoveLimits,
    ground: &impl Ground,
    max_tiles: usize,
) -> Option<Vec<LargeHexTile>> {
    let goal = cell(ground, to)?;
    limits.may_stand(goal).then_some(())?;
    // Cost from the start, and the tile before.
    let mut best: BTreeMap<LargeHexTile, (u32, LargeHexTile)> = BTreeMap::from([(from, (0, from))]);
    let mut open = BinaryHeap::from([Reverse((estimate(from, to), 0_u32, from))]);
    let mut looked_at = 0;
    while let Some(Reverse((_, cost, tile))) = open.pop() {
        if tile == to {
            return Some(trace(&best, from, to));
        }
        if best.get(&tile).is_some_and(|known| known.0 < cost) {
            continue;
        }
        looked_at += 1;
        if looked_at > max_tiles {
            return None;
        }
        let Some(own) = cell(ground, tile) else { continue };
        for next in tile.neighbours() {
            let Some(other) = cell(ground, next).filter(|other| limits.may_step(own, *other)) else {
                continue;
            };
            let total = cost.saturating_add(step_cost(own, other));
            if best.get(&next).is_none_or(|known| total < known.0) {
                best.insert(next, (total, tile));
                open.push(Reverse((total.saturating_add(estimate(next, to)), total, next)));
            }
        }
    }
    None
}

fn cell(ground: &impl Ground, tile: LargeHexTile) -> Option<GroundCell> {
    ground.cell(tile.to_offset()?)
}

fn estimate(from: LargeHexTile, to: LargeHexTile) -> u32 {
    from.distance(to).unwrap_or(u32::MAX).saturating_mul(STEP_COST)
}

fn step_cost(from: GroundCell, to: GroundCell) -> u32 {
    let climb = u32::from(from.elevation.abs_diff(to.elevation)).saturating_mul(CLIMB_COST);
    let water = u32::from(to.depth()).saturating_mul(WATER_COST);
    STEP_COST.saturating_add(climb).saturating_add(water)
}

fn trace(
    best: &BTreeMap<LargeHexTile, (u32, LargeHexTile)>,
    from: LargeHexTile,
    to: LargeHexTile,
) -> Vec<LargeHexTile> {
    let mut way = Vec::new();
    let mut at = to;
    while at != from {
        way.push(at);
        match best.get(&at) {
            Some((_, before)) => at = *before,
            None => break,
        }
    }
    way.reverse();
    way
}

/// Leaves out corners between which one can walk straight.
fn pull_tight(
    from: OffsetCoordinatesFloat,
    points: &[OffsetCoordinatesFloat],
    limits: &MoveLimits,
    ground: &impl Ground,
) -> Option<Vec<OffsetCoordinatesFloat>> {
    let mut corners = Vec::new();
    let (mut at, mut rest) = (from, points);
    while !rest.is_empty() {
        if corners.len() >= MAX_CORNERS {
            return None;
        }
        let reach = rest.len().min(MAX_PULL);
        let furthest = (0..reach).rev().find(|index| {
            let target = rest.get(*index);
            target.is_some_and(|target| can_walk_straight(at, *target, limits, ground))
        });
        let index = furthest?;
        at = *rest.get(index)?;
        corners.push(at);
        rest = rest.get(index + 1..)?;
    }
    Some(corners)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::OffsetCoordinatesLarge;
    use proptest::prelude::*;

    const LIMIT: usize = 4_000;

    fn point(column: i32, row: i32) -> OffsetCoordinatesFloat {
        OffsetCoordinatesLarge::new(column, row, 1).center().unwrap()
    }

    fn at(elevation: i16) -> Option<GroundCell> {
        Some(GroundCell {
            elevation,
            water_level: i16::MIN,
            surface: 0,
        })
    }

    #[track_caller]
    fn check(ground: &impl Ground, from: OffsetCoordinatesFloat, way: &[OffsetCoordinatesFloat]) {
        let mut last = from;
        for corner in way {
            assert!(
                can_walk_straight(last, *corner, &MoveLimits::default(), ground),
                "{last:?} to {corner:?}"
            );
            last = *corner;
        }
    }

    #[test]
    fn over_open_ground_one_walks_straight() {
        let flat = |_: OffsetCoordinatesLarge| at(0);
        let way = find_path(point(0, 0), point(30, 17), &MoveLimits::default(), &flat, LIMIT);
        assert_eq!(way, Some(vec![point(30, 17)]));
    }

    #[test]
    fn around_a_wall_and_through_its_gate() {
        let wall = |tile: OffsetCoordinatesLarge| at(if tile.x == 5 && tile.z != 9 { 30 } else { 0 });
        let way = find_path(point(0, 0), point(10, 0), &MoveLimits::default(), &wall, LIMIT).unwrap();
        assert!(way.len() < 12, "{way:?}");
        assert_eq!(way.last(), Some(&point(10, 0)));
        check(&wall, point(0, 0), &way);
    }

    #[test]
    fn no_way_is_none() {
        let moat = |tile: OffsetCoordinatesLarge| at(if tile.x.abs().max(tile.z.abs()) == 5 { 30 } else { 0 });
        let limits = MoveLimits::default();
        assert_eq!(find_path(point(0, 0), point(10, 0), &limits, &moat, LIMIT), None);
        let hole = |tile: OffsetCoordinatesLarge| at(0).filter(|_| tile.x != 3);
        assert_eq!(find_path(point(0, 0), point(10, 0), &limits, &hole, LIMIT), None);
        let flat = |_: OffsetCoordinatesLarge| at(0);
        let other = OffsetCoordinatesFloat {
            dimension: 2,
            ..point(1, 1)
        };
        assert_eq!(find_path(point(0, 0), other, &limits, &flat, LIMIT), None);
        // The far side of a wall without end is beyond any limit.
        let wall = |tile: OffsetCoordinatesLarge| at(if tile.x == 5 { 30 } else { 0 });
        assert_eq!(find_path(point(0, 0), point(10, 0), &limits, &wall, 500), None);
    }

    proptest! {
        /// Rough ground: what is found can be walked.
        #[test]
        fn what_is_found_can_be_walked(
            seed in any::<u64>(), dx in -25..25, dz in -25..25, off_x in -1_400..1_400, off_z in -1_400..1_400,
        ) {
            let rough = |tile: OffsetCoordinatesLarge| {
                let mix = (seed ^ (tile.x as u64) << 32 ^ tile.z as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60;
                if mix == 0 { None } else { at(if mix < 5 { 9 } else { i16::try_from(mix % 4).unwrap() }) }
            };
            let off = |point: OffsetCoordinatesFloat, x, z| OffsetCoordinatesFloat::overworld(point.x + x, point.z + z);
            let (from, to) = (off(point(0, 0), off_x, off_z), off(point(dx, dz), off_z, off_x));
            if let Some(way) = find_path(from, to, &MoveLimits::default(), &rough, LIMIT) {
                prop_assert_eq!(way.last(), Some(&to));
                check(&rough, from, &way);
            } else if let (Some(start), Some(end)) = (LargeHexTile::at(from), LargeHexTile::at(to)) {
                // No way for the points is no way for their tiles.
                let tiles = cell(&rough, start).and_then(|_| search(start, end, &MoveLimits::default(), &rough, LIMIT));
                prop_assert_eq!(tiles, None);
            }
        }
    }
}
