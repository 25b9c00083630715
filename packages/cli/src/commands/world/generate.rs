//! `hexmarch world generate`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;

use super::Made;
use crate::cli::Common;
use crate::names::Branch;
use crate::progress::Progress;
use crate::target::{self, ServerArguments};
use crate::world::land::Atlas;
use crate::world::{upload, Land, Plan, Stats};
use crate::{deploy, output};

const EXAMPLES: &str = "\
Examples:
  hexmarch world generate --seed 7                     What the region of seed 7 is like, and how long it took
  hexmarch world generate --chunks 30x30 --json        The same of a smaller one, for programs
  hexmarch world generate --regions 4 --output world   Also as files
  hexmarch world generate --seed 7 --upload            Into the databases of regions that have no world yet; their number
                                                       and size is that of the databases

Files of --output:
  stats.json   what --json prints
  sites.csv    site_id,x,z,direction,level: large tiles by column and row
  things.csv   resource_id,x,z: small tiles by column and row
  terrain.bin  'HEXMARCH', then of 4 bytes each, little endian: first column, first row, columns, rows of large tiles;
               then 5 bytes a tile, row by row from the south west: height and level of the water (2 bytes each,
               -32768 where it is dry), country";

/// Make a world on all cores and say what it is like
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) made: Made,
    /// Write the world as files, too, into this directory
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    /// Upload the world into the databases of the regions of a branch
    #[arg(long, conflicts_with_all = ["output", "json", "regions", "chunks"])]
    upload: bool,
    /// Branch of the databases [default: that of the world in the data dir]
    #[arg(long, requires = "upload", value_parser = Branch::parse)]
    branch: Option<Branch>,
    #[command(flatten)]
    server: ServerArguments,
}

pub(crate) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.upload {
        return upload_all(common, arguments).await;
    }
    // All cores work; nothing else is under way that could wait.
    tokio::task::block_in_place(|| make(common, arguments))
}

async fn upload_all(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let client = target::client(common, &arguments.server)?;
    let branch = target::branch(common, arguments.branch.as_ref())?;
    let content = crate::commands::content::check(common, arguments.made.content.as_deref())?;
    let rules = Atlas::new(&content).world.rules();
    let regions = arguments.made.regions_of(&client, &branch).await?;
    let (lines, started) = (Progress::default().lines("region"), Instant::now());
    let mut sent: u64 = 0;
    for database in &regions {
        let name = database.name.as_str();
        upload::require_content(&client, name, &content.hash_of(database.index)).await?;
        let layout = deploy::layout_of(&client, name).await?;
        let plan = Plan {
            seed: arguments.made.seed,
            layout: layout.with_context(|| format!("{name} was not told yet which region it is"))?,
            region: Some(database.index),
            threads: None,
        };
        let uploaded = upload::upload(&client, (database.index, name), &plan, &rules, &lines).await?;
        sent = sent.saturating_add(uploaded.sent);
    }
    output::line(&format!(
        "{sent} chunks uploaded into {} regions in {:.1} s",
        regions.len(),
        started.elapsed().as_secs_f32()
    ))
}

fn make(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let plan = arguments.made.plan()?;
    let atlas = arguments.made.atlas(common)?;
    if let Some(directory) = &arguments.output {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("cannot make {}; choose another --output", directory.display()))?;
    }
    let (land, times) = arguments.made.make(&plan, &atlas)?;
    let stats = Stats::new(plan.seed, &land, &atlas, &times);
    if let Some(directory) = &arguments.output {
        write(directory, &land, &stats)?;
    }
    if arguments.json {
        output::line(&serde_json::to_string(&stats)?)
    } else {
        output::line(&stats.describe())
    }
}

fn write(directory: &Path, land: &Land, stats: &Stats) -> anyhow::Result<()> {
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    file("stats.json", serde_json::to_string_pretty(stats)?.as_bytes())?;
    let mut sites = "site_id,x,z,direction,level\n".to_owned();
    for site in &land.sites {
        let (tile, direction) = (site.tile, site.direction.index());
        writeln!(sites, "{},{},{},{direction},{}", site.id, tile.x, tile.z, site.level)?;
    }
    file("sites.csv", sites.as_bytes())?;
    let mut things = "resource_id,x,z\n".to_owned();
    for thing in &land.things {
        writeln!(things, "{},{},{}", thing.resource_id, thing.x, thing.z)?;
    }
    file("things.csv", things.as_bytes())?;
    file("terrain.bin", &terrain(land))
}

fn terrain(land: &Land) -> Vec<u8> {
    let ((first_x, first_z), (columns, rows)) = (land.first_tile(), land.size());
    let side = |tiles: usize| i32::try_from(tiles).unwrap_or(i32::MAX);
    let mut bytes = b"HEXMARCH".to_vec();
    for number in [first_x, first_z, side(columns), side(rows)] {
        bytes.extend(number.to_le_bytes());
    }
    for (x, z) in (0..side(rows)).flat_map(|z| (0..side(columns)).map(move |x| (x, z))) {
        let cell = land.cell(first_x + x, first_z + z).unwrap_or_default();
        bytes.extend(cell.elevation.to_le_bytes());
        bytes.extend(cell.water_level.to_le_bytes());
        bytes.push(cell.biome);
    }
    bytes
}
