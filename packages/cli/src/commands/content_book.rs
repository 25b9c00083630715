//! `hexmarch content graph` and `hexmarch content book`: content as pictures and pages.

use std::path::{Path, PathBuf};

use anyhow::{bail, Context as _};
use clap::Args;
use hexmarch_content::atlas::{Atlas, Language, Plan, Thing};
use hexmarch_content::{book, graph};

use crate::checkout::Checkout;
use crate::cli::Common;
use crate::content::{self, Content};
use crate::output::{self, note};

/// Where content is in the checkout.
const DEFAULT_DIRECTORY: &str = "static_data";
/// Texts in other languages, in the directory of the content.
const TEXTS: &str = "i18n";
/// Things that are listed when a name fits several.
const MAX_LISTED: usize = 12;

const GRAPH_EXAMPLES: &str = "\
Examples:
  hexmarch content graph > game.svg                      The whole game: families of things by tier
  hexmarch content graph 'Alder Plank' --output plank.svg
  hexmarch content graph 2012 --language de              By number, with German names, to standard output
  hexmarch content graph cargo:3                         A piece of cargo";

const BOOK_EXAMPLES: &str = "\
Examples:
  hexmarch content book                        Into book/; then open book/index.html in a browser
  hexmarch content book --output /tmp/book --language de
  hexmarch content book --unchecked            While the content still has mistakes

The book needs neither a server nor a network. A book that was there before is replaced; a directory
that holds anything else is left alone.";

/// Where the content is.
#[derive(Debug, Args)]
pub struct From {
    /// Directory of the content [default: static_data of the checkout]
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Go on in spite of mistakes in the content, without the rows that have them
    #[arg(long)]
    unchecked: bool,
}

/// Draw what makes what, as SVG
#[derive(Debug, Args)]
#[command(after_help = GRAPH_EXAMPLES)]
pub struct GraphArguments {
    /// Number or name of an item, or cargo:NUMBER; without it, the whole game
    item: Option<String>,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE.svg")]
    output: Option<PathBuf>,
    /// Language of the names
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: String,
    #[command(flatten)]
    from: From,
}

/// Write all content as a book of HTML pages
#[derive(Debug, Args)]
#[command(after_help = BOOK_EXAMPLES)]
pub struct BookArguments {
    /// Directory to write
    #[arg(long, value_name = "DIR", default_value = "book")]
    output: PathBuf,
    /// Only this language [default: all]
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    #[command(flatten)]
    from: From,
}

pub(crate) fn graph(common: &Common, arguments: &GraphArguments) -> anyhow::Result<()> {
    let (directory, content) = read(common, &arguments.from)?;
    let language = language(&directory, &arguments.language)?;
    let atlas = Atlas::new(&content);
    let plan = Plan::new(&atlas);
    let source = graph::Source {
        atlas: &atlas,
        plan: &plan,
        language: &language,
    };
    let figure = match &arguments.item {
        Some(item) => graph::of_thing(source, find(&atlas, &language, item)?, &|_| None),
        None => graph::overview(source),
    };
    let svg = graph::svg_file(&figure);
    match &arguments.output {
        Some(path) => std::fs::write(path, svg).with_context(|| format!("cannot write {}", path.display())),
        None => output::line(svg.trim_end()),
    }
}

pub(crate) fn book(common: &Common, arguments: &BookArguments) -> anyhow::Result<()> {
    let (directory, content) = read(common, &arguments.from)?;
    let codes = match &arguments.language {
        Some(code) => vec![code.clone()],
        None => Language::codes(&directory.join(TEXTS)),
    };
    let languages: Vec<Language> = codes
        .iter()
        .map(|code| language(&directory, code))
        .collect::<Result<_, _>>()?;
    let pages = book::write(&content, &languages, &arguments.output)?;
    output::line(&format!(
        "{pages} pages; open {}",
        arguments.output.join("index.html").display()
    ))
}

fn read(common: &Common, from: &From) -> anyhow::Result<(PathBuf, Content)> {
    let directory = match &from.directory {
        Some(directory) => directory.clone(),
        None => Checkout::find(common.checkout.as_deref())?.path(DEFAULT_DIRECTORY),
    };
    let (content, mistakes) = content::check(&directory)?;
    let count = mistakes.iter().filter(|mistake| !mistake.is_warning).count();
    if count > 0 && !from.unchecked {
        for mistake in &mistakes {
            note(&mistake.to_string());
        }
        bail!(
            "{count} mistakes in {}; correct them, or add --unchecked",
            directory.display()
        );
    }
    Ok((directory, content))
}

