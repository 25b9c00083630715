//! The two wasm modules: built here, or found where somebody built them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{bail, Context as _};
use bytes::Bytes;
use tokio::process::Command;

use crate::checkout::Checkout;
use crate::progress::Progress;
use crate::tool;

/// A first build compiles everything for two profiles.
const BUILD_LIMIT: Duration = Duration::from_secs(3600);
/// What a wasm file begins with.
const WASM_MAGIC: &[u8] = b"\0asm";

/// One of the two modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Region,
    Global,
}

impl Kind {
    fn package(self) -> &'static str {
        match self {
            Self::Region => "hexmarch-game",
            Self::Global => "hexmarch-global-module",
        }
    }

    fn file(self) -> String {
        format!("{}.wasm", self.package().replace('-', "_"))
    }
}

/// A module ready to publish.
#[derive(Debug, Clone)]
pub struct Module {
    /// The wasm.
    pub bytes: Bytes,
    /// Its hash, to tell whether a database runs it already.
    pub hash: String,
}

/// Both modules.
#[derive(Debug, Clone)]
pub struct Modules {
    global: Module,
    region: Module,
}

impl Modules {
    /// The module for the database with this index.
    pub fn of(&self, index: u8) -> &Module {
        if index == 0 {
            &self.global
        } else {
            &self.region
        }
    }

    /// Reads both from `wasm_dir`, or builds them in the checkout. Cargo's words go to `log`.
    ///
    /// # Errors
    /// When a file is missing or is no wasm, or cargo fails.
    pub async fn get(
        wasm_dir: Option<&Path>,
        checkout: &Checkout,
        log: &Path,
        progress: Progress,
    ) -> anyhow::Result<Self> {
        let mut found = Vec::new();
        for kind in [Kind::Global, Kind::Region] {
            let path = match wasm_dir {
                Some(directory) => directory.join(kind.file()),
                None => build(kind, checkout, log, progress).await?,
            };
            found.push(read(&path, wasm_dir.is_some())?);
        }
        match <[Module; 2]>::try_from(found) {
            Ok([global, region]) => Ok(Self { global, region }),
            Err(_) => bail!("there are two modules, and as many were expected"),
        }
    }
}

fn read(path: &Path, given: bool) -> anyhow::Result<Module> {
    let remedy = if given { "; correct --wasm-dir" } else { "" };
    let bytes = std::fs::read(path).with_context(|| format!("cannot read the module {}{remedy}", path.display()))?;
    if !bytes.starts_with(WASM_MAGIC) {
        bail!("{} is no wasm module{remedy}", path.display());
    }
    let hash = spacetimedb_lib::hash_bytes(&bytes).to_hex().to_string();
    Ok(Module {
        bytes: bytes.into(),
        hash,
    })
}

/// Builds one module; each separately, since features of shared crates choose what it contains.
async fn build(kind: Kind, checkout: &Checkout, log: &Path, progress: Progress) -> anyhow::Result<PathBuf> {
    let package = kind.package();
    let step = progress.step("build", format!("{package}; minutes the first time, seconds later"));
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args([
            "build",
            "--locked",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "wasm",
        ])
        .args(["-p", package, "--message-format", "json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(checkout.path("Cargo.toml"))
        .current_dir(checkout.path(""));
    let output = tool::run(command, &format!("build {package}"), log, BUILD_LIMIT, &step).await?;
    let Some(path) = artifact(&output, &kind.file()) else {
        bail!(
            "cargo built {package} but named no {}; see {}",
            kind.file(),
            log.display()
        );
    };
    let size = std::fs::metadata(&path).map(|metadata| metadata.len()).unwrap_or(0);
    step.done(format!("{package}, {} KiB", size.div_ceil(1024)));
    Ok(path)
}

/// The file among the artifacts that cargo reports, one JSON object a line.
fn artifact(output: &str, file: &str) -> Option<PathBuf> {
    let lines = output
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let files = lines
        .filter_map(|line| line.get("filenames")?.as_array().cloned())
        .flatten();
    let mut paths = files.filter_map(|path| path.as_str().map(PathBuf::from));
    paths.rfind(|path| path.file_name().is_some_and(|name| name == file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_artifact() {
        let output = "{\"reason\":\"x\"}\nnonsense\n{\"filenames\":[\"/t/a.wasm\",\"/t/hexmarch_game.wasm\"]}";
        assert_eq!(
            artifact(output, &Kind::Region.file()),
            Some("/t/hexmarch_game.wasm".into())
        );
        assert_eq!(artifact(output, &Kind::Global.file()), None);
    }
}
