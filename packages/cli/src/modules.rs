//! The two wasm modules: built here, or found where somebody built them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{bail, Context as _};
use bytes::Bytes;
use tokio::process::Command;

use crate::checkout::Checkout;
use crate::data_dir::DataDir;
use crate::progress::Progress;
use crate::tool;

/// A first build compiles everything for two profiles.
const BUILD_LIMIT: Duration = Duration::from_secs(3600);
/// What a wasm file begins with.
const WASM_MAGIC: &[u8] = b"\0asm";
/// Where a data dir keeps the modules that its databases run.
const KEPT: &str = "modules";

/// How modules are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Small and fast, which takes its time: for players.
    Release,
    /// In seconds, large and slower: for whoever edits them.
    Dev,
}

impl Build {
    /// What a flag `--dev` means.
    pub fn dev(is_dev: bool) -> Self {
        if is_dev {
            Self::Dev
        } else {
            Self::Release
        }
    }

    /// Name of cargo's profile.
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "wasm",
            Self::Dev => "wasm-dev",
        }
    }
}

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
        how: Build,
        checkout: &Checkout,
        log: &Path,
        progress: Progress,
    ) -> anyhow::Result<Self> {
        if let Some(directory) = wasm_dir {
            return Self::read(directory, "; correct --wasm-dir");
        }
        let global = build(Kind::Global, how, checkout, log, progress).await?;
        let region = build(Kind::Region, how, checkout, log, progress).await?;
        Ok(Self {
            global: read(&global, "")?,
            region: read(&region, "")?,
        })
    }

    /// Those that the databases of a data dir run.
    ///
    /// # Errors
    /// When none were kept, or they cannot be read.
    pub fn kept(data: &DataDir) -> anyhow::Result<Self> {
        Self::read(&data.path(KEPT), "; 'hexmarch up' writes it")
    }

    /// Whether a data dir holds modules.
    pub fn are_kept(data: &DataDir) -> bool {
        let kept = |kind: Kind| data.path(KEPT).join(kind.file()).is_file();
        kept(Kind::Global) && kept(Kind::Region)
    }

    /// Keeps them in a data dir, so that a region that is added later runs the same as the others.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn keep(&self, data: &DataDir) -> anyhow::Result<()> {
        for (kind, module) in [(Kind::Global, &self.global), (Kind::Region, &self.region)] {
            data.write_bytes(&format!("{KEPT}/{}", kind.file()), &module.bytes)?;
        }
        Ok(())
    }

    fn read(directory: &Path, remedy: &str) -> anyhow::Result<Self> {
        Ok(Self {
            global: read(&directory.join(Kind::Global.file()), remedy)?,
            region: read(&directory.join(Kind::Region.file()), remedy)?,
        })
    }
}

fn read(path: &Path, remedy: &str) -> anyhow::Result<Module> {
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
async fn build(kind: Kind, how: Build, checkout: &Checkout, log: &Path, progress: Progress) -> anyhow::Result<PathBuf> {
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
            how.profile(),
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
