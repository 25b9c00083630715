//! Mistakes put into a copy of the game's own content: each is reported at its file, line and column, and nothing else is
//! reported but what follows from it.
//!
//! Rows are found by what is in them, and places by what is written there, so that content may change.

// Helpers of tests are no tests to clippy.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing)]

mod bounds;
mod columns;
mod heard;
mod living;
mod reading;
mod rounds;
mod whole;
mod work;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hexmarch_content::{report, Mistake};

/// What is done to a file.
enum Change {
    /// The value that a path of names leads to becomes this text.
    Set(&'static [&'static str], &'static str),
    /// A part of the line becomes another.
    Replace(&'static str, &'static str),
    /// So it does on every line of the file that has it.
    Everywhere(&'static str, &'static str),
    /// A copy of it, which begins so, becomes the last row.
    Twin(&'static str),
    /// This line comes after it.
    After(&'static str),
    /// The line goes.
    Remove,
    /// This is the whole file; with `None` there is none.
    Whole(Option<&'static [u8]>),
}

use Change::{After, Everywhere, Remove, Replace, Set, Twin, Whole};

/// One mistake.
struct Seed {
    file: &'static str,
    /// What is on the line, and on none before it.
    line: &'static str,
    change: Change,
    /// The mistake first, then what follows from it.
    reports: Vec<Report>,
}

/// What is reported where.
struct Report {
    file: &'static str,
    /// What is on the line; the first line of the file when empty.
    line: &'static str,
    /// What stands at the column; the beginning of the line when empty.
    at: &'static str,
    says: &'static str,
}

fn at(file: &'static str, line: &'static str, at: &'static str, says: &'static str) -> Report {
    Report { file, line, at, says }
}

/// A mistake that is reported in the line that is changed.
fn seed(file: &'static str, line: &'static str, change: Change, place: &'static str, says: &'static str) -> Seed {
    Seed {
        file,
        line,
        change,
        reports: vec![at(file, line, place, says)],
    }
}

/// A mistake that is reported elsewhere, or more than once.
fn far(file: &'static str, line: &'static str, change: Change, reports: Vec<Report>) -> Seed {
    Seed {
        file,
        line,
        change,
        reports,
    }
}

fn static_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static_data")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The number of the line, from 0, that has this in it.
#[track_caller]
fn line_with(text: &str, part: &str) -> usize {
    let found = text.lines().position(|line| line.contains(part));
    found.unwrap_or_else(|| panic!("no line has {part}"))
}

/// Where the value is that a path of names leads to.
#[track_caller]
fn value_at(line: &str, path: &[&str]) -> (usize, usize) {
    let mut start = 0;
    for name in path {
        let key = format!("\"{name}\": ");
        let found = line[start..].find(&key);
        start += found.unwrap_or_else(|| panic!("{line} has no {path:?}")) + key.len();
    }
    let mut values = serde_json::Deserializer::from_str(&line[start..]).into_iter::<serde_json::Value>();
    values.next().unwrap().unwrap();
    (start, start + values.byte_offset())
}

fn plant(directory: &Path, seed: &Seed) {
    let path = directory.join(seed.file);
    if let Whole(bytes) = &seed.change {
        match bytes {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        return;
    }
    let text = fs::read_to_string(&path).unwrap();
    let number = line_with(&text, seed.line);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    match &seed.change {
        Set(names, value) => {
            let (start, end) = value_at(&lines[number], names);
            lines[number].replace_range(start..end, value);
        }
        Replace(from, to) => {
            assert!(lines[number].contains(from), "{} has no {from}", lines[number]);
            lines[number] = lines[number].replacen(from, to, 1);
        }
        Everywhere(from, to) => {
            for line in &mut lines {
                *line = line.replace(from, to);
            }
        }
        Twin(begin) => {
            let (_, rest) = lines[number].split_once(seed.line).unwrap();
            let twin = format!("  {begin}{}", rest.trim_end_matches(','));
            let end = lines.iter().rposition(|line| line == "]").unwrap();
            lines[end - 1].push(',');
            lines.insert(end, twin);
        }
        After(line) => lines.insert(number + 1, (*line).to_owned()),
        Remove => drop(lines.remove(number)),
        Whole(_) => {}
    }
    fs::write(&path, lines.join("\n") + "\n").unwrap();
}

fn place_of(directory: &Path, report: &Report) -> (PathBuf, usize, usize) {
    let path = directory.join(report.file);
    if report.line.is_empty() {
        return (path, 1, 1);
    }
    let text = fs::read_to_string(&path).unwrap();
    let number = line_with(&text, report.line);
    let line = text.lines().nth(number).unwrap();
    let byte = match report.at {
        "" => line.find(|letter: char| letter != ' ').unwrap(),
        part => line.find(part).unwrap_or_else(|| panic!("{line} has no {part}")),
    };
    (path, number + 1, line[..byte].chars().count() + 1)
}

/// How long a player takes follows from everything: who does not plant such a mistake may still cause one.
const HOURS: &str = "a player ";

/// Mistakes that are planted into one copy of the content.
struct Field {
    seeds: fn() -> Vec<Seed>,
    /// What was said when they were looked for.
    said: OnceLock<Vec<String>>,
}

impl Field {
    const fn of(seeds: fn() -> Vec<Seed>) -> Self {
        Self {
            seeds,
            said: OnceLock::new(),
        }
    }

    /// Checks that they are reported, each where it is, and nothing else. Answers with all that was said.
    #[track_caller]
    fn check(&self) -> &[String] {
        self.said.get_or_init(|| check(&(self.seeds)()))
    }
}

fn check(seeds: &[Seed]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    copy(&static_data(), directory);
    seeds.iter().for_each(|seed| plant(directory, seed));
    let mut found = report(directory).unwrap().mistakes;
    let said = found.iter().map(|mistake| mistake.text.clone()).collect();
    let mut missing = Vec::new();
    for wanted in seeds.iter().flat_map(|seed| &seed.reports) {
        let (file, line, column) = place_of(directory, wanted);
        let fits = |mistake: &Mistake| {
            let place = (mistake.place.line, mistake.place.column);
            mistake.file == file && place == (line, column) && mistake.text.contains(wanted.says)
        };
        match found.iter().position(fits) {
            Some(at) => drop(found.remove(at)),
            None => missing.push(format!("{}:{line}:{column}: {}", file.display(), wanted.says)),
        }
    }
    let found = found.iter().filter(|mistake| !mistake.text.starts_with(HOURS));
    let found: Vec<String> = found.map(ToString::to_string).collect();
    assert!(
        missing.is_empty() && found.is_empty(),
        "not reported, or not there:\n{}\nreported, and not planted:\n{}",
        missing.join("\n"),
        found.join("\n")
    );
    said
}

const ITEM: &str = "item_desc.json";
/// Rows that the game always has.
const BRANCH: &str = "{\"id\": 1101,";
const LOG: &str = "{\"id\": 1102,";
const BREAD: &str = "{\"id\": 1503,";
const HATCHET: &str = "{\"id\": 1601,";
const PICK: &str = "{\"id\": 1602,";
const KNIFE: &str = "{\"id\": 1603,";
const NEEDLE: &str = "{\"id\": 1604,";
const FEATHER: &str = "{\"id\": 1801,";
const COIN: &str = "{\"id\": 1001,";
const GHOST: &str =
    "  {\"id\": 1000, \"name\": \"Ghost\", \"description\": \"Nobody has one.\", \"volume\": 1, \"durability\": 0, \
    \"convert_to_on_durability_zero\": {\"none\": []}, \"tier\": 1, \"tag\": \"Ghost\", \"rarity\": {\"Common\": []}, \
    \"item_list_id\": {\"none\": []}, \"compendium_entry\": false},";
const CHANGER: &str = "  {\"id\": 0, \"traveler\": 1, \"starting_stock\": 1, \"restock_seconds\": 60, \"always_offered\": true, \
    \"offer_items\": [{\"item_id\": 1001, \"quantity\": 2}], \"offer_cargo\": [], \
    \"required_items\": [{\"item_id\": 1001, \"quantity\": 1}], \"required_cargo\": [], \
    \"level_requirements\": [{\"skill_id\": 1, \"level\": 100}], \"achievement_requirements\": [], \"required_knowledges\": []},";
