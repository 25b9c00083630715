//! Every mistake in a table's declaration, as a build reports it.

use std::path::PathBuf;

use hexmarch_codegen::{generate, Sources};

pub fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        let sources = Sources::from_texts("".as_ref(), vec![(PathBuf::from("x.rs"), source.to_string())]).unwrap();
        let mistakes = generate::messages(&sources)
            .err()
            .map(|mistakes| mistakes.to_string())
            .unwrap_or_default();
        assert_eq!(mistakes.trim_end(), *expected, "for {source}");
    }
}

#[test]
fn arguments() {
    let cases = [
        (
            "#[table] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:1: where does the table live? write `region`, `global` or both, e.g. \
             `#[table(region, name = ...)]`",
        ),
        (
            "#[table(name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:1: where does the table live? write `region`, `global` or both, e.g. \
             `#[table(region, name = ...)]`",
        ),
        (
            "#[table(region)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:1: the table's name is missing; write `name = snake_case_name`",
        ),
        (
            "#[table(region, name = x, pubic)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:27: unknown argument; `#[table]` takes `region`, `global`, `name = ...`, \
             `public` and `index(...)`",
        ),
        (
            "#[table(region, name = x, colour = red)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:27: unknown argument; `#[table]` takes `region`, `global`, `name = ...`, \
             `public` and `index(...)`",
        ),
        (
            "#[table(region, name = x, owner = global)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:27: unknown argument; `#[table]` takes `region`, `global`, `name = ...`, \
             `public` and `index(...)`",
        ),
        (
            "#[table(region, region, name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:17: stands twice; keep one",
        ),
        (
            "#[table(region, name = x, name = y)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:34: stands twice; keep one",
        ),
        (
            "#[table(region, name = x, public, public)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:35: stands twice; keep one",
        ),
        (
            "#[table(region, name = x, public, private)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:35: `public` and `private` exclude each other; keep one",
        ),
        (
            "#[table(region, name = \"x\")] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: write a bare word: `name = player_state`",
        ),
        (
            "#[table(region, name = PlayerState)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: `PlayerState` is no name for a table: write lower case letters, digits and \
             single `_`, e.g. `player_state`",
        ),
        (
            "#[table(region, name = _x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: `_x` is no name for a table: write lower case letters, digits and single \
             `_`, e.g. `player_state`",
        ),
        (
            "#[table(region, name = x__y)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: `x__y` is no name for a table: write lower case letters, digits and single \
             `_`, e.g. `player_state`",
        ),
        (
            "#[table(region, name = r#type)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: `r#type` is no name for a table: write lower case letters, digits and \
             single `_`, e.g. `player_state`",
        ),
        (
            "#[table(region, name = x, scheduled(tick))] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:27: rows that call a reducer are a `#[timer]` in the module; rows that players \
             see once are an `#[event_table]`",
        ),
        (
            "#[table(region name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:16: expected `,`",
        ),
        (
            "#[table = 1] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:9: expected parentheses: #[table(...)]",
        ),
    ];
    check(&cases);
}

#[test]
fn arguments_of_shared_tables() {
    let cases = [
        (
            "#[shared_table(name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:1: who owns the rows? write `owner = region` or `owner = global`",
        ),
        (
            "#[shared_table(owner = nobody, name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: the owner of a shared table is `region` or `global`",
        ),
        (
            "#[shared_table(owner = \"global\", name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: write a bare word: `owner = global`",
        ),
        (
            "#[shared_table(owner = global)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:1: the table's name is missing; write `name = snake_case_name`",
        ),
        (
            "#[shared_table(owner = global, region, name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:32: a shared table lives in every database; write `owner = ...`",
        ),
        (
            "#[shared_table(owner = region, by = id, to = nowhere, name = x)] pub struct X { #[primary_key] \
             pub id: u64 }",
            "x.rs:1:46: replicas are at `all` or, of a region's rows, at `global`",
        ),
        (
            "#[shared_table(owner = global, to = global, name = x)] pub struct X { #[primary_key] \
             pub id: u64 }",
            "x.rs:1:37: the global database is the owner; replicas of its rows are at `all` regions",
        ),
        (
            "#[shared_table(owner = global, owner = region, name = x)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:40: stands twice; keep one",
        ),
        (
            "#[shared_table(owner = region, to = all, to = all, name = x)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:47: stands twice; keep one",
        ),
        (
            "#[shared_table(owner = region, name = x, sum)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:42: unknown argument; `#[shared_table]` takes `owner = ...`, `by = ...`, `to = ...`, `name \
             = ...`, `public` and `index(...)`",
        ),
        (
            "#[shared_table(owner = region, name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:24: which region owns a row? write `by = column`, of a `u8`, its index, or a `u64`, the id of an \
             entity of it",
        ),
        (
            "#[shared_table(owner = global, by = id, name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:37: the global database owns every row of this table; remove `by`",
        ),
        (
            "#[shared_table(owner = region, by = region, name = x)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:37: the table has no column `region`",
        ),
        (
            "#[shared_table(owner = region, by = id, name = x)] pub struct X { #[primary_key] pub id: String }",
            "x.rs:1:90: which region owns a row is a `u8`, its index, or a `u64`, the id of an entity of it",
        ),
    ];
    check(&cases);
}

