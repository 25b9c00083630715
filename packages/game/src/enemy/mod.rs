//! Enemies: herds that live somewhere, and their members, who are about while somebody is near.
//!
//! Invariants: an enemy has all of its rows (`enemy_state`, `enemy_mind_state`, `mobile_entity_state`, `health_state`) or
//! none; it belongs to a herd that is awake; a herd never has more members about than it is strong. A herd with nobody near
//! costs nothing.

use hexmarch_base::{clock, entity, Failure};
use hexmarch_messages::building::{building_spawn_desc, BuildingSpawnDesc};
use hexmarch_messages::enemy::{
    awake_herd_state, enemy_ai_params_desc, enemy_mind_state, enemy_state, herd_state, EnemyAiParamsDesc,
    EnemyMindState, EnemyState, EnemyStatus, HerdState,
};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::placement::site_desc;
use hexmarch_messages::player::{health_state, HealthState};
use hexmarch_messages::terrain::{terrain_chunk_state, TerrainChunkState, CELL_BYTES};
use hexmarch_messages::world::{site_state, world_definition_state};
use hexmarch_rules::enemy_ai::{GRUDGE_MS, UNSAFE_MS};
use hexmarch_rules::{chance, herd};
use hexmarch_sim_core::chunk::LARGE_TILES_PER_CHUNK;
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesFloat, OffsetCoordinatesLarge, SmallHexTile};
use spacetimedb::{ReducerContext, Table};

use crate::building::Standing;
use crate::enemy::herds;
use crate::enemy::kinds::Kinds;
use crate::enemy::land::Land;
use crate::movement;

/// Places in a chunk that are tried for a herd's home.
const HOME_TRIES: u64 = 12;
/// From a home one can go at least so many of the six ways.
const HOME_WAYS: usize = 4;
/// Most herds of one kind in a chunk.
const MAX_HERDS: u32 = 8;
/// `regen_due_ms` of those who are unharmed.
pub const UNHARMED: u64 = u64::MAX;

/// Puts the herds of a chunk into the world: of each kind that lives in its countries, as many as are due there by chance,
/// none near settlements. The same chunk of the same world gets the same herds.
///
/// # Errors
/// `region.out_of_world` for what is no chunk, `entity.*`.
pub fn populate_chunk(ctx: &ReducerContext, chunk: ChunkCoordinates) -> Result<(), Failure> {
    let chunk_index = chunk.index().ok_or_else(|| Failure::new("region.out_of_world"))?;
    let Some(terrain) = ctx.db.terrain_chunk_state().chunk_index().find(chunk_index) else {
        return Ok(());
    };
    if is_safe(ctx, chunk) {
        return Ok(());
    }
    let seed = ctx.db.world_definition_state().id().find(0).map_or(0, |row| row.seed);
    let shares = biome_shares(&terrain);
    let (land, kinds) = (Land::new(ctx), Kinds::new(ctx));
    let mut params: Vec<EnemyAiParamsDesc> = ctx.db.enemy_ai_params_desc().iter().collect();
    params.sort_unstable_by_key(|row| row.id);
    for row in params {
        let biome = u8::try_from(row.biome).unwrap_or(0);
        let share = shares.get(usize::from(biome)).copied().unwrap_or(0);
        if share == 0 {
            continue;
        }
        let Some(kind) = kinds.of(row.enemy_type) else { continue };
        let expected = f64::from(row.herds_per_chunk) * f64::from(share) / f64::from(LARGE_TILES_PER_CHUNK);
        let numbers = [seed, chunk_index, u64::from(row.id.unsigned_abs())];
        for number in 0..chance::count(chance::hash(&numbers), expected).min(MAX_HERDS) {
            let random = chance::hash(&[
                seed,
                chunk_index,
                u64::from(row.id.unsigned_abs()),
                u64::from(number) + 1,
            ]);
            let home = home_in(chunk, &terrain, biome, random, |tile| {
                kind.habits.has_room(tile, HOME_WAYS, &land)
            });
            let Some(home) = home else { continue };
            let size = herd::size(chance::mix(random), row.avg_herd_size, row.var_herd_size);
            settle(ctx, row.enemy_type, Some(row.id), None, home, size)?;
        }
    }
    Ok(())
}

