//! What is too big for a pocket and is carried in both arms.

use hexmarch_macros::{sats_type, table};

use crate::inventory::Rarity;

/// Pieces of cargo of one kind.
#[sats_type]
pub struct CargoStack {
    /// Which cargo.
    #[references(cargo_desc)]
    pub cargo_id: i32,
    /// How many, at least 1.
    #[range(1..=1_000)]
    pub quantity: u32,
}

/// A kind of cargo.
#[table(region, global, name = cargo_desc, public)]
#[static_data_staging_table]
pub struct CargoDesc {
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
    /// How much of a pocket for cargo one takes.
    #[range(1..=60_000)]
    pub volume: i32,
    /// Seconds to pick it up.
    #[range(0.0..=60.0)]
    pub pick_up_time: f32,
    /// Seconds to put it down.
    #[range(0.0..=60.0)]
    pub place_time: f32,
    /// Factor on the speed of who carries it.
    #[range(0.05..=1.0)]
    pub movement_modifier: f32,
    /// Whether nobody walks over it where it lies.
    pub blocks_path: bool,
    /// Seconds that it lies before it is gone, 0 for ever.
    #[range(0.0..=31_536_000.0)]
    pub despawn_time: f32,
    /// Tier, 1 and up.
    #[range(1..=10)]
    pub tier: i32,
    /// What kind of thing.
    #[length(1..=40)]
    pub tag: String,
    /// How seldom.
    pub rarity: Rarity,
}
