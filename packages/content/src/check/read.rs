//! Files into rows: what stands in a file is text, a list, rows of its table's columns, each with a key of its own.

use std::collections::HashMap;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use hexmarch_messages::static_data::{Facts, StaticRow, StaticTableVisitor};
use serde_json::value::RawValue;

use super::sheet::{Found, Keys, Sheet, SheetRow, Sheets};
use super::{nearest, MAX_FILE_BYTES};
use crate::json::{reason, Fields, Place, Source, TOP};
use crate::types::{RowType, RowValue, TableType};
use crate::{Content, Row, Table};

/// Reads table after table.
pub(super) struct Reader<'a> {
    directory: &'a Path,
    found: &'a mut Found,
    content: Content,
    sheets: Sheets,
}

impl<'a> Reader<'a> {
    pub(super) fn new(directory: &'a Path, found: &'a mut Found) -> Self {
        Self {
            directory,
            found,
            content: Content::default(),
            sheets: Sheets::default(),
        }
    }

    pub(super) fn finish(self) -> (Content, Sheets) {
        (self.content, self.sheets)
    }
}

impl StaticTableVisitor for Reader<'_> {
    fn visit<R: StaticRow>(&mut self) {
        let file = self.directory.join(format!("{}.json", R::TABLE));
        let read = read_text(&file, "write a list of rows, one row a line");
        let (source, has_text) = match read {
            Ok(text) => (Source::new(text), true),
            Err((place, text)) => {
                self.found.push(&file, place, text);
                (Source::default(), false)
            }
        };
        let mut table = TableFile {
            file: &file,
            source: &source,
            found: self.found,
        };
        let parsed = if has_text {
            table.read(&TableType::of::<R>())
        } else {
            Parsed::default()
        };
        let mut rows = Vec::with_capacity(parsed.rows.len());
        let mut sheet_rows = Vec::with_capacity(parsed.rows.len());
        for (row, sheet_row) in parsed.rows {
            rows.push(row);
            sheet_rows.push(sheet_row);
        }
        self.content.tables.push(Table {
            name: R::TABLE,
            in_region: R::IN_REGION,
            in_global: R::IN_GLOBAL,
            rows,
        });
        self.sheets.push(Sheet {
            table: R::TABLE,
            file,
            source,
            rows: sheet_rows,
            keys: Keys::new(parsed.keys.iter().map(|(key, _)| key.as_str())),
            is_whole: parsed.is_whole,
        });
    }
}

/// The text of a file, or the mistake that it is. Reads no more than [`MAX_FILE_BYTES`], whatever the file is.
pub(super) fn read_text(path: &Path, missing: &str) -> Result<String, (Place, String)> {
    let refuse = |text: String| (TOP, text);
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => refuse(format!("the file is missing; {missing}")),
        _ => refuse(format!("the file cannot be read ({error}); make it readable")),
    };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(refuse("this is no file; put a text file in its place".to_owned()));
    }
    let too_large = || {
        refuse(format!(
            "the file is larger than {MAX_FILE_BYTES} bytes; make the table smaller"
        ))
    };
    if metadata.len() > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut limited = file.take(MAX_FILE_BYTES.saturating_add(1));
    limited.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = String::from_utf8_lossy(bytes.get(..good).unwrap_or_default()).into_owned();
        let byte = bytes.get(good).copied().unwrap_or_default();
        let place = Source::new(before).place_at(good);
        (
            place,
            format!("the byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"),
        )
    })
}

/// What became of a file.
#[derive(Default)]
struct Parsed {
    rows: Vec<(Row, SheetRow)>,
    /// Of all rows that have one, and where the row stands.
    keys: Vec<(String, Place)>,
    is_whole: bool,
}

struct TableFile<'a> {
    file: &'a PathBuf,
    source: &'a Source,
    found: &'a mut Found,
}

