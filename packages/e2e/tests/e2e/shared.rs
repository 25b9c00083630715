//! Replicas of shared tables that went wrong come right again.

use anyhow::{ensure, Result};
use hexmarch_e2e::world::{identity_argument, World};
use serde_json::json;

use crate::tests;

tests!(
    a_full_copy_puts_a_replica_right,
    a_replica_that_missed_an_update_asks_for_a_copy,
);

const ROLES: &str = "SELECT * FROM identity_role";
/// Enough for several parts of a copy.
const MANY: usize = 700;

/// Rows of a query in an order that does not depend on where they are.
async fn rows(world: &World, index: u8, query: &str) -> Result<Vec<String>> {
    let rows = world.sql(index, query).await?.rows;
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort_unstable();
    Ok(rows)
}

fn identity(number: usize) -> String {
    format!("0x{:064x}", 0x1000 + number)
}

async fn a_full_copy_puts_a_replica_right(world: &World) -> Result<()> {
    for number in 0..MANY {
        let somebody = identity_argument(&identity(number));
        world
            .call(0, "set_role_for_identity", json!([somebody, {"Partner": []}]))
            .await?;
    }
    let owner = rows(world, 0, ROLES).await?;
    world.await_count(1, ROLES, owner.len()).await?;
    // Rows that are missing, wrong and left over, as no module could make them.
    for statement in [
        format!("DELETE FROM identity_role WHERE identity = {}", identity(3)),
        format!("DELETE FROM identity_role WHERE identity = {}", identity(MANY - 1)),
        format!("DELETE FROM blocked_identity WHERE identity = {}", identity(5)),
        format!(
            "INSERT INTO blocked_identity (identity) VALUES ({})",
            identity(MANY + 7)
        ),
        format!(
            "INSERT INTO blocked_identity (identity) VALUES ({})",
            identity(MANY + 8)
        ),
    ] {
        world.sql(1, &statement).await?;
    }
    ensure!(rows(world, 1, ROLES).await? != owner, "the replica is right already");
    world.call(1, "admin_resync_shared_tables", json!([])).await?;
    world.await_count(1, "SELECT * FROM blocked_identity", 0).await?;
    world.await_count(1, ROLES, owner.len()).await?;
    // What a region owns came again as well, and is not doubled.
    world.quiet().await?;
    ensure!(
        rows(world, 1, ROLES).await? == owner,
        "the replica differs from its owner"
    );
    ensure!(world.count(1, "SELECT * FROM region_control_info").await? == 2);
    ensure!(
        world
            .count(1, "SELECT * FROM shared_table_peer WHERE awaits_copy = true")
            .await?
            == 0
    );
    for number in 0..MANY {
        let somebody = identity_argument(&identity(number));
        world
            .call(0, "set_role_for_identity", json!([somebody, {"Player": []}]))
            .await?;
    }
    world.quiet().await?;
    ensure!(rows(world, 1, ROLES).await? == rows(world, 0, ROLES).await?);
    Ok(())
}

async fn a_replica_that_missed_an_update_asks_for_a_copy(world: &World) -> Result<()> {
    let (lost, next) = (identity(MANY + 20), identity(MANY + 21));
    let set = |identity: String| async move {
        let role = json!([identity_argument(&identity), {"Partner": []}]);
        world.call(0, "set_role_for_identity", role).await
    };
    set(lost.clone()).await?;
    world.quiet().await?;
    // As a database that was put back to an older state.
    world
        .sql(2, &format!("DELETE FROM identity_role WHERE identity = {lost}"))
        .await?;
    let received = world
        .sql(2, "SELECT received FROM shared_table_peer WHERE module_id = 0")
        .await?;
    let received = received.rows.first().and_then(|row| row.first()?.as_u64()).unwrap_or(0);
    world
        .sql(
            2,
            &format!(
                "UPDATE shared_table_peer SET received = {} WHERE module_id = 0",
                received - 1
            ),
        )
        .await?;
    set(next.clone()).await?;
    for identity in [lost, next] {
        let query = format!("SELECT * FROM identity_role WHERE identity = {identity}");
        world.await_count(2, &query, 1).await?;
        world
            .call(
                0,
                "set_role_for_identity",
                json!([identity_argument(&identity), {"Player": []}]),
            )
            .await?;
    }
    world.quiet().await
}
