use hexmarch_world_gen::height::Heights;
use hexmarch_world_gen::rivers::{Rivers, Waters};
use hexmarch_world_gen::Point;

use crate::{chunk, world};

fn waters(seed: u64) -> (Heights, Rivers, Waters) {
    let (heights, rivers) = (Heights::new(seed), Rivers::new(seed));
    let waters = rivers.around(&heights, Point { x: 300.0, z: 300.0 }, Point { x: 900.0, z: 900.0 });
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

#[test]
fn water_lies_in_its_bed() {
    let (mut wet, mut over) = (0, 0);
    for seed in 1..=4 {
        let world = world(seed);
        for z in 10..18 {
            let made = world.chunk(chunk(14, z));
            for row in 1..31_usize {
                for column in 1..31_usize {
                    let at = |row: usize, column: usize| made.cells[row * 32 + column];
                    let cell = at(row, column);
                    if cell.water_level <= cell.elevation {
                        continue;
                    }
                    wet += 1;
                    let shift = row % 2;
                    let around = [
                        at(row, column + 1),
                        at(row, column - 1),
                        at(row + 1, column + shift),
                        at(row + 1, column + shift - 1),
                        at(row - 1, column + shift),
                        at(row - 1, column + shift - 1),
                    ];
                    over += usize::from(
                        around
                            .iter()
                            .any(|other| other.water_level <= other.elevation && other.elevation < cell.water_level),
                    );
                }
            }
        }
    }
    assert!(wet > 300, "only {wet} tiles of water");
    assert!(
        over * 100 <= wet,
        "{over} of {wet} tiles of water stand higher than dry ground beside them"
    );
}