#[test]
fn row_types() {
    let cases = [
        (
            "#[table(global, name = x)] struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:35: a row type is `pub`, and so are its columns: both modules and the tools read it",
        ),
        (
            "#[table(global, name = x)] pub(crate) struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:46: a row type is `pub`, and so are its columns: both modules and the tools read it",
        ),
        (
            "#[table(global, name = x)] pub struct X { #[primary_key] id: u64 }",
            "x.rs:1:58: a row type is `pub`, and so are its columns: both modules and the tools read it",
        ),
        (
            "#[table(global, name = x)] pub struct X(pub u64);",
            "x.rs:1:39: a row type has named columns: `pub struct Name { pub column: u64 }`",
        ),
        (
            "#[table(global, name = x)] pub struct X { #[primary_key] pub id: u64, #[primary_key] \
             pub other: u64 }",
            "x.rs:1:90: a second `#[primary_key]`; one column is the key, others are `#[unique]`",
        ),
        (
            "#[table(global, name = x)] #[table(region, name = y)] pub struct X { #[primary_key] \
             pub id: u64 }",
            "x.rs:1:28: a row type is one table; keep one of the table attributes",
        ),
        (
            "#[shared_table(owner = global, name = x)] #[table(region, name = y)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:43: a row type is one table; keep one of the table attributes",
        ),
        (
            "#[shared_table(owner = global, name = x)] pub struct X { pub id: u64 }",
            "x.rs:1:54: a shared table, replicated by key, needs a `#[primary_key]` column",
        ),
        (
            "#[shared_table(owner = global, name = x)] pub struct X { #[primary_key] #[auto_inc] \
             pub id: u64 }",
            "x.rs:1:89: replicas need the key that the owner has: give the key yourself, without \
             `#[auto_inc]`",
        ),
        (
            "#[shared_table(owner = global, name = x)] pub struct X { #[primary_key] pub id: Kind }",
            "x.rs:1:81: the key of a shared table is one of u8, u16, u32, u64, u128, i8, i16, i32, \
             i64, i128, bool, String, Identity, ConnectionId, Timestamp",
        ),
        (
            "#[table(global, name = x)] #[static_data_staging_table] pub struct X { pub id: u64 }",
            "x.rs:1:68: a content table, replaced by key, needs a `#[primary_key]` column",
        ),
        (
            "#[table(region, name = x)] #[event_table] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:54: an `#[event_table]` starts with `#[primary_key] #[auto_inc] pub \
             scheduled_id: u64` and `pub scheduled_at: ScheduleAt`",
        ),
        (
            "#[table(region, name = x)] #[event_table] pub struct X { #[primary_key] pub \
             scheduled_id: u64, pub scheduled_at: ScheduleAt }",
            "x.rs:1:54: an `#[event_table]` starts with `#[primary_key] #[auto_inc] pub \
             scheduled_id: u64` and `pub scheduled_at: ScheduleAt`",
        ),
        (
            "#[table(region, name = x)] #[event_table] pub struct X { #[primary_key] #[auto_inc] \
             pub scheduled_id: u64, pub scheduled_at: Timestamp }",
            "x.rs:1:54: an `#[event_table]` starts with `#[primary_key] #[auto_inc] pub \
             scheduled_id: u64` and `pub scheduled_at: ScheduleAt`",
        ),
    ];
    check(&cases);
}

