//! How a region's world is made, and what content says about new ones, as the generator takes it.

use std::collections::BTreeMap;

use hexmarch_macros::{sats_type, table};
use hexmarch_sim_core::{Footprint, HexDirection};
use hexmarch_world_gen::{BiomeRule, BuildingRule, ClumpMember, Ground, Placed, ScatterRule, SiteRule, WorldRules};
use spacetimedb_lib::Timestamp;

use crate::biome::ClimateDesc;
use crate::building::{BuildingDesc, FootprintTile};
use crate::placement::{GroundPredicate, ResourceScatterDesc, SiteBuilding, SiteDesc, SiteType};
use crate::resource::{ResourceClumpDesc, ResourceDesc};

/// What the world of this region follows from. One row, from the beginning of its making on.
#[table(region, name = world_definition_state)]
pub struct WorldDefinitionState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// All chance follows from it.
    pub seed: u64,
    /// How it is made.
    pub mode: WorldMode,
    /// When its making began.
    pub began_at: Timestamp,
    /// `generation` of the content at that time.
    pub content_generation: u64,
}

/// The content that the world of this region is made by, as it was when the making began. One row, beside the definition,
/// since that is read often and this is large.
#[table(region, name = world_content_state)]
pub struct WorldContentState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// BSATN of [`WorldContent`].
    pub content: Vec<u8>,
}

/// How far the making of the world is. One row; what it counts begins anew with each stage.
#[table(region, name = world_generation_state, public)]
pub struct WorldGenerationState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// What is under way.
    pub stage: WorldGenerationStage,
    /// Slices so far, of all stages.
    pub slice: u32,
    /// Steps of the stage that are done.
    pub done: u32,
    /// Steps of the stage.
    pub total: u32,
    /// Chunks made.
    pub chunks: u32,
    /// Resources placed.
    pub resources: u32,
    /// Where the search for sites stands: place in the list of rules.
    pub site_rule: u32,
    /// Where the search for sites stands: next place on offer.
    pub site_offer: u32,
    /// Where the search for sites stands: sites found by the rule.
    pub sites_of_rule: u32,
}

/// What is done to make a world, in this order.
#[sats_type]
#[derive(Copy, Eq)]
pub enum WorldGenerationStage {
    /// Choosing places where people live and lived.
    Sites,
    /// The ground, and what grows and lies there.
    Terrain,
    /// What stands at sites.
    Buildings,
    /// What lives in the chunks.
    Herds,
    /// All is there.
    Finished,
}

/// How the world was made. Its presence means: the world is loaded.
#[table(region, name = resources_log)]
pub struct ResourcesLog {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// The generator.
    pub mode: WorldMode,
    /// Chunks made.
    pub chunks: u32,
    /// Resources placed.
    pub resources: u32,
}

/// The generator of a world.
#[sats_type]
#[derive(Copy, Eq)]
pub enum WorldMode {
    /// Level ground.
    Flat,
    /// Made here by the generator.
    Generated,
    /// Made here: one island in the middle.
    Island,
    /// Made elsewhere.
    Uploaded,
}

/// A place where people live or lived.
#[table(region, name = site_state, public)]
#[delete]
#[transfer(never)]
pub struct SiteState {
    /// The place.
    #[primary_key]
    pub entity_id: u64,
    /// What clients subscribe by.
    #[index(btree)]
    pub chunk_index: u64,
    /// What kind.
    #[index(btree)]
    #[references(site_desc)]
    pub site_id: i32,
    /// Its middle: large tile.
    pub x: i32,
    /// Its middle: large tile.
    pub z: i32,
    /// The height that its ground is levelled to.
    pub elevation: i16,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

/// Something that the making of a world puts on the ground.
#[sats_type]
#[derive(Copy, Eq)]
pub struct PlacedThing {
    /// What.
    pub resource_id: i32,
    /// Small tile.
    pub x: i32,
    /// Small tile.
    pub z: i32,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

impl From<&Placed> for PlacedThing {
    fn from(placed: &Placed) -> Self {
        Self {
            resource_id: placed.resource_id,
            x: placed.tile.x,
            z: placed.tile.z,
            direction_index: i32::from(placed.direction.index()),
        }
    }
}

/// A place that the making of a world chose.
#[sats_type]
#[derive(Copy, Eq)]
pub struct PlacedSite {
    /// What kind.
    pub site_id: i32,
    /// Its middle: large tile.
    pub x: i32,
    /// Its middle: large tile.
    pub z: i32,
    /// The height that its ground is levelled to.
    pub elevation: i16,
    /// Which way it faces, 0 to 5.
    pub direction_index: i32,
}

/// Where to find what is seldom looked for. One row, made when the world is.
#[table(region, name = location_cache)]
pub struct LocationCache {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// Sites where characters begin, in the order of their ids.
    pub settlements: Vec<u64>,
    /// Buildings that travellers go between, in the order of their ids.
    pub traveler_ruins: Vec<u64>,
}

/// The rows that say what a new world is like.
#[sats_type]
#[derive(Default)]
pub struct WorldContent {
    /// Countries.
    pub climates: Vec<ClimateDesc>,
    /// What is strewn where.
    pub scatter: Vec<ResourceScatterDesc>,
    /// What stands together.
    pub clumps: Vec<ResourceClumpDesc>,
    /// What it is.
    pub resources: Vec<ResourceDesc>,
    /// Where people live and lived.
    pub sites: Vec<SiteDesc>,
    /// What stands there.
    pub buildings: Vec<BuildingDesc>,
}

impl WorldContent {
    /// The rules, in the order of their keys. What content refers to and does not have is left out: its check reports it.
    pub fn rules(&self) -> WorldRules {
        let mut rules = WorldRules {
            biomes: self.climates.iter().filter_map(biome_rule).collect(),
            scatter: self.scatter_rules(),
            sites: self.sites.iter().filter_map(site_rule).collect(),
            buildings: self.building_rules(),
        };
        rules.biomes.sort_by_key(|rule| rule.biome);
        rules.scatter.sort_by_key(|rule| rule.id);
        rules.sites.sort_by_key(|rule| rule.id);
        rules
    }

