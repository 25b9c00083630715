//! What people have when content changes: what is gone becomes its successor, wherever it is.
//!
//! Invariant: nothing is lost. What a successor leaves no room for is held for its owner, and what has no successor stays
//! what it was.

use hexmarch_base::static_data::with_successors;
use hexmarch_messages::building::BuildingState;
use hexmarch_messages::enemy::{EnemyState, HerdState};
use hexmarch_messages::grant::HeldItemsState;
use hexmarch_messages::growth::GrowthState;
use hexmarch_messages::inter_module::InterModuleEscrow;
use hexmarch_messages::interior::DimensionDescriptionState;
use hexmarch_messages::inventory::{InventoryState, ItemStack};
use hexmarch_messages::loot_chest::LootChestState;
use hexmarch_messages::npc::NpcState;
use hexmarch_messages::player::{ExperienceStack, ExperienceState, PlayerKey};
use hexmarch_messages::resource::{ResourceRespawnState, ResourceState};
use hexmarch_messages::static_data::ReplaceKeys;
use hexmarch_messages::world::SiteState;
use spacetimedb::ReducerContext;

use crate::content_holders::{self, ContentReplaced};
use crate::static_data_pipeline::PIPELINE;
use crate::{grant, resource};

/// What follows for a row in which content was replaced.
pub struct Replaced;

impl ContentReplaced for Replaced {
    fn inventory_state(ctx: &ReducerContext, row: &mut InventoryState) {
        // For what belongs to nobody nothing can be held, so it keeps more than fits.
        if row.player_owner_entity_id != 0 {
            let overflow = grant::take_overflow(ctx, &mut row.pockets);
            if !overflow.is_empty() {
                grant::keep(ctx, row.player_owner_entity_id, overflow);
            }
        }
    }

    fn held_items_state(_: &ReducerContext, row: &mut HeldItemsState) {
        row.items = grant::merged(std::mem::take(&mut row.items));
    }

    fn experience_state(_: &ReducerContext, row: &mut ExperienceState) {
        let mut merged: Vec<ExperienceStack> = Vec::new();
        for stack in std::mem::take(&mut row.experience_stacks) {
            match merged.iter_mut().find(|one| one.skill_id == stack.skill_id) {
                Some(one) => one.quantity = one.quantity.saturating_add(stack.quantity),
                None => merged.push(stack),
            }
        }
        row.experience_stacks = merged;
    }

    fn inter_module_escrow(_: &ReducerContext, _: &mut InterModuleEscrow) {}

    fn resource_state(ctx: &ReducerContext, row: &mut ResourceState) {
        resource::kind_replaced(ctx, row);
    }

    fn resource_respawn_state(_: &ReducerContext, _: &mut ResourceRespawnState) {}

    fn growth_state(_: &ReducerContext, _: &mut GrowthState) {}

    fn loot_chest_state(_: &ReducerContext, _: &mut LootChestState) {}

    fn site_state(_: &ReducerContext, _: &mut SiteState) {}

    fn building_state(_: &ReducerContext, _: &mut BuildingState) {}

    fn dimension_description_state(_: &ReducerContext, _: &mut DimensionDescriptionState) {}

    fn enemy_state(_: &ReducerContext, _: &mut EnemyState) {}

    fn herd_state(_: &ReducerContext, _: &mut HerdState) {}

    fn npc_state(_: &ReducerContext, _: &mut NpcState) {}
}

/// Makes items that come from elsewhere, or from before, what they are here.
pub fn arrived(ctx: &ReducerContext, items: &mut Vec<ItemStack>) {
    with_successors(ctx, &PIPELINE, |successor| {
        items.replace_keys(successor);
    });
}

/// Makes all that a player has, who came from elsewhere, what it is here.
pub fn replace_of_player(ctx: &ReducerContext, player: PlayerKey) {
    with_successors(ctx, &PIPELINE, |successor| {
        content_holders::replace_of_player(ctx, &player, successor);
    });
}
