//! From one region to another.
//!
//! Invariants: a player's rows are in one region, or in one message and nowhere else. Leaving and sending are one
//! transaction; so are arriving and telling the global database; a refusal puts everything back as it was.

use hexmarch_base::access::SignedInPlayer;
use hexmarch_base::outbox::{self, Durability};
use hexmarch_base::Failure;
use hexmarch_messages::generated::PlayerBundle;
use hexmarch_messages::inter_module::MessageContents;
use hexmarch_messages::player::{PlayerKey, UserState};
use hexmarch_messages::region::{region_connection_info, region_control_info};
use hexmarch_messages::transfer::{
    player_region_transfer_event, PlayerRegionTransferEvent, TransferPlayerMsg, TransferReason,
};
use hexmarch_sim_core::OffsetCoordinatesFloat;
use spacetimedb::{Identity, ReducerContext, Table};

use crate::movement;
use crate::session::{self, slots, Slot};

/// A player walked past the border.
///
/// # Errors
/// As [`start`].
pub fn across_border(
    ctx: &ReducerContext,
    player: &SignedInPlayer,
    region: u8,
    destination: OffsetCoordinatesFloat,
) -> Result<(), Failure> {
    let key = PlayerKey {
        entity_id: player.entity_id,
        identity: player.identity,
    };
    start(ctx, key, region, destination, TransferReason::Border)
}

/// Packs the player into a message to another region and removes them here.
///
/// # Errors
/// `transfer.no_region|<index>`, `transfer.closed|<index>`.
pub fn start(
    ctx: &ReducerContext,
    player: PlayerKey,
    region: u8,
    destination: OffsetCoordinatesFloat,
    reason: TransferReason,
) -> Result<(), Failure> {
    let known = ctx.db.region_connection_info().find(&region);
    known.ok_or_else(|| Failure::new(format!("transfer.no_region|{region}")))?;
    let control = ctx.db.region_control_info().find(&region);
    if !control.is_some_and(|row| row.initialized && row.allow_players) {
        return Err(Failure::new(format!("transfer.closed|{region}")));
    }
    session::end(ctx, player.entity_id, Slot::Freed);
    session::queue::leave(ctx, player.entity_id);
    slots::release(ctx, &player.identity);
    let bundle = PlayerBundle::collect(&ctx.db, &player);
    PlayerBundle::delete(&ctx.db, &player);
    let message = TransferPlayerMsg {
        entity_id: player.entity_id,
        identity: player.identity,
        destination: movement::to_message(destination),
        reason,
        player: bundle,
    };
    outbox::send(
        ctx,
        region,
        Durability::Durable,
        MessageContents::TransferPlayerRequest(message),
    );
    tell_client(ctx, player.identity, player.entity_id, region);
    Ok(())
}

/// Tells the client where to connect.
pub fn tell_client(ctx: &ReducerContext, identity: Identity, player_entity_id: u64, region: u8) {
    let Some(info) = ctx.db.region_connection_info().find(&region) else {
        return;
    };
    ctx.db.player_region_transfer_event().insert(PlayerRegionTransferEvent {
        scheduled_id: 0,
        scheduled_at: ctx.timestamp.into(),
        identity,
        player_entity_id,
        region_index: region,
        host: info.host,
        module: info.module,
    });
}

/// The key of a player who is here.
pub fn key(user: &UserState) -> PlayerKey {
    PlayerKey {
        entity_id: user.entity_id,
        identity: user.identity,
    }
}
