//! Day and night.

use hexmarch_macros::table;

/// Whether it is day. One row, the same in all regions at the same time.
#[table(region, name = day_night_state, public)]
pub struct DayNightState {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// Whether there is light.
    pub is_day: bool,
    /// When it last became day or night, milliseconds since 1970.
    pub since_ms: u64,
    /// When it next becomes the other, milliseconds since 1970.
    pub until_ms: u64,
}
