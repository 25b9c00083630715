//! Where the programs under test are: named by environment variables, else where cargo puts them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};

/// The checkout.
pub fn checkout() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    folder.canonicalize().unwrap_or(folder)
}

/// The host: `SPACETIMEDB_BIN`, else what `scripts/install-host` finds.
///
/// # Errors
/// When it finds none and cannot build one.
pub fn host() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("SPACETIMEDB_BIN") {
        return existing(PathBuf::from(path), "SPACETIMEDB_BIN");
    }
    let output = Command::new(checkout().join("scripts/install-host"))
        .output()
        .context("running install-host")?;
    let path = String::from_utf8(output.stdout)?;
    existing(PathBuf::from(path.trim()), "scripts/install-host")
}

/// The folder of the two modules: `HEXMARCH_WASM_DIR`, else cargo's.
///
/// # Errors
/// When a module is not built.
pub fn wasm_dir() -> Result<PathBuf> {
    for module in crate::bindings::MODULES {
        wasm(module.wasm)?;
    }
    Ok(wasm_folder())
}

/// A module by the name of its file, without extension, in the same folder.
///
/// # Errors
/// When it is not built.
pub fn wasm(name: &str) -> Result<PathBuf> {
    existing(
        wasm_folder().join(name).with_extension("wasm"),
        "build it with: cargo build -p CRATE --target wasm32-unknown-unknown --profile wasm",
    )
}

fn wasm_folder() -> PathBuf {
    std::env::var_os("HEXMARCH_WASM_DIR")
        .map_or_else(|| target_dir().join("wasm32-unknown-unknown/wasm"), PathBuf::from)
}

/// The operator's tool: `HEXMARCH_CLI`, else the newest that cargo built.
///
/// # Errors
/// When it is not built.
pub fn cli() -> Result<PathBuf> {
    program("HEXMARCH_CLI", "hexmarch")
}

/// The relay: `HEXMARCH_RELAY`, else the newest that cargo built.
///
/// # Errors
/// When it is not built.
pub fn relay() -> Result<PathBuf> {
    program("HEXMARCH_RELAY", "hexmarch-relay")
}

fn program(variable: &str, name: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return existing(PathBuf::from(path), variable);
    }
    let built = ["release", "debug"].map(|profile| target_dir().join(profile).join(name));
    let modified = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).ok();
    let newest = built.into_iter().filter(|path| path.is_file()).max_by_key(modified);
    newest.with_context(|| format!("{name} is not built; run: cargo build --release -p hexmarch-cli -p hexmarch-relay"))
}

fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| checkout().join("target"), PathBuf::from)
}

fn existing(path: PathBuf, what: &str) -> Result<PathBuf> {
    if !path.is_file() && !path.is_dir() {
        bail!("{} does not exist ({what})", path.display());
    }
    Ok(path)
}
