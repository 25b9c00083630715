//! Hunger, rest, death, and the day that they are measured by. One small row a feature: a tick reads its own alone.

use hexmarch_macros::table;

/// What living takes and gives.
#[table(region, name = survival_parameters_desc, public)]
#[static_data_staging_table]
pub struct SurvivalParametersDesc {
    /// Always 0.
    #[primary_key]
    #[range(0..=0)]
    pub id: i32,
    /// Satiation that a minute takes.
    #[range(0.0..=100.0)]
    pub hunger_per_minute: f32,
    /// Health points a minute that an empty stomach takes.
    #[range(0.0..=1_000.0)]
    pub starvation_damage_per_minute: f32,
    /// What an empty stomach does.
    #[references(buff_desc)]
    pub starving_buff: i32,
    /// Seconds after harm before health comes back.
    #[range(0..=3_600)]
    pub min_seconds_to_passive_regen_health: i32,
    /// Seconds after work before stamina comes back.
    #[range(0..=3_600)]
    pub min_seconds_to_passive_regen_stamina: i32,
    /// Milliseconds between the strokes of the weather.
    #[range(500..=60_000)]
    pub environment_debuff_tick_millis: i32,
}

/// What death takes.
#[table(region, name = death_parameters_desc, public)]
#[static_data_staging_table]
pub struct DeathParametersDesc {
    /// Always 0.
    #[primary_key]
    #[range(0..=0)]
    pub id: i32,
    /// Seconds until one may get up.
    #[range(0..=3_600)]
    pub respawn_seconds: i32,
    /// Part of the health that one gets up with.
    #[range(0.01..=1.0)]
    pub respawn_health: f32,
    /// What it leaves for a while.
    #[references(buff_desc)]
    pub short_sickness_buff: i32,
    /// What it leaves for longer, for those who die again.
    #[references(buff_desc)]
    pub long_sickness_buff: i32,
    /// Durability that worn things lose, as a part of what they have new.
    #[range(0.0..=1.0)]
    pub durability_loss: f32,
    /// Whether cargo is dropped.
    pub drops_cargo: bool,
}

/// How long day and night are.
#[table(region, name = day_parameters_desc, public)]
#[static_data_staging_table]
pub struct DayParametersDesc {
    /// Always 0.
    #[primary_key]
    #[range(0..=0)]
    pub id: i32,
    /// Seconds of light.
    #[range(60..=86_400)]
    pub daytime: i32,
    /// Seconds of dark.
    #[range(60..=86_400)]
    pub nighttime: i32,
}

/// How gathering and crafting go on.
#[table(region, name = work_parameters_desc, public)]
#[static_data_staging_table]
pub struct WorkParametersDesc {
    /// Always 0.
    #[primary_key]
    #[range(0..=0)]
    pub id: i32,
    /// Progress of a stroke with bare hands.
    #[range(1..=1_000)]
    pub hand_power: i32,
    /// Progress of a stroke for each ten levels, in thousandths of the tool's.
    #[range(0..=10_000)]
    pub power_per_ten_levels_permille: i32,
    /// How often a stroke is a lucky one, in thousandths.
    #[range(0..=1_000)]
    pub crit_permille: i32,
    /// Factor on the progress of a lucky one.
    #[range(1.0..=10.0)]
    pub crit_multiplier: f32,
    /// Small tiles from which one works at a station.
    #[range(1..=30)]
    pub station_range: i32,
}

/// How used-up resources come back.
#[table(region, name = resource_parameters_desc)]
#[static_data_staging_table]
pub struct ResourceParametersDesc {
    /// Always 0.
    #[primary_key]
    #[range(0..=0)]
    pub id: i32,
    /// Milliseconds between slices.
    #[range(100..=600_000)]
    pub resources_regen_tick_millis: i32,
    /// Places that a slice tries.
    #[range(1..=10_000)]
    pub resources_regen_loops: i32,
    /// Part of what is missing that comes back an hour.
    #[range(0.0..=1.0)]
    pub regen_per_hour: f32,
}
