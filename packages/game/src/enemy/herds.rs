//! Herds that wake up, are looked after, and fall asleep.

use hexmarch_base::{clock, Failure};
use hexmarch_messages::building::building_spawn_desc;
use hexmarch_messages::enemy::{
    awake_herd_state, enemy_mind_state, enemy_regen_cursor, enemy_state, herd_state, AwakeHerdState, EnemyRegenCursor,
    EnemyState, HerdState,
};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::interior::interior_spawn_desc;
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::session::signed_in_player_state;
use hexmarch_rules::chance;
use hexmarch_rules::herd::{is_about, Population, Regrowth};
use hexmarch_sim_core::creature::around;
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesFloat};
use spacetimedb::{ReducerContext, Table};

use super::kinds::{Kind, Kinds};
use super::land::{self, Land};
use super::people::People;
use super::UNHARMED;
use crate::{day, movement};

/// Players whose surroundings one run looks at.
const PLAYERS_PER_RUN: usize = 128;
/// Herds that one run looks after, and that it lets fall asleep.
pub const HERDS_PER_RUN: usize = 64;
/// Enemies that appear in one run.
const APPEAR_PER_RUN: usize = 64;
/// Herds are awake in the chunks of players and so many around.
const WAKE_CHUNKS: i32 = 1;
/// How exact `seen_ms` is.
const SEEN_GRANULARITY_MS: u64 = 10_000;
/// A herd falls asleep when nobody was near for so long; longer than it takes to look at all players.
const SLEEP_AFTER_MS: u64 = 45_000;
/// After so long one looks again whether somebody who is hurt has recovered.
const RECOVER_MS: u64 = 10_000;
/// How often an awake herd is looked after when nothing is due: the hour may be.
const TEND_EVERY_MS: u64 = 30_000;
/// How far from the home of their herd its members appear, in milli tiles.
const SPREAD: u32 = 5_000;
/// Places that are tried for one.
const SPREAD_TRIES: u64 = 4;
/// Nobody vanishes nearer to a player than this, in milli tiles.
const VANISH_DISTANCE: u64 = 30_000;
/// When the missing of herds come back of which content does not say it.
const DEFAULT_RESPAWN_MS: u64 = 15 * 60 * 1_000;

/// What one run knows.
pub struct Look<'a> {
    /// The transaction.
    pub ctx: &'a ReducerContext,
    /// Its time.
    pub now_ms: u64,
    hour: f32,
    kinds: Kinds<'a>,
    land: Land<'a>,
    people: People<'a>,
}

impl<'a> Look<'a> {
    /// Nothing is read yet.
    pub fn new(ctx: &'a ReducerContext) -> Self {
        let now_ms = clock::now_ms(ctx);
        Self {
            ctx,
            now_ms,
            hour: day::hour(ctx),
            kinds: Kinds::new(ctx),
            land: Land::new(ctx),
            people: People::new(ctx, now_ms),
        }
    }

    /// Wakes the herds near players, a slice of players at a time.
    pub fn wake(&self) {
        let mut chunks = Vec::new();
        for player in self.slice_of_players() {
            if let Some(row) = self.ctx.db.mobile_entity_state().entity_id().find(player) {
                let position = movement::track(&row).segment.position_at(self.now_ms);
                chunks.extend(chunks_near(ChunkCoordinates::from(position)));
            }
        }
        chunks.sort_unstable();
        chunks.dedup();
        for chunk in chunks {
            for herd in self.ctx.db.herd_state().chunk_index().filter(chunk) {
                wake(self.ctx, herd.entity_id);
            }
        }
    }

    /// The next players. There are no more than the region lets in, and of the others only the ids are read.
    fn slice_of_players(&self) -> Vec<u64> {
        let db = &self.ctx.db;
        let mut players: Vec<u64> = db.signed_in_player_state().iter().map(|row| row.entity_id).collect();
        let cursor = db.enemy_regen_cursor().id().find(0);
        if players.len() <= PLAYERS_PER_RUN {
            if cursor.is_some() {
                db.enemy_regen_cursor().id().delete(0);
            }
            return players;
        }
        players.sort_unstable();
        let after = cursor.as_ref().map_or(0, |row| row.after);
        let first = players.partition_point(|player| *player <= after);
        players.rotate_left(first);
        players.truncate(PLAYERS_PER_RUN);
        let row = EnemyRegenCursor {
            id: 0,
            after: players.last().copied().unwrap_or(0),
        };
        if cursor.is_some() {
            db.enemy_regen_cursor().id().update(row);
        } else {
            db.enemy_regen_cursor().insert(row);
        }
        players
    }

