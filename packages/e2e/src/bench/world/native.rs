//! A region made here, by the tool's own maker.

use std::num::NonZero;

use anyhow::{Context, Result};
use hexmarch_cli::world::make::chunks_of;
use hexmarch_cli::world::{make, Plan};
use hexmarch_sim_core::RegionLayout;
use hexmarch_world_gen::WorldRules;
use serde_json::{json, Value};

use super::super::measure::rounded;
use super::SEED;

/// One making of a region.
pub struct Native {
    /// Threads that made it.
    pub threads: usize,
    /// Chunks of the region.
    pub chunks: f64,
    /// For the sites and for the chunks.
    pub seconds: [f64; 2],
    /// Sites and things.
    pub made: [usize; 2],
}

impl Native {
    /// Makes a region of so many chunks a side.
    pub fn measure(rules: &WorldRules, side: u16, threads: usize) -> Result<Self> {
        let plan = Plan {
            seed: SEED,
            layout: RegionLayout::new(1, 1, side, side)?,
            region: None,
            threads: Some(NonZero::new(threads).context("no threads")?),
        };
        let chunks: u64 = plan.regions()?.iter().map(chunks_of).sum();
        let (land, times) = tokio::task::block_in_place(|| make(&plan, rules, |_, _| ()))?;
        Ok(Self {
            threads: times.threads,
            chunks: chunks as f64,
            seconds: [times.sites, times.chunks].map(|time| time.as_secs_f64()),
            made: [land.sites.len(), land.things.len()],
        })
    }

    /// The whole time.
    pub fn total(&self) -> f64 {
        self.seconds.iter().sum()
    }

    /// Chunks a second, sites included.
    pub fn rate(&self) -> f64 {
        self.chunks / self.total()
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let [sites, chunks] = self.seconds;
        let [site_count, things] = self.made;
        json!({
            "threads": self.threads, "chunks": self.chunks, "sites": site_count, "things": things,
            "seconds": rounded(self.total()), "sites_seconds": rounded(sites), "chunks_seconds": rounded(chunks),
            "chunks_per_second": rounded(self.rate()),
        })
    }
}
