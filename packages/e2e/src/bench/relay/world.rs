//! Three databases on one host, and a relay: nothing else runs, so that what is measured is the relay's.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use hexmarch_host::{Connection, Events, HostClient, HostUrl, Options, Token};
use serde_json::{json, Value};
use tempfile::TempDir;

use super::super::{cargo, say};
use super::usage;
use crate::faults::process::{port, Process};
use crate::programs;

/// The region that sends.
pub const SENDER: u8 = 1;
/// The region that takes.
pub const DESTINATION: u8 = 2;
/// The modules of the global database and of regions.
const MODULES: [&str; 2] = ["hexmarch-relay-test-global", "hexmarch-relay-test-region"];
/// The module of each database.
const DATABASES: [usize; 3] = [0, 1, 1];
/// How long messages may be under way.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two looks whether they still are.
const LOOK: Duration = Duration::from_millis(5);

/// See the module. Its processes end with it.
pub struct RelayWorld {
    /// The host.
    pub host: Process,
    /// The relay.
    pub relay: Process,
    client: HostClient,
    token: Token,
    _folder: TempDir,
}

fn name(database: usize) -> String {
    format!("bench-{database}")
}

impl RelayWorld {
    /// Builds everything and starts it, the relay excepted.
    pub async fn start() -> Result<Self> {
        let modules = MODULES.iter().map(|module| cargo::wasm(module, cargo::RELEASE));
        let modules = modules.collect::<Result<Vec<PathBuf>>>()?;
        let relay = cargo::relay()?;
        say("starting a host");
        let folder = tempfile::tempdir()?;
        let (mut host, url) = host(&folder)?;
        let client = HostClient::new(url, None)?;
        host.start().await?;
        let token = client.new_identity().await?.token;
        let client = client.with_token(Some(token.clone()));
        let relay = self::relay(&folder, relay, &client, &token)?;
        let world = Self {
            host,
            relay,
            client,
            token,
            _folder: folder,
        };
        for (database, module) in DATABASES.iter().enumerate() {
            world
                .set_up(database, modules.get(*module).context("no such module")?)
                .await?;
        }
        Ok(world)
    }

    async fn set_up(&self, database: usize, module: &Path) -> Result<()> {
        let module = std::fs::read(module).with_context(|| format!("reading {}", module.display()))?;
        self.client.publish(&name(database), module.into(), false).await?;
        let config = concat!(
            r#"{"agents_enabled": false, "require_authentication": true, "#,
            r#""calls_per_second": 1000000, "call_burst": 1000000}"#
        );
        let database = u8::try_from(database)?;
        self.call(database, "load_config", json!([["testing"], [config]]))
            .await?;
        if database > 0 {
            self.call(database, "set_up_test_region", json!([database])).await?;
        }
        Ok(())
    }

    /// Calls a reducer as the operator.
    pub async fn call(&self, database: u8, reducer: &str, arguments: Value) -> Result<()> {
        Ok(self.client.call(&name(database.into()), reducer, &arguments).await?)
    }

    /// How many rows a table has.
    pub async fn count(&self, database: u8, table: &str) -> Result<u64> {
        let query = format!("SELECT COUNT(*) AS n FROM {table}");
        let rows = self.client.sql(&name(database.into()), &query).await?.rows;
        let count = rows.first().and_then(|row| row.first()).and_then(Value::as_u64);
        count.with_context(|| format!("{query}: no number"))
    }

    /// Waits until no message is left in the outbox of the sender.
    pub async fn quiet(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.count(SENDER, "inter_module_message").await? > 0 {
            if Instant::now() >= deadline {
                bail!("messages are still under way after {} s", PATIENCE.as_secs());
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// A websocket to a database, as the operator.
    pub async fn connect(&self, database: u8) -> Result<(Connection, Events)> {
        let name = name(database.into());
        Ok(Connection::connect(self.client.url(), &name, Some(&self.token), Options::default()).await?)
    }

    /// Processor time of the host and of the relay so far.
    pub fn cpu(&self) -> Result<[Duration; 2]> {
        Ok([usage::cpu(self.host.pid()?)?, usage::cpu(self.relay.pid()?)?])
    }

    /// Memory of the relay in bytes, see [`usage::memory`].
    pub fn relay_memory(&self, which: &str) -> Result<u64> {
        usage::memory(self.relay.pid()?, which)
    }
}

fn host(folder: &TempDir) -> Result<(Process, HostUrl)> {
    let port = port()?;
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let arguments = [
        "start",
        "--listen-addr",
        &format!("127.0.0.1:{port}"),
        "--data-dir",
        &path("data"),
        "--jwt-pub-key-path",
        &path("id_ecdsa.pub"),
        "--jwt-priv-key-path",
        &path("id_ecdsa"),
    ];
    let arguments = arguments.map(str::to_string).to_vec();
    std::fs::create_dir_all(path("data"))?;
    std::fs::write(folder.path().join("data/config.toml"), "[logs]\nlevel = \"warn\"\n")?;
    let host = Process::new("host", &programs::host()?, arguments, port, folder.path());
    Ok((host, format!("http://127.0.0.1:{port}").parse()?))
}

fn relay(folder: &TempDir, program: PathBuf, client: &HostClient, token: &Token) -> Result<Process> {
    token.write_to(&folder.path().join("token"))?;
    let mut config = format!("url = \"{}\"\ntoken_file = \"token\"\n", client.url());
    for database in 0..DATABASES.len() {
        let name = name(database);
        config += &format!("\n[[database]]\nindex = {database}\nname = \"{name}\"\n");
    }
    let file = folder.path().join("relay.toml");
    std::fs::write(&file, config)?;
    let port = port()?;
    let arguments = [
        "--config".to_string(),
        file.to_string_lossy().into_owned(),
        "--listen".to_string(),
        format!("127.0.0.1:{port}"),
        "run".to_string(),
    ];
    Ok(Process::new("relay", &program, arguments.to_vec(), port, folder.path()))
}
