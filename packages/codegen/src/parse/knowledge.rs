//! `#[knowledge]`: tables of what characters know, all of one shape, so that one generated API serves them.

use syn::spanned::Spanned;
use syn::{GenericArgument, Ident, PathArguments, Type};

use super::facts::KNOWLEDGE_ENTRY;
use super::reducer::type_name;
use super::table::Column;

/// The column that is the key.
const KEY: &str = "entity_id";
/// The column of entries.
const ENTRIES: &str = "entries";
/// The columns, for messages.
const SHAPE: &str = "a knowledge table holds one row a character, `#[primary_key] pub entity_id: u64` and \
                     `pub entries: Vec<KnowledgeEntry>` or `Vec<KnowledgeEntityEntry>`";

/// What the things of a category are told apart by; the type of the entries says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnowledgeOf {
    /// `KnowledgeEntry`: an `i32`, the key of content.
    Content,
    /// `KnowledgeEntityEntry`: a `u64`, the id of an entity.
    Entity,
}

/// A category of knowledge.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// `item` of `knowledge_item_state`.
    pub category: String,
    /// What is known.
    pub of: KnowledgeOf,
}

impl Knowledge {
    /// Reads names and columns of a table with `#[knowledge]`.
    ///
    /// # Errors
    /// At the name or column that is not as every such table has it.
    pub fn parse(table: &Ident, row: &Ident, columns: &[Column]) -> syn::Result<Self> {
        let name = table.to_string();
        let category = name
            .strip_prefix("knowledge_")
            .and_then(|rest| rest.strip_suffix("_state"));
        let Some(category) = category else {
            let message = "a knowledge table is called `knowledge_<category>_state`, e.g. `knowledge_item_state`";
            return Err(syn::Error::new(table.span(), message));
        };
        let expected = pascal_case(&name);
        if row != &expected {
            let message = format!("the row type of `{name}` is called `{expected}`");
            return Err(syn::Error::new(row.span(), message));
        }
        Ok(Self {
            category: category.to_string(),
            of: of_columns(row, columns)?,
        })
    }
}

fn of_columns(row: &Ident, columns: &[Column]) -> syn::Result<KnowledgeOf> {
    let mut of = None;
    let mut has_key = false;
    for column in columns {
        if column.ident == KEY && column.primary_key && column.type_is(&["u64"]) {
            has_key = true;
        } else if column.ident == ENTRIES {
            of = Some(entry_type(&column.ty).ok_or_else(|| {
                let message = "entries are a `Vec<KnowledgeEntry>`, of things with an `i32` id from content, or a \
                               `Vec<KnowledgeEntityEntry>`, of entities";
                syn::Error::new(column.ty.span(), message)
            })?);
            if of == Some(KnowledgeOf::Content) && column.facts.references.is_none() {
                let message = "which content is known? say whose keys the entries have, `#[references(item_desc)]`";
                return Err(syn::Error::new(column.ident.span(), message));
            }
        } else {
            return Err(syn::Error::new(
                column.ident.span(),
                format!("{SHAPE}, and nothing else"),
            ));
        }
    }
    match (of, has_key) {
        (Some(of), true) => Ok(of),
        _ => Err(syn::Error::new(row.span(), SHAPE)),
    }
}

fn entry_type(ty: &Type) -> Option<KnowledgeOf> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let GenericArgument::Type(element @ Type::Path(_)) = arguments.args.first()? else {
        return None;
    };
    match (last.ident == "Vec", type_name(element)?.as_str()) {
        (true, KNOWLEDGE_ENTRY) => Some(KnowledgeOf::Content),
        (true, "KnowledgeEntityEntry") => Some(KnowledgeOf::Entity),
        _ => None,
    }
}

/// `knowledge_item_state` to `KnowledgeItemState`.
fn pascal_case(name: &str) -> String {
    let capitalized = |part: &str| {
        let mut letters = part.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(capitalized).collect()
}
