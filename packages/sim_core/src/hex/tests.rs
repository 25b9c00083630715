use proptest::prelude::*;

use super::*;
use crate::chunk::ChunkCoordinates;
use crate::position::OffsetCoordinatesFloat;

fn small(x: i32, z: i32) -> SmallHexTile {
    SmallHexTile::new(x, z, 1)
}

/// A point's small and large tile, by column and row.
#[track_caller]
fn check(point: (i32, i32), small: (i32, i32), large: (i32, i32)) {
    let point = OffsetCoordinatesFloat::overworld(point.0, point.1);
    let (own, block) = (OffsetCoordinatesSmall::from(point), OffsetCoordinatesLarge::from(point));
    assert_eq!((own.x, own.z), small, "small tile of {point:?}");
    assert_eq!((block.x, block.z), large, "large tile of {point:?}");
}

#[test]
fn tiles_of_points() {
    check((0, 0), (0, 0), (0, 0));
    check((499, 0), (0, 0), (0, 0));
    check((-500, 0), (0, 0), (0, 0));
    // A border belongs to the tile further east.
    check((500, 0), (1, 0), (0, 0));
    check((-501, 0), (-1, 0), (0, 0));
    check((1_499, 0), (1, 0), (0, 0));
    check((1_500, 0), (2, 0), (1, 0));
    // Odd rows stand half a tile further east.
    check((500, 1_000), (0, 1), (0, 0));
    check((0, 1_000), (0, 1), (0, 0));
    check((-1, 1_000), (-1, 1), (0, 0));
    check((1_500, 3_000), (1, 3), (0, 1));
    check((-1, -1), (0, 0), (0, 0));
    check((0, 666), (0, 0), (0, 0));
    // The northern corner of a tile belongs to the tile to the north east.
    check((0, 667), (0, 1), (0, 0));
    check((0, 2_000), (0, 2), (0, 1));
    check((-96_000, -96_000), (-96, -96), (-32, -32));
}

#[test]
fn directions_turn_as_tiles_do() {
    let middle = small(5, -3);
    for direction in HexDirection::ALL {
        assert_eq!(HexDirection::from_index(direction.index().into()), direction);
        assert_eq!(direction.opposite().opposite(), direction);
        let next = middle.neighbour(direction).unwrap();
        for sixths in -7..7 {
            let turned = next.rotated(middle, sixths);
            assert_eq!(
                turned,
                middle.neighbour(direction.rotated(sixths)),
                "{direction:?} by {sixths}"
            );
        }
        // One unit away in the metric.
        let (from, to) = (middle.center().unwrap(), next.center().unwrap());
        assert_eq!(from.distance_milli(to), Some(1_000));
    }
    let east = middle.neighbour(HexDirection::NorthEast).unwrap().center().unwrap();
    let center = middle.center().unwrap();
    assert!(east.x > center.x && east.z > center.z);
}

#[test]
fn a_large_tile_has_seven_small_ones_and_six_shared() {
    for (x, z) in [(0, 0), (7, -4), (-3, -5)] {
        let large = LargeHexTile::new(x, z, 1);
        let inner: Vec<_> = large.inner_tiles().collect();
        assert_eq!(inner.len(), 7);
        for tile in inner {
            assert!(!tile.is_corner());
            assert_eq!(tile.large_tiles().collect::<Vec<_>>(), [large]);
        }
        let corners: Vec<_> = large.corner_tiles().collect();
        assert_eq!(corners.len(), 6);
        for tile in corners {
            let shared: Vec<_> = tile.large_tiles().collect();
            assert!(
                tile.is_corner() && shared.len() == 3 && shared.contains(&large),
                "{tile:?}: {shared:?}"
            );
        }
    }
}

#[test]
fn footprints_turn() {
    let footprint = Footprint::new([(0, 0), (1, 0), (2, 0), (0, 1)]).unwrap();
    let tiles = footprint.tiles(small(10, 10), HexDirection::West).unwrap();
    assert_eq!(tiles, [small(10, 10), small(9, 10), small(8, 10), small(10, 9)]);
    assert_eq!(
        Footprint::new([(1, 1), (0, 0), (1, 1)]),
        Err(FootprintError::Twice(1, 1))
    );
    assert_eq!(Footprint::new([(129, 0)]), Err(FootprintError::TooWide));
    assert_eq!(Footprint::new([(i32::MAX, i32::MAX)]), Err(FootprintError::TooWide));
    assert_eq!(footprint.tiles(small(i32::MAX, 0), HexDirection::East), None);
}

#[test]
fn nothing_is_asked_for_without_end() {
    let tile = small(0, 0);
    assert_eq!(tile.ring(MAX_RADIUS + 1).count(), 0);
    assert_eq!(tile.range(u32::MAX).count(), 0);
    assert_eq!(tile.line(small(2_000, 0)), None);
    assert_eq!(tile.rotated(small(2_000, 0), 1), None);
    assert_eq!(tile.distance(SmallHexTile::new(0, 0, 2)), None);
}

/// Anywhere at all, and often near the corners of chunks.
fn coordinate() -> impl Strategy<Value = i32> {
    prop_oneof![
        any::<i32>(),
        -400_000..400_000,
        (-5..5_i32, -3_000..3_000_i32).prop_map(|(chunk, off)| chunk * 96_000 + off),
    ]
}

