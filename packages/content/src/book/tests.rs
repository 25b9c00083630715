use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::LazyLock;

use super::markup::elements;
use super::*;
use crate::atlas::{Thing, Way};

/// What a mischievous row would say.
const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;{{7*7}}";

static WORLD: LazyLock<(Atlas, Vec<Language>)> = LazyLock::new(read);
static FILES: LazyLock<Files> = LazyLock::new(|| files(&WORLD.0, &WORLD.1));

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../static_data")
}

fn read() -> (Atlas, Vec<Language>) {
    let (content, _) = crate::check(&directory()).unwrap();
    let texts = directory().join("i18n");
    let languages = Language::codes(&texts)
        .iter()
        .map(|code| Language::read(&texts, code).unwrap())
        .collect();
    (Atlas::new(&content), languages)
}

/// What one page has that others may lead to, and where it leads.
struct Parsed {
    ids: Vec<String>,
    targets: Vec<String>,
}

fn parse(text: &str) -> Parsed {
    let elements = elements(text).unwrap();
    let all = |name: &str| {
        let values = elements.iter().filter_map(|element| element.attribute(name));
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    Parsed {
        ids: all("id"),
        targets: [all("href"), all("src"), all("action")].concat(),
    }
}

static PARSED: LazyLock<BTreeMap<&'static str, Parsed>> = LazyLock::new(|| {
    let pages = FILES.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, text)| (path.as_str(), parse(text))).collect()
});

/// The file that a link of a page leads to, and the place in it.
fn resolve(page: &str, target: &str) -> (String, Option<String>) {
    let (path, fragment) = match target.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment.to_owned())),
        None => (target, None),
    };
    let path = path.split('?').next().unwrap();
    if path.is_empty() {
        return (page.to_owned(), fragment);
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop().expect("a link out of the book")),
            "." => {}
            part => parts.push(part),
        }
    }
    (parts.join("/"), fragment)
}

#[test]
fn whatever_is_shown_has_a_page_in_every_language() {
    let (atlas, languages) = &*WORLD;
    for code in languages.iter().map(Language::code) {
        for kind in Kind::ALL {
            let ids = kind.ids(atlas);
            assert!(!ids.is_empty(), "no {kind:?}");
            for id in ids {
                assert!(kind.is_shown(atlas, id));
                let page = format!("{code}/{}/{id}.html", kind.folder());
                assert!(PARSED.contains_key(page.as_str()), "{page}");
            }
        }
        let shown = |folder: &str, id: i32, place: String| {
            let page = format!("{code}/{folder}/{id}.html");
            let page = PARSED.get(page.as_str());
            assert!(
                page.is_some_and(|page| page.ids.contains(&place)),
                "{folder} {id} #{place}"
            );
        };
        for row in atlas
            .extractions
            .values()
            .filter(|row| Kind::Resource.is_shown(atlas, row.resource_id))
        {
            shown("resource", row.resource_id, format!("gather-{}", row.id));
        }
        for row in atlas
            .constructions
            .values()
            .filter(|row| Kind::Building.is_shown(atlas, row.building_description_id))
        {
            shown("building", row.building_description_id, format!("build-{}", row.id));
        }
        for row in atlas.trades.values() {
            shown("person", row.traveler, format!("trade-{}", row.id));
        }
        for row in atlas.recipes.values() {
            for (thing, _) in Atlas::outputs(row) {
                let (kind, id) = scribe::page_of(thing);
                if kind.is_shown(atlas, id) {
                    shown(kind.folder(), id, format!("recipe-{}", row.id));
                }
            }
        }
    }
}

#[test]
fn no_link_is_dead() {
    let mut count = 0;
    for (page, parsed) in &*PARSED {
        let unique: BTreeSet<&String> = parsed.ids.iter().collect();
        assert_eq!(unique.len(), parsed.ids.len(), "{page} has an id twice");
        for target in &parsed.targets {
            let (path, fragment) = resolve(page, target);
            assert!(
                FILES.contains_key(&path),
                "{page} leads to {target}, which is not there"
            );
            if let Some(fragment) = fragment {
                let place = PARSED
                    .get(path.as_str())
                    .is_some_and(|parsed| parsed.ids.contains(&fragment));
                assert!(place, "{page} leads to {target}, and there is no such place");
            }
            count += 1;
        }
    }
    assert!(count > 10_000, "only {count} links");
}

/// Three clicks from the home page to how a thing is made.
#[test]
fn everything_is_near_the_home_page() {
    for home in PARSED
        .keys()
        .filter(|page| page.matches('/').count() == 1 && page.ends_with("/index.html"))
    {
        let mut clicks = BTreeMap::from([((*home).to_owned(), 0)]);
        let mut open = VecDeque::from([(*home).to_owned()]);
        while let Some(page) = open.pop_front() {
            let next = clicks[&page] + 1;
            for target in PARSED.get(page.as_str()).into_iter().flat_map(|parsed| &parsed.targets) {
                let (path, _) = resolve(&page, target);
                if !clicks.contains_key(&path) {
                    clicks.insert(path.clone(), next);
                    open.push_back(path);
                }
            }
        }
        let language = home.trim_end_matches("index.html");
        for page in PARSED.keys().filter(|page| page.starts_with(language)) {
            assert!(
                clicks.get(*page).is_some_and(|clicks| *clicks <= 2),
                "{page}: {:?} clicks",
                clicks.get(*page)
            );
        }
    }
}

