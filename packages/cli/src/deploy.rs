//! What makes databases into a world: publish, configure, connect, set up. Every step looks before it acts, so that
//! doing it again changes nothing.

use std::time::Duration;

use anyhow::{bail, Context as _};
use hexmarch_host::{HostClient, HostError, PublishOp};
use hexmarch_sim_core::RegionLayout;
use serde_json::{json, Value};

use crate::modules::Module;
use crate::sql;

/// How often a request is made before its failure counts.
const ATTEMPTS: u32 = 5;
/// Pause before the second attempt; doubled for each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Columns of `config` that a configuration's file does not have.
const NOT_SETTINGS: &[&str] = &["version"];
/// Lines of a refused schema that are shown.
const MAX_REASONS: usize = 10;

/// Makes a request until it succeeds, fails for good, or has failed [`ATTEMPTS`] times.
///
/// # Errors
/// The last one.
pub async fn retried<T, F>(mut request: impl FnMut() -> F, tell: impl Fn(&str)) -> Result<T, HostError>
where
    F: std::future::Future<Output = Result<T, HostError>>,
{
    let mut pause = FIRST_PAUSE;
    for attempt in 1..ATTEMPTS {
        match request().await {
            Err(error) if error.is_retryable() => {
                tell(&format!(
                    "{error}; attempt {} of {ATTEMPTS} in {} s",
                    attempt.saturating_add(1),
                    pause.as_secs_f32()
                ));
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2);
            }
            other => return other,
        }
    }
    request().await
}

/// Publishes a module with retries.
///
/// # Errors
/// As [`HostClient::publish`]; the host's list of refused changes is made shorter.
pub async fn publish(
    client: &HostClient,
    database: &str,
    module: &Module,
    clear: bool,
    tell: impl Fn(&str),
) -> Result<PublishOp, HostError> {
    let request = || client.publish(database, module.bytes.clone(), clear);
    match retried(request, tell).await {
        Ok(published) => Ok(published.op),
        Err(HostError::SchemaRefused { database, text }) => {
            let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
            let mut shown: Vec<&str> = lines.iter().take(MAX_REASONS).copied().collect();
            if lines.len() > shown.len() {
                shown.push("...");
            }
            Err(HostError::SchemaRefused {
                database,
                text: shown.join("\n  "),
            })
        }
        Err(error) => Err(error),
    }
}

/// What became of a database's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configured {
    /// It was the same.
    Same,
    /// It is the new one.
    Loaded,
    /// It differs and stays.
    Kept,
}

/// Gives a database its configuration, unless it has the same; or, with `keep`, unless it has any. Whether agents run
/// is the admins' business once the database is configured, so that is kept.
///
/// # Errors
/// When the database refuses.
pub async fn configure(
    client: &HostClient,
    database: &str,
    env: &str,
    content: &str,
    keep: bool,
) -> anyhow::Result<Configured> {
    let rows = sql::select(client, database, "SELECT * FROM config").await?;
    let wanted = hexmarch_rules::config::select(None, &[env.to_owned()], &[content.to_owned()])?;
    let has = |column: &str, value: Value| rows.column(column).first() == Some(&&value);
    let same = has("env", json!(wanted.env))
        && has("require_authentication", json!(wanted.require_authentication))
        && has("calls_per_second", json!(wanted.calls_per_second))
        && has("call_burst", json!(wanted.call_burst));
    if same {
        return Ok(Configured::Same);
    }
    if keep && !rows.is_empty() {
        return Ok(Configured::Kept);
    }
    let stopped = has("agents_enabled", json!(false)) && has("env", json!(wanted.env));
    call(client, database, "load_config", json!([[env], [content]])).await?;
    if stopped && wanted.agents_enabled {
        call(client, database, "stop_agents", json!([])).await?;
    }
    Ok(Configured::Loaded)
}

