//! The relay as a process: its command line, its signals and its exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what starts and ends processes is part of the test, also outside of test functions"
)]

#[allow(dead_code, reason = "the other tests use more of it")]
mod fake_host;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use fake_host::{name, FakeHost, PATIENCE, TOKEN};
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a configuration and a token.
struct Files(TempDir);

impl Files {
    /// For databases of these indices on a host.
    fn new(url: &str, indices: &[u8]) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        std::fs::write(files.path("token"), TOKEN).unwrap();
        files.write(url, indices);
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, url: &str, indices: &[u8]) {
        let mut text = format!("url = \"{url}\"\ntoken_file = \"token\"\ndrain_ms = 20000\n");
        for index in indices {
            text.push_str(&format!("[[database]]\nindex = {index}\nname = \"{}\"\n", name(*index)));
        }
        std::fs::write(self.path("relay.toml"), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hexmarch-relay"));
        command.arg("--config").arg(self.path("relay.toml")).args(arguments);
        command.env_remove("RUST_LOG");
        command
    }

    fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

/// A process that is ended with the test.
struct Running(Child, SocketAddr);

impl Running {
    fn start(files: &Files) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let log = std::fs::File::create(files.path("log")).unwrap();
        let mut command = files.command(&["--listen", &address.to_string(), "--log", "json", "run"]);
        Self(command.stdin(Stdio::null()).stderr(log).spawn().unwrap(), address)
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.0.id() as i32), signal).unwrap();
    }

    async fn get(&self, path: &str) -> Option<Value> {
        let text = reqwest::get(format!("http://{}{path}", self.1))
            .await
            .ok()?
            .text()
            .await
            .ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The status, once it is as wanted. Nobody tells when it changes, so it is looked at again and again.
    async fn until(&self, files: &Files, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let reached = async {
            loop {
                if let Some(status) = self.get("/status").await.filter(|status| wanted(status)) {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, reached).await {
            Ok(status) => status,
            Err(_) => panic!("not {what}: {:#?}\n{}", self.get("/status").await, log(files)),
        }
    }

    async fn exit_code(mut self) -> Option<i32> {
        let ended = tokio::task::spawn_blocking(move || self.0.wait());
        tokio::time::timeout(PATIENCE, ended)
            .await
            .unwrap()
            .unwrap()
            .unwrap()
            .code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn log(files: &Files) -> String {
    std::fs::read_to_string(files.path("log")).unwrap_or_default()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Every key in the file, the environment and a flag: each wins over the one before it.
#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let files = Files::new("http://file:1", &[0]);
    let token = |name: &str| {
        let path = files.path(name);
        std::fs::write(&path, "secret").unwrap();
        path.display().to_string()
    };
    let (in_file, in_environment, in_flag) = (token("token-file"), token("token-environment"), token("token-flag"));
    let keys = [
        ("url", "http://file:1", "http://environment:2", "http://flag:3"),
        ("token_file", &*in_file, &*in_environment, &*in_flag),
        ("hold_ms", "1001", "1002", "1003"),
        ("window", "11", "12", "13"),
        ("listen", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"),
        ("log", "human", "json", "human"),
        ("drain_ms", "101", "102", "103"),
    ];
    let quoted = |key: &str, value: &str| match key {
        "hold_ms" | "window" | "drain_ms" => value.to_owned(),
        _ => format!("\"{value}\""),
    };
    let lines: Vec<String> = keys
        .iter()
        .map(|(key, value, ..)| format!("{key} = {}", quoted(key, value)))
        .collect();
    let database = "[[database]]\nindex = 0\nname = \"db-0\"";
    std::fs::write(files.path("relay.toml"), format!("{}\n{database}\n", lines.join("\n"))).unwrap();
    let shown = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    let check = |shown: &str, of: fn(&(&'static str, &str, &str, &str)) -> String| {
        for entry in &keys {
            let line = format!("{} = {}", entry.0, quoted(entry.0, &of(entry)));
            assert!(shown.contains(&line), "no {line} in\n{shown}");
        }
    };
    check(&shown(&mut files.command(&["print-config"])), |entry| {
        entry.1.to_owned()
    });
    let mut with_environment = files.command(&["print-config"]);
    for (key, _, value, _) in &keys {
        with_environment.env(format!("HEXMARCH_RELAY_{}", key.to_uppercase()), value);
    }
    check(&shown(&mut with_environment), |entry| entry.2.to_owned());
    for (key, _, _, value) in &keys {
        with_environment.arg(format!("--{}", key.replace('_', "-"))).arg(value);
    }
    check(&shown(&mut with_environment), |entry| entry.3.to_owned());
}

#[tokio::test]
async fn exit_codes_tell_a_wrong_file_from_a_database_that_is_away() {
    let host = FakeHost::start(&[0, 1]).await;
    let files = Files::new(host.url(), &[0, 1]);
    let check = |files: &Files, arguments: &[&str], code: i32, part: &str| {
        let output = files.output(arguments);
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(part), "{said}");
    };
    check(&files, &["check-config"], 0, "fine, 2 databases\n");
    let connect = ["check-config", "--connect"];
    let (connected, files) = tokio::task::spawn_blocking(move || (files.output(&connect), files))
        .await
        .unwrap();
    assert!(connected.status.success(), "{}", text(&connected.stderr));
    assert!(text(&connected.stdout).contains("2 databases, all of which can be served"));
    files.write("http://127.0.0.1:1", &[0]);
    check(&files, &["check-config"], 0, "fine, 1 database\n");
    check(&files, &connect, 1, "no host answers at http://127.0.0.1:1");
    check(&files, &["pause", "0", "0"], 1, "a database sends nothing to itself");
    check(
        &files,
        &["pause", "7", "0"],
        1,
        "no database '7' is configured; there are 0 (db-0)",
    );
    check(&files, &["health"], 1, "no address is configured");
    check(
        &files,
        &["--listen", "127.0.0.1:1", "health"],
        1,
        "no relay answers at 127.0.0.1:1",
    );
    files.write("http://127.0.0.1:1", &[1]);
    for command in ["run", "check-config", "print-config"] {
        check(&files, &[command], 2, "there is no global database");
    }
    // Not a word about the mistake: the relay that runs does not know it yet.
    check(
        &files,
        &["--listen", "127.0.0.1:1", "health"],
        1,
        "no relay answers at 127.0.0.1:1",
    );
    std::fs::remove_file(files.path("relay.toml")).unwrap();
    check(&files, &["run"], 2, "name another file with --config");
}

/// Neither a host that is away nor one that is there keeps it from stopping.
#[tokio::test]
async fn a_stop_ends_it_well_whatever_the_hosts_do() {
    let host = FakeHost::start(&[0, 1]).await;
    for (url, signal, ready) in [
        ("http://127.0.0.1:1", Signal::SIGTERM, false),
        (host.url(), Signal::SIGTERM, true),
        (host.url(), Signal::SIGINT, true),
    ] {
        let files = Files::new(url, &[0, 1]);
        let relay = Running::start(&files);
        relay.until(&files, "up", |status| status["ready"] == ready).await;
        relay.signal(signal);
        assert_eq!(relay.exit_code().await, Some(0), "{}", log(&files));
        assert!(log(&files).contains("\"message\":\"stopped\""), "{}", log(&files));
    }
}

#[tokio::test]
async fn takes_a_new_configuration_while_it_runs() {
    let host = FakeHost::start(&[0, 1, 2]).await;
    let files = Files::new(host.url(), &[0, 1]);
    let relay = Running::start(&files);
    let before = relay.until(&files, "ready", |status| status["ready"] == true).await;
    let health = files.output(&["--listen", &relay.1.to_string(), "health"]);
    assert!(health.status.success(), "{}", text(&health.stderr));

    // A signal makes it look, and counts even when there is nothing new.
    relay.signal(Signal::SIGHUP);
    relay
        .until(&files, "asked", |status| status["config"]["reloads"] == 1)
        .await;
    files.write(host.url(), &[0, 1, 2]);
    relay.signal(Signal::SIGHUP);
    let has = |count: usize| {
        move |status: &Value| status["ready"] == true && status["databases"].as_array().unwrap().len() == count
    };
    let after = relay.until(&files, "grown", has(3)).await;
    assert_ne!(before["config"]["hash"], after["config"]["hash"]);
    assert_eq!(after["config"]["reloads"], 2);

    // A mistake changes nothing and is shown until it is mended.
    files.write(host.url(), &[1, 1]);
    relay.signal(Signal::SIGHUP);
    let wrong = relay
        .until(&files, "refused", |status| status["config"]["reload_failures"] == 1)
        .await;
    let error = wrong["config"]["last_error"].as_str().unwrap();
    assert_eq!(error.lines().count(), 3, "{error}");
    assert!(has(3)(&wrong));
    assert_eq!(wrong["config"]["hash"], after["config"]["hash"]);

    files.write(host.url(), &[0, 2]);
    relay.signal(Signal::SIGHUP);
    let mended = relay.until(&files, "mended", has(2)).await;
    assert_eq!(mended["config"]["last_error"], Value::Null);
    assert_eq!(mended["config"]["reloads"], 3);

    // Without a signal it looks now and then, at the token files as well.
    std::fs::write(files.path("token"), "wrong").unwrap();
    relay
        .until(&files, "refused by the host", |status| status["ready"] == false)
        .await;
    std::fs::write(files.path("token"), TOKEN).unwrap();
    relay.signal(Signal::SIGHUP);
    relay
        .until(&files, "ready again", |status| status["ready"] == true)
        .await;

    relay.signal(Signal::SIGTERM);
    assert_eq!(relay.exit_code().await, Some(0), "{}", log(&files));
}

/// Every line is an object, and what is about a message has its id and both ends.
#[tokio::test]
async fn the_log_has_message_ids() {
    let host = FakeHost::start(&[0, 1]).await;
    let files = Files::new(host.url(), &[0, 1]);
    let log = std::fs::File::create(files.path("log")).unwrap();
    let mut command = files.command(&["--log", "json", "run"]);
    let child = command
        .env("RUST_LOG", "hexmarch_relay=debug")
        .stderr(log)
        .spawn()
        .unwrap();
    let relay = Running(child, "127.0.0.1:1".parse().unwrap());
    host.send(1, 42, 0);
    host.until(0, "delivered", |fake| fake.delivered == [42]).await;
    host.until(1, "acknowledged", fake_host::Fake::is_done).await;
    relay.signal(Signal::SIGTERM);
    assert_eq!(relay.exit_code().await, Some(0));
    let lines: Vec<Value> = lines(&files.path("log"));
    let about = |message: &str| {
        let is_it =
            |line: &&Value| line["message"] == message && line["from"] == 1 && line["to"] == 0 && line["id"] == 42;
        lines.iter().find(is_it).is_some()
    };
    assert!(about("delivered") && about("acknowledged"), "{lines:#?}");
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
