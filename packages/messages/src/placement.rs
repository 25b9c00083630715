//! Where a new world puts what.

use hexmarch_macros::{sats_type, table};

/// What ground a rule wants.
#[sats_type]
pub struct GroundPredicate {
    /// In these countries; empty for all.
    #[references(biome_desc)]
    pub biomes: Vec<i32>,
    /// From this elevation on.
    #[range(-1_000..=1_000)]
    pub min_elevation: i32,
    /// To this elevation.
    #[range(-1_000..=1_000)]
    pub max_elevation: i32,
    /// Steepest step to a neighbouring large tile, in elevation units.
    #[range(0..=1_000)]
    pub max_slope: i32,
    /// At least so deep under water, 0 for dry land.
    #[range(0..=1_000)]
    pub min_water_depth: i32,
    /// At most so deep under water, 0 for dry land.
    #[range(0..=1_000)]
    pub max_water_depth: i32,
    /// Water within so many large tiles, 0 when it does not matter.
    #[range(0..=64)]
    pub water_within: i32,
}

/// Which clumps are strewn over which ground.
#[table(region, name = resource_scatter_desc)]
#[static_data_staging_table]
pub struct ResourceScatterDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What.
    #[references(resource_clump_desc)]
    pub resource_clump_id: i32,
    /// Where.
    pub ground: GroundPredicate,
    /// Clumps in a chunk where it grows, in thousandths.
    #[range(1..=100_000)]
    pub density_permille: u32,
    /// 0 for evenly, 1,000 for thickets with nothing between.
    #[range(0..=1_000)]
    pub patchiness_permille: u32,
    /// Large tiles across a thicket.
    #[range(1..=256)]
    pub patch_size: i32,
}

/// How a kind of site stands in the world.
#[sats_type]
#[derive(Copy, Eq)]
pub enum SiteType {
    /// People live there; characters begin near it.
    Settlement,
    /// People lived there.
    Ruin,
    /// Something is remembered there.
    Shrine,
    /// Something lives there.
    Den,
    /// One arrives there.
    Waystone,
}

/// A building of a site.
#[sats_type]
pub struct SiteBuilding {
    /// What.
    #[references(building_desc)]
    pub building_id: i32,
    /// Small tiles from the middle, axial.
    #[range(-192..=192)]
    pub x: i32,
    /// Small tiles from the middle, axial.
    #[range(-192..=192)]
    pub z: i32,
    /// Which way it faces, 0 to 5.
    #[range(0..=5)]
    pub direction: i32,
}

/// A place that a new world has, and what stands there.
#[table(region, name = site_desc)]
#[static_data_staging_table]
pub struct SiteDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// What it is.
    pub site_type: SiteType,
    /// What stands there.
    #[length(1..=32)]
    pub buildings: Vec<SiteBuilding>,
    /// Where.
    pub ground: GroundPredicate,
    /// Sites in a region of 60 by 60 chunks.
    #[range(1..=500)]
    pub sites_per_region: u32,
    /// Large tiles to the next site of any kind, at least.
    #[range(1..=1_000)]
    pub min_distance: i32,
    /// Large tiles round the middle that are levelled.
    #[range(0..=64)]
    pub level_radius: i32,
    /// Chunks round the middle where no enemies come.
    #[range(0..=16)]
    pub safe_chunks: u32,
}
