//! Chests: opened once, filled again.

use anyhow::{ensure, Result};
use hexmarch_content::Content;
use hexmarch_e2e::world::{eventually, identity_argument, World};
use hexmarch_host::{CallOutcome, Connection, Events, Token};
use hexmarch_messages::inventory::ItemStack;
use hexmarch_messages::loot::{ChestLootRarity, ChestRarityDesc, LootChestDesc, LootTableDesc, ProbabilisticItemStack};
use hexmarch_sim_core::{OffsetCoordinatesFloat, OffsetCoordinatesSmall};
use serde_json::json;
use spacetimedb_sats::bsatn;

use crate::content_staging::{content, refused};
use crate::grant::{count, settled, COIN};
use crate::land::{among, numbers, place, row, with, REGION};
use crate::tests;
use crate::transfer::teleport;

tests!(a_chest_is_opened_once_and_fills_again, where_a_chest_cannot_stand);

/// A chest that fills again in hours, and one that does in a second.
const BOX: i32 = 1;
const FERRY: i32 = 2;
/// What is in each.
const COINS: u32 = 7;
const FEATHERS: u32 = 3;
const LARKWING_FEATHER: i32 = 1801;
const CHALK_BLOCK: i32 = 1202;

/// One chest with nothing but coins, one with nothing but feathers, and always those.
fn sure() -> Result<Content> {
    let mut sure = content()?;
    let is_ours = |row: &LootChestDesc| [BOX, FERRY].contains(&row.id);
    with::<LootChestDesc>(&mut sure, is_ours, |row| {
        row.chest_rarity = 1;
        row.loot_tables = vec![if row.id == BOX { 11 } else { 21 }];
        if row.id == FERRY {
            row.respawn_time = 1.0;
        }
    })?;
    let rarity = ChestLootRarity {
        loot_rarity: 1,
        probability: 1.0,
    };
    with::<ChestRarityDesc>(
        &mut sure,
        |row| row.id == 1,
        |row| row.loot_rarities = vec![rarity.clone()],
    )?;
    for (table, item_id, quantity) in [(11, COIN, COINS), (21, LARKWING_FEATHER, FEATHERS)] {
        let stack = ProbabilisticItemStack {
            item_stack: ItemStack { item_id, quantity },
            probability: 1.0,
        };
        let change = |row: &mut LootTableDesc| row.loot_item_stacks = vec![stack.clone()];
        with::<LootTableDesc>(&mut sure, |row| row.id == table, change)?;
    }
    Ok(sure)
}

/// A player in the world by a connection of their own.
struct Opener {
    entity_id: u64,
    identity: String,
    socket: Connection,
    _events: Events,
}

impl Opener {
    async fn enter(world: &World, name: &str) -> Result<Self> {
        let mut player = world.player(name).await?;
        if player.region_index() != REGION {
            let here = OffsetCoordinatesFloat::overworld(100_000, 100_000);
            teleport(world, player.region_index(), &player.identity().to_string(), here).await?;
            let arrived = format!("SELECT * FROM user_state WHERE entity_id = {}", player.entity_id());
            world.await_count(REGION, &arrived, 1).await?;
            settled(world).await?;
        }
        let (entity_id, identity) = (player.entity_id(), player.identity().to_string());
        let token = Token::new(player.account().token())?;
        player.leave().await;
        let (socket, events) = world.socket(REGION, Some(&token)).await?;
        let entered = socket.call("sign_in", &[]).await?;
        ensure!(entered == CallOutcome::Committed, "{entered:?}");
        Ok(Self {
            entity_id,
            identity,
            socket,
            _events: events,
        })
    }

    async fn open(&self, entity_id: i64) -> Result<()> {
        let arguments = bsatn::to_vec(&u64::try_from(entity_id)?)?;
        match self.socket.call("player_loot_chest_open", &arguments).await? {
            CallOutcome::Committed => Ok(()),
            other => Err(anyhow::anyhow!("{other:?}")),
        }
    }

    /// How many of an item they have, in pockets and held.
    async fn quantity_of(&self, world: &World, item_id: i32) -> Result<u64> {
        let id = self.entity_id;
        let mut quantity = 0;
        for query in [
            format!("SELECT pockets FROM inventory_state WHERE player_owner_entity_id = {id}"),
            format!("SELECT items FROM held_items_state WHERE entity_id = {id}"),
        ] {
            let rows = world.sql(REGION, &query).await?.rows;
            quantity += rows.iter().flatten().map(|value| count(value, item_id)).sum::<u64>();
        }
        Ok(quantity)
    }

