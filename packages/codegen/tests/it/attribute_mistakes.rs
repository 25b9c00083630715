//! Every mistake that an attribute reports by itself, with the place that the compiler then shows.

use proc_macro2::TokenTree;

use crate::fixture::expanded;

fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(mistake(source), *expected, "for {source}");
    }
}

/// `line:column: message` of the only `compile_error!` in what the item expands to.
fn mistake(source: &str) -> String {
    let tokens: Vec<TokenTree> = expanded(source).into_iter().collect();
    let is_error = |token: &&TokenTree| token.to_string() == "compile_error";
    assert_eq!(tokens.iter().filter(is_error).count(), 1, "one error for {source}");
    let message = tokens.iter().find_map(|token| match token {
        TokenTree::Group(group) => syn::parse2::<syn::LitStr>(group.stream()).ok(),
        _ => None,
    });
    let start = tokens.first().unwrap().span().start();
    format!("{}:{}: {}", start.line, start.column + 1, message.unwrap().value())
}

#[test]
fn access() {
    let cases = [
        (
            "#[reducer] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:19: who may call this? add `#[access(...)]` below `#[reducer]` with one of Anyone, \
             Player, Partner, SkipQueue, Mod, Gm, Admin, Relay, Scheduler, Lifecycle",
        ),
        (
            "#[reducer] #[access] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:12: `#[access(...)]` takes one of Anyone, Player, Partner, SkipQueue, Mod, Gm, \
             Admin, Relay, Scheduler, Lifecycle",
        ),
        (
            "#[reducer] #[access()] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:12: `#[access(...)]` takes one of Anyone, Player, Partner, SkipQueue, Mod, Gm, \
             Admin, Relay, Scheduler, Lifecycle",
        ),
        (
            "#[reducer] #[access(Everyone)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:21: no such access `Everyone`; one of Anyone, Player, Partner, SkipQueue, Mod, Gm, \
             Admin, Relay, Scheduler, Lifecycle",
        ),
        (
            "#[reducer] #[access(Mod, Gm)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:12: `#[access(...)]` takes one of Anyone, Player, Partner, SkipQueue, Mod, Gm, \
             Admin, Relay, Scheduler, Lifecycle",
        ),
        (
            "#[reducer] #[access = \"Mod\"] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:12: `#[access(...)]` takes one of Anyone, Player, Partner, SkipQueue, Mod, Gm, \
             Admin, Relay, Scheduler, Lifecycle",
        ),
        (
            "#[reducer] #[access(Mod)] #[access(Gm)] pub fn f(ctx: &ReducerContext) -> Result<(), \
             Failure> { Ok(()) }",
            "1:27: `#[access]` stands twice on this item; keep one",
        ),
        (
            "#[reducer] #[access(Mod)] #[feature_gate] pub fn f(ctx: &ReducerContext) -> Result<(), \
             Failure> { Ok(()) }",
            "1:27: name one category of lower case letters, digits and `_`: `#[feature_gate(\"movement\")]`",
        ),
        (
            "#[reducer] #[access(Mod)] #[feature_gate(movement)] pub fn f(ctx: &ReducerContext) -> \
             Result<(), Failure> { Ok(()) }",
            "1:27: name one category of lower case letters, digits and `_`: `#[feature_gate(\"movement\")]`",
        ),
        (
            "#[reducer] #[access(Mod)] #[feature_gate(\"Movement\")] pub fn f(ctx: &ReducerContext) \
             -> Result<(), Failure> { Ok(()) }",
            "1:27: name one category of lower case letters, digits and `_`: `#[feature_gate(\"movement\")]`",
        ),
        (
            "#[reducer] #[access(Mod)] #[feature_gate(\"\")] pub fn f(ctx: &ReducerContext) -> \
             Result<(), Failure> { Ok(()) }",
            "1:27: name one category of lower case letters, digits and `_`: `#[feature_gate(\"movement\")]`",
        ),
        (
            "#[reducer] #[access(Mod)] #[feature_gate(\"a\", \"b\")] pub fn f(ctx: &ReducerContext) \
             -> Result<(), Failure> { Ok(()) }",
            "1:27: name one category of lower case letters, digits and `_`: `#[feature_gate(\"movement\")]`",
        ),
        (
            "#[reducer] #[access(Mod)] #[feature_gate(\"a\")] #[feature_gate(\"b\")] pub fn f(ctx: \
             &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:48: `#[feature_gate]` stands twice on this item; keep one",
        ),
        (
            "#[reducer(init)] #[access(Mod)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:27: `Lifecycle` goes with `#[reducer(init | client_connected | \
             client_disconnected)]`, and with nothing else",
        ),
        (
            "#[reducer] #[access(Lifecycle)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:21: `Lifecycle` goes with `#[reducer(init | client_connected | \
             client_disconnected)]`, and with nothing else",
        ),
        (
            "#[reducer(update)] #[access(Lifecycle)] pub fn f(ctx: &ReducerContext) -> Result<(), \
             Failure> { Ok(()) }",
            "1:11: `#[reducer]` takes nothing or one of init, client_connected, client_disconnected",
        ),
        (
            "#[reducer(init, client_connected)] #[access(Lifecycle)] pub fn f(ctx: &ReducerContext) \
             -> Result<(), Failure> { Ok(()) }",
            "1:11: `#[reducer]` takes nothing or one of init, client_connected, client_disconnected",
        ),
        (
            "#[reducer(name = f)] #[access(Mod)] pub fn f(ctx: &ReducerContext) -> Result<(), \
             Failure> { Ok(()) }",
            "1:11: `#[reducer]` takes nothing or one of init, client_connected, client_disconnected",
        ),
        (
            "#[reducer(init)] #[access(Lifecycle)] pub fn f(ctx: &ReducerContext, id: u8) -> \
             Result<(), Failure> {}",
            "1:70: the host calls this and sends nothing; drop the parameter",
        ),
    ];
    check(&cases);
}

