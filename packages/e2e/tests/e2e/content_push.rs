//! Pushes that go wrong: bad rows, two at once, one that breaks off. Whatever happens, what is live is all of one content.

use anyhow::{ensure, Result};
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::inventory::{ItemDesc, ItemStack};
use hexmarch_messages::loot::{ItemListDesc, ItemListPossibility};
use hexmarch_messages::player::CharacterStatDesc;
use hexmarch_messages::resource::ResourceGrowthRecipeDesc;
use hexmarch_messages::static_data::{ContentSuccessorDesc, RemovalPolicy};
use hexmarch_messages::weapon::WeaponDesc;
use serde_json::{json, Value};

use crate::content_staging::{change, content, policy_argument, push, refused, Pusher};
use crate::tests;

tests!(
    rows_of_another_type_are_not_staged,
    a_key_is_staged_once,
    what_columns_say_is_checked_at_the_commit,
    a_commit_leaves_no_table_empty,
    only_admins_touch_content,
    two_pushes_at_once,
    a_push_that_breaks_off,
    rows_staged_one_call_at_a_time,
    values_of_unique_columns_change_places,
    what_is_derived_follows,
);

use RemovalPolicy::Refuse;

/// An item that is in the content.
const COIN: i32 = 1001;

/// What is live in a database: its version, and the items.
async fn live(world: &World, index: u8) -> Result<Vec<Vec<Value>>> {
    let mut rows = world
        .sql(index, "SELECT generation, content_hash FROM static_data_version")
        .await?
        .rows;
    rows.extend(world.sql(index, "SELECT * FROM item_desc").await?.rows);
    rows.sort_by_key(|row| format!("{row:?}"));
    Ok(rows)
}

async fn staged(world: &World, table: &str) -> Result<usize> {
    world.count(1, &format!("SELECT * FROM staged_{table}")).await
}

fn is_error(error: &str, expected: &[&str]) -> Result<()> {
    for part in expected {
        ensure!(error.contains(part), "{error} does not say {part}");
    }
    Ok(())
}

async fn clear(world: &World) -> Result<()> {
    world.call(1, "clear_staged_static_data", json!([])).await
}

async fn rows_of_another_type_are_not_staged(world: &World) -> Result<()> {
    clear(world).await?;
    let before = live(world, 1).await?;
    let item = |changes: Value| {
        let mut item = json!({
            "id": 99_001, "name": "A", "description": "B", "volume": 1, "durability": 0,
            "convert_to_on_durability_zero": {"none": []}, "tier": 1, "tag": "t", "rarity": {"Common": []},
            "item_list_id": {"none": []}, "compendium_entry": false,
        });
        for (key, value) in changes.as_object().into_iter().flatten() {
            item[key] = value.clone();
        }
        json!([[item]])
    };
    for wrong in [
        json!({"volume": "heavy"}),
        json!({"volume": 1_000_000_000_000_u64}),
        json!({"volume": 0.5}),
        json!({"rarity": {"Mythic": []}}),
        json!({"bulk": 1}),
    ] {
        let error = refused(world.call(1, "stage_item_desc", item(wrong.clone())).await);
        ensure!(staged(world, "item_desc").await? == 0, "{wrong} was staged: {error}");
    }
    world.call(1, "stage_item_desc", item(json!({}))).await?;
    ensure!(staged(world, "item_desc").await? == 1, "a right row was not staged");
    clear(world).await?;
    ensure!(live(world, 1).await? == before, "what is live has changed");
    Ok(())
}

