//! `#[inbox(Variant)]` and `#[outcome(Variant)]`: handlers that the generated dispatch finds by their annotation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{parse_quote, ItemFn};

use super::{item_as, or_error};
use crate::parse::handler::{Handler, HandlerKind};

/// Expands `#[inbox]`: the function as written.
pub fn inbox(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand(HandlerKind::Inbox, &arguments, &item))
}

/// Expands `#[outcome]`: the function as written.
pub fn outcome(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand(HandlerKind::Outcome, &arguments, &item))
}

fn expand(kind: HandlerKind, arguments: &TokenStream, item: &TokenStream) -> syn::Result<TokenStream> {
    let function: ItemFn = item_as(item.clone(), kind.name(), "function")?;
    let attribute = match kind {
        HandlerKind::Inbox => parse_quote!(#[inbox(#arguments)]),
        HandlerKind::Outcome => parse_quote!(#[outcome(#arguments)]),
    };
    Handler::parse(kind, &attribute, &function)?;
    Ok(quote!(#item))
}
