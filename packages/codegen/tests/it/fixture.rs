//! A small world: a table, message and handler of each kind; and what the tests do with sources.

use std::path::{Path, PathBuf};

use hexmarch_codegen::{expand, Sources};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

/// Path and text of the files of `messages`.
pub const MESSAGES: [(&str, &str); 7] = [
    (
        "messages/lib.rs",
        "pub mod account;\npub mod content;\npub mod inter_module;\npub mod inventory;\npub mod knowledge;\npub mod region;\n",
    ),
    (
        "messages/account.rs",
        "#[table(global, name = player_username_state, public)]
pub struct PlayerUsernameState {
    #[primary_key]
    pub entity_id: u64,
    #[unique]
    pub username: String,
}

#[table(region, global, name = config)]
pub struct Config {
    #[primary_key]
    pub version: i32,
}

#[shared_table(owner = global, name = identity_role)]
pub struct IdentityRole {
    #[primary_key]
    pub identity: Identity,
    pub role: Role,
}
",
    ),
    (
        "messages/content.rs",
        "#[table(region, global, name = item_desc, public)]
#[static_data_staging_table]
pub struct ItemDesc {
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub id: i32,
    #[localized]
    pub name: String,
}

#[sats_type]
pub enum Yield {
    Nothing,
    Item(#[references(item_desc)] i32),
    Either(u8, #[range(-1..=1)] i8),
    Sheltered {
        #[references(item_desc)]
        item_ids: Vec<i32>,
        open: bool,
    },
}

#[table(region, name = recipe_desc, index(name = by_skill, btree(columns = [skill])))]
#[static_data_staging_table(may_be_empty)]
pub struct RecipeDesc {
    #[primary_key]
    #[length(2..=40)]
    pub word: String,
    #[distinct]
    pub skill: Skill,
    #[range(0.000_001..=255.0)]
    pub seconds: Option<f64>,
    pub weight: f32,
    #[length(0..=4)]
    pub yields: Vec<Yield>,
    #[references(recipe_desc)]
    #[length(1..=3)]
    pub after: Option<Vec<String>>,
}

#[table(region, name = item_carry_desc)]
#[derived_from(item_desc)]
pub struct ItemCarryDesc {
    #[primary_key]
    pub item_id: i32,
}

#[table(region, name = player_move_refused_event)]
#[event_table]
pub struct PlayerMoveRefusedEvent {
    #[primary_key]
    #[auto_inc]
    pub scheduled_id: u64,
    pub scheduled_at: ScheduleAt,
    pub player_entity_id: u64,
}
",
    ),
    (
        "messages/inter_module.rs",
        "#[sats_type]
pub enum MessageContents {
    #[to(region, global)]
    TableUpdate(TableUpdateMsg),
    #[to(region, global)]
    TableCopy(TableCopyMsg),
    #[to(region, global)]
    TableCopyRequest(TableCopyRequestMsg),
    #[to(region)]
    GrantItem(GrantItemMsg),
    #[to(global)]
    RegionReady(RegionReadyMsg),
}
",
    ),
    (
        "messages/inventory.rs",
        "#[table(region, name = inventory_state, index(name = place, btree(columns = [x, z])))]
#[delete(by = owner_entity_id)]
#[transfer(player, by = player_owner_entity_id)]
pub struct InventoryState {
    #[primary_key]
    pub entity_id: u64,
    #[index(btree)]
    pub owner_entity_id: u64,
    #[index(btree)]
    pub player_owner_entity_id: u64,
    pub x: i32,
    pub z: i32,
}

#[table(region, name = user_state, public)]
#[delete]
#[transfer(player, by = identity)]
pub struct UserState {
    #[primary_key]
    pub entity_id: u64,
    #[unique]
    pub identity: Identity,
}

#[table(region, name = location_state, public)]
#[delete(never)]
#[transfer(never)]
pub struct LocationState {
    #[primary_key]
    pub entity_id: u64,
}
",
    ),
    (
        "messages/knowledge.rs",
        "#[table(region, name = knowledge_item_state, public)]
#[knowledge]
#[delete]
#[transfer(player)]
pub struct KnowledgeItemState {
    #[primary_key]
    pub entity_id: u64,
    #[references(item_desc)]
    pub entries: Vec<KnowledgeEntry>,
}

#[table(region, name = knowledge_battle_claim_state)]
#[delete]
#[transfer(player, by = entity_id)]
#[knowledge]
pub struct KnowledgeBattleClaimState {
    #[primary_key]
    pub entity_id: u64,
    pub entries: Vec<crate::knowledge::KnowledgeEntityEntry>,
}
",
    ),
    (
        "messages/region.rs",
        "#[shared_table(owner = region, by = region_id, to = global, name = region_population_info, public)]
pub struct RegionPopulationInfo {
    #[primary_key]
    pub region_id: u8,
    #[unique]
    pub module: String,
    #[index(btree)]
    pub signed_in_players: u32,
}

#[shared_table(owner = global, to = all, name = region_sign_in_parameters)]
#[custom_inter_module_insert]
pub struct RegionSignInParameters {
    #[primary_key]
    pub region_id: u8,
}
",
    ),
];

/// Path and text of the files of a region's module: a feature with `mod.rs` and one without.
pub const REGION: [(&str, &str); 5] = [
    ("game/lib.rs", "pub struct Inserts;\n"),
    ("game/gift/inbox.rs", INBOX),
    (
        "game/movement/agent.rs",
        "#[agent(timer = auto_logout_loop_timer, every_millis = 30_000)]
pub fn auto_logout_agent(ctx: &ReducerContext) -> Result<(), Failure> {
    Ok(())
}
",
    ),
    ("game/movement/mod.rs", "pub fn track() {}\n"),
    (
        "game/movement/reducers.rs",
        "#[reducer]
#[access(Player)]
pub fn player_move(ctx: &ReducerContext, player: SignedInPlayer) -> Result<(), Failure> {
    Ok(())
}

#[timer(name = end_grace_period_timer, reducer = end_grace_period)]
pub struct EndGracePeriodTimer {
    #[index(btree)]
    pub identity: Identity,
}

#[reducer]
#[access(Scheduler)]
pub fn end_grace_period(ctx: &ReducerContext, timer: EndGracePeriodTimer) -> Result<(), Failure> {
    Ok(())
}
",
    ),
];

pub const INBOX: &str = "#[inbox(GrantItem)]
pub fn on_grant_item(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    sender: u8,
    message: GrantItemMsg,
) -> Result<(), Failure> {
    Ok(())
}

#[outcome(RegionReady)]
pub fn on_region_ready_answered(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    destination: u8,
    message: RegionReadyMsg,
    outcome: &MessageOutcome,
) -> Result<(), Failure> {
    Ok(())
}
";

/// The files below `root`, each parsed; `instead` replaces or adds files.
pub fn sources(root: &str, files: &[(&str, &str)], instead: &[(&str, &str)]) -> Sources {
    let kept = files
        .iter()
        .filter(|(path, _)| instead.iter().all(|(other, _)| other != path));
    let texts = kept
        .chain(instead)
        .map(|(path, text)| (PathBuf::from(path), text.to_string()))
        .collect();
    Sources::from_texts(Path::new(root), texts).unwrap()
}

/// What the first attribute of the item in `text` expands to.
pub fn expanded(text: &str) -> TokenStream {
    let mut item: Item = syn::parse_str(text).unwrap();
    let attributes: &mut Vec<Attribute> = match &mut item {
        Item::Fn(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Union(item) => &mut item.attrs,
        other => panic!("no attributes are read off this: {other:?}"),
    };
    let attribute = attributes.remove(0);
    let arguments = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let name = attribute.path().get_ident().unwrap().to_string();
    let item = item.into_token_stream();
    match name.as_str() {
        "table" => expand::table(arguments, item),
        "shared_table" => expand::shared_table(arguments, item),
        "sats_type" => expand::sats_type(arguments, item),
        "reducer" => expand::reducer(arguments, item),
        "agent" => expand::agent(arguments, item),
        "timer" => expand::timer(arguments, item),
        "inbox" => expand::inbox(arguments, item),
        "outcome" => expand::outcome(arguments, item),
        "delete" | "knowledge" | "static_data_staging_table" => expand::misplaced(&name, "table", &arguments, item),
        "access" => expand::misplaced(&name, "reducer", &arguments, item),
        other => panic!("no attribute `{other}`"),
    }
}

/// Compares with `tests/it/snapshots/<name>.snap`.
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
