//! What the macro cannot know, the compiler shows at the user's line.

use hexmarch_macros::reducer;
use spacetimedb::ReducerContext;

#[reducer]
#[access(Anyone)]
pub fn give(_ctx: &ReducerContext, item_id: i32) -> Result<(), String> {
    Err(item_id.to_string())
}

fn main() {}