#[test]
fn shared_table_reducers() {
    let cases = [
        (
            "#[reducer] #[access(Mod)] #[shared_table_reducer] pub fn f(ctx: &ReducerContext) -> \
             Result<(), Failure> { Ok(()) }",
            "1:27: `#[shared_table_reducer]` hands the function a `shared: &mut SharedTransaction`; \
             add the parameter",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext, shared: &mut \
             SharedTransaction) -> Result<(), Failure> {}",
            "1:58: a `SharedTransaction` is given by `#[shared_table_reducer]`; add the attribute \
             below `#[reducer]`",
        ),
        (
            "#[reducer] #[access(Mod)] #[shared_table_reducer(all)] pub fn f(ctx: &ReducerContext, \
             shared: &mut SharedTransaction) -> Result<(), Failure> {}",
            "1:29: `#[shared_table_reducer]` takes no arguments; remove them",
        ),
        (
            "#[reducer] #[access(Mod)] #[shared_table_reducer] #[shared_table_reducer] pub fn \
             f(ctx: &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> {}",
            "1:51: `#[shared_table_reducer]` stands twice on this item; keep one",
        ),
        (
            "#[reducer] #[access(Mod)] #[shared_table_reducer] pub fn f(ctx: &ReducerContext, \
             shared: &mut SharedTransaction, more: &mut SharedTransaction) -> Result<(), Failure> \
             {}",
            "1:114: a call has one `SharedTransaction`; drop the second",
        ),
    ];
    check(&cases);
}

