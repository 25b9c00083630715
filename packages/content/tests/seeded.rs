//! Mistakes put into a copy of the game's own content: each is reported at its file, line and column, and nothing else is
//! reported but what follows from it.
//!
//! Rows are found by what is in them, and places by what is written there, so that content may change.

// Helpers of tests are no tests to clippy.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use hexmarch_content::{report, Mistake};

/// What is done to a file.
enum Change {
    /// The value that a path of names leads to becomes this text.
    Set(&'static [&'static str], &'static str),
    /// A part of the line becomes another.
    Replace(&'static str, &'static str),
    /// This line comes after it.
    After(&'static str),
    /// The line goes.
    Remove,
    /// This is the whole file; with `None` there is none.
    Whole(Option<&'static [u8]>),
}

use Change::{After, Remove, Replace, Set, Whole};

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

#[track_caller]
fn check(seeds: &[Seed]) {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    copy(&static_data(), directory);
    seeds.iter().for_each(|seed| plant(directory, seed));
    let mut found = report(directory).unwrap().mistakes;
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
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(
        missing.is_empty() && found.is_empty(),
        "not reported, or not there:\n{}\nreported, and not planted:\n{}",
        missing.join("\n"),
        found.join("\n")
    );
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

/// 16 mistakes for which rows cannot be read; then content as a whole is not looked at, and they stand alone.
#[test]
fn what_cannot_be_read_is_reported_where_it_is() {
    let renamed = "\"tga\" is no column; remove or rename it: did you mean tag";
    check(&[
        // What a column holds.
        seed(
            ITEM,
            BRANCH,
            Set(&["volume"], "1.5"),
            "1.5",
            "floating point `1.5`; write a whole number",
        ),
        seed(
            ITEM,
            LOG,
            Set(&["tier"], "\"one\""),
            "\"one\"",
            "\"tier\": invalid type: string \"one\"",
        ),
        seed(
            ITEM,
            BREAD,
            Set(&["name"], "null"),
            "null",
            "\"name\": invalid type: null; write text",
        ),
        seed(
            ITEM,
            HATCHET,
            Set(&["volume"], "99999999999"),
            "99999999999",
            "\"volume\": invalid value",
        ),
        seed(
            ITEM,
            PICK,
            Set(&["rarity"], "{\"Comon\": []}"),
            "\"Comon\"",
            "unknown variant `Comon`",
        ),
        seed(
            ITEM,
            KNIFE,
            Set(&["compendium_entry"], "1"),
            "1}",
            "write true or false",
        ),
        seed(
            ITEM,
            COIN,
            Set(&["item_list_id"], "5"),
            "5, \"compendium",
            "\"item_list_id\": invalid type",
        ),
        seed(
            "traveler_trade_order_desc.json",
            "\"offer_items\": [{",
            Replace("\"quantity\": ", "\"quantity\": -"),
            "-",
            "\"offer_items\": invalid value: integer",
        ),
        // Which columns there are.
        far(
            ITEM,
            NEEDLE,
            Replace("\"tag\"", "\"tga\""),
            vec![
                at(ITEM, NEEDLE, "\"tga\"", renamed),
                at(ITEM, NEEDLE, "", "has no \"tag\"; add it: text"),
            ],
        ),
        seed(
            ITEM,
            FEATHER,
            Replace("\"compendium", "\"tag\": 7, \"compendium"),
            "\"tag\": 7",
            "\"tag\" appears twice",
        ),
        seed(
            "water_desc.json",
            "{\"id\": 1,",
            Replace("\"drinkable\": false, ", ""),
            "",
            "has no \"drinkable\"; add it: true or false",
        ),
        far(
            "weapon_type_desc.json",
            "{\"id\": 1,",
            After("  5,"),
            vec![at("weapon_type_desc.json", "  5,", "", "write a row as")],
        ),
        // What a file is.
        seed(
            "day_parameters_desc.json",
            "\"id\"",
            Set(&["id"], ""),
            ", \"daytime",
            "write a JSON list of rows",
        ),
        seed(
            "itme_desc.json",
            "",
            Whole(Some(b"[]")),
            "",
            "'itme_desc' is no content table; remove the file, or rename",
        ),
        seed("chat_rule_desc.json", "", Whole(None), "", "the file is missing"),
        seed(
            "teleport_item_desc.json",
            "",
            Whole(Some(b"\xE4")),
            "",
            "the byte 0xE4 is not UTF-8",
        ),
    ]);
}

const GHOST: &str =
    "  {\"id\": 1000, \"name\": \"Ghost\", \"description\": \"Nobody has one.\", \"volume\": 1, \"durability\": 0, \
    \"convert_to_on_durability_zero\": {\"none\": []}, \"tier\": 1, \"tag\": \"Ghost\", \"rarity\": {\"Common\": []}, \
    \"item_list_id\": {\"none\": []}, \"compendium_entry\": false},";
const CHANGER: &str = "  {\"id\": 0, \"traveler\": 1, \"starting_stock\": 1, \"restock_seconds\": 60, \"always_offered\": true, \
    \"offer_items\": [{\"item_id\": 1001, \"quantity\": 2}], \"offer_cargo\": [], \
    \"required_items\": [{\"item_id\": 1001, \"quantity\": 1}], \"required_cargo\": [], \
    \"level_requirements\": [{\"skill_id\": 1, \"level\": 100}], \"achievement_requirements\": [], \"required_knowledges\": []},";

/// 32 mistakes in rows that can be read: of columns, of texts, and of content as a whole.
#[test]
fn what_does_not_hold_is_reported_where_it_is() {
    let (german, errors) = ("i18n/de/item_desc.ftl", "i18n/de/errors.ftl");
    let day = "day_parameters_desc.json";
    let mut seeds = vec![
        // Columns: references, ranges, lengths, texts, what is distinct, keys.
        seed(
            "building_spawn_desc.json",
            "\"traveler_type\": {\"some\"",
            Set(&["direction"], "6"),
            "6, \"spawn_type",
            "direction is 6; write a number from 0 to 5",
        ),
        seed(
            "enemy_ai_params_desc.json",
            "{\"id\"",
            Set(&["biome"], "240"),
            "240",
            "biome_desc has no row 240; its nearest",
        ),
        seed(
            "biome_desc.json",
            "{\"biome_type\": 2,",
            Set(&["map_color"], "16777216"),
            "16777216",
            "from 0 to 16777215",
        ),
        seed(
            ITEM,
            FEATHER,
            Set(&["tag"], "\"\""),
            "\"\"",
            "tag is 0 long; make it 1 to 40 long",
        ),
        seed(
            "npc_desc.json",
            "{\"npc_type\": 1,",
            Set(&["greeting"], "\" \""),
            "\" \"",
            "greeting is empty; write the English",
        ),
        seed(
            "water_desc.json",
            "{\"id\": 2,",
            Set(&["water_type"], "{\"Sea\": []}"),
            "{\"Sea\"",
            "water_type Sea is that of line",
        ),
        seed(
            "chat_word_desc.json",
            "\"rule_id\"",
            Set(&["rule_id"], "77"),
            "77",
            "rule_id: chat_rule_desc has no row 77; its nearest are",
        ),
        far(
            day,
            "\"id\": 0",
            Set(&["id"], "1"),
            vec![
                at(day, "\"id\": 1", "1,", "id is 1; write a number from 0 to 0"),
                at(day, "\"id\": 1", "1,", "parameters are one row with id 0"),
                at(day, "", "", "there is no row with id 0"),
            ],
        ),
        // Texts.
        far(
            german,
            "item_desc-1101 =",
            After("    .nmae = Zweig"),
            vec![at(
                german,
                ".nmae",
                "nmae",
                ".nmae is no text of item_desc; remove or rename it: did you mean name",
            )],
        ),
        far(
            errors,
            "access-too_many_calls",
            After("access-scheduler = Noch einmal."),
            vec![at(
                errors,
                "access-scheduler = Noch einmal.",
                "",
                "access-scheduler is on line",
            )],
        ),
        far(
            errors,
            "access-too_many_calls",
            After("access-broken 5"),
            vec![at(
                errors,
                "access-broken 5",
                "5",
                "Expected a token starting with \"=\"; correct the message",
            )],
        ),
        far(
            german,
            "item_desc-1001 =",
            Replace("item_desc-1001", "item_desc-424242"),
            vec![
                at(
                    german,
                    "item_desc-424242",
                    "",
                    "item_desc-424242 belongs to no row of item_desc.json; remove it",
                ),
                at(
                    ITEM,
                    COIN,
                    "\"Hatchling Coin\"",
                    "no text in 'de'; add to i18n/de/item_desc.ftl: item_desc-1001 =",
                ),
            ],
        ),
        far(
            "i18n/de/npc_desc.ftl",
            ".greeting",
            Remove,
            vec![at(
                "npc_desc.json",
                "{\"npc_type\": 1,",
                "\" \"",
                "no text in 'de'; add to npc_desc-1 of",
            )],
        ),
        seed(
            "i18n/de/alert_desc.ftl",
            "{ $",
            Replace("{ $", "{ $un"),
            "body",
            "this fills in { $un",
        ),
        seed(
            "i18n/de/skill_desc.ftl",
            ".name",
            Replace(".name = ", ".name = { -ort } "),
            "ort }",
            "no file of this language has -ort",
        ),
        far(
            errors,
            "access-not_signed_in",
            Remove,
            vec![at(
                "i18n/en/errors.ftl",
                "access-not_signed_in",
                "",
                "no text in 'de'; add to i18n/de/errors.ftl",
            )],
        ),
        seed(
            errors,
            "access-role",
            Replace("{ $a0 }", "{ $a7 }"),
            "access-role",
            "this fills in { $a7 }",
        ),
        far(
            errors,
            "access-not_configured",
            After("nobody-asked = Nein."),
            vec![at(
                errors,
                "nobody-asked",
                "",
                "nobody-asked is not in i18n/en/errors.ftl",
            )],
        ),
    ];
    seeds.extend(of_the_whole());
    check(&seeds);
}

/// Those that no row shows by itself.
fn of_the_whole() -> Vec<Seed> {
    let (levels, recipes) = ("skill_level_desc.json", "crafting_recipe_desc.json");
    vec![
        far(
            ITEM,
            "[",
            After(GHOST),
            vec![
                at(ITEM, "\"Ghost\"", "1000", "nothing yields 'Ghost' (item 1000)"),
                at(ITEM, "\"Ghost\"", "\"Ghost\"", "no text in 'de'"),
            ],
        ),
        far(
            "secondary_knowledge_desc.json",
            "[",
            After("  {\"id\": -7, \"name\": \"Nothing\", \"description\": \"Nobody knows.\"},"),
            vec![
                at(
                    "secondary_knowledge_desc.json",
                    "-7",
                    "-7",
                    "no scroll teaches 'Nothing' (knowledge -7)",
                ),
                at("secondary_knowledge_desc.json", "-7", "\"Nothing\"", "no text in 'de'"),
            ],
        ),
        far(
            "traveler_trade_order_desc.json",
            "[",
            After(CHANGER),
            vec![at(
                "traveler_trade_order_desc.json",
                "{\"id\": 0,",
                "",
                "100 coins become 200 without leaving the market",
            )],
        ),
        seed(
            "achievement_desc.json",
            "{\"id\": 1,",
            Set(&["requisites"], "[1]"),
            "",
            "this waits for itself: 'Over the Pass'",
        ),
        seed(
            "chest_rarity_desc.json",
            "{\"id\": 1,",
            Set(&["loot_rarities", "probability"], "0.5"),
            "[{\"loot_rarity",
            "the probabilities sum to 0.8000; make them sum to 1",
        ),
        seed(
            "item_list_desc.json",
            "\"item_lists\": [2",
            Set(&["probability"], "0.9"),
            "[{\"prob",
            "the probabilities sum to",
        ),
        seed(
            levels,
            "{\"level\": 90,",
            Set(&["experience"], "3"),
            "3}",
            "level 90 takes 3 points, no more than level 89",
        ),
        seed(
            "resource_growth_recipe_desc.json",
            "{\"id\": 1,",
            Set(&["min_time"], "99999.5"),
            "99999.5",
            "min_time is 99999.5 and max_time",
        ),
        seed(
            "weapon_desc.json",
            "{\"item_id\": 4011,",
            Set(&["min_damage"], "999"),
            "999",
            "make min_damage the lower",
        ),
        far(
            "climate_desc.json",
            "{\"biome_type\": 1,",
            Remove,
            vec![at(
                "biome_desc.json",
                "{\"biome_type\": 1,",
                "1,",
                "'Meadow' has no weather; add a row 1",
            )],
        ),
        seed(
            "building_spawn_desc.json",
            "{\"id\": 1,",
            Set(&["loot_chests"], "[1]"),
            "[1]",
            "a spawn of type Traveler has no loot_chests; empty it",
        ),
        seed(
            "content_successor_desc.json",
            "{\"id\": 1,",
            Set(&["successor_key"], "88"),
            "88",
            "item_desc has no row 88",
        ),
        seed(
            "building_desc.json",
            "{\"id\": 500,",
            Set(
                &["footprint"],
                "[{\"x\": 1, \"z\": 0, \"footprint_type\": {\"Hitbox\": []}}]",
            ),
            "[{\"x\"",
            "the footprint has no tile at 0,0",
        ),
        seed(
            recipes,
            "\"building_requirement\": {\"some\": {\"building_type\": 4,",
            Set(&["building_requirement", "tier"], "9"),
            "4, \"tier\": 9",
            "of tier 9: the best is of tier 6; add a building",
        ),
    ]
}
