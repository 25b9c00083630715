//! Texts in the language of a reader. English is in the rows themselves; other languages are in Fluent files,
//! `<language>/<table>.ftl`, one message a row and one attribute a column. What is not translated stays English.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};

use super::{Atlas, Thing};

/// The language of the rows.
pub const ENGLISH: &str = "en";
/// Words that belong to no row, for books and graphs; English stands in for what another language lacks.
const WORDS: [(&str, &str); 2] = [
    (ENGLISH, include_str!("../words/en.ftl")),
    ("de", include_str!("../words/de.ftl")),
];
/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Most characters of a language's name.
const MAX_CODE_LENGTH: usize = 16;

/// The texts of one language.
#[derive(Debug, Clone, Default)]
pub struct Language {
    code: String,
    rows: HashMap<String, String>,
    words: HashMap<String, String>,
}

impl Language {
    /// The texts of the rows themselves.
    pub fn english() -> Self {
        Self::new(ENGLISH)
    }

    fn new(code: &str) -> Self {
        let mut language = Self {
            code: code.to_owned(),
            ..Self::default()
        };
        for (known, source) in WORDS {
            if [ENGLISH, code].contains(&known) {
                language.words.extend(parse(source));
            }
        }
        language
    }

    /// Reads the Fluent files of a directory. What cannot be parsed is left out: the check of the content reports it.
    ///
    /// # Errors
    /// When the directory or a file of it cannot be read.
    pub fn read(directory: &Path, code: &str) -> anyhow::Result<Self> {
        let mut language = Self::new(code);
        let folder = directory.join(code);
        let context = || format!("cannot read the texts in {}", folder.display());
        for entry in std::fs::read_dir(&folder).with_context(context)? {
            let path = entry.with_context(context)?.path();
            if path.extension().is_some_and(|extension| extension == "ftl") {
                let bytes = std::fs::metadata(&path).with_context(context)?.len();
                anyhow::ensure!(
                    bytes <= MAX_FILE_BYTES,
                    "{} is larger than {MAX_FILE_BYTES} bytes; make it smaller",
                    path.display()
                );
                language
                    .add(&std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?);
            }
        }
        Ok(language)
    }

    /// The languages that a directory has folders for, and English, in order.
    pub fn codes(directory: &Path) -> Vec<String> {
        let mut codes = vec![ENGLISH.to_owned()];
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_code = name.len() <= MAX_CODE_LENGTH && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if is_code && name != ENGLISH && entry.path().is_dir() {
                codes.push(name);
            }
        }
        codes.sort();
        codes
    }

    /// Adds the messages of a Fluent file.
    pub fn add(&mut self, source: &str) {
        self.rows.extend(parse(source));
    }

    /// Its code, as `de`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// A message without a row, or an attribute `message.attribute`, as it is written.
    pub fn message(&self, id: &str) -> Option<&str> {
        self.rows.get(id).map(String::as_str)
    }

    /// A text of a row.
    pub fn text<'a>(&'a self, table: &str, key: i32, column: &str, english: &'a str) -> &'a str {
        let id = format!("{table}-{key}.{column}");
        self.rows.get(&id).map_or(english, String::as_str)
    }

    /// One of the words that belong to no row.
    pub fn word(&self, id: &str) -> String {
        self.words.get(id).cloned().unwrap_or_else(|| format!("⟦{id}⟧"))
    }

    /// The word, if there is one.
    pub fn known_word(&self, id: &str) -> Option<&str> {
        self.words.get(id).map(String::as_str)
    }

    /// A text with `{ $a0 }`, `{ $a1 }` and so on filled in.
    pub fn fill(&self, id: &str, arguments: &[&str]) -> String {
        let mut text = self.word(id);
        for (index, argument) in arguments.iter().enumerate() {
            text = text.replace(&format!("{{a{index}}}"), argument);
        }
        text
    }

    /// What a thing is called; one that is not there by its number.
    pub fn thing(&self, atlas: &Atlas, thing: Thing) -> String {
        match thing {
            Thing::Item(id) => match atlas.items.get(&id) {
                Some(row) => self.text("item_desc", id, "name", &row.name).to_owned(),
                None => format!("#{id}"),
            },
            Thing::Cargo(id) => match atlas.cargo.get(&id) {
                Some(row) => self.text("cargo_desc", id, "name", &row.name).to_owned(),
                None => format!("#{id}"),
            },
        }
    }
}

fn parse(source: &str) -> Vec<(String, String)> {
    let (Ok(resource) | Err((resource, _))) = fluent_syntax::parser::parse(source);
    messages(&resource).collect()
}

/// All texts of a Fluent file: those of messages by id, those of attributes by `id.attribute`.
fn messages<'a>(resource: &'a Resource<&'a str>) -> impl Iterator<Item = (String, String)> + 'a {
    resource.body.iter().flat_map(|entry| {
        let Entry::Message(message) = entry else {
            return Vec::new();
        };
        let id = message.id.name;
        let value = message.value.iter().map(|value| (id.to_owned(), flat(value)));
        let attributes = message.attributes.iter();
        let attributes = attributes.map(|attribute| (format!("{id}.{}", attribute.id.name), flat(&attribute.value)));
        value.chain(attributes).collect()
    })
}

/// A pattern as text; what is filled in stays as `{name}`.
fn flat(pattern: &Pattern<&str>) -> String {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression } => {
                let (Expression::Inline(inline) | Expression::Select { selector: inline, .. }) = expression;
                match inline {
                    InlineExpression::StringLiteral { value } => text.push_str(&unescape(value)),
                    InlineExpression::NumberLiteral { value } => text.push_str(value),
                    InlineExpression::VariableReference { id } => text.push_str(&format!("{{{}}}", id.name)),
                    _ => text.push('…'),
                }
            }
        }
    }
    text
}

fn unescape(text: &str) -> String {
    fluent_syntax::unicode::unescape_unicode_to_string(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_word() {
        let [(_, english), (_, german)] = WORDS;
        let ids = |source: &str| {
            assert!(fluent_syntax::parser::parse(source).is_ok());
            parse(source)
                .into_iter()
                .map(|(id, _)| id)
                .collect::<std::collections::BTreeSet<_>>()
        };
        let tags = |id: &&String| !id.starts_with("tag-");
        assert_eq!(ids(english), ids(german).iter().filter(tags).cloned().collect());
    }

    #[test]
    fn texts_are_found_or_stay_english() {
        let mut language = Language::english();
        language.add("item_desc-5 =\n    .name = Bruch{ \"{\" }ast\n    .description = Vom\n        Baum { $n }\nbroken\nui = Ja\n");
        assert_eq!(language.text("item_desc", 5, "name", "x"), "Bruch{ast");
        assert_eq!(language.text("item_desc", 5, "description", "x"), "Vom\nBaum {n}");
        assert_eq!(language.text("item_desc", 6, "name", "Branch"), "Branch");
        assert_eq!(language.message("ui"), Some("Ja"));
    }
}
