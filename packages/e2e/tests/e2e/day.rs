//! Day and night.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{bail, ensure, Context, Result};
use hexmarch_content::Content;
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::static_data::RemovalPolicy;
use hexmarch_messages::survival::DayParametersDesc;

use crate::content_staging::{content, push};
use crate::land::{row, with};
use crate::tests;

tests!(night_follows_day);

const TIME: &str = "SELECT is_day, since_ms, until_ms FROM day_night_state";

fn now_ms() -> Result<i64> {
    Ok(i64::try_from(
        SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis(),
    )?)
}

fn lasting(day: i32, night: i32) -> Result<Content> {
    let mut other = content()?;
    with::<DayParametersDesc>(&mut other, |_| true, |row| (row.daytime, row.nighttime) = (day, night))?;
    Ok(other)
}

/// Lengths of day and night of which one ends in a moment.
fn ends_soon() -> Result<(i32, i32)> {
    let now = now_ms()?;
    let (days, nights) = (60..400, 60..70);
    let mut all = days.flat_map(|day| nights.clone().map(move |night| (day, night)));
    let left = |(day, night): &(i32, i32)| {
        let (day, night) = (i64::from(*day) * 1_000, i64::from(*night) * 1_000);
        let into = now % (day + night);
        if into < day {
            day - into
        } else {
            day + night - into
        }
    };
    all.find(|lengths| (4_000..5_000).contains(&left(lengths)))
        .context("no lengths end soon")
}

/// Gives a region days and nights of which one ends in a moment. Returns them, and what its row says.
async fn shortened(world: &World) -> Result<(i64, i64, Vec<i64>)> {
    // A slow machine may be too late for the end that was chosen.
    for _ in 0..5 {
        let (day, night) = ends_soon()?;
        push(world, 1, &lasting(day, night)?, RemovalPolicy::Refuse).await?;
        let (day, night) = (i64::from(day) * 1_000, i64::from(night) * 1_000);
        // However much went by of the old time, the row tells the new one at once.
        eventually("the row to follow the new lengths", || async {
            let row = row(world, TIME).await?;
            Ok(row[2] - row[1] == if row[0] == 1 { day } else { night })
        })
        .await?;
        let first = row(world, TIME).await?;
        if first[2] - now_ms()? < 6_000 {
            return Ok((day, night, first));
        }
    }
    bail!("each end was over before it was seen")
}

async fn night_follows_day(world: &World) -> Result<()> {
    let (day, night, first) = shortened(world).await?;
    ensure!(first[1] <= now_ms()?, "{first:?} has not begun");
    let begins_the_cycle = first[1] % (day + night) == 0;
    ensure!(begins_the_cycle == (first[0] == 1), "{first:?} does not fit the clock");
    eventually("it to end", || async { Ok(row(world, TIME).await? != first) }).await?;
    let second = row(world, TIME).await?;
    ensure!(
        second[0] == 1 - first[0] && second[1] == first[2],
        "after {first:?} comes {second:?}"
    );
    ensure!(second[2] - second[1] == if second[0] == 1 { day } else { night });

    push(world, 1, &content()?, RemovalPolicy::Refuse).await?;
    eventually("both regions to have the same time", || async {
        Ok(world.sql(2, TIME).await?.rows == world.sql(1, TIME).await?.rows)
    })
    .await
}
