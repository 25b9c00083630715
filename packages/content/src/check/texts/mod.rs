//! Texts in every language: English stands in the rows, other languages in `i18n/<language>/<table>.ftl`, one message a
//! row, one attribute a column. What is no row (errors, notices) is in `errors.ftl` of each language, English too.

mod fluent;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use fluent::{Book, Message};

use super::facts::Localized;
use super::read::read_text;
use super::sheet::{Found, Sheet, Sheets};
use super::{nearest, TEXTS};
use crate::json::TOP;

/// The language of the rows.
const ENGLISH: &str = "en";
/// The file of texts that belong to no row, without its ending.
const ERRORS: &str = "errors";

/// The files of a language, by name without ending.
type Books = BTreeMap<String, Book>;

/// Reports what is wrong with the texts. Answers with the languages that have any, English first.
pub(super) fn look(directory: &Path, sheets: &Sheets, localized: &[Localized], found: &mut Found) -> Vec<String> {
    let texts = directory.join(TEXTS);
    let mut languages = vec![ENGLISH.to_owned()];
    languages.extend(other_languages(&texts));
    let english = Books::from_iter(read_errors(&texts.join(ENGLISH), found));
    references(&english, found);
    no_rows_in_english(&texts.join(ENGLISH), found);
    let texts_of_rows = Rows::new(localized, sheets, found);
    for language in languages.iter().skip(1) {
        let folder = texts.join(language);
        let books = read(&folder, &texts_of_rows, sheets, found);
        if let Some(english) = english.get(ERRORS) {
            compare_errors(english, books.get(ERRORS), (language, &folder), found);
        }
        texts_of_rows.compare(&books, (language, &folder), found);
        references(&books, found);
    }
    languages
}

/// Directories beside that of English.
fn other_languages(texts: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(texts) else {
        return Vec::new();
    };
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name != ENGLISH)
        .collect();
    names.sort();
    names
}

fn read_errors(folder: &Path, found: &mut Found) -> Option<(String, Book)> {
    let file = folder.join(format!("{ERRORS}.ftl"));
    match read_text(&file, "write a message for each key of an error") {
        Ok(text) => Some((ERRORS.to_owned(), Book::new(file, text, found))),
        Err((place, text)) => {
            found.push(&file, place, text);
            None
        }
    }
}

/// The names of the Fluent files in a folder, without ending, sorted.
fn file_names(folder: &Path) -> Vec<(String, PathBuf)> {
    let files = super::files(folder, "ftl").unwrap_or_default().into_iter();
    let named = files.filter_map(|file| Some((file.file_stem()?.to_str()?.to_owned(), file.clone())));
    named.collect()
}

fn no_rows_in_english(folder: &Path, found: &mut Found) {
    for (_, file) in file_names(folder).into_iter().filter(|(name, _)| name != ERRORS) {
        let text = "English texts of rows are in the rows; remove the file".to_owned();
        found.push(&file, TOP, text);
    }
}

/// The files that a language is to have; others are mistakes.
fn read(folder: &Path, rows: &Rows<'_>, sheets: &Sheets, found: &mut Found) -> Books {
    let mut books = Books::from_iter(read_errors(folder, found));
    for (table, count) in &rows.tables {
        let file = folder.join(format!("{table}.ftl"));
        let missing = format!("it is to have a message for each of the {count} rows of {table}.json");
        match read_text(&file, &missing) {
            Ok(text) => {
                books.insert((*table).to_owned(), Book::new(file, text, found));
            }
            Err((place, text)) => found.push(&file, place, text),
        }
    }
    for (name, file) in file_names(folder) {
        let wanted = name == ERRORS || rows.tables.contains_key(name.as_str());
        if wanted || sheets.get(&name).is_some_and(|sheet| !sheet.is_whole) {
            continue;
        }
        let near = nearest(&name, rows.tables.keys().copied());
        let text = format!("'{name}' is no table with texts; remove the file, or rename it: {near}");
        found.push(&file, TOP, text);
    }
    books
}

/// Texts of one row: column, English, what is filled in.
struct RowTexts<'a> {
    sheet: &'a Sheet,
    row: usize,
    id: String,
    texts: Vec<(&'a str, BTreeSet<String>)>,
}

/// What every language is to say of the rows.
struct Rows<'a> {
    rows: Vec<RowTexts<'a>>,
    /// How many rows have texts, by table.
    tables: BTreeMap<&'static str, usize>,
    /// The messages of all rows, also of those that could not be read.
    ids: HashSet<String>,
}

/// The name of a row's message: what Fluent does not allow in names becomes `_`.
pub(crate) fn message_id(table: &str, key: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    let key = key.chars().map(|letter| if allowed(letter) { letter } else { '_' });
    format!("{table}-{}", key.collect::<String>())
}

impl<'a> Rows<'a> {
    fn new(localized: &'a [Localized], sheets: &'a Sheets, found: &mut Found) -> Self {
        let mut all = Self {
            rows: Vec::new(),
            tables: BTreeMap::new(),
            ids: HashSet::new(),
        };
        for text in localized {
            let Some(sheet) = sheets.get(text.table) else { continue };
            let variables = fluent::variables(&text.text).unwrap_or_else(|reason| {
                let text_ = format!("the text is no Fluent ({reason}); write a brace as {{\"{{\"}}");
                found.at(sheet, text.row, &text.path, text_);
                BTreeSet::new()
            });
            match all.rows.last_mut() {
                Some(last) if last.sheet.table == text.table && last.row == text.row => {
                    last.texts.push((&text.path, variables));
                }
                _ => {
                    let count = all.tables.entry(text.table).or_default();
                    *count = count.saturating_add(1);
                    let key = sheet.rows.get(text.row).map_or("", |row| row.key.as_str());
                    all.rows.push(RowTexts {
                        sheet,
                        row: text.row,
                        id: message_id(text.table, key),
                        texts: vec![(&text.path, variables)],
                    });
                }
            }
        }
        for table in all.tables.keys() {
            let keys = sheets.get(table).into_iter().flat_map(|sheet| sheet.keys.as_texts());
            all.ids.extend(keys.map(|key| message_id(table, &key)));
        }
        all
    }