async fn a_key_is_staged_once(world: &World) -> Result<()> {
    let content = content()?;
    let pusher = Pusher::connect(world, 1).await?;
    pusher.begin("").await?;
    let items = content.rows::<ItemDesc>();
    pusher.stage(&items[..2]).await?;
    pusher.stage(&items[..3]).await?;
    let progress = "SELECT rows FROM static_data_push_progress WHERE table_name = 'item_desc'";
    ensure!(
        world.sql(1, progress).await?.rows == [[json!(3)]],
        "the progress is wrong"
    );

    let other = ItemDesc {
        volume: items[1].volume + 1,
        ..items[1].clone()
    };
    let error = refused(pusher.stage(&[items[3].clone(), other]).await);
    is_error(
        &error,
        &[&format!("static_data.staged_twice|item_desc|{}", items[1].id)],
    )?;
    ensure!(staged(world, "item_desc").await? == 3, "half a batch was staged");

    let grown = content.rows::<ResourceGrowthRecipeDesc>();
    let same_value = ResourceGrowthRecipeDesc {
        id: 99_001,
        ..grown[0].clone()
    };
    let error = refused(pusher.stage(&[grown[0].clone(), same_value]).await);
    is_error(&error, &["static_data.not_unique|resource_growth_recipe_desc|99001"])?;
    pusher.clear().await
}

async fn what_columns_say_is_checked_at_the_commit(world: &World) -> Result<()> {
    let before = live(world, 1).await?;
    let pusher = Pusher::connect(world, 1).await?;
    let mut wrong = content()?;
    change::<ItemDesc>(&mut wrong, |items| {
        let coin = items.iter_mut().find(|item| item.id == COIN);
        let coin = coin.expect("there is money");
        coin.volume = 0;
        coin.name = " ".into();
        coin.tag = "t".repeat(41);
        coin.convert_to_on_durability_zero = Some(-7);
    })?;
    change::<WeaponDesc>(&mut wrong, |weapons| weapons[0].item_id = 99_002)?;
    change::<CharacterStatDesc>(&mut wrong, |stats| stats[1].stat_type = stats[0].stat_type)?;
    change::<ItemListDesc>(&mut wrong, |lists| {
        lists[0].possibilities = vec![ItemListPossibility {
            probability: f32::NAN,
            items: vec![ItemStack {
                item_id: 99_003,
                quantity: 1,
            }],
            item_lists: vec![],
        }];
    })?;
    let circle = |id, removed_key, successor_key| ContentSuccessorDesc {
        id,
        table_name: "item_desc".into(),
        removed_key,
        successor_key,
    };
    change::<ContentSuccessorDesc>(&mut wrong, |rows| {
        rows.extend([circle(99_001, 99_004, 99_005), circle(99_002, 99_005, 99_004)]);
        rows.push(ContentSuccessorDesc {
            table_name: "inventory_state".into(),
            ..circle(99_003, 1, 1)
        });
    })?;
    let all: &[(&str, &[&str])] = &[
        (
            "item_desc",
            &[
                "|item_desc 1001 name: it is empty",
                "|item_desc 1001 volume: 0 is not from 1 to 6000",
                "|item_desc 1001 convert_to_on_durability_zero: there is no item_desc -7",
                "|item_desc 1001 tag: its length 41 is not from 1 to 40",
            ],
        ),
        (
            "weapon_desc",
            &["|weapon_desc 99002 item_id: there is no item_desc 99002"],
        ),
        ("character_stat_desc", &["stat_type: another row has MaxHealth too"]),
        (
            "item_list_desc",
            &[
                "possibilities[0].probability: NaN is not from 0.000001 to 1",
                "possibilities[0].items[0].item_id: there is no item_desc 99003",
            ],
        ),
        (
            "content_successor_desc",
            &[
                "content_successor_desc 99001 successor_key: there is no item_desc 99005",
                "content_successor_desc 99003 table_name: there is no table inventory_state",
            ],
        ),
    ];
    let right = content()?;
    for (table, expected) in all {
        pusher.begin(table).await?;
        pusher.stage_tables(1, &right, |name| name != *table).await?;
        pusher.stage_tables(1, &wrong, |name| name == *table).await?;
        for error in [
            refused(pusher.validate(Refuse).await),
            refused(pusher.commit(Refuse).await),
        ] {
            is_error(&error, &["static_data.invalid|"])?;
            is_error(&error, expected)?;
        }
        ensure!(
            live(world, 1).await? == before,
            "a wrong {table} has changed what is live"
        );
    }
    pusher.clear().await
}

