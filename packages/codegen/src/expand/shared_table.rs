//! `#[shared_table(owner = ..., name = ...)]`: one owner, replicas elsewhere.
//!
//! The SpacetimeDB table stands in a private module, so that its accessor with `insert` and `delete` cannot be named
//! outside. What can be named: reads, by an accessor trait of the same name; writes, by `OwnedRow`, implemented in
//! the owner's module only; and `replica_*` for what arrives by message.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemStruct;

use super::table::{as_table, plain};
use crate::parse::table::{Column, Replicas, Shared, TableDecl};

/// The struct as a table that the modules read, and that the owner's module alone writes.
pub fn expand(decl: &TableDecl, shared: &Shared, item: &ItemStruct) -> TokenStream {
    let Shared {
        owner,
        by,
        replicas,
        key,
    } = shared;
    let condition = quote!(any(feature = "region", feature = "global"));
    let hidden = format_ident!("__{}_table", decl.name);
    let table = as_table(decl, item);
    let plain = plain(item);
    let reads = reads(decl, key);
    let (row, name, key_type, key_ident) = (&decl.ident, &decl.name, &key.ty, &key.ident);
    let owner = owner.feature();
    let owned_by = match by {
        Some(by) if by.type_is(&["u64"]) => {
            let column = &by.ident;
            quote! {
                let [region, ..] = self.#column.to_be_bytes();
                region
            }
        }
        Some(by) => {
            let column = &by.ident;
            quote!(self.#column)
        }
        None => quote!(crate::inter_module::GLOBAL_MODULE),
    };
    let table_name = name.to_string();
    let replicas = match replicas {
        Replicas::All => quote!(All),
        Replicas::Global => quote!(Global),
    };
    let upsert = format_ident!("Upsert{row}");
    let delete = format_ident!("Delete{row}");
    quote! {
        #[cfg(#condition)]
        mod #hidden {
            use super::*;
            use ::spacetimedb::Table as _;

            #table
            #reads

            #[doc(hidden)]
            pub fn upsert(db: &::spacetimedb::Local, row: #row) {
                let key = row.#key_ident.clone();
                if db.#name().#key_ident().find(&key).is_some() {
                    db.#name().#key_ident().update(row);
                } else {
                    db.#name().insert(row);
                }
            }

            #[doc(hidden)]
            pub fn delete(db: &::spacetimedb::Local, key: &#key_type) -> bool {
                db.#name().#key_ident().delete(key)
            }

            impl crate::shared::ReplicaRow for #row {
                type Key = #key_type;
                const TABLE: &'static str = #table_name;
                fn owner(&self) -> u8 { #owned_by }
                fn key(&self) -> #key_type { self.#key_ident.clone() }
                fn into_upsert(self) -> crate::shared::SharedTableOp { crate::shared::SharedTableOp::#upsert(self) }
                fn stored(db: &::spacetimedb::Local, key: &#key_type) -> ::core::option::Option<Self> {
                    db.#name().#key_ident().find(key)
                }
                fn all(db: &::spacetimedb::Local) -> impl ::core::iter::Iterator<Item = Self> { db.#name().iter() }
                fn upsert_replica(self, db: &::spacetimedb::Local, _: crate::shared::Arrival) { upsert(db, self) }
                fn delete_replica(db: &::spacetimedb::Local, key: &#key_type, _: crate::shared::Arrival) { delete(db, key); }
            }

            #[cfg(feature = #owner)]
            impl crate::shared::OwnedRow for #row {
                const REPLICAS: crate::shared::Replicas = crate::shared::Replicas::#replicas;
                fn upsert_owned(self, db: &::spacetimedb::Local) -> crate::shared::SharedTableOp {
                    upsert(db, self.clone());
                    crate::shared::SharedTableOp::#upsert(self)
                }
                fn delete_owned(
                    db: &::spacetimedb::Local,
                    key: &#key_type,
                ) -> ::core::option::Option<crate::shared::SharedTableOp> {
                    delete(db, key).then(|| crate::shared::SharedTableOp::#delete(key.clone()))
                }
            }
        }
        #[cfg(#condition)]
        pub use #hidden::#row;
        #[cfg(#condition)]
        pub use #hidden::reads::#name;
        #[cfg(not(#condition))]
        #plain
    }
}

fn reads(decl: &TableDecl, key: &Column) -> TokenStream {
    let (row, name, key_ident, key_type) = (&decl.ident, &decl.name, &key.ident, &key.ty);
    let lookups = decl
        .columns
        .iter()
        .filter(|column| !column.primary_key)
        .filter_map(|column| {
            let (ident, ty) = (&column.ident, &column.ty);
            if column.unique {
                let function = format_ident!("find_by_{ident}");
                let doc = format!("The row with this `{ident}`.");
                Some(quote! {
                    #[doc = #doc]
                    pub fn #function(&self, value: &#ty) -> ::core::option::Option<#row> {
                        super::#name::#name(self.0).#ident().find(value)
                    }
                })
            } else if column.indexed {
                let function = format_ident!("filter_by_{ident}");
                let doc = format!("The rows with this `{ident}`, by index.");
                Some(quote! {
                    #[doc = #doc]
                    pub fn #function(&self, value: &#ty) -> ::std::vec::Vec<#row> {
                        super::#name::#name(self.0).#ident().filter(value).collect()
                    }
                })
            } else {
                None
            }
        });
    let trait_doc = format!("Reads of the shared table `{name}`.");
    quote! {
        #[allow(non_camel_case_types)]
        pub mod reads {
            use super::*;

            #[doc = #trait_doc]
            pub trait #name {
                #[doc = #trait_doc]
                fn #name(&self) -> Reads<'_>;
            }

            impl #name for ::spacetimedb::Local {
                fn #name(&self) -> Reads<'_> { Reads(self) }
            }

            #[doc = #trait_doc]
            pub struct Reads<'a>(&'a ::spacetimedb::Local);

            impl Reads<'_> {
                /// The row with this key.
                pub fn find(&self, key: &#key_type) -> ::core::option::Option<#row> {
                    super::#name::#name(self.0).#key_ident().find(key)
                }

                /// All rows, in no order.
                pub fn iter(&self) -> impl ::core::iter::Iterator<Item = #row> + '_ {
                    super::#name::#name(self.0).iter()
                }

                /// How many rows.
                pub fn count(&self) -> u64 {
                    super::#name::#name(self.0).count()
                }

                #(#lookups)*
            }
        }
    }
}
