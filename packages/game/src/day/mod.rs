//! Day and night. What time it is follows from the clock and from content alone, so it is the same in all regions; the row
//! tells it to those who watch.

use hexmarch_base::clock;
use hexmarch_messages::day::{day_night_state, DayNightState};
use hexmarch_messages::survival::day_parameters_desc;
use hexmarch_rules::day::{hour_of_day, phase_at, DayLengths};
use spacetimedb::{ReducerContext, Table};

/// The hour where content says nothing.
const NOON: f32 = 12.0;

/// The hour, from 0 up to 24; light lasts from 6 to 18.
pub fn hour(ctx: &ReducerContext) -> f32 {
    lengths(ctx).map_or(NOON, |lengths| hour_of_day(clock::now_ms(ctx), lengths))
}

/// Whether there is light.
pub fn is_day(ctx: &ReducerContext) -> bool {
    lengths(ctx).is_none_or(|lengths| phase_at(clock::now_ms(ctx), lengths).is_day)
}

/// Makes the row tell the time; nothing changes while it does.
pub fn tell(ctx: &ReducerContext) {
    let Some(lengths) = lengths(ctx) else { return };
    let phase = phase_at(clock::now_ms(ctx), lengths);
    let row = DayNightState {
        id: 0,
        is_day: phase.is_day,
        since_ms: phase.since_ms,
        until_ms: phase.until_ms,
    };
    let rows = ctx.db.day_night_state();
    match rows.id().find(0) {
        None => {
            rows.insert(row);
        }
        Some(stored) if stored != row => {
            rows.id().update(row);
        }
        Some(_) => {}
    }
}

fn lengths(ctx: &ReducerContext) -> Option<DayLengths> {
    let parameters = ctx.db.day_parameters_desc().id().find(0)?;
    let millis = |seconds: i32| u64::try_from(seconds).unwrap_or_default().saturating_mul(1_000);
    Some(DayLengths {
        day_ms: millis(parameters.daytime),
        night_ms: millis(parameters.nighttime),
    })
}
