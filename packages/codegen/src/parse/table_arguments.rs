//! The arguments of `#[table(...)]` and `#[shared_table(...)]`.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Meta, MetaNameValue, Path, Token};

use super::table::{Home, Replicas};
use super::{is, parse_arguments, snake_case};

/// The arguments, ours taken out.
pub struct Arguments {
    /// Where it is a table.
    pub homes: Vec<Home>,
    /// Of a shared table, and only of one.
    pub owner: Option<Home>,
    /// Of a region's shared table: the column that says which region.
    pub by: Option<Ident>,
    /// Who follows the owner.
    pub replicas: Replicas,
    /// The table's name.
    pub name: Ident,
    /// Whether players can see it.
    pub public: bool,
    /// `private`, said in so many words.
    pub private: Option<Path>,
    /// What `spacetimedb::table` gets beside the name.
    pub rest: Vec<Meta>,
}

#[derive(Default)]
struct Found {
    homes: Vec<Home>,
    owner: Option<Ident>,
    by: Option<Ident>,
    replicas: Option<Ident>,
    name: Option<Ident>,
    public: Option<Path>,
    private: Option<Path>,
    indexes: Vec<Meta>,
}

impl Arguments {
    /// Parses the attribute.
    ///
    /// # Errors
    /// When an argument is missing, unknown, given twice or does not go with another.
    pub fn parse(attribute: &Attribute) -> syn::Result<Self> {
        let is_shared = is(attribute, "shared_table");
        let mut found = Found::default();
        for meta in parse_arguments(attribute, Punctuated::<Meta, Token![,]>::parse_terminated)? {
            found.add(meta, is_shared)?;
        }
        found.finish(attribute, is_shared)
    }
}

impl Found {
    fn add(&mut self, meta: Meta, is_shared: bool) -> syn::Result<()> {
        match &meta {
            Meta::Path(path) if path.is_ident("public") => once(&mut self.public, path.clone()),
            Meta::Path(path) if path.is_ident("private") => once(&mut self.private, path.clone()),
            Meta::Path(path) => match path.get_ident().and_then(Home::parse) {
                Some(_) if is_shared => Err(syn::Error::new_spanned(
                    path,
                    "a shared table lives in every database; write `owner = ...`",
                )),
                Some(home) if self.homes.contains(&home) => {
                    Err(syn::Error::new_spanned(path, "stands twice; keep one"))
                }
                Some(home) => {
                    self.homes.push(home);
                    Ok(())
                }
                None => Err(unknown(&meta, is_shared)),
            },
            Meta::NameValue(pair) if pair.path.is_ident("name") => once(&mut self.name, word(pair, "player_state")?),
            Meta::NameValue(pair) if is_shared && pair.path.is_ident("owner") => {
                once(&mut self.owner, word(pair, "global")?)
            }
            Meta::NameValue(pair) if is_shared && pair.path.is_ident("by") => {
                once(&mut self.by, word(pair, "region_id")?)
            }
            Meta::NameValue(pair) if is_shared && pair.path.is_ident("to") => {
                once(&mut self.replicas, word(pair, "all")?)
            }
            Meta::List(list) if list.path.is_ident("index") => {
                self.indexes.push(meta);
                Ok(())
            }
            Meta::List(list) if list.path.is_ident("scheduled") => {
                let message =
                    "rows that call a reducer are a `#[timer]` in the module; rows that players see once are \
                               an `#[event_table]`";
                Err(syn::Error::new_spanned(list, message))
            }
            _ => Err(unknown(&meta, is_shared)),
        }
    }

    fn finish(self, attribute: &Attribute, is_shared: bool) -> syn::Result<Arguments> {
        let Self {
            mut homes,
            owner,
            by,
            replicas,
            name,
            public,
            private,
            indexes,
        } = self;
        let missing = |message: &str| syn::Error::new_spanned(attribute, message);
        let (mut shared_owner, mut followers) = (None, Replicas::All);
        if is_shared {
            let word = owner.ok_or_else(|| missing("who owns the rows? write `owner = region` or `owner = global`"))?;
            let owner = Home::parse(&word)
                .ok_or_else(|| syn::Error::new(word.span(), "the owner of a shared table is `region` or `global`"))?;
            check_by(owner, by.as_ref(), &word)?;
            followers = replicas.map_or(Ok(Replicas::All), |word| followers_of(owner, &word))?;
            homes = vec![Home::Region, Home::Global];
            shared_owner = Some(owner);
        } else if homes.is_empty() {
            return Err(missing(
                "where does the table live? write `region`, `global` or both, e.g. `#[table(region, name = ...)]`",
            ));
        }
        let name = name.ok_or_else(|| missing("the table's name is missing; write `name = snake_case_name`"))?;
        snake_case(&name, "a table")?;
        if let (Some(_), Some(private)) = (&public, &private) {
            return Err(syn::Error::new_spanned(
                private,
                "`public` and `private` exclude each other; keep one",
            ));
        }
        let rest = public
            .iter()
            .chain(&private)
            .cloned()
            .map(Meta::Path)
            .chain(indexes)
            .collect();
        Ok(Arguments {
            homes,
            owner: shared_owner,
            by,
            replicas: followers,
            name,
            public: public.is_some(),
            private,
            rest,
        })
    }
}

fn once<T: ToTokens>(slot: &mut Option<T>, value: T) -> syn::Result<()> {
    match slot {
        Some(_) => Err(syn::Error::new_spanned(value, "stands twice; keep one")),
        None => {
            *slot = Some(value);
            Ok(())
        }
    }
}

/// The bare word behind `key =`.
fn word(pair: &MetaNameValue, example: &str) -> syn::Result<Ident> {
    syn::parse2(pair.value.to_token_stream()).map_err(|_| {
        let message = format!("write a bare word: `{} = {example}`", pair.path.to_token_stream());
        syn::Error::new_spanned(&pair.value, message)
    })
}

/// Rows of many regions stand side by side in a replica, so each says whose it is.
fn check_by(owner: Home, by: Option<&Ident>, word: &Ident) -> syn::Result<()> {
    match (owner, by) {
        (Home::Region, None) => Err(syn::Error::new(
            word.span(),
            "which region owns a row? write `by = column`, of a `u8`, its index, or a `u64`, the id of an entity of it",
        )),
        (Home::Global, Some(by)) => Err(syn::Error::new(
            by.span(),
            "the global database owns every row of this table; remove `by`",
        )),
        _ => Ok(()),
    }
}

fn followers_of(owner: Home, word: &Ident) -> syn::Result<Replicas> {
    match (word.to_string().as_str(), owner) {
        ("all", _) => Ok(Replicas::All),
        ("global", Home::Region) => Ok(Replicas::Global),
        ("global", Home::Global) => Err(syn::Error::new(
            word.span(),
            "the global database is the owner; replicas of its rows are at `all` regions",
        )),
        _ => Err(syn::Error::new(
            word.span(),
            "replicas are at `all` or, of a region's rows, at `global`",
        )),
    }
}

fn unknown(meta: &Meta, is_shared: bool) -> syn::Error {
    let known = if is_shared {
        "`#[shared_table]` takes `owner = ...`, `by = ...`, `to = ...`, `name = ...`, `public` and `index(...)`"
    } else {
        "`#[table]` takes `region`, `global`, `name = ...`, `public` and `index(...)`"
    };
    syn::Error::new_spanned(meta, format!("unknown argument; {known}"))
}
