//! Skills, and what their levels ask and give.

use hexmarch_macros::{sats_type, table};

/// What a skill is for.
#[sats_type]
#[derive(Copy, Eq)]
pub enum SkillCategory {
    /// Taking from the land.
    Gathering,
    /// Making things.
    Crafting,
    /// Getting on in the wild.
    Adventure,
}

/// A skill.
#[table(region, name = skill_desc, public)]
#[static_data_staging_table]
pub struct SkillDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// What a master of it is called, in English.
    #[localized]
    pub title: String,
    /// What it is for.
    pub skill_category: SkillCategory,
    /// Highest level.
    #[references(skill_level_desc)]
    pub max_level: i32,
}

/// What a level takes, of every skill.
#[table(region, name = skill_level_desc, public)]
#[static_data_staging_table]
pub struct SkillLevelDesc {
    /// The level, from 1.
    #[primary_key]
    #[range(1..=200)]
    pub level: i32,
    /// Points that have it, from nothing.
    pub experience: u64,
}

/// A level that something asks for.
#[sats_type]
pub struct LevelRequirement {
    /// The skill.
    #[references(skill_desc)]
    pub skill_id: i32,
    /// At least.
    #[references(skill_level_desc)]
    pub level: i32,
}

/// Points that work gives, for each unit of progress.
#[sats_type]
pub struct ExperienceStackF32 {
    /// The skill.
    #[references(skill_desc)]
    pub skill_id: i32,
    /// Points.
    #[range(0.0..=1_000_000.0)]
    pub quantity: f32,
}
