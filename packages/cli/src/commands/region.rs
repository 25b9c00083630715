//! `hexmarch region`.

use anyhow::{bail, Context as _};
use clap::{Args, Subcommand};
use hexmarch_host::HostClient;
use serde_json::{json, Value};

use crate::cli::Common;
use crate::data_dir::{DataDir, State, World};
use crate::outcome::partly;
use crate::output::{self, Table};
use crate::progress::Progress;
use crate::sql::{self, Rows};
use crate::{grow, stop};

const EXAMPLES: &str = "\
Examples:
  hexmarch region add              One more region, while everybody plays on
  hexmarch region add --count 2
  hexmarch region list             Where the regions lie, and how full they are

A new region gets the module, settings and content of region 1. Regions lie row by row and do not
move; the length of a row is the root of the number of regions that the world was made with.
Cut off anywhere, 'region add' completes what it began when run again; so does 'hexmarch up'.";

/// Add regions to a running world, or list them
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Arguments {
    /// Add regions to the running world; nothing is restarted, players can walk into them
    Add(Add),
    /// Show where the regions lie, whether they are open and how full they are
    List {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// How many.
#[derive(Debug, Args)]
pub struct Add {
    /// How many regions to add
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..))]
    count: u8,
    /// Print what was added as one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let data = DataDir::new(&common.data_dir)?;
    match arguments {
        Arguments::Add(add) => self::add(&data, add).await,
        Arguments::List { json } => list(&data, *json).await,
    }
}

async fn add(data: &DataDir, arguments: &Add) -> anyhow::Result<()> {
    // Taking the lock would make a data dir where there is none.
    data.require_world()?;
    let _lock = data.lock()?;
    let (mut world, state) = (data.require_world()?, data.state()?);
    let client = require_running(data, &world, &state).await?;
    match world.growing_to {
        Some(regions) => output::note(&format!(
            "completing the addition that was cut off, up to {regions} regions; run it again to add more"
        )),
        None => {
            let wanted = u16::from(world.regions).saturating_add(u16::from(arguments.count));
            let wanted = grow::require_room(&world, wanted)?;
            grow::modules(data, &world)?;
            // Of a world that was written down before its rows had a width.
            world.columns = world.layout(world.regions)?.columns();
            world.growing_to = Some(wanted);
            data.save_world(&world)?;
        }
    }
    let added = grow::complete(data, &client, &mut world, Progress::default()).await;
    let added = added.map_err(|error| {
        partly(format!(
            "{error:#}; the addition is not complete: run 'hexmarch region add' again, and it goes on from there"
        ))
    })?;
    if arguments.json {
        let added: Vec<Value> = added
            .iter()
            .map(|(index, name)| json!({ "index": index, "name": name }))
            .collect();
        return output::line(&json!({ "added": added, "regions": world.regions }).to_string());
    }
    let names: Vec<&str> = added.iter().map(|(_, name)| name.as_str()).collect();
    output::line(&format!(
        "added {}: the world has {} regions",
        names.join(", "),
        world.regions
    ))
}

/// A client of the world's host, if everything that an addition needs runs.
async fn require_running(data: &DataDir, world: &World, state: &State) -> anyhow::Result<HostClient> {
    let shown = data.root().display();
    let alive = stop::alive(state);
    if alive.is_empty() {
        bail!("the world in {shown} does not run; start it with 'hexmarch up'");
    }
    for process in ["host", "relay"] {
        if !alive.contains(&process) {
            bail!("the {process} of {shown} is gone; 'hexmarch up --detach' starts it again, then add regions");
        }
    }
    if !world.complete {
        bail!("the last 'up' of {shown} did not get to its end; run 'hexmarch up --detach' again, then add regions");
    }
    let client = data.client()?;
    client
        .ping()
        .await
        .context("stop the world with 'hexmarch down' and start it with 'hexmarch up'")?;
    Ok(client)
}

async fn list(data: &DataDir, as_json: bool) -> anyhow::Result<()> {
    let (world, client) = (data.require_world()?, data.client()?);
    let global = world.branch()?.database(0);
    client.ping().await.context("start the world with 'hexmarch up'")?;
    let all = |table: &'static str| {
        let (client, global) = (&client, global.as_str());
        async move { sql::select(client, global, &format!("SELECT * FROM {table}")).await }
    };
    let (control, population) = (all("region_control_info").await?, all("region_population_info").await?);
    let layout = world.layout(world.regions)?;
    let mut table = Table::new(&[
        "region",
        "database",
        "chunks x",
        "chunks z",
        "takes players",
        "signed in",
        "queue",
    ]);
    let mut objects = Vec::new();
    for index in layout.indexes() {
        let Some(bounds) = layout.bounds(index) else { continue };
        let name = world.branch()?.database(index);
        let of = |rows: &Rows, column: &str| of_region(rows, index, column);
        let open = of(&control, "initialized") == json!(true) && of(&control, "allow_players") == json!(true);
        let (signed_in, queue) = (
            of(&population, "signed_in_players"),
            of(&population, "players_in_queue"),
        );
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        table.row([
            index.to_string(),
            name.clone(),
            format!("{} to {}", bounds.min_chunk_x, bounds.max_chunk_x.saturating_sub(1)),
            format!("{} to {}", bounds.min_chunk_z, bounds.max_chunk_z.saturating_sub(1)),
            if open { "yes" } else { "no" }.to_owned(),
            number(&signed_in).to_string(),
            number(&queue).to_string(),
        ]);
        objects.push(json!({
            "index": index, "name": name, "min_chunk_x": bounds.min_chunk_x, "min_chunk_z": bounds.min_chunk_z,
            "max_chunk_x": bounds.max_chunk_x, "max_chunk_z": bounds.max_chunk_z, "takes_players": open,
            "signed_in": number(&signed_in), "queue": number(&queue),
        }));
    }
    if as_json {
        return output::line(&json!({ "regions": objects }).to_string());
    }
    output::line(&table.render())
}

/// The value of a column in the row of a region; `null` when there is none.
fn of_region(rows: &Rows, index: u8, column: &str) -> Value {
    let found = rows
        .objects()
        .into_iter()
        .find(|row| row.get("region_id") == Some(&json!(index)));
    found.and_then(|row| row.get(column).cloned()).unwrap_or_default()
}
