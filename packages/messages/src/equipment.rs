//! What is worn.

use hexmarch_macros::{sats_type, table};

use crate::player::StatEntry;
use crate::skill::LevelRequirement;

/// Where something is worn.
#[sats_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum EquipmentSlotType {
    /// In the hand that strikes.
    MainHand,
    /// In the other.
    OffHand,
    /// On the head.
    Head,
    /// On the body.
    Torso,
    /// On the hands.
    Hands,
    /// Round the waist.
    Waist,
    /// On the legs.
    Legs,
    /// On the feet.
    Feet,
    /// Over the shoulders.
    Back,
    /// Round the neck.
    Neck,
}

/// An item that is worn.
#[table(region, name = equipment_desc, public)]
#[static_data_staging_table]
pub struct EquipmentDesc {
    /// The item.
    #[primary_key]
    #[references(item_desc)]
    pub item_id: i32,
    /// Every slot that it takes.
    #[length(1..=4)]
    pub slots: Vec<EquipmentSlotType>,
    /// What it asks of the wearer.
    pub level_requirement: Option<LevelRequirement>,
    /// What it gives.
    pub stats: Vec<StatEntry>,
    /// Achievements that the wearer has.
    #[references(achievement_desc)]
    pub required_achievements: Vec<i32>,
    /// What the wearer knows.
    #[references(secondary_knowledge_desc)]
    pub required_knowledges: Vec<i32>,
}
