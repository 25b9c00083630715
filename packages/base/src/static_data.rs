//! What the generated staging reducers have in common.

use spacetimedb::{log, ReducerContext};

use crate::agents::{self, Agent};
use crate::Failure;

/// What a commit changed, table by table.
#[derive(Default)]
pub struct Changes {
    tables: usize,
    rows: usize,
}

impl Changes {
    /// Notes one table.
    pub fn record(&mut self, table: &str, added: usize, changed: usize, removed: usize) {
        if added + changed + removed > 0 {
            log::info!("content {table}: {added} added, {changed} changed, {removed} removed");
            self.tables += 1;
            self.rows += added + changed + removed;
        }
    }
}

/// What follows from new content.
pub fn committed(ctx: &ReducerContext, all_agents: &[Agent], changes: &Changes) {
    log::info!(
        "content committed: {} rows in {} tables changed",
        changes.rows,
        changes.tables
    );
    agents::update_timers(ctx, all_agents);
}

/// Refuses when a table has nothing staged.
///
/// # Errors
/// `static_data.empty|<table>|<table>...`, all of them.
pub fn refuse_empty(empty: &[&str]) -> Result<(), Failure> {
    if empty.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("static_data.empty|{}", empty.join("|"))))
}

/// Most of a key that an error shows, in characters.
const MAX_KEY_CHARS: usize = 64;

/// The error for a key that is staged already. Keys are texts of clients: cut, and without what would break the error.
pub fn staged_twice(table: &str, key: &str) -> Failure {
    let shown: String = key
        .chars()
        .filter(|letter| is_plain(*letter))
        .take(MAX_KEY_CHARS)
        .collect();
    Failure::new(format!("static_data.staged_twice|{table}|{shown}"))
}

fn is_plain(letter: char) -> bool {
    letter != '|' && !letter.is_control() && (letter.is_alphanumeric() || letter.is_ascii())
}
