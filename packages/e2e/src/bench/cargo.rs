//! Building what is measured.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{bail, Context, Result};
use serde_json::Value;

use crate::programs;

/// What operators publish.
pub const RELEASE: &str = "wasm";
/// What `hexmarch publish --dev` builds.
pub const DEV: &str = "wasm-dev";
/// The crates that are modules.
pub const MODULES: [&str; 2] = ["hexmarch-game", "hexmarch-global-module"];
/// How what a world needs besides is built: at once, since cargo would build what both need anew for each alone.
const PROGRAMS: [&str; 6] = [
    "build",
    "--release",
    "--package",
    "hexmarch-cli",
    "--package",
    "hexmarch-relay",
];

/// Builds everything that a world is started from, and returns where cargo put the modules, in order. What
/// `HEXMARCH_CLI` and `HEXMARCH_RELAY`, or `HEXMARCH_WASM_DIR`, name is taken as it is.
pub fn everything() -> Result<Vec<PathBuf>> {
    let is_named = |variable| std::env::var_os(variable).is_some();
    if !(is_named("HEXMARCH_CLI") && is_named("HEXMARCH_RELAY")) {
        super::say("building the tools");
        run(&PROGRAMS)?;
    }
    let module = |module: &&str| {
        if is_named("HEXMARCH_WASM_DIR") {
            programs::wasm(&module.replace('-', "_"))
        } else {
            // One at a time: each chooses other features of the crates that they share.
            wasm(module, RELEASE)
        }
    };
    MODULES.iter().map(module).collect()
}

/// Builds the relay for release and returns where cargo put it; `HEXMARCH_RELAY` names another one.
pub fn relay() -> Result<PathBuf> {
    if std::env::var_os("HEXMARCH_RELAY").is_some() {
        return programs::relay();
    }
    super::say("building the relay");
    let lines = run(&[
        "build",
        "--release",
        "--package",
        "hexmarch-relay",
        "--message-format",
        "json-render-diagnostics",
    ])?;
    let file = built(&lines, "hexmarch-relay").find_map(|message| {
        let path = message.get("executable").and_then(Value::as_str);
        path.map(PathBuf::from)
    });
    file.context("cargo did not say where the relay is")
}

/// Builds a module with one of the two profiles and returns where cargo put it.
pub fn wasm(package: &str, profile: &str) -> Result<PathBuf> {
    super::say(&format!("building {package} with profile {profile}"));
    let lines = run(&[
        "build",
        "--package",
        package,
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        profile,
        "--message-format",
        "json-render-diagnostics",
    ])?;
    let file = built(&lines, &package.replace('-', "_")).find_map(|message| {
        let files = message.get("filenames").and_then(Value::as_array)?;
        files
            .iter()
            .filter_map(Value::as_str)
            .find(|file| file.ends_with(".wasm"))
            .map(PathBuf::from)
    });
    file.with_context(|| format!("cargo did not say where the wasm of {package} is"))
}

/// What cargo says of a target with this name.
fn built<'a>(lines: &'a str, name: &'a str) -> impl Iterator<Item = Value> + 'a {
    lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(move |message| message.pointer("/target/name").and_then(Value::as_str) == Some(name))
}

/// Runs cargo in the checkout and returns its stdout; what it says to people goes to ours.
fn run(arguments: &[&str]) -> Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command
        .args(arguments)
        .arg("--quiet")
        .current_dir(programs::checkout())
        .stderr(Stdio::inherit());
    let output = command.output().context("running cargo")?;
    if !output.status.success() {
        bail!("cargo {} failed", arguments.join(" "));
    }
    Ok(String::from_utf8(output.stdout)?)
}
