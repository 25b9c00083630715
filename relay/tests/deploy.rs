//! What lies in `deploy/` fits the relay: the example is a configuration, and the dashboard and the alerts speak of
//! metrics that there are.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers are part of the test, also outside of test functions"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hexmarch_relay::config::{Config, LogFormat, Overrides};
use hexmarch_relay::metrics::{Format, Metrics};
use hexmarch_relay::status::Board;

const PREFIX: &str = "hexmarch_relay_";

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example(directory: &Path) -> Config {
    let token = directory.join("token");
    std::fs::write(&token, "secret").unwrap();
    let overrides = Overrides {
        token_file: Some(token),
        ..Overrides::default()
    };
    let path = directory.join("relay.toml");
    Config::parse(&read("deploy/relay.example.toml"), &path, &overrides).unwrap()
}

/// Names as they are queried, with the suffixes of their kind.
fn series() -> BTreeSet<String> {
    let directory = tempfile::tempdir().unwrap();
    let text = Metrics::new(Arc::new(Board::new(&example(directory.path()))))
        .render(Format::OpenMetrics)
        .unwrap();
    let families = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let series = families.flat_map(|family| {
        let (name, kind) = family.split_once(' ').unwrap();
        let suffixes: &[&str] = match kind {
            "gauge" => &[""],
            "counter" => &["_total"],
            "histogram" => &["_bucket"],
            other => panic!("{name} is a {other}, which this test does not know"),
        };
        suffixes
            .iter()
            .map(move |suffix| format!("{name}{suffix}"))
            .collect::<Vec<_>>()
    });
    series.collect()
}

/// All words of a text that begin like a metric of ours.
fn mentioned(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| word.starts_with(PREFIX))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_example_is_a_configuration_with_the_defaults() {
    let directory = tempfile::tempdir().unwrap();
    let config = example(directory.path());
    let default = Config::parse(
        "url = \"http://127.0.0.1:3000\"\n[[database]]\nindex = 0\nname = \"g\"",
        &directory.path().join("relay.toml"),
        &Overrides {
            token_file: Some(PathBuf::from(directory.path()).join("token")),
            ..Overrides::default()
        },
    )
    .unwrap();
    assert_eq!(
        (config.hold, config.window, config.drain),
        (default.hold, default.window, default.drain)
    );
    assert_eq!((config.log, config.databases.len()), (LogFormat::Human, 3));
    assert!(config.hold > Duration::ZERO && config.listen.is_some());
}

#[test]
fn dashboard_and_alerts_speak_of_metrics_that_there_are() {
    let series = series();
    let dashboard = read("deploy/grafana-dashboard.json");
    let parsed: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    assert!(parsed["panels"].as_array().unwrap().len() > 10);
    for text in [&dashboard, &read("deploy/alerts.yml")] {
        let unknown: Vec<_> = mentioned(text).difference(&series).cloned().collect();
        assert_eq!(unknown, [""; 0], "no such metrics; there are {series:#?}");
    }
    let shown = mentioned(&dashboard);
    let missing: Vec<_> = series.difference(&shown).collect();
    assert_eq!(missing, [""; 0], "not on the dashboard");
}

#[test]
fn the_manual_says_what_to_do_on_each_alert_and_knows_each_metric() {
    let manual = read("../docs/operations/relay.md");
    let alerts = read("deploy/alerts.yml");
    let names: Vec<&str> = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert!(names.len() > 10);
    for name in names {
        assert!(manual.contains(&format!("### {name}\n")), "no chapter about {name}");
        let anchor = format!("docs/operations/relay.md#{}\"", name.to_lowercase());
        assert!(alerts.contains(&anchor), "{name} does not name its chapter");
    }
    let families: BTreeSet<String> = series().into_iter().map(|name| name.replace("_bucket", "")).collect();
    let unknown: Vec<_> = families
        .iter()
        .filter(|name| !manual.contains(&format!("`{name}`")))
        .collect();
    assert_eq!(unknown, [""; 0], "metrics that the manual does not explain");
}
