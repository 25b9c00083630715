//! Every mistake that shows only when all annotations are seen together, as a build reports it.

use std::fs;
use std::path::Path;

use hexmarch_codegen::{generate, Home, Mistake, Mistakes, Sources};

use crate::fixture::{sources, INBOX, MESSAGES, REGION};

pub type Files<'a> = &'a [(&'a str, &'a str)];

/// `messages` and `region` replace or add files of the fixture.
pub fn check(messages: Files, region: Files, expected: &[&str]) {
    let of_messages = sources("messages", &MESSAGES, messages);
    let generated = match region {
        [] => generate::messages(&of_messages),
        _ => Ok(String::new()),
    };
    let of_region = sources("game", &REGION, region);
    let root = Path::new("/src");
    let generated = generated.and_then(|_| generate::module(Home::Region, &of_messages, &of_region, root));
    let text = generated.err().map(|mistakes| mistakes.to_string()).unwrap_or_default();
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        expected,
        "for {messages:?} {region:?}"
    );
}

pub const OTHER: &str = "#[table(global, name = config)] pub struct Other { #[primary_key] pub id: u64 }";

#[test]
fn items_where_nobody_looks() {
    let inline = "pub mod inner { #[table(global, name = inner)] pub struct Inner { #[primary_key] pub id: u64 } }";
    check(
        &[("messages/region.rs", inline)],
        &[],
        &[
            "messages/region.rs:1:17: `#[table]` is found at the top of a file alone: move the item \
             out of `mod inner`",
        ],
    );
    let nested = "mod inner { #[agent(timer = x, every_millis = 1)] pub fn x(ctx: &ReducerContext) -> \
             Result<(), Failure> {} }";
    check(
        &[],
        &[("game/gift/agent.rs", nested)],
        &[
            "game/gift/agent.rs:1:13: `#[agent]` is found at the top of a file alone: move the item \
             out of `mod inner`",
        ],
    );
    let in_function = "pub fn outer() { #[reducer] #[access(Mod)] fn x(ctx: &ReducerContext) -> Result<(), \
             Failure> {} }";
    check(
        &[],
        &[("game/gift/reducers.rs", in_function)],
        &[
            "game/gift/reducers.rs:1:18: `#[reducer]` is found at the top of a file alone: move the \
             item out of the function",
        ],
    );
    let in_impl = "impl X { #[reducer] #[access(Mod)] fn x(ctx: &ReducerContext) -> Result<(), Failure> {} }";
    check(
        &[],
        &[("game/gift/reducers.rs", in_impl)],
        &[
            "game/gift/reducers.rs:1:10: `#[reducer]` is found at the top of a file alone: move the \
             item out of the `impl`",
        ],
    );
    check(
        &[],
        &[("game/gift/mod.rs", OTHER)],
        &[
            "game/gift/mod.rs:1:1: tables are declared in packages/messages; here, this would be no \
             table. Move it there; rows that call a reducer are a `#[timer]`",
        ],
    );
}

#[test]
fn attributes_by_passed() {
    check(
        &[(
            "messages/region.rs",
            "#[spacetimedb::table(name = x)] pub struct X { pub id: u64 }",
        )],
        &[],
        &[
            "messages/region.rs:1:1: write `#[reducer]`, `#[agent]` or `#[timer]` of \
             hexmarch-macros instead; tables are declared in packages/messages with `#[table]` or \
             `#[shared_table]`",
        ],
    );
    check(
        &[],
        &[(
            "game/gift/reducers.rs",
            "#[spacetimedb::reducer]\nfn x(ctx: &ReducerContext) {}",
        )],
        &[
            "game/gift/reducers.rs:1:1: write `#[reducer]`, `#[agent]` or `#[timer]` of \
             hexmarch-macros instead; tables are declared in packages/messages with `#[table]` or \
             `#[shared_table]`",
        ],
    );
    check(
        &[],
        &[(
            "game/gift/reducers.rs",
            "mod inner { #[::spacetimedb::reducer] fn x(ctx: &ReducerContext) {} }",
        )],
        &[
            "game/gift/reducers.rs:1:13: write `#[reducer]`, `#[agent]` or `#[timer]` of \
             hexmarch-macros instead; tables are declared in packages/messages with `#[table]` or \
             `#[shared_table]`",
        ],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", "use spacetimedb::{log, reducer, Table};")],
        &[
            "game/gift/reducers.rs:1:24: use the attributes of hexmarch-macros: SpacetimeDB's own \
             `reducer` and `table` check neither access nor home; import the other names one by one",
        ],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", "use spacetimedb::table as row;")],
        &[
            "game/gift/reducers.rs:1:18: use the attributes of hexmarch-macros: SpacetimeDB's own \
             `reducer` and `table` check neither access nor home; import the other names one by one",
        ],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", "use spacetimedb::*;")],
        &[
            "game/gift/reducers.rs:1:18: use the attributes of hexmarch-macros: SpacetimeDB's own \
             `reducer` and `table` check neither access nor home; import the other names one by one",
        ],
    );
    check(
        &[],
        &[("game/gift/reducers.rs", "use spacetimedb_bindings_macro::reducer;")],
        &[
            "game/gift/reducers.rs:1:33: use the attributes of hexmarch-macros: SpacetimeDB's own \
             `reducer` and `table` check neither access nor home; import the other names one by one",
        ],
    );
}

