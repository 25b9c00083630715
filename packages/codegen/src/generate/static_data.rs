//! Content tables: their list for tools, and the staging reducers of a module.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Table;
use crate::parse::table::{Column, Home};

/// A content table and its key.
type Staged<'a> = (&'a Table<'a>, &'a Column);

fn staged<'a>(tables: &'a [Table]) -> impl Iterator<Item = Staged<'a>> {
    tables
        .iter()
        .filter_map(|table| Some((table, table.decl.content_key.as_ref()?)))
}

/// `visit_static_tables`, in `messages`.
pub(super) fn list(tables: &[Table]) -> TokenStream {
    let staged: Vec<Staged> = staged(tables).collect();
    let impls = staged.iter().map(|(table, key)| {
        let (row, name) = (table.row(), table.decl.name.to_string());
        let (in_region, in_global) = (table.decl.lives_in(Home::Region), table.decl.lives_in(Home::Global));
        let (key, may_be_empty) = (&key.ident, table.decl.may_be_empty);
        let key_name = key.to_string();
        quote! {
            impl crate::static_data::StaticRow for crate::#row {
                const TABLE: &'static str = #name;
                const KEY: &'static str = #key_name;
                const IN_REGION: bool = #in_region;
                const IN_GLOBAL: bool = #in_global;
                const MAY_BE_EMPTY: bool = #may_be_empty;
                fn typed_key(&self) -> crate::static_data::Key<'_> { crate::static_data::AsKey::as_key(&self.#key) }
            }
        }
    });
    let visits = staged.iter().map(|(table, _)| {
        let row = table.row();
        quote!(visitor.visit::<crate::#row>();)
    });
    quote! {
        #(#impls)*

        /// Calls the visitor with the row type of every content table, in the order of declaration.
        pub fn visit_static_tables(visitor: &mut impl crate::static_data::StaticTableVisitor) {
            #(#visits)*
        }
    }
}

