//! Fluent files: messages with their places and with what they refer to.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use fluent_syntax::ast::{CallArguments, Entry, Expression, Identifier, InlineExpression, Pattern, PatternElement};

use super::super::sheet::Found;
use crate::json::Source;

/// Placeables may not nest deeper: the parser calls itself for each.
const MAX_NESTING: usize = 32;
/// The functions that clients have.
const FUNCTIONS: [&str; 2] = ["DATETIME", "NUMBER"];

/// A text of a message.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Where its name begins.
    pub(super) offset: usize,
    /// What is filled in: `x` for `{ $x }`.
    pub(super) variables: BTreeSet<String>,
}

/// A message.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// Where its name begins.
    pub(super) offset: usize,
    /// Its own text.
    pub(super) value: Option<Text>,
    /// Those of its attributes, in the order of the file.
    pub(super) attributes: Vec<(String, Text)>,
}

impl Message {
    pub(super) fn attribute(&self, name: &str) -> Option<&Text> {
        let (_, text) = self.attributes.iter().find(|(attribute, _)| attribute == name)?;
        Some(text)
    }
}

/// A file.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) file: PathBuf,
    pub(super) source: Source,
    pub(super) messages: HashMap<String, Message>,
    /// `-name` of the terms that it defines.
    pub(super) terms: Vec<String>,
    /// Messages and terms that its texts refer to, and where.
    pub(super) references: Vec<(String, usize)>,
}

impl Book {
    /// Reads a file, reporting what is no Fluent and what is there twice.
    pub(super) fn new(file: PathBuf, text: String, found: &mut Found) -> Self {
        let source = Source::new(text);
        let mut book = Self {
            file,
            source: Source::default(),
            messages: HashMap::new(),
            terms: Vec::new(),
            references: Vec::new(),
        };
        if let Some(offset) = too_deep(source.text()) {
            let text = format!("placeables nest deeper than {MAX_NESTING}; write them one after the other");
            found.push(&book.file, source.place_at(offset), text);
        } else {
            book.parse(&source, found);
        }
        book.source = source;
        book
    }

    fn parse(&mut self, source: &Source, found: &mut Found) {
        let resource = match fluent_syntax::parser::parse(source.text()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let text = format!("{}; correct the message, or remove it", error.kind);
                    found.push(&self.file, source.place_at(error.pos.start), text);
                }
                resource
            }
        };
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    let offset = source.offset(message.id.name);
                    let mut read = Message {
                        offset,
                        value: message
                            .value
                            .as_ref()
                            .map(|value| self.text(source, offset, value, found)),
                        attributes: Vec::with_capacity(message.attributes.len()),
                    };
                    for attribute in &message.attributes {
                        let offset = source.offset(attribute.id.name);
                        let text = self.text(source, offset, &attribute.value, found);
                        if read.attribute(attribute.id.name).is_some() {
                            let text = format!(".{} is there twice; remove one", attribute.id.name);
                            found.push(&self.file, source.place_at(offset), text);
                        }
                        read.attributes.push((attribute.id.name.to_owned(), text));
                    }
                    if let Some(earlier) = self.messages.get(message.id.name) {
                        let line = source.place_at(earlier.offset).line;
                        let text = format!("{} is on line {line} already; remove one", message.id.name);
                        found.push(&self.file, source.place_at(offset), text);
                    } else {
                        self.messages.insert(message.id.name.to_owned(), read);
                    }
                }
                Entry::Term(term) => {
                    self.terms.push(format!("-{}", term.id.name));
                    let offset = source.offset(term.id.name);
                    self.text(source, offset, &term.value, found);
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, source: &Source, offset: usize, pattern: &Pattern<&str>, found: &mut Found) -> Text {
        let mut reader = Reader::default();
        reader.pattern(pattern);
        for function in reader.functions.iter().filter(|name| !FUNCTIONS.contains(name)) {
            let text = format!("{function} is no function; write one of {}", FUNCTIONS.join(", "));
            found.push(&self.file, source.place(function), text);
        }
        let references = reader.references.into_iter();
        self.references
            .extend(references.map(|(name, part)| (name, source.offset(part))));
        Text {
            offset,
            variables: reader.variables.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// What is filled into a text that stands in a row.
pub(super) fn variables(text: &str) -> Result<BTreeSet<String>, String> {
    if !text.contains(['{', '}']) {
        return Ok(BTreeSet::new());
    }
    if too_deep(text).is_some() {
        return Err(format!("placeables nest deeper than {MAX_NESTING}"));
    }
    let message = format!("x = {}\n", text.replace(['\n', '\r'], " "));
    let resource = fluent_syntax::parser::parse(message.as_str()).map_err(|(_, errors)| {
        let first = errors.first().map(|error| error.kind.to_string());
        first.unwrap_or_else(|| "it cannot be read".to_owned())
    })?;
    let mut reader = Reader::default();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            message.value.iter().for_each(|value| reader.pattern(value));
        }
    }
    Ok(reader.variables.into_iter().map(str::to_owned).collect())
}

/// Where braces nest deeper than the parser should follow.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth: usize = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth = depth.saturating_add(1),
            b'}' => depth = depth.saturating_sub(1),
            // Whatever was left open ends with its message.
            b'\n'
                if text
                    .as_bytes()
                    .get(at.saturating_add(1))
                    .is_some_and(u8::is_ascii_alphabetic) =>
            {
                depth = 0
            }
            _ => {}
        }
        if depth > MAX_NESTING {
            return Some(at);
        }
    }
    None
}

/// Collects what patterns refer to.
#[derive(Default)]
struct Reader<'a> {
    variables: BTreeSet<&'a str>,
    /// The name as it is referred to, and the part of the text.
    references: Vec<(String, &'a str)>,
    functions: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn pattern(&mut self, pattern: &Pattern<&'a str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&'a str>) {
        match expression {
            Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
            Expression::Inline(inline) => self.inline(inline),
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&'a str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name);
            }
            InlineExpression::FunctionReference { id, arguments } => {
                self.functions.push(id.name);
                self.arguments(arguments);
            }
            InlineExpression::MessageReference {
                id: Identifier { name },
                ..
            } => {
                self.references.push(((*name).to_owned(), name));
            }
            InlineExpression::TermReference { id, arguments, .. } => {
                self.references.push((format!("-{}", id.name), id.name));
                arguments.iter().for_each(|arguments| self.arguments(arguments));
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn arguments(&mut self, arguments: &CallArguments<&'a str>) {
        arguments.positional.iter().for_each(|argument| self.inline(argument));
        arguments.named.iter().for_each(|argument| self.inline(&argument.value));
    }
}
