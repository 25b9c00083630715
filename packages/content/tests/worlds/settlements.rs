use std::collections::BTreeSet;

use hexmarch_messages::placement::SiteType;
use hexmarch_sim_core::movement::MoveLimits;
use hexmarch_sim_core::ChunkCoordinates;
use hexmarch_world_gen::Site;

use crate::land::{around, Land, Tile, GAME, LANDS};

/// Least settlements of a region.
const MIN_SETTLEMENTS: usize = 24;
/// Least part of the kinds of things of a region that people find on foot, in hundredths.
const MIN_KINDS_PERCENT: usize = 90;
/// Highest level of tools that people begin with.
const FIRST_TOOLS: i32 = 1;
/// The level of a skill from which on work is none of the first tier.
const SECOND_TIER_LEVEL: i32 = 15;

fn of_type(land: &Land, site_type: SiteType) -> impl Iterator<Item = &Site> {
    let is_such = move |site: &&Site| GAME.sites[&site.id].site_type == site_type;
    land.sites.iter().filter(is_such)
}

/// Kinds of the first tier that content strews and that a beginner can gather.
fn first_tier() -> BTreeSet<i32> {
    let members = GAME.rules.scatter.iter().flat_map(|rule| &rule.members);
    let strewn: BTreeSet<i32> = members.map(|member| member.resource_id).collect();
    let can_begin = |resource: i32| {
        GAME.extractions.iter().any(|recipe| {
            recipe.resource_id == resource
                && recipe.tool_requirements.iter().all(|tool| tool.level <= FIRST_TOOLS)
                && recipe
                    .level_requirements
                    .iter()
                    .all(|skill| skill.level < SECOND_TIER_LEVEL)
        })
    };
    let is_first = |id: &i32| GAME.resources[id].tier == 1 && can_begin(*id);
    strewn.into_iter().filter(is_first).collect()
}

/// Which tiles of a region one comes to on foot: up and down what a walker may climb, and through water in which one
/// stands.
fn on_foot(land: &Land, start: Tile) -> Vec<bool> {
    let limits = MoveLimits {
        swim_allowed: false,
        ..MoveLimits::default()
    };
    let mut reached = vec![false; land.tiles().count()];
    let mut open = vec![start];
    reached[land.index(start).unwrap()] = true;
    while let Some(tile) = open.pop() {
        let ground = land.ground(tile).unwrap();
        for next in around(tile) {
            let Some(index) = land.index(next).filter(|index| !reached[*index]) else {
                continue;
            };
            // Who cannot come back has not found a home.
            let other = land.ground(next).unwrap();
            if limits.may_step(ground, other) && limits.may_step(other, ground) {
                reached[index] = true;
                open.push(next);
            }
        }
    }
    reached
}

/// Things are worked on from beside them.
fn kinds_found(land: &Land, reached: &[bool]) -> BTreeSet<i32> {
    let is_reached = |tile: Tile| land.index(tile).is_some_and(|index| reached[index]);
    let found = |(_, tile): &&(i32, Tile)| is_reached(*tile) || around(*tile).into_iter().any(is_reached);
    land.things.iter().filter(found).map(|thing| thing.0).collect()
}

#[test]
fn people_find_on_foot_what_they_begin_with_and_nearly_all_else() {
    let wanted = first_tier();
    assert!(wanted.len() >= 15, "only {} kinds of the first tier", wanted.len());
    for (land, region) in LANDS.iter().zip(1..) {
        let strewn: BTreeSet<i32> = land.things.iter().map(|thing| thing.0).collect();
        let mut known: Vec<Vec<bool>> = Vec::new();
        let mut settlements = 0;
        for site in of_type(land, SiteType::Settlement) {
            settlements += 1;
            let start = (site.tile.x, site.tile.z);
            if known.iter().any(|reached| reached[land.index(start).unwrap()]) {
                continue;
            }
            let reached = on_foot(land, start);
            let found = kinds_found(land, &reached);
            let missing: Vec<_> = wanted.difference(&found).collect();
            assert!(missing.is_empty(), "region {region}: {site:?} is without {missing:?}");
            assert!(
                found.len() * 100 >= strewn.len() * MIN_KINDS_PERCENT,
                "region {region}: {site:?} has {} of {} kinds",
                found.len(),
                strewn.len()
            );
            known.push(reached);
        }
        assert!(
            settlements >= MIN_SETTLEMENTS,
            "region {region} has {settlements} settlements"
        );
    }
}

/// Also over the border between regions.
#[test]
fn no_den_is_where_it_is_safe() {
    let safe = LANDS.iter().flat_map(|land| &land.sites);
    let safe: Vec<&Site> = safe.filter(|site| GAME.sites[&site.id].safe_chunks > 0).collect();
    let dens: Vec<&Site> = LANDS.iter().flat_map(|land| of_type(land, SiteType::Den)).collect();
    assert!(
        safe.len() > 100 && dens.len() > 100,
        "{} safe sites, {} dens",
        safe.len(),
        dens.len()
    );
    for site in safe {
        for den in &dens {
            let (at, other) = (ChunkCoordinates::from(site.tile), ChunkCoordinates::from(den.tile));
            let chunks = at.x.abs_diff(other.x).max(at.z.abs_diff(other.z));
            assert!(
                chunks > GAME.sites[&site.id].safe_chunks,
                "{den:?} is {chunks} chunks from {site:?}"
            );
        }
    }
}
