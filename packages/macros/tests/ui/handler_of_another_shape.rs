use hexmarch_base::Failure;
use hexmarch_macros::inbox;
use hexmarch_messages::grant::GrantItemMsg;
use spacetimedb::ReducerContext;

#[inbox(GrantItem)]
pub fn on_grant_item(_ctx: &ReducerContext, _sender: u8, _message: GrantItemMsg) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
