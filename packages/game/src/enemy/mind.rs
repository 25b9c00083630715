//! An enemy thinks: it looks around, decides by the rules, and does it.

use std::cell::Cell;
use std::rc::Rc;

use hexmarch_base::clock;
use hexmarch_messages::enemy::EnemyDesc;
use hexmarch_messages::enemy::{
    enemy_attack_event, enemy_mind_state, enemy_state, herd_state, Blow, EnemyAttackEvent, EnemyAttackStage,
    EnemyMindState, EnemyState, EnemyStatus,
};
use hexmarch_messages::generated::delete_entity;
use hexmarch_messages::movement::mobile_entity_state;
use hexmarch_messages::player::{health_state, HealthState};
use hexmarch_rules::chance;
use hexmarch_rules::enemy_ai::{damage, decide, Decision, Noticed, Ready, Situation, Status, Temper};
use hexmarch_sim_core::creature::{around, facing};
use hexmarch_sim_core::{OffsetCoordinatesFloat, Segment, Track};
use spacetimedb::{ReducerContext, Table};

use super::kinds::{Action, Kind, Kinds};
use super::land::{self, Land};
use super::people::People;
use crate::{day, movement};

/// Between two thoughts of somebody who is after somebody, or runs.
const BUSY_MS: u64 = 400;
/// Between two thoughts at leisure with somebody around, at least.
const WATCHFUL_MS: u64 = 700;
/// Between two thoughts at leisure with nobody around, at least.
const DROWSY_MS: u64 = 2_000;
/// Longest time until somebody at leisure thinks again.
const LONGEST_MS: u64 = 1_500;
/// Steps last so long: longer than until the next thought, so that nobody stops between two.
const STEP_MS: u64 = 700;
/// Steps of those who go home.
const HOMEWARD_MS: u64 = 1_200;
/// How far one sets out at leisure, in milli tiles.
const STROLL: u32 = 8_000;
/// How far around those who might come are looked for, beyond what one minds, in milli tiles.
const AROUND: u64 = 20_000;
/// Ways around obstacles that are searched for in one run, and large tiles looked at for each.
const SEARCHES_PER_RUN: u32 = 24;
const SEARCH_TILES: usize = 240;
/// Who found no way tries again after this.
const STUCK_MS: u64 = 6_000;

/// What one run knows.
pub struct Thinking<'a> {
    /// The transaction.
    pub ctx: &'a ReducerContext,
    /// Its time.
    pub now_ms: u64,
    is_day: bool,
    kinds: Kinds<'a>,
    land: Land<'a>,
    people: People<'a>,
    searches: Cell<u32>,
}

/// An enemy while it thinks.
struct Body {
    enemy: EnemyState,
    mind: EnemyMindState,
    kind: Rc<Kind>,
    temper: Temper,
    home: OffsetCoordinatesFloat,
    segment: Segment,
    position: OffsetCoordinatesFloat,
    health: f32,
    random: u64,
}

impl<'a> Thinking<'a> {
    /// Nothing is read yet.
    pub fn new(ctx: &'a ReducerContext) -> Self {
        let now_ms = clock::now_ms(ctx);
        Self {
            ctx,
            now_ms,
            is_day: day::is_day(ctx),
            kinds: Kinds::new(ctx),
            land: Land::new(ctx),
            people: People::new(ctx, now_ms),
            searches: Cell::new(0),
        }
    }

    /// Lets an enemy think, do what it decides, and note when to think again.
    pub fn think(&self, mind: EnemyMindState) {
        let entity_id = mind.entity_id;
        let Some(mut body) = self.body(mind) else {
            // Its kind, its herd or its place is gone.
            delete_entity(&self.ctx.db, entity_id);
            return;
        };
        let stored = body.enemy.clone();
        if let Some(blow) = body.mind.blow {
            if blow.lands_ms > self.now_ms {
                self.think_again(body.mind, blow.lands_ms);
                return;
            }
            body.mind.blow = None;
            self.land_blow(&body, &blow);
        }
        let notices = self.notices(&body);
        let decision = self.decide(&body, &notices);
        let due_ms = self.act(&mut body, decision, notices.nearest.is_some());
        body.enemy.status = status_of(decision.status(rules_status(stored.status)));
        body.enemy.target_entity_id = decision.target().unwrap_or(0);
        if body.enemy != stored {
            self.ctx.db.enemy_state().entity_id().update(body.enemy);
        }
        self.think_again(body.mind, due_ms);
    }

