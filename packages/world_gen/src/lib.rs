//! Terrain and what stands on it: a pure function of seed and rules.
//!
//! Every chunk can be made alone and is the same as when its whole world is made: each stage looks only so far around, by
//! a limit with a name. A native tool and a module compute the same bits: integers, and floats that are only added,
//! multiplied, divided and compared.
//!
//! Stages, each a module: [`height`] (sea, land, mountains), [`rivers`] (springs, lakes, ways to the sea), [`climate`],
//! [`terrain`] (the cells of a chunk), [`sites`] (where people live and lived), [`scatter`] (what grows and lies there); [`maker`] puts
//! them together.
//!
//! Lengths are in widths of a large tile, heights in elevation units, 0 is the level of the sea.

pub mod area;
pub mod climate;
pub mod ground;
pub mod height;
mod homeland;
pub mod maker;
pub mod noise;
pub mod rivers;
pub mod scatter;
pub mod sites;
pub mod stand;
pub mod survey;
pub mod terrain;
mod waters;

pub use area::Area;
pub use climate::{BiomeRule, Climate};
pub use ground::Ground;
pub use maker::{BuildingRule, MadeChunk, Maker, PlacedBuilding};
pub use noise::Point;
pub use scatter::{ClumpMember, Placed, Scatter, ScatterRule};
pub use sites::{sites, Site, SiteCursor, SiteRule, SiteSearch};
pub use survey::Survey;
pub use terrain::{Cell, TerrainChunk, World};

use std::collections::BTreeMap;

/// All that content says about new worlds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorldRules {
    /// Countries.
    pub biomes: Vec<BiomeRule>,
    /// What grows and lies where; the earlier have the first choice.
    pub scatter: Vec<ScatterRule>,
    /// Where people live and lived.
    pub sites: Vec<SiteRule>,
    /// What stands there, by kind of site.
    pub buildings: BTreeMap<i32, Vec<BuildingRule>>,
}
