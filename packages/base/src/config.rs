//! The operator's settings.

use hexmarch_macros::reducer;
use hexmarch_messages::config::{config, Config};
use hexmarch_rules::config as rules;
use spacetimedb::{log, ReducerContext, Table};

use crate::Failure;

/// Key of the only row.
const ONLY_ROW: i32 = 0;

/// The settings, `None` before the first `load_config`.
pub fn get(ctx: &ReducerContext) -> Option<Config> {
    ctx.db.config().version().find(ONLY_ROW)
}

/// Refuses while the database has no settings.
///
/// # Errors
/// `access.not_configured`.
pub fn require(ctx: &ReducerContext) -> Result<(), Failure> {
    if ctx.db.config().count() == 0 {
        return Err(Failure::new("access.not_configured"));
    }
    Ok(())
}

/// Takes the settings of this database's environment out of those given. A database without an environment takes the
/// only one given; a single one with another name changes the environment.
///
/// # Errors
/// `config.*` with the reason; the old settings stay.
#[reducer]
#[access(Admin)]
pub fn load_config(ctx: &ReducerContext, environment_names: Vec<String>, contents: Vec<String>) -> Result<(), Failure> {
    let current = get(ctx);
    let chosen = rules::select(
        current.as_ref().map(|row| row.env.as_str()),
        &environment_names,
        &contents,
    )?;
    let row = Config {
        version: ONLY_ROW,
        env: chosen.env,
        agents_enabled: chosen.agents_enabled,
        require_authentication: chosen.require_authentication,
        calls_per_second: chosen.calls_per_second,
        call_burst: chosen.call_burst,
    };
    log::info!(
        "configuration of environment '{}': agents {}",
        row.env,
        row.agents_enabled
    );
    set(ctx, row);
    Ok(())
}

/// Replaces the settings.
pub fn set(ctx: &ReducerContext, row: Config) {
    if ctx.db.config().count() == 0 {
        ctx.db.config().insert(row);
    } else {
        ctx.db.config().version().update(row);
    }
}
