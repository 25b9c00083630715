//! How many things of each kind there are. Whoever makes, removes or changes one says so here: nothing is counted anew.

use std::collections::BTreeMap;

use hexmarch_base::Failure;
use hexmarch_messages::resource::{resource_count, resource_desc, ResourceCountState};
use spacetimedb::{ReducerContext, Table};

/// So many more of a kind.
pub fn add(ctx: &ReducerContext, resource_id: i32, more: u32) {
    change(ctx, resource_id, |row| row.live = row.live.saturating_add(more));
}

/// One less of a kind.
pub fn remove(ctx: &ReducerContext, resource_id: i32) {
    change(ctx, resource_id, |row| row.live = row.live.saturating_sub(1));
}

/// Adds what is counted by kind.
pub fn add_all(ctx: &ReducerContext, counts: &BTreeMap<i32, u32>) {
    for (resource_id, more) in counts {
        add(ctx, *resource_id, *more);
    }
}

/// How many of a kind there should be from now on.
///
/// # Errors
/// `resource.unknown|<kind>`.
pub fn set_target(ctx: &ReducerContext, resource_id: i32, target: u32) -> Result<(), Failure> {
    if ctx.db.resource_desc().id().find(resource_id).is_none() {
        return Err(Failure::new(format!("resource.unknown|{resource_id}")));
    }
    change(ctx, resource_id, |row| row.target = target);
    Ok(())
}

/// A thing of one kind is of another, since content replaced the first. What there should be of a kind that content has no
/// more, there should be of the other.
pub fn replaced(ctx: &ReducerContext, from: i32, to: i32) {
    remove(ctx, from);
    add(ctx, to, 1);
    let counts = ctx.db.resource_count();
    let before = counts.resource_id().find(from);
    if let Some(before) = before.filter(|_| ctx.db.resource_desc().id().find(from).is_none()) {
        if before.target > 0 {
            change(ctx, from, |row| row.target = 0);
            change(ctx, to, |row| row.target = row.target.saturating_add(before.target));
        }
        if before.live == 0 {
            counts.resource_id().delete(from);
        }
    }
}

fn change(ctx: &ReducerContext, resource_id: i32, change: impl FnOnce(&mut ResourceCountState)) {
    let counts = ctx.db.resource_count();
    let stored = counts.resource_id().find(resource_id);
    let is_new = stored.is_none();
    let mut row = stored.unwrap_or(ResourceCountState {
        resource_id,
        target: 0,
        live: 0,
    });
    change(&mut row);
    if is_new {
        counts.insert(row);
    } else {
        counts.resource_id().update(row);
    }
}