    /// Looks after awake herds that are due: who comes back, who appears, who goes to sleep for the hour.
    ///
    /// # Errors
    /// `entity.*`.
    pub fn tend(&self) -> Result<(), Failure> {
        let due = self.ctx.db.awake_herd_state().due_ms().filter(0..=self.now_ms);
        let due: Vec<AwakeHerdState> = due.take(HERDS_PER_RUN).collect();
        let mut room = APPEAR_PER_RUN;
        for awake in due {
            let db = &self.ctx.db;
            let herd = db.herd_state().entity_id().find(awake.entity_id);
            let kind = herd.as_ref().and_then(|herd| self.kinds.of(herd.enemy_type));
            let (Some(herd), Some(kind)) = (herd, kind) else {
                super::remove_herd(self.ctx, awake.entity_id);
                continue;
            };
            let due_ms = self.tend_one(herd, &kind, &mut room)?;
            db.awake_herd_state()
                .entity_id()
                .update(AwakeHerdState { due_ms, ..awake });
        }
        Ok(())
    }

    /// Looks after a herd, and gives when to do so again.
    fn tend_one(&self, herd: HerdState, kind: &Kind, room: &mut usize) -> Result<u64, Failure> {
        let before = population(&herd);
        let after = before.regrown(self.now_ms, self.regrowth(&herd));
        let herd = HerdState {
            current_population: after.current,
            ready_at_ms: after.ready_at_ms,
            ..herd
        };
        if after != before {
            self.ctx.db.herd_state().entity_id().update(herd.clone());
        }
        let members: Vec<EnemyState> = self
            .ctx
            .db
            .enemy_state()
            .herd_entity_id()
            .filter(herd.entity_id)
            .collect();
        let mut due_ms = self.now_ms + TEND_EVERY_MS;
        // Some never come back: nothing is due for them.
        if after.is_missing() && after.ready_at_ms > self.now_ms {
            due_ms = due_ms.min(after.ready_at_ms);
        }
        let params = self.kinds.params(&herd);
        if params.is_some_and(|row| !is_about(self.hour, row.time_of_day_start, row.time_of_day_end)) {
            self.retire(&members, |position| {
                self.people.nearest(position, VANISH_DISTANCE).is_some()
            });
            return Ok(due_ms);
        }
        let there = u32::try_from(members.len()).unwrap_or(u32::MAX);
        for number in there..herd.current_population {
            if *room == 0 {
                return Ok(self.now_ms);
            }
            *room -= 1;
            let random = chance::hash(&[herd.entity_id, self.now_ms, u64::from(number)]);
            let Some(at) = self.spot(&herd, kind, random) else {
                break;
            };
            super::appear(self.ctx, &herd, kind.desc.max_health, at)?;
        }
        Ok(due_ms)
    }

    /// A place near the home of a herd from which one can go there; else the home.
    fn spot(&self, herd: &HerdState, kind: &Kind, random: u64) -> Option<OffsetCoordinatesFloat> {
        let home = land::home(herd)?;
        let spot = (0..SPREAD_TRIES).find_map(|attempt| {
            let spot = around(home, SPREAD, chance::hash(&[random, attempt]))?;
            kind.habits.can_go(spot, home, &self.land).then_some(spot)
        });
        spot.or(Some(home))
    }

    /// Lets unharmed members go of whom no player is `watched`; says whether all went.
    fn retire(&self, members: &[EnemyState], watched: impl Fn(OffsetCoordinatesFloat) -> bool) -> bool {
        let db = &self.ctx.db;
        let mut all = true;
        for member in members {
            let id = member.entity_id;
            let mind = db.enemy_mind_state().entity_id().find(id);
            let is_harmed = mind.is_some_and(|mind| mind.regen_due_ms != UNHARMED);
            let place = db.mobile_entity_state().entity_id().find(id);
            let position = place.map(|row| movement::track(&row).segment.position_at(self.now_ms));
            if is_harmed || position.is_some_and(&watched) {
                all = false;
            } else {
                delete_entity(db, id);
            }
        }
        all
    }

