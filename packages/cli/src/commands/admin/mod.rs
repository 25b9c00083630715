//! `hexmarch admin`.

mod identity;
mod resync;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use hexmarch_host::HostClient;
use hexmarch_rules::session::{
    DEFAULT_ARRIVAL_RESERVE, DEFAULT_GRACE_SECONDS, DEFAULT_MAX_QUEUE, DEFAULT_MAX_SIGNED_IN,
};
use serde_json::{json, Value};

use crate::checkout::Checkout;
use crate::cli::Common;
use crate::names::Branch;
use crate::outcome::usage;
use crate::output::{self, Table};
use crate::target::{self, ServerArguments};
use crate::{deploy, sql};
use identity::IdentityText;

/// Most characters of a value in a table of rows.
const MAX_CELL: usize = 80;

const EXAMPLES: &str = "\
A DATABASE is 'global', a region's number, or a full name. An IDENTITY is its 64 hexadecimal digits.

Examples:
  hexmarch admin sql global 'SELECT * FROM user_region_state'
  hexmarch admin call 1 admin_set_region_control_state true false
  hexmarch admin call global set_role_for_identity '[\"0x<identity>\"]' '{\"Mod\": []}'
  hexmarch admin role <identity> Mod
  hexmarch admin broadcast 'Maintenance' 'Back in ten minutes' --sign-out
  hexmarch admin logs 2 -n 50
  hexmarch admin resync 2

Arguments of 'call' are SATS JSON: numbers, \"text\", [lists], {\"column\": value} for rows, {\"Variant\": value} for enums
with [] when there is no value, {\"some\": value} or {\"none\": []}, [\"0x...\"] for identities.";

/// Administer a running world
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    server: ServerArguments,
    /// Branch of the databases [default: that of the world in the data dir]
    #[arg(long, global = true, value_parser = Branch::parse)]
    branch: Option<Branch>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Call any reducer
    Call {
        /// 'global', a region's number, or a full name
        database: String,
        /// Name of the reducer
        reducer: String,
        /// Its arguments, each in SATS JSON
        #[arg(allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run one SQL statement
    Sql {
        /// 'global', a region's number, or a full name
        database: String,
        /// The statement
        query: String,
    },
    /// Show the last lines of a database's log
    Logs {
        /// 'global', a region's number, or a full name
        database: String,
        /// How many
        #[arg(short = 'n', long, default_value_t = 100)]
        lines: u32,
    },
    /// Give an identity a role, in every database; 'player' takes it away
    Role {
        /// Whom
        identity: IdentityText,
        /// Which
        #[arg(ignore_case = true)]
        role: RoleName,
    },
    /// Show a text to everyone
    Broadcast {
        /// Headline
        title: String,
        /// Text
        message: String,
        /// Only in this region [default: in all]
        #[arg(long, default_value_t = 0)]
        region: u8,
        /// Sign everybody out with it
        #[arg(long)]
        sign_out: bool,
    },
    /// Give a player items
    GrantItem {
        /// Whom
        identity: IdentityText,
        /// Which
        item_id: i32,
        /// How many
        quantity: u32,
    },
    /// Keep an identity out of every database
    Block {
        /// Whom
        identity: IdentityText,
    },
    /// Let an identity in again
    Unblock {
        /// Whom
        identity: IdentityText,
    },
    /// Set how many players a region takes; what is not given stays
    SignInParameters(SignInParameters),
    /// Start or stop what a database does by itself
    Agents {
        /// 'force-start' arms all anew, also those that are armed
        action: AgentAction,
        /// 'global', a region's number, or a full name
        database: String,
    },
    /// Move a player to a place of the world, in small tiles
    Teleport {
        /// Whom
        identity: IdentityText,
        /// The region where the player is now
        region: u8,
        /// Column
        #[arg(allow_negative_numbers = true)]
        x: f32,
        /// Row
        #[arg(allow_negative_numbers = true)]
        z: f32,
    },
    /// Ask the owners of shared tables for full copies, for a database whose replicas are not as they should be
    Resync {
        /// 'global', a region's number, or a full name [default: all databases of the branch]
        databases: Vec<String>,
    },
    /// Load config/<ENV>.json into all databases
    LoadConfig {
        /// The environment
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(hexmarch_rules::config::ENVIRONMENTS))]
        env: String,
        /// Another file than the checkout's
        #[arg(long)]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct SignInParameters {
    /// Which region
    region: u8,
    /// Sessions at once
    #[arg(long)]
    max: Option<u32>,
    /// Places in the queue
    #[arg(long)]
    queue: Option<u32>,
    /// Sessions beyond the maximum for players who cross a border
    #[arg(long)]
    reserve: Option<u32>,
    /// Seconds that a place is kept after a disconnect
    #[arg(long)]
    grace: Option<u32>,
    /// Let nobody sign in below the role SkipQueue; false lets them again
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    blocked: Option<bool>,
}

