use hexmarch_base::Failure;
use hexmarch_macros::{access, reducer};
use spacetimedb::ReducerContext;

#[access(Admin)]
#[reducer]
pub fn give(_ctx: &ReducerContext) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
