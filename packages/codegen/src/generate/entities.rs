//! Entity deletion and the player bundle, from `#[delete]` and `#[transfer(player)]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::Table;
use crate::parse::reducer::type_name;
use crate::parse::table::{Column, Decision, Home};

pub(super) fn generate(tables: &[Table]) -> TokenStream {
    let deletion = deletion(tables);
    let bundle = bundle(tables);
    quote!(#deletion #bundle)
}

fn deletion(tables: &[Table]) -> TokenStream {
    let in_region = || {
        tables
            .iter()
            .filter(|table| table.decl.lives_in(Home::Region) && table.decl.shared.is_none())
    };
    let delete = in_region().filter_map(|table| match &table.decl.delete {
        Some(Decision::By(column)) => Some(delete_by(table, column, &quote!(entity_id))),
        _ => None,
    });
    let clear = in_region()
        .filter(|table| !table.decl.event && table.decl.content_key.is_none())
        .filter_map(|table| {
            let column = table.decl.columns.iter().find(|column| column.ident == "entity_id")?;
            Some(delete_by(table, column, &quote!(entity_id)))
        });
    quote! {
        /// Deletes the rows of an entity in every table marked `#[delete]`.
        #[cfg(feature = "region")]
        pub fn delete_entity(db: &::spacetimedb::Local, entity_id: u64) {
            #(#delete)*
        }

        /// Deletes the rows of an entity in every table with an `entity_id`, those marked `#[delete(never)]` too.
        #[cfg(feature = "region")]
        pub fn clear_entity(db: &::spacetimedb::Local, entity_id: u64) {
            #(#clear)*
        }
    }
}

fn delete_by(table: &Table, column: &Column, key: &TokenStream) -> TokenStream {
    let (accessor, name, column) = (table.accessor(), &table.decl.name, &column.ident);
    quote!(crate::#accessor::#name(db).#column().delete(#key);)
}

fn bundle(tables: &[Table]) -> TokenStream {
    let travelling: Vec<(&Table, &Column)> = tables
        .iter()
        .filter_map(|table| match &table.decl.transfer {
            Some(Decision::By(column)) if table.decl.knowledge.is_none() => Some((table, column)),
            _ => None,
        })
        .collect();
    let fields = travelling.iter().map(|(table, _)| {
        let (name, row) = (&table.decl.name, table.row());
        let doc = format!("Rows of `{name}`.");
        quote!(#[doc = #doc] pub #name: ::std::vec::Vec<crate::#row>,)
    });
    let key = |column: &Column| {
        if type_name(&column.ty).as_deref() == Some("Identity") {
            quote!(player.identity)
        } else {
            quote!(player.entity_id)
        }
    };
    let collect = travelling.iter().map(|(table, column)| {
        let (name, accessor, key) = (&table.decl.name, table.accessor(), key(column));
        let ident = &column.ident;
        if column.is_single() {
            quote!(#name: crate::#accessor::#name(db).#ident().find(&#key).into_iter().collect(),)
        } else {
            quote!(#name: crate::#accessor::#name(db).#ident().filter(&#key).collect(),)
        }
    });
    let delete = travelling.iter().map(|(table, column)| {
        delete_by(table, column, &{
            let key = key(column);
            quote!(&#key)
        })
    });
    let insert = travelling.iter().map(|(table, _)| {
        let (name, accessor) = (&table.decl.name, table.accessor());
        let text = name.to_string();
        quote! {
            for row in self.#name {
                crate::#accessor::#name(db).try_insert(row).map_err(|_| #text)?;
            }
        }
    });
    quote! {
        /// Everything that travels with a player from one region to another: the rows of every table marked
        /// `#[transfer(player)]`.
        #[hexmarch_macros::sats_type]
        #[derive(Default)]
        pub struct PlayerBundle {
            #(#fields)*
            /// Rows of every table marked `#[knowledge]`.
            pub knowledge: crate::knowledge::KnowledgeRows,
        }

        #[cfg(feature = "region")]
        impl PlayerBundle {
            /// The player's rows.
            pub fn collect(db: &::spacetimedb::Local, player: &crate::player::PlayerKey) -> Self {
                Self {
                    #(#collect)*
                    knowledge: crate::knowledge::KnowledgeRows::collect(db, player.entity_id),
                }
            }

            /// Deletes the player's rows.
            pub fn delete(db: &::spacetimedb::Local, player: &crate::player::PlayerKey) {
                #(#delete)*
                crate::knowledge::KnowledgeRows::delete(db, player.entity_id);
            }

            /// Inserts the rows.
            ///
            /// # Errors
            /// The name of the first table that holds a row with the same key already; `knowledge` for a category that
            /// this module does not have.
            pub fn insert(self, db: &::spacetimedb::Local) -> ::core::result::Result<(), &'static str> {
                use ::spacetimedb::Table as _;
                #(#insert)*
                self.knowledge.insert(db)
            }
        }
    }
}
