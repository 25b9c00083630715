//! The commands of an operator. Answers go to standard output; advice and errors to standard error.

use std::io::{ErrorKind, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use anyhow::{bail, Context as _};
use clap::{Args, Subcommand};
use futures_util::future::join_all;
use hexmarch_relay::check;
use hexmarch_relay::config::{Config, Database};
use hexmarch_relay::control::{self, Control, DeadLetter, Opened};
use serde_json::Value;

/// For the answer of a relay on the same machine.
const HEALTH_LIMIT: Duration = Duration::from_secs(4);
/// Longest error text in a table, in characters; 'show' has all of it.
const MAX_CELL: usize = 100;

/// Writes to standard output. A reader that went away, as `head` does, is no error.
pub fn say(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// With standard error closed there is nobody to tell.
fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// `check-config`.
pub async fn check(path: &Path, config: &Config, connect: bool) -> anyhow::Result<()> {
    for advice in config.advice() {
        note(&format!("note: {advice}"));
    }
    let count = match config.databases.len() {
        1 => "1 database".to_owned(),
        count => format!("{count} databases"),
    };
    if !connect {
        return say(&format!("{}: fine, {count}\n", path.display()));
    }
    let report = check::connect(config).await;
    for text in &report.notes {
        note(&format!("note: {text}"));
    }
    if !report.faults.is_empty() {
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        bail!("{}", faults.join("\n"));
    }
    say(&format!(
        "{}: fine, {count}, all of which can be served\n",
        path.display()
    ))
}

/// `health`.
pub async fn health(listen: Option<SocketAddr>) -> anyhow::Result<()> {
    let Some(mut address) = listen else {
        bail!("no address is configured to ask at; set listen, or --listen");
    };
    if address.ip().is_unspecified() {
        let local: IpAddr = if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        };
        address.set_ip(local);
    }
    let ask = async {
        let client = reqwest::Client::builder().timeout(HEALTH_LIMIT).no_proxy().build()?;
        let answer = client.get(format!("http://{address}/livez")).send().await?;
        anyhow::Ok((answer.status().is_success(), answer.text().await?))
    };
    let (live, text) = ask.await.with_context(|| format!("no relay answers at {address}"))?;
    if !live {
        bail!("{}", text.trim());
    }
    say(&text)
}

/// Two databases.
#[derive(Debug, Args)]
pub struct Pair {
    /// The sender
    from: String,
    /// The destination
    to: String,
}

impl Pair {
    fn find<'a>(&self, config: &'a Config) -> anyhow::Result<(&'a Database, u8)> {
        let from = control::find(config, &self.from)?;
        let to = match self.to.parse() {
            // Messages may wait for a database that is not configured here. The sender knows which there are.
            Ok(index) => index,
            Err(_) => control::find(config, &self.to)?.index,
        };
        if to == from.index {
            bail!("a database sends nothing to itself; name two");
        }
        Ok((from, to))
    }

    /// `give-up`.
    pub async fn give_up(&self, config: &Config) -> anyhow::Result<()> {
        let (from, to) = self.find(config)?;
        if config.databases.iter().any(|database| database.index == to) {
            bail!("database {to} is configured, so messages for it may still arrive; remove its [[database]] first");
        }
        let count = match Control::new(from)?.give_up(to).await? {
            1 => "1 message".to_owned(),
            count => format!("{count} messages"),
        };
        let (from, name) = (from.index, &from.name);
        say(&format!("{count} from {from} ('{name}') to {to} refused\n"))
    }

    /// `pause` and `resume`.
    pub async fn set_paused(&self, config: &Config, paused: bool) -> anyhow::Result<()> {
        let (from, to) = self.find(config)?;
        Control::new(from)?.set_paused(to, paused).await?;
        let (from, name) = (from.index, &from.name);
        say(&if paused {
            format!("messages from {from} ('{name}') to {to} wait until 'hexmarch-relay resume {from} {to}'\n")
        } else {
            format!("messages from {from} ('{name}') to {to} go\n")
        })
    }
}

