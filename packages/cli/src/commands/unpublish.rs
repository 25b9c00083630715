//! `hexmarch unpublish`.

use anyhow::{bail, Context as _};
use clap::Args;

use crate::cli::Common;
use crate::names::Branch;
use crate::outcome::partly;
use crate::progress::Progress;
use crate::target::{self, identity_of, ServerArguments};
use crate::{deploy, output};

const EXAMPLES: &str = "\
Examples:
  hexmarch unpublish --branch pr-123

Deletes hexmarch-pr-123-global and every hexmarch-pr-123-<number> that the operator owns, with all rows. Databases of
others are left alone and named. Done twice, the second time finds nothing and succeeds.";

/// Delete the databases of a branch
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Name of the branch
    #[arg(long, value_parser = Branch::parse)]
    branch: Branch,
    #[command(flatten)]
    server: ServerArguments,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let client = target::client(common, &arguments.server)?;
    let own = client
        .token()
        .and_then(identity_of)
        .context("the token does not say whose it is, so it is no token of a SpacetimeDB host; correct --token-file")?;
    let found = target::existing(&client, &arguments.branch).await?;
    let (ours, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|database| database.owner == own);
    let progress = Progress::default();
    let (mut deleted, mut failed) = (Vec::new(), Vec::new());
    for database in &ours {
        let step = progress.step("delete", database.name.as_str());
        match deploy::retried(|| client.delete(&database.name), |text| step.remark(text)).await {
            Ok(()) => {
                deleted.push(database.name.as_str());
                step.done(database.name.as_str());
            }
            Err(error) => failed.push(error.to_string()),
        }
    }
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|database| database.name.as_str()).collect();
        output::note(&format!("left alone, since others own them: {}", names.join(", ")));
    }
    let summary = match deleted.as_slice() {
        [] => format!(
            "nothing deleted: {} has no database of branch '{}' that is ours",
            client.url(),
            arguments.branch.as_str()
        ),
        names => format!("deleted {}", names.join(", ")),
    };
    match (failed.is_empty(), deleted.is_empty()) {
        (true, _) => output::line(&summary),
        (false, true) => bail!("{}", failed.join("; ")),
        (false, false) => Err(partly(format!("{summary}; {}", failed.join("; ")))),
    }
}
