//! `hexmarch world`.

pub mod generate;
pub mod render;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand};
use hexmarch_host::HostClient;
use hexmarch_sim_core::RegionLayout;

use crate::cli::Common;
use crate::data_dir::Chunks;
use crate::names::Branch;
use crate::outcome::usage;
use crate::progress::Progress;
use crate::target::{self, Database};
use crate::world::land::Atlas;
use crate::world::make::Times;
use crate::world::{make, Land, Plan};

/// Make worlds from a seed, and draw worlds
#[derive(Debug, Subcommand)]
pub enum Arguments {
    /// Draw a map of a world that is made from a seed, or of a live one
    Render(render::Arguments),
    /// Make a world on all cores and say what it is like
    Generate(generate::Arguments),
}

/// Which world is made.
#[derive(Debug, Args)]
pub struct Made {
    /// What the world follows from: the same seed and content, the same world
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Chunk columns and rows of each region
    #[arg(long, value_name = "WxH", value_parser = Chunks::parse, default_value = "60x60")]
    chunks: Chunks,
    /// Number of regions, laid out as 'up' does
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..))]
    regions: u8,
    /// Only this region of them, from 1 on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    region: Option<u8>,
    /// Directory of the content [default: static_data of the checkout]
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
}

pub(crate) async fn run(common: &Common, arguments: Arguments) -> anyhow::Result<()> {
    match arguments {
        Arguments::Render(arguments) => render::run(common, &arguments).await,
        Arguments::Generate(arguments) => generate::run(common, &arguments).await,
    }
}

impl Made {
    /// The databases of a branch's regions that are meant.
    async fn regions_of(&self, client: &HostClient, branch: &Branch) -> anyhow::Result<Vec<Database>> {
        let wanted = |index: u8| index > 0 && self.region.is_none_or(|region| region == index);
        let databases = target::require_existing(client, branch).await?;
        let regions: Vec<_> = databases
            .into_iter()
            .filter(|database| wanted(database.index))
            .collect();
        if regions.is_empty() {
            return Err(usage(format!(
                "branch '{}' has no such region; 'hexmarch region list' shows those that it has",
                branch.as_str()
            )));
        }
        Ok(regions)
    }

    fn plan(&self) -> anyhow::Result<Plan> {
        let (width, height) = (self.chunks.width, self.chunks.height);
        let layout = RegionLayout::new(self.regions, RegionLayout::square(self.regions), width, height).map_err(|_| {
            usage(format!(
                "{} regions of {width}x{height} chunks are more than the 1000 chunks that a world has on a side; choose a smaller --regions or --chunks",
                self.regions
            ))
        })?;
        let plan = Plan {
            seed: self.seed,
            layout,
            region: self.region,
            threads: None,
        };
        plan.regions()?;
        Ok(plan)
    }

    fn atlas(&self, common: &Common) -> anyhow::Result<Atlas> {
        let content = super::content::check(common, self.content.as_deref())?;
        let atlas = Atlas::new(&content);
        if atlas.world.climates.is_empty() {
            bail!("the content has no rows in climate_desc, without which no world can be made");
        }
        Ok(atlas)
    }

    fn make(&self, plan: &Plan, atlas: &Atlas) -> anyhow::Result<(Land, Times)> {
        let step = Progress::default().step("world", format!("seed {}", self.seed));
        let made = make(plan, &atlas.world.rules(), |done, all| step.count(done, all))?;
        step.done(format!("{} sites, {} things", made.0.sites.len(), made.0.things.len()));
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

    fn parse(arguments: &[&str]) -> Result<Made, String> {
        let line = ["hexmarch", "world"].iter().chain(arguments);
        match Cli::try_parse_from(line).map_err(|error| error.to_string())?.command {
            Command::World(Arguments::Render(arguments)) => Ok(arguments.made),
            Command::World(Arguments::Generate(arguments)) => Ok(arguments.made),
            other => Err(format!("{other:?}")),
        }
    }

    #[track_caller]
    fn check_mistake(arguments: &[&str], expected: &str) {
        let error = match parse(arguments) {
            Ok(made) => made.plan().unwrap_err().to_string(),
            Err(error) => error,
        };
        assert!(error.contains(expected), "{error}\nshould say: {expected}");
    }

    #[test]
    fn mistakes_are_named_with_the_remedy() {
        check_mistake(&["render", "--chunks", "0x4"], "write columns and rows, like 4x4");
        check_mistake(
            &["render", "--zoom", "0"],
            "write pixels a large tile, 0.02 to 48, like 0.5 or 6",
        );
        check_mistake(
            &["render", "--layer", "weather"],
            "biomes, elevation, resources, sites, all",
        );
        check_mistake(&["render", "--live", "--seed", "2"], "cannot be used with");
        check_mistake(&["render", "--branch", "qa"], "--live");
        check_mistake(&["generate", "--regions", "0"], "0 is not in 1..=255");
        check_mistake(
            &["generate", "--regions", "2", "--region", "3"],
            "there is no region 3: --region is 1 to 2",
        );
        check_mistake(
            &["generate", "--chunks", "1001x1"],
            "choose a smaller --regions or --chunks",
        );
        check_mistake(
            &["generate", "--chunks", "500x500"],
            "more than the 40000 that are made at once",
        );
    }

    #[test]
    fn one_region_of_many_is_within_the_limit() {
        let made = parse(&["generate", "--chunks", "100x100", "--regions", "100", "--region", "7"]).unwrap();
        assert_eq!(made.plan().unwrap().regions().unwrap().len(), 1);
    }
}
