//! What characters know, and that they take it along.

use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use hexmarch_client::bindings::region::{KnowledgeEntry, KnowledgeState};
use hexmarch_client::Player;
use hexmarch_e2e::world::{identity_argument, World, PATIENCE};
use serde_json::json;

use crate::tests;

tests!(
    items_are_known_once_carried_and_travel,
    what_waits_for_room_is_not_known,
    a_character_older_than_the_table_learns,
);

/// What `static_data/starting_inventory_desc.json` gives.
const STARTING_ITEMS: [i32; 5] = [1001, 1503, 1601, 1602, 1603];
const BIRCH_LOG: i32 = 1102;
const CHALK_BLOCK: i32 = 1202;
const LARKWING_FEATHER: i32 = 1801;
/// Between two looks at what the player sees, unless something happens.
const GLANCE: Duration = Duration::from_millis(50);

fn acquired(items: &[i32]) -> Vec<KnowledgeEntry> {
    let entry = |id: &i32| KnowledgeEntry {
        id: *id,
        state: KnowledgeState::Acquired,
    };
    items.iter().map(entry).collect()
}

fn rows_of(player: &Player) -> String {
    format!(
        "SELECT * FROM knowledge_item_state WHERE entity_id = {}",
        player.entity_id()
    )
}

/// Waits until the player's own client shows just these, in this order.
async fn await_known(player: &mut Player, items: &[i32]) -> Result<()> {
    let (expected, deadline) = (acquired(items), Instant::now() + PATIENCE);
    loop {
        let known = player.region().known_items();
        if known == expected {
            return Ok(());
        }
        ensure!(
            Instant::now() < deadline,
            "the player knows {known:?} and not just {items:?}"
        );
        player.follow(GLANCE).await?;
    }
}

async fn grant(world: &World, player: &Player, item_id: i32, quantity: u32) -> Result<()> {
    let identity = identity_argument(&player.identity().to_string());
    world
        .call(0, "admin_grant_item", json!([identity, item_id, quantity]))
        .await?;
    world.quiet().await
}

/// Moves the player to the middle of the other region.
async fn cross(world: &World, player: &mut Player) -> Result<()> {
    let from = player.region_index();
    let layout = player.region().layout().context("no layout")?;
    let bounds = layout.bounds(3 - from).context("no other region")?;
    let middle = |min: i32, max: i32| (min / 2 + max / 2) as f32 / 1000.0;
    let (x, z) = (
        middle(bounds.min_x(), bounds.max_x()),
        middle(bounds.min_z(), bounds.max_z()),
    );
    let identity = identity_argument(&player.identity().to_string());
    world
        .call(from, "admin_teleport_player", json!([identity, x, z]))
        .await?;
    player.reconnect().await?;
    ensure!(player.region_index() != from, "the player is still in region {from}");
    Ok(())
}

async fn items_are_known_once_carried_and_travel(world: &World) -> Result<()> {
    let mut player = world.player("Scholar").await?;
    let rows = rows_of(&player);
    await_known(&mut player, &STARTING_ITEMS).await?;

    grant(world, &player, LARKWING_FEATHER, 1).await?;
    let known = [&STARTING_ITEMS[..], &[LARKWING_FEATHER]].concat();
    await_known(&mut player, &known).await?;
    // What is known already changes nothing.
    let before = world.sql(player.region_index(), &rows).await?.rows;
    grant(world, &player, LARKWING_FEATHER, 1).await?;
    ensure!(
        world.sql(player.region_index(), &rows).await?.rows == before,
        "the second feather changed what is known"
    );

    let first = player.region_index();
    cross(world, &mut player).await?;
    await_known(&mut player, &known).await?;
    ensure!(world.count(first, &rows).await? == 0, "a row stayed in region {first}");
    grant(world, &player, BIRCH_LOG, 1).await?;
    let known = [&[1001, BIRCH_LOG], &STARTING_ITEMS[1..], &[LARKWING_FEATHER]].concat();
    await_known(&mut player, &known).await?;
    player.leave().await;
    Ok(())
}

async fn what_waits_for_room_is_not_known(world: &World) -> Result<()> {
    let mut player = world.player("Hoarder").await?;
    // More than the backpack holds, so that no pocket is left for the feather.
    grant(world, &player, CHALK_BLOCK, 10_000).await?;
    grant(world, &player, LARKWING_FEATHER, 1).await?;
    let held = format!(
        "SELECT items FROM held_items_state WHERE entity_id = {}",
        player.entity_id()
    );
    let held = world.sql(player.region_index(), &held).await?.rows;
    ensure!(
        serde_json::to_string(&held)?.contains(&LARKWING_FEATHER.to_string()),
        "the feather is not held but {held:?}"
    );
    let known = [&[1001, CHALK_BLOCK], &STARTING_ITEMS[1..]].concat();
    await_known(&mut player, &known).await?;
    player.leave().await;
    Ok(())
}

/// A category that is added to a running world has no rows of those who are there.
async fn a_character_older_than_the_table_learns(world: &World) -> Result<()> {
    let mut player = world.player("Elder").await?;
    let (rows, region) = (rows_of(&player), player.region_index());
    world.sql(region, &rows.replacen("SELECT *", "DELETE", 1)).await?;
    ensure!(world.count(region, &rows).await? == 0, "the row is still there");
    grant(world, &player, LARKWING_FEATHER, 1).await?;
    await_known(&mut player, &[LARKWING_FEATHER]).await?;
    player.leave().await;
    Ok(())
}
