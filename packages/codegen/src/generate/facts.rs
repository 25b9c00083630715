//! `Facts` of every row and type that content is checked by, and what the annotations say across tables.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Expr, Type};

use super::types::{Body, FieldDecl, TypeDecl, Types};
use super::Table;
use crate::parse::facts::{is_float, leaf, shape, Bounds, FieldFacts, Shape, KNOWLEDGE_ENTRY};
use crate::source::Mistakes;

/// References name content tables, and are of the type of their key; what is derived has a source.
pub(super) fn check(types: &Types, tables: &[Table]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let content_key = |name: &Ident| {
        let found = tables.iter().find(|table| table.decl.name == *name);
        let table = found.ok_or_else(|| syn::Error::new(name.span(), format!("there is no table `{name}`")))?;
        table.decl.content_key.as_ref().ok_or_else(|| {
            let message =
                format!("`{name}` is no content table: references are to tables with `#[static_data_staging_table]`");
            syn::Error::new(name.span(), message)
        })
    };
    let reference = |field: &FieldDecl, name: &Ident| {
        let key = content_key(name)?;
        let (key, own) = (leaf(&key.ty).unwrap_or_default(), leaf(&field.ty).unwrap_or_default());
        if own == key || own == KNOWLEDGE_ENTRY && key == "i32" {
            return Ok(());
        }
        let message = format!("keys of `{name}` are of type `{key}`, and this is `{own}`");
        Err(syn::Error::new_spanned(&field.ty, message))
    };
    for decl in types.iter() {
        for field in decl.body.fields() {
            let checked = field.facts.references.as_ref().map(|name| reference(field, name));
            if let Some(Err(error)) = checked {
                mistakes.push(&decl.file.path, &error);
            }
        }
    }
    let holders = types.holders(tables);
    for table in tables {
        if table.decl.shared.is_some() && holders.contains(&table.decl.ident.to_string()) {
            let message =
                "keys of content in shared tables cannot be replaced when they are gone; keep them in a `#[table]`";
            mistakes.push_span(&table.file.path, table.decl.ident.span(), message.to_string());
        }
        if let Some(Err(error)) = table.decl.derived_from.as_ref().map(content_key) {
            mistakes.push(&table.file.path, &error);
        }
    }
    mistakes
}

