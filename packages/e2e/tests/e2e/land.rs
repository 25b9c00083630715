//! What tests of living land share: content with short times, rows as numbers, free places.

use anyhow::{bail, ensure, Context, Result};
use hexmarch_content::Content;
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::static_data::{RemovalPolicy, StaticRow};
use serde_json::{json, Value};

use crate::content_staging::{change, content, push};

/// The region of these tests.
pub const REGION: u8 = 1;
/// Small tiles along one side of the region: 4 chunks.
const SIDE: i32 = 4 * 96;
/// Places tried for one thing.
const MAX_PLACES: i32 = 200;

/// A kind that stands nowhere by itself and never changes, for marking time and place.
pub const POST: i32 = 93;

/// Content with some rows of one table changed.
pub fn with<R: StaticRow>(
    content: &mut Content,
    wanted: impl Fn(&R) -> bool,
    change_row: impl Fn(&mut R),
) -> Result<()> {
    let mut found = false;
    change::<R>(content, |rows| {
        for row in rows.iter_mut().filter(|row| wanted(row)) {
            found = true;
            change_row(row);
        }
    })?;
    ensure!(found, "no row of {} is what was wanted", R::TABLE);
    Ok(())
}

/// Runs a test in a region with other content, and gives the region its own back.
pub async fn among<'a, F>(world: &'a World, other: &Content, test: F) -> Result<()>
where
    F: std::future::Future<Output = Result<()>> + 'a,
{
    push(world, REGION, other, RemovalPolicy::Refuse).await?;
    let outcome = test.await;
    push(world, REGION, &content()?, RemovalPolicy::Refuse).await?;
    outcome
}

/// The rows of a query as numbers; what is none is -1.
pub async fn numbers(world: &World, query: &str) -> Result<Vec<Vec<i64>>> {
    let number = |value: Value| value.as_i64().unwrap_or_else(|| value.as_bool().map_or(-1, i64::from));
    let rows = world.sql(REGION, query).await?.rows;
    Ok(rows
        .into_iter()
        .map(|row| row.into_iter().map(number).collect())
        .collect())
}

/// The only row of a query.
pub async fn row(world: &World, query: &str) -> Result<Vec<i64>> {
    let rows = numbers(world, query).await?;
    ensure!(rows.len() == 1, "{query} gives {} rows", rows.len());
    rows.into_iter().next().context("no row")
}

/// Waits until a query gives these numbers.
pub async fn await_rows(world: &World, query: &str, expected: &[&[i64]]) -> Result<()> {
    eventually(&format!("{query} to give {expected:?}"), || async {
        Ok(numbers(world, query).await? == expected)
    })
    .await
}

/// What stands on a tile.
pub fn at_tile((x, z): (i32, i32)) -> String {
    format!("SELECT entity_id FROM location_state WHERE x = {x} AND z = {z}")
}

/// Places something by a reducer that takes a kind, a tile and a direction, on the first free tile from a column and row on.
/// Returns its entity and where it is.
pub async fn place(world: &World, reducer: &str, kind: i32, (x, z): (i32, i32)) -> Result<(i64, (i32, i32))> {
    for number in 0..MAX_PLACES {
        let at = (x + 2 * (number % 12), z + 2 * (number / 12));
        let placed = world.call(REGION, reducer, json!([kind, at.0, at.1, 0])).await;
        match placed {
            Ok(()) => return Ok((row(world, &at_tile(at)).await?[0], at)),
            Err(error) if error.to_string().contains("resource.taken") => {}
            Err(error) => return Err(error),
        }
    }
    bail!("no place near {x}, {z} is free")
}

/// Places a resource.
pub async fn place_resource(world: &World, kind: i32, near: (i32, i32)) -> Result<(i64, (i32, i32))> {
    ensure!(near.0 < SIDE && near.1 < SIDE, "{near:?} is not in the region");
    place(world, "admin_place_resource", kind, near).await
}

/// Works on a resource.
pub async fn strike(world: &World, entity_id: i64, damage: i32) -> Result<()> {
    world
        .call(REGION, "admin_damage_resource", json!([entity_id, damage]))
        .await
}

/// How many of a kind are counted, and should be.
pub async fn live_and_target(world: &World, kind: i32) -> Result<(i64, i64)> {
    let query = format!("SELECT live, target FROM resource_count WHERE resource_id = {kind}");
    let rows = numbers(world, &query).await?;
    Ok(rows.first().map_or((0, 0), |row| (row[0], row[1])))
}

/// What is counted is what there is, of every kind.
pub async fn counts_are_right(world: &World) -> Result<()> {
    let mut counted = std::collections::BTreeMap::new();
    // One look for both, since agents go on meanwhile.
    for _ in 0..20 {
        let before = numbers(world, "SELECT resource_id, live FROM resource_count").await?;
        let things = numbers(world, "SELECT resource_id FROM resource_state").await?;
        if before != numbers(world, "SELECT resource_id, live FROM resource_count").await? {
            continue;
        }
        for thing in things {
            *counted.entry(thing[0]).or_insert(0) += 1;
        }
        for count in before {
            let there = counted.remove(&count[0]).unwrap_or(0);
            ensure!(
                there == count[1],
                "{there} of kind {} are counted as {}",
                count[0],
                count[1]
            );
        }
        ensure!(counted.is_empty(), "not counted: {counted:?}");
        return Ok(());
    }
    bail!("the counts do not hold still")
}
