use std::collections::BTreeSet;

use hexmarch_sim_core::{
    ChunkCoordinates, Footprint, HexDirection, OffsetCoordinatesLarge, OffsetCoordinatesSmall, RegionBounds,
    SmallHexTile, OVERWORLD,
};
use hexmarch_world_gen::{
    sites, ClumpMember, Ground, Placed, Scatter, ScatterRule, Site, SiteCursor, SiteRule, SiteSearch, Survey,
    TerrainChunk, World,
};

use crate::{chunk, world};

const TREE: i32 = 1;
const FISH: i32 = 2;

fn member(resource_id: i32, x: i32, z: i32, tiles: &[(i32, i32)]) -> ClumpMember {
    ClumpMember {
        resource_id,
        x,
        z,
        direction: HexDirection::East,
        footprint: Footprint::new(tiles.iter().copied()).unwrap(),
    }
}

/// Groves on land, wider than a chunk's edge, and shoals that need a large tile of water whole.
pub fn scatter_rules() -> Vec<ScatterRule> {
    let whole_tile = [(0, 0), (1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)];
    let grove = [(0, 0), (20, 0), (0, 20), (-20, 20), (9, -9)].map(|(x, z)| member(TREE, x, z, &[(0, 0)]));
    let water = Ground {
        min_water_depth: 1,
        max_water_depth: 60,
        min_elevation: 1,
        ..Ground::any_land()
    };
    let rule = |id, ground, members| ScatterRule {
        id,
        ground,
        density_permille: 2_500,
        patchiness_permille: 0,
        patch_size: 16,
        members,
    };
    vec![
        rule(10, Ground::any_land(), grove.into()),
        rule(20, water, vec![member(FISH, 0, 0, &whole_tile)]),
    ]
}

pub fn site_rules() -> Vec<SiteRule> {
    let ground = Ground {
        max_slope: 3,
        ..Ground::any_land()
    };
    let rule = |id, sites_per_region, min_distance, level_radius| SiteRule {
        id,
        ground: ground.clone(),
        sites_per_region,
        at_least_one: id == 1,
        min_distance,
        level_radius,
        safe_chunks: if id == 1 { 2 } else { 0 },
        is_dangerous: id == 3,
    };
    vec![rule(1, 80, 60, 12), rule(2, 400, 30, 4), rule(3, 300, 20, 0)]
}

/// 12 by 12 chunks.
fn region(x: i32, z: i32) -> RegionBounds {
    RegionBounds {
        min_chunk_x: 12 * x,
        min_chunk_z: 12 * z,
        max_chunk_x: 12 * (x + 1),
        max_chunk_z: 12 * (z + 1),
    }
}

fn sites_of(seed: u64, bounds: &RegionBounds) -> Vec<Site> {
    sites(&world(seed), seed, bounds, &site_rules())
}

fn make(world: &World, seed: u64, at: ChunkCoordinates) -> (TerrainChunk, Vec<Placed>) {
    let mut survey = Survey::new(world, at);
    let placed = Scatter::new(seed, scatter_rules()).chunk(&mut survey, &mut BTreeSet::new());
    (survey.into_terrain(), placed)
}

fn axial(tile: OffsetCoordinatesSmall) -> SmallHexTile {
    tile.to_axial().unwrap()
}

#[test]
fn a_region_alone_is_its_part_of_the_whole() {
    for seed in [1, 5] {
        let regions = [region(1, 1), region(2, 1), region(1, 2), region(2, 2)];
        let all: Vec<Site> = regions.iter().flat_map(|bounds| sites_of(seed, bounds)).collect();
        let whole = world(seed).with_sites(all);
        let alone = world(seed).with_sites(sites_of(seed, &regions[0]));
        // Also the corner where four regions meet.
        for (x, z) in [(12, 12), (17, 15), (23, 12), (12, 23), (23, 23), (22, 23)] {
            let at = chunk(x, z);
            assert_eq!(make(&whole, seed, at), make(&alone, seed, at), "seed {seed}, {at:?}");
        }
    }
}

/// A site as a database keeps it: key, column, row, direction and level.
type Row = (i32, i32, i32, i32, i16);

/// What a crash leaves of a search.
fn stored(search: &SiteSearch) -> (Vec<Row>, SiteCursor) {
    let row = |site: &Site| {
        let direction = i32::from(site.direction.index());
        (site.id, site.tile.x, site.tile.z, direction, site.level)
    };
    (search.chosen().map(row).collect(), search.cursor())
}

