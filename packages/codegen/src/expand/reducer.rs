//! `#[reducer]` with `#[access]`, `#[feature_gate]` and `#[shared_table_reducer]` below it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{parse_quote, Ident, ItemFn, ReturnType};

use super::{item_as, or_error};
use crate::parse::reducer::{Parameter, ReducerDecl, Signature};

/// Expands `#[reducer]`: the checks in a fixed order (access, gate), the function itself, then the shared tables'
/// message.
pub fn reducer(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand(arguments, item.clone()))
}

fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut function: ItemFn = item_as(item, "reducer", "function")?;
    let decl = ReducerDecl::parse(&parse_quote!(#[reducer(#arguments)]), &mut function)?;
    let access = &decl.access;
    let checks = match &decl.signature.player {
        Some(player) => {
            let player = &player.ident;
            quote!(let #player = ::hexmarch_base::access::signed_in_player(ctx)?;)
        }
        None => quote!(::hexmarch_base::access::check(ctx, ::hexmarch_base::access::Access::#access)?;),
    };
    let gate = decl.gate.as_ref().map(|category| {
        let name = function.sig.ident.to_string();
        quote!(::hexmarch_base::feature_gate::check(ctx, #name, #category)?;)
    });
    Ok(wrapped(
        &function,
        &decl.signature,
        decl.lifecycle.as_ref(),
        quote!(#checks #gate),
    ))
}

/// A SpacetimeDB reducer of the same name that runs `before`, then the function with what it asked for.
pub fn wrapped(
    function: &ItemFn,
    signature: &Signature,
    lifecycle: Option<&Ident>,
    before: TokenStream,
) -> TokenStream {
    let (attributes, visibility, name) = (&function.attrs, &function.vis, &function.sig.ident);
    let rest = signature.rest.iter().map(|Parameter { ident, typed }| {
        let ty = &typed.ty;
        quote!(#ident: #ty)
    });
    let call = call(function, signature, &body_name());
    let body = body(function, &body_name());
    let lifecycle = lifecycle.map(|word| quote!((#word)));
    quote! {
        #(#attributes)*
        #[::spacetimedb::reducer #lifecycle]
        #visibility fn #name(
            ctx: &::spacetimedb::ReducerContext, #(#rest),*
        ) -> ::core::result::Result<(), ::hexmarch_base::Failure> {
            #body
            #before
            #call
        }
    }
}

fn body_name() -> Ident {
    Ident::new("__body", Span::call_site())
}

/// The function as written, under another name.
pub fn body(function: &ItemFn, name: &Ident) -> TokenStream {
    let (inputs, output, block) = (&function.sig.inputs, &function.sig.output, &function.block);
    quote!(#[inline(always)] fn #name(#inputs) #output #block)
}

/// Calls `name` with the parameters in the order in which the function declares them, and finishes the shared
/// transaction if there is one.
pub fn call(function: &ItemFn, signature: &Signature, name: &Ident) -> TokenStream {
    let order = function
        .sig
        .inputs
        .iter()
        .skip(1)
        .filter_map(|argument| match argument {
            syn::FnArg::Typed(typed) => match &*typed.pat {
                syn::Pat::Ident(pattern) => Some(&pattern.ident),
                _ => None,
            },
            syn::FnArg::Receiver(_) => None,
        });
    // What the function returns is compared here, so the return type is the place to show.
    let span = match &function.sig.output {
        ReturnType::Type(_, ty) => ty.span(),
        ReturnType::Default => function.sig.ident.span(),
    };
    let span = span.resolved_at(Span::call_site());
    let name = Ident::new(&name.to_string(), span);
    match &signature.shared {
        None => quote_spanned!(span=> #name(ctx, #(#order),*)),
        Some(shared) => {
            let shared = &shared.ident;
            let call = quote_spanned!(span=> #name(ctx, #(#order),*)?;);
            quote! {
                let mut __transaction = ::hexmarch_base::shared::SharedTransaction::begin(ctx);
                {
                    let #shared = &mut __transaction;
                    #call
                }
                __transaction.finish()
            }
        }
    }
}