/// `MessageContents` with what keeps replicas and, from line 3, these variants.
fn contents(variants: &str) -> String {
    let replicas = ["TableUpdate", "TableCopy", "TableCopyRequest"]
        .map(|name| format!("#[to(region, global)] {name}({name}Msg),"))
        .join(" ");
    format!("pub enum MessageContents {{\n{replicas}\n{variants}\n}}")
}

#[test]
fn directions_of_messages() {
    let check_variants = |variants: &str, expected: &[&str]| {
        check(
            &[("messages/inter_module.rs", &contents(variants))],
            &[("game/gift/inbox.rs", "")],
            expected,
        );
    };
    check_variants(
        "Lost(LostMsg),",
        &[
            "messages/inter_module.rs:3:1: where does `Lost` go? write `#[to(region)]`, \
             `#[to(global)]` or `#[to(region, global)]`",
        ],
    );
    check_variants(
        "#[to] Lost(LostMsg),",
        &[
            "messages/inter_module.rs:3:1: where does `Lost` go? write `#[to(region)]`, \
             `#[to(global)]` or `#[to(region, global)]`",
        ],
    );
    check_variants(
        "#[to()] Lost(LostMsg),",
        &[
            "messages/inter_module.rs:3:1: where does `Lost` go? write `#[to(region)]`, \
             `#[to(global)]` or `#[to(region, global)]`",
        ],
    );
    check_variants(
        "#[to(nowhere)] Lost(LostMsg),",
        &["messages/inter_module.rs:3:6: write `#[to(region)]`, `#[to(global)]` or `#[to(region, global)]`"],
    );
    check_variants(
        "#[to(global)] #[to(region)] Lost(LostMsg),",
        &["messages/inter_module.rs:3:15: `#[to]` stands twice on this item; keep one"],
    );
    check_variants(
        "#[to(global)] Lost,",
        &["messages/inter_module.rs:3:15: a message carries one struct: `Lost(LostMsg)`"],
    );
    check_variants(
        "#[to(global)] Lost { message: LostMsg },",
        &["messages/inter_module.rs:3:15: a message carries one struct: `Lost(LostMsg)`"],
    );
    check_variants(
        "#[to(global)] Lost(LostMsg, u8),",
        &["messages/inter_module.rs:3:15: a message carries one struct: `Lost(LostMsg)`"],
    );
    check_variants(
        "#[to(region)] Lost(LostMsg),",
        &[
            "messages/inter_module.rs:3:15: `Lost` may arrive at the region module: add a handler \
             there, `#[inbox(Lost)]`",
        ],
    );
}

#[test]
fn messages_without_their_enum() {
    let nothing = [("game/gift/inbox.rs", "")];
    check(
        &[("messages/inter_module.rs", "")],
        &nothing,
        &[
            "packages/messages/src: there is no `pub enum MessageContents`; it lists every message \
             between databases",
        ],
    );
    check(
        &[("messages/inter_module.rs", "pub enum MessageContents {}")],
        &nothing,
        &[
            "messages/inter_module.rs:1:10: add `#[to(region, global)] TableUpdate(TableUpdateMsg)`, which keeps replicas",
            "messages/inter_module.rs:1:10: add `#[to(region, global)] TableCopy(TableCopyMsg)`, which keeps replicas",
            "messages/inter_module.rs:1:10: add `#[to(region, global)] TableCopyRequest(TableCopyRequestMsg)`, \
             which keeps replicas",
        ],
    );
}

