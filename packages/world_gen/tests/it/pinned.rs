//! What worlds of a seed are, by a number: it changes with the generator and with nothing else, and is the same natively
//! and in wasm. Who means to change worlds writes down the new one; databases that exist keep their world.

use std::collections::BTreeSet;

use hexmarch_sim_core::RegionBounds;
use hexmarch_world_gen::noise::mix;
use hexmarch_world_gen::{sites, Scatter, Survey};

use crate::placement::{scatter_rules, site_rules};
use crate::{chunk, world};

fn add(hash: &mut u64, numbers: &[i64]) {
    for number in numbers {
        *hash = mix(*hash ^ number.unsigned_abs() ^ u64::from(*number < 0) << 63);
    }
}

fn hash(seed: u64) -> u64 {
    let mut hash = seed;
    let bounds = RegionBounds {
        min_chunk_x: 20,
        min_chunk_z: 20,
        max_chunk_x: 28,
        max_chunk_z: 28,
    };
    let chosen = sites(&world(seed), seed, &bounds, &site_rules());
    for site in &chosen {
        let place = [
            site.tile.x,
            site.tile.z,
            i32::from(site.level),
            i32::from(site.direction.index()),
        ];
        add(&mut hash, &place.map(i64::from));
    }
    let world = world(seed).with_sites(chosen);
    let scatter = Scatter::new(seed, scatter_rules());
    for at in [chunk(20, 20), chunk(23, 24), chunk(27, 27), chunk(-5, 3)] {
        let mut survey = Survey::new(&world, at);
        for thing in scatter.chunk(&mut survey, &mut BTreeSet::new()) {
            let place = [
                thing.resource_id,
                thing.tile.x,
                thing.tile.z,
                i32::from(thing.direction.index()),
            ];
            add(&mut hash, &place.map(i64::from));
        }
        for cell in &survey.terrain().cells {
            let cell = [cell.elevation, cell.water_level, i16::from(cell.biome)];
            add(&mut hash, &cell.map(i64::from));
        }
    }
    hash
}

#[test]
fn worlds_are_what_they_were() {
    let found: Vec<String> = [1, 2, u64::MAX]
        .into_iter()
        .map(|seed| format!("{:016x}", hash(seed)))
        .collect();
    assert_eq!(
        found,
        ["dd1c9b0b8564ee82", "969eb4061acab5ce", "e21443b2878172da"],
        "the generator makes other worlds than before; if that is meant, write these numbers down here"
    );
}
