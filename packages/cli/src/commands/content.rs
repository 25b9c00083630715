//! `hexmarch content`.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, Subcommand};

use crate::checkout::Checkout;
use crate::cli::Common;
use crate::content::{self, Content, Difference};
use crate::names::Branch;
use crate::output::{self, note};
use crate::progress::Progress;
use crate::target::{self, ServerArguments};

/// Where content is in the checkout.
const DEFAULT_DIRECTORY: &str = "static_data";
/// Keys shown for each kind of difference.
const SHOWN_KEYS: usize = 12;

const EXAMPLES: &str = "\
Examples:
  hexmarch content check                         Every mistake in static_data/, without a database
  hexmarch content diff                          What a push into the running world would change
  hexmarch content push                          Check, upload, and swap in one transaction a database
  hexmarch content push --branch qa --server http://127.0.0.1:3000 --token-file operator.token

A content table is a file <table>.json: a list of rows, one row a line, sorted by key.";

/// Check, push or compare content
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Arguments {
    /// Report every mistake as file:line:col: what, and what to do
    Check {
        /// Directory of the content [default: static_data of the checkout]
        directory: Option<PathBuf>,
    },
    /// Upload content into all databases of a branch
    Push(Databases),
    /// Show the rows that a push would add, change and remove
    Diff(Databases),
}

/// Which content, and which databases.
#[derive(Debug, Args)]
pub struct Databases {
    /// Directory of the content [default: static_data of the checkout]
    directory: Option<PathBuf>,
    #[command(flatten)]
    server: ServerArguments,
    /// Branch of the databases [default: that of the world in the data dir]
    #[arg(long, value_parser = Branch::parse)]
    branch: Option<Branch>,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    match arguments {
        Arguments::Check { directory } => {
            let content = check(common, directory.as_deref())?;
            output::line(&format!(
                "{} rows in {} tables, no mistakes",
                content.row_count(),
                content.tables.len()
            ))
        }
        Arguments::Push(databases) => push(common, databases).await,
        Arguments::Diff(databases) => diff(common, databases).await,
    }
}

/// Reads content, showing every mistake.
///
/// # Errors
/// When there is a mistake.
fn check(common: &Common, directory: Option<&Path>) -> anyhow::Result<Content> {
    let directory = match directory {
        Some(directory) => directory.to_owned(),
        None => {
            let path = Checkout::find(common.checkout.as_deref())?.path(DEFAULT_DIRECTORY);
            let here = std::env::current_dir()?;
            path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
        }
    };
    let (content, mistakes) = content::check(&directory)?;
    for mistake in &mistakes {
        note(&mistake.to_string());
    }
    match mistakes.iter().filter(|mistake| !mistake.is_warning).count() {
        0 => Ok(content),
        1 => bail!("one mistake in {}", directory.display()),
        count => bail!("{count} mistakes in {}", directory.display()),
    }
}

async fn push(common: &Common, arguments: &Databases) -> anyhow::Result<()> {
    let content = check(common, arguments.directory.as_deref())?;
    let client = target::client(common, &arguments.server)?;
    let branch = target::branch(common, arguments.branch.as_ref())?;
    let databases = target::require_existing(&client, &branch).await?;
    let progress = Progress::default();
    for (done, database) in databases.iter().enumerate() {
        let step = progress.step("content", database.name.as_str());
        let pushed = content::push(&client, (database.index, &database.name), &content, |done, all| {
            step.count(done, all)
        });
        if let Err(error) = pushed.await {
            drop(step);
            let names: Vec<&str> = databases
                .iter()
                .take(done)
                .map(|database| database.name.as_str())
                .collect();
            if names.is_empty() {
                return Err(error);
            }
            return Err(crate::outcome::partly(format!(
                "{error:#}; {} already have the new content",
                names.join(", ")
            )));
        }
        step.done(format!("{} has it", database.name));
    }
    output::line(&format!(
        "{} rows in {} databases",
        content.row_count(),
        databases.len()
    ))
}

async fn diff(common: &Common, arguments: &Databases) -> anyhow::Result<()> {
    let content = check(common, arguments.directory.as_deref())?;
    let client = target::client(common, &arguments.server)?;
    let branch = target::branch(common, arguments.branch.as_ref())?;
    for database in target::require_existing(&client, &branch).await? {
        let differences = content::diff(&client, (database.index, &database.name), &content).await?;
        if differences.is_empty() {
            output::line(&format!("{}: the same", database.name))?;
        }
        for difference in differences {
            output::line(&describe(&database.name, &difference))?;
        }
    }
    Ok(())
}

fn describe(database: &str, difference: &Difference) -> String {
    let Difference {
        table,
        added,
        changed,
        removed,
        ..
    } = difference;
    let mut parts = Vec::new();
    for (sign, keys) in [('+', added), ('~', changed), ('-', removed)] {
        if !keys.is_empty() {
            let shown: Vec<&str> = keys.iter().take(SHOWN_KEYS).map(String::as_str).collect();
            let more = if keys.len() > SHOWN_KEYS { ", ..." } else { "" };
            parts.push(format!("{sign}{} ({}{more})", keys.len(), shown.join(", ")));
        }
    }
    format!("{database}: {table} {}", parts.join(" "))
}