#[test]
fn signatures() {
    let cases = [
        (
            "#[reducer] #[access(Mod)] pub fn f() -> Result<(), Failure> {}",
            "1:34: the first parameter of a reducer is `ctx: &ReducerContext`",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(id: u64, ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:36: the first parameter of a reducer is `ctx: &ReducerContext`",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: ReducerContext) -> Result<(), Failure> {}",
            "1:36: the first parameter of a reducer is `ctx: &ReducerContext`",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(self) -> Result<(), Failure> {}",
            "1:36: this is for free functions, without `self`",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext, (a, b): (u8, u8)) -> \
             Result<(), Failure> {}",
            "1:58: give the parameter a plain name; take it apart in the body",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext, _: u8) -> Result<(), Failure> {}",
            "1:58: give the parameter a plain name; take it apart in the body",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext, ref id: u8) -> Result<(), Failure> {}",
            "1:58: give the parameter a plain name; take it apart in the body",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext, player: SignedInPlayer) -> \
             Result<(), Failure> {}",
            "1:58: a `SignedInPlayer` is given by `#[access(Player)]` alone; drop the parameter or \
             change the access",
        ),
        (
            "#[reducer] #[access(Player)] pub fn f(ctx: &ReducerContext, player: SignedInPlayer, \
             other: SignedInPlayer) -> Result<(), Failure> {}",
            "1:85: a call has one `SignedInPlayer`; drop the second",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext) {}",
            "1:34: a reducer returns `Result<(), Failure>`",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext) -> bool {}",
            "1:61: a reducer returns `Result<(), Failure>`",
        ),
        (
            "#[reducer] #[access(Mod)] pub async fn f(ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:31: a reducer is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics",
        ),
        (
            "#[reducer] #[access(Mod)] pub const fn f(ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:31: a reducer is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics",
        ),
        (
            "#[reducer] #[access(Mod)] pub unsafe fn f(ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:31: a reducer is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics",
        ),
        (
            "#[reducer] #[access(Mod)] pub extern \"C\" fn f(ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:31: a reducer is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f<T>(ctx: &ReducerContext, x: T) -> Result<(), Failure> {}",
            "1:35: a reducer is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> where \
             u8: Copy {}",
            "1:81: a reducer is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn r#move(ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:34: `r#move` is no name for a reducer: write lower case letters, digits and single \
             `_`, e.g. `player_state`",
        ),
        (
            "#[reducer] #[access(Mod)] pub fn playerMove(ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:34: `playerMove` is no name for a reducer: write lower case letters, digits and \
             single `_`, e.g. `player_state`",
        ),
        (
            "#[reducer] #[access(Mod)] pub struct X;",
            "1:12: `#[reducer]` is for a function",
        ),
    ];
    check(&cases);
}

