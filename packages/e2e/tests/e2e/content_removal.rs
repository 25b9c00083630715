//! Content that is taken away while people have it: refused, or replaced wherever it is, also between two regions.

use anyhow::{ensure, Context, Result};
use hexmarch_client::Player;
use hexmarch_content::Content;
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::inventory::ItemDesc;
use hexmarch_messages::static_data::{ContentSuccessorDesc, RemovalPolicy};
use hexmarch_sim_core::OffsetCoordinatesFloat;
use nix::sys::signal::Signal;

use crate::content_staging::{change, content, push, push_all, refused, Pusher};
use crate::grant::{give, quantity_of, settled, COIN};
use crate::tests;
use crate::transfer::teleport;

tests!(
    what_players_hold_is_not_removed,
    what_players_hold_is_replaced,
    what_is_between_two_regions_is_replaced_when_it_arrives,
    what_has_no_successor_is_held,
);

/// Items that only these tests know: many fit into a pocket, few do, and one that replaces both at the end.
const SMALL: i32 = 99_101;
const LARGE: i32 = 99_102;
/// How many of the large one fit into a pocket of a backpack.
const LARGE_IN_A_POCKET: u64 = 2;

/// The content with these items, and successors of others.
fn with(items: &[i32], successors: &[(i32, i32)]) -> Result<Content> {
    let mut content = content()?;
    change::<ItemDesc>(&mut content, |rows| {
        let coin = rows.iter().find(|row| row.id == COIN).cloned();
        let coin = coin.expect("there is money");
        rows.extend(items.iter().map(|id| ItemDesc {
            id: *id,
            name: "Test".into(),
            volume: if *id == LARGE { 3000 } else { 1 },
            ..coin.clone()
        }));
    })?;
    change::<ContentSuccessorDesc>(&mut content, |rows| {
        rows.extend(
            successors
                .iter()
                .zip(99_001..)
                .map(|((removed_key, successor_key), id)| ContentSuccessorDesc {
                    id,
                    table_name: "item_desc".into(),
                    removed_key: *removed_key,
                    successor_key: *successor_key,
                }),
        );
    })?;
    Ok(content)
}

/// A player with so many small items.
async fn holder(world: &World, name: &str, quantity: u32) -> Result<Player> {
    push_all(world, &with(&[SMALL, LARGE], &[])?, RemovalPolicy::Refuse).await?;
    let player = world.player(name).await?;
    if quantity > 0 {
        give(world, &player, SMALL, quantity).await?;
        settled(world).await?;
    }
    ensure!(quantity_of(world, &player, SMALL).await? == u64::from(quantity));
    Ok(player)
}

/// The content as it was; what people have of the tests' items becomes money.
async fn restore(world: &World) -> Result<()> {
    let to_money = with(&[], &[(SMALL, COIN), (LARGE, COIN)])?;
    push_all(world, &to_money, RemovalPolicy::Replace).await?;
    push_all(world, &content()?, RemovalPolicy::Refuse).await
}

/// How many a player has in pockets.
async fn in_pockets(world: &World, player: &Player, item_id: i32) -> Result<u64> {
    let held = format!(
        "SELECT items FROM held_items_state WHERE entity_id = {}",
        player.entity_id()
    );
    let mut quantity = quantity_of(world, player, item_id).await?;
    for region in 1..=2 {
        for row in world.sql(region, &held).await?.rows {
            quantity -= row.iter().map(|value| crate::grant::count(value, item_id)).sum::<u64>();
        }
    }
    Ok(quantity)
}