/// As the module names them.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "PascalCase")]
enum RoleName {
    Player,
    Partner,
    #[value(alias = "skip-queue")]
    SkipQueue,
    Mod,
    Gm,
    Admin,
    Relay,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum AgentAction {
    Start,
    Stop,
    ForceStart,
}

struct Admin {
    client: HostClient,
    branch: Branch,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let client = target::client(common, &arguments.server)?;
    let branch = target::branch(common, arguments.branch.as_ref())?;
    let admin = Admin { client, branch };
    match &arguments.command {
        Command::Call {
            database,
            reducer,
            arguments,
        } => admin.call_any(database, reducer, arguments).await,
        Command::Sql { database, query } => admin.sql(database, query).await,
        Command::Logs { database, lines } => admin.logs(database, *lines).await,
        Command::Role { identity, role } => {
            let role = format!("{role:?}");
            admin
                .global("set_role_for_identity", json!([identity.sats(), { role: [] }]))
                .await
        }
        Command::Broadcast {
            title,
            message,
            region,
            sign_out,
        } => {
            admin
                .global("admin_broadcast_message", json!([region, title, message, sign_out]))
                .await
        }
        Command::GrantItem {
            identity,
            item_id,
            quantity,
        } => {
            admin
                .global("admin_grant_item", json!([identity.sats(), item_id, quantity]))
                .await
        }
        Command::Block { identity } => admin.global("block_identity", json!([identity.sats()])).await,
        Command::Unblock { identity } => admin.global("unblock_identity", json!([identity.sats()])).await,
        Command::SignInParameters(parameters) => admin.sign_in_parameters(parameters).await,
        Command::Agents { action, database } => {
            let reducer = match action {
                AgentAction::Start => "start_agents",
                AgentAction::Stop => "stop_agents",
                AgentAction::ForceStart => "force_start_agents",
            };
            admin.call(&admin.database(database).await?, reducer, json!([])).await
        }
        Command::Teleport { identity, region, x, z } => {
            let database = admin.database(&region.to_string()).await?;
            admin
                .call(&database, "admin_teleport_player", json!([identity.sats(), x, z]))
                .await
        }
        Command::Resync { databases } => resync::run(&admin.client, &admin.branch, databases).await,
        Command::LoadConfig { env, file } => admin.load_config(common, env, file.as_ref()).await,
    }
}

impl Admin {
    /// The name of the database that is meant, which exists.
    async fn database(&self, text: &str) -> anyhow::Result<String> {
        target::named(&self.client, &self.branch, text).await
    }

    async fn call(&self, database: &str, reducer: &str, arguments: Value) -> anyhow::Result<()> {
        deploy::call(&self.client, database, reducer, arguments).await?;
        output::line(&format!("{database}: {reducer} done"))
    }

    async fn global(&self, reducer: &str, arguments: Value) -> anyhow::Result<()> {
        self.call(&self.branch.database(0), reducer, arguments).await
    }

    async fn call_any(&self, database: &str, reducer: &str, arguments: &[String]) -> anyhow::Result<()> {
        let mut values = Vec::new();
        for argument in arguments {
            let value: Value = serde_json::from_str(argument).map_err(|error| {
                let quoted = Value::from(argument.as_str());
                usage(format!(
                    "argument '{argument}' is no JSON ({error}); if it is text, write '{quoted}'"
                ))
            })?;
            values.push(value);
        }
        self.call(&self.database(database).await?, reducer, Value::Array(values))
            .await
    }