    fn think_again(&self, mind: EnemyMindState, due_ms: u64) {
        let due_ms = due_ms.max(self.now_ms + 1);
        self.ctx
            .db
            .enemy_mind_state()
            .entity_id()
            .update(EnemyMindState { due_ms, ..mind });
    }

    fn body(&self, mind: EnemyMindState) -> Option<Body> {
        let db = &self.ctx.db;
        let enemy = db.enemy_state().entity_id().find(mind.entity_id)?;
        let herd = db.herd_state().entity_id().find(enemy.herd_entity_id)?;
        let kind = self.kinds.of(enemy.enemy_type)?;
        let segment = movement::track(&db.mobile_entity_state().entity_id().find(mind.entity_id)?).segment;
        Some(Body {
            temper: kind.temper(self.is_day, self.kinds.roaming(&herd)),
            home: land::home(&herd)?,
            position: segment.position_at(self.now_ms),
            health: db.health_state().entity_id().find(mind.entity_id)?.health,
            random: chance::hash(&[mind.entity_id, self.now_ms]),
            segment,
            enemy,
            mind,
            kind,
        })
    }

    fn notices(&self, body: &Body) -> Notices {
        let look = |entity_id: u64| match entity_id {
            0 => None,
            id => self.people.find(id)?.noticed_from(body.position),
        };
        let is_provoked = body.mind.provoked_until_ms > self.now_ms;
        let range = body.temper.detect.max(body.temper.deaggro) + AROUND;
        let nearest = self.people.nearest(body.position, range);
        Notices {
            target: look(body.enemy.target_entity_id),
            provoker: look(if is_provoked { body.mind.provoked_by } else { 0 }),
            nearest: nearest.and_then(|person| person.noticed_from(body.position)),
        }
    }

    fn decide(&self, body: &Body, notices: &Notices) -> Decision {
        let mind = &body.mind;
        let is_ready = |index: usize| {
            let own = mind.ready_ms.get(index).copied().unwrap_or(0);
            own.max(mind.any_ready_ms) <= self.now_ms
        };
        let actions = body.kind.actions.iter().enumerate();
        let ready: Vec<Ready> = actions
            .filter_map(|(index, action)| {
                let reach = action.as_ref().filter(|_| is_ready(index))?.range;
                Some(Ready {
                    action: u32::try_from(index).ok()?,
                    reach,
                })
            })
            .collect();
        decide(
            &body.temper,
            &Situation {
                status: rules_status(body.enemy.status),
                health: body.health / body.kind.desc.max_health.max(1) as f32,
                from_home: body.position.distance_milli(body.home).unwrap_or(u64::MAX),
                is_walking: body.segment.end_ms() > self.now_ms,
                is_stuck: mind.stuck_until_ms > self.now_ms,
                target: notices.target,
                provoker: notices.provoker,
                nearest: notices.nearest,
                ready: &ready,
                closest: body.kind.closest(),
                random: body.random,
            },
        )
    }

