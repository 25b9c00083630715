//! Things of the land: used up, grown, gone, come back.

use anyhow::{ensure, Result};
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::resource::{ResourceDesc, ResourceGrowthRecipeDesc};
use hexmarch_messages::survival::ResourceParametersDesc;
use serde_json::json;

use crate::content_staging::{content, refused};
use crate::land::{
    among, at_tile, await_rows, counts_are_right, live_and_target, numbers, place_resource, row, strike, with, POST,
};
use crate::tests;

tests!(
    a_world_has_what_it_should,
    what_is_used_up_leaves_another_and_stands_again,
    what_leaves_nothing_stands_again_where_there_is_room,
    what_grows_is_another_with_time,
    what_does_not_stay_is_gone,
    what_is_missing_comes_back_anywhere,
    where_a_resource_cannot_stand,
);

/// A kind that stands again where it stood.
const FEW: i32 = 71;
/// A kind that comes back anywhere.
const HEAP: i32 = 1;
/// A kind that grows, and what it becomes.
const WHIP: i32 = 17;
const BIRCH: i32 = 2;
/// A kind that nothing changes.
const RIPE: i32 = 65;
/// More than any thing has.
const ALL: i32 = 1_000_000;

fn thing(entity_id: i64) -> String {
    format!("SELECT resource_id FROM resource_state WHERE entity_id = {entity_id}")
}

fn of(table: &str, entity_id: i64) -> String {
    format!("SELECT entity_id FROM {table} WHERE entity_id = {entity_id}")
}

async fn a_world_has_what_it_should(world: &World) -> Result<()> {
    counts_are_right(world).await?;
    let counts = numbers(world, "SELECT target, live FROM resource_count").await?;
    ensure!(counts.len() > 20, "only {} kinds are counted", counts.len());
    let things: i64 = counts.iter().map(|count| count[0]).sum();
    let placed = row(world, "SELECT resources FROM resources_log").await?;
    ensure!(placed == [things], "{placed:?} were placed and {things} are wanted");
    Ok(())
}

async fn what_is_used_up_leaves_another_and_stands_again(world: &World) -> Result<()> {
    let mut short = content()?;
    with::<ResourceDesc>(
        &mut short,
        |row| row.id == FEW,
        |row| {
            row.max_health = 10;
            row.scheduled_respawn_time = 2.0;
            row.on_destroy_yield_resource_id = Some(POST);
        },
    )?;
    among(world, &short, async {
        let (before, posts) = (live_and_target(world, FEW).await?, live_and_target(world, POST).await?);
        let (entity_id, _) = place_resource(world, FEW, (100, 100)).await?;
        ensure!(live_and_target(world, FEW).await? == (before.0 + 1, before.1));
        let health = format!("SELECT health FROM resource_health_state WHERE entity_id = {entity_id}");
        ensure!(numbers(world, &health).await?.is_empty(), "a whole thing has a row");
        strike(world, entity_id, 3).await?;
        strike(world, entity_id, 3).await?;
        ensure!(numbers(world, &health).await? == [[4]], "6 of 10 leave 4");
        strike(world, entity_id, 4).await?;
        ensure!(
            numbers(world, &thing(entity_id)).await? == [[i64::from(POST)]],
            "nothing else stands there"
        );
        ensure!(live_and_target(world, POST).await?.0 == posts.0 + 1 && live_and_target(world, FEW).await? == before);
        ensure!(
            numbers(world, &health).await?.is_empty(),
            "what stands there is not whole"
        );

        await_rows(world, &thing(entity_id), &[&[i64::from(FEW)]]).await?;
        ensure!(
            live_and_target(world, POST).await? == posts,
            "what stood there is still counted"
        );
        ensure!(live_and_target(world, FEW).await?.0 == before.0 + 1);
        for table in ["resource_respawn_state", "growth_state", "resource_health_state"] {
            ensure!(
                numbers(world, &of(table, entity_id)).await?.is_empty(),
                "a row of {table} stayed"
            );
        }
        counts_are_right(world).await
    })
    .await
}

