//! `ReplaceKeys` of every live row that holds keys of content, and of what it is made of.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::types::{Body, FieldDecl, TypeDecl, Types};
use super::Table;
use crate::parse::facts::{leaf, KNOWLEDGE_ENTRY};

/// Types of keys that can have a successor.
const REPLACED: [&str; 2] = ["i32", KNOWLEDGE_ENTRY];

pub(super) fn generate(types: &Types, tables: &[Table]) -> TokenStream {
    let (holders, with_references) = (types.holders(tables), types.with_references());
    let parts = types.parts_of(|decl| holders.contains(&decl.ident.to_string()));
    let is_replaced = |field: &FieldDecl| leaf(&field.ty).is_some_and(|name| with_references.contains(&name));
    let impls = types
        .iter()
        .filter(|decl| {
            let name = decl.ident.to_string();
            parts.contains(&name) && with_references.contains(&name)
        })
        .map(|decl| of_type(decl, &is_replaced));
    quote!(#(#impls)*)
}

fn of_type(decl: &TypeDecl, is_nested: &dyn Fn(&FieldDecl) -> bool) -> TokenStream {
    let path = &decl.path;
    let body = match &decl.body {
        Body::Struct(fields) => {
            let fields = fields.iter().filter_map(|field| {
                let ident = field.ident.as_ref()?;
                of_value(field, is_nested, &quote!(&mut self.#ident))
            });
            quote!(#(replaced |= #fields;)*)
        }
        Body::Enum(variants) => {
            let arms = variants.iter().map(|(variant, fields)| {
                let bound: Vec<_> = (0..fields.len()).map(|index| format_ident!("value_{index}")).collect();
                let told: Vec<TokenStream> = fields
                    .iter()
                    .zip(&bound)
                    .filter_map(|(field, value)| {
                        of_value(field, is_nested, &quote!(value)).map(|told| quote!({ let value = #value; #told }))
                    })
                    .collect();
                let pattern = match fields.first().map(|field| field.ident.is_some()) {
                    None => quote!(Self::#variant),
                    Some(true) => {
                        let names = fields.iter().filter_map(|field| field.ident.as_ref());
                        quote!(Self::#variant { #(#names: #bound),* })
                    }
                    Some(false) => quote!(Self::#variant(#(#bound),*)),
                };
                quote!(#[allow(unused_variables)] #pattern => { #(replaced |= #told;)* })
            });
            quote!(match self { #(#arms)* })
        }
    };
    quote! {
        impl crate::static_data::ReplaceKeys for #path {
            fn replace_keys(&mut self, successor: &crate::static_data::SuccessorOf<'_>) -> bool {
                let mut replaced = false;
                #body
                replaced
            }
        }
    }
}

fn of_value(field: &FieldDecl, is_nested: &dyn Fn(&FieldDecl) -> bool, value: &TokenStream) -> Option<TokenStream> {
    if is_nested(field) {
        return Some(quote!(crate::static_data::ReplaceKeys::replace_keys(#value, successor)));
    }
    let table = field.facts.references.as_ref()?.to_string();
    let is_replaced = leaf(&field.ty).is_some_and(|name| REPLACED.contains(&name.as_str()));
    is_replaced.then(|| quote!(crate::static_data::ReplaceKey::replace_key(#value, #table, successor)))
}
