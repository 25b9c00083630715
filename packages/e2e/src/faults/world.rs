//! A world to disturb: the global database and three regions on two hosts, and two relays that both serve all of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use bytes::Bytes;
use hexmarch_host::{Connection, HostClient, HostUrl, Options, Token};
use serde_json::{json, Value};
use tokio::sync::Mutex;

use super::plan::{owners, ITEMS};
use super::process::{port, Process};
use super::{Control, DATABASES, MINTED, OWNED};
use crate::programs;

/// Hosts.
pub const HOSTS: usize = 2;
/// Relays.
pub const RELAYS: usize = 2;
/// The files of the two modules.
const MODULES: [&str; 2] = ["hexmarch_relay_test_global", "hexmarch_relay_test_region"];
/// What every database is set up with must not be lost in the first kill; no event tells when it is on disk.
const ON_DISK: Duration = Duration::from_secs(2);
/// For the regions to hear of each other.
const INTRODUCTION: Duration = Duration::from_secs(60);
/// For one publish.
const PUBLISH: Duration = Duration::from_secs(60);
/// For one query.
const QUERY: Duration = Duration::from_secs(30);
/// Writes to shared tables before the databases know of each other.
const WRITES_BEFORE: u32 = 20;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// The host of a database.
pub fn host_of(database: u8) -> usize {
    usize::from(database >= DATABASES / 2)
}

fn name(database: u8) -> String {
    format!("faults-{database}")
}

/// See the module. Its processes end with it.
#[derive(Debug)]
pub struct FaultWorld {
    /// The hosts; whoever holds one may disturb it.
    pub hosts: [Mutex<Process>; HOSTS],
    /// The relays, likewise.
    pub relays: [Mutex<Process>; RELAYS],
    clients: [HostClient; HOSTS],
    modules: [Bytes; 2],
    token: Token,
}

impl FaultWorld {
    /// Starts it in `folder`: data, logs, configuration.
    ///
    /// # Errors
    /// When a program is missing, or something does not come up.
    pub async fn start(folder: &Path, seed: u64, control: Option<Control>) -> Result<Self> {
        let program = programs::host()?;
        let mut hosts = Vec::new();
        let mut clients = Vec::new();
        for number in 0..HOSTS {
            let port = port()?;
            let mut host = host(folder, &program, number, port)?;
            let url: HostUrl = format!("http://127.0.0.1:{port}").parse()?;
            let client = HostClient::new(url, None)?;
            host.start().await?;
            hosts.push(Mutex::new(host));
            clients.push(client);
        }
        // Both hosts have the same keys, so one token is good for both.
        let first = clients.first().context("no host")?;
        let token = first.new_identity().await?.token;
        let clients = clients.into_iter().map(|client| client.with_token(Some(token.clone())));
        let urls: Vec<String> = clients.clone().map(|client| client.url().to_string()).collect();
        let relays = relays(folder, &urls, &token, control)?;
        let world = Self {
            hosts: array(hosts)?,
            relays: array(relays.into_iter().map(Mutex::new).collect())?,
            clients: array(clients.collect())?,
            modules: modules()?,
            token,
        };
        for database in 0..DATABASES {
            let set_up = world.set_up(database, seed, control).await;
            set_up.with_context(|| format!("setting database {database} up"))?;
        }
        for relay in &world.relays {
            relay.lock().await.start().await?;
        }
        world.introduce().await?;
        tokio::time::sleep(ON_DISK).await;
        Ok(world)
    }

