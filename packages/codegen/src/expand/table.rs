//! `#[table(region | global, name = ..., ...)]`: a database table where it lives, a plain type elsewhere.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, ToTokens};
use syn::{parse_quote, Attribute, Fields, Item, ItemStruct};

use super::{item_as, or_error, shared_table as shared};
use crate::parse::facts::FieldFacts;
use crate::parse::table::TableDecl;
use crate::parse::{is, take, MESSAGE_CONTENTS};

/// Field attributes that only a database table understands.
pub const COLUMN_ATTRIBUTES: [&str; 4] = ["primary_key", "auto_inc", "unique", "index"];

/// Field attributes that only the checks of content read.
pub const CONTENT_ATTRIBUTES: [&str; 5] = ["references", "range", "length", "localized", "distinct"];

/// Expands `#[table]`.
pub fn table(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand(&parse_quote!(#[table(#arguments)]), item.clone()))
}

/// Expands `#[shared_table]`.
pub fn shared_table(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand(&parse_quote!(#[shared_table(#arguments)]), item.clone()))
}

/// Expands `#[sats_type]`: a struct or enum that rows and messages are made of. Takes `#[to(...)]` off the variants of
/// `MessageContents`, which only the generated dispatch reads.
pub fn sats_type(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand_sats_type(&arguments, item.clone()))
}

fn expand_sats_type(arguments: &TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(syn::Error::new_spanned(
            arguments,
            "`#[sats_type]` takes no arguments; remove them",
        ));
    }
    match syn::parse2(item)? {
        Item::Struct(mut item) => {
            of_type(&item.fields)?;
            strip(&mut item.fields, &CONTENT_ATTRIBUTES);
            Ok(derived(&item))
        }
        Item::Enum(mut item) => {
            for variant in &mut item.variants {
                of_type(&variant.fields)?;
                strip(&mut variant.fields, &CONTENT_ATTRIBUTES);
                let to = take(&mut variant.attrs, "to")?;
                if let (Some(to), false) = (to, item.ident == MESSAGE_CONTENTS) {
                    let message = format!("only variants of `{MESSAGE_CONTENTS}` go somewhere; remove this");
                    return Err(syn::Error::new_spanned(to, message));
                }
            }
            Ok(derived(&item))
        }
        other => Err(syn::Error::new_spanned(
            other,
            "`#[sats_type]` is for structs and enums",
        )),
    }
}

/// Refuses wrong annotations on the fields of a type.
fn of_type(fields: &Fields) -> syn::Result<()> {
    fields
        .iter()
        .try_for_each(|field| FieldFacts::of(field)?.refuse_of_columns())
}

fn strip(fields: &mut Fields, names: &[&str]) {
    for field in fields {
        field
            .attrs
            .retain(|attribute| !names.iter().any(|name| is(attribute, name)));
    }
}

fn derived(item: &impl ToTokens) -> TokenStream {
    quote! {
        #[derive(Clone, Debug, PartialEq, ::spacetimedb_bindings_macro::SpacetimeType)]
        #[sats(crate = ::spacetimedb_lib)]
        #item
    }
}

fn expand(attribute: &Attribute, item: TokenStream) -> syn::Result<TokenStream> {
    let mut item: ItemStruct = item_as(item, "table", "struct")?;
    let decl = TableDecl::parse(attribute, &mut item)?;
    strip(&mut item.fields, &CONTENT_ATTRIBUTES);
    if let Some(declared) = &decl.shared {
        return Ok(shared::expand(&decl, declared, &item));
    }
    let features = decl.homes.iter().map(|home| home.feature());
    let condition = quote!(any(#(feature = #features),*));
    let as_table = as_table(&decl, &item);
    let plain = plain(&item);
    Ok(quote! {
        #[cfg(#condition)]
        #as_table
        #[cfg(not(#condition))]
        #plain
    })
}

/// The struct as one or two SpacetimeDB tables; with `#[event_table]`, with the reducer that ends the event.
pub fn as_table(decl: &TableDecl, item: &ItemStruct) -> TokenStream {
    let arguments = &decl.arguments;
    let twin = decl.content_key.is_some().then(|| {
        let name = format_ident!("staged_{}", decl.name);
        quote!(#[::spacetimedb::table(name = #name, private)])
    });
    let (scheduled, expiry) = if decl.event {
        let reducer = format_ident!("expire_{}", decl.name);
        (quote!(, scheduled(#reducer)), expiry(decl, &reducer))
    } else {
        (quote!(), quote!())
    };
    // A glob import brings all features of the crate into scope of the item, the reducer's among them.
    quote! {
        #[::spacetimedb::table(#arguments #scheduled)]
        #twin
        #[derive(Clone, Debug, PartialEq)]
        #item
        #expiry
    }
}

fn expiry(decl: &TableDecl, reducer: &syn::Ident) -> TokenStream {
    let row = &decl.ident;
    let feature = decl.homes.iter().map(|home| home.feature());
    let doc = format!(
        "Ends a `{}`: the row is due at once, so that clients see one insert and one delete.",
        decl.name
    );
    quote! {
        #[cfg(any(#(feature = #feature),*))]
        #[doc = #doc]
        ///
        /// # Errors
        /// `access.scheduler` for any caller but the scheduler.
        #[::spacetimedb::reducer]
        pub fn #reducer(ctx: &::spacetimedb::ReducerContext, _row: #row) -> ::core::result::Result<(), &'static str> {
            if ctx.sender == ctx.identity() { Ok(()) } else { Err("access.scheduler") }
        }
    }
}

/// The struct as a plain SATS type.
pub fn plain(item: &ItemStruct) -> TokenStream {
    let mut item = item.clone();
    strip(&mut item.fields, &COLUMN_ATTRIBUTES);
    derived(&item)
}