/// Puts an enemy at a building that it guards.
///
/// # Errors
/// `region.out_of_world` where no chunk can be, `entity.*`.
pub fn guard(ctx: &ReducerContext, spawn: &BuildingSpawnDesc, standing: &Standing) -> Result<(), Failure> {
    let Some(enemy_type) = spawn.enemy_type else {
        return Ok(());
    };
    let home = standing.tile_at(spawn.x, spawn.z);
    let home = home.ok_or_else(|| Failure::new("region.out_of_world"))?;
    settle(ctx, enemy_type, None, Some(spawn.id), home, 1).map(drop)
}

/// Puts a herd into the world, all of it, asleep.
///
/// # Errors
/// `region.out_of_world` where no chunk can be, `entity.*`.
pub fn settle(
    ctx: &ReducerContext,
    enemy_type: i32,
    enemy_ai_params_desc_id: Option<i32>,
    building_spawn_desc_id: Option<i32>,
    home: SmallHexTile,
    size: u32,
) -> Result<HerdState, Failure> {
    let outside = || Failure::new("region.out_of_world");
    let offset = home.to_offset().ok_or_else(outside)?;
    let chunk = ChunkCoordinates::from(home.center().ok_or_else(outside)?);
    let chunk_index = chunk.index().ok_or_else(outside)?;
    Ok(ctx.db.herd_state().insert(HerdState {
        entity_id: entity::create(ctx)?,
        enemy_type,
        enemy_ai_params_desc_id,
        building_spawn_desc_id,
        chunk_index,
        x: offset.x,
        z: offset.z,
        dimension: offset.dimension,
        wanted: size,
        current_population: size,
        ready_at_ms: 0,
    }))
}

/// Takes the guards of a building out of the world.
pub fn unguard(ctx: &ReducerContext, standing: &Standing) {
    let spawns = ctx.db.building_spawn_desc().building_id().filter(standing.building_id);
    for spawn in spawns.filter(|spawn| spawn.enemy_type.is_some()) {
        let home = standing.tile_at(spawn.x, spawn.z);
        let Some((tile, chunk_index)) = home.and_then(|home| {
            let chunk = ChunkCoordinates::from(home.center()?);
            Some((home.to_offset()?, chunk.index()?))
        }) else {
            continue;
        };
        let is_its =
            |herd: &HerdState| herd.building_spawn_desc_id == Some(spawn.id) && (herd.x, herd.z) == (tile.x, tile.z);
        for herd in herds_of(ctx, chunk_index).iter().filter(|herd| is_its(herd)) {
            remove_herd(ctx, herd.entity_id);
        }
    }
}

/// Takes all herds of a chunk out of the world: it is no more.
pub fn remove_herds_of(ctx: &ReducerContext, chunk_index: u64) {
    for herd in herds_of(ctx, chunk_index) {
        remove_herd(ctx, herd.entity_id);
    }
}

/// Takes a herd out of the world with all who are about.
pub fn remove_herd(ctx: &ReducerContext, herd_entity_id: u64) {
    let members: Vec<u64> = ctx
        .db
        .enemy_state()
        .herd_entity_id()
        .filter(herd_entity_id)
        .map(|row| row.entity_id)
        .collect();
    for member in members {
        delete_entity(&ctx.db, member);
    }
    delete_entity(&ctx.db, herd_entity_id);
}

/// Lets a member of a herd appear.
///
/// # Errors
/// `region.out_of_world` where no chunk can be, `entity.*`.
pub fn appear(
    ctx: &ReducerContext,
    herd: &HerdState,
    max_health: i32,
    at: OffsetCoordinatesFloat,
) -> Result<u64, Failure> {
    let now_ms = clock::now_ms(ctx);
    let entity_id = entity::create(ctx)?;
    let place = movement::placed(entity_id, at, now_ms).ok_or_else(|| Failure::new("region.out_of_world"))?;
    ctx.db.mobile_entity_state().insert(place);
    ctx.db.health_state().insert(HealthState {
        entity_id,
        health: max_health as f32,
        last_health_decrease_timestamp: ctx.timestamp,
    });
    ctx.db.enemy_state().insert(EnemyState {
        entity_id,
        herd_entity_id: herd.entity_id,
        enemy_type: herd.enemy_type,
        status: EnemyStatus::Idle,
        direction: i32::try_from(entity_id % 6).unwrap_or(0),
        target_entity_id: 0,
    });
    ctx.db.enemy_mind_state().insert(EnemyMindState {
        entity_id,
        // Not all at once.
        due_ms: now_ms + chance::mix(entity_id) % 1_000,
        regen_due_ms: UNHARMED,
        provoked_by: 0,
        provoked_until_ms: 0,
        ready_ms: Vec::new(),
        any_ready_ms: 0,
        stuck_until_ms: 0,
        blow: None,
    });
    Ok(entity_id)
}