impl TableFile<'_> {
    fn mistake(&mut self, place: Place, text: String) {
        self.found.push(self.file, place, text);
    }

    fn read(&mut self, kind: &TableType) -> Parsed {
        let source = self.source;
        let raw: Vec<&RawValue> = match serde_json::from_str(source.text()) {
            Ok(raw) => raw,
            Err(error) => {
                let place = source.place_of_error(source.text(), &error);
                self.mistake(
                    place,
                    format!("{}; write a JSON list of rows: [{{...}}, {{...}}]", reason(&error)),
                );
                return Parsed::default();
            }
        };
        if raw.is_empty() && !kind.may_be_empty {
            self.mistake(
                TOP,
                "the table is empty, and no content table may be; add a row".to_owned(),
            );
        }
        let mut parsed = Parsed {
            is_whole: true,
            ..Parsed::default()
        };
        for raw in raw {
            let text = raw.get();
            let place = source.place(text);
            match self.row(text, kind) {
                Some((row, facts)) => {
                    let start = source.offset(text);
                    parsed.keys.push((row.key.clone(), place));
                    let sheet_row = SheetRow {
                        range: (start, start.saturating_add(text.len())),
                        key: row.key.clone(),
                        facts,
                    };
                    parsed.rows.push((row, sheet_row));
                }
                None => {
                    parsed.is_whole = false;
                    // Its key is taken all the same.
                    parsed.keys.extend(key_of(text, kind).map(|key| (key, place)));
                }
            }
        }
        self.keys(kind.key, &parsed.keys);
        parsed
    }

    fn row(&mut self, row: &str, kind: &TableType) -> Option<(Row, Box<dyn Facts>)> {
        let (source, row_type) = (self.source, &kind.row_type);
        let read = row_type.read(row);
        if let (Ok(read), true) = (&read, row.starts_with('{')) {
            return self.encode(row, read, kind);
        }
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
        let before = self.found.count();
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in &fields.0 {
            self.field((row, name, value), row_type, &seen);
            seen.push(name);
        }
        for name in row_type.names().filter(|name| !seen.contains(name)) {
            let text = format!("the row has no \"{name}\"; add it: {}", row_type.describe(name));
            self.mistake(source.place(row), text);
        }
        if let (true, Err(error)) = (self.found.count() == before, read) {
            let text = format!("{}; correct the row", reason(&error));
            self.mistake(source.place_of_error(row, &error), text);
        }
        None
    }

    fn encode(&mut self, text: &str, read: &RowValue, kind: &TableType) -> Option<(Row, Box<dyn Facts>)> {
        match kind.encode(read) {
            Ok(encoded) => Some(encoded),
            Err(error) => {
                let what = format!("the row cannot be sent ({error:#}); make it smaller");
                self.mistake(self.source.place(text), what);
                None
            }
        }
    }

    fn field(&mut self, (row, name, value): (&str, &str, &str), row_type: &RowType, seen: &[&str]) {
        let source = self.source;
        if !row_type.has(name) {
            let near = nearest(name, row_type.names().filter(|other| !seen.contains(other)));
            let text = format!("\"{name}\" is no column; remove or rename it: {near}");
            return self.mistake(source.place_of_key(row, name, value), text);
        }
        if seen.contains(&name) {
            let text = format!("\"{name}\" appears twice in this row; remove one");
            return self.mistake(source.place_of_key(row, name, value), text);
        }
        if let Err(error) = row_type.try_column(name, value) {
            // What was expected instead, the description says better.
            let said = reason(&error);
            let what = said.rsplit_once(", expected ").map_or(said.as_str(), |(what, _)| what);
            let text = format!("\"{name}\": {what}; write {}", row_type.describe(name));
            // The parser has read a number or text to its end before it rejects it; its beginning says more.
            let is_nested = value.starts_with(['[', '{']);
            let place = if is_nested {
                source.place_of_token(value, &error)
            } else {
                source.place(value)
            };
            self.mistake(place, text);
        }
    }

    fn keys(&mut self, column: &str, keys: &[(String, Place)]) {
        let mut first: HashMap<&str, Place> = HashMap::new();
        for (key, place) in keys {
            if let Some(earlier) = first.get(key.as_str()) {
                let line = earlier.line;
                let text = format!("{column} {key} is taken by line {line}; give this row another");
                self.mistake(*place, text);
            } else {
                first.insert(key, *place);
            }
        }
        let mut pairs = keys.iter().zip(keys.iter().skip(1));
        let unsorted = pairs.find(|((earlier, _), (later, _))| order(later) < order(earlier));
        if let Some(((earlier, _), (later, place))) = unsorted {
            let text = format!("{column} {later} comes after {earlier}; sort the rows by {column}");
            self.found.warn(self.file, *place, text);
        }
    }
}

/// The key of a row that could not be read, if it has one that can.
fn key_of(row: &str, kind: &TableType) -> Option<String> {
    let fields: Fields<'_> = serde_json::from_str(row).ok()?;
    let value = fields.get(kind.key)?;
    kind.row_type.try_column(kind.key, value).ok()?;
    match serde_json::from_str::<String>(value) {
        Ok(text) => Some(text),
        Err(_) => value.parse::<i64>().ok().map(|number| number.to_string()),
    }
}

/// Numbers by value, before texts.
pub(crate) fn order(key: &str) -> (bool, i128, &str) {
    match key.parse::<i128>() {
        Ok(number) => (false, number, ""),
        Err(_) => (true, 0, key),
    }
}
