//! The clients' bindings, generated from the modules' schemas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};
use spacetimedb_lib::RawModuleDef;
use spacetimedb_sats::serde::SerdeWrapper;
use spacetimedb_schema::def::ModuleDef;

/// A module and the folder of its bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Module {
    /// File name of the wasm, without extension.
    pub wasm: &'static str,
    /// Folder below `packages/bindings/src`.
    pub folder: &'static str,
}

/// The two modules.
pub const MODULES: [Module; 2] = [
    Module {
        wasm: "hexmarch_game",
        folder: "region",
    },
    Module {
        wasm: "hexmarch_global_module",
        folder: "global",
    },
];

/// File name to text, sorted.
pub type Files = BTreeMap<String, String>;

/// The bindings of a compiled module.
///
/// # Errors
/// When the host cannot describe the module.
pub fn of_wasm(host: &Path, wasm: &Path) -> Result<Files> {
    let output = Command::new(host)
        .arg("extract-schema")
        .arg(wasm)
        .output()
        .context("running extract-schema")?;
    if !output.status.success() {
        bail!(
            "{} cannot describe {}: {}",
            host.display(),
            wasm.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let schema: SerdeWrapper<RawModuleDef> = serde_json::from_slice(&output.stdout).context("reading the schema")?;
    let module = ModuleDef::try_from(schema.0).map_err(|error| anyhow::anyhow!("invalid schema: {error:?}"))?;
    let files = spacetimedb_codegen::generate(&module, &spacetimedb_codegen::Rust);
    Ok(files.into_iter().collect())
}

/// Where the bindings of a module are kept.
pub fn folder(module: Module) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../bindings/src")
        .join(module.folder)
}

/// Files that differ from what is kept, by name: stale, missing or left over.
///
/// # Errors
/// When the folder cannot be read.
pub fn stale(module: Module, files: &Files) -> Result<Vec<String>> {
    let folder = folder(module);
    let mut stale: Vec<String> = files
        .iter()
        .filter(|(name, text)| std::fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text))
        .map(|(name, _)| name.clone())
        .collect();
    if folder.is_dir() {
        for entry in std::fs::read_dir(&folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !files.contains_key(&name) {
                stale.push(name);
            }
        }
    }
    Ok(stale)
}

/// Writes the bindings and removes files that are no longer generated.
///
/// # Errors
/// When a file cannot be written.
pub fn write(module: Module, files: &Files) -> Result<()> {
    let folder = folder(module);
    std::fs::create_dir_all(&folder)?;
    for name in stale(module, files)? {
        match files.get(&name) {
            Some(text) => std::fs::write(folder.join(&name), text)?,
            None => std::fs::remove_file(folder.join(&name))?,
        }
    }
    Ok(())
}