    /// Does it, and gives when to think again.
    fn act(&self, body: &mut Body, decision: Decision, is_watched: bool) -> u64 {
        let busy = self.now_ms + BUSY_MS;
        match decision {
            Decision::GoOn => self.leisure(body, is_watched),
            Decision::Stand => {
                self.stop(body);
                self.leisure(body, is_watched)
            }
            Decision::Roam => {
                self.stroll(body);
                self.leisure(body, is_watched)
            }
            Decision::Chase(whom) => {
                let Some(person) = self.people.find(whom) else {
                    return busy;
                };
                // Up to where it can strike, and not into their shoes.
                let gap = u32::try_from(body.kind.closest() * 4 / 5).unwrap_or(u32::MAX);
                let apart = body.position.distance_milli(person.position).unwrap_or(0);
                let goal = person
                    .position
                    .at_fraction(body.position, gap, u32::try_from(apart).unwrap_or(u32::MAX));
                self.go(body, goal, STEP_MS);
                busy
            }
            Decision::Hold(whom) => {
                self.face(body, whom);
                busy
            }
            Decision::Strike(whom, action) => {
                self.face(body, whom);
                self.begin_blow(body, whom, action)
            }
            Decision::Flee(whom) => {
                if let Some(person) = self.people.find(whom) {
                    let reach = reach(body.kind.desc.max_speed, STEP_MS);
                    match body.kind.habits.away(body.position, person.position, reach, &self.land) {
                        Some(goal) => self.walk(body, goal, body.kind.desc.max_speed, true),
                        None => self.stop(body),
                    }
                }
                busy
            }
            Decision::Return => {
                body.mind.provoked_by = 0;
                self.go(body, body.home, HOMEWARD_MS);
                busy.max(body.segment.end_ms().min(self.now_ms + HOMEWARD_MS))
            }
        }
    }

    fn leisure(&self, body: &Body, is_watched: bool) -> u64 {
        let pause = if is_watched { WATCHFUL_MS } else { DROWSY_MS } + body.random % 500;
        match body.segment.end_ms().checked_sub(self.now_ms) {
            Some(rest) if rest > 0 => self.now_ms + rest.min(if is_watched { pause } else { LONGEST_MS }),
            _ => self.now_ms + pause,
        }
    }

    /// Sets out for somewhere near, but not too far from home.
    fn stroll(&self, body: &mut Body) {
        let goal = around(body.position, STROLL, chance::mix(body.random));
        let goal = goal.filter(|goal| body.home.is_within(*goal, body.temper.roaming));
        match goal.filter(|goal| body.kind.habits.can_go(body.position, *goal, &self.land)) {
            Some(goal) => self.walk(body, goal, body.kind.desc.min_speed, false),
            None => self.stop(body),
        }
    }

    /// A step in haste of so long towards a place, around what is between.
    fn go(&self, body: &mut Body, goal: OffsetCoordinatesFloat, step_ms: u64) {
        let (habits, speed) = (body.kind.habits, body.kind.desc.max_speed);
        let tiles = if habits.can_go(body.position, goal, &self.land) {
            0
        } else if self.searches.get() < SEARCHES_PER_RUN {
            self.searches.set(self.searches.get() + 1);
            SEARCH_TILES
        } else {
            return;
        };
        match habits.towards(body.position, goal, reach(speed, step_ms), &self.land, tiles) {
            Some(step) => self.walk(body, step, speed, true),
            None => {
                body.mind.stuck_until_ms = self.now_ms + STUCK_MS;
                self.stop(body);
            }
        }
    }

    fn walk(&self, body: &mut Body, goal: OffsetCoordinatesFloat, speed: i32, running: bool) {
        let length = body.position.distance_milli(goal).unwrap_or(0);
        let duration_ms = (length * 1_000).checked_div(u64::from(speed.max(0).unsigned_abs()));
        let Some(duration_ms) = duration_ms.and_then(|ms| u32::try_from(ms).ok()) else {
            return;
        };
        if let Some(direction) = facing(body.position, goal) {
            body.enemy.direction = i32::from(direction.index());
        }
        self.store(
            body,
            Segment {
                origin: body.position,
                destination: goal,
                start_ms: self.now_ms,
                duration_ms,
                running,
            },
        );
    }

    /// Stays where it is, if it walks.
    fn stop(&self, body: &mut Body) {
        if body.segment.end_ms() > self.now_ms {
            self.store(body, Segment::standing(body.position, self.now_ms));
        }
    }

    fn store(&self, body: &mut Body, segment: Segment) {
        body.segment = segment;
        let track = Track { segment, lead_us: 0 };
        if let Some(row) = movement::row(body.enemy.entity_id, &track) {
            self.ctx.db.mobile_entity_state().entity_id().update(row);
        }
    }

    fn face(&self, body: &mut Body, whom: u64) {
        self.stop(body);
        let person = self.people.find(whom);
        if let Some(direction) = person.and_then(|person| facing(body.position, person.position)) {
            body.enemy.direction = i32::from(direction.index());
        }
    }

