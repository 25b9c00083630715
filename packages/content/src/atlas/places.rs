//! Where things are met.

use std::collections::{BTreeMap, BTreeSet};

use hexmarch_messages::building::BuildingSpawnDesc;

use super::Atlas;

/// In which countries, and with which buildings, something is met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// Everywhere, whatever the country.
    pub everywhere: bool,
    /// Countries.
    pub biomes: BTreeSet<i32>,
    /// Buildings that it comes with.
    pub buildings: BTreeSet<i32>,
}

impl Whereabouts {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        !self.everywhere && self.biomes.is_empty() && self.buildings.is_empty()
    }

    fn ground(&mut self, biomes: &[i32]) {
        self.everywhere |= biomes.is_empty();
        self.biomes.extend(biomes);
    }

    fn with(&mut self, atlas: &Atlas, spawned: impl Fn(&BuildingSpawnDesc) -> bool) {
        for spawn in atlas.building_spawns.values().filter(|spawn| spawned(spawn)) {
            self.buildings.insert(spawn.building_id);
        }
    }
}

impl Atlas {
    /// Where a resource stands.
    pub fn resource_whereabouts(&self, resource: i32) -> Whereabouts {
        let row = self.resources.get(&resource);
        let mut found = Whereabouts {
            everywhere: row.is_some_and(|row| row.flat_density_permille > 0),
            ..Whereabouts::default()
        };
        let is_member = |clump: &i32| {
            let clump = self.clumps.get(clump);
            clump.is_some_and(|clump| clump.members.iter().any(|member| member.resource_id == resource))
        };
        for row in self.scatters.values().filter(|row| is_member(&row.resource_clump_id)) {
            found.ground(&row.ground.biomes);
        }
        found.with(self, |spawn| spawn.resource_clumps.iter().any(is_member));
        found
    }

    /// Where an enemy lives.
    pub fn enemy_whereabouts(&self, enemy: i32) -> Whereabouts {
        let mut found = Whereabouts::default();
        let herds = self.herds.values().filter(|row| row.enemy_type == enemy);
        found
            .biomes
            .extend(herds.filter(|row| row.herds_per_chunk > 0.0).map(|row| row.biome));
        found.with(self, |spawn| spawn.enemy_type == Some(enemy));
        found
    }

    /// Where somebody is met.
    pub fn npc_whereabouts(&self, npc: i32) -> Whereabouts {
        let mut found = Whereabouts::default();
        found.with(self, |spawn| spawn.traveler_type == Some(npc));
        found
    }

    /// Where a chest stands.
    pub fn chest_whereabouts(&self, chest: i32) -> Whereabouts {
        let mut found = Whereabouts::default();
        found.with(self, |spawn| spawn.loot_chests.contains(&chest));
        found
    }

    /// The sites that a building belongs to.
    pub fn sites_of(&self, building: i32) -> Vec<i32> {
        let has = |row: &&hexmarch_messages::placement::SiteDesc| {
            row.buildings.iter().any(|stands| stands.building_id == building)
        };
        self.sites.values().filter(has).map(|row| row.id).collect()
    }

    /// What is met in a country: resources, enemies and sites.
    pub fn met_in(&self, biome: i32) -> (Vec<i32>, Vec<i32>, Vec<i32>) {
        let here = |found: &Whereabouts| found.biomes.contains(&biome);
        let resources = self
            .resources
            .keys()
            .filter(|id| here(&self.resource_whereabouts(**id)));
        let enemies = self.enemies.keys().filter(|id| here(&self.enemy_whereabouts(**id)));
        let sites = self.sites.values().filter(|row| row.ground.biomes.contains(&biome));
        (
            resources.copied().collect(),
            enemies.copied().collect(),
            sites.map(|row| row.id).collect(),
        )
    }

    /// What is met with a building: how often each kind of thing comes with it.
    pub fn spawns_of(&self, building: i32) -> Vec<&BuildingSpawnDesc> {
        let mut seen = BTreeMap::new();
        for spawn in self
            .building_spawns
            .values()
            .filter(|spawn| spawn.building_id == building)
        {
            let what = (
                spawn.traveler_type,
                spawn.enemy_type,
                spawn.loot_chests.clone(),
                spawn.resource_clumps.clone(),
            );
            seen.entry(what).or_insert(spawn);
        }
        seen.into_values().collect()
    }
}