    async fn set_up(&self, database: u8, seed: u64, control: Option<Control>) -> Result<()> {
        self.publish(database, 0).await?;
        let config = concat!(
            r#"{"agents_enabled": false, "require_authentication": true, "#,
            r#""calls_per_second": 1000000, "call_burst": 1000000}"#
        );
        self.call(database, "load_config", json!([["testing"], [config]]))
            .await?;
        // Without deduplication nothing may fail: a refusal could not be put on record, and would be tried for ever.
        let settings = match control {
            Some(Control::Deduplication) => json!([seed, 0, 0, 0, 0, 0, false]),
            Some(Control::Hold) => json!([seed, 0, 0, 0, 0, 0, true]),
            None => json!([seed, 60, 20, 8, 15, 150, true]),
        };
        self.call(database, "set_test_settings", settings).await?;
        for item in ITEMS {
            self.call(database, "mint_items", json!([item, MINTED])).await?;
        }
        if database > 0 {
            self.call(database, "set_up_test_region", json!([database])).await?;
        }
        for (owner, region) in owners() {
            if region == database {
                self.call(database, "make_owner", json!([owner, ITEMS, OWNED])).await?;
            }
            if database == 0 {
                self.call(0, "register_owner", json!([owner, region])).await?;
            }
        }
        // Before anybody follows: who comes later must hear of it too.
        self.call(database, "write_shared_rows", json!([seed, WRITES_BEFORE]))
            .await
    }

    /// Tells all regions of each other, by message.
    async fn introduce(&self) -> Result<()> {
        let regions = DATABASES - 1;
        self.call(0, "set_up_test_world", json!([regions])).await?;
        let deadline = Instant::now() + INTRODUCTION;
        for database in 1..DATABASES {
            while self
                .rows(database, "SELECT id FROM region_connection_info")
                .await?
                .len()
                < usize::from(regions)
            {
                if Instant::now() >= deadline {
                    bail!("region {database} does not hear of the others: no relay works");
                }
                tokio::time::sleep(LOOK).await;
            }
        }
        Ok(())
    }

    /// Holds messages of a database to another back, or lets them go.
    ///
    /// # Errors
    /// When the host does not answer.
    pub async fn pause_stream(&self, database: u8, to: u8, paused: bool) -> Result<()> {
        self.call(database, "set_inter_module_stream_paused", json!([to, paused]))
            .await
    }

    /// Sends the dead letters of a database that hold something again; says how many those are.
    ///
    /// # Errors
    /// When the host does not answer, or refuses.
    pub async fn retry_dead_letters(&self, database: u8) -> Result<usize> {
        let ids =
            |rows: Vec<Vec<Value>>| -> BTreeSet<u64> { rows.iter().filter_map(|row| row.first()?.as_u64()).collect() };
        let letters = ids(self
            .rows(database, "SELECT message_id FROM inter_module_dead_letter")
            .await?);
        let holding = ids(self
            .rows(database, "SELECT message_id FROM inter_module_escrow")
            .await?);
        let due: Vec<&u64> = letters.intersection(&holding).collect();
        for letter in &due {
            let sent = self
                .call(database, "retry_inter_module_dead_letter", json!([letter]))
                .await;
            // Both of two who ask at once cannot be right.
            match sent {
                Err(error) if error.to_string().starts_with("dead_letter.unknown") => {}
                other => other?,
            }
        }
        Ok(due.len())
    }

    fn client(&self, database: u8) -> Result<&HostClient> {
        self.clients.get(host_of(database)).context("no such host")
    }

    /// Publishes a database's module again; `edition` makes it another one to the host.
    ///
    /// # Errors
    /// When the host does not answer, or refuses.
    pub async fn publish(&self, database: u8, edition: u64) -> Result<()> {
        let [global, region] = &self.modules;
        let module = edition_of(if database == 0 { global } else { region }, edition);
        let name = name(database);
        let publish = self.client(database)?.publish(&name, module, false);
        tokio::time::timeout(PUBLISH, publish).await??;
        Ok(())
    }

    /// Calls a reducer.
    ///
    /// # Errors
    /// The reducer's, or what the host said.
    pub async fn call(&self, database: u8, reducer: &str, arguments: Value) -> Result<()> {
        Ok(self
            .client(database)?
            .call(&name(database), reducer, &arguments)
            .await?)
    }

