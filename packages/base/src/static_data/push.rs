//! One push of content at a time: whose staged rows are whose, and when they are nobody's any more.
//!
//! Invariant: what is staged is of one push. Another push that takes its place begins with nothing, unless it is of the same
//! content by name; and a connection whose push was taken over stages and commits nothing until it begins again.

use std::time::Duration;

use hexmarch_messages::static_data::{
    static_data_push_progress, static_data_push_state, static_data_push_superseded, StaticDataPushProgress,
    StaticDataPushState, StaticDataPushSuperseded,
};
use hexmarch_rules::content_push::{self, Found, Staged};
use spacetimedb::{ReducerContext, Table};

use super::Pipeline;
use crate::Failure;

/// Key of the only row.
const ONLY_ROW: i32 = 0;

/// Takes the staging area for the caller's connection.
///
/// # Errors
/// `static_data.push_in_progress|<seconds>`, `static_data.hash_too_long|<limit>`.
pub fn begin(ctx: &ReducerContext, pipeline: &Pipeline, content_hash: String) -> Result<(), Failure> {
    let before = state(ctx);
    let staged = content_push::begin(before.as_ref().map(|row| found(ctx, row)), &content_hash)?;
    if let Some(connection_id) = ctx.connection_id {
        ctx.db
            .static_data_push_superseded()
            .connection_id()
            .delete(connection_id);
    }
    take(ctx, pipeline, before, staged, content_hash)
}

/// Rows are about to be staged by the caller.
///
/// # Errors
/// `static_data.push_superseded`, `static_data.push_in_progress|<seconds>`.
pub(super) fn stage(ctx: &ReducerContext, pipeline: &Pipeline) -> Result<(), Failure> {
    let before = state(ctx);
    let begun = content_push::stage(before.as_ref().map(|row| found(ctx, row)), is_superseded(ctx))?;
    match (begun, before) {
        (None, Some(row)) => {
            store(
                ctx,
                StaticDataPushState {
                    last_at: ctx.timestamp,
                    ..row
                },
            );
            Ok(())
        }
        (begun, before) => take(ctx, pipeline, before, begun.unwrap_or(Staged::Cleared), String::new()),
    }
}

/// Notes how many rows of a table are staged now.
pub(super) fn progress(ctx: &ReducerContext, table_name: &str, rows: u64) {
    let progress = ctx.db.static_data_push_progress();
    let row = StaticDataPushProgress {
        table_name: table_name.to_string(),
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
    };
    if progress.table_name().find(&row.table_name).is_some() {
        progress.table_name().update(row);
    } else {
        progress.insert(row);
    }
}

/// Forgets everything that is staged.
///
/// # Errors
/// `static_data.push_in_progress|<seconds>`.
pub fn clear(ctx: &ReducerContext, pipeline: &Pipeline) -> Result<(), Failure> {
    content_push::clear(state(ctx).as_ref().map(|row| found(ctx, row)))?;
    end(ctx, pipeline)
}

/// The caller is about to commit. Returns the name of the content.
///
/// # Errors
/// `static_data.push_superseded`, `static_data.push_in_progress|<seconds>`, `static_data.push_broken_off`.
pub(super) fn commit(ctx: &ReducerContext) -> Result<String, Failure> {
    let row = state(ctx);
    content_push::commit(row.as_ref().map(|row| found(ctx, row)), is_superseded(ctx))?;
    Ok(row.map(|row| row.content_hash).unwrap_or_default())
}

/// Nothing is staged any more, by anybody.
pub(super) fn end(ctx: &ReducerContext, pipeline: &Pipeline) -> Result<(), Failure> {
    (pipeline.clear_staged)(&ctx.db)?;
    let progress = ctx.db.static_data_push_progress();
    for row in progress.iter() {
        progress.table_name().delete(&row.table_name);
    }
    ctx.db.static_data_push_state().id().delete(ONLY_ROW);
    Ok(())
}

/// The caller's connection is closed: its push is over, until somebody goes on with it.
pub fn connection_lost(ctx: &ReducerContext) {
    let Some(connection_id) = ctx.connection_id else {
        return;
    };
    ctx.db
        .static_data_push_superseded()
        .connection_id()
        .delete(connection_id);
    if let Some(row) = state(ctx).filter(|row| row.connection_id == Some(connection_id)) {
        store(
            ctx,
            StaticDataPushState {
                connection_id: None,
                ..row
            },
        );
    }
}

fn take(
    ctx: &ReducerContext,
    pipeline: &Pipeline,
    before: Option<StaticDataPushState>,
    staged: Staged,
    content_hash: String,
) -> Result<(), Failure> {
    let others = before.and_then(|row| row.connection_id);
    if let Some(connection_id) = others.filter(|id| Some(*id) != ctx.connection_id) {
        ctx.db
            .static_data_push_superseded()
            .insert(StaticDataPushSuperseded { connection_id });
    }
    if staged == Staged::Cleared {
        end(ctx, pipeline)?;
    }
    store(
        ctx,
        StaticDataPushState {
            id: ONLY_ROW,
            sender: ctx.sender,
            connection_id: ctx.connection_id,
            content_hash,
            last_at: ctx.timestamp,
        },
    );
    Ok(())
}

fn state(ctx: &ReducerContext) -> Option<StaticDataPushState> {
    ctx.db.static_data_push_state().id().find(ONLY_ROW)
}

fn store(ctx: &ReducerContext, row: StaticDataPushState) {
    let states = ctx.db.static_data_push_state();
    states.id().delete(ONLY_ROW);
    states.insert(row);
}

fn found<'a>(ctx: &ReducerContext, row: &'a StaticDataPushState) -> Found<'a> {
    let is_own = row.sender == ctx.sender && row.connection_id.is_some() && row.connection_id == ctx.connection_id;
    Found {
        is_own,
        is_connected: row.connection_id.is_some(),
        silence: ctx.timestamp.duration_since(row.last_at).unwrap_or(Duration::ZERO),
        content_hash: &row.content_hash,
    }
}

fn is_superseded(ctx: &ReducerContext) -> bool {
    let superseded = ctx.db.static_data_push_superseded();
    ctx.connection_id
        .is_some_and(|connection_id| superseded.connection_id().find(connection_id).is_some())
}
