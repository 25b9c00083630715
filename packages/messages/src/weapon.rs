//! What blows are struck with.

use hexmarch_macros::table;

/// A kind of weapon.
#[table(region, name = weapon_type_desc, public)]
#[static_data_staging_table]
pub struct WeaponTypeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// Whether it is for game, and blunt against those who fight back.
    pub hunting: bool,
}

/// An item that is a weapon.
#[table(region, name = weapon_desc, public)]
#[static_data_staging_table]
pub struct WeaponDesc {
    /// The item.
    #[primary_key]
    #[references(item_desc)]
    pub item_id: i32,
    /// Tier, 1 and up.
    #[range(1..=10)]
    pub tier: i32,
    /// What kind.
    #[references(weapon_type_desc)]
    pub weapon_type: i32,
    /// Least damage of a blow.
    #[range(0..=100_000)]
    pub min_damage: i32,
    /// Most damage of a blow.
    #[range(1..=100_000)]
    pub max_damage: i32,
    /// Seconds between blows.
    #[range(0.1..=60.0)]
    pub cooldown: f32,
    /// Factor on the stamina of a blow.
    #[range(0.0..=10.0)]
    pub stamina_use_multiplier: f32,
}
