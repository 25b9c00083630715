//! Player characters: created here on the global database's word, each with every row of the bundle.

use hexmarch_messages::player::{CharacterStat, CharacterStatDesc, CharacterStatType};

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
