//! What the host says of its transactions, by reducer, and of the memory that a database takes.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{ensure, Context, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::world::World;

/// The host's histogram of the time that transactions take, without waiting for others.
pub const HISTOGRAM: &str = "spacetime_txn_cpu_time_sec";
/// The transactions of reducers, not those that tell subscribers afterwards.
const OF_REDUCERS: (&str, &str) = ("txn_type", "Reducer");
/// The host's count of what reducers did, in units of its machine for wasm: the same on every machine, however busy.
const FUEL: &str = "reducer_wasmtime_fuel_used";
/// The host's gauges of what a database keeps in memory, in bytes: rows and keys of indexes by table, and blobs.
const GAUGES: [&str; 3] = [
    "spacetime_data_size_bytes_used_by_rows",
    "spacetime_data_size_table_bytes_used_by_index_keys",
    "spacetime_data_size_blob_store_bytes_used_by_blobs",
];
/// The host looks at what databases keep every 15 s; after so long it has.
const GAUGED_WITHIN: Duration = Duration::from_secs(20);
/// The label that says whose a sample is.
const DATABASE: &str = "db";
const PATH: &str = "/v1/metrics";

/// Transactions of one reducer since the host's start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transactions {
    /// How many.
    pub count: f64,
    /// Seconds of all.
    pub seconds: f64,
    /// Fuel of all.
    pub fuel: f64,
    /// How many took at most so many seconds, the shortest limit first.
    limits: Vec<(f64, f64)>,
}

impl Transactions {
    /// How many came since an earlier look, their seconds and their fuel.
    pub fn since(&self, earlier: Option<&Self>) -> [f64; 3] {
        let all = |of: &Self| [of.count, of.seconds, of.fuel];
        let ([count, seconds, fuel], before) = (all(self), earlier.map_or([0.0; 3], all));
        let [count_before, seconds_before, fuel_before] = before;
        [count - count_before, seconds - seconds_before, fuel - fuel_before]
    }

    /// The shortest limit, in seconds, that none exceeded; infinite when some exceeded the longest that the host counts by.
    pub fn longest_at_most(&self) -> f64 {
        let all = |(_, count): &&(f64, f64)| *count >= self.count;
        self.limits.iter().find(all).map_or(f64::INFINITY, |(limit, _)| *limit)
    }

    /// How many took longer than this; the host must count by just this limit.
    pub fn longer_than(&self, seconds: f64) -> Option<f64> {
        let found = self.limits.iter().find(|(limit, _)| (limit - seconds).abs() < 1e-9);
        found.map(|(_, count)| self.count - count)
    }
}

/// What a database keeps in memory, in bytes; pages and allocations around it are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stored {
    by_gauge: [f64; GAUGES.len()],
}

impl Stored {
    /// As it is now, which takes until the host has looked.
    ///
    /// # Errors
    /// Without such a database; when the host does not answer, or says nothing of it.
    pub async fn of(world: &World, database: &str) -> Result<Self> {
        let identity = identity(world, database).await?;
        sleep(GAUGED_WITHIN).await;
        let stored = Self::parse(&fetch(&world.running.url).await?, &identity);
        ensure!(stored.bytes() > 0.0, "the host does not say what {database} keeps");
        Ok(stored)
    }

    /// Of rows, indexes and blobs.
    pub fn bytes(&self) -> f64 {
        self.by_gauge.iter().sum()
    }

    fn parse(text: &str, database: &str) -> Self {
        let mut stored = Self::default();
        for (name, labels, value) in text.lines().filter_map(sample) {
            let of_gauges = GAUGES
                .iter()
                .zip(&mut stored.by_gauge)
                .find(|(gauge, _)| **gauge == name);
            if let Some((_, sum)) = of_gauges.filter(|_| labels.contains(&(DATABASE, database))) {
                *sum += value;
            }
        }
        stored
    }
}

/// Transactions of all reducers of a database, by name.
pub async fn of(world: &World, database: &str) -> Result<BTreeMap<String, Transactions>> {
    let identity = identity(world, database).await?;
    let found = parse(&fetch(&world.running.url).await?, &identity);
    ensure!(!found.is_empty(), "the host does not count {HISTOGRAM} of {database}");
    Ok(found)
}

/// As metrics name it.
async fn identity(world: &World, database: &str) -> Result<String> {
    let identity = world.operator.database_identity(database).await?;
    let identity = identity.with_context(|| format!("there is no database {database}"))?;
    Ok(identity.trim_start_matches("0x").to_owned())
}

async fn fetch(url: &str) -> Result<String> {
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).await.context("asking for metrics")?;
    // By 1.0 the answer comes in one piece and ends with the connection.
    let request = format!("GET {PATH} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer without a body")?;
    let status = head.lines().next().unwrap_or_default();
    ensure!(
        status.split(' ').nth(1) == Some("200"),
        "{PATH} of the host answers: {status}"
    );
    Ok(body.to_owned())
}

