//! `Discovery` and the rows that travel, from `#[knowledge]`. What is decided is in `messages/src/knowledge.rs`; here is only
//! which table each method is about.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Table;
use crate::parse::knowledge::{Knowledge, KnowledgeOf};

/// A category and its table.
type Category<'a> = (&'a Table<'a>, &'a Knowledge);

pub(super) fn generate(tables: &[Table]) -> TokenStream {
    let all: Vec<Category> = tables
        .iter()
        .filter_map(|table| Some((table, table.decl.knowledge.as_ref()?)))
        .collect();
    let rows = rows(&all);
    let discovery = discovery(&all);
    quote!(#rows #discovery)
}

/// The type of a category's ids, of its entries, and of these as they travel.
fn types(of: KnowledgeOf) -> [TokenStream; 3] {
    let (id, entry, entries) = match of {
        KnowledgeOf::Content => (quote!(i32), quote!(KnowledgeEntry), quote!(Content)),
        KnowledgeOf::Entity => (quote!(u64), quote!(KnowledgeEntityEntry), quote!(Entity)),
    };
    [
        id,
        quote!(crate::knowledge::#entry),
        quote!(crate::knowledge::KnowledgeEntries::#entries),
    ]
}

fn rows(all: &[Category]) -> TokenStream {
    let row = |(table, knowledge): &Category, entries: TokenStream| {
        let (name, [.., variant]) = (table.decl.name.to_string(), types(knowledge.of));
        quote! {
            crate::knowledge::KnowledgeRow {
                table: ::std::string::String::from(#name),
                entity_id,
                entries: #variant(#entries),
            }
        }
    };
    let first = all.iter().map(|category| row(category, quote!(::std::vec::Vec::new())));
    let collect = all.iter().map(|category| {
        let (name, accessor) = (&category.0.decl.name, category.0.accessor());
        let row = row(category, quote!(found.entries));
        quote! {
            if let Some(found) = crate::#accessor::#name(db).entity_id().find(entity_id) {
                rows.push(#row);
            }
        }
    });
    let delete = all.iter().map(|(table, _)| {
        let (name, accessor) = (&table.decl.name, table.accessor());
        quote!(crate::#accessor::#name(db).entity_id().delete(entity_id);)
    });
    let insert = all.iter().map(|(table, knowledge)| {
        let (name, ty, accessor, [.., variant]) =
            (&table.decl.name, table.row(), table.accessor(), types(knowledge.of));
        let text = name.to_string();
        quote! {
            (#text, #variant(entries)) => {
                let inserted = crate::#accessor::#name(db).try_insert(crate::#ty { entity_id, entries });
                inserted.map_err(|_| #text)?;
            }
        }
    });
    quote! {
        impl crate::knowledge::KnowledgeRows {
            /// Of a character who knows nothing yet.
            pub fn of_new_character(entity_id: u64) -> Self {
                Self { rows: ::std::vec::Vec::from([#(#first),*]) }
            }
        }

        #[cfg(feature = "region")]
        impl crate::knowledge::KnowledgeRows {
            /// The character's rows.
            pub fn collect(db: &::spacetimedb::Local, entity_id: u64) -> Self {
                let mut rows = ::std::vec::Vec::new();
                #(#collect)*
                Self { rows }
            }

            /// Deletes the character's rows.
            pub fn delete(db: &::spacetimedb::Local, entity_id: u64) {
                #(#delete)*
            }

            /// Inserts the rows.
            ///
            /// # Errors
            /// The name of the first table that holds a row with the same key already; `knowledge` for a category that
            /// this module does not have.
            pub fn insert(self, db: &::spacetimedb::Local) -> ::core::result::Result<(), &'static str> {
                use ::spacetimedb::Table as _;
                for crate::knowledge::KnowledgeRow { table, entity_id, entries } in self.rows {
                    match (table.as_str(), entries) {
                        #(#insert)*
                        _ => return Err("knowledge"),
                    }
                }
                Ok(())
            }
        }
    }
}

fn discovery(all: &[Category]) -> TokenStream {
    let fields = all.iter().map(|(table, knowledge)| {
        let (name, [_, entry, _]) = (&table.decl.name, types(knowledge.of));
        quote!(#name: ::core::option::Option<crate::knowledge::Known<#entry>>,)
    });
    let names = all.iter().map(|(table, _)| &table.decl.name);
    let methods = all.iter().map(|(table, knowledge)| methods(table, knowledge));
    let commits = all.iter().map(|(table, _)| {
        let (name, row, accessor) = (&table.decl.name, table.row(), table.accessor());
        quote! {
            if let Some(entries) = self.#name.and_then(crate::knowledge::Known::into_changed) {
                let table = crate::#accessor::#name(db);
                if !table.entity_id().delete(entity_id) {
                    crate::knowledge::require_here(db, entity_id)?;
                }
                table.insert(crate::#row { entity_id, entries });
            }
        }
    });
    quote! {
        /// What a character of this region learns in one reducer. Reads a category when it is first asked about, and
        /// writes on [`Discovery::commit`] those that changed, and only those; dropped instead, it writes nothing.
        #[cfg(feature = "region")]
        #[derive(Clone, Debug)]
        pub struct Discovery {
            player_entity_id: u64,
            #(#fields)*
        }

        #[cfg(feature = "region")]
        impl Discovery {
            /// Of a character; nothing is read yet.
            pub fn new(player_entity_id: u64) -> Self {
                Self { player_entity_id, #(#names: ::core::option::Option::None,)* }
            }

            #(#methods)*

            /// Writes what changed. A character who is older than a category gets their row of it here.
            ///
            /// # Errors
            /// [`crate::knowledge::KnowledgeError::NotHere`] when there is no row and the character is not in this
            /// region: a row that waits here would keep them from coming back.
            pub fn commit(self, db: &::spacetimedb::Local) -> ::core::result::Result<(), crate::knowledge::KnowledgeError> {
                use ::spacetimedb::Table as _;
                let entity_id = self.player_entity_id;
                #(#commits)*
                Ok(())
            }
        }
    }
}

fn methods(table: &Table, Knowledge { category, of }: &Knowledge) -> TokenStream {
    let (name, accessor, [id, entry, _]) = (&table.decl.name, table.accessor(), types(*of));
    let method = |prefix: &str| format_ident!("{prefix}_{category}");
    let (already_discovered, already_acquired) = (method("already_discovered"), method("already_acquired"));
    let (has_discovered, has_acquired) = (method("has_discovered"), method("has_acquired"));
    let (discover, acquire, known) = (method("discover"), method("acquire"), method("known"));
    let stored = format!("by the row of `{name}` alone");
    let already_discovered_doc = format!("Whether the character discovered this, {stored}.");
    let already_acquired_doc = format!("Whether the character acquired this, {stored}.");
    let pending = "what is not committed yet included";
    let has_discovered_doc = format!("Whether the character discovered this, {pending}.");
    let has_acquired_doc = format!("Whether the character acquired this, {pending}.");
    let discover_doc = "The character comes across this; says whether it is new to them.";
    let acquire_doc = "The character gets this, and so has discovered it; says whether they had not had it before.";
    quote! {
        #[doc = #already_discovered_doc]
        pub fn #already_discovered(db: &::spacetimedb::Local, player_entity_id: u64, id: #id) -> bool {
            let row = crate::#accessor::#name(db).entity_id().find(player_entity_id);
            row.is_some_and(|row| crate::knowledge::state_of(&row.entries, id).is_some())
        }

        #[doc = #already_acquired_doc]
        pub fn #already_acquired(db: &::spacetimedb::Local, player_entity_id: u64, id: #id) -> bool {
            let row = crate::#accessor::#name(db).entity_id().find(player_entity_id);
            row.is_some_and(|row| {
                crate::knowledge::state_of(&row.entries, id) == Some(crate::knowledge::KnowledgeState::Acquired)
            })
        }

        #[doc = #has_discovered_doc]
        pub fn #has_discovered(&mut self, db: &::spacetimedb::Local, id: #id) -> bool {
            self.#known(db).state_of(id).is_some()
        }

        #[doc = #has_acquired_doc]
        pub fn #has_acquired(&mut self, db: &::spacetimedb::Local, id: #id) -> bool {
            self.#known(db).state_of(id) == Some(crate::knowledge::KnowledgeState::Acquired)
        }

        #[doc = #discover_doc]
        ///
        /// # Errors
        /// [`crate::knowledge::KnowledgeError::Full`]; then nothing has changed.
        pub fn #discover(
            &mut self, db: &::spacetimedb::Local, id: #id,
        ) -> ::core::result::Result<bool, crate::knowledge::KnowledgeError> {
            self.#known(db).raise(id, crate::knowledge::KnowledgeState::Discovered)
        }

        #[doc = #acquire_doc]
        ///
        /// # Errors
        /// [`crate::knowledge::KnowledgeError::Full`]; then nothing has changed.
        pub fn #acquire(
            &mut self, db: &::spacetimedb::Local, id: #id,
        ) -> ::core::result::Result<bool, crate::knowledge::KnowledgeError> {
            self.#known(db).raise(id, crate::knowledge::KnowledgeState::Acquired)
        }

        fn #known(&mut self, db: &::spacetimedb::Local) -> &mut crate::knowledge::Known<#entry> {
            let entity_id = self.player_entity_id;
            self.#name.get_or_insert_with(|| {
                let row = crate::#accessor::#name(db).entity_id().find(entity_id);
                crate::knowledge::Known::new(row.map(|row| row.entries).unwrap_or_default())
            })
        }
    }
}
