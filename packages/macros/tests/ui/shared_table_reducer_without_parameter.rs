use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use spacetimedb::ReducerContext;

#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn open_region(_ctx: &ReducerContext) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
