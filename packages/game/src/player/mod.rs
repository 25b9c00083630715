//! Player characters: created here on the global database's word, each with every row of the bundle.

use hexmarch_messages::player::{CharacterStat, CharacterStatDesc, CharacterStatType};
use hexmarch_sim_core::{OffsetCoordinatesFloat, MILLI_PER_TILE, OVERWORLD};
use spacetimedb::ReducerContext;

use crate::region;

/// How far around the middle of the region new players appear, in small tiles.
const SPAWN_RADIUS: u64 = 6;

/// Where a new player appears: around the middle of the region, by their id.
pub fn spawn_position(ctx: &ReducerContext, entity_id: u64) -> Option<OffsetCoordinatesFloat> {
    let own = region::own(ctx)?;
    let bounds = region::layout(&own).ok()?.bounds(own.region_index)?;
    let middle = |min: i32, max: i32| min + (max - min) / 2;
    let offset = |value: u64| {
        let tiles = i32::try_from(value % (2 * SPAWN_RADIUS + 1)).unwrap_or(0);
        (tiles - i32::try_from(SPAWN_RADIUS).unwrap_or(0)) * MILLI_PER_TILE
    };
    Some(OffsetCoordinatesFloat::new(
        middle(bounds.min_x(), bounds.max_x()) + offset(entity_id),
        middle(bounds.min_z(), bounds.max_z()) + offset(entity_id / (2 * SPAWN_RADIUS + 1)),
        OVERWORLD,
    ))
}

/// The value of a stat, 0 without an entry.
pub fn stat(stats: &[CharacterStat], stat_type: CharacterStatType) -> f32 {
    stats
        .iter()
        .find(|stat| stat.stat_type == stat_type)
        .map_or(0.0, |stat| stat.value)
}

/// The stats of a new character.
pub fn starting_stats(descs: impl Iterator<Item = CharacterStatDesc>) -> Vec<CharacterStat> {
    let mut stats: Vec<CharacterStat> = descs
        .map(|desc| CharacterStat {
            stat_type: desc.stat_type,
            value: desc.value,
        })
        .collect();
    stats.sort_unstable_by_key(|stat| stat.stat_type);
    stats
}
