//! `#[table]`, `#[shared_table]` and the annotations below them.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Attribute, Field, Fields, Ident, ItemStruct, Type, Visibility};

use super::annotations::Annotations;
use super::facts::FieldFacts;
use super::knowledge::Knowledge;
use super::reducer::type_name;
use super::table_arguments::Arguments;
use super::{find, is, is_spacetimedb};

/// The attributes that make a table of a row type.
pub const TABLE_ATTRIBUTES: [&str; 2] = ["table", "shared_table"];

/// Types of keys of shared tables: those that the generated operations can name.
const SHARED_KEYS: [&str; 15] = [
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "bool",
    "String",
    "Identity",
    "ConnectionId",
    "Timestamp",
];

/// Types of keys of content tables: those that references can name.
const CONTENT_KEYS: [&str; 8] = ["u8", "u16", "u32", "i8", "i16", "i32", "i64", "String"];

/// A database that a table can live in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Each region's database.
    Region,
    /// The one global database.
    Global,
}

impl Home {
    /// The name of the cargo feature of `messages`, which is also how attributes write it.
    pub fn feature(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Global => "global",
        }
    }

    /// The home that `ident` names.
    pub fn parse(ident: &Ident) -> Option<Self> {
        [Self::Region, Self::Global]
            .into_iter()
            .find(|home| ident == home.feature())
    }
}

/// Which databases get a copy of a region-owned row, beside the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replicas {
    /// Only the global database.
    Global,
    /// Every region (of a global table), or global and every other region (of a region's table).
    All,
}

/// Who owns the rows of a shared table and who holds replicas.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The only module that compiles a write.
    pub owner: Home,
    /// Of a region's table: the column that says which region a row belongs to, by index or as an entity's id.
    pub by: Option<Column>,
    /// Who follows.
    pub replicas: Replicas,
    /// The primary key, by which rows are upserted and deleted.
    pub key: Column,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub ident: Ident,
    /// Its type as written.
    pub ty: Type,
    /// `#[primary_key]`.
    pub primary_key: bool,
    /// `#[auto_inc]`.
    pub auto_inc: bool,
    /// `#[unique]`.
    pub unique: bool,
    /// `#[index(btree)]` on this column alone.
    pub indexed: bool,
    /// What must hold of its values.
    pub facts: FieldFacts,
}

impl Column {
    fn of(field: &Field) -> Option<syn::Result<Self>> {
        let has = |name: &str| field.attrs.iter().any(|attribute| is(attribute, name));
        let ident = field.ident.clone()?;
        Some(FieldFacts::of(field).map(|facts| Self {
            ident,
            ty: field.ty.clone(),
            primary_key: has("primary_key"),
            auto_inc: has("auto_inc"),
            unique: has("unique"),
            indexed: has("index"),
            facts,
        }))
    }

    /// Whether at most one row has a given value.
    pub fn is_single(&self) -> bool {
        self.primary_key || self.unique
    }

    /// Whether its rows can be found without a scan.
    pub fn is_indexed(&self) -> bool {
        self.is_single() || self.indexed
    }

    /// Whether the type as written ends in one of `names`.
    pub fn type_is(&self, names: &[&str]) -> bool {
        matches!(&self.ty, Type::Path(_)) && type_name(&self.ty).is_some_and(|name| names.contains(&name.as_str()))
    }
}

/// How a table's rows are found for an entity: by which column, or deliberately not at all.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Rows whose column equals the entity's key take part.
    By(Column),
    /// `never`: rows stay.
    Never,
}

/// A table as declared.
#[derive(Clone, Debug)]
pub struct TableDecl {
    /// The row type.
    pub ident: Ident,
    /// The table's name in the database.
    pub name: Ident,
    /// Where it is a table; elsewhere the type is a plain one.
    pub homes: Vec<Home>,
    /// Set for `#[shared_table]`.
    pub shared: Option<Shared>,
    /// Arguments for `spacetimedb::table`.
    pub arguments: TokenStream,
    /// The columns in order.
    pub columns: Vec<Column>,
    /// `#[delete]`.
    pub delete: Option<Decision>,
    /// `#[transfer]`.
    pub transfer: Option<Decision>,
    /// The primary key, with `#[static_data_staging_table]`.
    pub content_key: Option<Column>,
    /// Whether content may have no rows of it, with `(may_be_empty)`.
    pub may_be_empty: bool,
    /// The content table that the rows follow from, with `#[derived_from]`.
    pub derived_from: Option<Ident>,
    /// `#[custom_inter_module_insert]`.
    pub custom_insert: bool,
    /// `#[event_table]`.
    pub event: bool,
    /// Set with `#[knowledge]`.
    pub knowledge: Option<Knowledge>,
}

