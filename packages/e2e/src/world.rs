//! A running world: a host, databases, content and a relay, started by the operator's tool as an operator would.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{bail, Context, Result};
use hexmarch_cli::data_dir::DataDir;
use hexmarch_cli::sql;
use hexmarch_client::{Player, PlayerOptions};
use hexmarch_host::{Connection, Events, HostClient, HostUrl, Options, SqlRows, Token};
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use serde::Deserialize;
use serde_json::{json, Value};
use tempfile::TempDir;

use crate::programs;

/// How long anything may take that is awaited.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at what is awaited.
const POLL: Duration = Duration::from_millis(50);

/// What `hexmarch up --json` prints.
#[derive(Clone, Debug, Deserialize)]
pub struct Running {
    /// Base URL of the host.
    pub url: String,
    /// The databases.
    pub databases: Vec<Database>,
    /// The relay.
    pub relay: Process,
    /// The host.
    pub host: Process,
    /// Where the operator's token is.
    pub token_file: PathBuf,
}

/// A database of the world.
#[derive(Clone, Debug, Deserialize)]
pub struct Database {
    /// 0 for global, else the region.
    pub index: u8,
    /// Its name.
    pub name: String,
}

/// A process of the world.
#[derive(Clone, Debug, Deserialize)]
pub struct Process {
    /// Its id.
    pub pid: i32,
}

/// A world in a temporary folder; [`World::stop`] ends it.
pub struct World {
    folder: TempDir,
    /// What runs where.
    pub running: Running,
    /// The operator's way in.
    pub operator: HostClient,
}

impl World {
    /// Starts a world with two regions on a free port; on level ground and without demo players unless the arguments say
    /// otherwise.
    ///
    /// # Errors
    /// What `hexmarch up` said.
    pub async fn start(arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = free_port()?.to_string();
        let mut all = vec!["--port", &port];
        if !arguments.contains(&"--players") {
            all.extend(["--players", "0"]);
        }
        if !arguments.contains(&"--seed") {
            all.push("--flat");
        }
        all.extend(arguments);
        let running = up(folder.path(), &all)?;
        let operator = operator(&running)?;
        Ok(Self {
            folder,
            running,
            operator,
        })
    }

    /// Begins to start a world, kills its host when `table` of a region has so many rows, and starts it again.
    ///
    /// # Errors
    /// When there never are so many, or what `hexmarch up` said the second time.
    pub async fn start_killed(arguments: &[&str], region: u8, table: &str, rows: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = free_port()?.to_string();
        let all = [&["--port", &port, "--players", "0"], arguments].concat();
        let mut first = up_command(folder.path(), &all)?
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let data = DataDir::new(folder.path())?;
        eventually(&format!("{rows} rows in {table} of region {region}"), || async {
            let (Some(world), Some(token)) = (data.world().ok().flatten(), data.token().ok().flatten()) else {
                return Ok(false);
            };
            let client = HostClient::new(world.url()?, Some(token))?;
            let database = world.branch()?.database(region);
            Ok(sql::count(&client, &database, table).await.is_ok_and(|has| has >= rows))
        })
        .await?;
        let host = data
            .state()?
            .host
            .and_then(|host| host.alive())
            .context("there is no host")?;
        kill(Pid::from_raw(i32::try_from(host)?), Signal::SIGKILL)?;
        first.wait()?;
        let running = up(folder.path(), &["--players", "0"])?;
        let operator = operator(&running)?;
        Ok(Self {
            folder,
            running,
            operator,
        })
    }

    /// The data folder.
    pub fn data_dir(&self) -> &Path {
        self.folder.path()
    }

    /// Name of a database: 0 is global.
    pub fn database(&self, index: u8) -> String {
        let found = self.running.databases.iter().find(|database| database.index == index);
        found.map_or_else(|| format!("no database {index}"), |database| database.name.clone())
    }

    /// Starts what is stopped.
    ///
    /// # Errors
    /// What `hexmarch up` said.
    pub fn up(&mut self, arguments: &[&str]) -> Result<()> {
        self.running = up(self.folder.path(), arguments)?;
        self.operator = operator(&self.running)?;
        Ok(())
    }

