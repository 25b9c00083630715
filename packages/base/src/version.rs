//! Which source this module was built from.

use hexmarch_macros::reducer;
use hexmarch_messages::config::{module_version, ModuleVersion};
use spacetimedb::{log, ReducerContext, Table};

use crate::Failure;

/// Git commit, or `unknown`.
pub const COMMIT: &str = env!("HEXMARCH_COMMIT");

/// Key of the only row.
const ONLY_ROW: i32 = 0;

/// Logs the git commit of this module and writes it into `module_version`.
#[reducer]
#[access(Admin)]
pub fn current_version(ctx: &ReducerContext) -> Result<(), Failure> {
    log::info!("built from commit {COMMIT}");
    store(ctx);
    Ok(())
}

/// Writes the commit into `module_version`.
pub fn store(ctx: &ReducerContext) {
    let row = ModuleVersion {
        version: ONLY_ROW,
        commit: COMMIT.to_string(),
    };
    match ctx.db.module_version().version().find(ONLY_ROW) {
        Some(stored) if stored == row => {}
        Some(_) => {
            ctx.db.module_version().version().update(row);
        }
        None => {
            ctx.db.module_version().insert(row);
        }
    }
}