#[test]
fn what_can_be_made_says_how() {
    let (atlas, _) = &*WORLD;
    for thing in atlas.things() {
        let is_made = atlas.ways(thing).iter().any(|way| matches!(way, Way::Craft { .. }));
        let (kind, id) = scribe::page_of(thing);
        if let Some(page) = PARSED.get(format!("en/{}/{id}.html", kind.folder()).as_str()) {
            assert_eq!(page.ids.iter().any(|id| id == "make"), is_made, "{thing:?}");
        }
    }
}

#[test]
fn every_word_is_there() {
    for (path, text) in &*FILES {
        let lacking = text.split_once('⟦').and_then(|(_, rest)| rest.split_once('⟧'));
        assert_eq!(lacking.map(|(word, _)| word), None, "{path}");
    }
}

#[test]
fn the_same_content_gives_the_same_book() {
    let (atlas, languages) = read();
    assert!(files(&atlas, &languages) == *FILES);
}

#[test]
fn texts_of_rows_are_never_markup() {
    let (mut atlas, _) = read();
    let hostile = || HOSTILE.to_owned();
    for row in atlas.items.values_mut() {
        (row.name, row.description, row.tag) = (hostile(), hostile(), hostile());
    }
    for row in atlas.recipes.values_mut() {
        row.name = hostile();
    }
    for row in atlas.npcs.values_mut() {
        (row.name, row.description, row.greeting) = (hostile(), hostile(), hostile());
    }
    for row in atlas.scrolls.values_mut() {
        (row.title, row.content) = (hostile(), hostile());
    }
    for row in atlas.extractions.values_mut() {
        row.verb_phrase = hostile();
    }
    for row in atlas.building_types.values_mut() {
        row.name = hostile();
    }
    let mut german = Language::read(&directory().join("i18n"), "de").unwrap();
    german.add(&format!(
        "skill_desc-8 =\n    .name = {}\n",
        HOSTILE.replace('{', "{ \"{\" }").replace("}}", "")
    ));
    let files = files(&atlas, &[Language::english(), german]);
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        // Its own two are loaded from files; nothing else is a script or a picture.
        assert!(!text.contains("<script>") && !text.contains("<img"), "{path}");
        if path.starts_with("en/item/2") {
            let elements = elements(text).unwrap_or_else(|mistake| panic!("{path}: {mistake}"));
            let is_foreign = |element: &markup::Element<'_>| match element.name {
                "script" => element.attribute("src").is_none(),
                name => name == "img",
            };
            assert!(!elements.iter().any(is_foreign), "{path}");
            let heading = elements.iter().find(|element| element.name == "h1").unwrap();
            if !path.ends_with("overview.html") {
                assert_eq!(heading.text, HOSTILE, "{path}");
            }
        }
    }
    let index = &files["assets/search-en.js"];
    let json = index
        .strip_prefix("window.bookIndex=")
        .unwrap()
        .trim_end()
        .trim_end_matches(';');
    let entries: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
    assert!(entries.iter().any(|entry| entry[0] == HOSTILE));
}

#[test]
fn a_book_replaces_a_book_and_nothing_else() {
    let content = Content::default();
    let languages = [Language::english()];
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("deep/book");
    let pages = write(&content, &languages, &directory).unwrap();
    std::fs::write(directory.join("en/stale.html"), "").unwrap();
    assert_eq!(write(&content, &languages, &directory).unwrap(), pages);
    assert!(!directory.join("en/stale.html").exists());
    assert!(directory.join("index.html").exists() && directory.join("en/index.html").exists());

    let other = parent.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("diary.txt"), "mine").unwrap();
    let error = write(&content, &languages, &other).unwrap_err().to_string();
    assert!(error.contains("name another directory"), "{error}");
    assert!(other.join("diary.txt").exists());
}

#[test]
fn the_search_knows_every_page() {
    let (atlas, _) = &*WORLD;
    let index = &FILES["assets/search-de.js"];
    let json = index
        .strip_prefix("window.bookIndex=")
        .unwrap()
        .trim_end()
        .trim_end_matches(';');
    let entries: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
    let expected: usize = Kind::ALL.iter().map(|kind| kind.ids(atlas).len()).sum();
    assert_eq!(entries.len(), expected);
    for entry in entries {
        let page = format!("de/{}/{}.html", entry[1].as_str().unwrap(), entry[2]);
        assert!(FILES.contains_key(&page), "{page}");
    }
}

/// Doing the steps of a bill in order, with what it lists as raw, makes the thing.
#[test]
fn bills_suffice() {
    let (atlas, _) = &*WORLD;
    let plan = Plan::new(atlas);
    let mut made = 0;
    for thing in atlas.things() {
        let bill = plan.bill(atlas, thing);
        if bill.steps.is_empty() {
            continue;
        }
        let mut stock: BTreeMap<Thing, u64> = bill.raw.iter().copied().collect();
        for (recipe, times) in &bill.steps {
            let row = &atlas.recipes[recipe];
            for (input, quantity) in Atlas::inputs(row) {
                let had = stock.get(&input).copied().unwrap_or(0);
                let left = had.checked_sub(times * u64::from(quantity));
                stock.insert(
                    input,
                    left.unwrap_or_else(|| panic!("{thing:?}: {input:?} does not suffice for {recipe}")),
                );
            }
            for (output, quantity) in Atlas::outputs(row) {
                *stock.entry(output).or_default() += times * u64::from(quantity);
            }
        }
        assert!(stock.get(&thing).is_some_and(|count| *count >= 1), "{thing:?}");
        made += 1;
    }
    assert!(made > 200, "only {made} things are made");
}
