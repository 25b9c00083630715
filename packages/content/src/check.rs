//! Reading content and finding every mistake in it at once.

use std::collections::HashMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use hexmarch_messages::static_data::{visit_static_tables, StaticRow, StaticTableVisitor};
use serde::de::DeserializeSeed as _;
use serde_json::value::RawValue;
use spacetimedb_sats::de::serde::{DeserializeWrapper, SeedWrapper};

use super::json::{reason, Fields, Place, Source};
use super::types::RowType;
use super::{Content, Row, Table};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
const TOP: Place = Place { line: 1, column: 1 };

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

/// Reads all content of a directory. With a mistake that is no warning the content is not complete.
///
/// # Errors
/// When the directory itself cannot be read.
pub fn check(directory: &Path) -> anyhow::Result<(Content, Vec<Mistake>)> {
    let context = || {
        format!(
            "cannot read the content directory {}; name another",
            directory.display()
        )
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    let mut checker = Checker {
        directory,
        content: Content::default(),
        mistakes: Vec::new(),
    };
    visit_static_tables(&mut checker);
    let names: Vec<&str> = checker.content.tables.iter().map(|table| table.name).collect();
    for file in files {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if !names.contains(&stem) {
            let text = format!(
                "'{stem}' is no content table; rename the file to one of {}",
                names.join(", ")
            );
            checker.mistakes.push(Mistake {
                file,
                place: TOP,
                text,
                is_warning: false,
            });
        }
    }
    let Checker {
        content, mut mistakes, ..
    } = checker;
    mistakes.sort_by(|a, b| (&a.file, a.place).cmp(&(&b.file, b.place)));
    Ok((content, mistakes))
}

struct Checker<'a> {
    directory: &'a Path,
    content: Content,
    mistakes: Vec<Mistake>,
}

impl StaticTableVisitor for Checker<'_> {
    fn visit<R: StaticRow>(&mut self) {
        let path = self.directory.join(format!("{}.json", R::TABLE));
        let mut file = TableFile {
            path: &path,
            mistakes: &mut self.mistakes,
        };
        let rows = file.read::<R>();
        self.content.tables.push(Table {
            name: R::TABLE,
            in_region: R::IN_REGION,
            in_global: R::IN_GLOBAL,
            rows,
        });
    }
}

struct TableFile<'a> {
    path: &'a Path,
    mistakes: &'a mut Vec<Mistake>,
}

