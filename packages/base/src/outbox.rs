//! Sending messages to other databases: a row, written in the transaction that causes it.

use std::sync::atomic::{AtomicU64, Ordering};

use hexmarch_messages::inter_module::{
    inter_module_message, inter_module_message_clock, InterModuleMessage, InterModuleMessageClock, MessageContents,
};
use hexmarch_messages::region::region_connection_info;
use hexmarch_rules::inter_module;
use spacetimedb::{ReducerContext, Table};

use crate::entity;

/// Key of the only row of the clock.
const ONLY_ROW: i32 = 0;

/// How careful the relay is with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It carries value: moved only once it is on disk.
    Durable,
    /// Losing or repeating its effect after a crash does no harm.
    Fleeting,
}

/// Puts a message into the outbox and returns its id.
pub fn send(ctx: &ReducerContext, to: u8, durability: Durability, contents: MessageContents) -> u64 {
    let id = next_id(ctx);
    ctx.db.inter_module_message().insert(InterModuleMessage {
        id,
        to,
        durable: durability == Durability::Durable,
        contents,
    });
    id
}

/// Indices of all regions that the world has, smallest first, but for this one.
pub fn other_regions(ctx: &ReducerContext) -> Vec<u8> {
    let own = entity::own_index(ctx);
    let mut regions: Vec<u8> = ctx
        .db
        .region_connection_info()
        .iter()
        .map(|row| row.id)
        .filter(|id| *id != own)
        .collect();
    regions.sort_unstable();
    regions
}

/// Rises strictly, across crashes and whatever the clock does.
fn next_id(ctx: &ReducerContext) -> u64 {
    let now = u64::try_from(ctx.timestamp.to_micros_since_unix_epoch()).unwrap_or(0);
    let clock = ctx.db.inter_module_message_clock();
    let row = clock.version().find(ONLY_ROW);
    let last = row.as_ref().map(|row| row.last_id);
    let id = inter_module::next_id(now, last, floor(last));
    match row {
        Some(row) => {
            clock.version().update(InterModuleMessageClock { last_id: id, ..row });
        }
        None => {
            clock.insert(InterModuleMessageClock {
                version: ONLY_ROW,
                last_id: id,
            });
        }
    }
    id
}

/// Below it no id is given out by this instance of the module. Kept in memory, which begins anew at every start, also
/// after a crash; a transaction that is rolled back does not make it wrong.
fn floor(last: Option<u64>) -> u64 {
    const UNKNOWN: u64 = 0;
    static FLOOR: AtomicU64 = AtomicU64::new(UNKNOWN);
    match FLOOR.load(Ordering::Relaxed) {
        UNKNOWN => {
            let floor = inter_module::floor_after_start(last);
            FLOOR.store(floor, Ordering::Relaxed);
            floor
        }
        floor => floor,
    }
}
