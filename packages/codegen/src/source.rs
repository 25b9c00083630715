//! Source files read into syntax trees, and mistakes with the place they were made at.

use std::fmt;
use std::path::{Path, PathBuf};

use proc_macro2::Span;

/// One Rust file.
pub struct SourceFile {
    /// Where it was read from; generated `#[path]` attributes and mistakes name it.
    pub path: PathBuf,
    /// Path below the source root without the extension, e.g. `["movement", "reducers"]`.
    pub module: Vec<String>,
    /// What it parses to.
    pub syntax: syn::File,
}

/// All Rust files below one `src` folder, sorted by path so that what is generated does not depend on the disk.
#[derive(Default)]
pub struct Sources {
    /// The files.
    pub files: Vec<SourceFile>,
}

impl Sources {
    /// Reads every `.rs` file below `root`.
    ///
    /// # Errors
    /// One mistake for each file that cannot be read or parsed.
    pub fn read(root: &Path) -> Result<Self, Mistakes> {
        let mut paths = Vec::new();
        let mut mistakes = Mistakes::default();
        collect(root, &mut paths, &mut mistakes);
        let mut texts = Vec::new();
        for path in paths {
            match std::fs::read_to_string(&path) {
                Ok(text) => texts.push((path, text)),
                Err(error) => mistakes.push_file(&path, format!("cannot be read: {error}")),
            }
        }
        let sources = mistakes.keep(Self::from_texts(root, texts));
        mistakes.finish().map(|()| sources)
    }

    /// The same from texts in memory, for tests: pairs of path and text.
    ///
    /// # Errors
    /// One mistake for each text that does not parse.
    pub fn from_texts(root: &Path, mut texts: Vec<(PathBuf, String)>) -> Result<Self, Mistakes> {
        let mut files = Vec::new();
        let mut mistakes = Mistakes::default();
        texts.sort();
        for (path, text) in texts {
            match syn::parse_file(&text) {
                Ok(syntax) => files.push(SourceFile {
                    module: module_of(root, &path),
                    path,
                    syntax,
                }),
                Err(error) => mistakes.push(&path, &error),
            }
        }
        mistakes.finish().map(|()| Self { files })
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>, mistakes: &mut Mistakes) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return mistakes.push_file(folder, format!("cannot be listed: {error}")),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths, mistakes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn module_of(root: &Path, path: &Path) -> Vec<String> {
    let relative = path.strip_prefix(root).unwrap_or(path).with_extension("");
    relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect()
}

/// A mistake in the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub path: PathBuf,
    /// 1-based line, 0 when the whole file is meant.
    pub line: usize,
    /// 1-based column, 0 when the whole file is meant.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// Mistakes, collected so that one build names them all.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    pub(crate) fn push(&mut self, path: &Path, error: &syn::Error) {
        for part in error.clone() {
            self.push_span(path, part.span(), part.to_string());
        }
    }

    pub(crate) fn push_span(&mut self, path: &Path, span: Span, message: String) {
        let start = span.start();
        self.0.push(Mistake {
            path: path.to_owned(),
            line: start.line,
            column: start.column + 1,
            message,
        });
    }

    pub(crate) fn push_file(&mut self, path: &Path, message: String) {
        self.0.push(Mistake {
            path: path.to_owned(),
            line: 0,
            column: 0,
            message,
        });
    }

    pub(crate) fn of_file(path: &Path, message: String) -> Self {
        let mut mistakes = Self::default();
        mistakes.push_file(path, message);
        mistakes
    }

    pub(crate) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// What there is, or nothing and its mistakes among the others.
    pub(crate) fn keep<T: Default>(&mut self, result: Result<T, Self>) -> T {
        result.unwrap_or_else(|others| {
            self.append(others);
            T::default()
        })
    }

    /// Nothing, or the mistakes in the order of their places.
    pub(crate) fn finish(mut self) -> Result<(), Self> {
        self.0
            .sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Mistake {
            path,
            line,
            column,
            message,
        } in &self.0
        {
            match line {
                0 => writeln!(formatter, "{}: {message}", path.display())?,
                _ => writeln!(formatter, "{}:{line}:{column}: {message}", path.display())?,
            }
        }
        Ok(())
    }
}

/// As displayed: a `main` that returns an error, as in `build.rs`, shows its debug form.
impl fmt::Debug for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "mistakes in the annotated sources:\n{self}")
    }
}

impl std::error::Error for Mistakes {}
