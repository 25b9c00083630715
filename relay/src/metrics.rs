//! The board as Prometheus metrics, in OpenMetrics text or, for who does not ask for that, in the older text format.
//!
//! All values come from one [`Status`], so they fit each other and nothing outlives what it is about. There are as many
//! series as configured databases, and pairs of these with the destinations (of 256 that an index can name) that have
//! had messages; texts that come from databases never become labels.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{text, DescriptorEncoder, EncodeGaugeValue, NoLabelSet};
use prometheus_client::metrics::exemplar::Exemplar;
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

use crate::histogram::Histogram;
use crate::status::{Board, DatabaseStatus, Reason, State, Status, StreamView};

/// Goes before every name.
const PREFIX: &str = "hexmarch_relay";

/// The two forms of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A counter's family goes by its name without `_total`, and the text has an end.
    OpenMetrics,
    /// A family goes by the name of its series, as tools expect that know only this one, such as `promtool check metrics`.
    Text,
}

impl Format {
    /// The one to answer with to a request that accepts these, as in the header `Accept`.
    pub fn accepted(accept: &str) -> Self {
        if accept.contains("application/openmetrics-text") {
            Self::OpenMetrics
        } else {
            Self::Text
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// Renders a board.
#[derive(Debug)]
pub struct Metrics(Registry);

impl Metrics {
    /// The metrics of this board.
    pub fn new(board: Arc<Board>) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register_collector(Box::new(Source(board)));
        Self(registry)
    }

    /// All of them, as of now.
    ///
    /// # Errors
    /// Never in practice: the text is written to memory.
    pub fn render(&self, format: Format) -> Result<String, fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.0)?;
        Ok(match format {
            Format::OpenMetrics => out,
            Format::Text => older(&out),
        })
    }
}

/// OpenMetrics in the older form: what describes a counter has the name of its series, and there is no mark of the end.
fn older(text: &str) -> String {
    let kind = |line: &'_ str| {
        line.strip_prefix("# TYPE ")?
            .split_once(' ')
            .map(|(name, kind)| (name.to_owned(), kind == "counter"))
    };
    let counters: BTreeSet<String> = text
        .lines()
        .filter_map(kind)
        .filter_map(|(name, counts)| counts.then_some(name))
        .collect();
    let mut out = String::with_capacity(text.len());
    for line in text.lines().filter(|line| *line != "# EOF") {
        let described = ["# HELP ", "# TYPE "].into_iter().find_map(|start| {
            let (name, rest) = line.strip_prefix(start)?.split_once(' ')?;
            counters.contains(name).then(|| format!("{start}{name}_total {rest}"))
        });
        out.push_str(described.as_deref().unwrap_or(line));
        out.push('\n');
    }
    out
}

#[derive(Debug)]
struct Source(Arc<Board>);

impl Collector for Source {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let status = self.0.status();
        let mut out = Writer(encoder);
        process(&mut out, &status)?;
        databases(&mut out, &status.databases)?;
        streams(&mut out, &status.streams)?;
        timings(&mut out, &status.streams)?;
        let undeliverable = status.undeliverable.iter().map(|entry| {
            let reason = match entry.reason {
                Reason::NotConfigured => "not_configured",
                Reason::NotConnected => "not_connected",
            };
            (
                vec![("to", entry.to.to_string()), ("reason", reason.to_owned())],
                entry.messages as f64,
            )
        });
        out.gauges(
            "undeliverable_messages",
            "Messages that wait for a database that is not configured or not connected",
            undeliverable,
        )
    }
}

type Labels = Vec<(&'static str, String)>;

/// Writes whole families; each is described even when it has no values yet.
struct Writer<'a>(DescriptorEncoder<'a>);

impl Writer<'_> {
    fn gauges<V: EncodeGaugeValue>(
        &mut self,
        name: &str,
        help: &str,
        values: impl Iterator<Item = (Labels, V)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in values {
            if labels.is_empty() {
                family.encode_gauge(&value)?;
            } else {
                family.encode_family(&labels)?.encode_gauge(&value)?;
            }
        }
        Ok(())
    }

    /// The format adds `_total` to the name.
    fn counters(&mut self, name: &str, help: &str, values: impl Iterator<Item = (Labels, u64)>) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, value) in values {
            let none = None::<&Exemplar<NoLabelSet, f64>>;
            family.encode_family(&labels)?.encode_counter(&value, none)?;
        }
        Ok(())
    }

    fn histograms<'h>(
        &mut self,
        name: &str,
        help: &str,
        values: impl Iterator<Item = (Labels, &'h Histogram)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, value) in values {
            let mut metric = family.encode_family(&labels)?;
            metric.encode_histogram::<NoLabelSet>(value.sum_seconds(), value.count(), &value.buckets(), None)?;
        }
        Ok(())
    }
}