#[test]
fn agents() {
    let cases = [
        (
            "#[agent] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:1: an agent needs `timer = name_of_its_timer_table`",
        ),
        (
            "#[agent(timer = x)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:1: an agent needs `every_millis = its_default_period`",
        ),
        (
            "#[agent(timer = x, every_millis = 0)] pub fn f(ctx: &ReducerContext) -> Result<(), \
             Failure> { Ok(()) }",
            "1:35: the period is a whole number of milliseconds, at least 1",
        ),
        (
            "#[agent(timer = x, every_millis = 99999999999999999999)] pub fn f(ctx: \
             &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:35: the period is a whole number of milliseconds, at least 1",
        ),
        (
            "#[agent(timer = x, every_millis = 1.5)] pub fn f(ctx: &ReducerContext) -> Result<(), \
             Failure> { Ok(()) }",
            "1:35: expected integer literal",
        ),
        (
            "#[agent(timer = AutoLogout, every_millis = 5)] pub fn f(ctx: &ReducerContext) -> \
             Result<(), Failure> { Ok(()) }",
            "1:17: `AutoLogout` is no name for a table: write lower case letters, digits and single \
             `_`, e.g. `player_state`",
        ),
        (
            "#[agent(timer = x, timer = y, every_millis = 5)] pub fn f(ctx: &ReducerContext) -> \
             Result<(), Failure> { Ok(()) }",
            "1:20: stands twice; keep one",
        ),
        (
            "#[agent(timer = x, every = 5)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> { Ok(()) }",
            "1:20: unknown argument; `#[agent]` takes `timer = table_name` and `every_millis = 1_000`",
        ),
        (
            "#[agent(timer, every_millis = 5)] pub fn f(ctx: &ReducerContext) -> Result<(), \
             Failure> { Ok(()) }",
            "1:14: expected `=`",
        ),
        (
            "#[agent(timer = x, every_millis = 5)] pub fn f(ctx: &ReducerContext, id: u8) -> \
             Result<(), Failure> {}",
            "1:70: an agent takes no input: it looks at the world and mends what is due; drop the parameter",
        ),
        (
            "#[agent(timer = x, every_millis = 5)] pub fn f(ctx: &ReducerContext, player: \
             SignedInPlayer) -> Result<(), Failure> {}",
            "1:70: an agent takes no input: it looks at the world and mends what is due; drop the parameter",
        ),
        (
            "#[agent(timer = x, every_millis = 5)] pub fn f() -> Result<(), Failure> {}",
            "1:46: the first parameter of an agent is `ctx: &ReducerContext`",
        ),
        (
            "#[agent(timer = x, every_millis = 5)] pub fn f(ctx: &ReducerContext) {}",
            "1:46: an agent returns `Result<(), Failure>`",
        ),
        (
            "#[agent(timer = x, every_millis = 5)] #[access(Admin)] pub fn f(ctx: &ReducerContext) \
             -> Result<(), Failure> { Ok(()) }",
            "1:39: an agent is called by the scheduler alone and gets a `SharedTransaction` by \
             asking for it; remove this",
        ),
        (
            "#[agent(timer = x, every_millis = 5)] #[shared_table_reducer] pub fn f(ctx: \
             &ReducerContext, shared: &mut SharedTransaction) -> Result<(), Failure> {}",
            "1:39: an agent is called by the scheduler alone and gets a `SharedTransaction` by \
             asking for it; remove this",
        ),
        (
            "#[agent(timer = x, every_millis = 5)] pub struct X;",
            "1:39: `#[agent]` is for a function",
        ),
    ];
    check(&cases);
}

#[test]
fn timers() {
    let cases = [
        ("#[timer] pub struct X {}", "1:1: a timer needs `name = table_name`"),
        (
            "#[timer(name = x)] pub struct X {}",
            "1:1: a timer needs `reducer = function`",
        ),
        (
            "#[timer(reducer = f)] pub struct X {}",
            "1:1: a timer needs `name = table_name`",
        ),
        (
            "#[timer(name = X, reducer = f)] pub struct X {}",
            "1:16: `X` is no name for a table: write lower case letters, digits and single `_`, \
             e.g. `player_state`",
        ),
        (
            "#[timer(name = x, reducer = f, public)] pub struct X {}",
            "1:32: unknown argument; `#[timer]` takes `name = table_name` and `reducer = function`",
        ),
        (
            "#[timer(name = x, reducer = f, reducer = g)] pub struct X {}",
            "1:32: stands twice; keep one",
        ),
        (
            "#[timer(name = x, reducer = f)] pub struct X(u64);",
            "1:44: a timer is a struct with named columns",
        ),
        (
            "#[timer(name = x, reducer = f)] pub enum X {}",
            "1:33: `#[timer]` is for a struct",
        ),
    ];
    check(&cases);
}