#[test]
fn decisions_that_are_missing() {
    let cases = [
        (
            "#[table(region, name = x)] pub struct X { #[primary_key] pub entity_id: u64 }",
            "x.rs:1:39: `x` has an `entity_id`: say what happens to its rows when the entity is \
             deleted, `#[delete]` or `#[delete(never)]`",
        ),
        (
            "#[table(region, global, name = x)] pub struct X { #[primary_key] pub id: u64, \
             #[index(btree)] pub entity_id: u64 }",
            "x.rs:1:47: `x` has an `entity_id`: say what happens to its rows when the entity is \
             deleted, `#[delete]` or `#[delete(never)]`",
        ),
        (
            "#[table(region, name = x)] #[delete(never)] pub struct X { #[primary_key] pub id: u64, \
             pub entity_id: u64 }",
            "x.rs:1:92: `entity_id` needs an index, since `clear_entity` looks rows up by it: add \
             `#[index(btree)]`",
        ),
        (
            "#[table(region, name = x)] pub struct X { #[primary_key] pub owner_entity_id: u64 }",
            "x.rs:1:39: `x` has an `owner_entity_id`: say what happens to its rows when the entity \
             is deleted, `#[delete(by = owner_entity_id)]` or `#[delete(never)]`",
        ),
        (
            "#[table(region, name = x)] #[delete] pub struct X { #[primary_key] pub entity_id: u64 }",
            "x.rs:1:49: `x` may hold rows of a player: say whether they travel when the player \
             changes region, `#[transfer(player)]` or `#[transfer(never)]`",
        ),
        (
            "#[table(region, name = x)] pub struct X { #[primary_key] pub id: u64, pub \
             player_entity_id: u64 }",
            "x.rs:1:39: `x` may hold rows of a player: say whether they travel when the player \
             changes region, `#[transfer(player)]` or `#[transfer(never)]`",
        ),
        (
            "#[table(region, name = x)] pub struct X { #[primary_key] pub identity: Identity }",
            "x.rs:1:39: `x` may hold rows of a player: say whether they travel when the player \
             changes region, `#[transfer(player)]` or `#[transfer(never)]`",
        ),
    ];
    check(&cases);
}

#[test]
fn decisions() {
    let cases = [
        (
            "#[table(region, name = x)] #[delete(player)] #[transfer(never)] pub struct X { \
             #[primary_key] pub entity_id: u64 }",
            "x.rs:1:37: write `#[delete]`, `#[delete(by = column)]` or `#[delete(never)]`",
        ),
        (
            "#[table(region, name = x)] #[delete(never, by = id)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:28: write `#[delete]`, `#[delete(by = column)]` or `#[delete(never)]`",
        ),
        (
            "#[table(region, name = x)] #[delete(by = id, by = id)] pub struct X { #[primary_key] \
             pub id: u64 }",
            "x.rs:1:46: stands twice; keep one",
        ),
        (
            "#[table(region, name = x)] #[delete(by)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:39: expected `=`",
        ),
        (
            "#[table(region, name = x)] #[delete = true] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:37: expected parentheses: #[delete(...)]",
        ),
        (
            "#[table(region, name = x)] #[delete] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:28: the table has no column `entity_id`; write `#[delete]`, `#[delete(by = \
             column)]` or `#[delete(never)]`",
        ),
        (
            "#[table(region, name = x)] #[delete(by = owner)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:42: the table has no column `owner`; write `#[delete]`, `#[delete(by = \
             column)]` or `#[delete(never)]`",
        ),
        (
            "#[table(region, name = x)] #[delete(by = name)] pub struct X { #[primary_key] pub name: String }",
            "x.rs:1:89: rows are looked up by `name`, so its type is u64",
        ),
        (
            "#[table(region, name = x)] #[delete(by = owner)] pub struct X { #[primary_key] pub id: \
             u64, pub owner: u64 }",
            "x.rs:1:97: `owner` needs an index, since rows are looked up by it: add `#[index(btree)]`",
        ),
        (
            "#[table(region, name = x)] #[delete(by = id)] #[delete(never)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:47: `#[delete]` stands twice on this item; keep one",
        ),
        (
            "#[table(region, name = x)] #[transfer] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:28: write `#[transfer(player)]`, `#[transfer(player, by = column)]` or \
             `#[transfer(never)]`",
        ),
        (
            "#[table(region, name = x)] #[transfer(by = id)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:28: write `#[transfer(player)]`, `#[transfer(player, by = column)]` or \
             `#[transfer(never)]`",
        ),
        (
            "#[table(region, name = x)] #[transfer(player, never)] pub struct X { #[primary_key] \
             pub id: u64 }",
            "x.rs:1:28: write `#[transfer(player)]`, `#[transfer(player, by = column)]` or \
             `#[transfer(never)]`",
        ),
        (
            "#[table(region, name = x)] #[transfer(entity)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:39: write `#[transfer(player)]`, `#[transfer(player, by = column)]` or \
             `#[transfer(never)]`",
        ),
        (
            "#[table(region, name = x)] #[transfer(player)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:28: the table has no column `entity_id`; write `#[transfer(player)]`, \
             `#[transfer(player, by = column)]` or `#[transfer(never)]`",
        ),
        (
            "#[table(region, name = x)] #[delete(by = id)] #[transfer(player, by = name)] pub \
             struct X { #[primary_key] pub id: u64, #[index(btree)] pub name: String }",
            "x.rs:1:147: rows are looked up by `name`, so its type is u64 or Identity",
        ),
        (
            "#[table(region, name = x)] #[delete] #[transfer(player)] pub struct X { #[primary_key] \
             #[auto_inc] pub id: u64, #[index(btree)] pub entity_id: u64 }",
            "x.rs:1:104: a row that travels keeps its key, which `#[auto_inc]` gave out in one \
             region alone: take the id of an entity",
        ),
    ];
    check(&cases);
}

