//! What the making of a world in its module took: by the database's log and the host's metrics.

use anyhow::{Context, Result};
use hexmarch_host::LogLine;
use serde_json::{json, Value};

use super::super::measure::rounded;
use super::{REGION, SLICE_LIMIT};
use crate::metrics::{self, Transactions};
use crate::world::World;

/// The reducer of the making of worlds.
const SLICE: &str = "generate_world_slice";
/// What the module logs when it begins and when it is done.
const BEGINS: &str = "making the world of seed";
const ENDS: &str = "world of seed";
/// Lines of the log that are looked through.
const LINES: u32 = 2_000;

/// One world, made when it was started.
pub struct Generated {
    /// Chunks a side.
    pub side: u16,
    /// From the first slice to the last.
    pub seconds: f64,
    /// The slices.
    pub slices: Transactions,
}

impl Generated {
    /// Of a world that was just made.
    pub async fn of(world: &World, side: u16) -> Result<Self> {
        let database = world.database(REGION);
        let lines = world.operator.logs(&database, LINES).await?;
        let slices = metrics::of(world, &database).await?.remove(SLICE);
        Ok(Self {
            side,
            seconds: seconds(&lines).context("the log does not say when the world was made")?,
            slices: slices.with_context(|| format!("the host counts no {SLICE}"))?,
        })
    }

    /// Chunks of the region.
    pub fn chunks(&self) -> f64 {
        f64::from(self.side) * f64::from(self.side)
    }

    /// Chunks a second, sites, buildings and herds included.
    pub fn rate(&self) -> f64 {
        self.chunks() / self.seconds
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let longest = self.slices.longest_at_most();
        json!({
            "chunks": self.chunks(), "seconds": rounded(self.seconds), "chunks_per_second": rounded(self.rate()),
            "slices": self.slices.count, "slices_seconds": rounded(self.slices.seconds),
            "mean_slice_ms": rounded(self.slices.seconds / self.slices.count * 1e3),
            "longest_slice_ms_at_most": longest.is_finite().then(|| rounded(longest * 1e3)),
            "slices_over_limit": self.slices.longer_than(SLICE_LIMIT),
        })
    }
}

/// Between the two lines of the log.
fn seconds(lines: &[LogLine]) -> Option<f64> {
    let at = |begin: &str| lines.iter().find(|line| line.message.starts_with(begin));
    Some((at(ENDS)?.timestamp - at(BEGINS)?.timestamp) as f64 / 1e6)
}