/// Gives a database the configuration and the feature gates of another.
///
/// # Errors
/// When the other has no configuration, or one of them cannot be asked or refuses.
pub async fn configure_like(client: &HostClient, database: &str, model: &str) -> anyhow::Result<()> {
    const ALL: &str = "SELECT * FROM config";
    let (wanted, has) = (
        sql::select(client, model, ALL).await?,
        sql::select(client, database, ALL).await?,
    );
    let Some(settings) = wanted.objects().into_iter().next() else {
        bail!("{model} has no settings to go by; load them with 'hexmarch admin load-config ENV'");
    };
    if has.objects().first() != Some(&settings) {
        let env = settings.get("env").cloned().unwrap_or_default();
        let content: serde_json::Map<_, _> = settings
            .into_iter()
            .filter(|(column, _)| !NOT_SETTINGS.contains(&column.as_str()))
            .collect();
        let content = Value::Object(content).to_string();
        call(client, database, "load_config", json!([[env], [content]])).await?;
    }
    const GATES: &str = "SELECT * FROM gated_features";
    for gate in sql::select(client, model, GATES).await?.column("feature") {
        call(client, database, "admin_set_feature_gate", json!([gate, true])).await?;
    }
    Ok(())
}

/// Tells the global database where the regions are.
///
/// # Errors
/// When it refuses.
pub async fn announce_regions(
    client: &HostClient,
    global: &str,
    host: &str,
    regions: &[(u8, String)],
) -> anyhow::Result<()> {
    let record = |(id, module): &(u8, String)| json!({ "id": id, "host": host, "module": module });
    let records: Vec<Value> = regions.iter().filter(|(index, _)| *index > 0).map(record).collect();
    call(client, global, "import_region_connection_info", json!([records])).await
}

/// Whether a region knows where all regions are.
///
/// # Errors
/// When it cannot be asked.
pub async fn knows_regions(
    client: &HostClient,
    region: &str,
    host: &str,
    regions: &[(u8, String)],
) -> anyhow::Result<bool> {
    let rows = sql::select(client, region, "SELECT * FROM region_connection_info").await?;
    let known: Vec<(Value, Value, Value)> = rows
        .column("id")
        .into_iter()
        .zip(rows.column("host"))
        .zip(rows.column("module"))
        .map(|((id, host), module)| (id.clone(), host.clone(), module.clone()))
        .collect();
    let mut wanted = regions.iter().filter(|(index, _)| *index > 0);
    Ok(wanted.all(|(index, name)| known.contains(&(json!(index), json!(host), json!(name)))))
}

/// How the regions of a world lie, as one of them knows it; `None` before it was set up.
///
/// # Errors
/// When it cannot be asked.
pub async fn layout_of(client: &HostClient, region: &str) -> anyhow::Result<Option<RegionLayout>> {
    let rows = sql::select(client, region, "SELECT * FROM world_region_state").await?;
    let number = |column: &str| {
        let value = rows.column(column).first().and_then(|value| value.as_u64());
        value.and_then(|value| u16::try_from(value).ok())
    };
    let small = |column: &str| number(column).and_then(|value| u8::try_from(value).ok());
    let layout = || {
        let (regions, columns) = (small("region_count")?, small("region_count_sqrt")?);
        let (width, height) = (number("region_width_chunks")?, number("region_height_chunks")?);
        RegionLayout::new(regions, columns, width, height).ok()
    };
    Ok(layout())
}

/// Tells a region which part of the world it is.
///
/// # Errors
/// When it is set up otherwise already.
pub async fn set_up_region(
    client: &HostClient,
    database: &str,
    index: u8,
    layout: &RegionLayout,
) -> anyhow::Result<()> {
    let (regions, columns) = (layout.region_count(), layout.columns());
    let (width, height) = (layout.width_chunks(), layout.height_chunks());
    let arguments = json!([index, regions, columns, width, height]);
    call(client, database, "set_up_region", arguments)
        .await
        .with_context(|| format!("region {index} cannot become 1 of {regions} with {width}x{height} chunks each"))
}

/// Arms the agents, unless an admin or the configuration has stopped them. Returns whether they run.
///
/// # Errors
/// When the database refuses.
pub async fn start_agents(client: &HostClient, database: &str) -> anyhow::Result<bool> {
    let rows = sql::select(client, database, "SELECT * FROM config").await?;
    if rows.column("agents_enabled").first() != Some(&&json!(true)) {
        return Ok(false);
    }
    call(client, database, "start_agents", json!([])).await?;
    Ok(true)
}

/// Calls a reducer; the error names it.
///
/// # Errors
/// As [`HostClient::call`].
pub async fn call(client: &HostClient, database: &str, reducer: &str, args: Value) -> anyhow::Result<()> {
    match client.call(database, reducer, &args).await {
        Err(HostError::Reducer(text)) => Err(anyhow::anyhow!("{database} refuses {reducer}: {text}")),
        other => Ok(other?),
    }
}