    async fn leave(self) -> Result<()> {
        self.socket.call("sign_out", &[]).await?;
        self.socket.close().await;
        Ok(())
    }
}

fn chest(entity_id: i64) -> String {
    format!("SELECT is_full FROM loot_chest_state WHERE entity_id = {entity_id}")
}

async fn a_chest_is_opened_once_and_fills_again(world: &World) -> Result<()> {
    among(world, &sure()?, async {
        let opener = Opener::enter(world, "Opener").await?;
        let identity = opener.identity.clone();
        let at = |(x, z): (i32, i32)| OffsetCoordinatesSmall::new(x, z, 1).center();
        let (slow, near) = place(world, "admin_place_loot_chest", BOX, (60, 300)).await?;
        let (quick, next) = place(world, "admin_place_loot_chest", FERRY, near).await?;
        let before = opener.quantity_of(world, COIN).await?;

        // Ten tiles off nobody reaches it.
        let far = at((near.0 - 10, near.1)).unwrap_or_default();
        teleport(world, REGION, &identity, far).await?;
        let error = refused(opener.open(slow).await);
        ensure!(error.contains("loot_chest.too_far|4"), "{error}");
        teleport(world, REGION, &identity, at(near).unwrap_or_default()).await?;
        let error = refused(opener.open(near.0.into()).await);
        ensure!(error.contains("loot_chest.none"), "{error}");

        opener.open(slow).await?;
        ensure!(
            opener.quantity_of(world, COIN).await? == before + u64::from(COINS),
            "7 coins were in it"
        );
        ensure!(row(world, &chest(slow)).await? == [0], "it is still full");
        let error = refused(opener.open(slow).await);
        ensure!(error.contains("loot_chest.empty"), "{error}");
        ensure!(
            opener.quantity_of(world, COIN).await? == before + u64::from(COINS),
            "an empty chest gave something"
        );

        // What has no room is held: chalk fills every pocket that is left.
        let gift = json!([identity_argument(&identity), CHALK_BLOCK, 10_000]);
        world.call(0, "admin_grant_item", gift).await?;
        settled(world).await?;
        teleport(world, REGION, &identity, at(next).unwrap_or_default()).await?;
        for opened in 1..3 {
            eventually("it to be full", || async {
                Ok(row(world, &chest(quick)).await? == [1])
            })
            .await?;
            opener.open(quick).await?;
            let feathers = opener.quantity_of(world, LARKWING_FEATHER).await?;
            ensure!(
                feathers == opened * u64::from(FEATHERS),
                "{feathers} feathers after {opened}"
            );
        }

        let health = format!(
            "UPDATE health_state SET health = {{}} WHERE entity_id = {}",
            opener.entity_id
        );
        world.sql(REGION, &health.replace("{}", "0.0")).await?;
        let error = refused(opener.open(slow).await);
        ensure!(error.contains("loot_chest.dead"), "{error}");
        world.sql(REGION, &health.replace("{}", "100.0")).await?;
        let due = format!("SELECT entity_id FROM loot_chest_refill_state WHERE entity_id = {slow}");
        ensure!(numbers(world, &due).await?.len() == 1, "nothing says when it fills");
        opener.leave().await
    })
    .await
}

async fn where_a_chest_cannot_stand(world: &World) -> Result<()> {
    let (_, (x, z)) = place(world, "admin_place_loot_chest", BOX, (60, 340)).await?;
    let before = world.sql(1, "SELECT * FROM loot_chest_state").await?.rows;
    for (arguments, key) in [
        (json!([99_999, 10, 10, 0]), "loot_chest.unknown|99999"),
        (json!([BOX, x, z, 0]), "resource.taken"),
        (json!([BOX, -1, 10, 0]), "resource.outside_region"),
        (json!([BOX, 10, 10, 7]), "resource.bad_direction"),
        (json!([BOX, i32::MAX, i32::MIN, 0]), "region.out_of_world"),
    ] {
        let error = refused(world.call(1, "admin_place_loot_chest", arguments.clone()).await);
        ensure!(error.contains(key), "{arguments}: {error}");
    }
    ensure!(world.sql(1, "SELECT * FROM loot_chest_state").await?.rows == before);
    Ok(())
}