impl TableFile<'_> {
    fn mistake(&mut self, place: Place, text: String) {
        let file = self.path.to_owned();
        self.mistakes.push(Mistake {
            file,
            place,
            text,
            is_warning: false,
        });
    }

    fn text(&mut self) -> Option<String> {
        let too_large = std::fs::metadata(self.path).is_ok_and(|metadata| metadata.len() > MAX_FILE_BYTES);
        if too_large {
            self.mistake(
                TOP,
                format!("the file is larger than {MAX_FILE_BYTES} bytes; make the table smaller"),
            );
            return None;
        }
        match std::fs::read_to_string(self.path) {
            Ok(text) => return Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.mistake(
                    TOP,
                    "the file is missing; write a list of rows, one row a line".to_owned(),
                );
            }
            Err(error) => self.mistake(
                TOP,
                format!("the file cannot be read ({error}); write it as UTF-8 text"),
            ),
        }
        None
    }

    fn read<R: StaticRow>(&mut self) -> Vec<Row> {
        let Some(text) = self.text() else { return Vec::new() };
        let source = Source(&text);
        let raw: Vec<&RawValue> = match serde_json::from_str(&text) {
            Ok(raw) => raw,
            Err(error) => {
                let place = source.place_of_error(&text, &error);
                self.mistake(
                    place,
                    format!("{}; write a JSON list of rows: [{{...}}, {{...}}]", reason(&error)),
                );
                return Vec::new();
            }
        };
        if raw.is_empty() {
            self.mistake(
                TOP,
                "the table is empty, and no content table may be; add a row".to_owned(),
            );
        }
        let row_type = RowType::of::<R>();
        let parsed = raw.iter().filter_map(|raw| {
            let row = self.row::<R>(source, raw.get(), &row_type)?;
            Some((row, source.place(raw.get())))
        });
        let parsed: Vec<(Row, Place)> = parsed.collect();
        self.keys::<R>(&parsed);
        parsed.into_iter().map(|(row, _)| row).collect()
    }

    fn row<R: StaticRow>(&mut self, source: Source<'_>, row: &str, row_type: &RowType) -> Option<Row> {
        let fields: Fields<'_> = match serde_json::from_str(row) {
            Ok(fields) => fields,
            Err(error) => {
                self.mistake(
                    source.place(row),
                    format!("{}; write a row as {{\"column\": value, ...}}", reason(&error)),
                );
                return None;
            }
        };
        let before = self.mistakes.len();
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in &fields.0 {
            self.field(source, (row, name, value), row_type, &seen);
            seen.push(name);
        }
        for name in row_type.names().filter(|name| !seen.contains(name)) {
            let text = format!("the row has no \"{name}\"; add it: {}", row_type.describe(name));
            self.mistake(source.place(row), text);
        }
        if self.mistakes.len() > before {
            return None;
        }
        let parsed = serde_json::from_str::<DeserializeWrapper<R>>(row).map_err(|error| {
            let text = format!("{}; correct the row", reason(&error));
            self.mistake(source.place_of_error(row, &error), text);
        });
        let parsed = parsed.ok()?.0;
        match spacetimedb_sats::bsatn::to_vec(&parsed) {
            Ok(bsatn) => Some(Row {
                key: parsed.key(),
                bsatn,
            }),
            Err(error) => {
                self.mistake(
                    source.place(row),
                    format!("the row cannot be sent ({error}); make it smaller"),
                );
                None
            }
        }
    }

    fn field(&mut self, source: Source<'_>, (row, name, value): (&str, &str, &str), row_type: &RowType, seen: &[&str]) {
        let Some(column) = row_type.column(name) else {
            let names: Vec<&str> = row_type.names().collect();
            let text = format!(
                "\"{name}\" is no column; remove it, or write one of {}",
                names.join(", ")
            );
            return self.mistake(source.place_of_key(row, name, value), text);
        };
        if seen.contains(&name) {
            let text = format!("\"{name}\" appears twice in this row; remove one");
            return self.mistake(source.place_of_key(row, name, value), text);
        }
        let mut deserializer = serde_json::Deserializer::from_str(value);
        if let Err(error) = SeedWrapper(column).deserialize(&mut deserializer) {
            // What was expected instead, the description says better.
            let said = reason(&error);
            let what = said.rsplit_once(", expected ").map_or(said.as_str(), |(what, _)| what);
            let text = format!("\"{name}\": {what}; write {}", row_type.describe(name));
            // The parser has read a number or text to its end before it rejects it; its beginning says more.
            let is_nested = value.starts_with(['[', '{']);
            let place = if is_nested {
                source.place_of_error(value, &error)
            } else {
                source.place(value)
            };
            self.mistake(place, text);
        }
    }

    fn keys<R: StaticRow>(&mut self, rows: &[(Row, Place)]) {
        let mut first: HashMap<&str, Place> = HashMap::new();
        for (row, place) in rows {
            if let Some(earlier) = first.get(row.key.as_str()) {
                let text = format!(
                    "{} {} is taken by line {}; give this row another",
                    R::KEY,
                    row.key,
                    earlier.line
                );
                self.mistake(*place, text);
            } else {
                first.insert(&row.key, *place);
            }
        }
        let mut pairs = rows.iter().zip(rows.iter().skip(1));
        let unsorted = pairs.find(|((earlier, _), (later, _))| order(&later.key) < order(&earlier.key));
        if let Some(((earlier, _), (later, place))) = unsorted {
            self.mistakes.push(Mistake {
                file: self.path.to_owned(),
                place: *place,
                text: format!(
                    "{} {} comes after {}; sort the rows by {}",
                    R::KEY,
                    later.key,
                    earlier.key,
                    R::KEY
                ),
                is_warning: true,
            });
        }
    }
}

/// Numbers by value, before texts.
fn order(key: &str) -> (bool, i128, &str) {
    match key.parse::<i128>() {
        Ok(number) => (false, number, ""),
        Err(_) => (true, 0, key),
    }
}

#[cfg(test)]
mod tests;
