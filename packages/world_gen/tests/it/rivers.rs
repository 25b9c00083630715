use std::collections::{BTreeMap, HashMap, HashSet};

use hexmarch_world_gen::height::Heights;
use hexmarch_world_gen::rivers::{Rivers, Waters};
use hexmarch_world_gen::{Area, Point};

use crate::{chunk, world};

fn waters(seed: u64) -> (Heights, Rivers, Waters) {
    let (heights, rivers) = (Heights::new(seed), Rivers::new(seed));
    let area = Area {
        min: Point { x: 300.0, z: 300.0 },
        max: Point { x: 900.0, z: 900.0 },
    };
    let waters = rivers.around(&heights, &area);
    (heights, rivers, waters)
}

#[test]
fn rivers_run_downhill_into_water() {
    let mut reaches = 0;
    for seed in 1..=12 {
        let (heights, rivers, waters) = waters(seed);
        for reach in &waters.reaches {
            reaches += 1;
            assert!(reach.to_level <= reach.from_level, "seed {seed}: {reach:?} runs uphill");
            let inside = (310.0..890.0).contains(&reach.to.x) && (310.0..890.0).contains(&reach.to.z);
            let goes_on = waters
                .reaches
                .iter()
                .any(|next| next.from == reach.to && next.from_level <= reach.to_level);
            let lake = waters.lakes.iter().any(|lake| {
                lake.nodes
                    .iter()
                    .any(|node| rivers.point(*node).distance_squared(reach.to) < 1.0)
            });
            let sea = heights.coarse(reach.to) < 0.0;
            assert!(!inside || goes_on || lake || sea, "seed {seed}: {reach:?} ends on land");
        }
    }
    assert!(reaches > 500, "only {reaches} pieces of rivers");
}

/// Ground that was heaped up so far beside water looks like a dam.
const DAM: f64 = 6.0;

/// Also over the borders of chunks; and there are few dams of that height.
#[test]
fn water_lies_in_its_bed() {
    let (mut wet, mut shore, mut dams) = (0, 0, 0);
    for seed in 1..=4 {
        let (world, heights) = (world(seed), Heights::new(seed));
        let mut cells = HashMap::new();
        for (x, z) in (12..20).flat_map(|x| (10..18).map(move |z| (x, z))) {
            for (index, cell) in (0_i32..).zip(world.chunk(chunk(x, z)).cells) {
                cells.insert((32 * x + index % 32, 32 * z + index / 32), cell);
            }
        }
        for ((x, z), cell) in &cells {
            let around = around((*x, *z));
            let levels = around.iter().filter_map(|other| cells.get(other));
            let level = levels.map(|other| other.water_level).max().unwrap();
            wet += usize::from(cell.depth() > 0);
            if cell.depth() > 0 || level <= 0 {
                continue;
            }
            assert!(
                level <= cell.elevation,
                "seed {seed}: {cell:?} at {x},{z} lies below water of {level}"
            );
            shore += 1;
            let point = Point::of_row(*x, *z);
            let coarse = heights.coarse(point);
            let natural = coarse + heights.relief(point, coarse);
            dams += usize::from(f64::from(cell.elevation) - natural > DAM);
        }
    }
    assert!(
        wet > 3_000 && shore > 1_500,
        "only {wet} tiles of water and {shore} beside fresh water"
    );
    assert!(
        dams * 1_000 < shore * 15,
        "{dams} of {shore} tiles beside fresh water were heaped up"
    );
}

/// The six places around.
fn around((x, z): (i32, i32)) -> [(i32, i32); 6] {
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

/// Fresh water that hangs together comes to the sea, to the edge of what is looked at, or has a lake as its lowest part.
#[test]
fn rivers_do_not_break_off() {
    const SIDE: i32 = 8 * 32;
    let (mut all, mut flowing, mut broken) = (0_usize, 0_usize, 0_usize);
    for seed in [1, 3, 4] {
        let world = world(seed);
        let mut cells = HashMap::new();
        for (x, z) in (0..8).flat_map(|x| (0..8).map(move |z| (x, z))) {
            let made = world.chunk(chunk(12 + x, 10 + z));
            for (index, cell) in (0_i32..).zip(made.cells) {
                cells.insert((32 * x + index % 32, 32 * z + index / 32), cell);
            }
        }
        let mut seen = HashSet::new();
        for (at, cell) in &cells {
            if cell.water_level <= 0 || !seen.insert(*at) {
                continue;
            }
            let (mut queue, mut tiles, mut levels, mut goes_on) = (vec![*at], 0, BTreeMap::new(), false);
            while let Some((x, z)) = queue.pop() {
                tiles += 1;
                *levels.entry(cells[&(x, z)].water_level).or_insert(0) += 1;
                goes_on |= [x, z].iter().any(|place| *place == 0 || *place == SIDE - 1);
                for next in around((x, z)) {
                    let level = cells.get(&next).map_or(i16::MIN, |cell| cell.water_level);
                    goes_on |= level == 0;
                    if level > 0 && seen.insert(next) {
                        queue.push(next);
                    }
                }
            }
            all += tiles;
            flowing += if levels.len() > 3 { tiles } else { 0 };
            let lowest = levels.first_key_value().map_or(0, |(_, tiles)| *tiles);
            broken += if goes_on || lowest > 12 { 0 } else { tiles };
        }
    }
    assert!(all > 5_000, "only {all} tiles of fresh water");
    assert!(
        flowing * 100 > all * 50,
        "only {flowing} of {all} tiles of fresh water flow"
    );
    assert!(
        broken * 100 < all * 3,
        "{broken} of {all} tiles of fresh water are in rivers that break off"
    );
}
