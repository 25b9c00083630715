//! The plainest module there is: no checks, nothing derived. What a host can do with it is what the figures of real modules
//! are divided by. One table of its own, the tables of content, which [`content`] fills, and those of
//! the ground, which [`world`] fills.

// SpacetimeDB generates accessors without documentation.
#![allow(missing_docs)]

pub mod content;
pub mod world;

use spacetimedb::{reducer, table, ReducerContext, Table};

/// Most rows that [`seed`] makes.
const MAX_ROWS: u64 = 100_000;

/// A row to update.
#[table(name = bench_row)]
pub struct BenchRow {
    /// Key.
    #[primary_key]
    pub id: u64,
    /// What changes.
    pub value: u64,
}

/// Makes rows with the ids from 0 to below `count`, in place of all others.
#[reducer]
pub fn seed(ctx: &ReducerContext, count: u64) -> Result<(), String> {
    if count > MAX_ROWS {
        return Err(format!("bench.too_many_rows|{MAX_ROWS}"));
    }
    let old: Vec<u64> = ctx.db.bench_row().iter().map(|row| row.id).collect();
    for id in old {
        ctx.db.bench_row().id().delete(id);
    }
    for id in 0..count {
        ctx.db.bench_row().insert(BenchRow { id, value: 0 });
    }
    Ok(())
}

/// Finds a row by its key and updates it.
#[reducer]
pub fn update_one(ctx: &ReducerContext, id: u64, value: u64) -> Result<(), String> {
    let row = ctx.db.bench_row().id().find(id);
    let row = row.ok_or_else(|| format!("bench.no_row|{id}"))?;
    ctx.db.bench_row().id().update(BenchRow { value, ..row });
    Ok(())
}

/// Does nothing.
#[reducer]
pub fn noop(_ctx: &ReducerContext) {}