impl TableDecl {
    /// Reads `#[table(...)]` or `#[shared_table(...)]` and the annotations below it, which are removed from `item`.
    ///
    /// # Errors
    /// At the token that is wrong, saying what to write instead.
    pub fn parse(attribute: &Attribute, item: &mut ItemStruct) -> syn::Result<Self> {
        let arguments = Arguments::parse(attribute)?;
        let annotations = Annotations::take(&mut item.attrs)?;
        if let Some(second) = TABLE_ATTRIBUTES.iter().find_map(|name| find(&item.attrs, name)) {
            return Err(syn::Error::new_spanned(
                second,
                "a row type is one table; keep one of the table attributes",
            ));
        }
        let columns = columns(item)?;
        let by_key = |what: &str| match columns.iter().find(|column| column.primary_key) {
            Some(key) => Ok(key.clone()),
            None => Err(syn::Error::new(
                item.ident.span(),
                format!("{what} needs a `#[primary_key]` column"),
            )),
        };
        let shared = match arguments.owner {
            Some(owner) => Some(Shared {
                owner,
                by: arguments
                    .by
                    .as_ref()
                    .map(|by| owning_column(by, &columns))
                    .transpose()?,
                replicas: arguments.replicas,
                key: by_key("a shared table, replicated by key,")?,
            }),
            None => None,
        };
        let content_key = match &annotations.staged {
            Some(_) => Some(by_key("a content table, replaced by key,")?),
            None => None,
        };
        annotations.check_combination(shared.is_some(), &arguments)?;
        let (may_be_empty, derived_from) = (annotations.may_be_empty()?, annotations.derived_from()?);
        if derived_from.is_some() {
            by_key("a derived table, replaced by key,")?;
        }
        match &content_key {
            Some(key) => check_content_key(key)?,
            None => columns.iter().try_for_each(|column| column.facts.refuse_of_content())?,
        }
        let knowledge = match &annotations.knowledge {
            Some(_) => Some(Knowledge::parse(&arguments.name, &item.ident, &columns)?),
            None => None,
        };
        let (delete, transfer) = annotations.decisions(&columns)?;
        let mut rest = arguments.rest;
        if annotations.event.is_some() && !arguments.public {
            rest.push(syn::parse_quote!(public));
        }
        let name = arguments.name;
        let decl = Self {
            ident: item.ident.clone(),
            arguments: quote::quote!(name = #name #(, #rest)*),
            name,
            homes: arguments.homes,
            shared,
            delete,
            transfer,
            columns,
            content_key,
            may_be_empty,
            derived_from,
            custom_insert: annotations.custom_insert.is_some(),
            event: annotations.event.is_some(),
            knowledge,
        };
        decl.validate()?;
        Ok(decl)
    }

    /// Reads the declaration off an item of a source file, if it is one.
    pub fn of_item(item: &ItemStruct) -> Option<syn::Result<Self>> {
        let mut item = item.clone();
        let is_table = |attribute: &Attribute| {
            !is_spacetimedb(attribute) && TABLE_ATTRIBUTES.iter().any(|name| is(attribute, name))
        };
        let attribute = item.attrs.remove(item.attrs.iter().position(is_table)?);
        Some(Self::parse(&attribute, &mut item))
    }

    /// Whether the table exists in the database of `home`.
    pub fn lives_in(&self, home: Home) -> bool {
        self.homes.contains(&home)
    }

    fn validate(&self) -> syn::Result<()> {
        if let Some(Shared { key, .. }) = &self.shared {
            if key.auto_inc {
                let message = "replicas need the key that the owner has: give the key yourself, without `#[auto_inc]`";
                return Err(syn::Error::new(key.ident.span(), message));
            }
            if !key.type_is(&SHARED_KEYS) {
                let message = format!("the key of a shared table is one of {}", SHARED_KEYS.join(", "));
                return Err(syn::Error::new(key.ty.span(), message));
            }
        }
        if self.event {
            return self.validate_event();
        }
        if self.shared.is_some() || self.content_key.is_some() || !self.lives_in(Home::Region) {
            return Ok(());
        }
        self.validate_decisions()
    }

    fn validate_event(&self) -> syn::Result<()> {
        let has = |name: &str, test: &dyn Fn(&Column) -> bool| {
            self.columns.iter().any(|column| column.ident == name && test(column))
        };
        let scheduled_id = has("scheduled_id", &|column| {
            column.primary_key && column.auto_inc && column.type_is(&["u64"])
        });
        if scheduled_id && has("scheduled_at", &|column| column.type_is(&["ScheduleAt"])) {
            return Ok(());
        }
        let message = "an `#[event_table]` starts with `#[primary_key] #[auto_inc] pub scheduled_id: u64` and \
                       `pub scheduled_at: ScheduleAt`";
        Err(syn::Error::new(self.ident.span(), message))
    }

    /// Deleted or kept, travels or stays: for each table that may hold an entity's rows.
    fn validate_decisions(&self) -> syn::Result<()> {
        let at_name = |message: String| Err(syn::Error::new(self.ident.span(), message));
        let is_entity =
            |column: &&Column| column.ident == "entity_id" || column.ident.to_string().ends_with("_entity_id");
        let entity = self.columns.iter().find(|column| column.ident == "entity_id");
        if let Some(column) = entity.filter(|column| !column.is_indexed()) {
            let message = "`entity_id` needs an index, since `clear_entity` looks rows up by it: add `#[index(btree)]`";
            return Err(syn::Error::new(column.ident.span(), message));
        }
        let key = self.columns.iter().filter(|column| column.primary_key).find(is_entity);
        if let (Some(column), None) = (entity.or(key), &self.delete) {
            let by = if column.ident == "entity_id" {
                String::new()
            } else {
                format!("(by = {})", column.ident)
            };
            return at_name(format!(
                "`{}` has an `{}`: say what happens to its rows when the entity is deleted, `#[delete{by}]` or \
                 `#[delete(never)]`",
                self.name, column.ident
            ));
        }
        let of_player = self
            .columns
            .iter()
            .find(|column| is_entity(column) || column.type_is(&["Identity"]));
        if of_player.is_some() && self.transfer.is_none() {
            return at_name(format!(
                "`{}` may hold rows of a player: say whether they travel when the player changes region, \
                 `#[transfer(player)]` or `#[transfer(never)]`",
                self.name
            ));
        }
        let travels = matches!(self.transfer, Some(Decision::By(_)));
        if let Some(column) = self.columns.iter().find(|column| travels && column.auto_inc) {
            let message =
                "a row that travels keeps its key, which `#[auto_inc]` gave out in one region alone: take the id \
                           of an entity";
            return Err(syn::Error::new(column.ident.span(), message));
        }
        Ok(())
    }
}

/// The column behind `by = ...` of a shared table.
fn owning_column(by: &Ident, columns: &[Column]) -> syn::Result<Column> {
    let column = columns.iter().find(|column| column.ident == *by);
    let column = column.ok_or_else(|| syn::Error::new(by.span(), format!("the table has no column `{by}`")))?;
    if !column.type_is(&["u8", "u64"]) {
        let message = "which region owns a row is a `u8`, its index, or a `u64`, the id of an entity of it";
        return Err(syn::Error::new(column.ty.span(), message));
    }
    Ok(column.clone())
}

/// The key of a content table, which references can name.
fn check_content_key(key: &Column) -> syn::Result<()> {
    if key.type_is(&CONTENT_KEYS) {
        return Ok(());
    }
    let message = format!("the key of a content table is one of {}", CONTENT_KEYS.join(", "));
    Err(syn::Error::new(key.ty.span(), message))
}

/// Named, public, with at most one primary key.
fn columns(item: &ItemStruct) -> syn::Result<Vec<Column>> {
    let public = |visibility: &Visibility, span| match visibility {
        Visibility::Public(_) => Ok(()),
        _ => Err(syn::Error::new(
            span,
            "a row type is `pub`, and so are its columns: both modules and the tools read it",
        )),
    };
    public(&item.vis, item.ident.span())?;
    if !matches!(item.fields, Fields::Named(_)) {
        return Err(syn::Error::new(
            item.ident.span(),
            "a row type has named columns: `pub struct Name { pub column: u64 }`",
        ));
    }
    for field in &item.fields {
        public(&field.vis, field.ident.span())?;
    }
    let columns: Vec<Column> = item.fields.iter().filter_map(Column::of).collect::<syn::Result<_>>()?;
    match columns.iter().filter(|column| column.primary_key).nth(1) {
        Some(second) => {
            let message = "a second `#[primary_key]`; one column is the key, others are `#[unique]`";
            Err(syn::Error::new(second.ident.span(), message))
        }
        None => Ok(columns),
    }
}