    fn compare(&self, books: &Books, (language, folder): (&str, &Path), found: &mut Found) {
        for row in &self.rows {
            // A file that is missing was reported as a whole.
            let Some(book) = books.get(row.sheet.table) else {
                continue;
            };
            match book.messages.get(&row.id) {
                Some(message) => row.compare(book, message, language, found),
                None => {
                    let attributes: Vec<String> = row.texts.iter().map(|(name, _)| format!(".{name} =")).collect();
                    let text = format!(
                        "no text in '{language}'; add to {}: {} = with {}",
                        shorter(folder, row.sheet.table),
                        row.id,
                        attributes.join(" and ")
                    );
                    let first = row.texts.first().map_or("", |(name, _)| name);
                    found.at(row.sheet, row.row, first, text);
                }
            }
        }
        for (table, book) in books.iter().filter(|(table, _)| *table != ERRORS) {
            let unknown = book.messages.iter().filter(|(id, _)| !self.ids.contains(*id));
            for (id, message) in unknown {
                let text = format!("{id} belongs to no row of {table}.json; remove it");
                found.push(&book.file, book.source.place_at(message.offset), text);
            }
        }
    }
}

/// `i18n/de/item_desc.ftl`.
fn shorter(folder: &Path, table: &str) -> String {
    let language = folder.file_name().unwrap_or_default().to_string_lossy();
    format!("{TEXTS}/{language}/{table}.ftl")
}

impl RowTexts<'_> {
    fn compare(&self, book: &Book, message: &Message, language: &str, found: &mut Found) {
        for (name, variables) in &self.texts {
            let Some(text) = message.attribute(&attribute_name(name)) else {
                let wanted = format!(
                    "no text in '{language}'; add to {} of {}: .{} =",
                    self.id,
                    book.file.display(),
                    attribute_name(name)
                );
                found.at(self.sheet, self.row, name, wanted);
                continue;
            };
            if text.variables != *variables {
                let place = book.source.place_at(text.offset);
                found.push(&book.file, place, differ(variables, &text.variables));
            }
        }
        if let Some(value) = &message.value {
            let text = format!("{} has a text before its first attribute; remove it", self.id);
            found.push(&book.file, book.source.place_at(value.offset), text);
        }
        for (name, text) in &message.attributes {
            if !self.texts.iter().any(|(path, _)| attribute_name(path) == *name) {
                let place = book.source.place_at(text.offset);
                let near = nearest(name, self.texts.iter().map(|(path, _)| *path));
                found.push(
                    &book.file,
                    place,
                    format!(
                        ".{name} is no text of {}; remove or rename it: {near}",
                        self.sheet.table
                    ),
                );
            }
        }
    }
}

/// A column's name as an attribute's: texts within lists are told apart by their place.
fn attribute_name(path: &str) -> String {
    path.replace(['.', '['], "-").replace(']', "")
}

fn differ(english: &BTreeSet<String>, other: &BTreeSet<String>) -> String {
    let list = |variables: &BTreeSet<String>| -> String {
        let shown: Vec<String> = variables.iter().map(|name| format!("{{ ${name} }}")).collect();
        if shown.is_empty() {
            "nothing".to_owned()
        } else {
            shown.join(" and ")
        }
    };
    format!(
        "this fills in {}, and the English text {}; fill in the same",
        list(other),
        list(english)
    )
}

/// English against another language, of what belongs to no row.
fn compare_errors(english: &Book, other: Option<&Book>, (language, folder): (&str, &Path), found: &mut Found) {
    let Some(other) = other else { return };
    for (id, message) in &english.messages {
        let place = english.source.place_at(message.offset);
        let Some(value) = &message.value else {
            found.push(&english.file, place, format!("{id} has no text; write one after the ="));
            continue;
        };
        match other.messages.get(id).map(|theirs| (theirs, theirs.value.as_ref())) {
            Some((theirs, Some(text))) if text.variables != value.variables => {
                let place = other.source.place_at(theirs.offset);
                found.push(&other.file, place, differ(&value.variables, &text.variables));
            }
            Some((_, Some(_))) => {}
            _ => {
                let text = format!("no text in '{language}'; add to {}: {id} =", shorter(folder, ERRORS));
                found.push(&english.file, place, text);
            }
        }
    }
    for (id, message) in &other.messages {
        if !english.messages.contains_key(id) {
            let place = other.source.place_at(message.offset);
            let text = format!("{id} is not in {TEXTS}/{ENGLISH}/{ERRORS}.ftl; remove it, or add it there");
            found.push(&other.file, place, text);
        }
    }
}

/// Texts that refer to messages and terms which no file of their language has.
fn references(books: &Books, found: &mut Found) {
    let terms = books.values().flat_map(|book| book.terms.iter().map(String::as_str));
    let messages = books.values().flat_map(|book| book.messages.keys().map(String::as_str));
    let known: HashSet<&str> = terms.chain(messages).collect();
    for book in books.values() {
        for (name, offset) in &book.references {
            if !known.contains(name.as_str()) {
                let text = format!("no file of this language has {name}; write the text itself, or add {name} =");
                found.push(&book.file, book.source.place_at(*offset), text);
            }
        }
    }
}
