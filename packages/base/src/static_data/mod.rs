//! What the generated reducers of content have in common: staging, checking, swapping.
//!
//! Invariants. A commit swaps every table of content, what is derived from it and what live rows hold of it, or changes
//! nothing. It checks all that the columns say before it writes. A refused commit leaves what is staged as it was.

mod push;
mod table;

use hexmarch_messages::static_data::{
    content_successor_desc, is_static_table, shown, staged_content_successor_desc, static_data_version, Check,
    ContentSuccessorDesc, Facts, Key, Keys, RemovalPolicy, StaticDataVersion, SuccessorOf, Successors, Uses,
};
use spacetimedb::{log, Local, ReducerContext, Table};

use crate::agents::{self, Agent};
use crate::Failure;

pub use push::{begin, clear, connection_lost};
pub use table::{clear_rows, rebuild, ContentTable, Loaded};

/// The successor of a key of content, `None` when it stays.
pub type Successor<'a> = SuccessorOf<'a>;

/// Most rows in one call.
const MAX_ROWS: usize = 16_384;
/// Most of a key that an error shows, in characters.
const MAX_KEY_CHARS: usize = 64;
/// Key of the only row.
const ONLY_ROW: i32 = 0;

/// The content of a module, generated.
pub struct Pipeline {
    /// Reads every table, live and staged.
    pub read: fn(&Local) -> Vec<Box<dyn ContentTable>>,
    /// Empties the staged tables.
    pub clear_staged: fn(&Local) -> Result<(), Failure>,
    /// Whether a table has a live row with this key.
    pub is_live: fn(&Local, &str, i32) -> bool,
    /// Makes anew what follows from live content.
    pub rebuild_derived: fn(&Local, &mut Changes),
    /// Live rows that hold keys of content.
    pub holders: &'static [Holder],
    /// What runs by itself.
    pub agents: &'static [Agent],
}

/// What looks at a live row.
pub type Look<'a> = dyn FnMut(&dyn Facts) + 'a;

