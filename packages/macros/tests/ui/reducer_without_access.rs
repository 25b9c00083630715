use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use spacetimedb::ReducerContext;

#[reducer]
pub fn give(ctx: &ReducerContext, item_id: i32) -> Result<(), Failure> {
    let _ = (ctx, item_id);
    Ok(())
}

fn main() {}
