//! A token bucket for each identity.
//!
//! Buckets live in the module's memory on purpose: they survive a refused call, which a row would not, and losing
//! them at a publish only gives everyone a fresh bucket.

use std::cell::RefCell;
use std::collections::HashMap;

use hexmarch_rules::rate_limit::{Bucket, RateLimit};
use spacetimedb::{Identity, ReducerContext};

use crate::{clock, config, Failure};

/// Buckets kept; above it, those that were not used lately are dropped.
const MAX_BUCKETS: usize = 16_384;
/// Not used for this long counts as not lately, in milliseconds.
const FORGET_AFTER_MS: u64 = 60_000;

thread_local! {
    static BUCKETS: RefCell<HashMap<Identity, Bucket>> = RefCell::new(HashMap::new());
}

/// Takes a token of the caller's bucket.
///
/// # Errors
/// `access.too_many_calls` when it is empty; `access.not_configured`.
pub fn check(ctx: &ReducerContext) -> Result<(), Failure> {
    let config = config::get(ctx).ok_or_else(|| Failure::new("access.not_configured"))?;
    let limit = RateLimit {
        capacity: config.call_burst,
        refill_per_second: config.calls_per_second,
    };
    let now_ms = clock::now_ms(ctx);
    let taken = BUCKETS.with_borrow_mut(|buckets| {
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, bucket| now_ms.saturating_sub(bucket.updated_ms) < FORGET_AFTER_MS);
        }
        limit.take(buckets.entry(ctx.sender).or_insert_with(|| limit.full(now_ms)), now_ms)
    });
    if taken {
        Ok(())
    } else {
        Err(Failure::new("access.too_many_calls"))
    }
}
