//! `hexmarch content`.

mod check;
mod diff;
mod export;
mod push;

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, Subcommand};
use hexmarch_host::HostClient;

use super::content_book;
use crate::checkout::Checkout;
use crate::cli::Common;
use crate::content::{self, Content};
use crate::data_dir::DataDir;
use crate::names::Branch;
use crate::output::{self, note};
use crate::target::{self, ServerArguments};

/// Where content is in the checkout.
const DEFAULT_DIRECTORY: &str = "static_data";

const EXAMPLES: &str = "\
Examples:
  hexmarch content check                         Every mistake in static_data/, without a database
  hexmarch content format                        Write the files as export would
  hexmarch content diff                          What a push into the running world would change
  hexmarch content push --dry-run                Have every database check it; nothing changes
  hexmarch content push                          Check, upload, and swap in one transaction a database
  hexmarch content push --branch qa --server http://127.0.0.1:3000 --token-file operator.token
  hexmarch content export /tmp/live              What is live, as files
  hexmarch content graph 2013 --output plank.svg What a thing takes, as a picture
  hexmarch content book                          All of it as pages; then open book/index.html

A content table is a file <table>.json: a list of rows, one row a line, sorted by key.";

/// Check, push, compare or export content
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Arguments {
    /// Report every mistake as file:line:col: what, and what to do
    Check(check::Arguments),
    /// Write files in their one form: one row a line, sorted by key, numbers as short as they can be
    Format {
        /// Directory of the content [default: static_data of the checkout]
        directory: Option<PathBuf>,
    },
    /// Upload content into all databases of a branch, while people play
    Push(push::Arguments),
    /// Show field by field what a push would change
    Diff(diff::Arguments),
    /// Write the content that is live into files
    Export(export::Arguments),
    Graph(content_book::GraphArguments),
    Book(content_book::BookArguments),
}

/// Which databases.
#[derive(Debug, Args)]
pub struct Databases {
    #[command(flatten)]
    server: ServerArguments,
    /// Branch of the databases [default: that of the world in the data dir]
    #[arg(long, value_parser = Branch::parse)]
    branch: Option<Branch>,
}

impl Databases {
    /// A client of their host, and the index and name of each.
    async fn find(&self, common: &Common) -> anyhow::Result<(HostClient, Vec<(u8, String)>)> {
        let client = target::client(common, &self.server)?;
        let branch = target::branch(common, self.branch.as_ref())?;
        let found = target::require_existing(&client, &branch).await?;
        let databases = found.into_iter().map(|database| (database.index, database.name));
        let databases: Vec<(u8, String)> = databases.collect();
        // A database that cannot be found must not be passed over: those there are have no gaps, and a world is known.
        let known = DataDir::new(&common.data_dir)?.world()?;
        let known = known.filter(|world| world.branch().is_ok_and(|known| known == branch));
        let last = databases.iter().map(|(index, _)| *index).max().unwrap_or(0);
        let last = known.map_or(last, |world| last.max(world.regions));
        let missing = |(index, _): &(u8, String)| !databases.iter().any(|(found, _)| found == index);
        if let Some((_, name)) = branch.databases(last).into_iter().find(missing) {
            bail!(
                "{} has no {name}, but other databases of the branch; publish the branch again",
                client.url()
            );
        }
        Ok((client, databases))
    }
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    match arguments {
        Arguments::Check(arguments) => check::run(common, arguments),
        Arguments::Format { directory } => format(common, directory.as_deref()),
        Arguments::Push(arguments) => push::run(common, arguments).await,
        Arguments::Diff(arguments) => diff::run(common, arguments).await,
        Arguments::Export(arguments) => export::run(common, arguments).await,
        Arguments::Graph(arguments) => content_book::graph(common, arguments),
        Arguments::Book(arguments) => content_book::book(common, arguments),
    }
}

/// The directory that is meant.
fn directory(common: &Common, given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(directory) = given {
        return Ok(directory.to_owned());
    }
    let path = Checkout::find(common.checkout.as_deref())?.path(DEFAULT_DIRECTORY);
    let here = std::env::current_dir()?;
    Ok(path.strip_prefix(here).map(Path::to_owned).unwrap_or(path))
}

fn format(common: &Common, given: Option<&Path>) -> anyhow::Result<()> {
    let content = check(common, given)?;
    let tables: Vec<&content::Table> = content.tables.iter().collect();
    let directory = directory(common, given)?;
    let written = content::export::write(&directory, &tables)?;
    output::line(&format!(
        "{written} of {} files of {} written anew",
        tables.len(),
        directory.display()
    ))
}

/// Reads content for a database, showing every mistake of rows and columns.
///
/// # Errors
/// When there is a mistake.
pub(crate) fn check(common: &Common, given: Option<&Path>) -> anyhow::Result<Content> {
    let directory = directory(common, given)?;
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
