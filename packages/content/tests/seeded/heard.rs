//! Every rule has a mistake that it finds.

use super::*;

/// All fields whose content could be read.
const FIELDS: [&Field; 10] = [
    &bounds::BOUNDS,
    &columns::COLUMNS,
    &living::LIVING,
    &rounds::LATE,
    &rounds::NEVER,
    &rounds::ROUND,
    &rounds::SOON,
    &whole::WHOLE,
    &whole::DOORS,
    &work::WORK,
];

/// Sources of the rules.
fn sources(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, texts);
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let tokens: proc_macro2::TokenStream = fs::read_to_string(&path).unwrap().parse().unwrap();
        literals(tokens, &mut |text| texts.push((name.clone(), text)));
    }
}

/// What is said to be wrong, and after a semicolon what to do about it: the texts of mistakes, and of nothing else.
fn literals(tokens: proc_macro2::TokenStream, found: &mut impl FnMut(String)) {
    let mut is_doc = false;
    for tree in tokens {
        match tree {
            proc_macro2::TokenTree::Ident(ident) if ident == "doc" => is_doc = true,
            proc_macro2::TokenTree::Group(group) => literals(group.stream(), found),
            proc_macro2::TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                let text = text.filter(|text| text.contains("; ") && !is_doc);
                text.into_iter().for_each(|text| found(unbroken(text)));
            }
            _ => {}
        }
    }
}

/// A literal's text, without what only breaks its line.
fn unbroken(literal: &str) -> String {
    let mut parts = literal.split("\\\n");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start())
}

/// Whether a text is made from a format: its fixed parts come one after the other.
fn is_made_from(text: &str, format: &str) -> bool {
    let mut rest = text;
    let mut parts = format
        .split('{')
        .map(|part| part.split_once('}').map_or(part, |(_, fixed)| fixed));
    let begins = parts.next().is_some_and(|first| text.starts_with(first));
    begins
        && parts.all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
}

/// What only `--path-to` says, of no row.
const NO_MISTAKES: [&str; 1] = ["there is no item or cargo '{wanted}'; {}"];

#[test]
fn every_mistake_of_a_rule_is_planted_somewhere() {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules"), &mut texts);
    assert!(
        !texts.is_empty(),
        "no rule says anything; are their sources still in src/rules?"
    );
    let said: Vec<&String> = FIELDS.iter().flat_map(|field| field.check()).collect();
    texts.retain(|(_, format)| {
        !NO_MISTAKES.contains(&format.as_str()) && !said.iter().any(|text| is_made_from(text, format))
    });
    let unheard: Vec<String> = texts.iter().map(|(name, format)| format!("{name}: {format}")).collect();
    assert!(
        unheard.is_empty(),
        "plant a mistake for each of these:\n{}",
        unheard.join("\n")
    );
}
