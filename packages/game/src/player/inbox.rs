//! New players, new names, new identities.

use hexmarch_base::shared::SharedTransaction;
use hexmarch_base::{clock, entity, Failure};
use hexmarch_macros::inbox;
use hexmarch_messages::account::{PlayerCreateMsg, PlayerNameSetMsg, ReplaceIdentityMsg};
use hexmarch_messages::generated::PlayerBundle;
use hexmarch_messages::inventory::{starting_inventory_desc, InventoryState, ItemStack, Pocket};
use hexmarch_messages::knowledge::KnowledgeRows;
use hexmarch_messages::movement::MoveValidationStrikeCounterState;
use hexmarch_messages::player::{
    character_stat_desc, player_username, user_state, CharacterStatType, CharacterStatsState, ExperienceState,
    HealthState, PlayerState, PlayerUsername, StaminaState, UserState,
};
use hexmarch_messages::region::region_control_info;
use hexmarch_messages::session::player_session_state;
use spacetimedb::{ReducerContext, Table};

use crate::session::{self, Slot};
use crate::{knowledge, movement};

/// Volume of a backpack's pocket.
const POCKET_VOLUME: i32 = 6000;

/// Creates the character with all its rows. A repeated request for the same character changes nothing.
#[inbox(PlayerCreateRequest)]
pub fn on_player_create(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: PlayerCreateMsg,
) -> Result<(), Failure> {
    if ctx.db.user_state().entity_id().find(message.entity_id).is_some() {
        return Ok(());
    }
    if ctx.db.user_state().identity().find(message.identity).is_some() {
        return Err(Failure::new("player.exists"));
    }
    let control = ctx.db.region_control_info().find(&entity::own_index(ctx));
    if !control.is_some_and(|row| row.initialized && row.allow_player_spawns) {
        return Err(Failure::new("region.closed_to_new_players"));
    }
    let entity_id = message.entity_id;
    let bundle = new_player(ctx, message)?;
    let pockets = bundle.inventory_state.iter().flat_map(|inventory| &inventory.pockets);
    let stacks = pockets.filter_map(|pocket| pocket.contents.as_ref());
    let carried: Vec<i32> = stacks.map(|stack| stack.item_id).collect();
    bundle
        .insert(&ctx.db)
        .map_err(|table| Failure::new(format!("player.create_failed|{table}")))?;
    knowledge::acquire_items(ctx, entity_id, carried);
    Ok(())
}

fn new_player(ctx: &ReducerContext, message: PlayerCreateMsg) -> Result<PlayerBundle, Failure> {
    let PlayerCreateMsg {
        entity_id,
        identity,
        username,
    } = message;
    let stats = super::starting_stats(ctx.db.character_stat_desc().iter());
    let position = super::spawn::position(ctx, entity_id).ok_or_else(|| Failure::new("region.not_set_up"))?;
    // An old timestamp: the first move of a client whose clock is behind is not before it.
    let place = movement::placed(entity_id, position, 0).ok_or_else(|| Failure::new("region.out_of_world"))?;
    Ok(PlayerBundle {
        user_state: vec![UserState {
            entity_id,
            identity,
            can_sign_in: false,
        }],
        player_state: vec![PlayerState {
            entity_id,
            signed_in: false,
            sign_in_timestamp: i64::try_from(clock::now_ms(ctx) / 1000).unwrap_or(0),
            time_played: 0,
            region_changes: 0,
        }],
        player_username: vec![PlayerUsername { entity_id, username }],
        health_state: vec![HealthState {
            entity_id,
            health: super::stat(&stats, CharacterStatType::MaxHealth),
            last_health_decrease_timestamp: ctx.timestamp,
        }],
        stamina_state: vec![StaminaState {
            entity_id,
            stamina: super::stat(&stats, CharacterStatType::MaxStamina),
            last_stamina_decrease_timestamp: ctx.timestamp,
        }],
        inventory_state: vec![backpack(
            ctx,
            entity_id,
            super::stat(&stats, CharacterStatType::BackpackPockets),
        )?],
        character_stats_state: vec![CharacterStatsState {
            entity_id,
            values: stats,
        }],
        experience_state: vec![ExperienceState {
            entity_id,
            experience_stacks: Vec::new(),
        }],
        held_items_state: Vec::new(),
        mobile_entity_state: vec![place],
        move_validation_strike_counter_state: vec![MoveValidationStrikeCounterState {
            entity_id,
            validation_failure_timestamps: Vec::new(),
        }],
        knowledge: KnowledgeRows::of_new_character(entity_id),
    })
}

fn backpack(ctx: &ReducerContext, owner: u64, pockets: f32) -> Result<InventoryState, Failure> {
    let mut gifts: Vec<_> = ctx.db.starting_inventory_desc().iter().collect();
    gifts.sort_unstable_by_key(|gift| gift.id);
    let mut stacks = gifts.into_iter().map(|gift| ItemStack {
        item_id: gift.item_id,
        quantity: gift.quantity,
    });
    let pockets: Vec<Pocket> = (0..pockets.clamp(0.0, 255.0) as u8)
        .map(|_| Pocket {
            volume: POCKET_VOLUME,
            contents: stacks.next(),
            locked: false,
        })
        .collect();
    Ok(InventoryState {
        entity_id: entity::create(ctx)?,
        cargo_index: i32::try_from(pockets.len()).unwrap_or(i32::MAX),
        pockets,
        inventory_index: 0,
        owner_entity_id: owner,
        player_owner_entity_id: owner,
    })
}

/// Takes over a player's new name.
#[inbox(OnPlayerNameSetRequest)]
pub fn on_player_name_set(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: PlayerNameSetMsg,
) -> Result<(), Failure> {
    let names = ctx.db.player_username();
    if names.entity_id().find(message.entity_id).is_none() {
        return Err(Failure::new("player.not_here"));
    }
    names.entity_id().update(PlayerUsername {
        entity_id: message.entity_id,
        username: message.username,
    });
    Ok(())
}

/// Gives a player of this region another identity; their session ends. Nothing to do for players of other regions.
#[inbox(ReplaceIdentity)]
pub fn on_replace_identity(
    ctx: &ReducerContext,
    _shared: &mut SharedTransaction,
    _sender: u8,
    message: ReplaceIdentityMsg,
) -> Result<(), Failure> {
    let ReplaceIdentityMsg {
        old_identity,
        new_identity,
    } = message;
    let Some(user) = ctx.db.user_state().identity().find(old_identity) else {
        return Ok(());
    };
    if ctx.db.user_state().identity().find(new_identity).is_some() {
        return Err(Failure::new("player.exists"));
    }
    if ctx.db.player_session_state().identity().find(old_identity).is_some() {
        session::end(ctx, user.entity_id, Slot::Freed);
    }
    session::slots::release(ctx, &old_identity);
    ctx.db.user_state().entity_id().update(UserState {
        identity: new_identity,
        can_sign_in: false,
        ..user
    });
    Ok(())
}
