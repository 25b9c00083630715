//! Which regions the world has, where they are and how many they take.

use hexmarch_base::shared::{copy, SharedTransaction};
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::region::{region_connection_info, RegionConnectionInfo, RegionSignInParameters};
use spacetimedb::ReducerContext;

/// Most regions of a world.
const MAX_REGIONS: usize = 255;
/// Longest host or database name, in bytes.
const MAX_ADDRESS_BYTES: usize = 256;
/// Longest grace period, in seconds.
const MAX_GRACE_SECONDS: u32 = 86_400;

/// Sets where regions are. Rows not named stay. A region that is new is sent a copy of all that this database owns.
///
/// # Errors
/// `region.too_many`, `region.no_such_index` for index 0, `region.bad_address`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn import_region_connection_info(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    records: Vec<RegionConnectionInfo>,
) -> Result<(), Failure> {
    if records.len() > MAX_REGIONS {
        return Err(Failure::new(format!("region.too_many|{MAX_REGIONS}")));
    }
    for record in &records {
        if record.id == 0 {
            return Err(Failure::new("region.no_such_index"));
        }
        let is_url = record.host.starts_with("http://") || record.host.starts_with("https://");
        let fits = |text: &str| !text.is_empty() && text.len() <= MAX_ADDRESS_BYTES;
        if !is_url || !fits(&record.host) || !fits(&record.module) {
            return Err(Failure::new(format!("region.bad_address|{}", record.id)));
        }
    }
    // Two passes: with all regions known, the rows go to all of them.
    let mut new = Vec::new();
    for record in &records {
        if ctx.db.region_connection_info().find(&record.id).is_none() {
            hexmarch_messages::shared::OwnedRow::upsert_owned(record.clone(), &ctx.db);
            new.push(record.id);
        }
    }
    for region in new {
        copy::start(ctx, region);
    }
    for record in records {
        shared.upsert(record);
    }
    Ok(())
}

/// Sets how many players a region takes.
///
/// # Errors
/// `region.no_such_index` for a region that the world does not have; `region.bad_parameters`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn admin_update_sign_in_parameters(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    parameters: RegionSignInParameters,
) -> Result<(), Failure> {
    if ctx.db.region_connection_info().find(&parameters.region_id).is_none() {
        return Err(Failure::new("region.no_such_index"));
    }
    if parameters.grace_period_seconds > MAX_GRACE_SECONDS {
        return Err(Failure::new(format!("region.bad_parameters|{MAX_GRACE_SECONDS}")));
    }
    shared.upsert(parameters);
    Ok(())
}
