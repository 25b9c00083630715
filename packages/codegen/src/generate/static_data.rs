//! Content tables: their list for tools, and the staging reducers of a module.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Table;
use crate::parse::table::Home;

/// A content table and its key.
type Staged<'a> = (&'a Table<'a>, &'a Ident);

fn staged<'a>(tables: &'a [Table]) -> impl Iterator<Item = Staged<'a>> {
    tables
        .iter()
        .filter_map(|table| table.decl.content_key.as_ref().map(|key| (table, &key.ident)))
}

/// `visit_static_tables`, in `messages`.
pub(super) fn list(tables: &[Table]) -> TokenStream {
    let staged: Vec<Staged> = staged(tables).collect();
    let impls = staged.iter().map(|(table, key)| {
        let (row, name) = (table.row(), table.decl.name.to_string());
        let (in_region, in_global) = (table.decl.lives_in(Home::Region), table.decl.lives_in(Home::Global));
        let key_name = key.to_string();
        quote! {
            impl crate::static_data::StaticRow for crate::#row {
                const TABLE: &'static str = #name;
                const KEY: &'static str = #key_name;
                const IN_REGION: bool = #in_region;
                const IN_GLOBAL: bool = #in_global;
                fn key(&self) -> ::std::string::String { ::std::string::ToString::to_string(&self.#key) }
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

/// The staging reducers of a module.
pub(super) fn reducers(home: Home, tables: &[Table]) -> TokenStream {
    let staged: Vec<Staged> = staged(tables).filter(|(table, _)| table.decl.lives_in(home)).collect();
    let stage = staged.iter().map(|(table, _)| stage_reducer(table));
    let commit = staged.iter().map(commit_function);
    let clears = staged.iter().map(clear);
    let checks = staged.iter().map(|(table, _)| {
        let (accessor, twin, name) = (twin_accessor(table), twin(table), table.decl.name.to_string());
        quote! {
            if #accessor::#twin(&ctx.db).count() == 0 {
                empty.push(#name);
            }
        }
    });
    let commits = staged.iter().map(|(table, _)| {
        let function = format_ident!("commit_{}", table.decl.name);
        quote!(#function(ctx, &mut changes);)
    });
    quote! {
        /// Content: staged, validated, then swapped for the live tables in one transaction.
        pub mod static_data_pipeline {
            use ::hexmarch_base::Failure;
            use ::hexmarch_base::static_data::Changes;
            use ::hexmarch_macros::reducer;
            use ::spacetimedb::{ReducerContext, Table as _};

            #(#stage)*

            /// Forgets everything that is staged.
            #[reducer]
            #[access(Admin)]
            pub fn clear_staged_static_data(ctx: &ReducerContext) -> Result<(), Failure> {
                #(#clears)*
                Ok(())
            }

            /// Refuses unless every content table has staged rows.
            #[reducer]
            #[access(Admin)]
            pub fn validate_staged_data(ctx: &ReducerContext) -> Result<(), Failure> {
                validate(ctx)
            }

            /// Replaces the live content by the staged, all tables or none, and applies what follows from it.
            #[reducer]
            #[access(Admin)]
            pub fn commit_staged_static_data(ctx: &ReducerContext) -> Result<(), Failure> {
                validate(ctx)?;
                let mut changes = Changes::default();
                #(#commits)*
                ::hexmarch_base::static_data::committed(ctx, crate::AGENTS, &changes);
                Ok(())
            }

            fn validate(ctx: &ReducerContext) -> Result<(), Failure> {
                let mut empty: Vec<&str> = Vec::new();
                #(#checks)*
                ::hexmarch_base::static_data::refuse_empty(&empty)
            }

            #(#commit)*
        }
    }
}

fn twin(table: &Table) -> Ident {
    format_ident!("staged_{}", table.decl.name)
}

fn twin_accessor(table: &Table) -> TokenStream {
    let (module, twin) = (&table.module, twin(table));
    quote!(::hexmarch_messages::#module #twin)
}

fn clear((table, key): &Staged) -> TokenStream {
    let (accessor, twin) = (twin_accessor(table), twin(table));
    quote! {
        for row in #accessor::#twin(&ctx.db).iter() {
            #accessor::#twin(&ctx.db).#key().delete(&row.#key);
        }
    }
}

fn stage_reducer(table: &Table) -> TokenStream {
    let (row, accessor, twin) = (table.row(), twin_accessor(table), twin(table));
    let function = format_ident!("stage_{}", table.decl.name);
    let name = table.decl.name.to_string();
    let doc = format!("Stages rows of `{name}`. A key that is staged already refuses the whole batch.");
    quote! {
        #[doc = #doc]
        #[reducer]
        #[access(Admin)]
        pub fn #function(ctx: &ReducerContext, records: Vec<::hexmarch_messages::#row>) -> Result<(), Failure> {
            for record in records {
                let key = ::hexmarch_messages::static_data::StaticRow::key(&record);
                #accessor::#twin(&ctx.db)
                    .try_insert(record)
                    .map_err(|_| ::hexmarch_base::static_data::staged_twice(#name, &key))?;
            }
            Ok(())
        }
    }
}

fn commit_function(staged: &Staged) -> TokenStream {
    let (table, key) = staged;
    let clear = clear(staged);
    let (name, staged, twin) = (&table.decl.name, twin_accessor(table), twin(table));
    let (live, function) = (table.accessor(), format_ident!("commit_{}", name));
    let text = name.to_string();
    quote! {
        fn #function(ctx: &ReducerContext, changes: &mut Changes) {
            let live = ::hexmarch_messages::#live::#name(&ctx.db);
            let staged = #staged::#twin(&ctx.db);
            let (mut added, mut changed, mut removed) = (Vec::new(), 0, 0);
            for row in live.iter() {
                match staged.#key().find(&row.#key) {
                    Some(new) if new == row => {}
                    Some(_) => {
                        changed += 1;
                        live.#key().delete(&row.#key);
                    }
                    None => {
                        removed += 1;
                        live.#key().delete(&row.#key);
                    }
                }
            }
            for row in staged.iter() {
                if live.#key().find(&row.#key).is_none() {
                    added.push(row);
                }
            }
            changes.record(#text, added.len().saturating_sub(changed), changed, removed);
            for row in added {
                live.insert(row);
            }
            #clear
        }
    }
}
