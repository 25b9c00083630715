//! What is done to a character for a while, by food, blows and weather.

use hexmarch_macros::{sats_type, table};

use crate::player::StatEntry;

/// What a kind of buff is about.
#[sats_type]
#[derive(Copy, Eq)]
pub enum BuffCategory {
    /// From food.
    Food,
    /// From drink.
    Drink,
    /// From rest.
    Rest,
    /// From blows.
    Combat,
    /// From the weather or the water.
    Environment,
    /// From dying.
    Death,
    /// From travelling.
    Travel,
    /// From places.
    Blessing,
}

/// Buffs of one kind replace each other, the greater priority the lesser.
#[table(region, name = buff_type_desc, public)]
#[static_data_staging_table]
pub struct BuffTypeDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// What it is about.
    pub category: BuffCategory,
}

/// A buff.
#[table(region, name = buff_desc, public)]
#[static_data_staging_table]
pub struct BuffDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What kind.
    #[index(btree)]
    #[references(buff_type_desc)]
    pub buff_type_id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// The greatest of a kind counts.
    #[range(0..=1_000)]
    pub priority: i32,
    /// Seconds, unless what gives it says otherwise; 0 for as long as its cause lasts.
    #[range(0..=604_800)]
    pub duration: i32,
    /// Whether it only runs out while its bearer plays.
    pub online_timestamp: bool,
    /// Whether one would want it.
    pub beneficial: bool,
    /// What it does.
    #[length(1..=16)]
    pub stats: Vec<StatEntry>,
}

/// A buff that something gives.
#[sats_type]
pub struct BuffEffect {
    /// Which.
    #[references(buff_desc)]
    pub buff_id: i32,
    /// Seconds, if not those of the buff.
    #[range(1..=604_800)]
    pub duration: Option<i32>,
}

/// What keeps the country off.
#[sats_type]
#[derive(Copy, Eq)]
pub enum EnvironmentResistanceType {
    /// `ColdResistance`.
    Cold,
    /// `HeatResistance`.
    Heat,
    /// `WetResistance`.
    Wet,
    /// `FumeResistance`.
    Fume,
}

/// What a country does to those who come unprepared.
#[table(region, name = environment_debuff_desc, public)]
#[static_data_staging_table]
pub struct EnvironmentDebuffDesc {
    /// The buff, which lasts while one is there.
    #[primary_key]
    #[references(buff_desc)]
    pub buff_id: i32,
    /// What keeps it off.
    pub resistance_type: EnvironmentResistanceType,
    /// At least so much of it.
    #[range(1..=100)]
    pub resistance_level: i32,
    /// Health points a tick on land.
    #[range(0..=1_000)]
    pub ground_damage: i32,
    /// Health points a tick in water.
    #[range(0..=1_000)]
    pub water_damage: i32,
    /// What one feels without the resistance, in English.
    #[localized]
    pub resistance_unmet_text: String,
    /// What one feels with it, in English.
    #[localized]
    pub resistance_met_text: String,
}
