//! Where in the file things stand.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{ImDocument, Item, TableLike};

/// The file's name, and the lines of its keys. A file that is no TOML has none.
pub(super) struct Lines {
    file: String,
    top: BTreeMap<String, usize>,
    databases: Vec<Lined>,
}

/// One section: the line on which it begins, and those of its keys.
#[derive(Default)]
struct Lined {
    begin: Option<usize>,
    keys: BTreeMap<String, usize>,
}

impl Lines {
    pub(super) fn new(path: &Path, text: &str) -> Self {
        let mut lines = Self {
            file: path.display().to_string(),
            top: BTreeMap::new(),
            databases: Vec::new(),
        };
        let Ok(document) = ImDocument::parse(text) else {
            return lines;
        };
        lines.top = keys(document.as_table(), text);
        let section = |table: Option<&dyn TableLike>, span: Option<std::ops::Range<usize>>| Lined {
            begin: span.map(|span| line(text, span.start)),
            keys: table.map(|table| keys(table, text)).unwrap_or_default(),
        };
        lines.databases = match document.as_table().get("database") {
            Some(Item::ArrayOfTables(tables)) => tables
                .iter()
                .map(|table| section(Some(table as &dyn TableLike), table.span()))
                .collect(),
            Some(Item::Value(value)) => {
                let values = value.as_array().into_iter().flatten();
                values
                    .map(|value| {
                        section(
                            value.as_inline_table().map(|table| table as &dyn TableLike),
                            value.span(),
                        )
                    })
                    .collect()
            }
            _ => Vec::new(),
        };
        lines
    }

    /// What goes before a mistake in the file as a whole: `relay.toml: `.
    pub(super) fn file(&self) -> String {
        format!("{}: ", self.file)
    }

    /// The same with the line of a key outside of all sections, if it is there: `relay.toml:3: `.
    pub(super) fn top(&self, key: &str) -> String {
        self.at(self.top.get(key).copied())
    }

    /// The same of a key of the `[[database]]` at this position, or of the section's beginning.
    pub(super) fn database(&self, position: usize, key: &str) -> String {
        let section = self.databases.get(position);
        self.at(section.and_then(|section| section.keys.get(key).copied().or(section.begin)))
    }

    fn at(&self, line: Option<usize>) -> String {
        line.map_or_else(|| self.file(), |line| format!("{}:{line}: ", self.file))
    }
}

fn keys(table: &dyn TableLike, text: &str) -> BTreeMap<String, usize> {
    let begin = |key: &str| table.key(key)?.span().map(|span| line(text, span.start));
    let keys = table.iter().map(|(key, _)| key.to_owned());
    keys.filter_map(|key| begin(&key).map(|line| (key, line))).collect()
}

/// The number of the line with this byte, from 1.
fn line(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset).filter(|byte| *byte == b'\n');
    before.count().saturating_add(1)
}
