//! Things that become others with time.

use hexmarch_macros::table;

/// A thing that grows. A row for each that has not grown up.
#[table(region, name = growth_state, public)]
#[delete]
#[transfer(never)]
pub struct GrowthState {
    /// The thing.
    #[primary_key]
    pub entity_id: u64,
    /// When it is grown, milliseconds since 1970.
    #[index(btree)]
    pub end_timestamp_ms: u64,
    /// What it becomes.
    #[references(resource_growth_recipe_desc)]
    pub growth_recipe_id: i32,
}
