//! `SharedTableOp`, what applies it to a replica, and what makes and takes a full copy.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Table;
use crate::parse::table::{Home, Replicas, Shared};

pub(super) fn generate(tables: &[Table]) -> TokenStream {
    let shared: Vec<(&Table, &Shared)> = tables
        .iter()
        .filter_map(|table| Some((table, table.decl.shared.as_ref()?)))
        .collect();
    let op = op(&shared);
    let updates = updates(&shared);
    let copies = copies(&shared);
    quote! {
        #[allow(unused_imports)]
        use ::spacetimedb_lib::{ConnectionId, Identity, Timestamp};

        #op
        #updates
        #copies
    }
}

/// Names of the two variants of a table.
fn variants(table: &Table) -> (Ident, Ident) {
    let row = &table.decl.ident;
    (format_ident!("Upsert{row}"), format_ident!("Delete{row}"))
}

fn op(shared: &[(&Table, &Shared)]) -> TokenStream {
    let variants_of = shared.iter().map(|(table, shared)| {
        let ((upsert, delete), row, key, name) = (variants(table), table.row(), &shared.key.ty, &table.decl.name);
        let upsert_doc = format!("Insert or replace a row of `{name}`.");
        let delete_doc = format!("Delete the row of `{name}` with this key, if there is one.");
        quote! {
            #[doc = #upsert_doc]
            #upsert(crate::#row),
            #[doc = #delete_doc]
            #delete(#key),
        }
    });
    let names = shared.iter().map(|(table, _)| {
        let ((upsert, delete), name) = (variants(table), table.decl.name.to_string());
        quote!(Self::#upsert(_) | Self::#delete(_) => #name,)
    });
    let owned = shared.iter().map(|(table, _)| {
        let ((upsert, delete), row) = (variants(table), table.row());
        quote! {
            Self::#upsert(row) => crate::shared::owns_row(db, sender, row),
            Self::#delete(key) => crate::shared::owns_key::<crate::#row>(db, sender, key),
        }
    });
    quote! {
        /// One change of a shared table, as its owner tells it to replicas.
        #[hexmarch_macros::sats_type]
        pub enum SharedTableOp { #(#variants_of)* }

        impl SharedTableOp {
            /// Name of the table.
            pub fn table(&self) -> &'static str {
                match self { #(#names)* }
            }

            /// Whether `sender` owns the row, and the one that is replaced or deleted.
            #[cfg(any(feature = "region", feature = "global"))]
            pub fn is_owned_by(&self, db: &::spacetimedb::Local, sender: u8) -> bool {
                match self { #(#owned)* }
            }
        }
    }
}

fn updates(shared: &[(&Table, &Shared)]) -> TokenStream {
    let hooks = shared
        .iter()
        .filter(|(table, _)| table.decl.custom_insert)
        .map(|(table, _)| {
            let (row, hook) = (table.row(), format_ident!("insert_{}", table.decl.name));
            let doc = format!(
                "A row of `{}` arrived: store it with `ReplicaRow::upsert_replica`, and what it entails.",
                table.decl.name
            );
            quote! {
                #[doc = #doc]
                fn #hook(&self, ctx: &::spacetimedb::ReducerContext, row: crate::#row, arrival: crate::shared::Arrival);
            }
        });
    let arms = shared.iter().map(|(table, _)| {
        let ((upsert, delete), row) = (variants(table), table.row());
        let insert = if table.decl.custom_insert {
            let hook = format_ident!("insert_{}", table.decl.name);
            quote!(inserts.#hook(ctx, row, arrival))
        } else {
            quote!(crate::shared::ReplicaRow::upsert_replica(row, &ctx.db, arrival))
        };
        quote! {
            SharedTableOp::#upsert(row) => #insert,
            SharedTableOp::#delete(key) => {
                <crate::#row as crate::shared::ReplicaRow>::delete_replica(&ctx.db, &key, arrival)
            }
        }
    });
    quote! {
        /// What a module does when rows of tables with `#[custom_inter_module_insert]` arrive.
        #[cfg(any(feature = "region", feature = "global"))]
        pub trait InterModuleInserts {
            #(#hooks)*
        }

        /// Applies one operation to the replica.
        #[cfg(any(feature = "region", feature = "global"))]
        pub fn apply_update(ctx: &::spacetimedb::ReducerContext, inserts: &impl InterModuleInserts, op: SharedTableOp) {
            let arrival = crate::shared::Arrival::by_message();
            match op { #(#arms)* }
        }
    }
}

fn copies(shared: &[(&Table, &Shared)]) -> TokenStream {
    let owned = [Home::Region, Home::Global].map(|home| {
        let feature = home.feature();
        let entries = shared
            .iter()
            .filter(|(_, shared)| shared.owner == home)
            .map(|(table, shared)| {
                let name = table.decl.name.to_string();
                let replicas = match shared.replicas {
                    Replicas::All => quote!(All),
                    Replicas::Global => quote!(Global),
                };
                quote!((#name, crate::shared::Replicas::#replicas),)
            });
        quote! {
            #[cfg(feature = #feature)]
            {
                &[#(#entries)*]
            }
        }
    });
    let chunks = shared.iter().map(|(table, _)| {
        let (name, row) = (table.decl.name.to_string(), table.row());
        quote!(#name => ::core::option::Option::Some(crate::shared::chunk_of::<crate::#row>(db, owner, after)),)
    });
    let deletions = shared.iter().map(|(table, _)| {
        let (name, row, (upsert, _)) = (table.decl.name.to_string(), table.row(), variants(table));
        quote! {
            #name => {
                let kept = ops.iter().filter_map(|op| match op {
                    SharedTableOp::#upsert(row) => ::core::option::Option::Some(crate::shared::ReplicaRow::key(row)),
                    _ => ::core::option::Option::None,
                });
                crate::shared::delete_missing_of::<crate::#row>(db, owner, after, up_to, &kept.collect())
            }
        }
    });
    quote! {
        /// Names of the tables whose rows this module owns, and who follows.
        #[cfg(any(feature = "region", feature = "global"))]
        pub fn owned_tables() -> &'static [(&'static str, crate::shared::Replicas)] {
            #(#owned)*
        }

        /// The rows of `owner` that come next in a copy of a table, after a key in BSATN; `None` for an unknown table.
        #[cfg(any(feature = "region", feature = "global"))]
        pub fn copy_chunk(
            db: &::spacetimedb::Local,
            table: &str,
            owner: u8,
            after: ::core::option::Option<&[u8]>,
        ) -> ::core::option::Option<crate::shared::CopyChunk> {
            match table {
                #(#chunks)*
                _ => ::core::option::Option::None,
            }
        }

        /// Deletes the rows of `owner` in a part of a table that a copy of that part does not have. Says how many.
        #[cfg(any(feature = "region", feature = "global"))]
        pub fn delete_missing(
            db: &::spacetimedb::Local,
            table: &str,
            owner: u8,
            after: ::core::option::Option<&[u8]>,
            up_to: ::core::option::Option<&[u8]>,
            ops: &[SharedTableOp],
        ) -> usize {
            match table {
                #(#deletions)*
                _ => 0,
            }
        }
    }
}
