//! What the board shows, as JSON and as metrics, and over HTTP.

use std::collections::BTreeSet;

use super::*;
use crate::metrics::{Format, Metrics};
use crate::stream::Settings;
use hexmarch_host::Token;

fn config(databases: Vec<Database>) -> Config {
    Config {
        databases,
        hold: Duration::from_millis(1200),
        window: 64,
        listen: None,
        log: crate::config::LogFormat::Human,
        drain: Duration::from_secs(5),
        hash: "0123456789ab".into(),
    }
}

fn database(index: u8) -> Database {
    Database {
        index,
        name: format!("db-{index}"),
        url: "http://127.0.0.1:1".parse().unwrap(),
        token: Token::new("t").unwrap(),
        token_file: "token".into(),
    }
}

fn board(count: u8) -> Board {
    let board = Board::new(&config(Vec::new()));
    (0..count).for_each(|index| board.add(&database(index)));
    board
}

/// A stream with one message, for a board.
fn stream_with_a_message(from: u8, to: u8) -> Stream {
    let mut stream = Stream::new(
        from,
        to,
        Settings {
            hold: Duration::ZERO,
            window: 1,
        },
    );
    let mut bytes = 5_u64.to_le_bytes().to_vec();
    bytes.extend([to, 0]);
    stream.source_up(Instant::now(), vec![crate::wire::Row::decode(&bytes.into()).unwrap()]);
    stream
}

#[test]
fn is_ready_when_every_database_is_live() {
    let board = board(2);
    assert!(!board.status().ready);
    board.database(0, State::Live, None);
    board.database(1, State::Waiting, Some("no host".into()));
    assert!(!board.status().ready);
    board.database(1, State::Live, None);
    let status = board.status();
    assert!(status.ready);
    assert_eq!(status.databases[1].last_error.as_deref(), Some("no host"));
}

#[test]
fn counts_reconnects_and_failed_attempts() {
    let board = board(1);
    for state in [
        State::Waiting,
        State::Connecting,
        State::Live,
        State::Waiting,
        State::Connecting,
        State::Live,
    ] {
        board.database(0, state, None);
    }
    board.dead_letters(0, Some(3));
    let shown = board.status().databases.remove(0);
    assert_eq!(
        (shown.reconnects, shown.connection_failures, shown.dead_letters),
        (1, 1, Some(3))
    );
    board.database(0, State::Waiting, None);
    assert_eq!(board.status().databases[0].dead_letters, None);
}

#[test]
fn shows_counters_beside_the_depth() {
    let board = board(0);
    board.stream(1, 2).update(&stream_with_a_message(1, 2), Instant::now());
    let shown = serde_json::to_value(board.status()).unwrap();
    let stream = &shown["streams"][0];
    let none = serde_json::json!({ "count": 0, "mean_ms": null, "p50_ms": null, "p99_ms": null });
    let expected = serde_json::json!({
        "from": 1, "to": 2, "depth": 1, "oldest_age_ms": stream["oldest_age_ms"], "paused": false,
        "delivered": 0, "acked": 0, "failed": 0, "duplicates": 0, "gaps": 0,
        "latency": { "delivered": none, "acknowledged": none, "held_rows": none, "held_results": none },
    });
    assert_eq!(*stream, expected);
    assert_eq!(shown["config"]["hash"], "0123456789ab");
}

#[test]
fn says_which_messages_wait_in_vain() {
    let board = board(2);
    board.database(0, State::Live, None);
    for to in [0, 1, 7] {
        board
            .stream(2, to)
            .update(&stream_with_a_message(2, to), Instant::now());
    }
    let entry = |to, reason| Undeliverable {
        to,
        reason,
        messages: 1,
    };
    let expected = [entry(1, Reason::NotConnected), entry(7, Reason::NotConfigured)];
    assert_eq!(board.status().undeliverable, expected);
    let text = Metrics::new(Arc::new(board)).render(Format::OpenMetrics).unwrap();
    for line in [
        r#"hexmarch_relay_undeliverable_messages{to="7",reason="not_configured"} 1"#,
        r#"hexmarch_relay_database_connected{index="0",name="db-0"} 1"#,
        r#"hexmarch_relay_database_connected{index="1",name="db-1"} 0"#,
        r#"hexmarch_relay_outbox_depth{from="2",to="7"} 1"#,
        r#"hexmarch_relay_messages_delivered_total{from="2",to="7"} 0"#,
        r#"hexmarch_relay_delivery_seconds_bucket{le="+Inf",from="2",to="7"} 0"#,
        r#"hexmarch_relay_hold_configured_seconds 1.2"#,
        "# EOF",
    ] {
        assert!(
            text.lines().any(|found| found.trim_end_matches(".0") == line),
            "no {line} in\n{text}"
        );
    }
}

