//! Every type that rows are made of, as the sources declare it, and which of them content is checked by.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, Ident, Item, ItemEnum, ItemStruct, Type};

use super::{check, module_path, Table};
use crate::parse::facts::{is_float, leaf, FieldFacts};
use crate::parse::{find, MESSAGE_CONTENTS};
use crate::source::{Mistakes, SourceFile, Sources};

/// A field of a type, or of a variant.
pub(super) struct FieldDecl {
    /// None in a tuple.
    pub ident: Option<Ident>,
    pub ty: Type,
    pub facts: FieldFacts,
}

/// What a type is made of.
pub(super) enum Body {
    Struct(Vec<FieldDecl>),
    Enum(Vec<(Ident, Vec<FieldDecl>)>),
}

impl Body {
    pub fn fields(&self) -> Box<dyn Iterator<Item = &FieldDecl> + '_> {
        match self {
            Self::Struct(fields) => Box::new(fields.iter()),
            Self::Enum(variants) => Box::new(variants.iter().flat_map(|(_, fields)| fields)),
        }
    }
}

/// A row type or a `#[sats_type]`.
pub(super) struct TypeDecl<'a> {
    pub file: &'a SourceFile,
    pub ident: &'a Ident,
    /// Its path below the crate.
    pub path: TokenStream,
    pub body: Body,
    /// Whether it is the row of a content table.
    pub is_content: bool,
}

/// All types by name.
#[derive(Default)]
pub(super) struct Types<'a> {
    by_name: BTreeMap<String, TypeDecl<'a>>,
    /// Names of those that say something of their values.
    with_facts: BTreeSet<String>,
}

impl<'a> Types<'a> {
    /// Reads them.
    ///
    /// # Errors
    /// Each annotation of a field that is wrong, each name that is given twice.
    pub fn of(sources: &'a Sources, tables: &[Table]) -> Result<Self, Mistakes> {
        let mut mistakes = Mistakes::default();
        let mut all = Vec::new();
        for file in &sources.files {
            for item in &file.syntax.items {
                match declared(file, item, tables) {
                    Some(Ok(decl)) => all.push(decl),
                    Some(Err(error)) => mistakes.push(&file.path, &error),
                    None => {}
                }
            }
        }
        mistakes.append(check::types(all.iter().map(|decl| (decl.file, decl.ident))));
        let mut types = Self {
            by_name: all.into_iter().map(|decl| (decl.ident.to_string(), decl)).collect(),
            with_facts: BTreeSet::new(),
        };
        let in_content = types.parts_of(|decl| decl.is_content);
        let floats = types.reaching(|field| leaf(&field.ty).is_some_and(|name| is_float(&name)));
        types.with_facts = types.reaching(|field| !field.facts.is_empty());
        types.with_facts.extend(floats.intersection(&in_content).cloned());
        mistakes.finish().map(|()| types)
    }

    /// Names of the types of which values hold keys of content.
    pub fn with_references(&self) -> BTreeSet<String> {
        self.reaching(|field| field.facts.references.is_some())
    }

    /// Names of the row types that hold keys of content while people play. Messages do not count: what they hold is
    /// looked at when it arrives.
    pub fn holders(&self, tables: &[Table]) -> BTreeSet<String> {
        let with_references = self.with_references();
        let messages = self.reaching(|field| leaf(&field.ty).is_some_and(|name| name == MESSAGE_CONTENTS));
        let is_live = |table: &&Table| table.decl.content_key.is_none() && !table.decl.event;
        let names = tables.iter().filter(is_live).map(|table| table.decl.ident.to_string());
        names
            .filter(|name| with_references.contains(name) && !messages.contains(name))
            .collect()
    }

    /// In the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &TypeDecl<'a>> {
        self.by_name.values()
    }

    /// Whether a value of the type has something to tell of itself.
    pub fn has_facts(&self, name: &str) -> bool {
        self.with_facts.contains(name)
    }

    /// Names of the types for which `test` is true, and of all that they are made of.
    pub fn parts_of(&self, test: impl Fn(&TypeDecl) -> bool) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let rows = self.iter().filter(|decl| test(decl));
        let mut next: Vec<String> = rows.map(|decl| decl.ident.to_string()).collect();
        while let Some(name) = next.pop() {
            if let Some(decl) = self.by_name.get(&name) {
                next.extend(
                    decl.body
                        .fields()
                        .filter_map(|field| leaf(&field.ty))
                        .filter(|leaf| !found.contains(leaf)),
                );
                found.insert(name);
            }
        }
        found
    }

    /// Names of the types with a field of which `test` is true, at any depth.
    pub fn reaching(&self, test: impl Fn(&FieldDecl) -> bool) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        loop {
            let reaches = |field: &FieldDecl| test(field) || leaf(&field.ty).is_some_and(|name| found.contains(&name));
            let more: Vec<String> = self
                .by_name
                .iter()
                .filter(|(name, decl)| !found.contains(*name) && decl.body.fields().any(reaches))
                .map(|(name, _)| name.clone())
                .collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }
}

fn declared<'a>(file: &'a SourceFile, item: &'a Item, tables: &[Table]) -> Option<syn::Result<TypeDecl<'a>>> {
    let (attributes, ident) = match item {
        Item::Struct(ItemStruct { attrs, ident, .. }) | Item::Enum(ItemEnum { attrs, ident, .. }) => (attrs, ident),
        _ => return None,
    };
    let table = tables.iter().find(|table| table.decl.ident == *ident);
    if table.is_none() && find(attributes, "sats_type").is_none() {
        return None;
    }
    let body = match item {
        Item::Struct(item) => fields(&item.fields).map(Body::Struct),
        Item::Enum(item) => item
            .variants
            .iter()
            .map(|variant| fields(&variant.fields).map(|fields| (variant.ident.clone(), fields)))
            .collect::<syn::Result<_>>()
            .map(Body::Enum),
        _ => return None,
    };
    let is_content = table.is_some_and(|table| table.decl.content_key.is_some());
    let check = |body: Body| {
        if table.is_none() {
            body.fields().try_for_each(|field| field.facts.refuse_of_columns())?;
        }
        let module = module_path(&file.module);
        Ok(TypeDecl {
            file,
            ident,
            path: quote!(crate::#module #ident),
            body,
            is_content,
        })
    };
    Some(body.and_then(check))
}

fn fields(fields: &Fields) -> syn::Result<Vec<FieldDecl>> {
    let field = |field: &syn::Field| {
        Ok(FieldDecl {
            ident: field.ident.clone(),
            ty: field.ty.clone(),
            facts: FieldFacts::of(field)?,
        })
    };
    fields.iter().map(field).collect()
}
