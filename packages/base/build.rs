//! Puts the git commit into the module.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=../../.git/HEAD");
    println!("cargo::rerun-if-changed=../../.git/refs/heads");
    println!("cargo::rerun-if-env-changed=HEXMARCH_COMMIT");
    let commit = std::env::var("HEXMARCH_COMMIT")
        .ok()
        .or_else(head)
        .unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=HEXMARCH_COMMIT={commit}");
}

fn head() -> Option<String> {
    let output = Command::new("git").args(["rev-parse", "HEAD"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}