fn process(out: &mut Writer<'_>, status: &Status) -> fmt::Result {
    let config = &status.config;
    let one = |labels: Labels, value: f64| std::iter::once((labels, value));
    let seconds = |millis: u64| millis as f64 / 1000.0;
    let version = vec![("version", status.version.to_owned())];
    out.gauges(
        "build_info",
        "Always 1; the label says which build runs",
        one(version, 1.0),
    )?;
    out.gauges(
        "uptime_seconds",
        "For how long this process has run",
        one(Vec::new(), status.uptime_s as f64),
    )?;
    out.gauges(
        "live",
        "1 when all tasks of this process move, 0 when one has died or hangs",
        one(Vec::new(), f64::from(u8::from(status.hung.is_empty()))),
    )?;
    out.gauges(
        "hold_configured_seconds",
        "Age that a durable message and its result must reach before they are acted on",
        one(Vec::new(), seconds(config.hold_ms)),
    )?;
    out.gauges(
        "window_configured",
        "Messages on their way allowed for each stream",
        one(Vec::new(), config.window as f64),
    )?;
    let results = [("ok", config.reloads), ("failed", config.reload_failures)];
    let results = results.map(|(result, count)| (vec![("result", result.to_owned())], count));
    out.counters(
        "config_reload",
        "Times that the configuration was read anew, by how that ended",
        results.into_iter(),
    )?;
    out.gauges(
        "config_valid",
        "1 when the configuration file is the one in force, 0 when it was refused",
        one(Vec::new(), f64::from(u8::from(config.last_error.is_none()))),
    )?;
    out.gauges(
        "config_loaded_timestamp_seconds",
        "When the configuration in force was loaded, since 1970",
        one(Vec::new(), config.loaded_at as f64),
    )
}

fn databases(out: &mut Writer<'_>, databases: &[DatabaseStatus]) -> fmt::Result {
    let labels =
        |database: &DatabaseStatus| vec![("index", database.index.to_string()), ("name", database.name.clone())];
    let each = |value: fn(&DatabaseStatus) -> u64| databases.iter().map(move |entry| (labels(entry), value(entry)));
    let connected = databases
        .iter()
        .map(|entry| (labels(entry), f64::from(u8::from(entry.state == State::Live))));
    out.gauges("database_connected", "1 when connected and subscribed", connected)?;
    out.counters(
        "database_reconnects",
        "Times that a lost connection was made anew",
        each(|entry| entry.reconnects),
    )?;
    out.counters(
        "database_connection_failures",
        "Attempts to connect that failed",
        each(|entry| entry.connection_failures),
    )?;
    let letters = databases
        .iter()
        .filter_map(|entry| Some((labels(entry), entry.dead_letters? as f64)));
    out.gauges(
        "database_dead_letters",
        "Messages of this database that were refused for good and that nothing compensates",
        letters,
    )
}

fn of_stream(stream: &StreamView) -> Labels {
    vec![("from", stream.from.to_string()), ("to", stream.to.to_string())]
}

fn streams(out: &mut Writer<'_>, streams: &[StreamView]) -> fmt::Result {
    let gauge = |value: fn(&StreamView) -> f64| streams.iter().map(move |stream| (of_stream(stream), value(stream)));
    let count = |value: fn(&StreamView) -> u64| streams.iter().map(move |stream| (of_stream(stream), value(stream)));
    out.gauges(
        "outbox_depth",
        "Messages that are not done with",
        gauge(|stream| stream.depth as f64),
    )?;
    out.gauges(
        "outbox_oldest_age_seconds",
        "For how long this relay has known the oldest message that is not done with",
        gauge(|stream| stream.oldest_age_ms as f64 / 1000.0),
    )?;
    out.gauges(
        "stream_paused",
        "1 while an operator has paused the stream",
        gauge(|stream| f64::from(u8::from(stream.paused))),
    )?;
    out.counters(
        "messages_delivered",
        "Messages whose handler ran because of this relay",
        count(|stream| stream.counters.delivered),
    )?;
    out.counters(
        "messages_acknowledged",
        "Results that the sender took",
        count(|stream| stream.counters.acked),
    )?;
    out.counters(
        "messages_duplicate",
        "Deliveries that had happened before",
        count(|stream| stream.counters.duplicates),
    )?;
    out.counters(
        "messages_failed",
        "Messages recorded as failed at their destination",
        count(|stream| stream.counters.failed),
    )?;
    out.counters(
        "gaps",
        "Times that a destination was not where this relay believed",
        count(|stream| stream.counters.gaps),
    )
}

fn timings(out: &mut Writer<'_>, streams: &[StreamView]) -> fmt::Result {
    let of =
        |value: fn(&StreamView) -> &Histogram| streams.iter().map(move |stream| (of_stream(stream), value(stream)));
    out.histograms(
        "delivery_seconds",
        "From the first sight of a message to the answer of its destination",
        of(|stream| &stream.timings.delivered),
    )?;
    out.histograms(
        "acknowledgement_seconds",
        "From the first sight of a message to the sender's taking its result",
        of(|stream| &stream.timings.acknowledged),
    )?;
    let held = streams.iter().flat_map(|stream| {
        let timings = &stream.timings;
        [("row", &timings.held_rows), ("result", &timings.held_results)].map(|(what, value)| {
            let mut labels = of_stream(stream);
            labels.push(("what", what.to_owned()));
            (labels, value)
        })
    });
    out.histograms(
        "hold_seconds",
        "Time that durable messages (what=row) and their results (what=result) were held back",
        held,
    )
}
