//! Checks that no reducer by-passes the attributes, and puts the git commit into the module.

use std::path::Path;
use std::process::Command;

use hexmarch_codegen::{generate, Sources};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src");
    let root = Path::new("src");
    generate::features(&Sources::read(root)?, root)?;
    println!("cargo::rerun-if-changed=../../.git/HEAD");
    println!("cargo::rerun-if-changed=../../.git/refs/heads");
    println!("cargo::rerun-if-env-changed=HEXMARCH_COMMIT");
    let commit = std::env::var("HEXMARCH_COMMIT")
        .ok()
        .or_else(head)
        .unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=HEXMARCH_COMMIT={commit}");
    Ok(())
}

fn head() -> Option<String> {
    let output = Command::new("git").args(["rev-parse", "HEAD"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}