/// `impl Facts` for each type that has some, and for each row of content.
pub(super) fn generate(types: &Types) -> TokenStream {
    let told = types
        .iter()
        .filter(|decl| decl.is_content || types.has_facts(&decl.ident.to_string()));
    let impls = told.map(|decl| of_type(types, decl));
    quote!(#(#impls)*)
}

fn of_type(types: &Types, decl: &TypeDecl) -> TokenStream {
    let path = &decl.path;
    let body = match &decl.body {
        Body::Struct(fields) => {
            let fields: Vec<TokenStream> = fields.iter().filter_map(|field| of_column(types, field)).collect();
            quote!(#(#fields)*)
        }
        Body::Enum(variants) => of_variants(types, variants),
    };
    let (at, visitor) = if body.is_empty() {
        (quote!(_), quote!(_))
    } else {
        (quote!(at), quote!(visitor))
    };
    quote! {
        impl crate::static_data::Facts for #path {
            fn facts(&self, #at: &crate::static_data::At<'_>, #visitor: &mut dyn crate::static_data::FactVisitor) {
                #body
            }
        }
    }
}

fn of_column(types: &Types, field: &FieldDecl) -> Option<TokenStream> {
    let ident = field.ident.as_ref()?;
    let name = ident.to_string();
    let told = of_value(types, &field.ty, &field.facts)?;
    Some(quote! {
        {
            let (at, value) = (&crate::static_data::At::Field(at, #name), &self.#ident);
            #told
        }
    })
}

/// A variant is a field of its enum; what is in it, its fields, or itself when there is but one without a name.
fn of_variants(types: &Types, variants: &[(Ident, Vec<FieldDecl>)]) -> TokenStream {
    let arms: Vec<[TokenStream; 2]> = variants
        .iter()
        .filter_map(|(variant, fields)| of_variant(types, variant, fields))
        .collect();
    match arms.as_slice() {
        [] => TokenStream::new(),
        [[pattern, told]] if variants.len() > 1 => quote!(if let #pattern = self { #told }),
        _ => {
            let rest = (arms.len() < variants.len()).then(|| quote!(_ => {}));
            let arms = arms.iter().map(|[pattern, told]| quote!(#pattern => { #told }));
            quote!(match self { #(#arms)* #rest })
        }
    }
}

/// The pattern of a variant, and what it tells; `None` for nothing.
fn of_variant(types: &Types, variant: &Ident, fields: &[FieldDecl]) -> Option<[TokenStream; 2]> {
    let name = variant.to_string();
    let (mut patterns, mut told) = (Vec::new(), Vec::new());
    for (index, field) in fields.iter().enumerate() {
        let Some(facts) = of_value(types, &field.ty, &field.facts) else {
            if field.ident.is_none() {
                patterns.push(quote!(_));
            }
            continue;
        };
        let bound = format_ident!("value_{index}");
        let (pattern, at) = match &field.ident {
            Some(ident) => {
                let name = ident.to_string();
                (
                    quote!(#ident: #bound),
                    quote!(&crate::static_data::At::Field(at, #name)),
                )
            }
            None if fields.len() == 1 => (quote!(#bound), quote!(at)),
            None => (quote!(#bound), quote!(&crate::static_data::At::Index(at, #index))),
        };
        patterns.push(pattern);
        told.push(quote!({ let (at, value) = (#at, #bound); #facts }));
    }
    if told.is_empty() {
        return None;
    }
    let pattern = match fields.first().map(|field| field.ident.is_some()) {
        Some(true) => quote!(Self::#variant { #(#patterns,)* .. }),
        _ => quote!(Self::#variant(#(#patterns),*)),
    };
    let told = quote! {
        let at = &crate::static_data::At::Field(at, #name);
        #(#told)*
    };
    Some([pattern, told])
}

/// What `value` at `at` tells the visitor, `None` for nothing.
fn of_value(types: &Types, ty: &Type, facts: &FieldFacts) -> Option<TokenStream> {
    let distinct = facts.distinct.as_ref().map(|_| quote!(visitor.distinct(at, value);));
    let told = match shape(ty) {
        Shape::Optional(inner) => {
            let told = of_value(types, inner, &of_element(facts, facts.length.clone()));
            told.map(|told| quote!(if let Some(value) = value { #told }))
        }
        Shape::Many(inner) => {
            let length = facts.length.as_ref().map(|bounds| length(bounds, &quote!(value.len())));
            let elements = of_value(types, inner, &of_element(facts, None)).map(|told| {
                quote! {
                    for (index, value) in value.iter().enumerate() {
                        let at = &crate::static_data::At::Index(at, index);
                        #told
                    }
                }
            });
            (length.is_some() || elements.is_some()).then(|| quote!(#length #elements))
        }
        Shape::One(name) => of_leaf(types, &name, facts),
        Shape::Other => None,
    };
    (distinct.is_some() || told.is_some()).then(|| quote!(#distinct #told))
}

/// What an annotation on a list or option says of what is in it.
fn of_element(facts: &FieldFacts, length: Option<Bounds>) -> FieldFacts {
    FieldFacts {
        length,
        distinct: None,
        ..facts.clone()
    }
}

fn of_leaf(types: &Types, name: &str, facts: &FieldFacts) -> Option<TokenStream> {
    let mut told = Vec::new();
    if let Some(bounds) = &facts.length {
        told.push(length(bounds, &quote!(value.chars().count())));
    }
    if facts.localized.is_some() {
        told.push(quote!(visitor.localized(at, value);));
    }
    match &facts.range {
        Some(Bounds { low, high }) => told.push(range(low, high)),
        None if is_float(name) => {
            let name = format_ident!("{name}");
            told.push(range(&syn::parse_quote!(#name::MIN), &syn::parse_quote!(#name::MAX)));
        }
        None => {}
    }
    if let Some(table) = &facts.references {
        let table = table.to_string();
        told.push(quote!(visitor.reference(at, #table, crate::static_data::AsKey::as_key(value));));
    }
    if types.has_facts(name) {
        told.push(quote!(crate::static_data::Facts::facts(value, at, visitor);));
    }
    (!told.is_empty()).then(|| quote!(#(#told)*))
}

fn length(Bounds { low, high }: &Bounds, counted: &TokenStream) -> TokenStream {
    quote!(crate::static_data::check_length(at, visitor, #counted, #low, #high);)
}

fn range(low: &Expr, high: &Expr) -> TokenStream {
    quote!(crate::static_data::check_range(at, visitor, value, #low, #high);)
}
