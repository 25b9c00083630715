//! Every mistake in what a column says of its values, as a build reports it.

use crate::fixture::expanded;
use crate::table_mistakes::check;

/// A content table with the field, and tables that it may name.
fn check_field(cases: &[(&str, &str)]) {
    for (field, expected) in cases {
        let expected = if expected.is_empty() {
            String::new()
        } else {
            format!("x.rs:{expected}")
        };
        let source = format!(
            "#[table(region, name = food_desc)] #[static_data_staging_table]\n\
             pub struct FoodDesc {{ #[primary_key] pub id: i32,\n{field} }}\n\
             #[table(region, name = word_desc)] #[static_data_staging_table] pub struct WordDesc {{ #[primary_key] pub \
             word: String }}\n\
             #[table(region, name = live_state)] pub struct LiveState {{ #[primary_key] pub id: i32 }}"
        );
        check(&[(&source, &expected)]);
    }
}

#[test]
fn references() {
    let no_key = |table: &str| {
        format!(
            "a reference is a key of `{table}`: a number of at most 64 bits or a `String`, an `Option` or `Vec` of \
             these, or a `Vec<KnowledgeEntry>`"
        )
    };
    let form = "3:1: name the content table whose key this is: `#[references(item_desc)]`";
    check_field(&[
        ("#[references(food_desc)] pub x: i32", ""),
        ("#[references(food_desc)] pub x: Option<Vec<i32>>", ""),
        ("#[references(word_desc)] pub x: Vec<String>", ""),
        ("#[references] pub x: i32", form),
        ("#[references(\"food_desc\")] pub x: i32", form),
        ("#[references(food_desc, word_desc)] pub x: i32", form),
        ("#[references(food)] pub x: i32", "3:14: there is no table `food`"),
        (
            "#[references(live_state)] pub x: i32",
            "3:14: `live_state` is no content table: references are to tables with `#[static_data_staging_table]`",
        ),
        (
            "#[references(food_desc)] pub x: u32",
            "3:33: keys of `food_desc` are of type `i32`, and this is `u32`",
        ),
        (
            "#[references(word_desc)] pub x: Vec<i32>",
            "3:33: keys of `word_desc` are of type `String`, and this is `i32`",
        ),
        (
            "#[references(food_desc)] pub x: bool",
            &format!("3:33: {}", no_key("food_desc")),
        ),
        (
            "#[references(food_desc)] pub x: u64",
            &format!("3:33: {}", no_key("food_desc")),
        ),
        (
            "#[references(food_desc)] #[references(word_desc)] pub x: i32",
            "3:26: `#[references]` stands twice on this item; keep one",
        ),
    ]);
}

#[test]
fn ranges() {
    let form = "3:1: write both ends, which are included: `#[range(1..=10)]`";
    let number = |at: &str, ty: &str| format!("{at}: write a number, `{ty}::MIN` or `{ty}::MAX`");
    let no_number = "`#[range]` is for numbers of at most 64 bits; a `String` or a `Vec` has a `#[length]`";
    check_field(&[
        ("#[range(-60..=80)] pub x: i32", ""),
        ("#[range(0.000_001..=1.0)] pub x: Option<f32>", ""),
        ("#[range(i64::MIN..=0xFF_FF)] pub x: Vec<i64>", ""),
        ("#[range(0..=18_446_744_073_709_551_615)] pub x: u64", ""),
        ("#[range] pub x: i32", form),
        ("#[range(1..10)] pub x: i32", form),
        ("#[range(1..)] pub x: i32", form),
        ("#[range(..=1)] pub x: i32", form),
        ("#[range(1)] pub x: i32", form),
        ("#[range(1..=2)] pub x: String", &format!("3:24: {no_number}")),
        ("#[range(1..=2)] pub x: bool", &format!("3:24: {no_number}")),
        ("#[range(1..=2)] pub x: u128", &format!("3:24: {no_number}")),
        ("#[range(0..=256)] pub x: u8", "3:13: this is no `u8`"),
        ("#[range(-1..=1)] pub x: u32", "3:9: this is no `u32`"),
        ("#[range(0.0..=1e39)] pub x: f32", "3:15: this is no `f32`"),
        (
            "#[range(0..=1.0)] pub x: f32",
            "3:9: a `f32` is written with a point: `0.0`",
        ),
        ("#[range(0.5..=1)] pub x: i32", "3:9: a `i32` is a whole number"),
        (
            "#[range(2..=1)] pub x: i32",
            "3:9: no number is in this range; exchange its ends",
        ),
        ("#[range(0..=MOST)] pub x: i32", &number("3:13", "i32")),
        ("#[range(0..=u32::MAX)] pub x: i32", &number("3:13", "i32")),
        ("#[range(0..=1 + 1)] pub x: i32", &number("3:13", "i32")),
        ("#[range(0..=1u8)] pub x: u8", &number("3:13", "u8")),
    ]);
}

