//! Whatever a player's call can be answered with has a text, and no text is for what nobody answers.
//!
//! The keys are found in the sources: every literal of the form `area.what` or `area.what|{argument}` in the crates
//! that answer calls, in macros and in what `quote!` generates too, but not in tests and comments.

// Helpers of tests are no tests to clippy.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The crates that an answer comes from.
const CRATES: [&str; 10] = [
    "packages/base",
    "packages/client",
    "packages/codegen",
    "packages/game",
    "packages/global_module",
    "packages/macros",
    "packages/messages",
    "packages/rules",
    "packages/sim_core",
    "relay",
];
const LANGUAGES: [&str; 2] = ["en", "de"];
/// An argument that stands for any number of them.
const REPORT: &str = "{report}";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the sources answer.
#[derive(Default)]
struct Said {
    /// By key: how many arguments it comes with at the most, and where it was found first.
    keys: BTreeMap<String, (usize, String)>,
    /// What is given as an error and is no key, or hides a part of one.
    unreadable: Vec<String>,
}

impl Said {
    fn literal(&mut self, text: &str, is_error: bool, place: &str) {
        let (key, arguments) = text.split_once('|').unwrap_or((text, ""));
        if is_key(key) {
            let count = match text.split('|').count() - 1 {
                _ if arguments.contains(REPORT) => usize::MAX,
                count => count,
            };
            let known = self.keys.entry(key.to_owned()).or_insert((count, place.to_owned()));
            known.0 = known.0.max(count);
        } else if is_error || is_hidden(key) {
            self.unreadable.push(format!("{place}: {text:?}"));
        }
    }

    fn tokens(&mut self, tokens: TokenStream, is_error: bool, place: &str) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            match tree {
                TokenTree::Group(_) if is_attribute(&trees, at, "doc") => {}
                TokenTree::Group(group) if is_attribute(&trees, at, "cfg") && names_tests(group) => {
                    at += item_length(&trees[at..]);
                    continue;
                }
                TokenTree::Group(group) => {
                    let is_error = is_error || is_made_error(&trees[..at]);
                    self.tokens(group.stream(), is_error, place);
                }
                TokenTree::Literal(literal) => {
                    let literal = literal.to_string();
                    let literal = literal.trim_start_matches('r').trim_matches('#');
                    if let Some(text) = literal.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                        self.literal(text, is_error, place);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

/// `area.what`, which no file is called.
fn is_key(text: &str) -> bool {
    let is_name = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
    };
    text.split_once('.')
        .is_some_and(|(area, what)| is_name(area) && is_name(what) && what != "toml")
}

/// A key with an end that only the running program knows: `area.{what}`.
fn is_hidden(text: &str) -> bool {
    text.split_once('{')
        .is_some_and(|(begin, _)| is_key(&format!("{begin}a")))
}

/// Whether the group at a place is `#[name...]`.
fn is_attribute(trees: &[TokenTree], at: usize, name: &str) -> bool {
    let TokenTree::Group(group) = &trees[at] else {
        return false;
    };
    let is_marked = at > 0 && matches!(&trees[at - 1], TokenTree::Punct(mark) if mark.as_char() == '#');
    let first = group.stream().into_iter().next();
    is_marked
        && group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(ident)) if ident == name)
}

fn names_tests(cfg: &Group) -> bool {
    cfg.to_string().replace(' ', "") == "[cfg(test)]"
}

/// How many trees the item has that an attribute stands before, with it.
fn item_length(trees: &[TokenTree]) -> usize {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    };
    trees.iter().position(ends).map_or(trees.len(), |end| end + 1)
}

/// Whether what stands before a group makes an error of what is in it: `Failure::new(...)`, `#[error(...)]`.
fn is_made_error(before: &[TokenTree]) -> bool {
    let names: Vec<String> = before.iter().rev().take(4).map(ToString::to_string).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    matches!(names[..], ["new", ":", ":", "Failure"]) || matches!(names[..], ["error"]) && before.len() == 1
}

/// Reads the sources in a folder, but those of tests and what is generated from the modules.
fn read(folder: &Path, said: &mut Said) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "tests" && name != "bindings" {
                read(&path, said);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let place = path.strip_prefix(root()).unwrap().display().to_string();
            let tokens = fs::read_to_string(&path).unwrap().parse();
            said.tokens(tokens.unwrap_or_else(|error| panic!("{place}: {error}")), false, &place);
        }
    }
}

fn said() -> Said {
    let mut said = Said::default();
    for name in CRATES {
        read(&root().join(name).join("src"), &mut said);
    }
    said
}

/// The highest number of an argument `$a0`, `$a1`... in a text, and one more; or the name of another.
fn arguments(pattern: &Pattern<&str>) -> Result<usize, String> {
    let mut count = 0;
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        let Expression::Inline(InlineExpression::VariableReference { id }) = expression else {
            continue;
        };
        let number = id
            .name
            .strip_prefix('a')
            .and_then(|number| number.parse::<usize>().ok());
        count = count.max(number.ok_or(id.name)? + 1);
    }
    Ok(count)
}

#[test]
fn every_answer_has_a_text_and_every_text_an_answer() {
    let said = said();
    let mut wrong = String::new();
    for place in &said.unreadable {
        writeln!(
            wrong,
            "{place} is no key `area.what` that can be read here; write it whole"
        )
        .unwrap();
    }
    for language in LANGUAGES {
        let file = format!("static_data/i18n/{language}/errors.ftl");
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let resource = fluent_syntax::parser::parse(text.as_str()).unwrap();
        let mut texts = BTreeMap::new();
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            texts.insert(message.id.name.to_owned(), message.value.as_ref().unwrap());
        }
        for (key, (given, place)) in &said.keys {
            let Some(text) = texts.remove(&key.replace('.', "-")) else {
                writeln!(wrong, "{place}: {key} has no text; add one to {file}").unwrap();
                continue;
            };
            match arguments(text) {
                Ok(used) if used <= *given => {}
                Ok(used) => writeln!(
                    wrong,
                    "{file}: {key} fills in {used} arguments, and {place} gives {given}"
                )
                .unwrap(),
                Err(name) => writeln!(wrong, "{file}: {key} fills in ${name}; arguments are $a0, $a1...").unwrap(),
            }
        }
        for name in texts.keys() {
            writeln!(wrong, "{file}: nobody answers {name}; remove it").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