fn language(directory: &Path, code: &str) -> anyhow::Result<Language> {
    let texts = directory.join(TEXTS);
    let codes = Language::codes(&texts);
    if !codes.iter().any(|known| known == code) {
        bail!("there are no texts in '{code}'; languages: {}", codes.join(", "));
    }
    if texts.join(code).is_dir() {
        return Language::read(&texts, code);
    }
    Ok(Language::english())
}

/// The thing with this number or name, in English or in the language chosen; any case.
fn find(atlas: &Atlas, language: &Language, wanted: &str) -> anyhow::Result<Thing> {
    let number = |text: &str| text.trim().parse::<i32>().ok();
    let by_number = match wanted.strip_prefix("cargo:") {
        Some(cargo) => number(cargo).map(Thing::Cargo),
        None => number(wanted).map(Thing::Item),
    };
    if let Some(thing) = by_number {
        if atlas.things().any(|known| known == thing) {
            return Ok(thing);
        }
        bail!("there is no '{wanted}' in the content; numbers and names are in `hexmarch content book`");
    }
    let english = Language::english();
    let wanted_folded = wanted.to_lowercase();
    let names =
        |thing: Thing| [english.thing(atlas, thing), language.thing(atlas, thing)].map(|name| name.to_lowercase());
    let exact: Vec<Thing> = atlas
        .things()
        .filter(|thing| names(*thing).contains(&wanted_folded))
        .collect();
    if let [thing] = exact.as_slice() {
        return Ok(*thing);
    }
    let fits = |thing: &Thing| names(*thing).iter().any(|name| name.contains(&wanted_folded));
    let near: Vec<Thing> = match exact.is_empty() {
        true => atlas.things().filter(fits).collect(),
        false => exact,
    };
    let listed: Vec<String> = near
        .iter()
        .take(MAX_LISTED)
        .map(|thing| describe(atlas, language, *thing))
        .collect();
    match (near.as_slice(), near.len() > MAX_LISTED) {
        ([thing], _) => Ok(*thing),
        ([], _) => bail!("nothing is called '{wanted}'; numbers and names are in `hexmarch content book`"),
        (_, is_cut) => {
            let more = if is_cut { ", ..." } else { "" };
            bail!("'{wanted}' may be {}{more}; name one by its number", listed.join(", "))
        }
    }
}

fn describe(atlas: &Atlas, language: &Language, thing: Thing) -> String {
    let number = match thing {
        Thing::Item(id) => id.to_string(),
        Thing::Cargo(id) => format!("cargo:{id}"),
    };
    format!("{number} ({})", language.thing(atlas, thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` is the thing, or a part of what is said instead.
    #[track_caller]
    fn check(wanted: &str, expected: Result<Thing, &str>) {
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
        let (content, _) = content::check(&directory).unwrap();
        let found = find(&Atlas::new(&content), &language(&directory, "de").unwrap(), wanted);
        match (found.map_err(|error| error.to_string()), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(said), Err(expected)) => assert!(said.contains(expected), "{said}"),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn things_are_found_by_number_and_name() {
        check("1102", Ok(Thing::Item(1102)));
        check("birch log", Ok(Thing::Item(1102)));
        check("beil des wanderers", Ok(Thing::Item(1601)));
        check("wayfarer's hatch", Ok(Thing::Item(1601)));
        check("cargo:1", Ok(Thing::Cargo(1)));
        check("cargo:99999", Err("there is no 'cargo:99999'"));
        check("99999", Err("there is no '99999'"));
        check("Excalibur", Err("nothing is called 'Excalibur'"));
        check("plank", Err("2011 (Helles Brett)"));
    }

    #[test]
    fn languages_are_those_that_there_are_texts_for() {
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
        assert_eq!(language(&directory, "en").unwrap().code(), "en");
        let said = language(&directory, "../de").unwrap_err().to_string();
        assert!(said.contains("languages: de, en"), "{said}");
    }
}