    /// Runs the operator's tool on this world.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn cli(&self, arguments: &[&str]) -> Result<Output> {
        cli(self.folder.path(), arguments)
    }

    /// Runs the operator's tool and returns its stdout.
    ///
    /// # Errors
    /// When it fails, with its stderr.
    pub fn cli_ok(&self, arguments: &[&str]) -> Result<String> {
        succeeded(arguments, self.cli(arguments)?)
    }

    /// Stops everything.
    ///
    /// # Errors
    /// What `hexmarch down` said.
    pub fn stop(&self) -> Result<()> {
        self.cli_ok(&["down"]).map(drop)
    }

    /// Calls a reducer as the operator.
    ///
    /// # Errors
    /// The reducer's error key, or what the host said.
    pub async fn call(&self, index: u8, reducer: &str, arguments: Value) -> Result<()> {
        Ok(self.operator.call(&self.database(index), reducer, &arguments).await?)
    }

    /// Reads rows as the operator, who sees private tables too.
    ///
    /// # Errors
    /// What the host said.
    pub async fn sql(&self, index: u8, query: &str) -> Result<SqlRows> {
        Ok(self.operator.sql(&self.database(index), query).await?)
    }

    /// How many rows a query gives.
    ///
    /// # Errors
    /// What the host said.
    pub async fn count(&self, index: u8, query: &str) -> Result<usize> {
        Ok(self.sql(index, query).await?.rows.len())
    }

    /// Waits until a query gives `expected` rows.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn await_count(&self, index: u8, query: &str, expected: usize) -> Result<()> {
        eventually(
            &format!("{query} in database {index} to give {expected} rows"),
            || async { Ok(self.count(index, query).await? == expected) },
        )
        .await
    }

    /// An untyped websocket as somebody.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn socket(&self, index: u8, token: Option<&Token>) -> Result<(Connection, Events)> {
        let url: HostUrl = self.running.url.parse()?;
        Ok(Connection::connect(&url, &self.database(index), token, Options::default()).await?)
    }

    /// A player with a new or the known token of this name.
    ///
    /// # Errors
    /// When they cannot enter.
    pub async fn player(&self, name: &str) -> Result<Player> {
        let options = PlayerOptions {
            url: self.running.url.clone(),
            global_database: self.database(0),
            token_file: self.folder.path().join("test-players").join(format!("{name}.token")),
        };
        Player::enter(options, &[name.to_string()])
            .await
            .with_context(|| format!("{name} enters"))
    }

    /// What `hexmarch status --json` says, also of a world that is not fine.
    ///
    /// # Errors
    /// When it says nothing.
    pub fn status(&self) -> Result<Value> {
        let output = self.cli(&["status", "--json"])?;
        serde_json::from_slice(&output.stdout).context("the status")
    }

    /// Sends the relay or the host (`relay`, `host`) a signal.
    ///
    /// # Errors
    /// When none is known.
    pub fn signal(&self, process: &str, signal: Signal) -> Result<()> {
        let pid = self
            .status()?
            .pointer(&format!("/{process}/pid"))
            .and_then(Value::as_i64);
        let pid = pid.with_context(|| format!("the status names no {process}"))?;
        Ok(kill(Pid::from_raw(i32::try_from(pid)?), signal)?)
    }

    /// Waits until no message is under way between databases.
    ///
    /// # Errors
    /// When some still are after a minute.
    pub async fn quiet(&self) -> Result<()> {
        let indices: Vec<u8> = self.running.databases.iter().map(|database| database.index).collect();
        eventually("no message to be under way", || async {
            for index in &indices {
                if self.count(*index, "SELECT id FROM inter_module_message").await? > 0 {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await
    }
}

/// A test that fails leaves nothing running.
impl Drop for World {
    fn drop(&mut self) {
        // Without anything to stop it does nothing; nobody is left who could be told of a failure.
        let _ = self.cli(&["down"]);
    }
}

/// Identity as reducers take it in JSON.
pub fn identity_argument(identity: &str) -> Value {
    json!({ "__identity__": format!("0x{}", identity.trim_start_matches("0x")) })
}

/// Waits until `condition` holds.
///
/// # Errors
/// When it does not within [`PATIENCE`], or fails.
pub async fn eventually<F, R>(what: &str, condition: F) -> Result<()>
where
    F: Fn() -> R,
    R: std::future::Future<Output = Result<bool>>,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        if condition().await? {
            return Ok(());
        }
        if Instant::now() >= deadline {
            bail!("waited {} s for {what}", PATIENCE.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Runs the operator's tool.
///
/// # Errors
/// When it cannot be started.
pub fn cli(data_dir: &Path, arguments: &[&str]) -> Result<Output> {
    let mut command = cli_command(data_dir, arguments)?;
    command.output().with_context(|| format!("running {command:?}"))
}

fn cli_command(data_dir: &Path, arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(programs::cli()?);
    command
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir)
        .current_dir(programs::checkout());
    Ok(command)
}

fn succeeded(arguments: &[&str], output: Output) -> Result<String> {
    if !output.status.success() {
        bail!(
            "hexmarch {} failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn up(data_dir: &Path, arguments: &[&str]) -> Result<Running> {
    let output = up_command(data_dir, arguments)?.output()?;
    let text = succeeded(&[&["up"], arguments].concat(), output)?;
    serde_json::from_str(&text).with_context(|| format!("hexmarch up printed: {text}"))
}

/// `hexmarch up` with the programs that are tested.
fn up_command(data_dir: &Path, arguments: &[&str]) -> Result<Command> {
    let (host, relay, wasm) = (programs::host()?, programs::relay()?, programs::wasm_dir()?);
    let (host, relay, wasm) = (host.to_string_lossy(), relay.to_string_lossy(), wasm.to_string_lossy());
    let mut all = vec![
        "up",
        "--detach",
        "--json",
        "--host-bin",
        &host,
        "--relay-bin",
        &relay,
        "--wasm-dir",
        &wasm,
    ];
    all.extend(arguments);
    cli_command(data_dir, &all)
}

fn operator(running: &Running) -> Result<HostClient> {
    let token = Token::read_from(&running.token_file)?;
    Ok(HostClient::new(running.url.parse()?, Some(token))?)
}

/// Ports for hosts: below those that the system gives to outgoing connections, so that a host which is stopped finds its
/// port free when it is started again.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// A port that nobody listens on now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    // Tests of several checkouts run at once, and should not look at the same ports.
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos();
    let count = u32::from(PORTS.end - PORTS.start);
    let from = (nanos ^ std::process::id()) % count;
    let ports = (0..count).map(|number| PORTS.start + ((from + number) % count) as u16);
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    ports.into_iter().find(free).context("no port is free")
}
