//! What follows from all annotations of a tree together.

use std::path::Path;

use hexmarch_codegen::{generate, Home, Mistakes, Sources};

use crate::fixture::{snapshot, sources, MESSAGES, REGION};

/// A global module: one handler each way, no feature folders with `mod.rs`, no agents.
const GLOBAL: [(&str, &str); 2] = [
    ("global/lib.rs", "pub struct Inserts;\n"),
    (
        "global/region/inbox.rs",
        "#[inbox(RegionReady)]
pub fn on_region_ready(
    ctx: &ReducerContext,
    shared: &mut SharedTransaction,
    sender: u8,
    message: RegionReadyMsg,
) -> Result<(), Failure> {
    Ok(())
}
",
    ),
];

fn check(name: &str, generated: Result<String, Mistakes>) {
    snapshot(
        name,
        &generated.unwrap_or_else(|mistakes| panic!("the fixture has {mistakes:?}")),
    );
}

#[test]
fn messages() {
    check("messages", generate::messages(&sources("messages", &MESSAGES, &[])));
}

#[test]
fn features() {
    check(
        "features",
        generate::features(&sources("game", &REGION, &[]), Path::new("/src")),
    );
    check(
        "features_of_nothing",
        generate::features(&Sources::default(), Path::new("/src")),
    );
}

#[test]
fn modules() {
    let messages = sources("messages", &MESSAGES, &[]);
    let region = sources("game", &REGION, &[]);
    check(
        "module_of_region",
        generate::module(Home::Region, &messages, &region, Path::new("/src")),
    );
    let global = sources("global", &GLOBAL, &[]);
    check(
        "module_of_global",
        generate::module(Home::Global, &messages, &global, Path::new("/src")),
    );
}

/// What is generated does not depend on the order in which files are found.
#[test]
fn order_of_files() {
    let mut reversed = MESSAGES;
    reversed.reverse();
    let [first, second] =
        [MESSAGES, reversed].map(|files| generate::messages(&sources("messages", &files, &[])).unwrap());
    assert_eq!(first, second);
}

#[test]
fn access_list() {
    let list = generate::access_list(&sources("game", &REGION, &[]));
    let list: Vec<(&str, &str)> = list
        .iter()
        .map(|(name, access)| (name.as_str(), access.as_str()))
        .collect();
    let expected = [
        ("auto_logout_agent", "Scheduler"),
        ("end_grace_period", "Scheduler"),
        ("player_move", "Player"),
    ];
    assert_eq!(list, expected);
}
