//! The annotations below a table's attribute: what they say, and which go together.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Meta};

use super::table::{Column, Decision, Home};
use super::table_arguments::Arguments;
use super::{parse_arguments, set, take, without_arguments};

/// Annotations that only the table attributes read.
pub const TABLE_ANNOTATIONS: [&str; 7] = [
    "delete",
    "transfer",
    "static_data_staging_table",
    "custom_inter_module_insert",
    "event_table",
    "knowledge",
    "derived_from",
];

/// The annotations below the attribute.
pub struct Annotations {
    /// `#[delete]`.
    pub delete: Option<Attribute>,
    /// `#[transfer]`.
    pub transfer: Option<Attribute>,
    /// `#[static_data_staging_table]`.
    pub staged: Option<Attribute>,
    /// `#[custom_inter_module_insert]`.
    pub custom_insert: Option<Attribute>,
    /// `#[event_table]`.
    pub event: Option<Attribute>,
    /// `#[knowledge]`.
    pub knowledge: Option<Attribute>,
    /// `#[derived_from]`.
    pub derived_from: Option<Attribute>,
}

impl Annotations {
    /// Reads and removes them.
    ///
    /// # Errors
    /// When one stands twice, or has arguments and takes none.
    pub fn take(attributes: &mut Vec<Attribute>) -> syn::Result<Self> {
        let mut flag = |name: &str| -> syn::Result<Option<Attribute>> {
            let found = take(attributes, name)?;
            found.as_ref().map_or(Ok(()), |found| without_arguments(found, name))?;
            Ok(found)
        };
        let custom_insert = flag("custom_inter_module_insert")?;
        let event = flag("event_table")?;
        let knowledge = flag("knowledge")?;
        let staged = take(attributes, "static_data_staging_table")?;
        let derived_from = take(attributes, "derived_from")?;
        let (delete, transfer) = (take(attributes, "delete")?, take(attributes, "transfer")?);
        Ok(Self {
            delete,
            transfer,
            staged,
            custom_insert,
            event,
            knowledge,
            derived_from,
        })
    }

    /// Refuses what would have no effect, or none that anybody wants.
    ///
    /// # Errors
    /// At the annotation that is to go.
    pub fn check_combination(&self, is_shared: bool, arguments: &Arguments) -> syn::Result<()> {
        if is_shared {
            refuse(
                &self.staged,
                "content is uploaded to each database, not replicated: use `#[table(region, global, ...)]`",
            )?;
            refuse(
                &self.event,
                "an event is seen in its own database alone: use `#[table]`",
            )?;
        } else {
            refuse(
                &self.custom_insert,
                "rows arrive by message in a `#[shared_table]` alone; remove this",
            )?;
        }
        if self.event.is_some() {
            refuse(
                &self.staged,
                "a table is content or events, not both; keep one of the two annotations",
            )?;
            refuse(
                &arguments.private,
                "players see events, so an `#[event_table]` is public; remove `private`",
            )?;
        }
        if is_shared || self.staged.is_some() || self.event.is_some() || self.knowledge.is_some() {
            refuse(
                &self.derived_from,
                "rows that follow from content are a table of their own: `#[derived_from]` is the only annotation of it",
            )?;
        }
        if is_shared || self.staged.is_some() || self.event.is_some() || arguments.homes != [Home::Region] {
            refuse(
                &self.knowledge,
                "what a character knows is one row, in the region where they are: use `#[table(region, ...)]`, and \
                 `#[delete]` and `#[transfer(player)]` as the only other annotations",
            )?;
        }
        let reason = if is_shared {
            "rows of a shared table leave when their owner deletes them"
        } else if self.staged.is_some() {
            "content belongs to no entity"
        } else if self.derived_from.is_some() {
            "what follows from content belongs to no entity"
        } else if self.event.is_some() {
            "rows of an event table are gone at once"
        } else if !arguments.homes.contains(&Home::Region) {
            "entities and players live in regions, and this table does not"
        } else {
            return Ok(());
        };
        for found in [&self.delete, &self.transfer] {
            refuse(found, &format!("{reason}; remove this"))?;
        }
        Ok(())
    }

    /// Whether `#[static_data_staging_table]` says that there may be no rows.
    ///
    /// # Errors
    /// When it says something else.
    pub fn may_be_empty(&self) -> syn::Result<bool> {
        match &self.staged {
            Some(staged) if !matches!(staged.meta, Meta::Path(_)) => match staged.parse_args::<Ident>() {
                Ok(word) if word == "may_be_empty" => Ok(true),
                _ => Err(syn::Error::new_spanned(
                    staged,
                    "`#[static_data_staging_table]` takes nothing, or `may_be_empty`",
                )),
            },
            _ => Ok(false),
        }
    }