async fn a_commit_leaves_no_table_empty(world: &World) -> Result<()> {
    let before = live(world, 1).await?;
    let pusher = Pusher::connect(world, 1).await?;
    pusher.begin("empty").await?;
    let is_left_out = |name: &str| ["food_desc", "item_desc", "content_successor_desc"].contains(&name);
    pusher.stage_tables(1, &content()?, |name| !is_left_out(name)).await?;
    let error = refused(pusher.commit(Refuse).await);
    ensure!(
        error.ends_with("static_data.empty|food_desc|item_desc")
            || error.ends_with("static_data.empty|item_desc|food_desc"),
        "{error}"
    );
    ensure!(live(world, 1).await? == before, "what is live has changed");
    // Nothing is lost of what was staged: it can be completed.
    pusher.stage_tables(1, &content()?, is_left_out).await?;
    pusher.commit(Refuse).await
}

async fn only_admins_touch_content(world: &World) -> Result<()> {
    let mut player = world.player("Designer").await?;
    let token = hexmarch_host::Token::new(player.account().token())?;
    let client = world.operator.with_token(Some(token));
    for index in [0, player.region_index()] {
        let before = live(world, index).await?;
        for (reducer, arguments) in [
            ("begin_static_data_push", json!(["mine"])),
            ("stage_agent_desc", json!([[{"name": "a", "every_millis": 1000}]])),
            ("validate_staged_data", json!([policy_argument(Refuse)])),
            ("commit_staged_static_data", json!([policy_argument(Refuse)])),
            ("clear_staged_static_data", json!([])),
        ] {
            let error = client.call(&world.database(index), reducer, &arguments).await;
            is_error(&refused(error.map_err(Into::into)), &["access.role|Admin"])?;
        }
        ensure!(live(world, index).await? == before, "what is live has changed");
        ensure!(world.count(index, "SELECT * FROM static_data_push_state").await? == 0);
    }
    player.leave().await;
    Ok(())
}

async fn two_pushes_at_once(world: &World) -> Result<()> {
    let content = content()?;
    let (first, second) = (Pusher::connect(world, 1).await?, Pusher::connect(world, 1).await?);
    first.begin("first").await?;
    first.stage_tables(1, &content, |name| name == "item_desc").await?;
    let items = staged(world, "item_desc").await?;
    for error in [
        refused(second.begin("second").await),
        refused(second.begin("first").await),
        refused(second.stage(&content.rows::<ItemDesc>()).await),
        refused(second.commit(Refuse).await),
        refused(second.clear().await),
        refused(clear(world).await),
    ] {
        is_error(&error, &["static_data.push_in_progress|"])?;
    }
    ensure!(
        staged(world, "item_desc").await? == items,
        "the other push was disturbed"
    );
    first.stage_tables(1, &content, |name| name != "item_desc").await?;
    first.commit(Refuse).await?;
    let version = "SELECT content_hash FROM static_data_version";
    ensure!(world.sql(1, version).await?.rows == [[json!("first")]]);
    ensure!(staged(world, "item_desc").await? == 0, "staged rows were left behind");

    second.stage_all(1, &content, "second").await?;
    second.commit(Refuse).await?;
    ensure!(world.sql(1, version).await?.rows == [[json!("second")]]);
    Ok(())
}