    /// Reads rows, private ones too.
    ///
    /// # Errors
    /// What the host said.
    pub async fn rows(&self, database: u8, query: &str) -> Result<Vec<Vec<Value>>> {
        let name = name(database);
        let rows = self.client(database)?.sql(&name, query);
        let rows = tokio::time::timeout(QUERY, rows).await;
        Ok(rows.with_context(|| format!("{query} in {name} takes too long"))??.rows)
    }

    /// A websocket to a database.
    ///
    /// # Errors
    /// When the host is away, or refuses.
    pub async fn connect(&self, database: u8, options: Options) -> Result<Connection> {
        let url = self.client(database)?.url();
        let (connection, mut events) = Connection::connect(url, &name(database), Some(&self.token), options).await?;
        // Nothing is subscribed to; the end shows at the calls.
        tokio::spawn(async move { while events.next().await.is_some() {} });
        Ok(connection)
    }
}

fn array<T, const N: usize>(list: Vec<T>) -> Result<[T; N]> {
    let count = list.len();
    list.try_into().ok().with_context(|| format!("{count} instead of {N}"))
}

fn host(folder: &Path, program: &Path, number: usize, port: u16) -> Result<Process> {
    let data = folder.join(format!("host-{number}"));
    std::fs::create_dir_all(&data)?;
    std::fs::write(data.join("config.toml"), "[logs]\nlevel = \"warn\"\n")?;
    let path = |path: PathBuf| path.to_string_lossy().into_owned();
    let arguments = [
        "start".to_string(),
        "--listen-addr".to_string(),
        format!("127.0.0.1:{port}"),
        "--data-dir".to_string(),
        path(data),
        "--jwt-pub-key-path".to_string(),
        path(folder.join("id_ecdsa.pub")),
        "--jwt-priv-key-path".to_string(),
        path(folder.join("id_ecdsa")),
    ];
    let name = format!("host {number}");
    Ok(Process::new(&name, program, arguments.to_vec(), port, folder))
}

fn relays(folder: &Path, urls: &[String], token: &Token, control: Option<Control>) -> Result<Vec<Process>> {
    token.write_to(&folder.join("token"))?;
    let mut config = "token_file = \"token\"\n".to_string();
    if control == Some(Control::Hold) {
        config.push_str("hold_ms = 0\n");
    }
    for database in 0..DATABASES {
        let url = urls.get(host_of(database)).context("no such host")?;
        let name = name(database);
        config.push_str(&format!(
            "\n[[database]]\nindex = {database}\nname = \"{name}\"\nurl = \"{url}\"\n"
        ));
    }
    let file = folder.join("relay.toml");
    std::fs::write(&file, config)?;
    let program = programs::relay()?;
    let relay = |number: usize| -> Result<Process> {
        let port = port()?;
        let arguments = [
            "--config".to_string(),
            file.to_string_lossy().into_owned(),
            "--listen".to_string(),
            format!("127.0.0.1:{port}"),
            "run".to_string(),
        ];
        let name = format!("relay {number}");
        Ok(Process::new(&name, &program, arguments.to_vec(), port, folder))
    };
    (0..RELAYS).map(relay).collect()
}

fn modules() -> Result<[Bytes; 2]> {
    let [global, region] = MODULES.map(|module| -> Result<Bytes> {
        let path = programs::wasm(module)?;
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(bytes.into())
    });
    Ok([global?, region?])
}

/// The same module with a custom section: it does the same, and the host takes it for another.
fn edition_of(module: &Bytes, edition: u64) -> Bytes {
    const CUSTOM: u8 = 0;
    const NAME: &[u8] = b"edition";
    let mut content = vec![NAME.len() as u8];
    content.extend(NAME);
    content.extend(edition.to_le_bytes());
    let mut bytes = module.to_vec();
    bytes.extend([CUSTOM, content.len() as u8]);
    bytes.extend(content);
    bytes.into()
}
