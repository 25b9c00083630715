use std::collections::BTreeMap;

use crate::{chunk, rules, world};

/// Of worlds of 60 by 60 chunks, looked at in every sixth chunk.
#[test]
fn land_and_countries_have_their_shares() {
    let mut countries: BTreeMap<u8, usize> = BTreeMap::new();
    let mut all_land = 0;
    for seed in 1..=12 {
        let world = world(seed);
        let (mut land, mut tiles) = (0, 0);
        for z in (0..60).step_by(6) {
            for x in (0..60).step_by(6) {
                for cell in world.chunk(chunk(x, z)).cells {
                    tiles += 1;
                    if cell.water_level <= cell.elevation {
                        land += 1;
                        *countries.entry(cell.biome).or_default() += 1;
                    }
                }
            }
        }
        let share = 100 * land / tiles;
        assert!((45..=92).contains(&share), "seed {seed} has {share} % land");
        all_land += land;
    }
    for rule in rules().iter().filter(|rule| rule.max_elevation > 0) {
        let permille = 1_000 * countries.get(&rule.biome).copied().unwrap_or_default() / all_land;
        assert!(
            (8..=320).contains(&permille),
            "country {} has {permille} permille of the land",
            rule.biome
        );
    }
    assert!(!countries.contains_key(&0), "land without a country");
}