/// Whether a player knows an item.
async fn knows(world: &World, player: &Player, item_id: i32) -> Result<bool> {
    let query = format!(
        "SELECT entries FROM knowledge_item_state WHERE entity_id = {}",
        player.entity_id()
    );
    for region in 1..=2 {
        for row in world.sql(region, &query).await?.rows {
            let entries = row[0].as_array().context("entries are a list")?;
            if entries.iter().any(|entry| entry[0] == item_id) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

async fn what_players_hold_is_not_removed(world: &World) -> Result<()> {
    let player = holder(world, "Keeper", 7).await?;
    let region = player.region_index();
    let generation = "SELECT generation FROM static_data_version";
    let before = world.sql(region, generation).await?.rows;
    let removed = with(&[LARGE], &[])?;
    let pusher = Pusher::connect(world, region).await?;
    pusher.stage_all(region, &removed, "removed").await?;
    // The backpack holds it, and the memory of having had it.
    for error in [
        refused(pusher.validate(RemovalPolicy::Refuse).await),
        refused(pusher.commit(RemovalPolicy::Refuse).await),
    ] {
        ensure!(
            error.ends_with(&format!("static_data.in_use|1|item_desc {SMALL} 2")),
            "{error}"
        );
    }
    let error = refused(pusher.commit(RemovalPolicy::Replace).await);
    ensure!(
        error.ends_with(&format!("static_data.no_successor|1|item_desc {SMALL} 2")),
        "{error}"
    );
    ensure!(
        world.sql(region, generation).await?.rows == before,
        "content was committed"
    );
    ensure!(quantity_of(world, &player, SMALL).await? == 7);
    pusher.clear().await?;
    player.leave().await;
    restore(world).await
}

async fn what_players_hold_is_replaced(world: &World) -> Result<()> {
    let player = holder(world, "Changer", 1_000).await?;
    let empty = in_pockets(world, &player, COIN).await?;
    // Twice replaced: by what never was there, and that by the large one.
    let replaced = with(&[LARGE], &[(SMALL, 99_103), (99_103, LARGE)])?;
    push_all(world, &replaced, RemovalPolicy::Replace).await?;
    ensure!(
        quantity_of(world, &player, SMALL).await? == 0,
        "some stayed what they were"
    );
    ensure!(quantity_of(world, &player, LARGE).await? == 1_000, "some were lost");
    let kept = in_pockets(world, &player, LARGE).await?;
    ensure!(kept == LARGE_IN_A_POCKET, "{kept} are in the one pocket");
    ensure!(
        in_pockets(world, &player, COIN).await? == empty,
        "other things were touched"
    );
    ensure!(knows(world, &player, LARGE).await? && !knows(world, &player, SMALL).await?);

    // Those that are held too.
    restore(world).await?;
    ensure!(quantity_of(world, &player, LARGE).await? == 0);
    let money = quantity_of(world, &player, COIN).await?;
    ensure!(money == empty + 1_000, "{empty} coins and 1000 more made {money}");
    player.leave().await;
    Ok(())
}

async fn what_is_between_two_regions_is_replaced_when_it_arrives(world: &World) -> Result<()> {
    let player = holder(world, "Traveller", 500).await?;
    let (id, from) = (player.entity_id(), player.region_index());
    world.signal("relay", Signal::SIGSTOP)?;
    let x = if from == 1 { 500_000 } else { 100_000 };
    let outcome = async {
        let identity = player.identity().to_string();
        teleport(world, from, &identity, OffsetCoordinatesFloat::overworld(x, 120_000)).await?;
        // A gift is under way as well.
        give(world, &player, SMALL, 30).await?;
        ensure!(
            quantity_of(world, &player, SMALL).await? == 0,
            "the player is still somewhere"
        );
        push_all(world, &with(&[LARGE], &[(SMALL, LARGE)])?, RemovalPolicy::Replace).await
    }
    .await;
    world.signal("relay", Signal::SIGCONT)?;
    outcome?;
    eventually("the player to arrive with the gift", || async {
        let query = format!("SELECT * FROM user_state WHERE entity_id = {id}");
        Ok(world.count(3 - from, &query).await? == 1 && quantity_of(world, &player, LARGE).await? == 530)
    })
    .await?;
    ensure!(
        quantity_of(world, &player, SMALL).await? == 0,
        "something is still what it was"
    );
    ensure!(knows(world, &player, LARGE).await? && !knows(world, &player, SMALL).await?);
    ensure!(in_pockets(world, &player, LARGE).await? % LARGE_IN_A_POCKET == 0);
    player.leave().await;
    settled(world).await?;
    restore(world).await
}

/// Removed while nobody in a database had it, with nothing in its place: it is kept as it is, until there is something.
async fn what_has_no_successor_is_held(world: &World) -> Result<()> {
    let mut player = holder(world, "Waiter", 0).await?;
    let region = player.region_index();
    world.signal("relay", Signal::SIGSTOP)?;
    let outcome = async {
        give(world, &player, SMALL, 40).await?;
        push(world, region, &with(&[LARGE], &[])?, RemovalPolicy::Refuse).await
    }
    .await;
    world.signal("relay", Signal::SIGCONT)?;
    outcome?;
    settled(world).await?;
    ensure!(quantity_of(world, &player, SMALL).await? == 40, "the gift was lost");
    ensure!(
        in_pockets(world, &player, SMALL).await? == 0,
        "what is no item is in a pocket"
    );
    let error = player.region().collect_held_items().await.err();
    let error = error.context("what is no item was collected")?;
    ensure!(error.is("inventory.full"), "{error}");

    let before = quantity_of(world, &player, COIN).await?;
    restore(world).await?;
    player.region().collect_held_items().await?;
    ensure!(
        in_pockets(world, &player, COIN).await? == before + 40,
        "the gift did not become money"
    );
    player.leave().await;
    Ok(())
}
