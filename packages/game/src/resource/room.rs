//! Whether there is room for a thing: ground of this region, and nothing else on it.

use std::collections::{BTreeSet, HashMap};

use hexmarch_base::Failure;
use hexmarch_messages::building::{building_desc, building_state, FootprintTile};
use hexmarch_messages::resource::{resource_desc, resource_state};
use hexmarch_messages::terrain::{location_state, LocationState};
use hexmarch_sim_core::chunk::{LARGE_PER_CHUNK, SMALL_PER_LARGE};
use hexmarch_sim_core::{
    ChunkCoordinates, Footprint, HexDirection, LargeHexTile, OffsetCoordinatesLarge, OffsetCoordinatesSmall,
    SmallHexTile,
};
use hexmarch_world_gen::stand::KnownGround;
use spacetimedb::{ReducerContext, Table};

use crate::region;
use crate::terrain::cells::StoredCells;

/// Small tiles along one side of a chunk.
const SMALL_PER_CHUNK: i32 = SMALL_PER_LARGE * LARGE_PER_CHUNK;

/// A look at the land, for several questions in one transaction. What kinds take is read once.
pub struct Room<'a> {
    ctx: &'a ReducerContext,
    cells: StoredCells<'a>,
    resources: HashMap<i32, Footprint>,
    buildings: HashMap<i32, Footprint>,
    /// Furthest tile of any of them from its middle.
    widest: i32,
}

impl<'a> Room<'a> {
    /// Reads what kinds take.
    pub fn new(ctx: &'a ReducerContext) -> Self {
        let mut widest = 0;
        let mut footprint = |tiles: &[FootprintTile]| {
            let reach = |tile: &FootprintTile| tile.x.abs().max(tile.z.abs()).max((tile.x + tile.z).abs());
            widest = tiles.iter().map(reach).fold(widest, i32::max);
            Footprint::new(tiles.iter().map(|tile| (tile.x, tile.z))).ok()
        };
        let resources = ctx.db.resource_desc().iter();
        let resources = resources
            .filter_map(|row| Some((row.id, footprint(&row.footprint)?)))
            .collect();
        let buildings = ctx.db.building_desc().iter();
        let buildings = buildings
            .filter_map(|row| Some((row.id, footprint(&row.footprint)?)))
            .collect();
        Self {
            ctx,
            cells: StoredCells::new(ctx),
            resources,
            buildings,
            widest,
        }
    }

    /// The ground.
    pub fn cells(&self) -> &StoredCells<'a> {
        &self.cells
    }

    /// The tiles that a thing takes.
    ///
    /// # Errors
    /// `resource.unknown|<kind>`; `region.out_of_world` where a tile cannot be.
    pub fn tiles(
        &self,
        resource_id: i32,
        tile: SmallHexTile,
        direction: HexDirection,
    ) -> Result<Vec<SmallHexTile>, Failure> {
        let footprint = self.resources.get(&resource_id);
        let footprint = footprint.ok_or_else(|| Failure::new(format!("resource.unknown|{resource_id}")))?;
        let tiles = footprint.tiles(tile, direction);
        tiles.ok_or_else(|| Failure::new("region.out_of_world"))
    }

    /// Whether there is room for a thing.
    ///
    /// # Errors
    /// Those of [`Room::tiles`] and of [`Room::check_tiles`].
    pub fn check(&self, resource_id: i32, tile: SmallHexTile, direction: HexDirection) -> Result<(), Failure> {
        self.check_tiles(tile, &self.tiles(resource_id, tile, direction)?)
    }

    /// Whether there is room on these tiles around a middle.
    ///
    /// # Errors
    /// `region.not_set_up`, `resource.outside_region`, `resource.no_ground`, `resource.taken`.
    pub fn check_tiles(&self, middle: SmallHexTile, tiles: &[SmallHexTile]) -> Result<(), Failure> {
        let own = region::own(self.ctx).ok_or_else(|| Failure::new("region.not_set_up"))?;
        let layout = region::layout(&own)?;
        for tile in tiles {
            if tile.center().and_then(|center| layout.region_at(center)) != Some(own.region_index) {
                return Err(Failure::new("resource.outside_region"));
            }
        }
        if !tiles.iter().all(|tile| self.has_ground(*tile)) {
            return Err(Failure::new("resource.no_ground"));
        }
        if self.is_taken(middle, tiles) {
            return Err(Failure::new("resource.taken"));
        }
        Ok(())
    }

    /// Whether there is room for a thing.
    pub fn is_free(&self, resource_id: i32, tile: SmallHexTile, direction: HexDirection) -> bool {
        self.check(resource_id, tile, direction).is_ok()
    }

    fn has_ground(&self, tile: SmallHexTile) -> bool {
        let large = tile.large_tile().and_then(LargeHexTile::to_offset);
        large.is_some_and(|large| self.cells.cell(large).is_some())
    }

    /// Whether something stands on one of these tiles around a middle: what is so near is found by its chunk.
    fn is_taken(&self, middle: SmallHexTile, tiles: &[SmallHexTile]) -> bool {
        let wanted: BTreeSet<SmallHexTile> = tiles.iter().copied().collect();
        let own = tiles.iter().filter_map(|tile| middle.distance(*tile)).max();
        let reach = i32::try_from(own.unwrap_or_default())
            .unwrap_or(i32::MAX)
            .saturating_add(self.widest);
        chunks_around(middle, reach).any(|chunk_index| {
            let mut rows = self.ctx.db.location_state().chunk_index().filter(chunk_index);
            rows.any(|row| {
                let at = OffsetCoordinatesSmall::new(row.x, row.z, row.dimension).to_axial();
                let near = at.filter(|at| {
                    let distance = middle.distance(*at).and_then(|steps| i32::try_from(steps).ok());
                    distance.is_some_and(|steps| steps <= reach)
                });
                near.is_some_and(|at| self.taken_by(&row, at).iter().any(|tile| wanted.contains(tile)))
            })
        })
    }

    /// The tiles that something takes: those of its kind, else the one where it is.
    fn taken_by(&self, row: &LocationState, at: SmallHexTile) -> Vec<SmallHexTile> {
        let resource = self.ctx.db.resource_state().entity_id().find(row.entity_id);
        let found = match resource {
            Some(resource) => Some((self.resources.get(&resource.resource_id), resource.direction_index)),
            None => {
                let building = self.ctx.db.building_state().entity_id().find(row.entity_id);
                building.map(|row| (self.buildings.get(&row.building_description_id), row.direction_index))
            }
        };
        let tiles = found
            .and_then(|(footprint, direction_index)| footprint?.tiles(at, HexDirection::from_index(direction_index)));
        tiles.unwrap_or_else(|| vec![at])
    }
}

/// The chunks with a tile that is at most so far from a tile.
fn chunks_around(middle: SmallHexTile, reach: i32) -> impl Iterator<Item = u64> {
    // A small tile lies at most one large tile beside its place in the grid of squares.
    let reach = reach.saturating_add(SMALL_PER_LARGE);
    let offset = middle.to_offset().unwrap_or_default();
    let chunks = move |at: i32| {
        let chunk = |at: i32| at.div_euclid(SMALL_PER_CHUNK);
        chunk(at.saturating_sub(reach))..=chunk(at.saturating_add(reach))
    };
    let dimension = offset.dimension;
    chunks(offset.z)
        .flat_map(move |z| chunks(offset.x).map(move |x| ChunkCoordinates { x, z, dimension }))
        .filter_map(ChunkCoordinates::index)
}