fn parse(text: &str, database: &str) -> BTreeMap<String, Transactions> {
    let mut found: BTreeMap<String, Transactions> = BTreeMap::new();
    for (name, labels, value) in text.lines().filter_map(sample) {
        let label = |key: &str| labels.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        let Some(reducer) = label("reducer").filter(|_| label(DATABASE) == Some(database)) else {
            continue;
        };
        if name == FUEL {
            found.entry(reducer.to_owned()).or_default().fuel = value;
            continue;
        }
        let part = name.strip_prefix(HISTOGRAM);
        let Some(part) = part.filter(|_| label(OF_REDUCERS.0) == Some(OF_REDUCERS.1)) else {
            continue;
        };
        let transactions = found.entry(reducer.to_owned()).or_default();
        match part {
            "_count" => transactions.count = value,
            "_sum" => transactions.seconds = value,
            // Whatever is above the last limit is in no bucket with a number.
            "_bucket" => {
                let limit = label("le").and_then(|limit| limit.parse::<f64>().ok());
                let limit = limit.filter(|limit| limit.is_finite());
                transactions.limits.extend(limit.map(|limit| (limit, value)));
            }
            _ => {}
        }
    }
    for transactions in found.values_mut() {
        transactions.limits.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    }
    found
}

type Labels<'a> = Vec<(&'a str, &'a str)>;

/// A line of the text format: name, labels and value. Names of reducers and databases hold nothing that is escaped.
fn sample(line: &str) -> Option<(&str, Labels<'_>, f64)> {
    let (name, rest) = line.split_once('{')?;
    let (labels, value) = rest.rsplit_once("} ")?;
    let labels = labels.split(',').filter_map(|label| {
        let (key, value) = label.split_once('=')?;
        Some((key, value.trim_matches('"')))
    });
    Some((name, labels.collect(), value.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# TYPE spacetime_txn_cpu_time_sec histogram
spacetime_txn_cpu_time_sec_bucket{db="c2a",reducer="slice",txn_type="Reducer",le="0.025"} 6
spacetime_txn_cpu_time_sec_bucket{db="c2a",reducer="slice",txn_type="Reducer",le="0.05"} 8
spacetime_txn_cpu_time_sec_bucket{db="c2a",reducer="slice",txn_type="Reducer",le="0.1"} 9
spacetime_txn_cpu_time_sec_bucket{db="c2a",reducer="slice",txn_type="Reducer",le="+Inf"} 9
spacetime_txn_cpu_time_sec_sum{db="c2a",reducer="slice",txn_type="Reducer"} 0.25
spacetime_txn_cpu_time_sec_count{db="c2a",reducer="slice",txn_type="Reducer"} 9
spacetime_txn_cpu_time_sec_count{db="c2a",reducer="slice",txn_type="Update"} 70
spacetime_txn_cpu_time_sec_count{db="c2b",reducer="slice",txn_type="Reducer"} 700
reducer_wasmtime_fuel_used{db="c2a",reducer="slice"} 5690673
reducer_wasmtime_fuel_used{db="c2b",reducer="slice"} 1
spacetime_txn_elapsed_time_sec_count{db="c2a",reducer="slice",txn_type="Reducer"} 7000
spacetime_data_size_table_num_rows{db="c2a",table_name="player"} 9000
spacetime_data_size_bytes_used_by_rows{db="c2a",table_name="player"} 400
spacetime_data_size_bytes_used_by_rows{db="c2a",table_name="chunk"} 80
spacetime_data_size_bytes_used_by_rows{db="c2b",table_name="chunk"} 5000
spacetime_data_size_table_bytes_used_by_index_keys{db="c2a",table_name="chunk"} 16
spacetime_data_size_blob_store_bytes_used_by_blobs{db="c2a"} 3
"#;

    #[test]
    fn reads_transactions_of_reducers() {
        let found = parse(TEXT, "c2a");
        assert_eq!(found.len(), 1, "{found:?}");
        let slice = &found["slice"];
        assert_eq!(slice.since(None), [9.0, 0.25, 5_690_673.0]);
        assert_eq!(slice.longest_at_most(), 0.1);
        assert_eq!((slice.longer_than(0.05), slice.longer_than(0.03)), (Some(1.0), None));
        assert_eq!(slice.since(Some(slice)), [0.0; 3]);
    }

    #[test]
    fn what_a_database_keeps_is_summed() {
        assert_eq!(Stored::parse(TEXT, "c2a").bytes(), 499.0);
        assert_eq!(Stored::parse(TEXT, "c2c").bytes(), 0.0);
    }

    #[test]
    fn nothing_is_known_above_the_last_limit() {
        let above = TEXT.replace(
            "_count{db=\"c2a\",reducer=\"slice\",txn_type=\"Reducer\"} 9",
            "_count{db=\"c2a\",reducer=\"slice\",txn_type=\"Reducer\"} 10",
        );
        assert_eq!(parse(&above, "c2a")["slice"].longest_at_most(), f64::INFINITY);
    }
}