async fn a_push_that_breaks_off(world: &World) -> Result<()> {
    let content = content()?;
    let before = live(world, 1).await?;
    let is_first_half = |name: &str| name < "item_desc";
    let break_off = |hash: &'static str| {
        let content = &content;
        async move {
            let pusher = Pusher::connect(world, 1).await?;
            pusher.begin(hash).await?;
            pusher.stage_tables(1, content, is_first_half).await?;
            drop(pusher);
            eventually("the broken push to be noticed", || async {
                let state = world
                    .sql(1, "SELECT connection_id FROM static_data_push_state")
                    .await?
                    .rows;
                Ok(state == [[json!([1, []])]])
            })
            .await
        }
    };
    break_off("mine").await?;
    let error = refused(
        world
            .call(1, "commit_staged_static_data", json!([policy_argument(Refuse)]))
            .await,
    );
    is_error(&error, &["static_data.push_broken_off"])?;
    ensure!(live(world, 1).await? == before, "half a push is live");

    // The same content goes on where it was.
    let next = Pusher::connect(world, 1).await?;
    next.begin("mine").await?;
    ensure!(staged(world, "food_desc").await? == content.rows::<hexmarch_messages::food::FoodDesc>().len());
    next.stage_tables(1, &content, |name| !is_first_half(name)).await?;
    next.commit(Refuse).await?;
    let committed = live(world, 1).await?;
    drop(next);

    // Other content begins with nothing.
    break_off("mine").await?;
    let other = Pusher::connect(world, 1).await?;
    other.begin("other").await?;
    ensure!(
        staged(world, "food_desc").await? == 0,
        "rows of another push are staged"
    );
    ensure!(world.count(1, "SELECT * FROM static_data_push_progress").await? == 0);
    is_error(&refused(other.commit(Refuse).await), &["static_data.empty|"])?;
    ensure!(live(world, 1).await? == committed, "what is live has changed");
    other.clear().await?;

    // And so do rows that are staged by hand.
    break_off("mine").await?;
    world
        .call(1, "stage_agent_desc", json!([[{"name": "a", "every_millis": 1000}]]))
        .await?;
    ensure!(staged(world, "food_desc").await? == 0 && staged(world, "agent_desc").await? == 1);
    clear(world).await
}

async fn rows_staged_one_call_at_a_time(world: &World) -> Result<()> {
    clear(world).await?;
    for name in ["a", "b"] {
        let row = json!({"name": name, "every_millis": 1000});
        world.call(1, "stage_agent_desc", json!([[row]])).await?;
    }
    ensure!(
        staged(world, "agent_desc").await? == 2,
        "rows of one hand do not stay together"
    );
    let error = refused(
        world
            .call(1, "commit_staged_static_data", json!([policy_argument(Refuse)]))
            .await,
    );
    is_error(&error, &["static_data.empty|"])?;
    clear(world).await
}

async fn values_of_unique_columns_change_places(world: &World) -> Result<()> {
    let mut swapped = content()?;
    change::<ResourceGrowthRecipeDesc>(&mut swapped, |rows| {
        let first = rows[0].resource_id;
        rows[0].resource_id = rows[1].resource_id;
        rows[1].resource_id = first;
    })?;
    let rows = swapped.rows::<ResourceGrowthRecipeDesc>();
    push(world, 1, &swapped, Refuse).await?;
    for row in &rows[..2] {
        let query = format!(
            "SELECT * FROM resource_growth_recipe_desc WHERE id = {} AND resource_id = {}",
            row.id, row.resource_id
        );
        ensure!(world.count(1, &query).await? == 1, "{row:?} is not live");
    }
    push(world, 1, &content()?, Refuse).await
}

async fn what_is_derived_follows(world: &World) -> Result<()> {
    let mut changed = content()?;
    change::<ItemDesc>(&mut changed, |items| {
        items.retain_mut(|item| {
            item.volume = if item.id == COIN { 17 } else { item.volume };
            true
        });
    })?;
    let coin = format!("SELECT volume FROM item_carry_desc WHERE item_id = {COIN}");
    let before = world.sql(1, &coin).await?.rows;
    push(world, 1, &changed, Refuse).await?;
    ensure!(
        world.sql(1, &coin).await?.rows == [[json!(17)]],
        "the derived row stayed"
    );
    push(world, 1, &content()?, Refuse).await?;
    ensure!(world.sql(1, &coin).await?.rows == before);
    let items = world.count(1, "SELECT id FROM item_desc").await?;
    ensure!(world.count(1, "SELECT item_id FROM item_carry_desc").await? == items);
    Ok(())
}
