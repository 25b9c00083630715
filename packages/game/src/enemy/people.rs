//! Players whom enemies might mind: in the world, and alive.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use hexmarch_messages::movement::{mobile_entity_state, MobileEntityState};
use hexmarch_messages::player::{character_stats_state, health_state, CharacterStatType};
use hexmarch_messages::session::signed_in_player_state;
use hexmarch_rules::enemy_ai::Noticed;
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesFloat, MILLI_PER_TILE};
use spacetimedb::ReducerContext;

use crate::{movement, player};

/// Furthest that somebody is from the chunk under which they are found, in milli tiles: a segment and some.
const ASTRAY: i32 = 8 * MILLI_PER_TILE;

/// Somebody.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Who.
    pub entity_id: u64,
    /// Where they are now.
    pub position: OffsetCoordinatesFloat,
    /// By how much later they are noticed, in milli tiles.
    pub stealth: u64,
}

impl Person {
    /// How somebody looks from a place in the same dimension.
    pub fn noticed_from(&self, from: OffsetCoordinatesFloat) -> Option<Noticed> {
        Some(Noticed {
            entity_id: self.entity_id,
            distance: from.distance_milli(self.position)?,
            stealth: self.stealth,
        })
    }
}

/// Players, read chunk by chunk as they are asked for.
pub struct People<'a> {
    ctx: &'a ReducerContext,
    now_ms: u64,
    chunks: RefCell<BTreeMap<u64, Rc<[Person]>>>,
}

impl<'a> People<'a> {
    /// Nobody is read yet.
    pub fn new(ctx: &'a ReducerContext, now_ms: u64) -> Self {
        Self {
            ctx,
            now_ms,
            chunks: RefCell::default(),
        }
    }

    /// Somebody; `None` when they are not in the world, or dead.
    pub fn find(&self, entity_id: u64) -> Option<Person> {
        self.person(&self.ctx.db.mobile_entity_state().entity_id().find(entity_id)?)
    }

    /// Whoever is noticed first from a place, within `range` milli tiles of coordinates.
    pub fn nearest(&self, from: OffsetCoordinatesFloat, range: u64) -> Option<Person> {
        let seen = |person: &Person| Some((person.noticed_from(from)?, *person));
        let mut best: Option<(Noticed, Person)> = None;
        for chunk in chunks_around(from, range) {
            for (noticed, person) in self.of_chunk(chunk).iter().filter_map(seen) {
                let key = |one: &Noticed| (one.distance.saturating_add(one.stealth), one.entity_id);
                if noticed.distance <= range && best.as_ref().is_none_or(|(known, _)| key(&noticed) < key(known)) {
                    best = Some((noticed, person));
                }
            }
        }
        best.map(|(_, person)| person)
    }

    fn of_chunk(&self, chunk_index: u64) -> Rc<[Person]> {
        let mut chunks = self.chunks.borrow_mut();
        let read = || {
            let rows = self.ctx.db.mobile_entity_state().chunk_index().filter(chunk_index);
            rows.filter_map(|row| self.person(&row)).collect()
        };
        chunks.entry(chunk_index).or_insert_with(read).clone()
    }

    fn person(&self, row: &MobileEntityState) -> Option<Person> {
        let (db, entity_id) = (&self.ctx.db, row.entity_id);
        db.signed_in_player_state().entity_id().find(entity_id)?;
        let health = db.health_state().entity_id().find(entity_id)?;
        (health.health > 0.0).then_some(())?;
        let stats = db.character_stats_state().entity_id().find(entity_id);
        let stealth = stats.map_or(0.0, |row| player::stat(&row.values, CharacterStatType::Stealth));
        Some(Person {
            entity_id,
            position: movement::track(row).segment.position_at(self.now_ms),
            stealth: (stealth.clamp(0.0, 1_000.0) * MILLI_PER_TILE as f32) as u64,
        })
    }
}

/// The chunks in which those may be found who are so near.
fn chunks_around(from: OffsetCoordinatesFloat, range: u64) -> Vec<u64> {
    // A row is less wide than a column.
    let reach = i32::try_from(range.saturating_mul(7) / 6)
        .unwrap_or(i32::MAX)
        .saturating_add(ASTRAY);
    let corner = |x: i32, z: i32| ChunkCoordinates::from(OffsetCoordinatesFloat::new(x, z, from.dimension));
    let low = corner(from.x.saturating_sub(reach), from.z.saturating_sub(reach));
    let high = corner(from.x.saturating_add(reach), from.z.saturating_add(reach));
    let row = |z: i32| (low.x..=high.x).filter_map(move |x| ChunkCoordinates { x, z, ..low }.index());
    (low.z..=high.z).flat_map(row).collect()
}
