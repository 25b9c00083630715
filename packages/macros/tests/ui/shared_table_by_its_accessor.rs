//! The table behind a shared row can be read, and cannot be written without a `SharedTransaction`, by its owner either.

use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::region::{region_control_info, RegionControlInfo};
use spacetimedb::{ReducerContext, Table};

#[reducer]
#[access(Admin)]
pub fn open_region(ctx: &ReducerContext, row: RegionControlInfo) -> Result<(), Failure> {
    ctx.db.region_control_info().insert(row);
    Ok(())
}

fn main() {}