#[test]
fn lengths_and_texts() {
    let counts =
        "`#[length]` counts the characters of a `String` or the elements of a `Vec`; numbers have a `#[range]`";
    let texts = "players read texts: `#[localized]` is for a `String`";
    check_field(&[
        ("#[length(0..=4)] pub x: Vec<f32>", ""),
        ("#[length(1..=60)] pub x: Option<String>", ""),
        ("#[localized] pub x: String", ""),
        ("#[distinct] pub x: Kind", ""),
        (
            "#[length(1..2)] pub x: String",
            "3:1: write both ends, which are included: `#[length(1..=10)]`",
        ),
        ("#[length(1..=4)] pub x: i32", &format!("3:25: {counts}")),
        ("#[length(1..=4)] pub x: Kind", &format!("3:25: {counts}")),
        ("#[length(-1..=4)] pub x: String", "3:10: this is no `u32`"),
        ("#[localized] pub x: i32", &format!("3:21: {texts}")),
        ("#[localized] pub x: Option<String>", &format!("3:21: {texts}")),
        (
            "#[localized(de)] pub x: String",
            "3:3: `#[localized]` takes no arguments; remove them",
        ),
        (
            "#[distinct(x)] pub x: i32",
            "3:3: `#[distinct]` takes no arguments; remove them",
        ),
    ]);
}

/// Where they would have no effect.
#[test]
fn places() {
    let live = |field: &str| {
        format!("#[table(global, name = live)] pub struct Live {{ #[primary_key] pub id: u64,\n{field} }}")
    };
    let of_type = |field: &str| format!("#[sats_type] pub struct Part {{\n{field} }}");
    let of_variant = |field: &str| format!("#[sats_type] pub enum Part {{\nOne({field}) }}");
    let unchecked =
        |name: &str| format!("only content is checked against its `#[{name}]`, and this is none; remove this");
    let columns = |name: &str| format!("`#[{name}]` is for columns of content tables; remove this");
    check(&[
        (
            &live("#[range(1..=2)] pub x: i32"),
            &format!("x.rs:2:9: {}", unchecked("range")),
        ),
        (
            &live("#[length(1..=2)] pub x: String"),
            &format!("x.rs:2:10: {}", unchecked("length")),
        ),
        (
            &live("#[localized] pub x: String"),
            &format!("x.rs:2:1: {}", columns("localized")),
        ),
        (
            &live("#[distinct] pub x: String"),
            &format!("x.rs:2:1: {}", columns("distinct")),
        ),
        (&of_type("#[range(1..=2)] pub x: i32"), ""),
        (
            &of_type("#[localized] pub x: String"),
            &format!("x.rs:2:1: {}", columns("localized")),
        ),
        (
            &of_variant("#[distinct] i32"),
            &format!("x.rs:2:5: {}", columns("distinct")),
        ),
        (
            &of_variant("#[references(food_desc)] i32"),
            "x.rs:2:18: there is no table `food_desc`",
        ),
        (
            "#[shared_table(owner = global, name = gift)] pub struct Gift { #[primary_key] pub id: i32,\n\
             #[references(x)] pub x: i32 }\n\
             #[table(global, name = x)] #[static_data_staging_table] pub struct X { #[primary_key] pub id: i32 }",
            "x.rs:1:57: keys of content in shared tables cannot be replaced when they are gone; keep them in a `#[table]`",
        ),
        (
            "#[sats_type] pub struct Part;\n#[sats_type] pub enum Part {}",
            "x.rs:2:23: a second type `Part`, the first is at x.rs:1:25; rename one",
        ),
    ]);
}

#[test]
fn content_tables() {
    let table = |annotation: &str, key: &str| {
        format!("#[table(region, name = x_desc)]\n{annotation} pub struct XDesc {{ {key} pub id: i32 }}")
    };
    let key = "#[primary_key]";
    let form = "x.rs:2:1: name the content table that the rows follow from: `#[derived_from(item_desc)]`";
    let alone =
        "rows that follow from content are a table of their own: `#[derived_from]` is the only annotation of it";
    check(&[
        (&table("#[static_data_staging_table(may_be_empty)]", key), ""),
        (
            &table("#[static_data_staging_table(empty)]", key),
            "x.rs:2:1: `#[static_data_staging_table]` takes nothing, or `may_be_empty`",
        ),
        (
            &table("#[static_data_staging_table]", key).replace("i32", "bool"),
            "x.rs:2:72: the key of a content table is one of u8, u16, u32, i8, i16, i32, i64, String",
        ),
        (&table("#[derived_from]", key), form),
        (&table("#[derived_from = y]", key), form),
        (&table("#[derived_from(y)]", key), "x.rs:2:16: there is no table `y`"),
        (
            &table("#[derived_from(x_desc)]", key),
            "x.rs:2:16: `x_desc` is no content table: references are to tables with `#[static_data_staging_table]`",
        ),
        (
            &table("#[derived_from(y)]", ""),
            "x.rs:2:31: a derived table, replaced by key, needs a `#[primary_key]` column",
        ),
        (
            &table("#[derived_from(y)] #[static_data_staging_table]", key),
            &format!("x.rs:2:1: {alone}"),
        ),
        (
            &table("#[derived_from(y)] #[delete]", key),
            "x.rs:2:20: what follows from content belongs to no entity; remove this",
        ),
    ]);
}

/// The attributes report at their own line what needs no other item.
#[test]
fn what_attributes_report() {
    for item in [
        "#[sats_type] pub struct Part { #[range(1..=2)] pub x: String }",
        "#[sats_type] pub enum Part { One { #[localized] x: String } }",
        "#[table(region, name = x)] pub struct X { #[primary_key] #[references(x)] pub id: bool }",
    ] {
        let text = expanded(item).to_string();
        assert_eq!(text.matches("compile_error").count(), 1, "{text}");
        for annotation in ["range", "localized]", "references"] {
            assert!(!text.contains(&format!("# [{annotation}")), "{text}");
        }
    }
}
