//! `SharedTableOp` and what applies it to a replica.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Table;
use crate::parse::table::{Home, Shared};

pub(super) fn generate(tables: &[Table]) -> TokenStream {
    let shared: Vec<&Table> = tables.iter().filter(|table| table.decl.shared.is_some()).collect();
    let mut variants = Vec::new();
    let mut names = Vec::new();
    let mut owners = Vec::new();
    let mut arms = Vec::new();
    for table in &shared {
        let Some(Shared { owner, key, .. }) = &table.decl.shared else {
            continue;
        };
        let (row, name, key) = (table.row(), table.decl.name.to_string(), &key.ty);
        let upsert = format_ident!("Upsert{}", table.decl.ident);
        let delete = format_ident!("Delete{}", table.decl.ident);
        let upsert_doc = format!("Insert or replace a row of `{name}`.");
        let delete_doc = format!("Delete the row of `{name}` with this key, if there is one.");
        variants.push(quote! {
            #[doc = #upsert_doc]
            #upsert(crate::#row),
            #[doc = #delete_doc]
            #delete(#key),
        });
        names.push(quote!(Self::#upsert(_) | Self::#delete(_) => #name,));
        let owner = match owner {
            Home::Region => quote!(Region),
            Home::Global => quote!(Global),
        };
        owners.push(quote!(Self::#upsert(_) | Self::#delete(_) => crate::shared::Owner::#owner,));
        let insert = if table.decl.custom_insert {
            let hook = format_ident!("insert_{}", table.decl.name);
            quote!(inserts.#hook(ctx, row, arrival))
        } else {
            quote!(crate::shared::ReplicaRow::upsert_replica(row, &ctx.db, arrival))
        };
        arms.push(quote! {
            SharedTableOp::#upsert(row) => #insert,
            SharedTableOp::#delete(key) => {
                <crate::#row as crate::shared::ReplicaRow>::delete_replica(&ctx.db, &key, arrival)
            }
        });
    }
    let hooks = shared.iter().filter(|table| table.decl.custom_insert).map(|table| {
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
    quote! {
        #[allow(unused_imports)]
        use ::spacetimedb_lib::{ConnectionId, Identity, Timestamp};

        /// One change of a shared table, as its owner tells it to replicas.
        #[hexmarch_macros::sats_type]
        pub enum SharedTableOp { #(#variants)* }

        impl SharedTableOp {
            /// Name of the table.
            pub fn table(&self) -> &'static str {
                match self { #(#names)* }
            }

            /// Whose modules may send it.
            pub fn owner(&self) -> crate::shared::Owner {
                match self { #(#owners)* }
            }
        }

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
