//! Agents: what runs by itself. Each is a reconciler: it takes no input, looks at the world and mends what is due.

use std::time::Duration;

use hexmarch_messages::agent::agent_desc;
use spacetimedb::{log, ReducerContext, TimeDuration};

use crate::{config, Failure};

/// Shortest period that content can ask for, in milliseconds.
const MIN_PERIOD_MILLIS: u64 = 50;
/// Longest period that content can ask for, in milliseconds: a year. The host's scheduler knows no more than two.
const MAX_PERIOD_MILLIS: u64 = 365 * 24 * 3600 * 1000;

/// How an agent is armed and disarmed; made by `#[agent]`.
pub struct Agent {
    /// Name of the function, and key in `agent_desc`.
    pub name: &'static str,
    /// Period without a row in `agent_desc`, in milliseconds.
    pub every_millis: u64,
    /// Removes its timers.
    pub disarm: fn(&ReducerContext),
    /// Adds a timer.
    pub arm: fn(&ReducerContext, Duration),
    /// Period of its timer, `None` while disarmed.
    pub period: fn(&ReducerContext) -> Option<TimeDuration>,
}

impl Agent {
    /// The period that content asks for, else the default.
    fn wanted(&self, ctx: &ReducerContext) -> Duration {
        let row = ctx.db.agent_desc().name().find(self.name.to_string());
        Duration::from_millis(
            row.map_or(self.every_millis, |row| row.every_millis)
                .clamp(MIN_PERIOD_MILLIS, MAX_PERIOD_MILLIS),
        )
    }

    fn rearm(&self, ctx: &ReducerContext) {
        // A new row with a new id each time: the host doubles timers whose row is updated in place.
        (self.disarm)(ctx);
        (self.arm)(ctx, self.wanted(ctx));
    }
}

/// Whether agents may do anything now.
pub fn should_run(ctx: &ReducerContext) -> bool {
    config::get(ctx).is_some_and(|config| config.agents_enabled)
}

/// Arms the agents that are not armed and lets all run.
///
/// # Errors
/// `access.not_configured`.
pub fn start(ctx: &ReducerContext, agents: &[Agent]) -> Result<(), Failure> {
    set_enabled(ctx, true)?;
    for agent in agents.iter().filter(|agent| (agent.period)(ctx).is_none()) {
        agent.rearm(ctx);
    }
    Ok(())
}

/// Lets no agent run.
///
/// # Errors
/// `access.not_configured`.
pub fn stop(ctx: &ReducerContext) -> Result<(), Failure> {
    set_enabled(ctx, false)
}

/// Arms all agents anew and lets them run.
///
/// # Errors
/// `access.not_configured`.
pub fn force_start(ctx: &ReducerContext, agents: &[Agent]) -> Result<(), Failure> {
    set_enabled(ctx, true)?;
    agents.iter().for_each(|agent| agent.rearm(ctx));
    Ok(())
}

/// Gives armed agents the period that content asks for.
pub fn update_timers(ctx: &ReducerContext, agents: &[Agent]) {
    for agent in agents {
        let armed = (agent.period)(ctx);
        if armed.is_some_and(|period| period != TimeDuration::from_duration(agent.wanted(ctx))) {
            log::info!("agent {} now runs every {:?}", agent.name, agent.wanted(ctx));
            agent.rearm(ctx);
        }
    }
}

fn set_enabled(ctx: &ReducerContext, enabled: bool) -> Result<(), Failure> {
    let mut row = config::get(ctx).ok_or_else(|| Failure::new("access.not_configured"))?;
    row.agents_enabled = enabled;
    config::set(ctx, row);
    Ok(())
}