/// A table of live rows that hold keys of content, generated.
pub struct Holder {
    /// Looks at every row.
    pub look_at: fn(&Local, &mut Look<'_>),
    /// Replaces keys in every row.
    pub replace: fn(&ReducerContext, &Successor<'_>),
}

/// What a commit changed, table by table.
#[derive(Default)]
pub struct Changes {
    tables: usize,
    rows: usize,
}

impl Changes {
    /// Notes one table.
    pub fn record(&mut self, table: &str, added: usize, changed: usize, removed: usize) {
        let all = added.saturating_add(changed).saturating_add(removed);
        if all > 0 {
            log::info!("content {table}: {added} added, {changed} changed, {removed} removed");
            self.tables = self.tables.saturating_add(1);
            self.rows = self.rows.saturating_add(all);
        }
    }
}

/// Stages rows. `insert` says why a row is not inserted, and nothing about one that is staged already as it is; `count` counts
/// what is staged.
///
/// # Errors
/// `static_data.too_many_rows|<limit>`, `static_data.push_superseded`, `static_data.push_in_progress|<seconds>`, and those of
/// `insert`.
pub fn stage<R>(
    ctx: &ReducerContext,
    pipeline: &Pipeline,
    table: &str,
    records: Vec<R>,
    insert: impl Fn(R) -> Result<(), Failure>,
    count: impl Fn() -> u64,
) -> Result<(), Failure> {
    if records.len() > MAX_ROWS {
        return Err(Failure::new(format!("static_data.too_many_rows|{MAX_ROWS}")));
    }
    push::stage(ctx, pipeline)?;
    records.into_iter().try_for_each(insert)?;
    push::progress(ctx, table, count());
    Ok(())
}

/// The error for a row that is not inserted, since another has the same key, or the same value where values are unique.
pub fn not_staged(table: &str, key: Key<'_>, has_key: bool) -> Failure {
    let key = hexmarch_messages::static_data::plain(&key.to_string(), MAX_KEY_CHARS);
    Failure::new(if has_key {
        format!("static_data.staged_twice|{table}|{key}")
    } else {
        format!("static_data.not_unique|{table}|{key}")
    })
}

/// Checks what is staged, as a commit with this policy would, and changes nothing.
///
/// # Errors
/// `static_data.empty|<table>...`, the first of them; `static_data.invalid|<count>|<mistake>...`, the first of them;
/// `static_data.in_use|<count>|<table> <key> <rows>...` and `static_data.no_successor|<count>|<table> <key> <rows>...`, the
/// first of the keys that would be gone while so many live rows hold them.
pub fn validate(ctx: &ReducerContext, pipeline: &Pipeline, policy: RemovalPolicy) -> Result<(), Failure> {
    let tables = (pipeline.read)(&ctx.db);
    check(ctx, pipeline, &tables, policy).map(drop)
}

/// Replaces the live content by what is staged, and applies what follows from it.
///
/// # Errors
/// As [`validate`], and `static_data.push_superseded`, `static_data.push_in_progress|<seconds>`,
/// `static_data.push_broken_off` when what is staged is not the caller's to commit. Then nothing has changed.
pub fn commit(ctx: &ReducerContext, pipeline: &Pipeline, policy: RemovalPolicy) -> Result<(), Failure> {
    let content_hash = push::commit(ctx)?;
    let tables = (pipeline.read)(&ctx.db);
    let (keys, successors) = check(ctx, pipeline, &tables, policy)?;
    let mut changes = Changes::default();
    for table in tables {
        table.swap(&ctx.db, &mut changes);
    }
    (pipeline.rebuild_derived)(&ctx.db, &mut changes);
    if policy == RemovalPolicy::Replace && !successors.are_none() {
        let is_there = |table: &str, key| keys.contains(table, Key::Number(i64::from(key))) == Some(true);
        let successor = |table: &'static str, key| successors.of_key(table, key, &is_there);
        for holder in pipeline.holders {
            (holder.replace)(ctx, &successor);
        }
    }
    push::end(ctx, pipeline)?;
    raise_version(ctx, content_hash);
    log::info!(
        "content committed: {} rows in {} tables changed",
        changes.rows,
        changes.tables
    );
    agents::update_timers(ctx, pipeline.agents);
    Ok(())
}

/// Calls `with` with what replaces keys in what arrives from elsewhere, if any successor is declared here.
pub fn with_successors(ctx: &ReducerContext, pipeline: &Pipeline, with: impl FnOnce(&Successor<'_>)) {
    let successors = Successors::of(ctx.db.content_successor_desc().iter());
    if successors.are_none() {
        return;
    }
    let is_there = |table: &str, key| (pipeline.is_live)(&ctx.db, table, key);
    with(&|table, key| successors.of_key(table, key, &is_there));
}

/// The keys that there will be, and what takes the place of those that are gone.
fn check(
    ctx: &ReducerContext,
    pipeline: &Pipeline,
    tables: &[Box<dyn ContentTable>],
    policy: RemovalPolicy,
) -> Result<(Keys, Successors), Failure> {
    let empty: Vec<&str> = tables
        .iter()
        .filter(|table| table.is_empty())
        .map(|table| table.name())
        .collect();
    if !empty.is_empty() {
        return Err(Failure::new(format!("static_data.empty|{}", shown(empty))));
    }
    let (mut keys, mut gone) = (Keys::default(), Keys::default());
    for table in tables {
        keys.insert(table.name(), table.keys());
        gone.insert(table.name(), table.removed_keys());
    }
    let mut check = Check::new(&keys);
    tables.iter().for_each(|table| table.check(&mut check));
    let successors = check_successors(ctx, &keys, &mut check);
    if let Some(report) = check.into_report() {
        return Err(Failure::new(format!("static_data.invalid|{report}")));
    }
    check_uses(ctx, pipeline, policy, (&keys, gone), &successors)?;
    Ok((keys, successors))
}

/// Each successor is of a table that there is, alone for its key, and leads to a key that there will be.
fn check_successors(ctx: &ReducerContext, keys: &Keys, check: &mut Check<'_>) -> Successors {
    let (mut successors, mut rows) = (Successors::default(), Vec::new());
    for row in ctx.db.staged_content_successor_desc().iter() {
        if !is_static_table(&row.table_name) {
            let table = &row.table_name;
            check.add(&format_args!(
                "content_successor_desc {} table_name: there is no table {table}",
                row.id
            ));
        }
        if successors.insert(&row).is_err() {
            check.add(&format_args!(
                "content_successor_desc {}: another row is for the same key",
                row.id
            ));
        }
        rows.push(row);
    }
    // A key of a table that is held elsewhere is not known here.
    let is_there = |table: &str, key| keys.contains(table, Key::Number(i64::from(key))) != Some(false);
    for ContentSuccessorDesc {
        id,
        table_name,
        successor_key,
        ..
    } in rows
    {
        let leads_on =
            is_there(&table_name, successor_key) || successors.of_key(&table_name, successor_key, &is_there).is_some();
        if !leads_on {
            check.add(&format_args!(
                "content_successor_desc {id} successor_key: there is no {table_name} {successor_key}"
            ));
        }
    }
    successors
}

/// No live row is left with a key that was there and will be gone.
fn check_uses(
    ctx: &ReducerContext,
    pipeline: &Pipeline,
    policy: RemovalPolicy,
    (keys, gone): (&Keys, Keys),
    successors: &Successors,
) -> Result<(), Failure> {
    let mut uses = Uses::of(gone);
    if uses.are_none() {
        return Ok(());
    }
    for holder in pipeline.holders {
        (holder.look_at)(&ctx.db, &mut |row| uses.row(row));
    }
    let is_there = |table: &str, key| keys.contains(table, Key::Number(i64::from(key))) == Some(true);
    let error = match policy {
        RemovalPolicy::Refuse => {
            let report = uses.report(|_, _| false);
            report.map(|report| format!("static_data.in_use|{report}"))
        }
        RemovalPolicy::Replace => {
            let has_successor = |table: &str, key: &str| {
                key.parse()
                    .is_ok_and(|key: i32| successors.of_key(table, key, &is_there).is_some())
            };
            let report = uses.report(has_successor);
            report.map(|report| format!("static_data.no_successor|{report}"))
        }
    };
    error.map_or(Ok(()), |error| Err(Failure::new(error)))
}

fn raise_version(ctx: &ReducerContext, content_hash: String) {
    let versions = ctx.db.static_data_version();
    let before = versions.id().find(ONLY_ROW);
    versions.id().delete(ONLY_ROW);
    versions.insert(StaticDataVersion {
        id: ONLY_ROW,
        generation: before.map_or(0, |row| row.generation).saturating_add(1),
        content_hash,
        committed_at: ctx.timestamp,
    });
}
