//! Every mistake in a table of what characters know, as a build reports it.

use crate::table_mistakes::check;

const NOT_IN_A_REGION: &str = "what a character knows is one row, in the region where they are: use \
                               `#[table(region, ...)]`, and `#[delete]` and `#[transfer(player)]` as the only other \
                               annotations";
const SHAPE: &str =
    "a knowledge table holds one row a character, `#[primary_key] pub entity_id: u64` and `pub entries: \
                     Vec<KnowledgeEntry>` or `Vec<KnowledgeEntityEntry>`";
const ENTRIES: &str = "entries are a `Vec<KnowledgeEntry>`, of things with an `i32` id from content, or a \
                       `Vec<KnowledgeEntityEntry>`, of entities";
const REFERENCE: &str =
    "a reference is a key of `item_desc`: a number of at most 64 bits or a `String`, an `Option` or \
                         `Vec` of these, or a `Vec<KnowledgeEntry>`";
const FATE: &str = "what a character knows goes where they go and ends with them: write `#[delete]` and \
                    `#[transfer(player)]` below `#[knowledge]`";

/// Tables with the annotations and columns that they should have, but for what a case replaces.
fn check_replaced(cases: &[(&str, &str, &str)]) {
    const RIGHT: &str = "#[table(region, name = knowledge_item_state)]\n#[knowledge]\n#[delete]\n#[transfer(player)]\n\
                         pub struct KnowledgeItemState {\n#[primary_key] pub entity_id: u64, \
                         #[references(item_desc)]\npub entries: Vec<KnowledgeEntry>,\n}\n\
                         #[table(region, name = item_desc)]\n#[static_data_staging_table]\n\
                         pub struct ItemDesc { #[primary_key] pub id: i32 }";
    check(&[(RIGHT, "")]);
    for (from, to, expected) in cases {
        assert!(RIGHT.contains(from), "{from}");
        check(&[(&RIGHT.replacen(from, to, 1), expected)]);
    }
}

#[test]
fn other_kinds_of_tables() {
    let anywhere = |line: &str| format!("x.rs:{line}: {NOT_IN_A_REGION}");
    check_replaced(&[
        ("region,", "global,", &anywhere("2:1")),
        ("region,", "region, global,", &anywhere("2:1")),
        (
            "table(region,",
            "shared_table(owner = region, by = entity_id,",
            &anywhere("2:1"),
        ),
        ("#[delete]", "#[static_data_staging_table]", &anywhere("2:1")),
        ("#[delete]", "#[event_table]", &anywhere("2:1")),
        (
            "#[knowledge]",
            "#[knowledge(item)]",
            "x.rs:2:3: `#[knowledge]` takes no arguments; remove them",
        ),
        (
            "#[knowledge]",
            "#[knowledge] #[knowledge]",
            "x.rs:2:14: `#[knowledge]` stands twice on this item; keep one",
        ),
    ]);
}

#[test]
fn names() {
    let table = "x.rs:1:24: a knowledge table is called `knowledge_<category>_state`, e.g. `knowledge_item_state`";
    let row = |category: &str, row: &str| {
        format!("x.rs:5:12: the row type of `knowledge_{category}_state` is called `Knowledge{row}State`")
    };
    check_replaced(&[
        ("knowledge_item_state", "item_knowledge_state", table),
        ("knowledge_item_state", "knowledge_item", table),
        ("knowledge_item_state", "knowledge_state", table),
        (
            "struct KnowledgeItemState",
            "struct KnowledgeState",
            &row("item", "Item"),
        ),
        (
            "struct KnowledgeItemState",
            "struct KnowledgeItemsState",
            &row("item", "Item"),
        ),
        (
            "name = knowledge_item_state",
            "name = knowledge_battle_claim_state",
            &row("battle_claim", "BattleClaim"),
        ),
    ]);
}

#[test]
fn columns() {
    let shape = format!("x.rs:5:12: {SHAPE}");
    let further = |place: &str| format!("x.rs:{place}: {SHAPE}, and nothing else");
    check_replaced(&[
        ("#[primary_key] pub entity_id: u64,", "", &shape),
        (
            "#[references(item_desc)]\npub entries: Vec<KnowledgeEntry>,",
            "",
            &shape,
        ),
        ("#[primary_key] pub", "#[index(btree)] pub", &further("6:21")),
        ("entity_id: u64", "entity_id: u32", &further("6:20")),
        ("pub entries", "pub level: u32,\npub entries", &further("7:5")),
    ]);
}

#[test]
fn entries() {
    let at = |column: usize| format!("x.rs:7:{column}: {ENTRIES}");
    let no_reference = format!("x.rs:7:14: {REFERENCE}");
    check_replaced(&[
        ("Vec<KnowledgeEntry>", "Vec<i32>", &at(14)),
        ("Vec<KnowledgeEntry>", "Vec<&KnowledgeEntry>", &no_reference),
        ("Vec<KnowledgeEntry>", "Vec<Vec<KnowledgeEntry>>", &at(14)),
        ("Vec<KnowledgeEntry>", "Option<KnowledgeEntry>", &at(14)),
        ("Vec<KnowledgeEntry>", "KnowledgeEntry", &at(14)),
        ("Vec<KnowledgeEntry>", "[KnowledgeEntry; 4]", &no_reference),
        ("Vec<KnowledgeEntry>", "Vec<KnowledgeEntityEntry>", &no_reference),
        (
            "#[references(item_desc)]",
            "",
            "x.rs:7:5: which content is known? say whose keys the entries have, `#[references(item_desc)]`",
        ),
        (
            "pub id: i32",
            "pub id: i16",
            "x.rs:7:14: keys of `item_desc` are of type `i16`, and this is `KnowledgeEntry`",
        ),
    ]);
}

#[test]
fn what_becomes_of_the_rows() {
    let at = |place: &str| format!("x.rs:{place}: {FATE}");
    check_replaced(&[
        ("#[delete]", "", &at("2:1")),
        ("#[transfer(player)]", "", &at("2:1")),
        ("#[delete]", "#[delete(never)]", &at("3:1")),
        ("#[transfer(player)]", "#[transfer(never)]", &at("4:1")),
    ]);
}
