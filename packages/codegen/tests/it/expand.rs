//! What each attribute expands to.

use crate::fixture::{expanded, snapshot, INBOX, MESSAGES, REGION};

fn check(name: &str, item: &str) {
    let file = syn::parse2(expanded(item)).expect("an attribute expands to items");
    snapshot(name, &prettyplease::unparse(&file));
}

/// The item of the fixture that declares `what`.
fn from_fixture(what: &str) -> String {
    let texts = MESSAGES.iter().chain(&REGION).map(|(_, text)| *text);
    let mut items = texts.flat_map(|text| text.split("\n\n"));
    items
        .find(|item| item.contains(what))
        .unwrap_or_else(|| panic!("the fixture has no `{what}`"))
        .to_string()
}

#[test]
fn tables() {
    let cases = [
        ("table_in_global", "struct PlayerUsernameState "),
        ("table_in_both", "struct Config "),
        (
            "table_in_region_deleted_and_transferred_by_column",
            "struct InventoryState ",
        ),
        ("table_in_region_kept", "struct LocationState "),
        ("content_table", "struct ItemDesc "),
        ("event_table", "struct PlayerMoveRefusedEvent "),
        ("knowledge_table", "struct KnowledgeItemState "),
        ("shared_table_of_global", "struct IdentityRole "),
        ("shared_table_of_region", "struct RegionPopulationInfo "),
        ("shared_table_custom_insert", "struct RegionSignInParameters "),
    ];
    for (name, item) in cases {
        check(name, &from_fixture(item));
    }
}

#[test]
fn types() {
    check(
        "sats_type_struct",
        "#[sats_type] #[derive(Copy)] pub struct WorldPosition { pub x: i32 }",
    );
    check("sats_type_enum", "#[sats_type] pub enum Rarity { Common, Rare(u8) }");
    check("message_contents", &from_fixture("enum MessageContents "));
}

#[test]
fn reducers() {
    let cases = [
        (
            "reducer_for_a_role",
            "#[reducer] #[access(Gm)]
            /// Documented.
            pub fn give(ctx: &ReducerContext, item_id: i32, mut quantity: u32) -> Result<(), Failure> { Ok(()) }",
        ),
        (
            "reducer_for_a_player",
            "#[reducer] #[access(Player)] #[feature_gate(\"movement\")]
            pub fn walk(ctx: &ReducerContext, player: SignedInPlayer, to: u64) -> Result<(), Failure> { Ok(()) }",
        ),
        (
            "reducer_of_shared_tables",
            "#[reducer] #[access(Admin)] #[shared_table_reducer]
            pub fn open(_ctx: &ReducerContext, id: u8, shared: &mut SharedTransaction) -> Result<(), Failure> {
                Ok(())
            }",
        ),
        (
            "reducer_of_the_scheduler",
            "#[reducer] #[access(Scheduler)]
            fn end(ctx: &ReducerContext, timer: EndTimer) -> Result<(), Failure> { Ok(()) }",
        ),
        (
            "reducer_of_the_lifecycle",
            "#[reducer(client_connected)] #[access(Lifecycle)]
            pub fn connected(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
        ),
        (
            "agent",
            "#[agent(timer = auto_logout_loop_timer, every_millis = 30_000)]
            pub fn auto_logout_agent(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
        ),
        (
            "agent_of_shared_tables",
            "#[agent(timer = population_timer, every_millis = 5_000)]
            pub fn report(ctx: &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> { Ok(()) }",
        ),
        (
            "timer",
            "#[timer(name = end_timer, reducer = end)] pub struct EndTimer { #[unique] pub entity_id: u64 }",
        ),
    ];
    for (name, item) in cases {
        check(name, item);
    }
}

#[test]
fn handlers() {
    let (inbox, outcome) = INBOX.split_once("\n\n").unwrap();
    check("inbox", inbox);
    check("outcome", outcome);
}

/// The place is the only error: the annotation is read all the same.
#[test]
fn misplaced_annotations() {
    check(
        "misplaced_delete",
        "#[delete(by = id)] #[table(region, name = x)] #[transfer(never)] pub struct X { pub id: u64 }",
    );
    check(
        "misplaced_knowledge",
        "#[knowledge] #[table(region, name = x)] #[delete] #[transfer(player)] pub struct X { pub id: u64 }",
    );
    check(
        "misplaced_access",
        "#[access(Admin)] #[reducer] pub fn x(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
    );
    check(
        "annotation_without_table",
        "#[delete] pub struct X { pub entity_id: u64 }",
    );
    check(
        "annotation_of_no_item_that_takes_it",
        "#[static_data_staging_table] pub enum X { Y }",
    );
}

/// What is wrong is the only error: what the attribute would have read is taken off.
#[test]
fn items_with_a_mistake() {
    check(
        "mistaken_table",
        "#[table(region, name = x)] #[delete] pub struct X { #[primary_key] pub entity_id: u64 }",
    );
    check(
        "mistaken_reducer",
        "#[reducer] #[feature_gate(\"x\")] pub fn x(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
    );
    check("mistaken_type", "#[sats_type] pub enum Rarity { #[to(region)] Common }");
}
