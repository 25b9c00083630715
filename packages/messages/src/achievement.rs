//! What one may be proud of.

use hexmarch_macros::table;

use crate::skill::LevelRequirement;

/// Something to be proud of. It is earned when all that it asks for is there.
#[table(region, name = achievement_desc, public)]
#[static_data_staging_table]
pub struct AchievementDesc {
    /// Key.
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// Achievements before it.
    #[references(achievement_desc)]
    pub requisites: Vec<i32>,
    /// A level.
    pub level_requirement: Option<LevelRequirement>,
    /// Items that one has had.
    #[references(item_desc)]
    pub item_disc: Vec<i32>,
    /// Cargo that one has carried.
    #[references(cargo_desc)]
    pub cargo_disc: Vec<i32>,
    /// Resources that one has gathered from.
    #[references(resource_desc)]
    pub resource_disc: Vec<i32>,
    /// Recipes that one has made.
    #[references(crafting_recipe_desc)]
    pub crafting_disc: Vec<i32>,
    /// Enemies that one has beaten.
    #[references(enemy_desc)]
    pub enemy_disc: Vec<i32>,
    /// Things that one has learned.
    #[references(secondary_knowledge_desc)]
    pub knowledge_disc: Vec<i32>,
    /// Chunks that one has seen.
    #[range(0..=1_000_000)]
    pub chunks_discovered: i32,
    /// Points.
    #[range(1..=1_000)]
    pub points_reward: i32,
}