#[test]
fn a_search_that_is_begun_again_at_every_step_chooses_the_same() {
    for seed in [1, 4] {
        let (bounds, rules) = (region(1, 1), site_rules());
        let whole = sites_of(seed, &bounds);
        let (mut kept, mut slices, mut is_done) = ((Vec::new(), SiteCursor::default()), 0, false);
        while !is_done {
            let chosen: Vec<Site> = kept
                .0
                .iter()
                .map(|(id, x, z, direction, level)| {
                    let rule = rules.iter().find(|rule| rule.id == *id).unwrap();
                    let tile = OffsetCoordinatesLarge::new(*x, *z, OVERWORLD);
                    Site::new(rule, tile, HexDirection::from_index(*direction), *level)
                })
                .collect();
            let mut search = SiteSearch::resume(seed, &bounds, &rules, &chosen, kept.1);
            let before = search.progress().0;
            is_done = search.step(&world(seed), 120);
            assert!(search.progress().0 >= before && search.chosen().len() <= chosen.len() + 3);
            assert_eq!(is_done, search.progress() == (rules.len(), rules.len()));
            assert!(
                is_done || search.cursor() != kept.1,
                "a slice of seed {seed} does nothing"
            );
            kept = stored(&search);
            slices += 1;
            if is_done {
                assert_eq!(search.into_sites(), whole, "seed {seed}");
            }
        }
        assert!(slices > 10, "only {slices} slices");
    }
}

#[test]
fn sites_keep_apart_and_inside_on_ground_that_is_level_then() {
    let mut found = 0;
    for seed in 1..=3 {
        let bounds = region(1, 1);
        let chosen = sites_of(seed, &bounds);
        found += chosen.len();
        let world = world(seed).with_sites(chosen.clone());
        for (number, site) in chosen.iter().enumerate() {
            let tile = site.tile.to_axial().unwrap();
            let at = ChunkCoordinates::from(site.tile);
            assert!(
                (12..24).contains(&at.x) && (12..24).contains(&at.z),
                "seed {seed}: {site:?} is outside"
            );
            for other in &chosen[number + 1..] {
                let apart = tile.distance(other.tile.to_axial().unwrap()).unwrap();
                let least = if (site.id, other.id) == (3, 3) { 20 } else { 30 };
                assert!(
                    apart >= least,
                    "seed {seed}: {site:?} and {other:?} are {apart} tiles apart"
                );
                let beside = ChunkCoordinates::from(other.tile);
                let chunks = at.x.abs_diff(beside.x).max(at.z.abs_diff(beside.z));
                assert!(
                    chunks > 2 || ![(1, 3), (3, 1)].contains(&(site.id, other.id)),
                    "seed {seed}: {site:?} and {other:?} are {chunks} chunks apart"
                );
            }
            assert!(
                site.id != 3 || ((14..22).contains(&at.x) && (14..22).contains(&at.z)),
                "seed {seed}: {site:?} is where another region may be safe"
            );
            let made = world.chunk(at);
            for near in tile
                .range(u32::from(site.level_radius) / 2)
                .filter_map(|tile| tile.to_offset())
            {
                if ChunkCoordinates::from(near) == at {
                    let cell = made.cells[usize::from(near.index_in_chunk())];
                    assert_eq!(
                        (cell.elevation, cell.depth()),
                        (site.level, 0),
                        "seed {seed}: {site:?} at {near:?}"
                    );
                }
            }
        }
    }
    assert!(found > 40, "only {found} sites");
}

#[test]
fn things_stand_on_what_they_ask_for_each_on_its_own() {
    let (mut trees, mut fish) = (0, 0);
    for seed in 1..=3 {
        let world = world(seed);
        for (x, z) in (20..28).flat_map(|x| (20..24).map(move |z| (x, z))) {
            let (made, placed) = make(&world, seed, chunk(x, z));
            let mut taken = BTreeSet::new();
            for thing in placed {
                assert!(taken.insert(thing.tile), "seed {seed}: two things at {:?}", thing.tile);
                let large = axial(thing.tile).large_tile().unwrap().to_offset().unwrap();
                assert_eq!(ChunkCoordinates::from(large), made.chunk);
                let depth = made.cells[usize::from(large.index_in_chunk())].depth();
                assert_eq!(
                    depth > 0,
                    thing.resource_id == FISH,
                    "seed {seed}: {thing:?} at depth {depth}"
                );
                trees += usize::from(thing.resource_id == TREE);
                fish += usize::from(thing.resource_id == FISH);
            }
        }
    }
    assert!(trees > 500 && fish > 10, "only {trees} trees and {fish} fish");
}

/// As many trees near the edges of chunks as elsewhere, where a fourth of the tiles is.
#[test]
fn groves_do_not_shun_the_borders_of_chunks() {
    let (mut edge, mut all) = (0, 0);
    for seed in 1..=6 {
        let world = world(seed);
        for (x, z) in (20..26).flat_map(|x| (20..26).map(move |z| (x, z))) {
            for thing in make(&world, seed, chunk(x, z)).1 {
                let large = axial(thing.tile).large_tile().unwrap().to_offset().unwrap();
                let inner = |tile: i32| (2..30).contains(&tile.rem_euclid(32));
                all += usize::from(thing.resource_id == TREE);
                edge += usize::from(thing.resource_id == TREE && !(inner(large.x) && inner(large.z)));
            }
        }
    }
    assert!(all > 500, "only {all} trees");
    assert!(
        edge * 100 > all * 18,
        "{edge} of {all} trees stand at the edges of chunks"
    );
}
