//! What a move costs, with all its checks, beside the plainest update of one row on the same host.

use std::time::Duration;

use anyhow::{ensure, Context, Result};
use bytes::Bytes;
use hexmarch_host::{CallOutcome, Connection, Token};
use serde_json::{json, Value};

use super::measure::{head, median, rounded, Calls, Figures};
use super::walker::Walker;
use super::{cargo, in_a_world, say, Effort, Findings};
use crate::world::World;

/// Name of the plain module's database.
const DATABASE: &str = "hexmarch-bench";
/// Rows of the plain module.
const ROWS: u64 = 1_000;
/// Share of the plain update's rate that a move should reach.
const TARGET: f64 = 0.6;
/// For the host to come to rest between two measurements.
const PAUSE: Duration = Duration::from_millis(300);

/// `update_one`, row after row.
struct Updates(u64);

impl Calls for Updates {
    fn reducer(&self) -> &'static str {
        "update_one"
    }

    fn next(&mut self) -> Vec<u8> {
        self.0 += 1;
        [self.0 % ROWS, self.0].map(u64::to_le_bytes).concat()
    }
}

/// `noop`.
struct Noops;

impl Calls for Noops {
    fn reducer(&self) -> &'static str {
        "noop"
    }

    fn next(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

/// Measures in rounds, each of all reducers, pipelined and one at a time.
///
/// # Errors
/// What cannot be built or started; a call that did not commit; a walk that the module did not take for honest.
pub async fn player_move(effort: Effort) -> Result<Findings> {
    cargo::everything()?;
    let module = std::fs::read(cargo::wasm("hexmarch-bench-module", cargo::RELEASE)?)?;
    in_a_world(async |world| measure(world, module.into(), effort).await).await
}

async fn measure(world: &World, module: Bytes, effort: Effort) -> Result<Findings> {
    world.operator.publish(DATABASE, module, false).await?;
    world.operator.call(DATABASE, "seed", &json!([ROWS])).await?;

    let mut player = world.player("Marathon").await?;
    let mut walker = Walker::new(&mut player)?;
    let (region, entity_id) = (player.region_index(), player.entity_id());
    let token = Token::new(player.account().token())?;
    player.leave().await;
    let (moving, _moving_events) = world.socket(region, Some(&token)).await?;
    ensure!(
        moving.call("sign_in", &[]).await? == CallOutcome::Committed,
        "the player cannot sign in"
    );
    let url = world.running.url.parse()?;
    let (plain, _plain_events) = Connection::connect(&url, DATABASE, Some(&token), Default::default()).await?;

    let rounds = effort.choose(2, 7);
    let (many, single) = effort.choose((2_000, 200), (10_000, 2_000));
    let (mut noop, mut update, mut walk) = (Figures::default(), Figures::default(), Figures::default());
    let mut updates = Updates(0);
    say("warming up");
    Figures::default().pipelined(&plain, &mut updates, many).await?;
    Figures::default().pipelined(&moving, &mut walker, many).await?;
    let begun = stored(world, region, entity_id).await?;
    for round in 1..=rounds {
        say(&format!("round {round} of {rounds}"));
        noop.pipelined(&plain, &mut Noops, many).await?;
        tokio::time::sleep(PAUSE).await;
        // Who comes second finds the host busier with what the first left behind: so they take turns.
        if round % 2 == 0 {
            walk.pipelined(&moving, &mut walker, many).await?;
            tokio::time::sleep(PAUSE).await;
            update.pipelined(&plain, &mut updates, many).await?;
        } else {
            update.pipelined(&plain, &mut updates, many).await?;
            tokio::time::sleep(PAUSE).await;
            walk.pipelined(&moving, &mut walker, many).await?;
        }
        tokio::time::sleep(PAUSE).await;
        noop.one_at_a_time(&plain, &mut Noops, single).await?;
        update.one_at_a_time(&plain, &mut updates, single).await?;
        walk.one_at_a_time(&moving, &mut walker, single).await?;
    }
    let ended = stored(world, region, entity_id).await?;
    ensure!(begun != ended, "no segment was stored");
    let expected = walker.position();
    ensure!(
        ended == [expected.x, expected.z],
        "the last segment begins at {ended:?}, the walker is at {expected:?}"
    );
    let strikes = strikes(world, region, entity_id).await?;
    ensure!(
        strikes == 0,
        "the walk was not honest: the module counted {strikes} strikes"
    );
    Ok(findings(effort, &noop, &update, &walk))
}

/// Where the player's stored segment begins.
async fn stored(world: &World, region: u8, entity_id: u64) -> Result<Vec<i32>> {
    let query = format!("SELECT location_x, location_z FROM mobile_entity_state WHERE entity_id = {entity_id}");
    let rows = world.sql(region, &query).await?.rows;
    let row = rows.first().context("the player is not in the region")?;
    let numbers = row
        .iter()
        .map(|value| value.as_i64().and_then(|value| i32::try_from(value).ok()));
    numbers
        .collect::<Option<Vec<i32>>>()
        .context("the position is no number")
}

/// How many moves of the player were too fast, lately.
async fn strikes(world: &World, region: u8, entity_id: u64) -> Result<usize> {
    let table = "move_validation_strike_counter_state";
    let query = format!("SELECT validation_failure_timestamps FROM {table} WHERE entity_id = {entity_id}");
    let rows = world.sql(region, &query).await?.rows;
    Ok(rows.iter().flatten().filter_map(Value::as_array).map(Vec::len).sum())
}

fn findings(effort: Effort, noop: &Figures, update: &Figures, walk: &Figures) -> Findings {
    let ratios: Vec<f64> = walk
        .rates
        .iter()
        .zip(&update.rates)
        .map(|(walk, update)| walk / update)
        .collect();
    let ratio = median(&ratios);
    let ends = |pick: fn(f64, f64) -> f64| ratios.iter().copied().reduce(pick).unwrap_or(f64::NAN);
    let (low, high) = (ends(f64::min), ends(f64::max));
    let verdict = if ratio >= TARGET { "reached" } else { "missed" };
    let mut table = head();
    for (name, figures) in [("noop", noop), ("update_one", update), ("player_move", walk)] {
        table += &figures.line(name);
    }
    table += &format!(
        "player_move has {ratio:.2} of the rate of update_one ({low:.2} to {high:.2} in {} rounds); {TARGET} {verdict}\n",
        ratios.len()
    );
    let json: Value = json!({
        "bench": "player_move", "quick": effort == Effort::Quick, "rounds": ratios.len(),
        "noop": noop.json(), "update_one": update.json(), "player_move": walk.json(),
        "ratio": rounded(ratio), "ratio_min": rounded(low), "ratio_max": rounded(high),
        "target": TARGET, "reached": ratio >= TARGET,
    });
    Findings { table, json }
}