/// `dead-letters`.
#[derive(Debug, Subcommand)]
pub enum DeadLetters {
    /// Show which there are
    List {
        /// Only of this database [default: of all]
        database: Option<String>,
        /// As a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show one with what it says and holds
    Show {
        /// The database that it is in
        database: String,
        /// The message
        message_id: u64,
        /// As a JSON object
        #[arg(long)]
        json: bool,
    },
    /// Send some again, each as a new message
    Retry {
        /// The database that they are in
        database: String,
        /// The messages
        #[arg(required_unless_present = "all")]
        message_ids: Vec<u64>,
        /// All that the database has
        #[arg(long, conflicts_with = "message_ids")]
        all: bool,
    },
    /// Delete some, and with them what they hold, for ever
    Discard {
        /// The database that they are in
        database: String,
        /// The messages
        #[arg(required = true)]
        message_ids: Vec<u64>,
        /// Also those that hold something
        #[arg(long)]
        with_what_they_hold: bool,
    },
}

impl DeadLetters {
    /// Carries it out.
    pub async fn run(&self, config: &Config) -> anyhow::Result<()> {
        match self {
            Self::List { database, json } => list(config, database.as_deref(), *json).await,
            Self::Show {
                database,
                message_id,
                json,
            } => show(control::find(config, database)?, *message_id, *json).await,
            Self::Retry {
                database,
                message_ids,
                all,
            } => retry(control::find(config, database)?, message_ids, *all).await,
            Self::Discard {
                database,
                message_ids,
                with_what_they_hold,
            } => discard(control::find(config, database)?, message_ids, *with_what_they_hold).await,
        }
    }
}

async fn list(config: &Config, database: Option<&str>, json: bool) -> anyhow::Result<()> {
    let databases: Vec<&Database> = match database {
        Some(database) => vec![control::find(config, database)?],
        None => config.databases.iter().collect(),
    };
    let answers = join_all(databases.iter().map(|database| async {
        let control = Control::new(database)?;
        control.dead_letters().await
    }));
    let (mut letters, mut faults) = (Vec::new(), Vec::new());
    for (database, answer) in databases.iter().zip(answers.await) {
        match answer {
            Ok((found, more)) => {
                letters.extend(found);
                if more {
                    let (index, most) = (database.index, control::MAX_LISTED);
                    note(&format!("database {index} has more than the {most} that are shown"));
                }
            }
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    if json {
        say(&format!("{}\n", serde_json::to_string_pretty(&letters)?))?;
    } else if !letters.is_empty() || faults.is_empty() {
        say(&table(&letters))?;
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

fn table(letters: &[DeadLetter]) -> String {
    if letters.is_empty() {
        return "no dead letters\n".to_owned();
    }
    let mut out = format!(
        "{:<8}  {:<16}  {:<3}  {:<24}  error\n",
        "database", "message", "to", "time"
    );
    for letter in letters {
        let error: String = letter.error.chars().take(MAX_CELL).collect();
        out.push_str(&format!(
            "{:<8}  {:<16}  {:<3}  {:<24}  {error}\n",
            letter.database, letter.message_id, letter.to, letter.time
        ));
    }
    out
}

async fn show(database: &Database, message_id: u64, json: bool) -> anyhow::Result<()> {
    let opened = Control::new(database)?.open(message_id).await?;
    say(&if json {
        format!("{}\n", serde_json::to_string_pretty(&opened)?)
    } else {
        page(&opened)?
    })
}

fn page(opened: &Opened) -> anyhow::Result<String> {
    let DeadLetter {
        database,
        message_id,
        to,
        error,
        time,
    } = &opened.letter;
    let mut out =
        format!("message   {message_id} of database {database}\nto        {to}\ntime      {time}\nerror     {error}\n");
    if opened.holds.is_empty() {
        out.push_str("holds     nothing\n");
    }
    for held in &opened.holds {
        out.push_str(&format!("holds     {held}\n"));
    }
    out.push_str(&format!(
        "contents  {}\n",
        serde_json::to_string_pretty(&opened.contents)?
    ));
    Ok(out)
}

async fn retry(database: &Database, message_ids: &[u64], all: bool) -> anyhow::Result<()> {
    let control = Control::new(database)?;
    let listed;
    let message_ids = if all {
        listed = control
            .dead_letters()
            .await?
            .0
            .iter()
            .map(|letter| letter.message_id)
            .collect::<Vec<_>>();
        &listed
    } else {
        message_ids
    };
    for message_id in message_ids {
        control.retry(*message_id).await?;
        say(&format!("{message_id}: sent again\n"))?;
    }
    if message_ids.is_empty() {
        say("no dead letters\n")?;
    }
    Ok(())
}

async fn discard(database: &Database, message_ids: &[u64], with_what_they_hold: bool) -> anyhow::Result<()> {
    let control = Control::new(database)?;
    for message_id in message_ids {
        let holds = control.open(*message_id).await?.holds;
        if !holds.is_empty() && !with_what_they_hold {
            bail!(
                "message {message_id} holds {}, which would be lost; try 'retry' first, or say --with-what-they-hold",
                Value::from(holds)
            );
        }
        control.discard(*message_id).await?;
        say(&format!("{message_id}: discarded\n"))?;
    }
    Ok(())
}
