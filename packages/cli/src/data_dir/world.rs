//! What a world is, as `world.json` says it.

use std::collections::BTreeMap;

use hexmarch_host::HostUrl;
use hexmarch_sim_core::{RegionError, RegionLayout};
use serde::{Deserialize, Serialize};

use crate::names::Branch;
use crate::world::generation::Origin;

/// The form of `world.json` that this version writes.
pub(super) const FORMAT: u32 = 1;

/// Chunk columns and rows of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunks {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Chunks {
    /// Reads `4x4`, for use by the command line's parser.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let sides = text.split_once('x');
        let side = |side: &str| side.parse::<u16>().ok().filter(|side| *side > 0);
        match sides.and_then(|(width, height)| Some((side(width)?, side(height)?))) {
            Some((width, height)) => Ok(Self { width, height }),
            None => Err("write columns and rows, like 4x4".to_owned()),
        }
    }
}

impl std::fmt::Display for Chunks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}x{}", self.width, self.height)
    }
}

/// What a world is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// [`FORMAT`].
    pub format: u32,
    /// The environment, which is also the branch of its databases.
    pub env: String,
    /// Where its host listens, on 127.0.0.1.
    pub port: u16,
    /// Number of regions.
    pub regions: u8,
    /// Regions in a row of the world; 0 in a file that is older than the column: as [`RegionLayout::square`] of
    /// `regions`.
    #[serde(default)]
    pub columns: u8,
    /// Size of each region.
    pub chunks: Chunks,
    /// What the worlds of regions are made from; level ground without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Whether an `up` got to its end since the world was last changed.
    #[serde(default)]
    pub complete: bool,
    /// How many regions the world is to have, while an addition has not got to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growing_to: Option<u8>,
    /// Hash of the module that each database runs, by name of the database.
    #[serde(default)]
    pub published: BTreeMap<String, String>,
    /// What was last pushed from a checkout into each database, by name of the database.
    #[serde(default)]
    pub pushed: BTreeMap<String, Pushed>,
}

/// Hashes of what was last pushed from a checkout into a database: as long as the checkout's are the same, whatever
/// differs was changed by an admin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pushed {
    /// Of the settings; empty before the first push.
    #[serde(default)]
    pub config: String,
    /// Of the content; empty before the first push.
    #[serde(default)]
    pub content: String,
}

impl World {
    /// A world without databases yet.
    pub fn new(env: &str, port: u16, regions: u8, (chunks, seed): (Chunks, Option<u64>)) -> Self {
        Self {
            format: FORMAT,
            env: env.to_owned(),
            port,
            regions,
            columns: RegionLayout::square(regions),
            chunks,
            seed,
            complete: false,
            growing_to: None,
            published: BTreeMap::new(),
            pushed: BTreeMap::new(),
        }
    }

    /// How its regions lie, when it has so many. They do not move when there are more.
    ///
    /// # Errors
    /// `region.*` when so many do not fit.
    pub fn layout(&self, regions: u8) -> Result<RegionLayout, RegionError> {
        let columns = match self.columns {
            0 => RegionLayout::square(self.regions),
            columns => columns,
        };
        RegionLayout::new(regions, columns, self.chunks.width, self.chunks.height)
    }

    /// Indices and names of its databases, without those that are being added.
    ///
    /// # Errors
    /// As [`World::branch`].
    pub fn databases(&self) -> anyhow::Result<Vec<(u8, String)>> {
        Ok(self.branch()?.databases(self.regions))
    }

    /// What the worlds of regions are made from.
    pub fn origin(&self) -> Origin {
        self.seed.map_or(Origin::Flat, Origin::Seed)
    }

    /// The branch of its databases.
    ///
    /// # Errors
    /// When somebody wrote an impossible environment into `world.json`.
    pub fn branch(&self) -> anyhow::Result<Branch> {
        Branch::parse(&self.env)
            .map_err(|reason| anyhow::anyhow!("world.json has the environment '{}': {reason}", self.env))
    }

    /// Where its host is.
    ///
    /// # Errors
    /// Never for a port; the type of the address says so.
    pub fn url(&self) -> anyhow::Result<HostUrl> {
        Ok(format!("http://127.0.0.1:{}", self.port).parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks() {
        assert_eq!(Chunks::parse("4x5"), Ok(Chunks { width: 4, height: 5 }));
        for bad in ["4", "0x4", "x", "4x", "4x-1", "99999x1"] {
            assert!(Chunks::parse(bad).is_err(), "{bad}");
        }
    }
}
