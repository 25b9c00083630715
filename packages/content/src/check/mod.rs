//! Every mistake in content at once, each with its place and with what to do about it.
//!
//! In this order: files are read and rows parsed ([`read`]); what the columns' annotations ask of each row is looked at
//! ([`facts`]); so are the texts of all languages ([`texts`]); then the rules about content as a whole
//! ([`crate::rules`]), unless a row could not be read: then everything made of it would seem to be wrong as well.

mod facts;
mod read;
mod sheet;
mod texts;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use hexmarch_messages::static_data::visit_static_tables;

pub(crate) use read::order;
pub(crate) use sheet::{Found, Sheets};
pub(crate) use texts::message_id;

use crate::json::{Place, TOP};
use crate::rules::{Game, TierTimes};
use crate::Content;

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Mistakes that are kept; of more, only the number is known.
pub const MAX_MISTAKES: usize = 5_000;
/// Directory of the texts, in that of the content.
pub const TEXTS: &str = "i18n";

/// Something wrong in a file, shown as `file:line:col: what, and what to do`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub file: PathBuf,
    /// Where in it.
    pub place: Place,
    /// What, and what to do.
    pub text: String,
    /// Whether the content may be used all the same.
    pub is_warning: bool,
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place;
        let warning = if self.is_warning { "warning: " } else { "" };
        write!(
            formatter,
            "{}:{line}:{column}: {warning}{}",
            self.file.display(),
            self.text
        )
    }
}

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// The rows that could be read; complete when nothing but warnings was found.
    pub content: Content,
    /// By file and place.
    pub mistakes: Vec<Mistake>,
    /// How many mistakes were found beyond [`MAX_MISTAKES`].
    pub more: usize,
    /// Whether rows were unreadable, so that the rules about content as a whole were not looked at.
    pub rules_wait: bool,
    /// Languages with texts, English among them.
    pub languages: Vec<String>,
    /// How long a player takes to each tier, unless the rules were not looked at.
    pub tier_times: Option<TierTimes>,
}

impl Report {
    /// Mistakes that are no warnings, those beyond the limit included.
    pub fn errors(&self) -> usize {
        let errors = self.mistakes.iter().filter(|mistake| !mistake.is_warning).count();
        errors.saturating_add(self.more)
    }
}

/// Reads all content of a directory and finds every mistake in it.
///
/// # Errors
/// When the directory itself cannot be read.
pub fn report(directory: &Path) -> anyhow::Result<Report> {
    let mut found = Found::default();
    let (content, sheets, localized) = rows(directory, &mut found)?;
    let languages = texts::look(directory, &sheets, &localized, &mut found);
    let rules_wait = !sheets.all_read();
    let tier_times = (!rules_wait).then(|| crate::rules::look(&Game::of(&content), &sheets, &mut found));
    let (mistakes, more) = found.into_sorted();
    Ok(Report {
        content,
        mistakes,
        more,
        rules_wait,
        languages,
        tier_times,
    })
}

/// Reads all content of a directory for a database: finds the mistakes of files, rows and columns, those for which a
/// module would refuse it. What [`report`] says of texts and of content as a whole, it does not look for. With a mistake
/// that is no warning the content is not complete.
///
/// # Errors
/// When the directory itself cannot be read.
pub fn check(directory: &Path) -> anyhow::Result<(Content, Vec<Mistake>)> {
    let mut found = Found::default();
    let (content, ..) = rows(directory, &mut found)?;
    Ok((content, found.into_sorted().0))
}

type Rows = (Content, Sheets, Vec<facts::Localized>);

fn rows(directory: &Path, found: &mut Found) -> anyhow::Result<Rows> {
    let files = files(directory, "json")?;
    let mut reader = read::Reader::new(directory, found);
    visit_static_tables(&mut reader);
    let (content, sheets) = reader.finish();
    unknown(&files, &sheets, found);
    let localized = facts::look(&sheets, found);
    Ok((content, sheets, localized))
}

/// The entries of a directory whose names end so, sorted.
fn files(directory: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let context = || {
        format!(
            "cannot read the content directory {}; name another",
            directory.display()
        )
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reports files that belong to no table.
fn unknown(files: &[PathBuf], sheets: &Sheets, found: &mut Found) {
    for file in files {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if sheets.get(stem).is_none() {
            let near = nearest(stem, sheets.iter().map(|sheet| sheet.table));
            let text = format!("'{stem}' is no content table; remove the file, or rename it: {near}");
            found.push(file, TOP, text);
        }
    }
}

/// Those of some names that are most like this one, as `did you mean a, b or c?`.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    /// As many as help.
    const SHOWN: usize = 3;
    let mut near: Vec<(usize, &str)> = names.map(|other| (distance(name, other), other)).collect();
    near.sort_unstable();
    let shown: Vec<&str> = near.iter().take(SHOWN).map(|(_, name)| *name).collect();
    match shown.split_last() {
        Some((last, [])) => format!("did you mean {last}?"),
        Some((last, others)) => format!("did you mean {} or {last}?", others.join(", ")),
        None => "there are none".to_owned(),
    }
}

/// How many characters must be changed, put in or taken out to make one text the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(row.first_mut().unwrap_or(&mut 0), i.saturating_add(1));
        let mut left = i.saturating_add(1);
        for (to, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let change = diagonal.saturating_add(usize::from(from != *to));
            diagonal = *cell;
            *cell = change.min(left.saturating_add(1)).min(diagonal.saturating_add(1));
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