    /// The content table that `#[derived_from]` names.
    ///
    /// # Errors
    /// When it names none.
    pub fn derived_from(&self) -> syn::Result<Option<Ident>> {
        let Some(derived) = &self.derived_from else {
            return Ok(None);
        };
        let source = derived.parse_args().map_err(|_| {
            let message = "name the content table that the rows follow from: `#[derived_from(item_desc)]`";
            syn::Error::new_spanned(derived, message)
        })?;
        Ok(Some(source))
    }

    /// What `#[delete]` and `#[transfer]` say.
    ///
    /// # Errors
    /// At the one that is wrong, or at `#[knowledge]` when that misses one.
    pub fn decisions(&self, columns: &[Column]) -> syn::Result<(Option<Decision>, Option<Decision>)> {
        let decide = |found: &Option<Attribute>, key| {
            let decision = found.as_ref().map(|found| decision(found, key, columns)).transpose()?;
            match (&self.knowledge, &decision) {
                (None, _) | (_, Some(Decision::By(_))) => Ok(decision),
                (Some(knowledge), _) => {
                    let message = "what a character knows goes where they go and ends with them: write `#[delete]` \
                                   and `#[transfer(player)]` below `#[knowledge]`";
                    Err(syn::Error::new_spanned(found.as_ref().unwrap_or(knowledge), message))
                }
            }
        };
        Ok((decide(&self.delete, Key::Entity)?, decide(&self.transfer, Key::Player)?))
    }
}

fn refuse(found: &Option<impl ToTokens>, message: &str) -> syn::Result<()> {
    found
        .as_ref()
        .map_or(Ok(()), |found| Err(syn::Error::new_spanned(found, message)))
}

/// Whose rows a [`Decision`] is about.
#[derive(Clone, Copy)]
pub enum Key {
    /// `#[delete]`.
    Entity,
    /// `#[transfer(player)]`.
    Player,
}

impl Key {
    fn types(self) -> &'static [&'static str] {
        match self {
            Self::Entity => &["u64"],
            Self::Player => &["u64", "Identity"],
        }
    }

    fn forms(self) -> &'static str {
        match self {
            Self::Entity => "`#[delete]`, `#[delete(by = column)]` or `#[delete(never)]`",
            Self::Player => "`#[transfer(player)]`, `#[transfer(player, by = column)]` or `#[transfer(never)]`",
        }
    }
}

/// `(never)`, or nothing / `(player)`, with `by = column` for another key than `entity_id`.
///
/// # Errors
/// When it is neither, or the column is none by which rows can be looked up.
pub fn decision(attribute: &Attribute, key: Key, columns: &[Column]) -> syn::Result<Decision> {
    let (mut by, mut never, mut player): (Option<Ident>, bool, bool) = (None, false, false);
    let write = format!("write {}", key.forms());
    let parser = syn::meta::parser(|meta| {
        if meta.path.is_ident("by") {
            return set(&mut by, &meta);
        }
        let flag = match key {
            _ if meta.path.is_ident("never") => &mut never,
            Key::Player if meta.path.is_ident("player") => &mut player,
            _ => return Err(meta.error(&write)),
        };
        *flag = true;
        Ok(())
    });
    parse_arguments(attribute, parser)?;
    match (never, player, &by, key) {
        (true, false, None, _) => return Ok(Decision::Never),
        (false, false, _, Key::Entity) | (false, true, _, Key::Player) => {}
        _ => return Err(syn::Error::new_spanned(attribute, write)),
    }
    let by = by.unwrap_or_else(|| Ident::new("entity_id", attribute.span()));
    let column = columns
        .iter()
        .find(|column| column.ident == by)
        .ok_or_else(|| syn::Error::new(by.span(), format!("the table has no column `{by}`; {write}")))?;
    if !column.type_is(key.types()) {
        let message = format!(
            "rows are looked up by `{by}`, so its type is {}",
            key.types().join(" or ")
        );
        return Err(syn::Error::new(column.ty.span(), message));
    }
    if !column.is_indexed() {
        let message = format!("`{by}` needs an index, since rows are looked up by it: add `#[index(btree)]`");
        return Err(syn::Error::new(column.ident.span(), message));
    }
    Ok(Decision::By(column.clone()))
}
