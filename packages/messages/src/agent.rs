//! How often agents look at the world.

use hexmarch_macros::table;

/// Period of an agent; one without a row keeps its default.
#[table(region, global, name = agent_desc)]
#[static_data_staging_table]
pub struct AgentDesc {
    /// Name of the agent's function.
    #[primary_key]
    pub name: String,
    /// Period in milliseconds.
    #[range(10..=86_400_000)]
    pub every_millis: u64,
}
