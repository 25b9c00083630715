//! Kinds of country, their weather and their water.

use hexmarch_macros::{sats_type, table};

/// How hard a country is on those who cross it.
#[sats_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum HazardLevel {
    /// One sleeps there.
    Gentle,
    /// One keeps a fire.
    Wild,
    /// One keeps a watch.
    Harsh,
    /// One keeps away.
    Deadly,
}

/// A kind of country.
#[table(region, name = biome_desc, public)]
#[static_data_staging_table]
pub struct BiomeDesc {
    /// Key.
    #[primary_key]
    #[range(1..=255)]
    pub biome_type: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// How hard it is.
    pub hazard_level: HazardLevel,
    /// Whether players may not build there.
    pub disallow_player_build: bool,
    /// Its colour on maps, `0xRRGGBB`.
    #[range(0..=0xFF_FF_FF)]
    pub map_color: u32,
}

/// What the weather of a country is like.
#[table(region, name = climate_desc, public)]
#[static_data_staging_table]
pub struct ClimateDesc {
    /// The country.
    #[primary_key]
    #[references(biome_desc)]
    pub biome_type: i32,
    /// Degrees at noon.
    #[range(-60..=80)]
    pub day_temperature: i32,
    /// Degrees at midnight.
    #[range(-60..=80)]
    pub night_temperature: i32,
    /// How wet it is, in thousandths.
    #[range(0..=1_000)]
    pub humidity_permille: u32,
    /// How much of the time it rains or snows, in thousandths.
    #[range(0..=1_000)]
    pub rain_permille: u32,
    /// How windy it is, in thousandths.
    #[range(0..=1_000)]
    pub wind_permille: u32,
    /// From this elevation on.
    #[range(-1_000..=1_000)]
    pub min_elevation: i32,
    /// Up to this elevation.
    #[range(-1_000..=1_000)]
    pub max_elevation: i32,
    /// How much this country wants ground that several could have, in thousandths.
    #[range(100..=10_000)]
    pub weight_permille: u32,
    /// What it does by day to those who come unprepared.
    #[references(environment_debuff_desc)]
    pub day_debuffs: Vec<i32>,
    /// What it does by night to those who come unprepared.
    #[references(environment_debuff_desc)]
    pub night_debuffs: Vec<i32>,
}

/// What water does.
#[sats_type]
#[derive(Copy, Eq)]
pub enum WaterType {
    /// Salt, and deep.
    Sea,
    /// Still.
    Lake,
    /// Goes downhill.
    River,
    /// Black, and not quite water.
    Bog,
    /// Warm, from below.
    Spring,
}

/// A kind of water.
#[table(region, name = water_desc, public)]
#[static_data_staging_table]
pub struct WaterDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// Which it is.
    #[distinct]
    pub water_type: WaterType,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// Stamina that swimming takes a second.
    #[range(0.0..=100.0)]
    pub swim_stamina_per_second: f32,
    /// Whether one may drink it.
    pub drinkable: bool,
    /// What it does to those who swim unprepared.
    #[references(environment_debuff_desc)]
    pub debuffs: Vec<i32>,
}
