//! Sessions of the regions, steered from here.

use hexmarch_base::outbox::{other_regions, Durability};
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::account::user_region_state;
use hexmarch_messages::inter_module::MessageContents;
use hexmarch_messages::session::{PlayerSkipQueueMsg, SignPlayerOutMsg};
use spacetimedb::{Identity, ReducerContext};

/// Lets a player in past the queue of their region.
///
/// # Errors
/// `account.unknown`.
#[reducer]
#[access(Gm)]
#[shared_table_reducer]
pub fn admin_skip_queue_identity(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    identity: Identity,
) -> Result<(), Failure> {
    let account = ctx.db.user_region_state().identity().filter(&identity).next();
    let account = account.ok_or_else(|| Failure::new("account.unknown"))?;
    let message = PlayerSkipQueueMsg {
        player_identity: identity,
    };
    shared.send(
        account.region_id,
        Durability::Fleeting,
        MessageContents::PlayerSkipQueue(message),
    );
    Ok(())
}

/// Ends a player's session wherever they are.
///
/// # Errors
/// `account.unknown`.
#[reducer]
#[access(Mod)]
#[shared_table_reducer]
pub fn admin_sign_out_player(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    identity: Identity,
) -> Result<(), Failure> {
    let account = ctx.db.user_region_state().identity().filter(&identity).next();
    let account = account.ok_or_else(|| Failure::new("account.unknown"))?;
    let message = SignPlayerOutMsg {
        player_identity: Some(identity),
    };
    shared.send(
        account.region_id,
        Durability::Fleeting,
        MessageContents::SignPlayerOut(message),
    );
    Ok(())
}

/// Ends all sessions of a region, or with 0 of all regions.
///
/// # Errors
/// `region.no_such_index`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn admin_sign_out_all(ctx: &ReducerContext, shared: &mut SharedTransaction, region: u8) -> Result<(), Failure> {
    let regions: Vec<u8> = other_regions(ctx)
        .into_iter()
        .filter(|id| region == 0 || *id == region)
        .collect();
    if regions.is_empty() {
        return Err(Failure::new("region.no_such_index"));
    }
    for to in regions {
        let message = SignPlayerOutMsg { player_identity: None };
        shared.send(to, Durability::Fleeting, MessageContents::SignPlayerOut(message));
    }
    Ok(())
}
