//! Prints the text that is generated for a crate of this workspace; `scripts/expand` is the way to call it.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::{Path, PathBuf};

use hexmarch_codegen::{expand, generate, Home, SourceFile, Sources};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, File, Item, Meta};

const HELP: &str = "\
Prints the text that is generated for a crate, as its build.rs writes it into OUT_DIR.

  scripts/expand [messages|base|game|global_module] [--attributes]

Without a name: all crates, one after the other. --attributes prints what each annotated item of the crate's sources
expands to instead. `base` has no build.rs that generates: its attributes are all there is.";

const CRATES: [&str; 4] = ["messages", "base", "game", "global_module"];

type Expand = fn(TokenStream, TokenStream) -> TokenStream;

const ATTRIBUTES: [(&str, Expand); 8] = [
    ("table", expand::table),
    ("shared_table", expand::shared_table),
    ("sats_type", expand::sats_type),
    ("reducer", expand::reducer),
    ("agent", expand::agent),
    ("timer", expand::timer),
    ("inbox", expand::inbox),
    ("outcome", expand::outcome),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut names = Vec::new();
    let mut attributes = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(());
            }
            "--attributes" => attributes = true,
            name if CRATES.contains(&name) => names.push(name.to_string()),
            other => return Err(format!("unknown argument `{other}`; see scripts/expand --help").into()),
        }
    }
    if names.is_empty() {
        names = CRATES.map(String::from).to_vec();
    }
    for name in names {
        let text = if attributes || name == "base" {
            attributes_of(&name)?
        } else {
            generated(&name)?
        };
        println!("{text}");
    }
    Ok(())
}

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(name).join("src")
}

fn generated(name: &str) -> Result<String, Box<dyn Error>> {
    let messages = Sources::read(&root("messages"))?;
    let module = |home| {
        let root = root(name);
        Ok(generate::module(home, &messages, &Sources::read(&root)?, &root)?)
    };
    match name {
        "game" => module(Home::Region),
        "global_module" => module(Home::Global),
        _ => Ok(generate::messages(&messages)?),
    }
}

fn attributes_of(name: &str) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for SourceFile { path, syntax, .. } in &Sources::read(&root(name))?.files {
        let mut expanded = TokenStream::new();
        for item in &syntax.items {
            expanded.extend(expansion(item));
        }
        if !expanded.is_empty() {
            let items = prettyplease::unparse(&syn::parse2::<File>(expanded)?);
            text += &format!("// {}\n\n{items}\n", path.display());
        }
    }
    Ok(text)
}

/// What an item becomes, `None` when none of our attributes stands on it.
fn expansion(item: &Item) -> Option<TokenStream> {
    let mut item = item.clone();
    let attributes: &mut Vec<Attribute> = match &mut item {
        Item::Fn(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        _ => return None,
    };
    let (index, expand) = attributes.iter().enumerate().find_map(|(index, attribute)| {
        let (_, expand) = ATTRIBUTES.iter().find(|(name, _)| attribute.path().is_ident(name))?;
        Some((index, expand))
    })?;
    let arguments = match attributes.remove(index).meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    Some(expand(arguments, item.into_token_stream()))
}
