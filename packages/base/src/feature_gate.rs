//! Switching features off in a running world.

use hexmarch_macros::reducer;
use hexmarch_messages::config::{gated_features, GatedFeature};
use hexmarch_messages::role::Role;
use spacetimedb::{log, ReducerContext, Table};

use crate::{role, Failure};

/// Longest name of a gate, in bytes.
const MAX_NAME: usize = 96;

/// Refuses while the reducer or its category is switched off; game masters pass.
///
/// # Errors
/// `feature.off|<category>`.
pub fn check(ctx: &ReducerContext, reducer: &str, category: &str) -> Result<(), Failure> {
    let gates = ctx.db.gated_features();
    if gates.count() == 0 {
        return Ok(());
    }
    let is_off = |name: String| gates.feature().find(name).is_some();
    if (is_off(format!("reducer:{reducer}")) || is_off(format!("category:{category}")))
        && !role::caller_has(ctx, Role::Gm)
    {
        return Err(Failure::new(format!("feature.off|{category}")));
    }
    Ok(())
}

/// Switches `reducer:<name>` or `category:<name>` off (`gated`) or on.
///
/// # Errors
/// `feature.bad_name` for any other form of name.
#[reducer]
#[access(Admin)]
pub fn admin_set_feature_gate(ctx: &ReducerContext, feature: String, gated: bool) -> Result<(), Failure> {
    let name = feature
        .strip_prefix("reducer:")
        .or_else(|| feature.strip_prefix("category:"));
    let well_formed = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if feature.len() > MAX_NAME || !name.is_some_and(well_formed) {
        return Err(Failure::new("feature.bad_name"));
    }
    log::info!("feature gate {feature}: {}", if gated { "off" } else { "on" });
    ctx.db.gated_features().feature().delete(&feature);
    if gated {
        ctx.db.gated_features().insert(GatedFeature { feature });
    }
    Ok(())
}
