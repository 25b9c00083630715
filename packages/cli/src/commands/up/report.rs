//! What runs where.

use serde_json::json;

use crate::data_dir::DataDir;
use crate::output::{self, Table};

/// Prints it as a table or one JSON object.
pub(super) async fn print(data: &DataDir, as_json: bool) -> anyhow::Result<()> {
    let (world, state) = (data.require_world()?, data.state()?);
    let (url, databases) = (world.url()?.to_string(), world.databases()?);
    let host = state.host.as_ref().and_then(|host| host.alive());
    let relay = state
        .relay
        .as_ref()
        .map(|relay| (relay.url.clone(), relay.process.alive()));
    let players = state
        .players
        .as_ref()
        .map(|players| (players.process.alive(), players.count));
    if as_json {
        let object = json!({
            "url": url,
            "env": world.env,
            "databases": databases.iter().map(|(index, name)| json!({ "index": index, "name": name })).collect::<Vec<_>>(),
            "relay": relay.map(|(url, pid)| json!({ "url": url, "pid": pid })),
            "host": { "pid": host },
            "players": players.map(|(pid, count)| json!({ "pid": pid, "count": count })),
            "token_file": data.token_file(),
            "data_dir": data.root(),
        });
        return output::line(&object.to_string());
    }
    let pid = |pid: Option<u32>| pid.map_or("gone".to_owned(), |pid| pid.to_string());
    let mut table = Table::new(&["what", "where", "pid"]);
    table.row(["host".to_owned(), url, pid(host)]);
    for (index, name) in databases {
        let what = if index == 0 {
            "global".to_owned()
        } else {
            format!("region {index}")
        };
        table.row([what, name]);
    }
    if let Some((url, process)) = relay {
        table.row(["relay".to_owned(), format!("{url}/status"), pid(process)]);
    }
    if let Some((process, count)) = players {
        table.row(["players".to_owned(), format!("{count} demo players"), pid(process)]);
    }
    table.row(["token".to_owned(), data.token_file().display().to_string()]);
    table.row(["logs".to_owned(), data.path("logs").display().to_string()]);
    output::line(&table.render())
}
