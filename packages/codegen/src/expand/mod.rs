//! What each attribute expands to. One file an attribute; all take and return `proc_macro2` tokens, so that tests
//! need no compiler.

mod agent;
mod message;
mod reducer;
mod shared_table;
mod table;
mod timer;

pub use agent::{agent, constant as agent_constant};
pub use message::{inbox, outcome};
pub use reducer::reducer;
pub use table::{sats_type, shared_table, table};
pub use timer::timer;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::Parse;
use syn::{parse_quote, Attribute, Item};

use crate::parse::annotations::TABLE_ANNOTATIONS;
use crate::parse::is;
use crate::parse::reducer::REDUCER_ANNOTATIONS;

/// The item as what the attribute is for, `kind` in messages.
fn item_as<T: Parse>(item: TokenStream, attribute: &str, kind: &str) -> syn::Result<T> {
    syn::parse2(item.clone()).map_err(|error| match syn::parse2::<Item>(item) {
        Ok(other) => syn::Error::new_spanned(other, format!("`#[{attribute}]` is for a {kind}")),
        Err(_) => error,
    })
}

/// The expansion, or the item without our annotations together with the error: an editor still understands the file,
/// and the error is the only one.
fn or_error(item: &TokenStream, expanded: syn::Result<TokenStream>) -> TokenStream {
    expanded.unwrap_or_else(|error| {
        let error = error.into_compile_error();
        let item = without_annotations(item);
        quote!(#error #item)
    })
}

fn without_annotations(item: &TokenStream) -> TokenStream {
    let ours = |attribute: &Attribute| {
        TABLE_ANNOTATIONS
            .iter()
            .chain(&REDUCER_ANNOTATIONS)
            .chain(&table::COLUMN_ATTRIBUTES)
            .chain(&table::CONTENT_ATTRIBUTES)
            .any(|name| is(attribute, name))
    };
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Fn(mut function)) => {
            function.attrs.retain(|attribute| !ours(attribute));
            quote!(#function)
        }
        Ok(Item::Struct(mut row)) => {
            row.attrs.retain(|attribute| !ours(attribute));
            row.fields
                .iter_mut()
                .for_each(|field| field.attrs.retain(|attribute| !ours(attribute)));
            quote!(#row)
        }
        Ok(Item::Enum(mut messages)) => {
            for variant in &mut messages.variants {
                variant.attrs.retain(|attribute| !is(attribute, "to"));
                variant
                    .fields
                    .iter_mut()
                    .for_each(|field| field.attrs.retain(|attribute| !ours(attribute)));
            }
            quote!(#messages)
        }
        _ => item.clone(),
    }
}

/// For an annotation that only means something below another attribute. If that stands further down, it gets to read
/// the annotation all the same, so that the place is the only error.
pub fn misplaced(name: &str, below: &str, arguments: &TokenStream, item: TokenStream) -> TokenStream {
    let message = format!("`#[{name}]` must stand below `#[{below}]`, which reads it");
    let moved = moved_below(name, below, arguments, &item).unwrap_or(item);
    quote!(::core::compile_error!(#message); #moved)
}

fn moved_below(name: &str, below: &str, arguments: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let mut item: Item = syn::parse2(item.clone()).ok()?;
    let attributes = match &mut item {
        Item::Fn(function) => &mut function.attrs,
        Item::Struct(row) => &mut row.attrs,
        _ => return None,
    };
    let place = attributes.iter().position(|attribute| is(attribute, below))?;
    let name = format_ident!("{name}");
    let annotation: Attribute = if arguments.is_empty() {
        parse_quote!(#[#name])
    } else {
        parse_quote!(#[#name(#arguments)])
    };
    attributes.insert(place + 1, annotation);
    Some(quote!(#item))
}
