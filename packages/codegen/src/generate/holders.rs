//! Live rows that hold keys of content: looking at them when keys are about to be gone, and replacing what is gone.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::types::Types;
use super::Table;
use crate::parse::reducer::type_name;
use crate::parse::table::{Column, Decision, Home};

/// A table and its key.
struct Holder<'a> {
    table: &'a Table<'a>,
    key: &'a Column,
}

impl Holder<'_> {
    /// The table's handle, given a database.
    fn handle(&self, db: &TokenStream) -> TokenStream {
        let (accessor, name) = (self.table.accessor(), &self.table.decl.name);
        quote!(::hexmarch_messages::#accessor::#name(#db))
    }

    fn replace(&self) -> Ident {
        format_ident!("replace_in_{}", self.table.decl.name)
    }
}

pub(super) fn generate(home: Home, types: &Types, tables: &[Table]) -> TokenStream {
    let names = types.holders(tables);
    let holders: Vec<Holder> = tables
        .iter()
        .filter(|table| table.decl.lives_in(home) && names.contains(&table.decl.ident.to_string()))
        .filter_map(|table| {
            let key = table.decl.columns.iter().find(|column| column.primary_key)?;
            Some(Holder { table, key })
        })
        .collect();
    let hooks = holders
        .iter()
        .filter(|holder| holder.table.decl.knowledge.is_none())
        .map(hook);
    let list = holders.iter().map(entry);
    let rows = holders.iter().map(replace_row);
    let of_player = (home == Home::Region).then(|| of_player(&holders));
    quote! {
        /// Live rows that hold keys of content.
        pub mod content_holders {
            use ::hexmarch_base::static_data::{Holder, Successor};
            use ::spacetimedb::{ReducerContext, Table as _};

            /// What follows for a live row in which content was replaced, before it is stored. `crate::content::Replaced`
            /// says it for this module.
            pub trait ContentReplaced {
                #(#hooks)*
            }

            /// All tables of them.
            pub const HOLDERS: &[Holder] = &[#(#list),*];

            #of_player

            #(#rows)*
        }
    }
}

fn hook(holder: &Holder) -> TokenStream {
    let (name, row) = (&holder.table.decl.name, holder.table.row());
    let doc = format!("A row of `{name}`.");
    quote! {
        #[doc = #doc]
        fn #name(ctx: &ReducerContext, row: &mut ::hexmarch_messages::#row);
    }
}

fn entry(holder: &Holder) -> TokenStream {
    let (handle, replace) = (holder.handle(&quote!(db)), holder.replace());
    let of_ctx = holder.handle(&quote!(&ctx.db));
    quote! {
        Holder {
            look_at: |db, look| {
                for row in #handle.iter() {
                    look(&row);
                }
            },
            replace: |ctx, successor| {
                for row in #of_ctx.iter() {
                    #replace(ctx, successor, row);
                }
            },
        }
    }
}

fn replace_row(holder: &Holder) -> TokenStream {
    let (replace, row, name, key) = (
        holder.replace(),
        holder.table.row(),
        &holder.table.decl.name,
        &holder.key.ident,
    );
    let handle = holder.handle(&quote!(&ctx.db));
    let settle = if holder.table.decl.knowledge.is_some() {
        quote!(::hexmarch_messages::static_data::tidy(&mut row.entries);)
    } else {
        quote!(<crate::content::Replaced as ContentReplaced>::#name(ctx, &mut row);)
    };
    quote! {
        fn #replace(ctx: &ReducerContext, successor: &Successor<'_>, mut row: ::hexmarch_messages::#row) {
            if ::hexmarch_messages::static_data::ReplaceKeys::replace_keys(&mut row, successor) {
                #settle
                #handle.#key().update(row);
            }
        }
    }
}

fn of_player(holders: &[Holder]) -> TokenStream {
    let rows = holders.iter().filter_map(|holder| {
        let Some(Decision::By(column)) = &holder.table.decl.transfer else {
            return None;
        };
        let (handle, replace, by) = (holder.handle(&quote!(&ctx.db)), holder.replace(), &column.ident);
        let key = if type_name(&column.ty).as_deref() == Some("Identity") {
            quote!(&player.identity)
        } else {
            quote!(&player.entity_id)
        };
        Some(if column.is_single() {
            quote! {
                if let Some(row) = #handle.#by().find(#key) {
                    #replace(ctx, successor, row);
                }
            }
        } else {
            quote! {
                for row in #handle.#by().filter(#key) {
                    #replace(ctx, successor, row);
                }
            }
        })
    });
    quote! {
        /// Replaces content in all rows that travel with a player who is here.
        pub fn replace_of_player(
            ctx: &ReducerContext,
            player: &::hexmarch_messages::player::PlayerKey,
            successor: &Successor<'_>,
        ) {
            #(#rows)*
        }
    }
}
