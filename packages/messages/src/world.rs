//! What content says about new worlds, as the generator takes it.

use std::collections::BTreeMap;

use hexmarch_macros::sats_type;
use hexmarch_sim_core::{Footprint, HexDirection};
use hexmarch_world_gen::{BiomeRule, BuildingRule, ClumpMember, Ground, ScatterRule, SiteRule, WorldRules};

use crate::biome::ClimateDesc;
use crate::building::{BuildingDesc, FootprintTile};
use crate::placement::{GroundPredicate, ResourceScatterDesc, SiteBuilding, SiteDesc, SiteType};
use crate::resource::{ResourceClumpDesc, ResourceDesc};

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
