//! Items that reach a player wherever they are.

use anyhow::{ensure, Context, Result};
use hexmarch_client::Player;
use hexmarch_e2e::world::{eventually, identity_argument, World};
use hexmarch_sim_core::OffsetCoordinatesFloat;
use nix::sys::signal::Signal;
use serde_json::{json, Value};

use crate::tests;
use crate::transfer::teleport;

tests!(
    gifts_reach_the_player,
    what_has_no_room_is_held_and_travels,
    a_gift_follows_a_player_who_is_between_regions,
);

/// An item.
pub const COIN: i32 = 1001;
const CHALK_BLOCK: i32 = 1202;

/// How many of an item a player has, in pockets and held, wherever they are.
pub async fn quantity_of(world: &World, player: &Player, item_id: i32) -> Result<u64> {
    let id = player.entity_id();
    let mut quantity = 0;
    for region in 1..=2 {
        for query in [
            format!("SELECT pockets FROM inventory_state WHERE player_owner_entity_id = {id}"),
            format!("SELECT items FROM held_items_state WHERE entity_id = {id}"),
        ] {
            for row in world.sql(region, &query).await?.rows {
                quantity += row.iter().map(|value| count(value, item_id)).sum::<u64>();
            }
        }
    }
    Ok(quantity)
}

/// The host writes structs as arrays: a stack is `[item_id, quantity]`, wherever it stands.
pub fn count(value: &Value, item_id: i32) -> u64 {
    let Value::Array(parts) = value else { return 0 };
    if let [Value::Number(id), Value::Number(quantity)] = parts.as_slice() {
        if id.as_i64() == Some(i64::from(item_id)) {
            return quantity.as_u64().unwrap_or(0);
        }
    }
    parts.iter().map(|part| count(part, item_id)).sum()
}

/// Has the operator give a player items.
pub async fn give(world: &World, player: &Player, item_id: i32, quantity: u32) -> Result<()> {
    let identity = identity_argument(&player.identity().to_string());
    world
        .call(0, "admin_grant_item", json!([identity, item_id, quantity]))
        .await
}

/// Waits until nothing is in flight, and nothing was left on the way.
pub async fn settled(world: &World) -> Result<()> {
    world.quiet().await?;
    for index in 0..=2 {
        for table in ["inter_module_escrow", "inter_module_dead_letter"] {
            world.await_count(index, &format!("SELECT * FROM {table}"), 0).await?;
        }
    }
    Ok(())
}

async fn gifts_reach_the_player(world: &World) -> Result<()> {
    let player = world.player("Lucky").await?;
    let before = quantity_of(world, &player, COIN).await?;
    give(world, &player, COIN, 75).await?;
    let held = world.sql(0, "SELECT items FROM inter_module_escrow").await?.rows;
    ensure!(
        held.len() == 1,
        "the gift is not in escrow while it is under way: {held:?}"
    );
    settled(world).await?;
    let after = quantity_of(world, &player, COIN).await?;
    ensure!(after == before + 75, "{before} coins and 75 more made {after}");
    player.leave().await;
    Ok(())
}

async fn what_has_no_room_is_held_and_travels(world: &World) -> Result<()> {
    let mut player = world.player("Laden").await?;
    let (id, from) = (player.entity_id(), player.region_index());
    let before = quantity_of(world, &player, CHALK_BLOCK).await?;
    give(world, &player, CHALK_BLOCK, 10_000).await?;
    settled(world).await?;
    let held = format!("SELECT * FROM held_items_state WHERE entity_id = {id}");
    ensure!(world.count(from, &held).await? == 1, "nothing is held");
    ensure!(quantity_of(world, &player, CHALK_BLOCK).await? == before + 10_000);

    let refused = player.region().collect_held_items().await;
    let refused = refused.err().context("there was room after all")?;
    ensure!(refused.is("inventory.full"), "{refused}");

    let x = if from == 1 { 500_000 } else { 100_000 };
    teleport(
        world,
        from,
        &player.identity().to_string(),
        OffsetCoordinatesFloat::overworld(x, 100_000),
    )
    .await?;
    world.await_count(3 - from, &held, 1).await?;
    ensure!(world.count(from, &held).await? == 0, "it stayed behind as well");
    ensure!(quantity_of(world, &player, CHALK_BLOCK).await? == before + 10_000);
    player.leave().await;
    settled(world).await
}

async fn a_gift_follows_a_player_who_is_between_regions(world: &World) -> Result<()> {
    let player = world.player("Elusive").await?;
    let (id, from) = (player.entity_id(), player.region_index());
    let before = quantity_of(world, &player, COIN).await?;
    // While the relay stands still the player leaves, and the global database still takes them to be there.
    world.signal("relay", Signal::SIGSTOP)?;
    let x = if from == 1 { 500_000 } else { 100_000 };
    let moved = teleport(
        world,
        from,
        &player.identity().to_string(),
        OffsetCoordinatesFloat::overworld(x, 110_000),
    )
    .await;
    let given = give(world, &player, COIN, 9).await;
    world.signal("relay", Signal::SIGCONT)?;
    moved.and(given)?;
    eventually("the player to arrive with the gift", || async {
        let query = format!("SELECT * FROM user_state WHERE entity_id = {id}");
        Ok(world.count(3 - from, &query).await? == 1 && quantity_of(world, &player, COIN).await? == before + 9)
    })
    .await?;
    player.leave().await;
    settled(world).await
}
