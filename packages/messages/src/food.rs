//! What is eaten and drunk.

use hexmarch_macros::table;

use crate::buff::BuffEffect;

/// An item that is eaten or drunk.
#[table(region, name = food_desc, public)]
#[static_data_staging_table]
pub struct FoodDesc {
    /// The item.
    #[primary_key]
    #[references(item_desc)]
    pub item_id: i32,
    /// Health points that it gives; negative takes.
    #[range(-1_000.0..=1_000.0)]
    pub hp: f32,
    /// It heals no further than this, 0 for no limit.
    #[range(0.0..=1_000.0)]
    pub up_to_hp: f32,
    /// Stamina points that it gives; negative takes.
    #[range(-1_000.0..=1_000.0)]
    pub stamina: f32,
    /// It refreshes no further than this, 0 for no limit.
    #[range(0.0..=1_000.0)]
    pub up_to_stamina: f32,
    /// Satiation that it gives.
    #[range(0.0..=1_000.0)]
    pub hunger: f32,
    /// Teleportation energy that it gives.
    #[range(0.0..=1_000.0)]
    pub teleportation_energy: f32,
    /// Whether there is time for it in a fight.
    pub consumable_while_in_combat: bool,
    /// What it does for a while.
    pub buffs: Vec<BuffEffect>,
}