    /// Lets herds fall asleep with nobody near for long, those first who are alone longest.
    pub fn sleep(&self) {
        let db = &self.ctx.db;
        let before = self.now_ms.saturating_sub(SLEEP_AFTER_MS);
        let alone: Vec<AwakeHerdState> = db
            .awake_herd_state()
            .seen_ms()
            .filter(0..=before)
            .take(HERDS_PER_RUN)
            .collect();
        for herd in alone {
            let members: Vec<EnemyState> = db.enemy_state().herd_entity_id().filter(herd.entity_id).collect();
            if self.retire(&members, |_| false) {
                db.awake_herd_state().entity_id().delete(herd.entity_id);
            } else {
                db.awake_herd_state().entity_id().update(AwakeHerdState {
                    seen_ms: before + RECOVER_MS,
                    ..herd
                });
            }
        }
    }

    fn regrowth(&self, herd: &HerdState) -> Regrowth {
        regrowth(self.ctx, &self.kinds, herd)
    }
}

/// Somebody is near a herd.
pub fn wake(ctx: &ReducerContext, entity_id: u64) {
    let (awake, now_ms) = (ctx.db.awake_herd_state(), clock::now_ms(ctx));
    match awake.entity_id().find(entity_id) {
        Some(row) if now_ms.saturating_sub(row.seen_ms) < SEEN_GRANULARITY_MS => {}
        Some(row) => {
            awake.entity_id().update(AwakeHerdState { seen_ms: now_ms, ..row });
        }
        None => {
            awake.insert(AwakeHerdState {
                entity_id,
                seen_ms: now_ms,
                due_ms: now_ms,
            });
        }
    }
}

/// A member of a herd died.
pub fn lost_one(ctx: &ReducerContext, herd_entity_id: u64, now_ms: u64) {
    let Some(herd) = ctx.db.herd_state().entity_id().find(herd_entity_id) else {
        return;
    };
    let after = population(&herd).without_one(now_ms, regrowth(ctx, &Kinds::new(ctx), &herd));
    ctx.db.herd_state().entity_id().update(HerdState {
        current_population: after.current,
        ready_at_ms: after.ready_at_ms,
        ..herd
    });
    let awake = ctx.db.awake_herd_state();
    if let Some(row) = awake
        .entity_id()
        .find(herd_entity_id)
        .filter(|row| row.due_ms > after.ready_at_ms)
    {
        awake.entity_id().update(AwakeHerdState {
            due_ms: after.ready_at_ms,
            ..row
        });
    }
}

fn population(herd: &HerdState) -> Population {
    Population {
        current: herd.current_population,
        wanted: herd.wanted,
        ready_at_ms: herd.ready_at_ms,
    }
}

/// How the missing of a herd come back: as their kind does, or as the building says that they guard.
fn regrowth(ctx: &ReducerContext, kinds: &Kinds<'_>, herd: &HerdState) -> Regrowth {
    if let Some(params) = kinds.params(herd) {
        return Regrowth {
            every_ms: (f64::from(params.spawn_frequency_minutes.max(0.0)) * 60_000.0) as u64,
            eagerness: params.spawn_eagerness,
        };
    }
    let ms = |seconds: f32| (seconds.max(0.0) * 1_000.0) as u64;
    let times = herd.building_spawn_desc_id.and_then(|id| respawn_times(ctx, id));
    let every_ms = times.map_or(DEFAULT_RESPAWN_MS, |(least, most)| {
        let random = chance::hash(&[herd.entity_id, herd.ready_at_ms]);
        chance::between(random, ms(least), ms(most))
    });
    Regrowth {
        every_ms,
        eagerness: 1.0,
    }
}

/// Seconds until a guard comes again, at least and at most. Those of rooms have negative numbers.
fn respawn_times(ctx: &ReducerContext, building_spawn_desc_id: i32) -> Option<(f32, f32)> {
    if building_spawn_desc_id < 0 {
        let of_rooms = ctx.db.interior_spawn_desc();
        let row = of_rooms.id().find(building_spawn_desc_id.checked_neg()?)?;
        return Some((row.respawn_time_min, row.respawn_time_max));
    }
    let row = ctx.db.building_spawn_desc().id().find(building_spawn_desc_id)?;
    Some((row.respawn_time_min, row.respawn_time_max))
}

fn chunks_near(middle: ChunkCoordinates) -> impl Iterator<Item = u64> {
    (-WAKE_CHUNKS..=WAKE_CHUNKS).flat_map(move |z| {
        (-WAKE_CHUNKS..=WAKE_CHUNKS).filter_map(move |x| {
            let chunk = ChunkCoordinates {
                x: middle.x.checked_add(x)?,
                z: middle.z.checked_add(z)?,
                ..middle
            };
            chunk.index()
        })
    })
}
