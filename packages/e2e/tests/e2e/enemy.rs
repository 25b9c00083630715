//! Enemies: who comes near, gets away, hurts them, or leaves them alone.

use std::time::Duration;

use anyhow::{ensure, Context, Result};
use hexmarch_client::Player;
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::enemy::{EnemyAiParamsDesc, EnemyDesc};
use hexmarch_messages::static_data::RemovalPolicy;
use hexmarch_sim_core::OffsetCoordinatesFloat;
use serde_json::{json, Map, Value};

use crate::content_staging::{change, content, push};
use crate::tests;
use crate::transfer::teleport;

tests!(
    one_near_is_attacked_and_outruns_it,
    the_badly_hurt_flees_and_recovers,
    the_killed_comes_back,
    a_herd_sleeps_with_nobody_near,
    the_same_chunk_has_the_same_herds,
    what_operators_ask_for_is_checked,
);

/// Attacks people, with one action, and goes on land.
const FOX: i32 = 111;
/// Swims, and has nothing to swim in here.
const EEL: i32 = 614;
const FOX_HEALTH: f64 = 75.0;
/// Small tiles that the fox strays, and at which it gives up, in these tests.
const ROAMING: i32 = 6;
const DEAGGRO: i32 = 14;

/// Content by which a fox is quick, sees as well by night as by day, and is about at all hours. Its ways are as they are.
async fn with_quick_fox(world: &World, region: u8) -> Result<()> {
    let mut content = content()?;
    change::<EnemyDesc>(&mut content, |rows| {
        for row in rows.iter_mut().filter(|row| row.enemy_type == FOX) {
            (row.daytime_detect_range, row.nighttime_detect_range) = (12, 12);
            (row.daytime_aggro_range, row.nighttime_aggro_range) = (8, 8);
            (row.daytime_deaggro_range, row.nighttime_deaggro_range) = (DEAGGRO, DEAGGRO);
            (row.min_speed, row.max_speed) = (2_000, 9_000);
            (row.min_damage, row.max_damage) = (2, 4);
            row.max_health = FOX_HEALTH as i32;
            row.health_regen_quantity = 60.0;
            row.deaggro_health_threshold = 0.25;
        }
    })?;
    change::<EnemyAiParamsDesc>(&mut content, |rows| {
        for row in rows.iter_mut().filter(|row| row.enemy_type == FOX) {
            row.roaming_distance = ROAMING;
            row.spawn_eagerness = 1.0;
            row.spawn_frequency_minutes = 0.1;
            (row.time_of_day_start, row.time_of_day_end) = (0.0, 24.0);
        }
    })?;
    push(world, region, &content, RemovalPolicy::Refuse).await
}

/// Rows as columns and values.
async fn rows(world: &World, region: u8, query: &str) -> Result<Vec<Map<String, Value>>> {
    let found = world.sql(region, query).await?;
    let object = |row: Vec<Value>| found.columns.iter().cloned().zip(row).collect();
    Ok(found.rows.into_iter().map(object).collect())
}

fn number(row: &Map<String, Value>, column: &str) -> Result<u64> {
    let value = row.get(column).with_context(|| format!("no {column} in {row:?}"))?;
    value.as_u64().with_context(|| format!("{column} is {value}"))
}

/// A herd of one fox, some tiles east of where the player stands.
struct Fox<'a> {
    world: &'a World,
    region: u8,
    herd: u64,
    home: OffsetCoordinatesFloat,
}

impl<'a> Fox<'a> {
    async fn beside(world: &'a World, player: &Player, tiles: i32) -> Result<Self> {
        let region = player.region_index();
        let at = player.position().context("the player is nowhere")?;
        let home = OffsetCoordinatesFloat::overworld(at.x + tiles * 1_000, at.z);
        let (x, z) = (home.x as f32 / 1000.0, home.z as f32 / 1000.0);
        let before = rows(world, region, "SELECT entity_id FROM herd_state").await?;
        world.call(region, "admin_spawn_enemy", json!([FOX, x, z])).await?;
        let after = rows(world, region, "SELECT entity_id FROM herd_state").await?;
        let new = after.iter().find(|row| !before.contains(row)).context("no new herd")?;
        let herd = number(new, "entity_id")?;
        Ok(Self {
            world,
            region,
            herd,
            home,
        })
    }

    async fn row(&self) -> Result<Option<Map<String, Value>>> {
        let query = format!("SELECT * FROM enemy_state WHERE herd_entity_id = {}", self.herd);
        Ok(rows(self.world, self.region, &query).await?.pop())
    }

