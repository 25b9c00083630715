use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use spacetimedb::ReducerContext;

#[reducer]
#[access(Everyone)]
pub fn give(_ctx: &ReducerContext) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
