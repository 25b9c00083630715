//! What must hold of a source tree before anything is generated from it: nothing by-passes the attributes, nothing that
//! they mark is overlooked, and every name is given once.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, UseTree};

use super::Table;
use crate::parse::reducer::{AgentDecl, TimerArguments};
use crate::parse::table::{Home, TABLE_ATTRIBUTES};
use crate::parse::{find, is, is_spacetimedb, SPACETIMEDB};
use crate::source::{Mistakes, SourceFile, Sources};

/// Attributes that the generators look for, so that overlooking one would leave something out.
const FOUND_BY_ATTRIBUTE: [&str; 7] = ["table", "shared_table", "reducer", "agent", "timer", "inbox", "outcome"];

/// SpacetimeDB's attributes that ours stand for.
const BY_PASSED: [&str; 2] = ["reducer", "table"];

/// Name of the module that `mod.rs` of a feature becomes.
const FEATURE_MODULE: &str = "feature";

/// No reducer escapes its access check, and no table its home, by using SpacetimeDB's attribute; nothing that is marked
/// stands where the generators do not look.
pub(super) fn attributes(sources: &Sources) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for file in &sources.files {
        Checker {
            file,
            mistakes: &mut mistakes,
            inside: None,
        }
        .visit_file(&file.syntax);
    }
    mistakes
}

struct Checker<'a> {
    file: &'a SourceFile,
    mistakes: &'a mut Mistakes,
    /// The inline module or function that is being visited.
    inside: Option<String>,
}

impl Checker<'_> {
    fn within(&mut self, name: String, visit: impl FnOnce(&mut Self)) {
        let outer = self.inside.replace(name);
        visit(self);
        self.inside = outer;
    }

    fn push(&mut self, at: &impl quote::ToTokens, message: &str) {
        self.mistakes
            .push(&self.file.path, &syn::Error::new_spanned(at, message));
    }

    /// `path` is what was gone through so far, starting with the crate.
    fn import(&mut self, in_spacetimedb: bool, tree: &UseTree) {
        let refuse = |this: &mut Self| {
            let message =
                "use the attributes of hexmarch-macros: SpacetimeDB's own `reducer` and `table` check neither \
                           access nor home; import the other names one by one";
            this.push(tree, message);
        };
        let by_passed = |ident: &Ident| in_spacetimedb && BY_PASSED.iter().any(|name| ident == name);
        match tree {
            UseTree::Path(path) => {
                let enters = SPACETIMEDB.iter().any(|name| path.ident == name);
                self.import(in_spacetimedb || enters, &path.tree);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(in_spacetimedb, tree)),
            UseTree::Name(name) if by_passed(&name.ident) => refuse(self),
            UseTree::Rename(rename) if by_passed(&rename.ident) => refuse(self),
            UseTree::Glob(_) if in_spacetimedb => refuse(self),
            UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => {}
        }
    }
}

impl<'ast> Visit<'ast> for Checker<'_> {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if is_spacetimedb(attribute) && BY_PASSED.iter().any(|name| is(attribute, name)) {
            let message =
                "write `#[reducer]`, `#[agent]` or `#[timer]` of hexmarch-macros instead; tables are declared in \
                           packages/messages with `#[table]` or `#[shared_table]`";
            self.push(attribute, message);
        } else if let Some(inside) = self.inside.clone() {
            if let Some(name) = FOUND_BY_ATTRIBUTE.iter().find(|name| is(attribute, name)) {
                self.push(
                    attribute,
                    &format!("`#[{name}]` is found at the top of a file alone: move the item out of {inside}"),
                );
            }
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.within(format!("`mod {}`", item.ident), |this| {
            visit::visit_item_mod(this, item)
        });
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.within("the `impl`".into(), |this| visit::visit_item_impl(this, item));
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.within("the function".into(), |this| visit::visit_block(this, block));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(false, &item.tree);
    }
}

/// Rows are declared in `messages` alone: elsewhere, the attribute would make a plain type of them.
pub(super) fn no_tables(sources: &Sources) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for file in &sources.files {
        for item in &file.syntax.items {
            let Item::Struct(item) = item else { continue };
            if let Some(found) = TABLE_ATTRIBUTES.iter().find_map(|name| find(&item.attrs, name)) {
                let message =
                    "tables are declared in packages/messages; here, this would be no table. Move it there; rows \
                               that call a reducer are a `#[timer]`";
                mistakes.push(&file.path, &syn::Error::new_spanned(found, message));
            }
        }
    }
    mistakes
}

/// Every file and folder is named like a module.
pub(super) fn file_names(sources: &Sources) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for file in &sources.files {
        let last = file.module.len().saturating_sub(1);
        for (index, part) in file.module.iter().enumerate() {
            if !(index == last && part == "mod") && syn::parse_str::<Ident>(part).is_err() {
                mistakes.push_file(
                    &file.path,
                    format!("`{part}` is no name of a module; rename it in snake_case"),
                );
            }
        }
    }
    mistakes
}

/// Feature folders hold files and no folders, and no two things have one name. `reserved` are generated modules.
pub(super) fn features(sources: &Sources, reserved: &[String]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let is_folder = |name: &str| {
        sources
            .files
            .iter()
            .any(|file| file.module.len() > 1 && file.module.first().is_some_and(|first| first == name))
    };
    for file in &sources.files {
        let message = match file.module.as_slice() {
            [name] if is_folder(name) => {
                format!("two features are called `{name}`, this file and the folder: move the file to `{name}/mod.rs`")
            }
            [feature, _] if reserved.contains(feature) => {
                format!("the generated module is called `{feature}` too; rename the folder")
            }
            [feature, name] if name == FEATURE_MODULE => {
                format!("`{feature}/mod.rs` is called `{FEATURE_MODULE}` where it is included; rename this file")
            }
            [feature, _, _, ..] => {
                format!(
                    "a feature is one folder of files, and this would not be compiled: move the file to `{feature}/`"
                )
            }
            _ => continue,
        };
        mistakes.push_file(&file.path, message);
    }
    mistakes
}