    fn building_rules(&self) -> BTreeMap<i32, Vec<BuildingRule>> {
        let footprints: BTreeMap<i32, Footprint> = self
            .buildings
            .iter()
            .filter_map(|building| Some((building.id, footprint(&building.footprint)?)))
            .collect();
        let rule = |building: &SiteBuilding| {
            Some(BuildingRule {
                building_id: building.building_id,
                x: building.x,
                z: building.z,
                direction: HexDirection::from_index(building.direction),
                footprint: footprints.get(&building.building_id)?.clone(),
            })
        };
        let sites = self.sites.iter();
        sites
            .map(|site| (site.id, site.buildings.iter().filter_map(rule).collect()))
            .collect()
    }

    fn scatter_rules(&self) -> Vec<ScatterRule> {
        let footprints: BTreeMap<i32, Footprint> = self
            .resources
            .iter()
            .filter_map(|resource| Some((resource.id, footprint(&resource.footprint)?)))
            .collect();
        let clumps: BTreeMap<i32, &ResourceClumpDesc> = self.clumps.iter().map(|clump| (clump.id, clump)).collect();
        let rule = |row: &ResourceScatterDesc| {
            let members = clumps.get(&row.resource_clump_id)?.members.iter();
            let member = |member: &crate::resource::ClumpMember| {
                Some(ClumpMember {
                    resource_id: member.resource_id,
                    x: member.x,
                    z: member.z,
                    direction: HexDirection::from_index(member.direction),
                    footprint: footprints.get(&member.resource_id)?.clone(),
                })
            };
            Some(ScatterRule {
                id: row.id,
                ground: ground(&row.ground)?,
                density_permille: row.density_permille,
                patchiness_permille: row.patchiness_permille,
                patch_size: u16::try_from(row.patch_size).ok()?,
                members: members.map(member).collect::<Option<_>>()?,
            })
        };
        self.scatter.iter().filter_map(rule).collect()
    }
}

fn footprint(tiles: &[FootprintTile]) -> Option<Footprint> {
    Footprint::new(tiles.iter().map(|tile| (tile.x, tile.z))).ok()
}

fn biome_rule(row: &ClimateDesc) -> Option<BiomeRule> {
    Some(BiomeRule {
        biome: u8::try_from(row.biome_type).ok()?,
        temperature: f64::from(row.day_temperature + row.night_temperature) / 2.0,
        humidity: f64::from(row.humidity_permille) / 1_000.0,
        min_elevation: i16::try_from(row.min_elevation).ok()?,
        max_elevation: i16::try_from(row.max_elevation).ok()?,
        weight: f64::from(row.weight_permille) / 1_000.0,
    })
}

fn site_rule(row: &SiteDesc) -> Option<SiteRule> {
    Some(SiteRule {
        id: row.id,
        ground: ground(&row.ground)?,
        sites_per_region: row.sites_per_region,
        at_least_one: matches!(row.site_type, SiteType::Settlement),
        min_distance: u16::try_from(row.min_distance).ok()?,
        level_radius: u16::try_from(row.level_radius).ok()?,
        safe_chunks: u16::try_from(row.safe_chunks).ok()?,
        is_dangerous: matches!(row.site_type, SiteType::Den),
    })
}

/// The ground that a rule wants; `None` for numbers that no ground has.
pub fn ground(row: &GroundPredicate) -> Option<Ground> {
    Some(Ground {
        biomes: row
            .biomes
            .iter()
            .filter_map(|biome| u8::try_from(*biome).ok())
            .collect(),
        min_elevation: i16::try_from(row.min_elevation).ok()?,
        max_elevation: i16::try_from(row.max_elevation).ok()?,
        max_slope: u16::try_from(row.max_slope).ok()?,
        min_water_depth: u16::try_from(row.min_water_depth).ok()?,
        max_water_depth: u16::try_from(row.max_water_depth).ok()?,
        water_within: u16::try_from(row.water_within).ok()?,
    })
}