#[test]
fn handlers() {
    let check_inbox = |from: &str, to: &str, expected: &[&str]| {
        check(&[], &[("game/gift/inbox.rs", &INBOX.replacen(from, to, 1))], expected);
    };
    check_inbox(
        "inbox(GrantItem)",
        "inbox(GrantItm)",
        &[
            "game/gift/inbox.rs:1:9: `MessageContents` has no `GrantItm`; add it there, with `#[to(...)]`",
            "messages/inter_module.rs:10:5: `GrantItem` may arrive at the region module: add a \
             handler there, `#[inbox(GrantItem)]`",
        ],
    );
    check_inbox(
        "inbox(GrantItem)",
        "inbox",
        &[
            "game/gift/inbox.rs:1:1: name the message: `#[inbox(Variant)]` with one variant of \
             `MessageContents`",
            "messages/inter_module.rs:10:5: `GrantItem` may arrive at the region module: add a \
             handler there, `#[inbox(GrantItem)]`",
        ],
    );
    check_inbox(
        "#[inbox(GrantItem)]",
        "#[inbox(GrantItem)]\n#[inbox(RegionReady)]",
        &[
            "game/gift/inbox.rs:2:1: `#[inbox]` stands twice on this item; keep one",
            "messages/inter_module.rs:10:5: `GrantItem` may arrive at the region module: add a \
             handler there, `#[inbox(GrantItem)]`",
        ],
    );
    check_inbox(
        "message: GrantItemMsg",
        "message: RegionReadyMsg",
        &["game/gift/inbox.rs:6:14: `GrantItem` carries a `GrantItemMsg`; write that here"],
    );
    check_inbox(
        "outcome(RegionReady)",
        "outcome(TableUpdate)",
        &["game/gift/inbox.rs:11:11: `TableUpdate` is handled already; \
             `#[custom_inter_module_insert]` at a shared table adds to it"],
    );
    check_inbox(
        "outcome(RegionReady)",
        "outcome(Lost)",
        &["game/gift/inbox.rs:11:11: `MessageContents` has no `Lost`; add it there, with `#[to(...)]`"],
    );
    check_inbox(
        "message: RegionReadyMsg",
        "message: GrantItemMsg",
        &["game/gift/inbox.rs:16:14: `RegionReady` carries a `RegionReadyMsg`; write that here"],
    );
    check_inbox("", "", &[]);

    let second = INBOX
        .replace("outcome(RegionReady)", "outcome(GrantItem)")
        .replace("RegionReadyMsg", "GrantItemMsg");
    check(
        &[],
        &[("game/movement/inbox.rs", &second)],
        &["game/movement/inbox.rs:1:9: a second `#[inbox(GrantItem)]`; a message has one handler"],
    );
    let elsewhere = INBOX
        .replace("inbox(GrantItem)", "inbox(RegionReady)")
        .replace("GrantItemMsg", "RegionReadyMsg");
    check(
        &[],
        &[("game/movement/inbox.rs", &elsewhere)],
        &[
            "game/movement/inbox.rs:1:9: `RegionReady` does not go to the region module: remove the \
             handler, or write `#[to(region)]` at the message",
            "game/movement/inbox.rs:11:11: a second `#[outcome(RegionReady)]`; a message has one handler",
        ],
    );
}

/// One build names them all.
#[test]
fn mistakes_are_collected() {
    let files = [
        ("game/gift/inbox.rs", ""),
        ("game/gift/wrapped/mod.rs", ""),
        ("game/gift/reducers.rs", "use spacetimedb::*;"),
    ];
    check(
        &[],
        &files,
        &[
            "game/gift/reducers.rs:1:18: use the attributes of hexmarch-macros: SpacetimeDB's own \
             `reducer` and `table` check neither access nor home; import the other names one by one",
            "game/gift/wrapped/mod.rs: a feature is one folder of files, and this would not be \
             compiled: move the file to `gift/`",
            "messages/inter_module.rs:10:5: `GrantItem` may arrive at the region module: add a \
             handler there, `#[inbox(GrantItem)]`",
        ],
    );
}

#[test]
fn features() {
    let files = [
        ("game/gift/wrapped/mod.rs", ""),
        ("game/gift/mod.rs", OTHER),
        ("game/gift/reducers.rs", "use spacetimedb::*;"),
    ];
    let mistakes = generate::features(&sources("game", &REGION, &files), Path::new("/src"))
        .unwrap_err()
        .to_string();
    let expected: &[&str] = &[
        "game/gift/mod.rs:1:1: tables are declared in packages/messages; here, this would be no \
             table. Move it there; rows that call a reducer are a `#[timer]`",
        "game/gift/reducers.rs:1:18: use the attributes of hexmarch-macros: SpacetimeDB's own \
             `reducer` and `table` check neither access nor home; import the other names one by one",
        "game/gift/wrapped/mod.rs: a feature is one folder of files, and this would not be \
             compiled: move the file to `gift/`",
    ];
    assert_eq!(mistakes.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn sources_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let read = || {
        let mistakes = Sources::read(&folder.path().join("src")).err().unwrap();
        mistakes.to_string().replace(&folder.path().display().to_string(), "")
    };
    assert_eq!(
        read(),
        "/src: cannot be listed: No such file or directory (os error 2)\n"
    );
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/binary.rs"), [0xff, 0xfe]).unwrap();
    fs::write(folder.path().join("src/wrong.rs"), "fn x() {\n    let = 1;\n}").unwrap();
    fs::write(folder.path().join("src/not_rust.txt"), "{").unwrap();
    assert_eq!(
        read(),
        "/src/binary.rs: cannot be read: stream did not contain valid UTF-8\n/src/wrong.rs:2:9: \
             expected one of: identifier, `::`, `<`, `_`, literal, `const`, `ref`, `mut`, `&`, \
             parentheses, square brackets, `..`, `const`\n"
    );
}

/// `build.rs` returns the mistakes from `main`, which prints their debug form.
#[test]
fn a_build_shows_one_line_a_mistake() {
    let mistake = |line, message: &str| Mistake {
        path: "src/x.rs".into(),
        line,
        column: line,
        message: message.into(),
    };
    let mistakes = Mistakes(vec![mistake(3, "wrong"), mistake(0, "all wrong")]);
    assert_eq!(
        format!("{mistakes:?}"),
        "mistakes in the annotated sources:\nsrc/x.rs:3:3: wrong\nsrc/x.rs: all wrong\n"
    );
}
