//! Taking what was held.

use hexmarch_base::access::SignedInPlayer;
use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use hexmarch_messages::grant::held_items_state;
use spacetimedb::ReducerContext;

use crate::content;

/// Puts held items into the caller's backpack, as many as there is room for.
///
/// # Errors
/// `held_items.none`; `inventory.full|<left over>` when there is room for none of them.
#[reducer]
#[access(Player)]
#[feature_gate("inventory")]
pub fn player_collect_held_items(ctx: &ReducerContext, player: SignedInPlayer) -> Result<(), Failure> {
    let held = ctx.db.held_items_state().entity_id().find(player.entity_id);
    let mut held = held.ok_or_else(|| Failure::new("held_items.none"))?.items;
    content::arrived(ctx, &mut held);
    let rest = super::fill_backpack(ctx, player.entity_id, &held)?;
    if rest == held {
        let left_over: u64 = rest.iter().map(|stack| u64::from(stack.quantity)).sum();
        return Err(Failure::new(format!("inventory.full|{left_over}")));
    }
    ctx.db.held_items_state().entity_id().delete(player.entity_id);
    super::keep(ctx, player.entity_id, rest);
    Ok(())
}
