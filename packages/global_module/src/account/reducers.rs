//! Registering and renaming.

use hexmarch_base::access::SignedInPlayer;
use hexmarch_base::outbox::{other_regions, Durability};
use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::{entity, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::account::{
    user_creation_timestamp_state, user_region_state, PlayerCreateMsg, PlayerNameSetMsg, PlayerRegisterRequest,
    PlayerSetNameRequest, ReplaceIdentityMsg, UserCreationTimestampState, UserRegionState,
};
use hexmarch_messages::inter_module::MessageContents;
use hexmarch_messages::region::{
    region_connection_info, region_control_info, region_population_info, region_sign_in_parameters,
};
use hexmarch_rules::region_choice::{choose, RegionOffer};
use hexmarch_rules::session::DEFAULT_MAX_SIGNED_IN;
use spacetimedb::{Identity, ReducerContext, Table};

/// Makes an account with one character: the name is reserved at once, the character is created by the region that has
/// most room. `user_region_state.is_created` tells when it is ready to sign in there; if the region refuses, the row
/// goes and one may register again.
///
/// # Errors
/// `account.exists`, `account.no_region`, `user_name.*`.
#[reducer]
#[access(Anyone)]
#[feature_gate("account")]
#[shared_table_reducer]
pub fn player_register(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    request: PlayerRegisterRequest,
) -> Result<(), Failure> {
    if ctx
        .db
        .user_region_state()
        .identity()
        .filter(&ctx.sender)
        .next()
        .is_some()
    {
        return Err(Failure::new("account.exists"));
    }
    let name = super::check_name(ctx, &request.username, 0)?;
    let region_id = choose(&offers(ctx)).ok_or_else(|| Failure::new("account.no_region"))?;
    let entity_id = entity::create(ctx)?;
    let username = name.display.clone();
    super::store_name(ctx, entity_id, name);
    ctx.db.user_region_state().insert(UserRegionState {
        entity_id,
        identity: ctx.sender,
        region_id,
        is_created: false,
        region_changes: 0,
    });
    if ctx
        .db
        .user_creation_timestamp_state()
        .identity()
        .find(ctx.sender)
        .is_none()
    {
        ctx.db
            .user_creation_timestamp_state()
            .insert(UserCreationTimestampState {
                identity: ctx.sender,
                timestamp: ctx.timestamp,
            });
    }
    let message = PlayerCreateMsg {
        entity_id,
        identity: ctx.sender,
        username,
    };
    shared.send(
        region_id,
        Durability::Durable,
        MessageContents::PlayerCreateRequest(message),
    );
    Ok(())
}

fn offers(ctx: &ReducerContext) -> Vec<RegionOffer> {
    ctx.db
        .region_connection_info()
        .iter()
        .map(|info| {
            let control = ctx.db.region_control_info().find(&info.id);
            let population = ctx.db.region_population_info().find(&info.id);
            let parameters = ctx.db.region_sign_in_parameters().find(&info.id);
            RegionOffer {
                index: info.id,
                open_for_spawn: control
                    .is_some_and(|row| row.initialized && row.allow_players && row.allow_player_spawns),
                signed_in: population.as_ref().map_or(0, |row| row.signed_in_players),
                queued: population.as_ref().map_or(0, |row| row.players_in_queue),
                max: parameters.map_or(DEFAULT_MAX_SIGNED_IN, |row| row.max_signed_in_players),
            }
        })
        .collect()
}

/// Changes the caller's name, here at once and in their region by message.
///
/// # Errors
/// `access.not_signed_in` without an account, `account.not_ready`, `user_name.*`.
#[reducer]
#[access(Player)]
#[feature_gate("account")]
#[shared_table_reducer]
pub fn player_set_name(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    account: SignedInPlayer,
    request: PlayerSetNameRequest,
) -> Result<(), Failure> {
    if !account.is_created {
        return Err(Failure::new("account.not_ready"));
    }
    let name = super::check_name(ctx, &request.username, account.entity_id)?;
    let message = PlayerNameSetMsg {
        entity_id: account.entity_id,
        username: name.display.clone(),
        hops: 0,
    };
    super::store_name(ctx, account.entity_id, name);
    super::send_to_player(
        ctx,
        shared,
        account.entity_id,
        MessageContents::OnPlayerNameSetRequest(message),
    )
}

/// Moves an account to another identity, in every database.
///
/// # Errors
/// `account.unknown`, `account.exists`.
#[reducer]
#[access(Admin)]
#[shared_table_reducer]
pub fn admin_replace_identity(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    old_identity: Identity,
    new_identity: Identity,
) -> Result<(), Failure> {
    let accounts = ctx.db.user_region_state();
    if accounts.identity().filter(&new_identity).next().is_some() {
        return Err(Failure::new("account.exists"));
    }
    let owned: Vec<UserRegionState> = accounts.identity().filter(&old_identity).collect();
    if owned.is_empty() {
        return Err(Failure::new("account.unknown"));
    }
    for row in owned {
        accounts.entity_id().update(UserRegionState {
            identity: new_identity,
            ..row
        });
    }
    if let Some(created) = ctx.db.user_creation_timestamp_state().identity().find(old_identity) {
        ctx.db.user_creation_timestamp_state().identity().delete(old_identity);
        ctx.db.user_creation_timestamp_state().identity().delete(new_identity);
        ctx.db
            .user_creation_timestamp_state()
            .insert(UserCreationTimestampState {
                identity: new_identity,
                ..created
            });
    }
    for region in other_regions(ctx) {
        let message = ReplaceIdentityMsg {
            old_identity,
            new_identity,
        };
        shared.send(region, Durability::Durable, MessageContents::ReplaceIdentity(message));
    }
    Ok(())
}
