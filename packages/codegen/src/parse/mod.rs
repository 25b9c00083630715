//! What the annotations say, as data. Shared by the macros and the generators so that both read them alike.

pub mod annotations;
pub mod facts;
pub mod handler;
pub mod knowledge;
pub mod reducer;
pub mod table;
mod table_arguments;

use proc_macro2::TokenStream;
use syn::meta::ParseNestedMeta;
use syn::parse::{Parse, Parser};
use syn::{Attribute, Ident, Meta};

/// The enum of all messages; `#[to(...)]` on its variants says where each goes.
pub const MESSAGE_CONTENTS: &str = "MessageContents";

/// The crates that SpacetimeDB's own attributes come from.
pub const SPACETIMEDB: [&str; 2] = ["spacetimedb", "spacetimedb_bindings_macro"];

/// Whether the last segment of the attribute's path is `name`.
pub fn is(attribute: &Attribute, name: &str) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == name)
}

/// Whether the attribute is written as one of SpacetimeDB's own.
pub fn is_spacetimedb(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .first()
        .is_some_and(|first| SPACETIMEDB.iter().any(|name| first.ident == name))
}

/// The first attribute called `name`.
pub fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| is(attribute, name))
}

/// The attribute called `name`; a second one is a mistake.
pub fn single<'a>(attributes: &'a [Attribute], name: &str) -> syn::Result<Option<&'a Attribute>> {
    let mut all = attributes.iter().filter(|attribute| is(attribute, name));
    let first = all.next();
    match all.next() {
        Some(second) => Err(syn::Error::new_spanned(
            second,
            format!("`#[{name}]` stands twice on this item; keep one"),
        )),
        None => Ok(first),
    }
}

/// Removes and returns the attribute called `name`; a second one is a mistake.
pub fn take(attributes: &mut Vec<Attribute>, name: &str) -> syn::Result<Option<Attribute>> {
    let found = single(attributes, name)?.cloned();
    attributes.retain(|attribute| !is(attribute, name));
    Ok(found)
}

/// Refuses arguments to an attribute that takes none.
pub fn without_arguments(attribute: &Attribute, name: &str) -> syn::Result<()> {
    match &attribute.meta {
        Meta::Path(_) => Ok(()),
        other => Err(syn::Error::new_spanned(
            other,
            format!("`#[{name}]` takes no arguments; remove them"),
        )),
    }
}

/// Parses what stands in the attribute's parentheses; without parentheses, nothing.
pub fn parse_arguments<P: Parser>(attribute: &Attribute, parser: P) -> syn::Result<P::Output> {
    match &attribute.meta {
        Meta::Path(_) => parser.parse2(TokenStream::new()),
        _ => attribute.parse_args_with(parser),
    }
}

/// Parses the value of `key = value`; the same key twice is a mistake.
pub fn set<T: Parse>(slot: &mut Option<T>, meta: &ParseNestedMeta) -> syn::Result<()> {
    match slot.replace(meta.value()?.parse()?) {
        Some(_) => Err(meta.error("stands twice; keep one")),
        None => Ok(()),
    }
}

/// Refuses what is no snake_case name: other identifiers, files and what clients call are made from it.
pub fn snake_case(ident: &Ident, what: &str) -> syn::Result<()> {
    let text = ident.to_string();
    let letters = text
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
    if letters && starts && !text.ends_with('_') && !text.contains("__") {
        return Ok(());
    }
    Err(syn::Error::new(
        ident.span(),
        format!("`{text}` is no name for {what}: write lower case letters, digits and single `_`, e.g. `player_state`"),
    ))
}
