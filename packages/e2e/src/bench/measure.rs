//! Calling over one websocket, pipelined and one at a time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use hexmarch_host::{CallOutcome, Connection};
use serde_json::{json, Value};

/// Calls under way at once. The host disconnects who has more than 2,048.
const PIPELINE: usize = 512;

/// A reducer with the arguments of one call after the other, in BSATN.
pub trait Calls {
    /// The reducer.
    fn reducer(&self) -> &'static str;
    /// The arguments of the next call.
    fn next(&mut self) -> Vec<u8>;
    /// Waits until the next `count` calls may be made at once.
    async fn ready(&mut self, _count: u32) {}
}

/// What was measured of one reducer, over all rounds.
#[derive(Default)]
pub struct Figures {
    /// Calls a second, pipelined, a round each.
    pub rates: Vec<f64>,
    /// From sending a call to its answer, one at a time.
    pub latencies: Vec<Duration>,
    /// Calls made, all of them committed.
    pub calls: u64,
}

impl Figures {
    /// Makes `count` calls, as fast as the host takes them.
    pub async fn pipelined(&mut self, socket: &Connection, calls: &mut impl Calls, count: u32) -> Result<()> {
        calls.ready(count).await;
        let started = Instant::now();
        let mut under_way = VecDeque::with_capacity(PIPELINE);
        for _ in 0..count {
            if under_way.len() >= PIPELINE {
                committed(under_way.pop_front(), calls.reducer()).await?;
            }
            under_way.push_back(socket.start_call(calls.reducer(), &calls.next())?);
        }
        while !under_way.is_empty() {
            committed(under_way.pop_front(), calls.reducer()).await?;
        }
        self.rates.push(f64::from(count) / started.elapsed().as_secs_f64());
        self.calls += u64::from(count);
        Ok(())
    }

    /// Makes `count` calls, each after the answer to the one before.
    pub async fn one_at_a_time(&mut self, socket: &Connection, calls: &mut impl Calls, count: u32) -> Result<()> {
        calls.ready(count).await;
        for _ in 0..count {
            let arguments = calls.next();
            let started = Instant::now();
            committed(Some(socket.start_call(calls.reducer(), &arguments)?), calls.reducer()).await?;
            self.latencies.push(started.elapsed());
        }
        self.calls += u64::from(count);
        Ok(())
    }

    /// The median of the rounds' rates.
    pub fn rate(&self) -> f64 {
        median(&self.rates)
    }

    /// The latency that this share of the calls did not exceed, in milliseconds.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let index = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
        sorted
            .get(index)
            .map_or(f64::NAN, |latency| latency.as_secs_f64() * 1000.0)
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "calls_per_second": self.rate().round(), "calls": self.calls,
            "p50_ms": rounded(self.percentile_ms(0.5)), "p99_ms": rounded(self.percentile_ms(0.99)),
        })
    }

    /// A line of a table.
    pub fn line(&self, name: &str) -> String {
        let (p50, p99) = (self.percentile_ms(0.5), self.percentile_ms(0.99));
        format!(
            "{name:<14} {:>12.0} {p50:>10.3} {p99:>10.3} {:>10}\n",
            self.rate(),
            self.calls
        )
    }
}

/// The head of the table of [`Figures::line`].
pub fn head() -> String {
    format!(
        "{:<14} {:>12} {:>10} {:>10} {:>10}\n",
        "reducer", "calls/s", "p50 ms", "p99 ms", "calls"
    )
}

/// The middle of a list, the mean of the two middle ones when there are two; NaN of nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (low, high) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
    match (sorted.get(low), sorted.get(high)) {
        (Some(low), Some(high)) => (low + high) / 2.0,
        _ => f64::NAN,
    }
}

/// To three places.
pub fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

async fn committed(call: Option<hexmarch_host::PendingCall>, reducer: &str) -> Result<()> {
    match call.context("no call is under way")?.await? {
        CallOutcome::Committed => Ok(()),
        other => bail!("{reducer} did not commit: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
        let figures = Figures {
            latencies: (1..=101).map(Duration::from_millis).collect(),
            ..Figures::default()
        };
        assert_eq!((figures.percentile_ms(0.5), figures.percentile_ms(0.99)), (51.0, 100.0));
    }
}