    async fn sql(&self, database: &str, query: &str) -> anyhow::Result<()> {
        let rows = self.client.sql(&self.database(database).await?, query).await?;
        let mut table = Table::new(&rows.columns.iter().map(String::as_str).collect::<Vec<_>>());
        for row in &rows.rows {
            table.row(row.iter().map(cell));
        }
        output::line(&table.render())?;
        output::note(&count(rows.rows.len()));
        Ok(())
    }

    async fn logs(&self, database: &str, lines: u32) -> anyhow::Result<()> {
        for line in self.client.logs(&self.database(database).await?, lines).await? {
            let seconds = line.timestamp.checked_div(1_000_000).unwrap_or_default();
            let target = line.target.map(|target| format!("{target}: ")).unwrap_or_default();
            output::line(&format!(
                "{} {:<5} {target}{}",
                clock(seconds),
                line.level,
                line.message
            ))?;
        }
        Ok(())
    }

    /// The reducer replaces the whole row, so what is not given is read first; without a row the region's defaults hold.
    async fn sign_in_parameters(&self, wanted: &SignInParameters) -> anyhow::Result<()> {
        self.database(&wanted.region.to_string()).await?;
        let global = self.branch.database(0);
        let query = format!(
            "SELECT * FROM region_sign_in_parameters WHERE region_id = {}",
            wanted.region
        );
        let rows = sql::select(&self.client, &global, &query).await?;
        let current = |column: &str| rows.column(column).first().map(|value| (*value).clone());
        let number = |given: Option<u32>, column: &str, default: u32| {
            let current = || current(column).unwrap_or_else(|| Value::from(default));
            given.map_or_else(current, Value::from)
        };
        let blocked = wanted
            .blocked
            .map(Value::from)
            .or_else(|| current("is_signing_in_blocked"));
        let parameters = json!({
            "region_id": wanted.region,
            "is_signing_in_blocked": blocked.unwrap_or(json!(false)),
            "max_signed_in_players": number(wanted.max, "max_signed_in_players", DEFAULT_MAX_SIGNED_IN),
            "max_queue_length": number(wanted.queue, "max_queue_length", DEFAULT_MAX_QUEUE),
            "arrival_reserve": number(wanted.reserve, "arrival_reserve", DEFAULT_ARRIVAL_RESERVE),
            "grace_period_seconds": number(wanted.grace, "grace_period_seconds", DEFAULT_GRACE_SECONDS),
        });
        self.global("admin_update_sign_in_parameters", json!([parameters]))
            .await
    }

    async fn load_config(&self, common: &Common, env: &str, file: Option<&PathBuf>) -> anyhow::Result<()> {
        let content = match file {
            Some(file) => std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
            None => Checkout::find(common.checkout.as_deref())?.config(env)?,
        };
        for database in target::require_existing(&self.client, &self.branch).await? {
            self.call(&database.name, "load_config", json!([[env], [content]]))
                .await?;
        }
        Ok(())
    }
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        // Identities, connections and timestamps come as the only element of a list.
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(text)] if text.starts_with("0x") => text.clone(),
            _ => value.to_string(),
        },
        other => other.to_string(),
    };
    if text.chars().count() <= MAX_CELL {
        return text;
    }
    let start: String = text.chars().take(MAX_CELL.saturating_sub(1)).collect();
    format!("{start}…")
}

fn count(rows: usize) -> String {
    match rows {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    }
}

/// Time of day in UTC, from seconds since 1970.
fn clock(seconds: i64) -> String {
    let of_day = seconds.rem_euclid(86_400);
    let part = |divisor: i64, modulus: i64| of_day.div_euclid(divisor).rem_euclid(modulus);
    format!("{:02}:{:02}:{:02}", part(3600, 24), part(60, 60), part(1, 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_clock() {
        assert_eq!(cell(&json!("a")), "a");
        assert_eq!(cell(&json!([1])), "[1]");
        assert_eq!(cell(&json!(["0xc2"])), "0xc2");
        assert_eq!(cell(&json!("x".repeat(100))).chars().count(), MAX_CELL);
        assert_eq!(clock(86_400 + 3_661), "01:01:01");
        assert_eq!([0, 1, 2].map(count), ["0 rows", "1 row", "2 rows"]);
    }
}
