//! How long things took, in buckets: written by one task, and copied to whoever looks.

use std::time::Duration;

use serde::Serialize;

/// Upper bounds of the buckets, in seconds; one more holds what is above. From a call on the same machine to a message
/// that waited for a database that was away.
pub const BOUNDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 600.0,
];

/// Counts of durations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    buckets: [u64; BOUNDS.len()],
    above: u64,
    sum: Duration,
}

/// A histogram in a few numbers, for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// How many.
    pub count: u64,
    /// Their mean, in milliseconds; none without any.
    pub mean_ms: Option<f64>,
    /// Half took at most so many milliseconds, to the precision of the buckets; none without any, or above them all.
    pub p50_ms: Option<f64>,
    /// The same of 99 in 100.
    pub p99_ms: Option<f64>,
}

impl Histogram {
    /// Counts one.
    pub fn observe(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        let place = BOUNDS.iter().position(|bound| seconds <= *bound);
        let bucket = place.and_then(|place| self.buckets.get_mut(place));
        let bucket = bucket.unwrap_or(&mut self.above);
        *bucket = bucket.saturating_add(1);
        self.sum = self.sum.saturating_add(took);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum::<u64>().saturating_add(self.above)
    }

    /// Their sum in seconds.
    pub fn sum_seconds(&self) -> f64 {
        self.sum.as_secs_f64()
    }

    /// For each bucket its upper bound in seconds and how many are in it alone; the last bound is `f64::MAX`.
    pub fn buckets(&self) -> Vec<(f64, u64)> {
        let bounds = BOUNDS.iter().copied().chain([f64::MAX]);
        bounds.zip(self.buckets.iter().copied().chain([self.above])).collect()
    }

    /// The upper bound in milliseconds of the bucket in which `share` of all is reached.
    fn quantile_ms(&self, share: f64) -> Option<f64> {
        let wanted = share * self.count() as f64;
        let mut seen = 0;
        let reached = BOUNDS.iter().zip(&self.buckets).find(|(_, count)| {
            seen += **count;
            **count > 0 && seen as f64 >= wanted
        });
        reached.map(|(bound, _)| bound * 1000.0)
    }

    /// In a few numbers.
    pub fn summary(&self) -> Summary {
        let count = self.count();
        Summary {
            count,
            // To the microsecond.
            mean_ms: (count > 0).then(|| (self.sum_seconds() * 1e6 / count as f64).round() / 1000.0),
            p50_ms: self.quantile_ms(0.5),
            p99_ms: self.quantile_ms(0.99),
        }
    }
}

/// How long the messages of one stream took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timings {
    /// From the first sight of a row to the answer of its destination.
    pub delivered: Histogram,
    /// From the first sight of a row to the sender's taking its result.
    pub acknowledged: Histogram,
    /// Proven time that durable messages waited before they were delivered, also behind others.
    pub held_rows: Histogram,
    /// Proven time that the results of durable messages waited before the sender was told.
    pub held_results: Histogram,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_bucket_and_sums_up() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.summary().p50_ms, None);
        for millis in [1, 1, 3, 2_000_000] {
            histogram.observe(Duration::from_millis(millis));
        }
        let filled: Vec<_> = histogram
            .buckets()
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(filled, [(0.001, 2), (0.005, 1), (f64::MAX, 1)]);
        let summary = histogram.summary();
        assert_eq!((summary.count, summary.p50_ms, summary.p99_ms), (4, Some(1.0), None));
        assert_eq!(histogram.sum_seconds(), 2000.005);
    }
}
