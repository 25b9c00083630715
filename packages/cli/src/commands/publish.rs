//! `hexmarch publish`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use hexmarch_host::{HostClient, HostError, PublishOp};
use hexmarch_sim_core::RegionLayout;

use crate::checkout::Checkout;
use crate::cli::Common;
use crate::content::push::How;
use crate::content::{self, Content};
use crate::data_dir::{Chunks, DataDir, Lock};
use crate::deploy;
use crate::modules::{Build, Modules};
use crate::names::Branch;
use crate::outcome::partly;
use crate::output;
use crate::progress::Progress;
use crate::target::{self, ServerArguments};

const EXAMPLES: &str = "\
Examples:
  hexmarch publish --branch pr-123                     Onto the host of the world in the data dir
  hexmarch publish --branch qa --server http://127.0.0.1:3000 --token-file operator.token --content
  hexmarch publish --branch pr-123 --clear             New tables that old rows do not fit: throw the rows away
  hexmarch publish --branch local --dev                While you edit: into the world that runs here, built in seconds

Publishes hexmarch-<branch>-global and hexmarch-<branch>-1 to -N, configures them and tells them of each other. When one
fails, databases that this run made are deleted again, and the text says exactly what stays (exit code 3).";

/// Publish the databases of a branch
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Name of the branch: lower case letters, digits and dashes
    #[arg(long, value_parser = Branch::parse)]
    branch: Branch,
    #[command(flatten)]
    server: ServerArguments,
    /// Number of region databases [default: as many as the branch has, else 2]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    regions: Option<u8>,
    /// Chunk columns and rows of each region of a new branch
    #[arg(long, default_value = "4x4", value_name = "WxH", value_parser = Chunks::parse)]
    chunks: Chunks,
    /// Delete all rows of databases that exist
    #[arg(long)]
    clear: bool,
    /// Environment [default: production for master, qa for qa, else testing]
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(hexmarch_rules::config::ENVIRONMENTS))]
    env: Option<String>,
    /// Push the content of static_data too
    #[arg(long)]
    content: bool,
    /// Take hexmarch_game.wasm and hexmarch_global_module.wasm from here instead of building them
    #[arg(long, env = "HEXMARCH_WASM_DIR", value_name = "DIR")]
    wasm_dir: Option<PathBuf>,
    /// Build the modules in seconds instead of small and fast, while you edit them
    #[arg(long, conflicts_with = "wasm_dir")]
    dev: bool,
}

/// Number of regions of a new branch.
const DEFAULT_REGIONS: u8 = 2;

