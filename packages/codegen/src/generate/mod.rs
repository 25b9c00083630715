//! What follows from all annotations together, as formatted text for `OUT_DIR`.

mod check;
mod dispatch;
mod entities;
mod facts;
mod features;
mod holders;
mod knowledge;
mod replace;
mod shared_list;
mod shared_tables;
mod static_data;
mod types;

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{File, Item, ItemEnum, ItemFn};

use crate::parse::find;
use crate::parse::reducer::ACCESS;
use crate::parse::table::{Home, TableDecl};
use crate::source::{Mistakes, SourceFile, Sources};

/// A table declaration with the path of its row type below `hexmarch_messages`.
struct Table<'a> {
    decl: TableDecl,
    module: TokenStream,
    file: &'a SourceFile,
}

impl Table<'_> {
    /// `role::IdentityRole`.
    fn row(&self) -> TokenStream {
        let (module, ident) = (&self.module, &self.decl.ident);
        quote!(#module #ident)
    }

    /// `role::identity_role`, the accessor trait.
    fn accessor(&self) -> TokenStream {
        let (module, name) = (&self.module, &self.decl.name);
        quote!(#module #name)
    }
}

/// The generated part of `messages`: shared table operations, the player bundle, entity deletion, the discovery of
/// knowledge, the list of static tables.
///
/// # Errors
/// Every annotation that is wrong, with its place.
pub fn messages(sources: &Sources) -> Result<String, Mistakes> {
    check::file_names(sources).finish()?;
    let mut mistakes = check::attributes(sources);
    mistakes.append(check::declared(sources));
    let tables = mistakes.keep(tables(sources));
    mistakes.finish()?;
    let types = types::Types::of(sources, &tables)?;
    facts::check(&types, &tables).finish()?;
    let (facts, replace) = (facts::generate(&types), replace::generate(&types, &tables));
    let shared = shared_tables::generate(&tables);
    let entities = entities::generate(&tables);
    let knowledge = knowledge::generate(&tables);
    let contents = static_data::list(&tables);
    let list = shared_list::generate(&tables);
    Ok(text(
        "packages/messages/src",
        &parsed(quote!(#shared #entities #knowledge #contents #facts #replace #list))?,
    ))
}

/// The generated part of a crate with feature folders only: the `mod` tree.
///
/// # Errors
/// Reducers and tables that by-pass the attributes of Hexmarch, files that cannot be modules.
pub fn features(sources: &Sources, root: &Path) -> Result<String, Mistakes> {
    check::file_names(sources).finish()?;
    let mut mistakes = check::attributes(sources);
    mistakes.append(check::no_tables(sources));
    mistakes.append(check::features(sources, &[]));
    mistakes.finish()?;
    Ok(text("the crate's src", &parsed(features::generate(sources, root))?))
}

/// The generated part of a module: the `mod` tree, the dispatch of messages, the list of agents and the reducers for
/// staging content.
///
/// # Errors
/// As [`features`]; names that are given twice; each message that may arrive here but has no `#[inbox]`, and each
/// handler of a message that may not.
pub fn module(home: Home, messages: &Sources, sources: &Sources, root: &Path) -> Result<String, Mistakes> {
    check::file_names(sources).finish()?;
    let tables = tables(messages)?;
    let mut mistakes = check::attributes(sources);
    mistakes.append(check::no_tables(sources));
    let dispatch = mistakes.keep(dispatch::generate(home, messages, sources));
    let agents = features::agents(sources);
    let types = types::Types::of(messages, &tables)?;
    let staging = static_data::reducers(home, &tables);
    let holders = holders::generate(home, &types, &tables);
    let mut file = parsed(quote!(#dispatch #agents #staging #holders))?;
    mistakes.append(check::features(sources, &check::modules_of(&file.items)));
    mistakes.append(check::module_names(home, &tables, sources, &file.items));
    mistakes.finish()?;
    let mut all = parsed(features::generate(sources, root))?;
    all.items.append(&mut file.items);
    Ok(text("the module's src and packages/messages/src", &all))
}

/// Every reducer of a source tree and the word in its `#[access]`, sorted by name; agents are the scheduler's.
pub fn access_list(sources: &Sources) -> Vec<(String, String)> {
    let mut list: Vec<_> = functions(sources)
        .filter_map(|(_, _, function)| {
            let access = match find(&function.attrs, "agent") {
                Some(_) => "Scheduler".to_string(),
                None => find(&function.attrs, "access")?
                    .parse_args::<syn::Ident>()
                    .ok()?
                    .to_string(),
            };
            Some((function.sig.ident.to_string(), access))
        })
        .collect();
    list.sort();
    debug_assert!(list.iter().all(|(_, access)| ACCESS.contains(&access.as_str())));
    list
}

fn tables(sources: &Sources) -> Result<Vec<Table<'_>>, Mistakes> {
    let mut tables = Vec::new();
    let mut mistakes = Mistakes::default();
    for file in &sources.files {
        let module = module_path(&file.module);
        for item in &file.syntax.items {
            let Item::Struct(item) = item else { continue };
            match TableDecl::of_item(item) {
                Some(Ok(decl)) => tables.push(Table {
                    decl,
                    module: module.clone(),
                    file,
                }),
                Some(Err(error)) => mistakes.push(&file.path, &error),
                None => {}
            }
        }
    }
    mistakes.append(check::tables(&tables));
    mistakes.finish().map(|()| tables)
}

/// `["movement", "reducers"]` to `movement::reducers::`; `mod` at the end and `lib` at the root name no module.
fn module_path(parts: &[String]) -> TokenStream {
    let parts = match parts {
        [parts @ .., last] if last == "mod" => parts,
        [only] if only == "lib" => &[],
        parts => parts,
    };
    let idents = parts
        .iter()
        .map(|part| syn::Ident::new(part, proc_macro2::Span::call_site()));
    quote!(#(#idents::)*)
}

/// All free functions: file path, module path, function.
fn functions(sources: &Sources) -> impl Iterator<Item = (&Path, TokenStream, &ItemFn)> {
    sources.files.iter().flat_map(|file| {
        file.syntax.items.iter().filter_map(move |item| match item {
            Item::Fn(function) => Some((file.path.as_path(), module_path(&file.module), function)),
            _ => None,
        })
    })
}

fn enumeration<'a>(sources: &'a Sources, name: &str) -> Option<(&'a Path, &'a ItemEnum)> {
    sources.files.iter().find_map(|file| {
        file.syntax.items.iter().find_map(|item| match item {
            Item::Enum(item) if item.ident == name => Some((file.path.as_path(), item)),
            _ => None,
        })
    })
}

/// The syntax of generated tokens.
fn parsed(tokens: TokenStream) -> Result<File, Mistakes> {
    syn::parse2(tokens).map_err(|error| {
        let message = format!("what was generated does not parse, a mistake of hexmarch-codegen itself: {error}");
        Mistakes::of_file(Path::new("hexmarch-codegen"), message)
    })
}

fn text(source: &str, file: &File) -> String {
    let header =
        format!("// @generated by hexmarch-codegen from {source}. Do not edit: change the annotations there.\n\n");
    header + &prettyplease::unparse(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_of_the_generator_is_called_one() {
        let mistakes = parsed(quote!(fn)).unwrap_err().to_string();
        assert!(
            mistakes.starts_with("hexmarch-codegen: what was generated does not parse, a mistake of"),
            "{mistakes}"
        );
    }
}
