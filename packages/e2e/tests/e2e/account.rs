//! Registration and names.

use anyhow::{ensure, Context, Result};
use hexmarch_client::Account;
use hexmarch_e2e::world::World;

use crate::tests;

tests!(
    names_are_checked,
    registration_creates_one_character,
    a_new_name_reaches_the_region
);

async fn account(world: &World) -> Result<Account> {
    Account::connect(&world.running.url, &world.database(0), None).await
}

async fn names_are_checked(world: &World) -> Result<()> {
    let mut account = account(world).await?;
    for (name, key) in [
        ("ab", "user_name.too_short"),
        ("abcdefghijklmnopq", "user_name.too_long"),
        ("9lives", "user_name.first_letter"),
        ("two words", "user_name.character"),
        ("Аlice", "user_name.mixed_scripts"),
        ("Admin", "user_name.reserved"),
        ("fuckface", "user_name.profane"),
    ] {
        let refused = account
            .register(name)
            .await
            .err()
            .with_context(|| format!("{name} was accepted"))?;
        ensure!(refused.is(key), "{name}: {refused}, expected {key}");
    }
    ensure!(account.whereabouts().is_none(), "a refused name left an account behind");
    Ok(())
}

async fn registration_creates_one_character(world: &World) -> Result<()> {
    let player = world.player("Thessaly").await?;
    let (region, entity_id) = (player.region_index(), player.entity_id());
    ensure!(
        world
            .count(
                region,
                &format!("SELECT * FROM user_state WHERE entity_id = {entity_id}")
            )
            .await?
            == 1
    );
    player.leave().await;

    let mut other = account(world).await?;
    let refused = other
        .register("thessaIy")
        .await
        .err()
        .context("a look-alike name was accepted")?;
    ensure!(refused.is("user_name.taken"), "{refused}");

    let again = world.player("Thessaly").await?;
    ensure!(
        again.entity_id() == entity_id,
        "the same token came back as another character"
    );
    let mut again = again;
    let refused = again
        .account()
        .register("Thessaly2")
        .await
        .err()
        .context("a second account was made")?;
    ensure!(refused.is("account.exists"), "{refused}");
    again.leave().await;
    Ok(())
}

async fn a_new_name_reaches_the_region(world: &World) -> Result<()> {
    let mut player = world.player("Oriel").await?;
    let (region, entity_id) = (player.region_index(), player.entity_id());
    player.account().set_name("Oriella").await?;
    let query = format!("SELECT * FROM player_username WHERE entity_id = {entity_id} AND username = 'Oriella'");
    world.await_count(region, &query, 1).await?;
    player.leave().await;
    Ok(())
}