async fn what_leaves_nothing_stands_again_where_there_is_room(world: &World) -> Result<()> {
    let mut short = content()?;
    with::<ResourceDesc>(&mut short, |row| row.id == FEW, |row| row.scheduled_respawn_time = 1.0)?;
    among(world, &short, async {
        let (entity_id, tile) = place_resource(world, FEW, (150, 100)).await?;
        let here = at_tile(tile);
        strike(world, entity_id, ALL).await?;
        let error = refused(strike(world, entity_id, 1).await);
        ensure!(error.contains("resource.gone"), "{error}");
        ensure!(numbers(world, &of("resource_respawn_state", entity_id)).await?.len() == 1);
        eventually("it to stand again", || async {
            Ok(numbers(world, &here).await?.len() == 1)
        })
        .await?;
        let again = row(world, &here).await?[0];
        ensure!(
            numbers(world, &thing(again)).await? == [[i64::from(FEW)]],
            "something else stands there"
        );

        // Where something else stands it waits.
        let mut waiting = again;
        strike(world, waiting, ALL).await?;
        while let Err(error) = world
            .call(1, "admin_place_resource", json!([RIPE, tile.0, tile.1, 0]))
            .await
        {
            // It was quicker.
            ensure!(error.to_string().contains("resource.taken"), "{error}");
            waiting = row(world, &here).await?[0];
            strike(world, waiting, ALL).await?;
        }
        let due = format!("SELECT due_ms FROM resource_respawn_state WHERE entity_id = {waiting}");
        let first = row(world, &due).await?[0];
        eventually("it to find no room", || async {
            Ok(row(world, &due).await?[0] > first)
        })
        .await?;
        ensure!(row(world, &here).await? != [waiting], "two stand in one place");
        world.sql(1, &due.replacen("SELECT due_ms", "DELETE", 1)).await?;
        for entity_id in numbers(world, &here).await? {
            strike(world, entity_id[0], ALL).await?;
        }
        counts_are_right(world).await
    })
    .await
}

async fn what_grows_is_another_with_time(world: &World) -> Result<()> {
    let mut short = content()?;
    with::<ResourceGrowthRecipeDesc>(
        &mut short,
        |row| row.resource_id == WHIP,
        |row| {
            (row.min_time, row.max_time) = (2.0, 2.0);
        },
    )?;
    among(world, &short, async {
        let (whips, birches) = (
            live_and_target(world, WHIP).await?,
            live_and_target(world, BIRCH).await?,
        );
        let (entity_id, _) = place_resource(world, WHIP, (200, 100)).await?;
        ensure!(
            numbers(world, &of("growth_state", entity_id)).await?.len() == 1,
            "it does not grow"
        );
        strike(world, entity_id, 1).await?;
        await_rows(world, &thing(entity_id), &[&[i64::from(BIRCH)]]).await?;
        for table in ["growth_state", "resource_health_state"] {
            ensure!(
                numbers(world, &of(table, entity_id)).await?.is_empty(),
                "a row of {table} stayed"
            );
        }
        ensure!(live_and_target(world, WHIP).await? == whips);
        ensure!(live_and_target(world, BIRCH).await?.0 == birches.0 + 1);
        counts_are_right(world).await
    })
    .await
}

async fn what_does_not_stay_is_gone(world: &World) -> Result<()> {
    let mut short = content()?;
    with::<ResourceDesc>(&mut short, |row| row.id == RIPE, |row| row.despawn_time = 1.0)?;
    among(world, &short, async {
        let (entity_id, _) = place_resource(world, RIPE, (250, 100)).await?;
        await_rows(world, &thing(entity_id), &[]).await?;
        for table in ["location_state", "resource_despawn_state", "resource_respawn_state"] {
            ensure!(
                numbers(world, &of(table, entity_id)).await?.is_empty(),
                "a row of {table} stayed"
            );
        }
        counts_are_right(world).await
    })
    .await
}