#[test]
fn annotations_that_do_not_go_together() {
    let cases = [
        (
            "#[table(region, name = x)] #[custom_inter_module_insert] pub struct X { #[primary_key] \
             pub id: u64 }",
            "x.rs:1:28: rows arrive by message in a `#[shared_table]` alone; remove this",
        ),
        (
            "#[shared_table(owner = global, name = x)] #[static_data_staging_table] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:43: content is uploaded to each database, not replicated: use `#[table(region, \
             global, ...)]`",
        ),
        (
            "#[shared_table(owner = global, name = x)] #[event_table] pub struct X { #[primary_key] \
             pub id: u64 }",
            "x.rs:1:43: an event is seen in its own database alone: use `#[table]`",
        ),
        (
            "#[table(region, name = x)] #[static_data_staging_table] #[event_table] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:28: a table is content or events, not both; keep one of the two annotations",
        ),
        (
            "#[table(region, name = x, private)] #[event_table] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:27: players see events, so an `#[event_table]` is public; remove `private`",
        ),
        (
            "#[shared_table(owner = global, name = x)] #[delete(by = id)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:43: rows of a shared table leave when their owner deletes them; remove this",
        ),
        (
            "#[shared_table(owner = global, name = x)] #[transfer(never)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:43: rows of a shared table leave when their owner deletes them; remove this",
        ),
        (
            "#[table(region, name = x)] #[static_data_staging_table] #[delete(by = id)] pub struct \
             X { #[primary_key] pub id: u64 }",
            "x.rs:1:57: content belongs to no entity; remove this",
        ),
        (
            "#[table(region, name = x)] #[event_table] #[delete(by = id)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:43: rows of an event table are gone at once; remove this",
        ),
        (
            "#[table(global, name = x)] #[delete(by = id)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:28: entities and players live in regions, and this table does not; remove this",
        ),
        (
            "#[table(global, name = x)] #[transfer(never)] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:28: entities and players live in regions, and this table does not; remove this",
        ),
        (
            "#[table(region, name = x)] #[static_data_staging_table(yes)] pub struct X { \
             #[primary_key] pub id: u64 }",
            "x.rs:1:28: `#[static_data_staging_table]` takes nothing, or `may_be_empty`",
        ),
        (
            "#[table(region, name = x)] #[static_data_staging_table] #[static_data_staging_table] \
             pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:57: `#[static_data_staging_table]` stands twice on this item; keep one",
        ),
        (
            "#[table(region, name = x)] #[event_table = 1] pub struct X { #[primary_key] pub id: u64 }",
            "x.rs:1:30: `#[event_table]` takes no arguments; remove them",
        ),
        (
            "#[shared_table(owner = global, name = x)] #[custom_inter_module_insert()] pub struct X \
             { #[primary_key] pub id: u64 }",
            "x.rs:1:45: `#[custom_inter_module_insert]` takes no arguments; remove them",
        ),
    ];
    check(&cases);
}
