//! File, environment and flags, the latter winning. Everything wrong is found at once, and each mistake is one
//! sentence that names the thing and the remedy.

mod advice;
mod databases;
mod expiry;
mod lines;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use databases::Defaults;
use hexmarch_host::{HostUrl, Token};
use lines::Lines;
use read::Section;
use sha2::{Digest as _, Sha256};

/// Age that a durable message and its result must reach before anybody acts on them. A host of version 1.3 writes
/// its log to disk every 500 ms; the rest is for a slow disk.
const DEFAULT_HOLD_MS: u64 = 1200;
const MAX_HOLD_MS: u64 = 60_000;
/// A few full batches.
const DEFAULT_WINDOW: u64 = 512;
const MAX_WINDOW: u64 = 4096;
const DEFAULT_DRAIN_MS: u64 = 5000;
const MAX_DRAIN_MS: u64 = 600_000;

const TOP_KEYS: &[&str] = &[
    "database",
    "drain_ms",
    "hold_ms",
    "listen",
    "log",
    "token_file",
    "url",
    "window",
];

/// One database to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// 0 for the global one, from 1 for regions.
    pub index: u8,
    /// Its name, or its identity, on the host.
    pub name: String,
    /// The host.
    pub url: HostUrl,
    /// Of the database's owner: nobody else may read an outbox.
    pub token: Token,
    /// Where the token came from.
    pub token_file: PathBuf,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Everything the relay needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// By index.
    pub databases: Vec<Database>,
    /// See [`crate::stream::Settings::hold`].
    pub hold: Duration,
    /// See [`crate::stream::Settings::window`].
    pub window: usize,
    /// Where to serve the status over HTTP, if at all.
    pub listen: Option<SocketAddr>,
    /// The form of log lines.
    pub log: LogFormat,
    /// How long a stop may take.
    pub drain: Duration,
    /// The first digits of the SHA-256 of the file, as `sha256sum` shows them.
    pub hash: String,
}

/// What the environment and flags say; each wins over the file.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Overrides {
    /// Host of every database that names none of its own
    #[arg(long, env = "HEXMARCH_RELAY_URL", global = true)]
    pub url: Option<String>,
    /// File with the token for every database that names none of its own
    #[arg(long, env = "HEXMARCH_RELAY_TOKEN_FILE", global = true)]
    pub token_file: Option<PathBuf>,
    /// Milliseconds that a durable message, and its result, must have been seen on an unbroken connection
    #[arg(long, env = "HEXMARCH_RELAY_HOLD_MS", global = true)]
    pub hold_ms: Option<u64>,
    /// Messages on their way for each pair of databases, and as many answers
    #[arg(long, env = "HEXMARCH_RELAY_WINDOW", global = true)]
    pub window: Option<u64>,
    /// Address to serve /livez, /readyz, /status and /metrics on
    #[arg(long, env = "HEXMARCH_RELAY_LISTEN", global = true)]
    pub listen: Option<String>,
    /// Form of log lines
    #[arg(long, env = "HEXMARCH_RELAY_LOG", value_enum, global = true)]
    pub log: Option<LogFormat>,
    /// Milliseconds that a stop may take
    #[arg(long, env = "HEXMARCH_RELAY_DRAIN_MS", global = true)]
    pub drain_ms: Option<u64>,
}

/// Everything that is wrong, one sentence each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigErrors {}