async fn what_is_missing_comes_back_anywhere(world: &World) -> Result<()> {
    let mut short = content()?;
    with::<ResourceParametersDesc>(
        &mut short,
        |_| true,
        |row| {
            (
                row.resources_regen_tick_millis,
                row.resources_regen_loops,
                row.regen_per_hour,
            ) = (100, 1_000, 1.0);
        },
    )?;
    let (before, target) = live_and_target(world, HEAP).await?;
    ensure!(before == target, "{before} and not {target} are there");
    let newest = "SELECT entity_pk_counter FROM globals";
    let newest = row(world, newest).await?[0] | (1 << 56);
    let set_target = |target: i64| world.call(1, "admin_set_resource_world_target", json!([HEAP, target]));
    let heaps = format!("SELECT entity_id FROM resource_state WHERE resource_id = {HEAP} AND entity_id > {newest}");
    among(world, &short, async {
        // Of 7,200 that are missing two come back a second.
        set_target(target + 7_200).await?;
        eventually("some to come back", || async {
            Ok(numbers(world, &heaps).await?.len() >= 4)
        })
        .await?;
        set_target(target).await?;
        eventually("nothing to be owed", || async {
            Ok(numbers(world, "SELECT id FROM resource_regen_state").await?.is_empty())
        })
        .await?;
        counts_are_right(world).await?;
        let came = numbers(world, &heaps).await?;
        ensure!(live_and_target(world, HEAP).await? == (before + came.len() as i64, target));
        for heap in &came {
            let at = format!(
                "SELECT x, z, dimension FROM location_state WHERE entity_id = {}",
                heap[0]
            );
            let at = row(world, &at).await?;
            let (x, z) = (at[0], at[1]);
            ensure!(
                (0..4 * 96).contains(&x) && (0..4 * 96).contains(&z) && at[2] == 1,
                "{x}, {z}"
            );
            let here = format!("SELECT entity_id FROM location_state WHERE x = {x} AND z = {z}");
            ensure!(row(world, &here).await? == *heap, "something else is at {x}, {z}");
            strike(world, heap[0], ALL).await?;
        }
        ensure!(live_and_target(world, HEAP).await? == (before, target));
        nothing_due_changes_nothing(world).await
    })
    .await
}

/// While nothing is due, agents run and no row changes: other things that stand again show that they ran.
async fn nothing_due_changes_nothing(world: &World) -> Result<()> {
    let mut short = content()?;
    with::<ResourceDesc>(&mut short, |row| row.id == FEW, |row| row.scheduled_respawn_time = 1.0)?;
    crate::content_staging::push(world, 1, &short, hexmarch_messages::static_data::RemovalPolicy::Refuse).await?;
    let (entity_id, tile) = place_resource(world, FEW, (300, 100)).await?;
    strike(world, entity_id, ALL).await?;
    let here = at_tile(tile);
    let look = || async move {
        let mut rows = Vec::new();
        for table in [
            "resource_count",
            "resource_regen_state",
            "growth_state",
            "resource_despawn_state",
            "loot_chest_state",
            "loot_chest_refill_state",
        ] {
            rows.push(world.sql(1, &format!("SELECT * FROM {table} ")).await?.rows);
        }
        let others = format!("SELECT entity_id FROM resource_state WHERE resource_id != {FEW}");
        rows.push(world.sql(1, &others).await?.rows);
        Ok::<_, anyhow::Error>(rows)
    };
    let before = look().await?;
    for _ in 0..2 {
        eventually("it to stand again", || async {
            Ok(numbers(world, &here).await?.len() == 1)
        })
        .await?;
        strike(world, row(world, &here).await?[0], ALL).await?;
    }
    ensure!(look().await? == before, "something changed that was not due");
    Ok(())
}

async fn where_a_resource_cannot_stand(world: &World) -> Result<()> {
    let (_, (x, z)) = place_resource(world, POST, (50, 200)).await?;
    let before = world.sql(1, "SELECT * FROM resource_count").await?.rows;
    for (arguments, key) in [
        (json!([99_999, 10, 10, 0]), "resource.unknown|99999"),
        (json!([POST, x, z, 0]), "resource.taken"),
        (json!([POST, -1, 10, 0]), "resource.outside_region"),
        (json!([POST, 4 * 96 + 5, 10, 0]), "resource.outside_region"),
        (json!([POST, 10, 10, 6]), "resource.bad_direction"),
        (json!([POST, 10, 10, -1]), "resource.bad_direction"),
        (json!([POST, i32::MAX, i32::MIN, 0]), "region.out_of_world"),
    ] {
        let error = refused(world.call(1, "admin_place_resource", arguments.clone()).await);
        ensure!(error.contains(key), "{arguments}: {error}");
    }
    let error = refused(strike(world, 12_345, 1).await);
    ensure!(error.contains("resource.gone"), "{error}");
    let here = at_tile((x, z));
    let entity_id = row(world, &here).await?[0];
    for damage in [0, -5, i32::MIN] {
        let error = refused(strike(world, entity_id, damage).await);
        ensure!(error.contains("resource.bad_damage"), "{damage}: {error}");
    }
    let error = refused(
        world
            .call(1, "admin_set_resource_world_target", json!([99_999, 5]))
            .await,
    );
    ensure!(error.contains("resource.unknown|99999"), "{error}");
    ensure!(
        world.sql(1, "SELECT * FROM resource_count").await?.rows == before,
        "a refused call has changed counts"
    );
    Ok(())
}
