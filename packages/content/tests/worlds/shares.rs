use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::land::{chunk, on_threads, world, GAME};

/// Worlds that are looked at.
const SEEDS: RangeInclusive<u64> = 1..=16;
/// Part of a region that is dry, in hundredths.
const LAND_PERCENT: RangeInclusive<usize> = 45..=85;
/// Part of all land that each country has, in thousandths.
const COUNTRY_PERMILLE: RangeInclusive<usize> = 20..=220;
/// Least part of the land of a region that each country has, in thousandths.
const MIN_COUNTRY_PERMILLE: usize = 3;

/// Of regions of 60 by 60 chunks, of which every fifth is looked at both ways.
#[test]
fn land_and_countries_have_their_shares() {
    let seeds: Vec<u64> = SEEDS.collect();
    let worlds = on_threads(&seeds, |seed| {
        let world = world(*seed);
        let (mut tiles, mut countries) = (0, BTreeMap::<u8, usize>::new());
        for (x, z) in (0..60).step_by(5).flat_map(|x| (0..60).step_by(5).map(move |z| (x, z))) {
            for cell in world.chunk(chunk(x, z)).cells {
                tiles += 1;
                if cell.depth() == 0 {
                    *countries.entry(cell.biome).or_default() += 1;
                }
            }
        }
        (tiles, countries)
    });
    let mut all: BTreeMap<u8, usize> = BTreeMap::new();
    for (seed, (tiles, countries)) in seeds.iter().zip(&worlds) {
        let land: usize = countries.values().sum();
        let percent = 100 * land / tiles;
        assert!(LAND_PERCENT.contains(&percent), "seed {seed} has {percent} % land");
        for rule in GAME.rules.biomes.iter().filter(|rule| rule.max_elevation > 0) {
            let tiles = countries.get(&rule.biome).copied().unwrap_or_default();
            *all.entry(rule.biome).or_default() += tiles;
            assert!(
                tiles * 1_000 >= land * MIN_COUNTRY_PERMILLE,
                "seed {seed}: country {} has {tiles} of {land} tiles",
                rule.biome
            );
        }
    }
    let land: usize = worlds.iter().flat_map(|(_, countries)| countries.values()).sum();
    assert_eq!(all.values().sum::<usize>(), land, "land without a country");
    for (country, tiles) in all {
        let permille = 1_000 * tiles / land;
        assert!(
            COUNTRY_PERMILLE.contains(&permille),
            "country {country} has {permille} permille of the land"
        );
    }
}
