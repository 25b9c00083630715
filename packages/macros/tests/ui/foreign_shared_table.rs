//! A region's module writes the roles, which the global database owns.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::role::{IdentityRole, Role};
use spacetimedb::ReducerContext;

#[reducer]
#[access(Player)]
#[shared_table_reducer]
pub fn promote_me(ctx: &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> {
    shared.upsert(IdentityRole { identity: ctx.sender, role: Role::Admin });
    Ok(())
}

fn main() {}