#[test]
fn handlers() {
    let cases = [
        (
            "#[inbox] pub fn f(ctx: &ReducerContext, shared: &mut SharedTransaction, sender: u8, \
             message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:1: name the message: `#[inbox(Variant)]` with one variant of `MessageContents`",
        ),
        (
            "#[inbox(GrantItem, Other)] pub fn f(ctx: &ReducerContext, shared: &mut \
             SharedTransaction, sender: u8, message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:1: name the message: `#[inbox(Variant)]` with one variant of `MessageContents`",
        ),
        (
            "#[inbox(\"GrantItem\")] pub fn f(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             sender: u8, message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:1: name the message: `#[inbox(Variant)]` with one variant of `MessageContents`",
        ),
        (
            "#[outcome] pub fn f(ctx: &ReducerContext, shared: &mut SharedTransaction, sender: u8, \
             message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:1: name the message: `#[outcome(Variant)]` with one variant of `MessageContents`",
        ),
        (
            "#[inbox(GrantItem)] pub fn f(ctx: &ReducerContext, sender: u8, message: GrantItemMsg) \
             -> Result<(), Failure> {}",
            "1:28: `#[inbox]` goes with `(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             sender: u8, message: NameMsg)`",
        ),
        (
            "#[inbox(GrantItem)] pub fn f(ctx: &ReducerContext) -> Result<(), Failure> {}",
            "1:28: `#[inbox]` goes with `(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             sender: u8, message: NameMsg)`",
        ),
        (
            "#[inbox(GrantItem)] pub fn f(shared: &mut SharedTransaction, ctx: &ReducerContext, \
             sender: u8, message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:30: `#[inbox]` goes with `(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             sender: u8, message: NameMsg)`",
        ),
        (
            "#[outcome(GrantItem)] pub fn f(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             sender: u8, message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:30: `#[outcome]` goes with `(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             destination: u8, message: NameMsg, outcome: &MessageOutcome)`",
        ),
        (
            "#[outcome(GrantItem)] pub fn f(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             sender: u8, message: GrantItemMsg, outcome: bool) -> Result<(), Failure> {}",
            "1:121: `#[outcome]` goes with `(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             destination: u8, message: NameMsg, outcome: &MessageOutcome)`",
        ),
        (
            "#[inbox(GrantItem)] fn f(ctx: &ReducerContext, shared: &mut SharedTransaction, sender: \
             u8, message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:24: a handler is `pub`: the generated dispatch calls it",
        ),
        (
            "#[inbox(GrantItem)] pub fn f(ctx: &ReducerContext, shared: &mut SharedTransaction, \
             sender: u8, message: GrantItemMsg) {}",
            "1:28: a handler returns `Result<(), Failure>`",
        ),
        (
            "#[inbox(GrantItem)] pub async fn f(ctx: &ReducerContext, shared: &mut \
             SharedTransaction, sender: u8, message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:25: a handler is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics",
        ),
        (
            "#[inbox(GrantItem)] pub fn onGrant(ctx: &ReducerContext, shared: &mut \
             SharedTransaction, sender: u8, message: GrantItemMsg) -> Result<(), Failure> {}",
            "1:28: `onGrant` is no name for a handler: write lower case letters, digits and single \
             `_`, e.g. `player_state`",
        ),
        (
            "#[inbox(GrantItem)] pub struct X;",
            "1:21: `#[inbox]` is for a function",
        ),
    ];
    check(&cases);
}

#[test]
fn types() {
    let cases = [
        (
            "#[sats_type(copy)] pub struct X { pub id: u64 }",
            "1:13: `#[sats_type]` takes no arguments; remove them",
        ),
        (
            "#[sats_type] pub fn f() {}",
            "1:14: `#[sats_type]` is for structs and enums",
        ),
        (
            "#[sats_type] pub enum Rarity { #[to(region)] Common }",
            "1:32: only variants of `MessageContents` go somewhere; remove this",
        ),
        (
            "#[sats_type] pub enum MessageContents { #[to(region)] #[to(global)] X(XMsg) }",
            "1:55: `#[to]` stands twice on this item; keep one",
        ),
        (
            "#[table(region, name = x)] pub enum X {}",
            "1:28: `#[table]` is for a struct",
        ),
    ];
    check(&cases);
}

/// What is no item at all is in the words of the parser, and is passed on as it is.
#[test]
fn what_does_not_parse() {
    let expanded = hexmarch_codegen::expand::reducer(quote::quote!(), quote::quote!(let x)).to_string();
    assert!(expanded.contains("\"expected `fn`\""), "{expanded}");
    assert!(expanded.ends_with("let x"), "{expanded}");
}