    async fn entity_id(&self) -> Result<u64> {
        number(&self.row().await?.context("no fox is about")?, "entity_id")
    }

    async fn health(&self) -> Result<f64> {
        let id = self.entity_id().await?;
        health(self.world, self.region, id).await
    }

    /// Whether the variant of its status is this one, by its place in the list.
    async fn is_at(&self, status: &[u64]) -> Result<bool> {
        let Some(row) = self.row().await? else { return Ok(false) };
        let variant = row
            .get("status")
            .and_then(|status| status.get(0))
            .and_then(Value::as_u64);
        Ok(variant.is_some_and(|variant| status.contains(&variant)))
    }

    async fn target(&self) -> Result<u64> {
        self.row().await?.map_or(Ok(0), |row| number(&row, "target_entity_id"))
    }

    /// How far the end of its segment is from home, in small tiles.
    async fn distance_from_home(&self) -> Result<u64> {
        let id = self.entity_id().await?;
        let query = format!("SELECT destination_x, destination_z FROM mobile_entity_state WHERE entity_id = {id}");
        let row = rows(self.world, self.region, &query)
            .await?
            .pop()
            .context("the fox is nowhere")?;
        let coordinate = |column| {
            row.get(column)
                .and_then(Value::as_i64)
                .and_then(|value| i32::try_from(value).ok())
        };
        let (x, z) = (
            coordinate("destination_x").context("x")?,
            coordinate("destination_z").context("z")?,
        );
        let at = OffsetCoordinatesFloat::overworld(x, z);
        Ok(self.home.distance_milli(at).context("another dimension")? / 1_000)
    }

    async fn harm(&self, damage: f64) -> Result<()> {
        let id = self.entity_id().await?;
        self.world
            .call(self.region, "admin_damage_enemy", json!([id, damage]))
            .await
    }

    async fn remove(self) -> Result<()> {
        self.world
            .call(self.region, "admin_remove_herd", json!([self.herd]))
            .await
    }
}

/// Places in the list of `EnemyStatus`.
const IDLE: u64 = 0;
const ROAMING_ABOUT: u64 = 1;
const CHASING: u64 = 2;
const FIGHTING: u64 = 3;
const FLEEING: u64 = 4;

async fn health(world: &World, region: u8, entity_id: u64) -> Result<f64> {
    let query = format!("SELECT health FROM health_state WHERE entity_id = {entity_id}");
    let row = rows(world, region, &query).await?.pop().context("no health")?;
    row.get("health").and_then(Value::as_f64).context("health is no number")
}

/// Moves the player so many tiles east, within their region.
async fn move_off(world: &World, player: &Player, tiles: i32) -> Result<()> {
    let at = player.position().context("the player is nowhere")?;
    let to = OffsetCoordinatesFloat::overworld(at.x + tiles * 1_000, at.z);
    teleport(world, player.region_index(), &player.identity().to_string(), to).await
}

/// A player next to whom no other test has left anything.
async fn baiter(world: &World) -> Result<Player> {
    let player = world.player("Baiter").await?;
    with_quick_fox(world, player.region_index()).await?;
    Ok(player)
}

/// Takes the fox out of the world, and leaves the world as it was.
async fn done(world: &World, player: Player, fox: Fox<'_>) -> Result<()> {
    let (region, herd) = (fox.region, fox.herd);
    let members = format!("SELECT entity_id FROM enemy_state WHERE herd_entity_id = {herd}");
    let member = fox.entity_id().await?;
    fox.remove().await?;
    ensure!(
        world.count(region, &members).await? == 0,
        "a member stays without a herd"
    );
    for (table, entity_id) in [
        ("herd_state", herd),
        ("awake_herd_state", herd),
        ("enemy_mind_state", member),
        ("mobile_entity_state", member),
    ] {
        let left = format!("SELECT entity_id FROM {table} WHERE entity_id = {entity_id}");
        ensure!(world.count(region, &left).await? == 0, "a row stays in {table}");
    }
    player.leave().await;
    push(world, region, &content()?, RemovalPolicy::Refuse).await
}

