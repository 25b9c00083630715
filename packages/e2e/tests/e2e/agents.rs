//! Agents and the settings that steer them.

use anyhow::{ensure, Context, Result};
use hexmarch_e2e::metrics;
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::agent::AgentDesc;
use serde_json::json;

use crate::content_staging::{change, content};
use crate::strangers::schema::Schema;
use crate::strangers::snapshot::Snapshot;
use crate::{land, tests};

tests!(
    force_start_makes_no_duplicates,
    agents_change_nothing_while_nothing_is_due,
    a_bad_configuration_keeps_the_old,
    the_version_is_known
);

async fn force_start_makes_no_duplicates(world: &World) -> Result<()> {
    for _ in 0..3 {
        world.call(1, "force_start_agents", json!([])).await?;
    }
    for timer in ["auto_logout_loop_timer", "region_population_loop_timer"] {
        ensure!(
            world.count(1, &format!("SELECT * FROM {timer}")).await? == 1,
            "{timer} is doubled or gone"
        );
    }
    world.call(1, "stop_agents", json!([])).await?;
    ensure!(
        world
            .count(1, "SELECT * FROM config WHERE agents_enabled = true")
            .await?
            == 0
    );
    world.call(1, "start_agents", json!([])).await?;
    ensure!(world.count(1, "SELECT * FROM region_population_loop_timer").await? == 1);
    Ok(())
}

/// All of them, however many there are, run several times in a world where nobody is, and no row is another.
async fn agents_change_nothing_while_nothing_is_due(world: &World) -> Result<()> {
    let schema = Schema::read(world, 1).await?;
    let timers = schema
        .tables
        .iter()
        .filter_map(|table| table.strip_suffix("_loop_timer"));
    let agents: Vec<String> = timers.map(|name| format!("{name}_agent")).collect();
    ensure!(agents.len() >= 10, "only {agents:?} have timers");
    let mut often = content()?;
    change::<AgentDesc>(&mut often, |rows| {
        let row = |name: &String| AgentDesc {
            name: name.clone(),
            every_millis: 50,
        };
        *rows = agents.iter().map(row).collect();
    })?;
    world.quiet().await?;
    land::among(world, &often, async {
        let runs = || async {
            let all = metrics::of(world, &world.database(1)).await?;
            let count = |agent: &String| all.get(agent).map_or(0.0, |runs| runs.count);
            anyhow::Ok(agents.iter().map(count).collect::<Vec<f64>>())
        };
        let (first, before) = (runs().await?, Snapshot::take(world, &schema).await?);
        eventually("every agent to run", || async {
            let now = runs().await?;
            Ok(now.iter().zip(&first).all(|(now, first)| *now >= first + 5.0))
        })
        .await?;
        let changed = before.differences(&Snapshot::take(world, &schema).await?, &[]);
        ensure!(changed.is_empty(), "{}", changed.join("\n"));
        Ok(())
    })
    .await
}

async fn a_bad_configuration_keeps_the_old(world: &World) -> Result<()> {
    let before = world.sql(1, "SELECT * FROM config").await?;
    for (names, contents, key) in [
        (vec!["mars"], vec!["{}"], "config.unknown_environment"),
        (vec!["testing"], vec!["{"], "config.malformed"),
        (
            vec!["testing"],
            vec![r#"{"agents_enabled":true,"wheels":4}"#],
            "config.malformed",
        ),
        (vec!["testing", "qa"], vec!["{}"], "config.length_mismatch"),
        (vec!["dev", "qa"], vec!["{}", "{}"], "config.environment_missing"),
        (vec![], vec![], "config.empty"),
    ] {
        let refused = world.call(1, "load_config", json!([names, contents])).await.err();
        let refused = refused.with_context(|| format!("{names:?} was accepted"))?.to_string();
        ensure!(refused.contains(key), "{names:?}: {refused}, expected {key}");
    }
    ensure!(
        world.sql(1, "SELECT * FROM config").await? == before,
        "a refused configuration changed something"
    );
    Ok(())
}

async fn the_version_is_known(world: &World) -> Result<()> {
    for index in 0..=2 {
        world.call(index, "current_version", json!([])).await?;
        let database = world.database(index);
        eventually("the commit in the log", || async {
            let logs = world.operator.logs(&database, 50).await?;
            Ok(logs.iter().any(|line| line.message.contains("built from commit")))
        })
        .await?;
        ensure!(world.count(index, "SELECT * FROM module_version").await? == 1);
    }
    Ok(())
}
