//! What content says of kinds of enemies, read once a run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use hexmarch_messages::combat::{combat_action_desc, targeting_matrix_desc, CombatActionDesc, TargetCategory};
use hexmarch_messages::enemy::{enemy_ai_params_desc, enemy_desc, EnemyAiParamsDesc, EnemyDesc, HerdState};
use hexmarch_messages::movement::{pathfinding_desc, PathfindingDesc};
use hexmarch_rules::enemy_ai::Temper;
use hexmarch_sim_core::{Habits, MILLI_PER_TILE};
use spacetimedb::ReducerContext;

/// How far those stray of whom content does not say it, in small tiles.
const DEFAULT_ROAMING: i32 = 15;

/// A kind of enemy with all that belongs to it.
#[derive(Debug)]
pub struct Kind {
    /// The kind.
    pub desc: EnemyDesc,
    /// Where it goes.
    pub habits: Habits,
    /// What it does to others, in the order of its liking; `None` for what it cannot do to anybody.
    pub actions: Vec<Option<Action>>,
    /// Whether it attacks people.
    pub attacks_players: bool,
}

/// Something that an enemy does to others. Distances in milli tiles.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Key.
    pub id: i32,
    /// From how far it begins.
    pub range: u64,
    /// How far it reaches when it lands.
    pub max_range: u64,
    /// Milliseconds from beginning to blow.
    pub lead_in_ms: u64,
    /// Milliseconds until it can be done again.
    pub cooldown_ms: u64,
    /// Milliseconds until anything can be done again.
    pub global_cooldown_ms: u64,
}

impl Kind {
    /// How near it wants to be to whom it attacks, in milli tiles.
    pub fn closest(&self) -> u64 {
        self.actions
            .iter()
            .flatten()
            .map(|action| action.range)
            .min()
            .unwrap_or(0)
    }

    /// What it is like at this hour, in a herd that strays so far.
    pub fn temper(&self, is_day: bool, roaming: i32) -> Temper {
        let desc = &self.desc;
        let [detect, aggro, deaggro] = if is_day {
            [
                desc.daytime_detect_range,
                desc.daytime_aggro_range,
                desc.daytime_deaggro_range,
            ]
        } else {
            [
                desc.nighttime_detect_range,
                desc.nighttime_aggro_range,
                desc.nighttime_deaggro_range,
            ]
        };
        Temper {
            huntable: desc.huntable,
            fights: self.attacks_players && self.actions.iter().any(Option::is_some),
            flees_below: desc.deaggro_health_threshold,
            detect: milli(detect),
            aggro: milli(aggro),
            deaggro: milli(deaggro),
            roaming: milli(roaming),
        }
    }
}

/// Kinds of enemies, each read when it is first asked for.
pub struct Kinds<'a> {
    ctx: &'a ReducerContext,
    known: RefCell<BTreeMap<i32, Option<Rc<Kind>>>>,
    params: RefCell<BTreeMap<i32, Option<Rc<EnemyAiParamsDesc>>>>,
}

impl<'a> Kinds<'a> {
    /// None is read yet.
    pub fn new(ctx: &'a ReducerContext) -> Self {
        Self {
            ctx,
            known: RefCell::default(),
            params: RefCell::default(),
        }
    }

    /// A kind; `None` for what content does not have.
    pub fn of(&self, enemy_type: i32) -> Option<Rc<Kind>> {
        let mut known = self.known.borrow_mut();
        known
            .entry(enemy_type)
            .or_insert_with(|| read(self.ctx, enemy_type).map(Rc::new))
            .clone()
    }

    /// How a herd lives; `None` for guards.
    pub fn params(&self, herd: &HerdState) -> Option<Rc<EnemyAiParamsDesc>> {
        let id = herd.enemy_ai_params_desc_id?;
        let mut known = self.params.borrow_mut();
        let find = || self.ctx.db.enemy_ai_params_desc().id().find(id).map(Rc::new);
        known.entry(id).or_insert_with(find).clone()
    }

    /// How far the members of a herd stray, in small tiles.
    pub fn roaming(&self, herd: &HerdState) -> i32 {
        self.params(herd).map_or(DEFAULT_ROAMING, |row| row.roaming_distance)
    }
}

fn read(ctx: &ReducerContext, enemy_type: i32) -> Option<Kind> {
    let desc = ctx.db.enemy_desc().enemy_type().find(enemy_type)?;
    let ways = ctx.db.pathfinding_desc().id().find(desc.pathfinding_id)?;
    let matrix = ctx.db.targeting_matrix_desc().id().find(desc.targeting_matrix_id);
    let attacks_players = matrix.is_some_and(|row| {
        let of_players = |entry: &&_| {
            matches!(
                entry,
                hexmarch_messages::combat::TargetWeight {
                    category: TargetCategory::Player,
                    ..
                }
            )
        };
        row.categories_attacked
            .iter()
            .find(of_players)
            .is_some_and(|entry| entry.weight > 0.0)
    });
    let multiplier = desc.cooldown_multiplier;
    let find = |id: &i32| action(&ctx.db.combat_action_desc().id().find(*id)?, multiplier);
    Some(Kind {
        habits: habits(&ways),
        actions: desc.combat_actions_ids.iter().map(find).collect(),
        attacks_players,
        desc,
    })
}

/// What an enemy does to others; what it does to itself takes effects that only people have.
fn action(row: &CombatActionDesc, cooldown_multiplier: f32) -> Option<Action> {
    if row.is_self_targeting || row.strength_multiplier <= 0.0 {
        return None;
    }
    Some(Action {
        id: row.id,
        range: thousandths(row.range),
        max_range: thousandths(row.max_range.max(row.range)),
        lead_in_ms: thousandths(row.lead_in_time),
        cooldown_ms: thousandths(row.cooldown * cooldown_multiplier),
        global_cooldown_ms: thousandths(row.global_cooldown * cooldown_multiplier),
    })
}

fn habits(row: &PathfindingDesc) -> Habits {
    let units = |value: i32| u16::try_from(value.max(0)).unwrap_or(u16::MAX);
    Habits {
        on_land: row.can_walk_on_land,
        swims: row.can_swim,
        min_depth: units(row.min_water_depth),
        max_depth: units(row.max_water_depth),
        max_climb: units(row.max_climb_up),
        max_descent: units(row.max_climb_down),
    }
}

fn milli(tiles: i32) -> u64 {
    u64::from(tiles.max(0).unsigned_abs()) * u64::from(MILLI_PER_TILE.unsigned_abs())
}

/// Tiles as milli tiles, seconds as milliseconds.
fn thousandths(whole: f32) -> u64 {
    (whole.max(0.0) * 1_000.0) as u64
}
