//! What work is done with.

use hexmarch_macros::{sats_type, table};

/// A kind of tool.
#[table(region, name = tool_type_desc, public)]
#[static_data_staging_table]
pub struct ToolTypeDesc {
    /// Key, and the slot of the toolbelt.
    #[primary_key]
    #[range(1..=64)]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// The skill that it serves.
    #[references(skill_desc)]
    pub skill_id: i32,
}

/// An item that is a tool.
#[table(region, name = tool_desc, public)]
#[static_data_staging_table]
pub struct ToolDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The item.
    #[unique]
    #[references(item_desc)]
    pub item_id: i32,
    /// What kind.
    #[references(tool_type_desc)]
    pub tool_type: i32,
    /// What it can work on: that of its tier.
    #[range(1..=10)]
    pub level: i32,
    /// Progress of each stroke.
    #[range(1..=10_000)]
    pub power: i32,
}

/// A tool that work asks for.
#[sats_type]
pub struct ToolRequirement {
    /// What kind.
    #[references(tool_type_desc)]
    pub tool_type: i32,
    /// At least of this level.
    #[range(1..=10)]
    pub level: i32,
    /// At least of this power.
    #[range(0..=10_000)]
    pub power: i32,
}