/// Takes health of an enemy, and gives what it has left; at 0 it is gone, and its herd one fewer until it comes back. Who
/// did it, 0 for nobody, is remembered.
///
/// # Errors
/// `enemy.unknown`, `enemy.bad_damage` for what is no amount.
pub fn hurt(ctx: &ReducerContext, entity_id: u64, damage: f32, by: u64) -> Result<f32, Failure> {
    let unknown = || Failure::new("enemy.unknown");
    if !damage.is_finite() || damage < 0.0 {
        return Err(Failure::new("enemy.bad_damage"));
    }
    let enemy = ctx.db.enemy_state().entity_id().find(entity_id).ok_or_else(unknown)?;
    let mind = ctx
        .db
        .enemy_mind_state()
        .entity_id()
        .find(entity_id)
        .ok_or_else(unknown)?;
    let before = ctx.db.health_state().entity_id().find(entity_id).ok_or_else(unknown)?;
    let health = (before.health - damage).max(0.0);
    let now_ms = clock::now_ms(ctx);
    if health <= 0.0 {
        delete_entity(&ctx.db, entity_id);
        herds::lost_one(ctx, enemy.herd_entity_id, now_ms);
        return Ok(0.0);
    }
    ctx.db.health_state().entity_id().update(HealthState {
        health,
        last_health_decrease_timestamp: ctx.timestamp,
        ..before
    });
    let provoked = by != 0;
    ctx.db.enemy_mind_state().entity_id().update(EnemyMindState {
        due_ms: now_ms,
        regen_due_ms: now_ms + UNSAFE_MS,
        provoked_by: if provoked { by } else { mind.provoked_by },
        provoked_until_ms: if provoked {
            now_ms + GRUDGE_MS
        } else {
            mind.provoked_until_ms
        },
        ..mind
    });
    Ok(health)
}

/// Whether no enemies come to a chunk, for a place near by.
fn is_safe(ctx: &ReducerContext, chunk: ChunkCoordinates) -> bool {
    ctx.db
        .site_desc()
        .iter()
        .filter(|desc| desc.safe_chunks > 0)
        .any(|desc| {
            ctx.db.site_state().site_id().filter(desc.id).any(|site| {
                let other = ChunkCoordinates::from(OffsetCoordinatesLarge::new(site.x, site.z, chunk.dimension));
                chunk.x.abs_diff(other.x).max(chunk.z.abs_diff(other.z)) <= desc.safe_chunks
            })
        })
}

/// Large tiles of each country in a chunk.
fn biome_shares(terrain: &TerrainChunkState) -> [u16; 256] {
    let mut shares = [0; 256];
    for biome in terrain.cells.chunks_exact(CELL_BYTES).filter_map(biome_of) {
        if let Some(share) = shares.get_mut(usize::from(biome)) {
            *share += 1;
        }
    }
    shares
}

fn biome_of(cell: &[u8]) -> Option<u8> {
    cell.get(4).copied()
}

/// A place of a country in a chunk with room for those who live there.
fn home_in(
    chunk: ChunkCoordinates,
    terrain: &TerrainChunkState,
    biome: u8,
    random: u64,
    has_room: impl Fn(OffsetCoordinatesLarge) -> bool,
) -> Option<SmallHexTile> {
    (0..HOME_TRIES).find_map(|attempt| {
        let index = u16::try_from(chance::hash(&[random, attempt]) % u64::from(LARGE_TILES_PER_CHUNK)).ok()?;
        let cell = terrain.cells.chunks_exact(CELL_BYTES).nth(usize::from(index))?;
        let tile = chunk.large_tile(index)?;
        (biome_of(cell) == Some(biome) && has_room(tile)).then_some(())?;
        tile.to_axial()?.center_tile()
    })
}

/// Herds of a chunk, asleep or awake.
pub fn herds_of(ctx: &ReducerContext, chunk_index: u64) -> Vec<HerdState> {
    ctx.db.herd_state().chunk_index().filter(chunk_index).collect()
}

/// Whether a herd is awake.
pub fn is_awake(ctx: &ReducerContext, herd_entity_id: u64) -> bool {
    ctx.db.awake_herd_state().entity_id().find(herd_entity_id).is_some()
}
