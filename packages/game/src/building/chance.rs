//! What chance decides of a building when a world is made: the same again for the same world.

use hexmarch_messages::building::BuildingSpawnDesc;
use hexmarch_world_gen::noise::place_hash;

use super::Standing;

/// Keeps this chance apart from others'.
const SALT: u64 = 0xB01D;

/// Which of several keys of content a building got.
pub fn one_of(spawn: &BuildingSpawnDesc, standing: &Standing, keys: &[i32]) -> Option<i32> {
    let count = u64::try_from(keys.len()).ok().filter(|count| *count > 0)?;
    let place = (standing.tile.x, standing.tile.z);
    let random = place_hash(u64::from(spawn.id.unsigned_abs()), SALT, place);
    keys.get(usize::try_from(random % count).ok()?).copied()
}