async fn one_near_is_attacked_and_outruns_it(world: &World) -> Result<()> {
    let player = baiter(world).await?;
    let (region, id) = (player.region_index(), player.entity_id());
    let before = health(world, region, id).await?;
    // Nearer than it attacks at, further than it bites.
    let fox = Fox::beside(world, &player, 7).await?;
    eventually("the fox to be after the player", || async {
        Ok(fox.target().await? == id)
    })
    .await?;
    eventually("the player to be bitten", || async {
        Ok(health(world, region, id).await? < before)
    })
    .await?;
    let bitten = before - health(world, region, id).await?;
    ensure!(bitten >= 2.0 && bitten % 1.0 == 0.0, "a bite took {bitten}");
    ensure!(fox.distance_from_home().await? >= 3, "the fox bites from its home");

    move_off(world, &player, 40).await?;
    eventually("the fox to give up and be home", || async {
        let rests = fox.is_at(&[IDLE, ROAMING_ABOUT]).await?;
        Ok(rests && fox.target().await? == 0 && fox.distance_from_home().await? <= u64::from(ROAMING.unsigned_abs()))
    })
    .await?;
    let after = health(world, region, id).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(health(world, region, id).await? == after, "bitten from afar");
    done(world, player, fox).await
}

async fn the_badly_hurt_flees_and_recovers(world: &World) -> Result<()> {
    let player = baiter(world).await?;
    let fox = Fox::beside(world, &player, 5).await?;
    eventually("the fox to attack", || async { fox.is_at(&[CHASING, FIGHTING]).await }).await?;
    fox.harm(FOX_HEALTH - 10.0).await?;
    eventually("the fox to flee", || async { fox.is_at(&[FLEEING]).await }).await?;
    ensure!(fox.target().await? == 0, "it is after somebody while it flees");
    let afraid = fox.health().await?;
    ensure!(afraid == 10.0, "it has {afraid} left");
    move_off(world, &player, 40).await?;
    eventually("the fox to be well", || async { Ok(fox.health().await? == FOX_HEALTH) }).await?;
    // What is well is not looked at again.
    let due = "SELECT * FROM enemy_mind_state WHERE regen_due_ms < 9000000000000000000";
    world.await_count(fox.region, due, 0).await?;
    done(world, player, fox).await
}

async fn the_killed_comes_back(world: &World) -> Result<()> {
    let player = baiter(world).await?;
    let fox = Fox::beside(world, &player, 30).await?;
    let (region, first) = (fox.region, fox.entity_id().await?);
    fox.harm(FOX_HEALTH - 1.0).await?;
    ensure!(fox.health().await? == 1.0, "not dead yet");
    fox.harm(5.0).await?;
    for table in ["enemy_state", "enemy_mind_state", "mobile_entity_state", "health_state"] {
        let query = format!("SELECT entity_id FROM {table} WHERE entity_id = {first}");
        ensure!(
            world.count(region, &query).await? == 0,
            "a row of the dead stays in {table}"
        );
    }
    let population = format!(
        "SELECT * FROM herd_state WHERE entity_id = {} AND current_population = 0",
        fox.herd
    );
    ensure!(
        world.count(region, &population).await? == 1,
        "the herd does not miss it"
    );
    let refused = world.call(region, "admin_damage_enemy", json!([first, 1.0])).await;
    ensure!(refused.is_err_and(|error| error.to_string().contains("enemy.unknown")));
    eventually("another to come", || async { Ok(fox.row().await?.is_some()) }).await?;
    ensure!(fox.entity_id().await? != first && fox.health().await? == FOX_HEALTH);
    ensure!(
        world.count(region, &population).await? == 0,
        "it came and is still missed"
    );
    done(world, player, fox).await
}

async fn a_herd_sleeps_with_nobody_near(world: &World) -> Result<()> {
    let player = baiter(world).await?;
    let fox = Fox::beside(world, &player, 30).await?;
    let (region, herd) = (fox.region, fox.herd);
    player.leave().await;
    ensure!(fox.row().await?.is_some(), "the fox is gone at once");
    // Nobody was near for long.
    let age = format!("UPDATE awake_herd_state SET seen_ms = 1 WHERE entity_id = {herd}");
    let awake = format!("SELECT * FROM awake_herd_state WHERE entity_id = {herd}");
    eventually("the herd to fall asleep", || async {
        world.sql(region, &age).await?;
        Ok(world.count(region, &awake).await? == 0)
    })
    .await?;
    ensure!(fox.row().await?.is_none(), "the herd sleeps and the fox is about");

    // Whatever sleeps costs nothing.
    let tables = [
        "herd_state",
        "enemy_regen_cursor",
        "mobile_entity_state",
        "health_state",
    ];
    let mut stood = Vec::new();
    for _ in 0..2 {
        let mut all = Vec::new();
        for table in tables {
            let mut rows = world.sql(region, &format!("SELECT * FROM {table}")).await?.rows;
            rows.sort_by_key(|row| Value::from(row.clone()).to_string());
            all.push(rows);
        }
        stood.push(all);
        tokio::time::sleep(Duration::from_millis(2_500)).await;
    }
    ensure!(stood[0] == stood[1], "something changes while nobody is there");

    let player = world.player("Baiter").await?;
    eventually("the herd to wake", || async { Ok(fox.row().await?.is_some()) }).await?;
    ensure!(fox.health().await? == FOX_HEALTH);
    done(world, player, fox).await
}

