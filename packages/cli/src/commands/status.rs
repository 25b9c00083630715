//! `hexmarch status`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use hexmarch_host::HostClient;
use serde::Serialize;

use crate::cli::Common;
use crate::data_dir::{DataDir, State, World};
use crate::output::{self, Table};
use crate::process::Record;
use crate::{demo, relay, sql};

/// A player whose last segment began within this time is moving.
const MOVING: Duration = Duration::from_secs(10);
/// Digits of the commit in the table.
const SHORT_COMMIT: usize = 10;

const EXAMPLES: &str = "\
Examples:
  hexmarch status            A table
  hexmarch status --json     One JSON object, for tools
  hexmarch status && echo all is well

Exit code 0 only when all is well: every process alive, the host answering, every database published and connected
to the relay. Streams that an operator has paused are shown, and are no fault.";

/// Say what runs and how it is
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Process {
    pid: Option<u32>,
    alive: bool,
}

#[derive(Debug, Serialize)]
struct Database {
    index: u8,
    name: String,
    /// What is wrong; the numbers are missing then.
    error: Option<String>,
    commit: Option<String>,
    signed_in: Option<u64>,
    queue: Option<u64>,
    outbox: Option<u64>,
    moving: Option<u64>,
    /// Indices of databases to which an operator lets nothing go from here.
    paused_to: Option<Vec<u64>>,
    /// `live` when the relay is connected.
    relay: String,
}

#[derive(Debug, Serialize)]
struct Status {
    well: bool,
    data_dir: String,
    env: String,
    url: String,
    host: Process,
    host_answers: bool,
    relay: Process,
    players: Option<Process>,
    players_wanted: u32,
    players_in_world: Option<usize>,
    region_changes: Option<u32>,
    players_moving: u64,
    databases: Vec<Database>,
    /// One sentence for each thing that is wrong.
    problems: Vec<String>,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let data = DataDir::new(&common.data_dir)?;
    let (world, state) = (data.require_world()?, data.state()?);
    let status = gather(&data, &world, &state).await?;
    if arguments.json {
        output::line(&serde_json::to_string(&status)?)?;
    } else {
        output::line(&render(&status))?;
    }
    if status.well {
        return Ok(());
    }
    anyhow::bail!("{}", status.problems.join("; "))
}

async fn gather(data: &DataDir, world: &World, state: &State) -> anyhow::Result<Status> {
    let client = HostClient::new(world.url()?, data.token()?)?;
    let process = |record: Option<&Record>| {
        let pid = record.and_then(Record::alive);
        Process {
            pid,
            alive: pid.is_some(),
        }
    };
    let host = process(state.host.as_ref());
    let host_answers = host.alive && client.ping().await.is_ok();
    let relay_status = match &state.relay {
        Some(relay) if relay.process.alive().is_some() => relay::status(&relay.url).await.ok(),
        _ => None,
    };
    let mut databases = Vec::new();
    for (index, name) in world.databases()? {
        let connection = relay_status
            .as_ref()
            .and_then(|status| status.databases.iter().find(|found| found.index == index));
        let relay = connection.map_or("unknown".to_owned(), |database| database.state.clone());
        databases.push(database(&client, host_answers, index, name, relay).await);
    }
    let demo_status = demo::status(&demo::status_file(data)).filter(|_| state.players.is_some());
    let mut status = Status {
        well: false,
        data_dir: data.root().display().to_string(),
        env: world.env.clone(),
        url: client.url().to_string(),
        host,
        host_answers,
        relay: process(state.relay.as_ref().map(|relay| &relay.process)),
        players: state.players.as_ref().map(|players| process(Some(&players.process))),
        players_wanted: state.players.as_ref().map_or(0, |players| players.count),
        players_in_world: demo_status.as_ref().map(demo::Status::in_world),
        region_changes: demo_status.as_ref().map(demo::Status::region_changes),
        players_moving: databases.iter().filter_map(|database| database.moving).sum(),
        databases,
        problems: Vec::new(),
    };
    status.problems = problems(&status, world);
    status.well = status.problems.is_empty();
    Ok(status)
}

