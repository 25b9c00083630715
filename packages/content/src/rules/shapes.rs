//! Footprints have each tile once, and one at 0,0; clumps have each tile once.

use std::collections::HashSet;

use hexmarch_messages::building::{BuildingDesc, FootprintTile};
use hexmarch_messages::resource::{ResourceClumpDesc, ResourceDesc};
use hexmarch_messages::static_data::StaticRow;

use super::{Findings, Game};

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    for (row, building) in game.buildings.iter() {
        footprint::<BuildingDesc>(row, &building.footprint, findings);
    }
    for (row, resource) in game.resources.iter() {
        footprint::<ResourceDesc>(row, &resource.footprint, findings);
    }
    for (row, clump) in game.clumps.iter() {
        let tiles = clump.members.iter().map(|member| (member.x, member.z));
        if let Some(index) = first_double(tiles) {
            let path = format!("members[{index}]");
            let text = "two members stand on one tile; move one, or remove it";
            findings.at::<ResourceClumpDesc>(row, &path, text);
        }
    }
}

fn footprint<R: StaticRow>(row: usize, tiles: &[FootprintTile], findings: &mut Findings<'_>) {
    let places = tiles.iter().map(|tile| (tile.x, tile.z));
    if let Some(index) = first_double(places.clone()) {
        let (x, z) = tiles.get(index).map_or((0, 0), |tile| (tile.x, tile.z));
        let text = format!("the tile {x},{z} is in the footprint twice; remove one");
        findings.at::<R>(row, &format!("footprint[{index}]"), text);
    }
    // An empty one was reported already.
    if !tiles.is_empty() && !places.clone().any(|place| place == (0, 0)) {
        let text = "the footprint has no tile at 0,0, where the thing is; add it, or move the others";
        findings.at::<R>(row, "footprint", text);
    }
}

fn first_double(mut places: impl Iterator<Item = (i32, i32)>) -> Option<usize> {
    let mut seen = HashSet::new();
    places.position(|place| !seen.insert(place))
}
