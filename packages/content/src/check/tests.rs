use super::*;

/// Checks one file as that of `item_desc`; all others are missing.
fn mistakes(text: &str) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("item_desc.json");
    std::fs::write(&file, text).unwrap();
    let (_, mistakes) = check(directory.path()).unwrap();
    let ours = mistakes.into_iter().filter(|mistake| mistake.file == file);
    ours.map(|mistake| format!("{}:{}: {}", mistake.place.line, mistake.place.column, mistake.text))
        .collect()
}

#[track_caller]
fn check_mistakes(text: &str, expected: &[(&str, &str)]) {
    let found = mistakes(text);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, (place, part)) in found.iter().zip(expected) {
        assert!(
            found.starts_with(place) && found.contains(part),
            "{found}\nshould be at {place} and say {part}"
        );
    }
}

fn row(id: &str, rarity: &str) -> String {
    format!(
        "{{\"id\": {id}, \"name\": \"a\", \"description\": \"b\", \"volume\": 1, \"durability\": 0, \
         \"convert_to_on_durability_zero\": {{\"none\": []}}, \"tier\": 1, \"tag\": \"t\", \"rarity\": {rarity}, \
         \"item_list_id\": {{\"none\": []}}, \"compendium_entry\": true}}"
    )
}

const COMMON: &str = "{\"Common\": []}";

#[test]
fn valid_rows_have_no_mistakes() {
    check_mistakes(&format!("[\n{},\n{}\n]", row("1", COMMON), row("2", COMMON)), &[]);
}

#[test]
fn what_is_no_list_of_rows() {
    check_mistakes("", &[("1:1:", "EOF")]);
    check_mistakes("[\n  {]", &[("2:4:", "write a JSON list of rows")]);
    check_mistakes("{}", &[("1:1:", "invalid type: map")]);
    check_mistakes("[]", &[("1:1:", "empty")]);
    check_mistakes("[\n  5\n]", &[("2:3:", "write a row as")]);
}

#[test]
fn every_mistake_in_every_row_is_found() {
    let text = format!(
        "[\n{},\n{},\n{{\"id\": 3, \"nmae\": \"b\", \"volume\": 1.5}}\n]",
        row("\"one\"", COMMON),
        row("2", "{\"Comon\": []}")
    );
    check_mistakes(
        &text,
        &[
            ("2:8:", "\"id\": invalid type: string \"one\""),
            ("3:", "unknown variant `Comon`"),
            ("4:1:", "has no \"compendium_entry\""),
            ("4:1:", "has no \"convert_to_on_durability_zero\""),
            ("4:1:", "has no \"description\""),
            ("4:1:", "has no \"durability\""),
            ("4:1:", "has no \"item_list_id\""),
            ("4:1:", "has no \"name\""),
            ("4:1:", "has no \"rarity\""),
            ("4:1:", "has no \"tag\""),
            ("4:1:", "has no \"tier\""),
            ("4:11:", "\"nmae\" is no column"),
            ("4:34:", "\"volume\": invalid type: floating point"),
        ],
    );
}

#[test]
fn keys_are_unique_and_sorted() {
    let rows = |ids: &[&str]| {
        let rows: Vec<String> = ids.iter().map(|id| row(id, COMMON)).collect();
        format!("[\n{}\n]", rows.join(",\n"))
    };
    check_mistakes(
        &rows(&["1", "2", "1"]),
        &[("4:1:", "id 1 is taken by line 2"), ("4:1:", "sort the rows by id")],
    );
    check_mistakes(&rows(&["9", "10"]), &[]);
    check_mistakes(&rows(&["10", "9"]), &[("3:1:", "comes after 10")]);
}

#[test]
fn files_and_tables_match() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("itme_desc.json"), "[]").unwrap();
    let (_, mistakes) = check(directory.path()).unwrap();
    let shown: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(
        shown
            .iter()
            .any(|text| text.contains("itme_desc.json:1:1: 'itme_desc' is no content table")),
        "{shown:#?}"
    );
    assert!(
        shown
            .iter()
            .any(|text| text.contains("item_desc.json:1:1: the file is missing")),
        "{shown:#?}"
    );
}

#[test]
fn the_games_own_content_is_valid() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
    let (content, mistakes) = check(&directory).unwrap();
    let shown: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    assert!(content.row_count() > 0);
}

#[test]
fn a_way_leads_through_work_rather_than_luck() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
    let game = Game::of(&check(&directory).unwrap().0);
    let last_step = |wanted: &str| crate::path_to(&game, wanted).unwrap().pop().unwrap();
    // Enemies and chests have bows too, which is fewer steps.
    let bow = last_step("Downs Hornbow");
    assert!(bow.contains(". make 'Downs Hornbow'"), "{bow}");
    // Nobody makes these.
    let shed = last_step("item:7012");
    assert!(shed.contains(". beat "), "{shed}");
}
