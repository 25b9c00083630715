use hexmarch_world_gen::height::Heights;
use hexmarch_world_gen::noise::ROW_HEIGHT;
use hexmarch_world_gen::rivers::Rivers;
use hexmarch_world_gen::{Area, Cell, Point};

use crate::land::{around, Land, Tile, LANDS, SEED};

/// Most fresh water of a region from which no way leads down, in thousandths.
const MAX_STUCK_PERMILLE: usize = 45;

/// Marks all water from which one comes down to what is open, and never up.
fn drain(land: &Land, drained: &mut [bool], mut open: Vec<Tile>) {
    while let Some(tile) = open.pop() {
        let level = land.cell(tile).unwrap().water_level;
        for next in around(tile) {
            let is_above = |cell: &Cell| cell.depth() > 0 && cell.water_level >= level;
            if !land.cell(next).is_some_and(is_above) {
                continue;
            }
            let is_drained = &mut drained[land.index(next).unwrap()];
            if !*is_drained {
                *is_drained = true;
                open.push(next);
            }
        }
    }
}

/// Water of the lakes that never run over, the ends of ways that do not come to the sea.
fn lakes_without_rim(land: &Land) -> Vec<Tile> {
    let (first, last) = (land.tiles().next().unwrap().0, land.tiles().last().unwrap().0);
    let area = Area {
        min: Point::of_row(first.0, first.1),
        max: Point::of_row(last.0, last.1),
    };
    let waters = Rivers::new(SEED).around(&Heights::new(SEED), &area);
    let mut tiles = Vec::new();
    for lake in waters.lakes.iter().filter(|lake| lake.outlet.is_none()) {
        for node in &lake.points {
            let (x, z) = (node.x.floor() as i32, (node.z / ROW_HEIGHT).floor() as i32);
            let level = lake.level.round() as i16;
            let is_part = |tile: &Tile| land.cell(*tile).is_some_and(|cell| cell.water_level == level);
            tiles.extend(around((x, z)).into_iter().filter(is_part));
        }
    }
    tiles
}

/// Down to the sea, over the border of the region, or into a lake without a rim.
#[test]
fn water_finds_its_way_down() {
    for (land, region) in LANDS.iter().zip(1..) {
        let mut drained = vec![false; land.tiles().count()];
        let is_open = |tile: Tile, level: i16| level == 0 || around(tile).iter().any(|next| land.cell(*next).is_none());
        let ends = land.tiles().filter(|(_, cell)| cell.depth() > 0);
        let ends: Vec<Tile> = ends
            .filter(|(tile, cell)| is_open(*tile, cell.water_level))
            .map(|(tile, _)| tile)
            .collect();
        for end in &ends {
            drained[land.index(*end).unwrap()] = true;
        }
        drain(land, &mut drained, ends);
        let fresh = || {
            land.tiles()
                .zip(0..)
                .filter(|((_, cell), _)| cell.depth() > 0 && cell.water_level > 0)
        };
        let lakes = lakes_without_rim(land);
        for tile in &lakes {
            drained[land.index(*tile).unwrap()] = true;
        }
        drain(land, &mut drained, lakes);
        let (all, stuck) = (fresh().count(), fresh().filter(|(_, index)| !drained[*index]).count());
        assert!(all > 10_000, "region {region} has {all} tiles of fresh water");
        assert!(
            stuck * 1_000 <= all * MAX_STUCK_PERMILLE,
            "region {region}: {stuck} of {all} tiles of fresh water have no way down"
        );
    }
}
