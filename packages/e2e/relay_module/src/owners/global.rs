//! Where owners are.

use hexmarch_base::escrow::Stake;
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::account::{user_region_state, UserRegionState, UserUpdateRegionMsg};
use hexmarch_messages::grant::GiveItemsMsg;
use hexmarch_messages::inter_module::MessageContents;
use spacetimedb::{Identity, ReducerContext, Table};

/// Writes down where an owner begins.
#[reducer]
#[access(Admin)]
pub fn register_owner(ctx: &ReducerContext, entity_id: u64, region_id: u8) -> Result<(), Failure> {
    ctx.db.user_region_state().insert(UserRegionState {
        entity_id,
        identity: Identity::ZERO,
        region_id,
        is_created: true,
        region_changes: 0,
    });
    Ok(())
}

/// As the agent of the global module does: sends again what found its owner between two regions.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn send_undelivered_again(ctx: &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> {
    hexmarch_base::dead_letter::retry_not_here(ctx, shared, &crate::plumbing::Handlers);
    Ok(())
}

/// Passes items on to where their owner is, as the global module does.
///
/// # Errors
/// `player.unknown`.
pub fn give(ctx: &ReducerContext, shared: &mut SharedTransaction, message: GiveItemsMsg) -> Result<(), Failure> {
    let account = ctx.db.user_region_state().entity_id().find(message.entity_id);
    let account = account.ok_or_else(|| Failure::new("player.unknown"))?;
    let stake = Stake {
        owner_entity_id: message.entity_id,
        items: message.items.clone(),
    };
    shared.send_with(account.region_id, stake, MessageContents::GiveItems(message));
    Ok(())
}

/// An owner arrived in a region, as the global module hears it.
///
/// # Errors
/// `player.unknown`.
pub fn reported(ctx: &ReducerContext, sender: u8, message: &UserUpdateRegionMsg) -> Result<(), Failure> {
    let accounts = ctx.db.user_region_state();
    let row = accounts.entity_id().find(message.entity_id);
    let row = row.ok_or_else(|| Failure::new("player.unknown"))?;
    if message.region_changes > row.region_changes {
        accounts.entity_id().update(UserRegionState {
            region_id: sender,
            region_changes: message.region_changes,
            ..row
        });
    }
    Ok(())
}