/// Where tiles of all kinds fit with room to spare.
fn near() -> impl Strategy<Value = i32> {
    prop_oneof![-100_000..100_000, -50..50_i32]
}

proptest! {
    #[test]
    fn points_round_trip(x in coordinate(), z in coordinate()) {
        let point = OffsetCoordinatesFloat::overworld(x, z);
        if let Some(axial) = point.to_axial() {
            prop_assert_eq!(axial.to_offset(), Some(point));
        }
    }

    #[test]
    fn tiles_round_trip(x in near(), z in near()) {
        let (tile, large) = (small(x, z), LargeHexTile::new(x, z, 1));
        prop_assert_eq!(tile.to_offset().and_then(OffsetCoordinatesSmall::to_axial), Some(tile));
        prop_assert_eq!(large.to_offset().and_then(OffsetCoordinatesLarge::to_axial), Some(large));
        prop_assert_eq!(tile.center().and_then(SmallHexTile::at), Some(tile));
        prop_assert_eq!(large.center().and_then(LargeHexTile::at), Some(large));
        prop_assert_eq!(large.center_tile().and_then(SmallHexTile::large_tile), Some(large));
        let offset = large.to_offset().unwrap();
        prop_assert_eq!(ChunkCoordinates::from(offset).large_tile(offset.index_in_chunk()), Some(offset));
    }

    /// No neighbour's centre is nearer, and of those as near none is further north, or as far and further east.
    #[test]
    fn the_nearest_centre_wins(x in coordinate(), z in coordinate(), grid in prop_oneof![Just(1), Just(500), Just(1_000)]) {
        let point = OffsetCoordinatesFloat::overworld(x / grid * grid, z / grid * grid);
        if let Some(tile) = LargeHexTile::at(point) {
            let distance = |tile: LargeHexTile| {
                let center = tile.center()?;
                let (dx, dz) = (i128::from(point.x) - i128::from(center.x), i128::from(point.z) - i128::from(center.z));
                Some(4 * dx * dx + 3 * dz * dz)
            };
            for other in tile.neighbours() {
                let (Some(own), Some(others)) = (distance(tile), distance(other)) else { continue };
                let further = (other.z, other.center()) > (tile.z, tile.center());
                prop_assert!(own < others || (own == others && !further), "{:?} is nearer than {:?}", other, tile);
            }
        }
    }

    #[test]
    fn rings_are_so_far_and_ranges_hold_them(x in near(), z in near(), radius in 0..12_u32) {
        let tile = small(x, z);
        let range: Vec<_> = tile.range(radius).collect();
        prop_assert_eq!(range.len() as u32, 1 + 3 * radius * (radius + 1));
        let mut ring: Vec<_> = tile.ring(radius).collect();
        prop_assert!(ring.iter().all(|other| tile.distance(*other) == Some(radius) && range.contains(other)));
        ring.sort_unstable();
        ring.dedup();
        prop_assert_eq!(ring.len() as u32, if radius == 0 { 1 } else { 6 * radius });
    }

    #[test]
    fn lines_are_shortest_ways(x in near(), z in near(), dx in -200..200, dz in -200..200) {
        let (from, to) = (small(x, z), small(x + dx, z + dz));
        let line = from.line(to).unwrap();
        prop_assert_eq!((line[0], line[line.len() - 1]), (from, to));
        prop_assert_eq!(line.len() as u32, from.distance(to).unwrap() + 1);
        prop_assert!(line.windows(2).all(|pair| pair[0].distance(pair[1]) == Some(1)));
        // The same wherever it is.
        let home = small(0, 0).line(small(dx, dz)).unwrap();
        prop_assert!(line.iter().zip(&home).all(|(here, there)| (here.x - x, here.z - z) == (there.x, there.z)));
    }

    #[test]
    fn turning_keeps_distance_and_comes_round(x in near(), z in near(), dx in -500..500, dz in -500..500, sixths in -9..9) {
        let (middle, tile) = (small(x, z), small(x + dx, z + dz));
        let turned = tile.rotated(middle, sixths).unwrap();
        prop_assert_eq!(turned.distance(middle), tile.distance(middle));
        prop_assert_eq!(turned.rotated(middle, -sixths), Some(tile));
        prop_assert_eq!(tile.rotated(middle, 6), Some(tile));
    }

    #[test]
    fn every_small_tile_is_in_its_large_tiles(x in near(), z in near()) {
        let tile = small(x, z);
        let large: Vec<_> = tile.large_tiles().collect();
        prop_assert_eq!(large.len(), if tile.is_corner() { 3 } else { 1 });
        for large in large {
            prop_assert!(large.inner_tiles().chain(large.corner_tiles()).any(|part| part == tile));
        }
    }

    #[test]
    fn no_coordinate_panics(x in any::<i32>(), z in any::<i32>(), dx in any::<i32>(), dz in any::<i32>()) {
        let (tile, other) = (small(x, z), small(dx, dz));
        let _ = (tile.distance(other), tile.line(other), tile.rotated(other, dx), tile.neighbours().count());
        let _ = (tile.large_tiles().count(), tile.to_offset(), tile.center(), tile.ring(3).count());
        let large = LargeHexTile::new(x, z, 1);
        let _ = (large.corner_tiles().count(), large.inner_tiles().count(), large.center());
        let point = OffsetCoordinatesFloat::overworld(x, z);
        let _ = (OffsetCoordinatesSmall::from(point), LargeHexTile::at(point), ChunkCoordinates::from(point));
    }
}
