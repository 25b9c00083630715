//! The transaction's time.

use spacetimedb::ReducerContext;

/// Milliseconds since 1970.
pub fn now_ms(ctx: &ReducerContext) -> u64 {
    u64::try_from(ctx.timestamp.to_micros_since_unix_epoch() / 1000).unwrap_or(0)
}
