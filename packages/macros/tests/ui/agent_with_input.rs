use hexmarch_base::Failure;
use hexmarch_macros::agent;
use spacetimedb::ReducerContext;

#[agent(timer = growth_loop_timer, every_millis = 1_000)]
pub fn growth_agent(_ctx: &ReducerContext, _chunk_index: u64) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
