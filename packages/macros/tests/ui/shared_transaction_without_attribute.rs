use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use spacetimedb::ReducerContext;

#[reducer]
#[access(Admin)]
pub fn open_region(_ctx: &ReducerContext, _shared: &mut SharedTransaction) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
