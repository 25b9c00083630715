use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use hexmarch_messages::placement::SiteType;
use hexmarch_world_gen::{sites, Scatter, Survey};

use crate::land::{chunk, layout, on_threads, world, GAME};

/// Worlds that are looked at.
const SEEDS: RangeInclusive<u64> = 1..=3;
/// The tiers that everybody begins with.
const TIERS: RangeInclusive<i32> = 1..=2;
/// How much more of all things of those tiers the richest region has than the poorest.
const MAX_RATIO: f64 = 1.6;
/// The same of what people need most.
const MAX_RATIO_OF_TAG: f64 = 2.0;
/// What that is.
const TAGS: [&str; 4] = ["Wood", "Stone", "Fibre", "Food"];
/// The same of settlements.
const MAX_RATIO_OF_SETTLEMENTS: f64 = 1.3;
/// The same of all sites.
const MAX_RATIO_OF_SITES: f64 = 1.3;

/// What a region has, by name.
type Riches = BTreeMap<&'static str, u32>;

/// Sites, and what lies in every third chunk both ways.
fn riches((seed, region): &(u64, u8)) -> Riches {
    let (seed, bounds) = (*seed, layout().bounds(*region).unwrap());
    let mut riches = Riches::new();
    let mut add = |name| *riches.entry(name).or_default() += 1;
    let world = world(seed);
    for site in sites(&world, seed, &bounds, &GAME.rules.sites) {
        add("sites");
        if GAME.sites[&site.id].site_type == SiteType::Settlement {
            add("settlements");
        }
    }
    let scatter = Scatter::new(seed, GAME.rules.scatter.clone());
    let columns = || (bounds.min_chunk_x..bounds.max_chunk_x).step_by(3);
    let rows = (bounds.min_chunk_z..bounds.max_chunk_z).step_by(3);
    for (x, z) in rows.flat_map(|z| columns().map(move |x| (x, z))) {
        let mut survey = Survey::new(&world, chunk(x, z));
        for placed in scatter.chunk(&mut survey, &mut BTreeSet::new()) {
            let resource = &GAME.resources[&placed.resource_id];
            if TIERS.contains(&resource.tier) {
                add("things");
                if let Some(tag) = TAGS.iter().find(|tag| **tag == resource.tag) {
                    add(tag);
                }
            }
        }
    }
    riches
}

#[test]
fn no_region_of_a_world_is_much_poorer_than_another() {
    let regions: Vec<(u64, u8)> = SEEDS
        .flat_map(|seed| layout().indexes().map(move |region| (seed, region)))
        .collect();
    let all = on_threads(&regions, riches);
    let of_things = TAGS.map(|tag| (tag, MAX_RATIO_OF_TAG));
    let others = [
        ("things", MAX_RATIO),
        ("settlements", MAX_RATIO_OF_SETTLEMENTS),
        ("sites", MAX_RATIO_OF_SITES),
    ];
    for (seed, world) in SEEDS.zip(all.chunks(usize::from(layout().region_count()))) {
        for (name, max_ratio) in of_things.iter().chain(&others) {
            let counts: Vec<u32> = world
                .iter()
                .map(|riches| riches.get(name).copied().unwrap_or_default())
                .collect();
            let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
            assert!(
                f64::from(*most) <= f64::from(*least) * max_ratio,
                "seed {seed}: regions have {counts:?} {name}"
            );
        }
    }
}