async fn the_same_chunk_has_the_same_herds(world: &World) -> Result<()> {
    let chunk = rows(
        world,
        1,
        "SELECT chunk_x, chunk_z, chunk_index FROM terrain_chunk_state",
    )
    .await?;
    let first = chunk
        .iter()
        .min_by_key(|row| number(row, "chunk_index").unwrap_or(u64::MAX));
    let first = first.context("no ground")?;
    let (x, z) = (number(first, "chunk_x")?, number(first, "chunk_z")?);
    let herds = || async {
        world.call(1, "admin_repopulate_chunk", json!([x, z])).await?;
        let query = format!(
            "SELECT * FROM herd_state WHERE chunk_index = {}",
            number(first, "chunk_index")?
        );
        let mut found = rows(world, 1, &query).await?;
        found.iter_mut().for_each(|row| drop(row.remove("entity_id")));
        found.sort_by_key(|row| Value::from(row.clone()).to_string());
        anyhow::Ok(found)
    };
    let found = herds().await?;
    ensure!(!found.is_empty(), "nothing lives in chunk {x}, {z}");
    ensure!(found == herds().await?, "the second time is different");
    for row in &found {
        let (wanted, there) = (number(row, "wanted")?, number(row, "current_population")?);
        ensure!(wanted == there && (1..=64).contains(&wanted), "{row:?}");
    }

    // A settlement in the next chunk keeps them away.
    let settlement = content()?.rows::<hexmarch_messages::placement::SiteDesc>();
    let settlement = settlement
        .iter()
        .find(|site| site.safe_chunks > 0)
        .context("no safe site")?;
    let (site_x, site_z) = ((x + 1) * 32 + 5, z * 32 + 5);
    let columns = "entity_id, chunk_index, site_id, x, z, elevation, direction_index";
    let site = format!(
        "INSERT INTO site_state ({columns}) VALUES (77, 1, {}, {site_x}, {site_z}, 0, 0)",
        settlement.id
    );
    world.sql(1, &site).await?;
    let safe = herds().await;
    world.sql(1, "DELETE FROM site_state WHERE entity_id = 77").await?;
    ensure!(safe?.is_empty(), "herds beside a settlement");

    ensure!(
        herds().await? == found,
        "the settlement is gone and the herds are not back"
    );
    let query = format!(
        "SELECT entity_id FROM herd_state WHERE chunk_index = {}",
        number(first, "chunk_index")?
    );
    for row in rows(world, 1, &query).await? {
        let herd = number(&row, "entity_id")?;
        world.call(1, "admin_remove_herd", json!([herd])).await?;
    }
    world.await_count(1, &query, 0).await
}

async fn what_operators_ask_for_is_checked(world: &World) -> Result<()> {
    let player = world.player("Baiter").await?;
    let (region, at) = (player.region_index(), player.position().context("nowhere")?);
    let (x, z) = (at.x as f32 / 1000.0, at.z as f32 / 1000.0);
    let herds = world.count(region, "SELECT entity_id FROM herd_state").await?;
    for (reducer, arguments, key) in [
        ("admin_spawn_enemy", json!([FOX, 1e30, 0.0]), "position.out_of_range"),
        ("admin_spawn_enemy", json!([99_999, x, z]), "enemy.unknown_type"),
        ("admin_spawn_enemy", json!([EEL, x, z]), "enemy.no_room"),
        ("admin_spawn_enemy", json!([FOX, -50_000.0, 0.0]), "enemy.no_room"),
        ("admin_damage_enemy", json!([player.entity_id(), 1.0]), "enemy.unknown"),
        ("admin_damage_enemy", json!([1, -1.0]), "enemy.bad_damage"),
        ("admin_remove_herd", json!([1]), "enemy.no_herd"),
        ("admin_repopulate_chunk", json!([-1, 0]), "region.out_of_world"),
    ] {
        let refused = world.call(region, reducer, arguments.clone()).await.err();
        let refused = refused.with_context(|| format!("{reducer} {arguments} is accepted"))?;
        ensure!(
            refused.to_string().contains(key),
            "{reducer} {arguments}: {refused}, not {key}"
        );
    }
    ensure!(world.count(region, "SELECT entity_id FROM herd_state").await? == herds);
    player.leave().await;
    Ok(())
}
