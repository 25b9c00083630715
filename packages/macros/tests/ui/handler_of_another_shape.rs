use hexmarch_base::Failure;
use hexmarch_macros::inbox;
use hexmarch_messages::grant::GiveItemsMsg;
use spacetimedb::ReducerContext;

#[inbox(GiveItems)]
pub fn on_give_items(_ctx: &ReducerContext, _sender: u8, _message: GiveItemsMsg) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
