//! Worlds as live databases hold them.

use std::collections::HashMap;

use anyhow::{bail, Context as _};
use bytes::Bytes;
use hexmarch_host::{Connection, HostClient, Options};
use hexmarch_messages::resource::ResourceState;
use hexmarch_messages::terrain::{LocationState, TerrainChunkState, CELL_BYTES};
use hexmarch_messages::world::SiteState;
use hexmarch_sim_core::chunk::LARGE_TILES_PER_CHUNK;
use hexmarch_sim_core::{ChunkCoordinates, HexDirection, OffsetCoordinatesLarge, RegionBounds, OVERWORLD};
use hexmarch_world_gen::{Cell, Site, TerrainChunk};
use spacetimedb_lib::de::DeserializeOwned;

use super::land::{Land, Thing};
use super::make::around;

/// What one region's database holds of the open world.
#[derive(Debug, Default)]
pub struct Part {
    chunks: Vec<TerrainChunk>,
    things: Vec<Thing>,
    sites: Vec<SiteState>,
}

/// Reads a region's ground and what lies on it.
///
/// # Errors
/// When the database cannot be asked, runs a module whose tables are others than this tool's, or holds no ground.
pub async fn read(client: &HostClient, database: &str) -> anyhow::Result<Part> {
    let (connection, _events) = Connection::connect(client.url(), database, client.token(), Options::default()).await?;
    let of_overworld = format!("WHERE dimension = {OVERWORLD}");
    let chunks: Vec<TerrainChunkState> = rows(&connection, database, "terrain_chunk_state", &of_overworld).await?;
    let places: Vec<LocationState> = rows(&connection, database, "location_state", &of_overworld).await?;
    let resources: Vec<ResourceState> = rows(&connection, database, "resource_state", "").await?;
    let sites: Vec<SiteState> = rows(&connection, database, "site_state", "").await?;
    connection.close().await;
    if chunks.is_empty() {
        bail!("{database} has no world yet: its terrain_chunk_state is empty; 'hexmarch up' makes one");
    }
    let places: HashMap<u64, &LocationState> = places.iter().map(|place| (place.entity_id, place)).collect();
    let thing = |resource: &ResourceState| {
        let place = places.get(&resource.entity_id)?;
        Some(Thing {
            x: place.x,
            z: place.z,
            resource_id: resource.resource_id,
        })
    };
    Ok(Part {
        chunks: chunks
            .iter()
            .map(|row| terrain(database, row))
            .collect::<anyhow::Result<_>>()?,
        things: resources.iter().filter_map(thing).collect(),
        sites,
    })
}

async fn rows<R: DeserializeOwned>(
    connection: &Connection,
    database: &str,
    table: &str,
    filter: &str,
) -> anyhow::Result<Vec<R>> {
    let answer = connection.query(&format!("SELECT * FROM {table} {filter}")).await;
    let answer = answer.with_context(|| format!("cannot read {table} of {database}"))?;
    let rows = answer.into_iter().flat_map(|rows| rows.inserts);
    let read = |bytes: Bytes| spacetimedb_sats::bsatn::from_slice(&bytes);
    rows.map(read).collect::<Result<_, _>>().with_context(|| {
        format!("{database} runs a module whose {table} has other columns; publish the current one first")
    })
}

fn terrain(database: &str, row: &TerrainChunkState) -> anyhow::Result<TerrainChunk> {
    let chunk = ChunkCoordinates {
        x: row.chunk_x,
        z: row.chunk_z,
        dimension: row.dimension,
    };
    let cells: Vec<Cell> = (0..LARGE_TILES_PER_CHUNK)
        .map_while(|index| Some(row.cell(index)?.0))
        .collect();
    if row.cells.len() != usize::from(LARGE_TILES_PER_CHUNK) * CELL_BYTES {
        bail!(
            "chunk {},{} of {database} has {} bytes instead of {CELL_BYTES} for each of {LARGE_TILES_PER_CHUNK} tiles; publish the current module first",
            row.chunk_x,
            row.chunk_z,
            row.cells.len()
        );
    }
    Ok(TerrainChunk { chunk, cells })
}

/// Puts the parts of regions together.
pub fn join(parts: Vec<Part>) -> Land {
    let bounds_of = |part: &Part| {
        let chunks = part.chunks.iter().map(|made| RegionBounds {
            min_chunk_x: made.chunk.x,
            min_chunk_z: made.chunk.z,
            max_chunk_x: made.chunk.x.saturating_add(1),
            max_chunk_z: made.chunk.z.saturating_add(1),
        });
        around(&chunks.collect::<Vec<_>>())
    };
    let regions: Vec<RegionBounds> = parts.iter().map(bounds_of).collect();
    let mut land = Land::new(around(&regions), regions);
    for part in parts {
        for made in &part.chunks {
            land.put(made);
        }
        land.things.extend(part.things);
        land.sites.extend(part.sites.iter().map(site));
    }
    land.things.sort_unstable();
    land.sites.sort_by_key(|site| (site.tile, site.id));
    land
}

fn site(row: &SiteState) -> Site {
    Site {
        id: row.site_id,
        tile: OffsetCoordinatesLarge::new(row.x, row.z, OVERWORLD),
        direction: HexDirection::from_index(row.direction_index),
        level: row.elevation,
        // What is levelled is in the ground.
        level_radius: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(x: i32, z: i32, cells: usize) -> TerrainChunkState {
        let cell = [0x02, 0x01, 0xFF, 0xFF, 7, 0];
        TerrainChunkState {
            chunk_index: 1,
            chunk_x: x,
            chunk_z: z,
            dimension: OVERWORLD,
            cells: cell.repeat(cells),
        }
    }

    #[test]
    fn ground_of_a_row_is_found_at_its_tiles() {
        let part = Part {
            chunks: vec![terrain("d", &row(3, 5, 1_024)).unwrap()],
            things: Vec::new(),
            sites: Vec::new(),
        };
        let land = join(vec![part]);
        assert_eq!(land.size(), (32, 32));
        let cell = land.cell(3 * 32 + 31, 5 * 32).unwrap();
        assert_eq!((cell.elevation, cell.water_level, cell.biome), (258, -1, 7));
        assert_eq!(land.cell(3 * 32 - 1, 5 * 32), None);
    }

    #[test]
    fn rows_of_another_shape_are_refused() {
        let error = terrain("hexmarch-a-1", &row(3, 5, 1_000)).unwrap_err().to_string();
        assert!(error.contains("chunk 3,5 of hexmarch-a-1 has 6000 bytes"), "{error}");
    }
}