/// The staging reducers of a module, and what they are about.
pub(super) fn reducers(home: Home, tables: &[Table]) -> TokenStream {
    let staged: Vec<Staged> = staged(tables).filter(|(table, _)| table.decl.lives_in(home)).collect();
    let stage = staged.iter().map(stage_reducer);
    let read = staged.iter().map(read);
    let clear = staged.iter().map(|(table, key)| {
        let index = format!("{}_{}_idx_btree", twin(table), key.ident);
        quote!(static_data::clear_rows(#index)?;)
    });
    let is_live = staged.iter().filter_map(is_live);
    let derived = tables
        .iter()
        .filter(|table| table.decl.lives_in(home))
        .filter_map(|table| {
            let source = table.decl.derived_from.as_ref()?;
            let source = tables.iter().find(|table| table.decl.name == *source)?;
            rebuild(table, source)
        });
    let reducers = session_reducers();
    quote! {
        /// Content: staged, validated, then swapped for the live tables in one transaction.
        pub mod static_data_pipeline {
            use ::hexmarch_base::Failure;
            use ::hexmarch_base::static_data::{self, Changes, ContentTable, Pipeline};
            use ::hexmarch_macros::reducer;
            use ::hexmarch_messages::static_data::RemovalPolicy;
            use ::spacetimedb::{Local, ReducerContext, Table as _};

            /// The content of this module.
            pub const PIPELINE: Pipeline = Pipeline {
                read,
                clear_staged,
                is_live,
                rebuild_derived,
                holders: crate::content_holders::HOLDERS,
                agents: crate::AGENTS,
            };

            #(#stage)*

            #reducers

            fn read(db: &Local) -> ::std::vec::Vec<::std::boxed::Box<dyn ContentTable>> {
                ::std::vec::Vec::from([#(#read),*])
            }

            fn clear_staged(_db: &Local) -> Result<(), Failure> {
                #(#clear)*
                Ok(())
            }

            fn is_live(db: &Local, table: &str, key: i32) -> bool {
                match table {
                    #(#is_live)*
                    _ => false,
                }
            }

            #[allow(unused_variables)]
            fn rebuild_derived(db: &Local, changes: &mut Changes) {
                #(#derived)*
            }
        }
    }
}

fn session_reducers() -> TokenStream {
    quote! {
        /// Takes the staging area for this connection. What is staged stays if it came from a push of the same
        /// `content_hash`, else it is forgotten.
        #[reducer]
        #[access(Admin)]
        pub fn begin_static_data_push(ctx: &ReducerContext, content_hash: String) -> Result<(), Failure> {
            static_data::begin(ctx, &PIPELINE, content_hash)
        }

        /// Forgets everything that is staged.
        #[reducer]
        #[access(Admin)]
        pub fn clear_staged_static_data(ctx: &ReducerContext) -> Result<(), Failure> {
            static_data::clear(ctx, &PIPELINE)
        }

        /// Refuses what a commit with this policy would refuse of what is staged, and changes nothing.
        #[reducer]
        #[access(Admin)]
        pub fn validate_staged_data(ctx: &ReducerContext, policy: RemovalPolicy) -> Result<(), Failure> {
            static_data::validate(ctx, &PIPELINE, policy)
        }

        /// Replaces the live content by the staged, all tables or none, and applies what follows from it.
        #[reducer]
        #[access(Admin)]
        pub fn commit_staged_static_data(ctx: &ReducerContext, policy: RemovalPolicy) -> Result<(), Failure> {
            static_data::commit(ctx, &PIPELINE, policy)
        }
    }
}

fn twin(table: &Table) -> Ident {
    format_ident!("staged_{}", table.decl.name)
}

/// The handle of the staged rows, given a database.
fn staged_handle(table: &Table, db: &TokenStream) -> TokenStream {
    let (module, twin) = (&table.module, twin(table));
    quote!(::hexmarch_messages::#module #twin::#twin(#db))
}

/// The handle of the live rows, given a database.
fn live_handle(table: &Table, db: &TokenStream) -> TokenStream {
    let (accessor, name) = (table.accessor(), &table.decl.name);
    quote!(::hexmarch_messages::#accessor::#name(#db))
}

fn stage_reducer((table, key): &Staged) -> TokenStream {
    let (row, staged, key) = (table.row(), staged_handle(table, &quote!(&ctx.db)), &key.ident);
    let function = format_ident!("stage_{}", table.decl.name);
    let name = table.decl.name.to_string();
    let doc = format!(
        "Stages rows of `{name}`. A row that is staged already as it is changes nothing; another row with its key \
         refuses the whole batch."
    );
    quote! {
        #[doc = #doc]
        #[reducer]
        #[access(Admin)]
        pub fn #function(ctx: &ReducerContext, records: Vec<::hexmarch_messages::#row>) -> Result<(), Failure> {
            let staged = #staged;
            let insert = |record: ::hexmarch_messages::#row| {
                let key = ::core::clone::Clone::clone(&record.#key);
                staged.try_insert(record).map(drop).map_err(|_| {
                    let has_key = staged.#key().find(&key).is_some();
                    static_data::not_staged(#name, ::hexmarch_messages::static_data::AsKey::as_key(&key), has_key)
                })
            };
            static_data::stage(ctx, &PIPELINE, #name, records, insert, || staged.count())
        }
    }
}

fn read((table, key): &Staged) -> TokenStream {
    let (row, live, staged) = (
        table.row(),
        live_handle(table, &quote!(db)),
        staged_handle(table, &quote!(db)),
    );
    let key = &key.ident;
    quote! {
        static_data::Loaded::<::hexmarch_messages::#row>::boxed(
            #live.iter(),
            #staged.iter(),
            |db, row| {
                #live.insert(row);
            },
            |db, row| {
                #live.#key().delete(&row.#key);
            },
        )
    }
}

/// Only keys that can have a successor are asked for.
fn is_live((table, key): &Staged) -> Option<TokenStream> {
    let (name, live, column) = (table.decl.name.to_string(), live_handle(table, &quote!(db)), &key.ident);
    key.type_is(&["i32"])
        .then(|| quote!(#name => #live.#column().find(&key).is_some(),))
}

fn rebuild(table: &Table, source: &Table) -> Option<TokenStream> {
    let key = &table.decl.columns.iter().find(|column| column.primary_key)?.ident;
    let (row, name) = (table.row(), table.decl.name.to_string());
    let (live, source) = (live_handle(table, &quote!(db)), live_handle(source, &quote!(db)));
    Some(quote! {
        static_data::rebuild::<::hexmarch_messages::#row, _>(
            #name,
            #source.iter(),
            #live.iter(),
            |row| row.#key,
            (
                |row| {
                    #live.insert(row);
                },
                |row| {
                    #live.#key().delete(&row.#key);
                },
            ),
            changes,
        );
    })
}
