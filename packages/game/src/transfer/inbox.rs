//! Arriving, and coming back.

use hexmarch_base::outbox::{self, Durability};
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::{entity, role, Failure};
use hexmarch_macros::{inbox, outcome};
use hexmarch_messages::account::UserUpdateRegionMsg;
use hexmarch_messages::inter_module::{MessageContents, MessageOutcome, GLOBAL_MODULE};
use hexmarch_messages::player::{user_state, PlayerKey};
use hexmarch_messages::role::Role;
use hexmarch_messages::transfer::TransferPlayerMsg;
use hexmarch_messages::world::resources_log;
use hexmarch_rules::session::{arrival, ArrivalRequest};
use spacetimedb::{log, ReducerContext, Table};

use crate::session::slots;
use crate::{content, interior, movement, region};

/// Takes the player in, keeps a slot for them, tells the global database.
#[inbox(TransferPlayerRequest)]
pub fn on_transfer_player(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: TransferPlayerMsg,
) -> Result<(), Failure> {
    let TransferPlayerMsg {
        entity_id,
        identity,
        destination,
        mut player,
        ..
    } = message;
    if ctx.db.user_state().entity_id().find(entity_id).is_some()
        || ctx.db.user_state().identity().find(identity).is_some()
    {
        return Err(Failure::new("transfer.already_here"));
    }
    let position = movement::from_message(destination);
    if region::at(ctx, position) != Some(entity::own_index(ctx)) {
        return Err(Failure::new("transfer.outside"));
    }
    let parameters = slots::parameters(ctx);
    arrival(&ArrivalRequest {
        signed_in: slots::signed_in(ctx),
        reserved: slots::reserved(ctx),
        max_signed_in: parameters.max_signed_in_players,
        arrival_reserve: parameters.arrival_reserve,
        skip_queue: role::includes(role::of(ctx, &identity), Role::SkipQueue),
        sign_in_blocked: parameters.is_signing_in_blocked,
        allow_players: slots::allow_players(ctx) && ctx.db.resources_log().count() > 0,
    })?;
    for row in &mut player.mobile_entity_state {
        *row = movement::placed(entity_id, position, row.timestamp).ok_or_else(|| Failure::new("transfer.outside"))?;
    }
    let mut region_changes = 0;
    for row in &mut player.player_state {
        row.region_changes = row.region_changes.saturating_add(1);
        region_changes = row.region_changes;
    }
    player
        .insert(&ctx.db)
        .map_err(|table| Failure::new(format!("transfer.conflict|{table}")))?;
    content::replace_of_player(ctx, PlayerKey { entity_id, identity });
    slots::reserve(ctx, identity, entity_id);
    outbox::send(
        ctx,
        GLOBAL_MODULE,
        Durability::Durable,
        MessageContents::UserUpdateRegionRequest(UserUpdateRegionMsg {
            entity_id,
            region_changes,
        }),
    );
    Ok(())
}

/// The destination refused: the player is put back as they were, and their client is called back.
#[outcome(TransferPlayerRequest)]
pub fn on_transfer_answered(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    destination: u8,
    message: TransferPlayerMsg,
    outcome: &MessageOutcome,
) -> Result<(), Failure> {
    let MessageOutcome::Failed(reason) = outcome else {
        return Ok(());
    };
    log::warn!("region {destination} refused player {}: {reason}", message.entity_id);
    let TransferPlayerMsg {
        entity_id,
        identity,
        player,
        ..
    } = message;
    player
        .insert(&ctx.db)
        .map_err(|table| Failure::new(format!("transfer.conflict|{table}")))?;
    content::replace_of_player(ctx, PlayerKey { entity_id, identity });
    interior::came_back(ctx, entity_id);
    slots::reserve(ctx, identity, entity_id);
    super::tell_client(ctx, identity, entity_id, entity::own_index(ctx));
    Ok(())
}