/// The environment of a branch, if the operator says nothing: the branches with real players have their own.
fn default_env(branch: &Branch, data: &DataDir) -> anyhow::Result<String> {
    // A local world's branch is its environment.
    if let Some(world) = data.world()?.filter(|world| world.env == branch.as_str()) {
        return Ok(world.env);
    }
    let env = match branch.as_str() {
        "master" => "production",
        "qa" => "qa",
        _ => "testing",
    };
    Ok(env.to_owned())
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let progress = Progress::default();
    let checkout = Checkout::find(common.checkout.as_deref())?;
    let data = DataDir::new(&common.data_dir)?;
    let env = match &arguments.env {
        Some(env) => env.clone(),
        None => default_env(&arguments.branch, &data)?,
    };
    // All that can be wrong without a host comes before anything is published.
    let config = checkout.config(&env)?;
    let content = if arguments.content {
        Some(valid_content(&checkout)?)
    } else {
        None
    };
    let client = target::client(common, &arguments.server)?;
    deploy::retried(|| client.ping(), output::note).await?;
    let log = std::env::temp_dir().join(format!("hexmarch-build-{}.log", std::process::id()));
    let how = Build::dev(arguments.dev);
    let modules = Modules::get(arguments.wasm_dir.as_deref(), how, &checkout, &log, progress).await?;
    // Of interest only when the build failed.
    let _ = std::fs::remove_file(&log);
    let databases = arguments.branch.databases(regions(&client, arguments).await?);
    let mut own = OwnWorld::find(&data, &client, &databases)?;
    if let Some(own) = &mut own {
        own.forget_published()?;
    }
    let mut run = Publication {
        client: &client,
        progress,
        created: Vec::new(),
        updated: Vec::new(),
        touched: Vec::new(),
    };
    let published = run.publish(&databases, &modules, arguments.clear).await;
    let result = match published {
        Ok(()) => {
            run.prepare(&databases, arguments, (&env, &config), content.as_ref())
                .await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = result {
        if let Some(own) = &own {
            own.restore_published(&run.touched)?;
        }
        return Err(run.undo(&error).await);
    }
    if let Some(own) = &own {
        own.remember_published(&modules)?;
    }
    let names: Vec<&str> = databases.iter().map(|(_, name)| name.as_str()).collect();
    output::line(&format!(
        "{} on {}: {}",
        arguments.branch.as_str(),
        client.url(),
        names.join(", ")
    ))
}

async fn regions(client: &HostClient, arguments: &Arguments) -> anyhow::Result<u8> {
    if let Some(regions) = arguments.regions {
        return Ok(regions);
    }
    let existing = target::existing(client, &arguments.branch).await?;
    let last = existing.iter().map(|database| database.index).max();
    Ok(last.filter(|last| *last > 0).unwrap_or(DEFAULT_REGIONS))
}

/// The world of the data dir, when it is its databases that are published.
struct OwnWorld<'a> {
    data: &'a DataDir,
    databases: &'a [(u8, String)],
    /// What was known of them before this run.
    before: BTreeMap<String, String>,
    _lock: Lock,
}

impl<'a> OwnWorld<'a> {
    fn find(data: &'a DataDir, client: &HostClient, databases: &'a [(u8, String)]) -> anyhow::Result<Option<Self>> {
        let Some(world) = data.world()? else { return Ok(None) };
        if world.url()? != *client.url() || !databases.iter().any(|(_, name)| world.published.contains_key(name)) {
            return Ok(None);
        }
        Ok(Some(Self {
            data,
            databases,
            before: BTreeMap::new(),
            _lock: data.lock()?,
        }))
    }

    /// Until this run is at its end, nobody may trust what was written down of the databases.
    fn forget_published(&mut self) -> anyhow::Result<()> {
        let mut world = self.data.require_world()?;
        self.before.clone_from(&world.published);
        let mentioned = |known: &String| self.databases.iter().any(|(_, name)| name == known);
        world.published.retain(|known, _| !mentioned(known));
        self.data.save_world(&world)
    }

    /// What was known holds of the databases that this run did not touch.
    fn restore_published(&self, touched: &[String]) -> anyhow::Result<()> {
        let mut world = self.data.require_world()?;
        let untouched = self.before.iter().filter(|(name, _)| !touched.contains(name));
        world
            .published
            .extend(untouched.map(|(name, hash)| (name.clone(), hash.clone())));
        self.data.save_world(&world)
    }

    fn remember_published(&self, modules: &Modules) -> anyhow::Result<()> {
        let mut world = self.data.require_world()?;
        modules.keep(self.data)?;
        for (index, name) in self.databases {
            world.published.insert(name.clone(), modules.of(*index).hash.clone());
        }
        self.data.save_world(&world)
    }
}

fn valid_content(checkout: &Checkout) -> anyhow::Result<Content> {
    let (content, mistakes) = content::check(&checkout.path("static_data"))?;
    let errors: Vec<String> = mistakes
        .iter()
        .filter(|mistake| !mistake.is_warning)
        .map(ToString::to_string)
        .collect();
    if errors.is_empty() {
        return Ok(content);
    }
    anyhow::bail!("the content has mistakes; nothing was published\n{}", errors.join("\n"))
}

fn explain(error: HostError) -> anyhow::Error {
    match error {
        HostError::SchemaRefused { .. } => {
            anyhow::anyhow!("{error}\nkeep the old tables, or throw all rows away with --clear")
        }
        error => error.into(),
    }
}

/// What one run did, so that it can be undone or reported.
struct Publication<'a> {
    client: &'a HostClient,
    progress: Progress,
    created: Vec<String>,
    updated: Vec<String>,
    /// Those that may run another module than before.
    touched: Vec<String>,
}

