//! `#[timer(name = ..., reducer = ...)]`: rows that call a reducer once, when due.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::{parse_quote, Field, Fields, ItemStruct};

use super::{item_as, or_error};
use crate::parse::reducer::TimerArguments;

/// Expands `#[timer]`: adds the two columns that the scheduler needs in front of the declared ones.
pub fn timer(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand(arguments, item.clone()))
}

fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut item: ItemStruct = item_as(item, "timer", "struct")?;
    let TimerArguments { name, reducer } = TimerArguments::parse(&parse_quote!(#[timer(#arguments)]))?;
    let Fields::Named(fields) = &mut item.fields else {
        return Err(syn::Error::new(
            item.ident.span(),
            "a timer is a struct with named columns",
        ));
    };
    let id = Field::parse_named.parse2(quote! {
        /// Key.
        #[primary_key] #[auto_inc] pub scheduled_id: u64
    })?;
    let at = Field::parse_named.parse2(quote! {
        /// When it is due.
        pub scheduled_at: ::spacetimedb::ScheduleAt
    })?;
    fields.named.insert(0, at);
    fields.named.insert(0, id);
    Ok(quote! {
        #[::spacetimedb::table(name = #name, scheduled(#reducer))]
        #item
    })
}
