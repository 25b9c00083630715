//! `hexmarch world render`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::Made;
use crate::cli::Common;
use crate::names::Branch;
use crate::outcome::usage;
use crate::output;
use crate::progress::Progress;
use crate::target::{self, ServerArguments};
use crate::world::{live, render, Land, Layer, Style};

/// Widest map when no zoom is given, in pixels.
const FIT: f64 = 1_000.0;
/// Zooms that make sense, in pixels a large tile.
const ZOOMS: (f64, f64) = (0.02, 48.0);
/// Zoom beyond which a small world is not blown up unasked.
const LARGEST_FIT: f64 = 8.0;

const EXAMPLES: &str = "\
Examples:
  hexmarch world render                                        One region of seed 1, as world.png
  hexmarch world render --seed 7 --chunks 8x8 --zoom 12        A corner of the world, hex by hex
  hexmarch world render --regions 4 --zoom 0.25                Four regions with their borders, four tiles a pixel
  hexmarch world render --layer resources --output heat.png    Where there is much to gather
  hexmarch world render --live                                 The world that 'hexmarch up' started, as it is now

A live map has no sites: databases do not hold which place belongs to which site.";

/// Draw a map of a world that is made from a seed, or of a live one
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) made: Made,
    /// Draw what the databases of a branch hold instead of making a world
    #[arg(long, conflicts_with_all = ["seed", "chunks", "regions"])]
    live: bool,
    #[command(flatten)]
    server: ServerArguments,
    /// With --live: branch of the databases [default: that of the world in the data dir]
    #[arg(long, value_parser = Branch::parse, requires = "live")]
    branch: Option<Branch>,
    /// Pixels a large tile, also below 1; from 4 on hexes can be told apart [default: what makes the map 1000 wide]
    #[arg(long, value_parser = zoom)]
    zoom: Option<f64>,
    /// What is drawn
    #[arg(long, value_enum, default_value = "all")]
    layer: Layer,
    /// The file that is written
    #[arg(long, short, default_value = "world.png", value_name = "FILE")]
    output: PathBuf,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let file = &arguments.output;
    if file.is_dir() {
        return Err(usage(format!(
            "{} is a directory; name a file with --output",
            file.display()
        )));
    }
    let (land, atlas, about) = if arguments.live {
        let atlas = arguments.made.atlas(common)?;
        let (land, about) = read(common, arguments).await?;
        (land, atlas, about)
    } else {
        let plan = arguments.made.plan()?;
        let atlas = arguments.made.atlas(common)?;
        let (land, _) = tokio::task::block_in_place(|| arguments.made.make(&plan, &atlas))?;
        (land, atlas, vec![format!("seed {}", plan.seed)])
    };
    let (columns, rows) = land.size();
    let mut about = about;
    about.push(format!(
        "{} x {} chunks of 32 x 32 large tiles",
        columns / 32,
        rows / 32
    ));
    let style = Style {
        layer: arguments.layer,
        zoom: arguments.zoom.unwrap_or_else(|| fit(columns)),
        title: "The Hexmarch".to_owned(),
        about,
    };
    let step = Progress::default().step("map", file.display().to_string());
    let png = tokio::task::block_in_place(|| render(&land, &atlas, &style))?;
    std::fs::write(file, &png).with_context(|| format!("cannot write {}; choose another --output", file.display()))?;
    step.done(format!("{} KiB", png.len().div_ceil(1_024)));
    output::line(&file.display().to_string())
}

async fn read(common: &Common, arguments: &Arguments) -> anyhow::Result<(Land, Vec<String>)> {
    let client = target::client(common, &arguments.server)?;
    let branch = target::branch(common, arguments.branch.as_ref())?;
    let regions = arguments.made.regions_of(&client, &branch).await?;
    let mut parts = Vec::new();
    for database in &regions {
        let step = Progress::default().step("world", database.name.as_str());
        parts.push(live::read(&client, &database.name).await?);
        step.done(format!("{} is read", database.name));
    }
    Ok((live::join(parts), vec![format!("live, branch '{}'", branch.as_str())]))
}

fn fit(columns: usize) -> f64 {
    (FIT / (columns.max(1) as f64)).min(LARGEST_FIT)
}

fn zoom(text: &str) -> Result<f64, String> {
    let (least, most) = ZOOMS;
    let zoom = text.parse::<f64>().ok().filter(|zoom| (least..=most).contains(zoom));
    zoom.ok_or_else(|| format!("write pixels a large tile, {least} to {most}, like 0.5 or 6"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooms() {
        for good in ["0.02", "1", "48"] {
            assert!(zoom(good).is_ok(), "{good}");
        }
        for bad in ["", "0", "-1", "NaN", "inf", "49", "big"] {
            assert!(
                zoom(bad).is_err_and(|error| error.contains("pixels a large tile")),
                "{bad}"
            );
        }
        assert!((fit(1_920) - 1_000.0 / 1_920.0).abs() < f64::EPSILON);
        assert!((fit(32) - LARGEST_FIT).abs() < f64::EPSILON);
    }
}