impl Publication<'_> {
    async fn publish(&mut self, databases: &[(u8, String)], modules: &Modules, clear: bool) -> anyhow::Result<()> {
        for (index, name) in databases {
            // A first attempt whose answer got lost makes the second one look like an update.
            let existed = deploy::retried(|| self.client.exists(name), output::note).await?;
            let step = self.progress.step("publish", name.as_str());
            if !existed {
                self.created.push(name.clone());
            }
            let tell = |text: &str| step.remark(text);
            self.touched.push(name.clone());
            let published = deploy::publish(self.client, name, modules.of(*index), clear && existed, tell).await;
            if let Err(HostError::SchemaRefused { .. }) = &published {
                self.touched.pop();
            }
            let op = published.map_err(explain)?;
            if existed {
                self.updated.push(name.clone());
            }
            step.done(format!(
                "{name} {}",
                if op == PublishOp::Created { "created" } else { "updated" }
            ));
        }
        Ok(())
    }

    async fn prepare(
        &self,
        databases: &[(u8, String)],
        arguments: &Arguments,
        (env, config): (&str, &str),
        content: Option<&Content>,
    ) -> anyhow::Result<()> {
        let step = self.progress.step("config", format!("environment {env}"));
        for (_, name) in databases {
            deploy::configure(self.client, name, env, config, false).await?;
        }
        let regions = u8::try_from(databases.len().saturating_sub(1)).unwrap_or(u8::MAX);
        // The regions of a branch are all of one size, and do not move when there are more.
        let existing = deploy::layout_of(self.client, &arguments.branch.database(1)).await?;
        let (columns, width, height) = match &existing {
            Some(layout) => (layout.columns(), layout.width_chunks(), layout.height_chunks()),
            None => {
                let Chunks { width, height } = arguments.chunks;
                (RegionLayout::square(regions), width, height)
            }
        };
        let layout = RegionLayout::new(regions, columns, width, height)?;
        for (index, name) in databases.iter().filter(|(index, _)| *index > 0) {
            deploy::set_up_region(self.client, name, *index, &layout).await?;
        }
        // After the regions know their index: until then they refuse the messages that this causes.
        let global = arguments.branch.database(0);
        deploy::announce_regions(self.client, &global, &self.client.url().to_string(), databases).await?;
        step.done(format!("environment {env}, {regions} regions"));
        let Some(content) = content else { return Ok(()) };
        content::push::push(self.client, databases, content, How::default(), self.progress).await?;
        Ok(())
    }

    /// Deletes what this run made, and says what stays.
    async fn undo(&self, cause: &anyhow::Error) -> anyhow::Error {
        let (mut deleted, mut left) = (Vec::new(), Vec::new());
        for name in &self.created {
            let deleting = deploy::retried(|| self.client.delete(name), output::note)
                .await
                .context("delete");
            if deleting.is_ok() { &mut deleted } else { &mut left }.push(name.as_str());
        }
        let mut text = format!("{cause:#}");
        let mut say = |what: &str, names: &[&str]| {
            if !names.is_empty() {
                text.push_str(&format!("; {what}: {}", names.join(", ")));
            }
        };
        let updated: Vec<&str> = self.updated.iter().map(String::as_str).collect();
        say("deleted again", &deleted);
        say("could not be deleted again, do it with 'hexmarch unpublish'", &left);
        say("run the new module", &updated);
        if left.is_empty() && updated.is_empty() {
            anyhow::anyhow!("{text}; the branch is as it was")
        } else {
            partly(format!("{text}; publish again once the cause is mended"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_have_their_environment() {
        let directory = tempfile::tempdir().unwrap();
        let data = DataDir::new(directory.path()).unwrap();
        for (branch, env) in [
            ("master", "production"),
            ("qa", "qa"),
            ("pr-1", "testing"),
            ("local", "testing"),
        ] {
            assert_eq!(default_env(&Branch::parse(branch).unwrap(), &data).unwrap(), env);
        }
    }
}