fn problems(status: &Status, world: &World) -> Vec<String> {
    let mut problems = Vec::new();
    let mut check = |fine: bool, problem: String| {
        if !fine {
            problems.push(problem);
        }
    };
    if !status.host.alive && !status.relay.alive {
        return vec!["nothing runs; start it with 'hexmarch up'".to_owned()];
    }
    check(
        status.host.alive,
        "the host is gone; 'hexmarch up' starts it again".to_owned(),
    );
    check(
        status.host_answers || !status.host.alive,
        "the host does not answer".to_owned(),
    );
    check(
        status.relay.alive,
        "the relay is gone; 'hexmarch up' starts it again".to_owned(),
    );
    let players = status.players.as_ref().is_none_or(|players| players.alive);
    check(
        players,
        "the demo players are gone; 'hexmarch up' starts them again".to_owned(),
    );
    check(
        world.complete,
        "the last 'up' did not get to its end; run it again".to_owned(),
    );
    check(
        world.growing_to.is_none(),
        "an addition of regions did not get to its end; 'hexmarch region add' completes it".to_owned(),
    );
    for database in &status.databases {
        if let Some(error) = database.error.as_ref().filter(|_| status.host_answers) {
            check(false, format!("{}: {error}", database.name));
        }
        let connected = database.relay == "live" || !status.relay.alive;
        check(connected, format!("the relay is not connected to {}", database.name));
    }
    problems
}

async fn database(client: &HostClient, host_answers: bool, index: u8, name: String, relay: String) -> Database {
    let mut database = Database {
        index,
        name,
        error: None,
        commit: None,
        signed_in: None,
        queue: None,
        outbox: None,
        moving: None,
        paused_to: None,
        relay,
    };
    let asked = if host_answers {
        ask(client, &mut database).await
    } else {
        Err(anyhow::anyhow!("the host does not answer"))
    };
    database.error = asked.err().map(|error| format!("{error:#}"));
    database
}

async fn ask(client: &HostClient, database: &mut Database) -> anyhow::Result<()> {
    let name = database.name.clone();
    let versions = sql::select(client, &name, "SELECT * FROM module_version").await?;
    let commit = versions
        .column("commit")
        .first()
        .and_then(|commit| commit.as_str().map(str::to_owned));
    database.commit = commit;
    let pauses = sql::select(client, &name, "SELECT * FROM inter_module_stream_pause").await?;
    let mut paused: Vec<u64> = pauses.column("to").into_iter().filter_map(|to| to.as_u64()).collect();
    paused.sort_unstable();
    database.paused_to = Some(paused);
    database.outbox = Some(sql::count(client, &name, "inter_module_message").await?);
    if database.index > 0 {
        database.signed_in = Some(sql::count(client, &name, "signed_in_player_state").await?);
        database.queue = Some(sql::count(client, &name, "player_queue_state").await?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = now.saturating_sub(MOVING).as_millis();
        let moving = format!(
            "mobile_entity_state JOIN user_state ON mobile_entity_state.entity_id = user_state.entity_id \
             WHERE mobile_entity_state.timestamp > {since}"
        );
        database.moving = Some(sql::count(client, &name, &moving).await?);
    }
    Ok(())
}

/// A line for each destination to which nothing goes from here.
fn paused(database: &Database, data_dir: &str) -> Vec<String> {
    let from = database.index;
    let line = |to: &u64| {
        format!("paused   what goes from {from} to {to}, until 'hexmarch-relay --config {data_dir}/relay.toml resume {from} {to}'")
    };
    database.paused_to.iter().flatten().map(line).collect()
}

fn render(status: &Status) -> String {
    let process = |process: &Process| match process.pid {
        Some(pid) => format!("pid {pid}"),
        None => "gone".to_owned(),
    };
    let answer = if status.host_answers { "" } else { ", does not answer" };
    let mut lines = vec![format!("host     {}  {}{answer}", status.url, process(&status.host))];
    let connected = status
        .databases
        .iter()
        .filter(|database| database.relay == "live")
        .count();
    lines.push(format!(
        "relay    {}, connected to {connected} of {} databases",
        process(&status.relay),
        status.databases.len()
    ));
    if let Some(players) = &status.players {
        let inside = status
            .players_in_world
            .map_or("?".to_owned(), |count| count.to_string());
        let changes = status.region_changes.unwrap_or_default();
        lines.push(format!(
            "players  {}, {inside} of {} in the world, {changes} changes of region",
            process(players),
            status.players_wanted
        ));
    }
    lines.push(format!(
        "moving   {} players within the last {} s",
        status.players_moving,
        MOVING.as_secs()
    ));
    lines.extend(
        status
            .databases
            .iter()
            .flat_map(|database| paused(database, &status.data_dir)),
    );
    let mut table = Table::new(&["database", "commit", "signed in", "queue", "outbox", "moving", "relay"]);
    for database in &status.databases {
        let number = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
        let commit = database
            .commit
            .as_deref()
            .unwrap_or("-")
            .chars()
            .take(SHORT_COMMIT)
            .collect::<String>();
        table.row([
            database.name.clone(),
            commit,
            number(database.signed_in),
            number(database.queue),
            number(database.outbox),
            number(database.moving),
            database.relay.clone(),
        ]);
    }
    lines.push(String::new());
    lines.push(table.render());
    lines.join("\n")
}