#[test]
fn a_task_that_stands_still_is_noticed() {
    let board = board(1);
    let _ = board.stream(0, 1);
    let now = Instant::now();
    assert_eq!(board.hung(now), [""; 0]);
    let later = now + DATABASE_LIMIT + Duration::from_secs(1);
    assert_eq!(board.hung(later).len(), 1);
    assert!(board.hung(later)[0].starts_with("the task of database 0 has not moved"));
    assert_eq!(board.hung(now + STREAM_LIMIT * 2).len(), 2);
    board.remove(0);
    assert_eq!(board.hung(now + STREAM_LIMIT * 2), [""; 0]);
}

#[test]
fn remembers_the_last_reload() {
    let board = board(0);
    board.reloaded(&Err(ConfigErrors(vec!["a".into(), "b".into()])));
    let shown = board.status().config;
    assert_eq!(
        (shown.reloads, shown.reload_failures, shown.last_error.as_deref()),
        (0, 1, Some("a\nb"))
    );
    let mut fresh = config(Vec::new());
    fresh.hash = "fresh".into();
    board.reloaded(&Ok(fresh));
    let shown = board.status().config;
    assert_eq!((shown.reloads, shown.reload_failures, shown.last_error), (1, 1, None));
    assert_eq!(shown.hash, "fresh");
}

#[tokio::test]
async fn answers_for_each_database_by_itself() {
    let board = Arc::new(board(2));
    board.database(1, State::Live, None);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router(board)).await });
    let check_as = |path: &'static str, accept: &'static str, code: &'static str, part: &'static str| async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: relay\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {code} ")) && answer.contains(part),
            "{path}: {answer}"
        );
    };
    let check = |path, code, part| check_as(path, "*/*", code, part);
    check("/livez", "200", "ok").await;
    check("/readyz", "503", r#""name":"db-0""#).await;
    check("/readyz/0", "503", r#""state":"connecting""#).await;
    check("/readyz/1", "200", r#""state":"live""#).await;
    check("/readyz/9", "404", "no database 9 is configured").await;
    check("/readyz/x", "404", "no database x is configured").await;
    check("/status", "200", r#""undeliverable":[]"#).await;
    check("/metrics", "200", "content-type: text/plain; version=0.0.4").await;
    // As Prometheus asks.
    let accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    check_as("/metrics", accept, "200", "content-type: application/openmetrics-text").await;
}

/// The family that a series belongs to by the rules of a format: without what its kind adds to the name.
fn family(series: &str, kinds: &BTreeMap<String, String>) -> Option<String> {
    let name = series.split(['{', ' ']).next()?;
    let suffixes = ["", "_total", "_bucket", "_sum", "_count"];
    suffixes
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix))
        .find(|family| kinds.contains_key(*family))
        .map(str::to_owned)
}

#[test]
fn every_series_is_explained_in_both_formats() {
    let board = board(2);
    board.dead_letters(0, Some(1));
    for to in [1, 7] {
        board
            .stream(0, to)
            .update(&stream_with_a_message(0, to), Instant::now());
    }
    let metrics = Metrics::new(Arc::new(board));
    for format in [Format::OpenMetrics, Format::Text] {
        let text = metrics.render(format).unwrap();
        let described = |start: &str| -> BTreeMap<String, String> {
            let lines = text
                .lines()
                .filter_map(|line| line.strip_prefix(start)?.split_once(' '));
            lines.map(|(name, what)| (name.to_owned(), what.to_owned())).collect()
        };
        let (help, kinds) = (described("# HELP "), described("# TYPE "));
        assert!(
            help.keys().eq(kinds.keys()) && help.values().all(|text| text.len() > 10),
            "{text}"
        );
        let series: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let families: BTreeSet<_> = series.iter().map(|series| family(series, &kinds)).collect();
        assert!(!families.contains(&None), "a series without a family in\n{text}");
        assert_eq!(
            families.len(),
            kinds.len(),
            "a family without a series, which this test cannot see into: {text}"
        );
        for (name, kind) in &kinds {
            let is_total = name.ends_with("_total");
            assert_eq!(
                is_total,
                kind == "counter" && format == Format::Text,
                "{name} in {format:?}"
            );
        }
        assert_eq!(text.ends_with("# EOF\n"), format == Format::OpenMetrics);
    }
}
