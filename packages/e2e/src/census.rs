//! Where every player is and what they carry, counted over all regions.

use std::collections::BTreeMap;

use anyhow::{bail, Result};
use serde_json::Value;

use crate::world::World;

/// Players and their inventories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Census {
    /// Region of each character.
    pub regions: BTreeMap<u64, u8>,
    /// Contents of each inventory that travels, by its entity.
    pub inventories: BTreeMap<u64, Value>,
}

impl Census {
    /// Counts.
    ///
    /// # Errors
    /// When a character or an inventory is in two regions at once, or what the host said.
    pub async fn take(world: &World) -> Result<Self> {
        let mut census = Self::default();
        for database in world.running.databases.iter().filter(|database| database.index > 0) {
            let region = database.index;
            for row in world.sql(region, "SELECT entity_id FROM user_state").await?.rows {
                let entity_id = row.first().and_then(Value::as_u64).unwrap_or(0);
                if let Some(other) = census.regions.insert(entity_id, region) {
                    bail!("player {entity_id} is in regions {other} and {region}");
                }
            }
            let query = "SELECT entity_id, player_owner_entity_id, pockets FROM inventory_state";
            for row in world.sql(region, query).await?.rows {
                let entity_id = row.first().and_then(Value::as_u64).unwrap_or(0);
                if census.inventories.insert(entity_id, Value::from(row)).is_some() {
                    bail!("inventory {entity_id} is in two regions");
                }
            }
        }
        Ok(census)
    }

    /// How many players are in a region.
    pub fn in_region(&self, region: u8) -> usize {
        self.regions.values().filter(|at| **at == region).count()
    }
}
