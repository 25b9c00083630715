//! The source tree: configuration files, content, and the modules' source.

use std::path::{Path, PathBuf};

use anyhow::{bail, Context as _};

/// A source tree.
#[derive(Debug, Clone)]
pub struct Checkout {
    root: PathBuf,
}

impl Checkout {
    /// Finds it: where the operator says, else at or above the current directory, else where this tool was built.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(given: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(root) = given {
            if !is_checkout(root) {
                bail!(
                    "{} is no checkout of Hexmarch: it has no packages/game; correct --checkout",
                    root.display()
                );
            }
            return Ok(Self {
                root: std::path::absolute(root)?,
            });
        }
        let here = std::env::current_dir().context("the current directory is gone; change to the checkout")?;
        let built = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = here.ancestors().chain(built.ancestors()).find(|root| is_checkout(root));
        match found {
            Some(root) => Ok(Self { root: root.to_owned() }),
            None => bail!("no checkout of Hexmarch here or above; change to it or name it with --checkout"),
        }
    }

    /// A file or directory in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The content of `config/<env>.json`.
    ///
    /// # Errors
    /// When there is no such file, or the module would refuse it.
    pub fn config(&self, env: &str) -> anyhow::Result<String> {
        let path = self.path("config").join(format!("{env}.json"));
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!(
                "cannot read {}, the configuration of environment '{env}'",
                path.display()
            )
        })?;
        hexmarch_rules::config::select(None, &[env.to_owned()], std::slice::from_ref(&text))
            .map_err(|error| anyhow::anyhow!("{} would be refused: {error}", path.display()))?;
        Ok(text)
    }
}

fn is_checkout(root: &Path) -> bool {
    root.join("packages/game/Cargo.toml").is_file() && root.join("Cargo.toml").is_file()
}
