//! Enemies think; herds wake up, grow back and fall asleep.

use hexmarch_base::{clock, Failure};
use hexmarch_macros::agent;
use hexmarch_messages::enemy::{enemy_desc, enemy_state};
use hexmarch_messages::enemy::{enemy_mind_state, EnemyMindState};
use hexmarch_messages::player::{health_state, HealthState};
use hexmarch_rules::enemy_ai::{regained, REGEN_EVERY_MS};
use spacetimedb::ReducerContext;

use super::herds::Look;
use super::mind::Thinking;
use super::UNHARMED;

/// Enemies that think in one run; those who wait longest are first.
const THOUGHTS_PER_RUN: usize = 256;
/// Enemies that regain health in one run.
const HEALED_PER_RUN: usize = 256;

/// Lets enemies that are due think.
#[agent(timer = enemy_ai_loop_timer, every_millis = 400)]
pub fn enemy_ai_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    let due = ctx.db.enemy_mind_state().due_ms().filter(0..=clock::now_ms(ctx));
    let due: Vec<EnemyMindState> = due.take(THOUGHTS_PER_RUN).collect();
    if due.is_empty() {
        return Ok(());
    }
    let thinking = Thinking::new(ctx);
    for mind in due {
        thinking.think(mind);
    }
    Ok(())
}

/// Wakes the herds near players, brings back who is missing of them, heals who is out of danger, and lets herds sleep
/// with nobody near.
#[agent(timer = enemy_regen_loop_timer, every_millis = 2_000)]
pub fn enemy_regen_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    let look = Look::new(ctx);
    look.wake();
    look.tend()?;
    heal(ctx, look.now_ms);
    look.sleep();
    Ok(())
}

/// Gives health back to those who are after nobody. What is due is by the time that it was due, however late the run is.
fn heal(ctx: &ReducerContext, now_ms: u64) {
    let minds = ctx.db.enemy_mind_state();
    let due: Vec<EnemyMindState> = minds.regen_due_ms().filter(0..=now_ms).take(HEALED_PER_RUN).collect();
    for mind in due {
        let id = mind.entity_id;
        let enemy = ctx.db.enemy_state().entity_id().find(id);
        let desc = enemy
            .as_ref()
            .and_then(|row| ctx.db.enemy_desc().enemy_type().find(row.enemy_type));
        let health = ctx.db.health_state().entity_id().find(id);
        let (Some(enemy), Some(desc), Some(health)) = (enemy, desc, health) else {
            minds.entity_id().update(EnemyMindState {
                regen_due_ms: UNHARMED,
                ..mind
            });
            continue;
        };
        let max = desc.max_health as f32;
        let mut regen_due_ms = now_ms + REGEN_EVERY_MS;
        if enemy.target_entity_id == 0 {
            let elapsed_ms = now_ms - mind.regen_due_ms + REGEN_EVERY_MS;
            let regained = regained(health.health, max, desc.health_regen_quantity, elapsed_ms);
            if regained >= max || desc.health_regen_quantity <= 0.0 {
                regen_due_ms = UNHARMED;
            }
            if regained != health.health {
                ctx.db.health_state().entity_id().update(HealthState {
                    health: regained,
                    ..health
                });
            }
        }
        minds.entity_id().update(EnemyMindState { regen_due_ms, ..mind });
    }
}
