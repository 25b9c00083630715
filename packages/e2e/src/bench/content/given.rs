//! The content to push.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hexmarch_cli::content::{check, Content};
use tempfile::TempDir;

use crate::programs;

/// How a description begins in a file, and how the other one does.
const DESCRIPTION: &str = "\"description\": \"";
const OTHER_DESCRIPTION: &str = "\"description\": \"They say: ";

/// Content of one size, in files and as databases take it.
pub struct Given {
    /// Its files.
    pub folder: PathBuf,
    /// What they hold.
    pub content: Content,
    /// The same with another description of everything that has one.
    pub edited: Content,
    _temporary: Option<TempDir>,
}

impl Given {
    /// The content of the checkout, `times` times over.
    pub fn new(times: u32) -> Result<Self> {
        let checkout = programs::checkout().join("static_data");
        let temporary = (times > 1).then(tempfile::tempdir).transpose()?;
        let folder = match &temporary {
            Some(temporary) => {
                let folder = temporary.path().join("content");
                hexmarch_content::multiply_files(&checkout, times, &folder)?;
                folder
            }
            None => checkout,
        };
        let (content, _) = check(&folder)?;
        let edited = tempfile::tempdir()?;
        edit(&folder, edited.path())?;
        let (edited, _) = check(edited.path())?;
        Ok(Self {
            folder,
            content,
            edited,
            _temporary: temporary,
        })
    }
}

/// Writes the tables of a folder into another one, with other descriptions.
fn edit(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name().filter(|_| path.is_file()) else {
            continue;
        };
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        std::fs::write(to.join(name), text.replace(DESCRIPTION, OTHER_DESCRIPTION))?;
    }
    Ok(())
}
