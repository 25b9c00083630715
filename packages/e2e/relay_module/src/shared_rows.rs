//! Random writes to shared tables.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use spacetimedb::ReducerContext;

use crate::settings::mix;

/// Most writes in one transaction.
const MAX_WRITES: u32 = 1000;

/// Writes `count` times to shared tables that this database owns: which row, whether it is deleted or replaced, and by
/// what, follows from `seed`.
///
/// # Errors
/// `test.too_many|<max>`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn write_shared_rows(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    seed: u64,
    count: u32,
) -> Result<(), Failure> {
    if count > MAX_WRITES {
        return Err(Failure::new(format!("test.too_many|{MAX_WRITES}")));
    }
    for number in 0..count {
        write(ctx, shared, mix(seed ^ mix(u64::from(number))));
    }
    Ok(())
}

/// A region's own rows.
#[cfg(feature = "region")]
fn write(ctx: &ReducerContext, shared: &mut SharedTransaction, drawn: u64) {
    use hexmarch_base::entity;
    use hexmarch_messages::region::{RegionControlInfo, RegionPopulationInfo};

    let region_id = entity::own_index(ctx);
    let deleted = drawn & 0x30 == 0;
    match (drawn & 1 == 0, deleted) {
        (true, true) => drop(shared.delete::<RegionControlInfo>(&region_id)),
        (false, true) => drop(shared.delete::<RegionPopulationInfo>(&region_id)),
        (true, false) => shared.upsert(RegionControlInfo {
            region_id,
            initialized: drawn & 2 == 0,
            allow_players: drawn & 4 == 0,
            allow_player_spawns: drawn & 8 == 0,
        }),
        (false, false) => shared.upsert(RegionPopulationInfo {
            region_id,
            signed_in_players: (drawn >> 16) as u32,
            players_in_queue: (drawn >> 40) as u32,
        }),
    }
}

/// Rows under made-up keys, so that nobody's rights change.
#[cfg(feature = "global")]
fn write(_ctx: &ReducerContext, shared: &mut SharedTransaction, drawn: u64) {
    use hexmarch_messages::region::RegionSignInParameters;
    use hexmarch_messages::role::{Developer, IdentityRole, Role};
    use spacetimedb::Identity;

    /// Different keys in each table.
    const KEYS: u64 = 32;
    const ROLES: [Role; 4] = [Role::Partner, Role::SkipQueue, Role::Mod, Role::Gm];

    let key = ((drawn >> 8) % KEYS) as u8;
    let identity = Identity::from_byte_array([key; 32]);
    let number = (drawn >> 32) as u32;
    let deleted = drawn & 0x30 == 0;
    match (drawn % 3, deleted) {
        (0, true) => drop(shared.delete::<IdentityRole>(&identity)),
        (1, true) => drop(shared.delete::<Developer>(&identity)),
        (_, true) => drop(shared.delete::<RegionSignInParameters>(&(key | 0x80))),
        (0, false) => shared.upsert(IdentityRole {
            identity,
            role: ROLES.get(number as usize % ROLES.len()).copied().unwrap_or(Role::Gm),
        }),
        (1, false) => shared.upsert(Developer {
            identity,
            developer_name: format!("developer {number}"),
            service_name: format!("service {number}"),
        }),
        (_, false) => shared.upsert(RegionSignInParameters {
            region_id: key | 0x80,
            is_signing_in_blocked: drawn & 8 == 0,
            max_signed_in_players: number,
            max_queue_length: number / 2,
            arrival_reserve: number / 3,
            grace_period_seconds: number / 4,
        }),
    }
}