impl Config {
    /// Reads the file at `path` and applies `overrides`.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn load(path: &Path, overrides: &Overrides) -> Result<Self, ConfigErrors> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigErrors(vec![format!(
                "cannot read {}: {error}; name another file with --config",
                path.display()
            )])
        })?;
        Self::parse(&text, path, overrides)
    }

    /// The same from the text of the file at `path`, beside which relative token files are.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn parse(text: &str, path: &Path, overrides: &Overrides) -> Result<Self, ConfigErrors> {
        let directory = path.parent().unwrap_or(Path::new(""));
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                return Err(ConfigErrors(vec![format!(
                    "{}: this is not TOML: {error}",
                    path.display()
                )]))
            }
        };
        let lines = Lines::new(path, text);
        let mut problems = Vec::new();
        let mut top = Section::new(&table, &lines, None, TOP_KEYS, &mut problems);
        let hold = top.milliseconds("hold_ms", overrides.hold_ms, DEFAULT_HOLD_MS, MAX_HOLD_MS);
        let drain = top.milliseconds("drain_ms", overrides.drain_ms, DEFAULT_DRAIN_MS, MAX_DRAIN_MS);
        let window = top.integer("window", overrides.window).unwrap_or(DEFAULT_WINDOW);
        if !(1..=MAX_WINDOW).contains(&window) {
            let sentence = format!("window is {window}; set it between 1 and {MAX_WINDOW}");
            top.problem_of("window", overrides.window.is_some(), sentence);
        }
        let listen = top
            .text("listen", overrides.listen.clone())
            .and_then(|text| match text.parse() {
                Ok(address) => Some(address),
                Err(_) => {
                    let sentence = format!("listen is '{text}'; write an address and a port, like 127.0.0.1:8080");
                    top.problem_of("listen", overrides.listen.is_some(), sentence);
                    None
                }
            });
        let log = log_format(&mut top, overrides.log);
        let url = top.text("url", overrides.url.clone());
        let token_file = top.text("token_file", None).map(|file| directory.join(file));
        let defaults = Defaults {
            directory,
            url,
            token_file: overrides.token_file.clone().or(token_file),
        };
        let databases = databases::databases(&table, &lines, &defaults, &mut problems);
        if problems.is_empty() {
            let window = usize::try_from(window).unwrap_or(usize::MAX);
            Ok(Self {
                databases,
                hold,
                window,
                listen,
                log,
                drain,
                hash: hash(text),
            })
        } else {
            Err(ConfigErrors(problems))
        }
    }

    /// What is allowed but hardly meant, one sentence each.
    pub fn advice(&self) -> Vec<String> {
        advice::advice(self)
    }

    /// The configuration in effect, as a file would say it, without secrets.
    pub fn print(&self) -> String {
        let mut out = format!(
            "hold_ms = {}\nwindow = {}\ndrain_ms = {}\nlog = \"{}\"\n",
            self.hold.as_millis(),
            self.window,
            self.drain.as_millis(),
            match self.log {
                LogFormat::Human => "human",
                LogFormat::Json => "json",
            }
        );
        if let Some(listen) = self.listen {
            out.push_str(&format!("listen = \"{listen}\"\n"));
        }
        for Database {
            index,
            name,
            url,
            token_file,
            ..
        } in &self.databases
        {
            let quote = |text: String| toml::Value::String(text).to_string();
            out.push_str(&format!(
                "\n[[database]]\nindex = {index}\nname = {}\n",
                quote(name.clone())
            ));
            out.push_str(&format!("url = {}\n", quote(url.to_string())));
            out.push_str(&format!(
                "token_file = {} # holds ***\n",
                quote(token_file.display().to_string())
            ));
        }
        out
    }
}

/// How many hexadecimal digits of a hash are shown: enough to tell two files apart.
const HASH_DIGITS: usize = 12;

fn hash(text: &str) -> String {
    let digest = format!("{:x}", Sha256::digest(text.as_bytes()));
    digest.chars().take(HASH_DIGITS).collect()
}

fn log_format(top: &mut Section<'_>, given: Option<LogFormat>) -> LogFormat {
    match (given, top.text("log", None).as_deref()) {
        (Some(given), _) => given,
        (None, None | Some("human")) => LogFormat::Human,
        (None, Some("json")) => LogFormat::Json,
        (None, Some(other)) => {
            top.problem("log", format!("log is '{other}'; write \"human\" or \"json\""));
            LogFormat::Human
        }
    }
}
