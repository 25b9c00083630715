//! All content as a book of HTML pages, to be opened in a browser from files, without a server or a network.
//!
//! What it promises: whatever content does not hide has a page, in every language; every link leads somewhere; texts of
//! rows are texts and never markup; the same content gives the same bytes.

mod cells;
mod folk;
mod home;
mod icon;
mod item;
mod kind;
mod land;
mod lists;
mod lore;
mod make;
mod resource;
mod scribe;
mod search;
mod shell;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{bail, Context as _};

pub use kind::Kind;

use crate::atlas::{Atlas, Language, Plan};
use crate::Content;
use lists::List;
use scribe::Scribe;
use shell::Page;

/// A file of this name says that a directory holds a book, which may be replaced.
const MARK: &str = ".hexmarch-book";
/// The look of all pages.
const STYLE: &str = include_str!("assets/book.css");
/// The look of graphs.
const GRAPH_STYLE: &str = include_str!("../graph/graph.css");
/// Search, sorting, filters and the choice of light or dark.
const SCRIPT: &str = include_str!("assets/book.js");

/// The files of a book, by their path with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// Writes a book into a directory and returns how many pages it has.
///
/// # Errors
/// When the directory holds something else than a book, or cannot be written.
pub fn write(content: &Content, languages: &[Language], directory: &Path) -> anyhow::Result<usize> {
    let files = files(&Atlas::new(content), languages);
    make_room(directory)?;
    for (path, text) in &files {
        let path = directory.join(path);
        let context = || format!("cannot write {}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(context)?;
        }
        std::fs::write(&path, text).with_context(context)?;
    }
    Ok(files.keys().filter(|path| path.ends_with(".html")).count())
}

/// Removes the book that was there before.
fn make_room(directory: &Path) -> anyhow::Result<()> {
    let context = || format!("cannot use {} for the book", directory.display());
    let is_empty = match std::fs::read_dir(directory) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(error).with_context(context),
    };
    if !is_empty {
        if !directory.join(MARK).is_file() {
            bail!(
                "{} is not empty and holds no book; name another directory",
                directory.display()
            );
        }
        std::fs::remove_dir_all(directory).with_context(context)?;
    }
    std::fs::create_dir_all(directory).with_context(context)?;
    std::fs::write(directory.join(MARK), "").with_context(context)
}

/// All files of a book.
pub fn files(atlas: &Atlas, languages: &[Language]) -> Files {
    let plan = Plan::new(atlas);
    let mut files = Files::new();
    for language in languages {
        let scribe = Scribe {
            atlas,
            plan: &plan,
            language,
            languages,
            root: "../",
        };
        let at_root = Scribe { root: "", ..scribe };
        let code = language.code();
        let mut add = |scribe: &Scribe<'_>, page: &Page| {
            files.insert(format!("{code}/{}", page.path), scribe.bind(page));
        };
        add(&at_root, &at_root.home());
        add(&at_root, &at_root.search_page());
        add(&scribe, &scribe.overview());
        for list in List::all() {
            add(&scribe, &scribe.list(list));
        }
        for kind in Kind::ALL {
            for id in kind.ids(atlas) {
                add(&scribe, &page(&scribe, kind, id));
            }
        }
        files.insert(format!("assets/search-{code}.js"), scribe.search_index());
    }
    files.insert("assets/book.css".to_owned(), format!("{STYLE}\n{GRAPH_STYLE}"));
    files.insert("assets/book.js".to_owned(), SCRIPT.to_owned());
    if let Some(first) = languages.first() {
        files.insert("index.html".to_owned(), door(first, languages));
    }
    files
}

fn page(scribe: &Scribe<'_>, kind: Kind, id: i32) -> Page {
    match kind {
        Kind::Item => scribe.item(id),
        Kind::Cargo => scribe.cargo(id),
        Kind::Resource => scribe.resource(id),
        Kind::Building => scribe.building(id),
        Kind::Enemy => scribe.enemy(id),
        Kind::Person => scribe.person(id),
        Kind::Biome => scribe.biome(id),
        Kind::Water => scribe.water(id),
        Kind::Site => scribe.site(id),
        Kind::Chest => scribe.chest(id),
        Kind::Paving => scribe.paving(id),
        Kind::Skill => scribe.skill(id),
        Kind::Action => scribe.action(id),
        Kind::Buff => scribe.buff(id),
        Kind::Knowledge => scribe.knowledge(id),
        Kind::Achievement => scribe.achievement(id),
    }
}

/// The page that leads to the reader's language: English if it is there.
fn door(first: &Language, languages: &[Language]) -> String {
    let english = languages.iter().find(|language| language.code() == "en");
    let code = english.unwrap_or(first).code();
    let target = format!("{code}/index.html");
    let markup = maud::html! {
        (maud::DOCTYPE)
        html lang=(code) {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content=(format!("0; url={target}"));
                title { (first.word("book-title")) }
            }
            body {
                @for language in languages {
                    p { a href=(format!("{}/index.html", language.code())) { (language.word("language-name")) } }
                }
            }
        }
    };
    markup.into_string()
}

#[cfg(test)]
mod markup;
#[cfg(test)]
mod tests;