    /// Begins a blow, and gives when it lands.
    fn begin_blow(&self, body: &mut Body, whom: u64, index: u32) -> u64 {
        let Some(action) = action_at(&body.kind, index) else {
            return self.now_ms + BUSY_MS;
        };
        let lands_ms = self.now_ms + action.lead_in_ms;
        if let Ok(place) = usize::try_from(index) {
            let ready = &mut body.mind.ready_ms;
            ready.resize(ready.len().max(place + 1), 0);
            if let Some(ready_ms) = ready.get_mut(place) {
                *ready_ms = lands_ms + action.cooldown_ms;
            }
        }
        body.mind.any_ready_ms = lands_ms + action.global_cooldown_ms;
        body.mind.blow = Some(Blow {
            action: index,
            target_entity_id: whom,
            lands_ms,
        });
        self.tell(body, &action, whom, EnemyAttackStage::Begun, 0.0);
        lands_ms
    }

    /// A blow lands, or misses who is out of reach by now.
    fn land_blow(&self, body: &Body, blow: &Blow) {
        let Some(action) = action_at(&body.kind, blow.action) else {
            return;
        };
        let whom = blow.target_entity_id;
        let reached = self
            .people
            .find(whom)
            .filter(|person| body.position.is_within(person.position, action.max_range));
        let stored = reached.and_then(|_| self.ctx.db.health_state().entity_id().find(whom));
        let Some(stored) = stored else {
            self.tell(body, &action, whom, EnemyAttackStage::Missed, 0.0);
            return;
        };
        let desc: &EnemyDesc = &body.kind.desc;
        let taken = damage(chance::mix(body.random), desc.min_damage, desc.max_damage).min(stored.health);
        if taken > 0.0 {
            self.ctx.db.health_state().entity_id().update(HealthState {
                health: stored.health - taken,
                last_health_decrease_timestamp: self.ctx.timestamp,
                ..stored
            });
        }
        self.tell(body, &action, whom, EnemyAttackStage::Hit, taken);
    }

    fn tell(&self, body: &Body, action: &Action, whom: u64, stage: EnemyAttackStage, damage: f32) {
        let chunk = hexmarch_sim_core::ChunkCoordinates::from(body.position);
        self.ctx.db.enemy_attack_event().insert(EnemyAttackEvent {
            scheduled_id: 0,
            scheduled_at: self.ctx.timestamp.into(),
            chunk_index: chunk.index().unwrap_or(0),
            enemy_entity_id: body.enemy.entity_id,
            target_entity_id: whom,
            combat_action_id: action.id,
            stage,
            lead_in_ms: u32::try_from(action.lead_in_ms).unwrap_or(u32::MAX),
            damage,
        });
    }
}

/// Whom an enemy sees.
struct Notices {
    target: Option<Noticed>,
    provoker: Option<Noticed>,
    nearest: Option<Noticed>,
}

/// How far one comes in so long, in milli tiles.
fn reach(speed: i32, step_ms: u64) -> u64 {
    u64::from(speed.max(0).unsigned_abs()) * step_ms / 1_000
}

fn action_at(kind: &Kind, index: u32) -> Option<Action> {
    *kind.actions.get(usize::try_from(index).ok()?)?
}

fn rules_status(status: EnemyStatus) -> Status {
    match status {
        EnemyStatus::Idle => Status::Idle,
        EnemyStatus::Roaming => Status::Roaming,
        EnemyStatus::Chasing => Status::Chasing,
        EnemyStatus::Fighting => Status::Fighting,
        EnemyStatus::Fleeing => Status::Fleeing,
        EnemyStatus::Returning => Status::Returning,
    }
}

fn status_of(status: Status) -> EnemyStatus {
    match status {
        Status::Idle => EnemyStatus::Idle,
        Status::Roaming => EnemyStatus::Roaming,
        Status::Chasing => EnemyStatus::Chasing,
        Status::Fighting => EnemyStatus::Fighting,
        Status::Fleeing => EnemyStatus::Fleeing,
        Status::Returning => EnemyStatus::Returning,
    }
}
