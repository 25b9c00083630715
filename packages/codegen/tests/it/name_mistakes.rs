//! Names that are given twice, and files that cannot be modules, as a build reports them.

use crate::generate_mistakes::{check, OTHER};

#[test]
fn names_of_tables() {
    let twin = "#[table(global, name = staged_item_desc)] pub struct Other { #[primary_key] pub id: u64 }";
    let row = "#[table(global, name = other)] pub struct Config { #[primary_key] pub id: u64 }";
    check(
        &[("messages/region.rs", OTHER)],
        &[],
        &["messages/region.rs:1:24: a second table `config`, the first is at \
             messages/account.rs:9:32; rename one"],
    );
    check(
        &[("messages/region.rs", twin)],
        &[],
        &["messages/region.rs:1:24: a second table `staged_item_desc`, the first is generated; rename one"],
    );
    check(
        &[("messages/region.rs", row)],
        &[],
        &["messages/region.rs:1:43: a second row type `Config`, the first is at \
             messages/account.rs:10:12; rename one"],
    );
}

#[test]
fn files_of_messages() {
    check(
        &[("messages/claim.rs", "pub struct Claim;")],
        &[],
        &["messages/claim.rs: this file is not compiled: add `pub mod claim;` to messages/lib.rs"],
    );
    check(
        &[("messages/account/sub.rs", "")],
        &[],
        &["messages/account/sub.rs: this file is not compiled: add `pub mod sub;` to messages/account.rs"],
    );
    check(
        &[("messages/my-claim.rs", "")],
        &[],
        &["messages/my-claim.rs: `my-claim` is no name of a module; rename it in snake_case"],
    );
    check(
        &[("messages/move.rs", "")],
        &[],
        &["messages/move.rs: `move` is no name of a module; rename it in snake_case"],
    );
}

#[test]
fn names_of_features() {
    check(
        &[],
        &[("game/movement.rs", "")],
        &[
            "game/movement.rs: two features are called `movement`, this file and the folder: move \
             the file to `movement/mod.rs`",
        ],
    );
    check(
        &[],
        &[("game/dispatch/mod.rs", "")],
        &["game/dispatch/mod.rs: the generated module is called `dispatch` too; rename the folder"],
    );
    check(
        &[],
        &[("game/gift/feature.rs", "")],
        &["game/gift/feature.rs: `gift/mod.rs` is called `feature` where it is included; rename this file"],
    );
    check(
        &[],
        &[("game/gift/wrapped/mod.rs", "")],
        &[
            "game/gift/wrapped/mod.rs: a feature is one folder of files, and this would not be \
             compiled: move the file to `gift/`",
        ],
    );
    check(
        &[],
        &[("game/my-gift/mod.rs", "")],
        &["game/my-gift/mod.rs: `my-gift` is no name of a module; rename it in snake_case"],
    );
    check(
        &[],
        &[("game/gift/in.rs", "")],
        &["game/gift/in.rs: `in` is no name of a module; rename it in snake_case"],
    );
}

#[test]
fn names_of_reducers() {
    let reducer = |name: &str| {
        format!("#[reducer]\n#[access(Mod)]\npub fn {name}(ctx: &ReducerContext) -> Result<(), Failure> {{}}")
    };
    check(
        &[],
        &[("game/gift/reducers.rs", &reducer("player_move"))],
        &[
            "game/movement/reducers.rs:3:8: a second reducer `player_move`, the first is at \
             game/gift/reducers.rs:3:8; rename one",
        ],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", &reducer("auto_logout_agent"))],
        &[
            "game/movement/agent.rs:2:8: a second reducer `auto_logout_agent`, the first is at \
             game/gift/reducers.rs:3:8; rename one",
        ],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", &reducer("start_agents"))],
        &["game/gift/reducers.rs:3:8: a second reducer `start_agents`, the first is generated; rename one"],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", &reducer("stage_item_desc"))],
        &[
            "game/gift/reducers.rs:3:8: a second reducer `stage_item_desc`, the first is generated; \
             rename one",
        ],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", &reducer("expire_player_move_refused_event"))],
        &[
            "game/gift/reducers.rs:3:8: a second reducer `expire_player_move_refused_event`, the \
             first is generated; rename one",
        ],
    );
    let agent = "#[agent(timer = other_timer, every_millis = 5)]\npub fn auto_logout_agent(ctx: \
             &ReducerContext) -> Result<(), Failure> {}";
    check(
        &[],
        &[("game/gift/agent.rs", agent)],
        &[
            "game/movement/agent.rs:2:8: a second reducer `auto_logout_agent`, the first is at \
             game/gift/agent.rs:2:8; rename one",
        ],
    );
}

#[test]
fn names_of_timers() {
    let timer = |name: &str| format!("#[timer(name = {name}, reducer = f)] pub struct X {{}}");
    check(
        &[],
        &[("game/gift/mod.rs", &timer("end_grace_period_timer"))],
        &[
            "game/movement/reducers.rs:7:16: a second table `end_grace_period_timer`, the first is \
             at game/gift/mod.rs:1:16; rename one",
        ],
    );
    check(
        &[],
        &[("game/gift/mod.rs", &timer("auto_logout_loop_timer"))],
        &[
            "game/movement/agent.rs:1:17: a second table `auto_logout_loop_timer`, the first is at \
             game/gift/mod.rs:1:16; rename one",
        ],
    );
    check(
        &[],
        &[("game/gift/mod.rs", &timer("config"))],
        &["game/gift/mod.rs:1:16: a second table `config`, the first is at \
             messages/account.rs:9:32; rename one"],
    );
    check(
        &[],
        &[("game/gift/mod.rs", &timer("staged_item_desc"))],
        &["game/gift/mod.rs:1:16: a second table `staged_item_desc`, the first is generated; rename one"],
    );
    check(
        &[],
        &[("game/gift/mod.rs", "#[timer(name = x)] pub struct X {}")],
        &["game/gift/mod.rs:1:1: a timer needs `reducer = function`"],
    );
    let agent = "#[agent(every_millis = 5)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> {}";
    check(
        &[],
        &[("game/gift/agent.rs", agent)],
        &["game/gift/agent.rs:1:1: an agent needs `timer = name_of_its_timer_table`"],
    );
}
