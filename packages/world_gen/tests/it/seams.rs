use hexmarch_world_gen::Survey;

use crate::{chunk, world};

#[test]
fn a_chunk_is_the_same_whatever_was_made_before() {
    for seed in [1, 7, 1 << 40] {
        let whole = world(seed);
        for z in 0..6 {
            for x in 0..6 {
                whole.chunk(chunk(40 + x, 40 + z));
            }
        }
        for at in [(40, 40), (43, 45), (45, 41)] {
            let at = chunk(at.0, at.1);
            assert_eq!(whole.chunk(at), world(seed).chunk(at), "seed {seed}, {at:?}");
        }
    }
}

#[test]
fn what_a_chunk_sees_of_its_neighbours_is_what_they_are() {
    for seed in [2, 6] {
        let world = world(seed);
        for (x, z) in (14..18).flat_map(|x| (10..14).map(move |z| (x, z))) {
            let mut survey = Survey::new(&world, chunk(x, z));
            let (east, north) = (world.chunk(chunk(x + 1, z)), world.chunk(chunk(x, z + 1)));
            for index in 0..32_u16 {
                for (made, index) in [
                    (&east, 32 * index),
                    (&east, 32 * index + 1),
                    (&north, index),
                    (&north, index + 32),
                ] {
                    let tile = made.chunk.large_tile(index).unwrap();
                    assert_eq!(
                        survey.cell(tile),
                        made.cells[usize::from(index)],
                        "seed {seed}: {tile:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn ground_goes_on_over_the_borders_of_chunks() {
    let world = world(3);
    let (mut inside, mut across) = (Vec::new(), Vec::new());
    for number in 0..12 {
        let (west, east) = (world.chunk(chunk(20 + number, 30)), world.chunk(chunk(21 + number, 30)));
        for row in 0..32 {
            let step = |a: usize, b: usize, other: bool| {
                let next = if other { &east } else { &west };
                i64::from(
                    west.cells[row * 32 + a]
                        .elevation
                        .abs_diff(next.cells[row * 32 + b].elevation),
                )
            };
            inside.push(step(14, 15, false));
            across.push(step(31, 0, true));
        }
    }
    let mean = |steps: &[i64]| steps.iter().sum::<i64>() as f64 / steps.len() as f64;
    assert!(
        mean(&across) <= 2.0 * mean(&inside) + 0.5,
        "{} across, {} inside",
        mean(&across),
        mean(&inside)
    );
}
