//! `hexmarch content export`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{bail, Context as _};
use clap::Args;

use super::Databases;
use crate::cli::Common;
use crate::content::{self, export, Table};
use crate::output;

const EXAMPLES: &str = "\
Examples:
  hexmarch content export /tmp/live              Content of the world that runs here
  hexmarch content export static_data            What an admin changed in it, back into the checkout
  hexmarch content export --database global /tmp/live

Writes <table>.json, one row a line, sorted by key: content that is the same gives the same bytes. Without --database, the
tables of regions come from region 1 and the others from the global database. Texts in other languages are in no database and
are not written.";

/// What to write where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Directory for the files; made if there is none, and what is no content in it stays
    directory: PathBuf,
    #[command(flatten)]
    databases: Databases,
    /// Only the tables of this database: 'global' or a region's number
    #[arg(long, value_parser = index, value_name = "NAME")]
    database: Option<u8>,
}

fn index(text: &str) -> Result<u8, String> {
    match text.parse::<u8>() {
        _ if text == "global" => Ok(0),
        Ok(region) if region > 0 => Ok(region),
        _ => Err("write 'global' or a region's number".to_owned()),
    }
}

pub(super) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let (client, databases) = arguments.databases.find(common).await?;
    let sources: Vec<&(u8, String)> = match arguments.database {
        Some(wanted) => databases.iter().filter(|(index, _)| *index == wanted).collect(),
        // A later one gives only the tables that an earlier one lacks.
        None => {
            let region = databases.iter().find(|(index, _)| *index > 0);
            let global = databases.iter().find(|(index, _)| *index == 0);
            region.into_iter().chain(global).collect()
        }
    };
    if sources.is_empty() {
        let wanted = arguments
            .database
            .map_or(String::new(), |index| format!(" with index {index}"));
        bail!("the branch has no database{wanted}; 'hexmarch status' lists them");
    }
    let mut tables: BTreeMap<&'static str, Table> = BTreeMap::new();
    for (index, name) in sources {
        let live = content::live(&client, (*index, name)).await?;
        for table in live.of(*index) {
            let earlier = tables.entry(table.name).or_insert_with(|| table.clone());
            if earlier.rows != table.rows {
                output::note(&format!(
                    "warning: {name} has other rows of {}; 'hexmarch content push' makes them the same",
                    table.name
                ));
            }
        }
    }
    let tables: Vec<&Table> = tables.values().collect();
    let directory = &arguments.directory;
    let written = export::write(directory, &tables)
        .with_context(|| format!("nothing of {} is half-written", directory.display()))?;
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    output::line(&format!(
        "{rows} rows in {} tables; {written} files of {} written anew",
        tables.len(),
        directory.display()
    ))
}