/// Every file is declared by the one above it, else it would not be compiled.
pub(super) fn declared(sources: &Sources) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let named = |module: &[String]| match module {
        [parts @ .., last] if last == "mod" => parts.to_vec(),
        [only] if only == "lib" => Vec::new(),
        parts => parts.to_vec(),
    };
    for file in &sources.files {
        let module = named(&file.module);
        let Some((name, above)) = module.split_last() else {
            continue;
        };
        let Some(parent) = sources.files.iter().find(|parent| named(&parent.module) == above) else {
            continue;
        };
        let declares = |item: &Item| matches!(item, Item::Mod(item) if item.content.is_none() && item.ident == name);
        if !parent.syntax.items.iter().any(declares) {
            let message = format!(
                "this file is not compiled: add `pub mod {name};` to {}",
                parent.path.display()
            );
            mistakes.push_file(&file.path, message);
        }
    }
    mistakes
}

/// A name with where it was given, `None` for generated text.
struct Given<'a> {
    name: String,
    at: Option<(&'a SourceFile, proc_macro2::Span)>,
}

fn at<'a>(file: &'a SourceFile, ident: &Ident) -> Given<'a> {
    Given {
        name: ident.to_string(),
        at: Some((file, ident.span())),
    }
}

fn generated<'a>(name: String) -> Given<'a> {
    Given { name, at: None }
}

/// Reports each name that is given twice, at the second place.
fn once(kind: &str, given: Vec<Given>, mistakes: &mut Mistakes) {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    // Generated names come first: what can be renamed is what is reported.
    let (generated, written): (Vec<_>, Vec<_>) = given.into_iter().partition(|given| given.at.is_none());
    first.extend(generated.into_iter().map(|given| (given.name, "generated".to_string())));
    for Given { name, at } in written {
        let Some((file, span)) = at else { continue };
        let start = span.start();
        let place = format!("at {}:{}:{}", file.path.display(), start.line, start.column + 1);
        match first.get(&name) {
            Some(earlier) => {
                let message = format!("a second {kind} `{name}`, the first is {earlier}; rename one");
                mistakes.push_span(&file.path, span, message);
            }
            None => {
                first.insert(name, place);
            }
        }
    }
}

/// No table and no row type is declared twice, twins of content tables included.
pub(super) fn tables(tables: &[Table]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let twins = tables.iter().filter(|table| table.decl.content_key.is_some());
    let twins = twins.map(|table| generated(format!("staged_{}", table.decl.name)));
    let names = tables.iter().map(|table| at(table.file, &table.decl.name));
    once("table", twins.chain(names).collect(), &mut mistakes);
    once(
        "row type",
        tables.iter().map(|table| at(table.file, &table.decl.ident)).collect(),
        &mut mistakes,
    );
    mistakes
}

/// No name is of two types: they are told apart by it.
pub(super) fn types<'a>(types: impl Iterator<Item = (&'a SourceFile, &'a Ident)>) -> Mistakes {
    let mut mistakes = Mistakes::default();
    once(
        "type",
        types.map(|(file, ident)| at(file, ident)).collect(),
        &mut mistakes,
    );
    mistakes
}

/// No reducer and no timer's table of a module has the name of another, of a table of `messages`, or of something
/// generated.
pub(super) fn module_names(home: Home, tables: &[Table], sources: &Sources, generated_items: &[Item]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let here: Vec<&Table> = tables.iter().filter(|table| table.decl.lives_in(home)).collect();

    let events = here.iter().filter(|table| table.decl.event);
    let mut reducers: Vec<Given> = events
        .map(|table| generated(format!("expire_{}", table.decl.name)))
        .collect();
    reducers.extend(reducers_of(generated_items).into_iter().map(generated));
    let mut names: Vec<Given> = here.iter().map(|table| at(table.file, &table.decl.name)).collect();
    let twins = here.iter().filter(|table| table.decl.content_key.is_some());
    names.extend(twins.map(|table| generated(format!("staged_{}", table.decl.name))));

    for file in &sources.files {
        for item in &file.syntax.items {
            let timer = match item {
                Item::Fn(function) if find(&function.attrs, "reducer").is_some() => {
                    reducers.push(at(file, &function.sig.ident));
                    continue;
                }
                Item::Fn(function) => find(&function.attrs, "agent").map(|attribute| {
                    reducers.push(at(file, &function.sig.ident));
                    AgentDecl::parse(attribute, function).map(|agent| agent.timer)
                }),
                Item::Struct(row) => find(&row.attrs, "timer")
                    .map(|attribute| TimerArguments::parse(attribute).map(|arguments| arguments.name)),
                _ => None,
            };
            match timer {
                Some(Ok(timer)) => names.push(at(file, &timer)),
                Some(Err(error)) => mistakes.push(&file.path, &error),
                None => {}
            }
        }
    }
    once("reducer", reducers, &mut mistakes);
    once("table", names, &mut mistakes);
    mistakes
}

fn reducers_of(items: &[Item]) -> Vec<String> {
    let mut names = Vec::new();
    for item in items {
        match item {
            Item::Mod(ItemMod {
                content: Some((_, items)),
                ..
            }) => names.extend(reducers_of(items)),
            Item::Fn(function) if find(&function.attrs, "reducer").is_some() => {
                names.push(function.sig.ident.to_string())
            }
            _ => {}
        }
    }
    names
}

/// Names of the modules among generated items.
pub(super) fn modules_of(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}
