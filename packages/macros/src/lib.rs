//! The attributes that Hexmarch's sources are written with. Each is thin: what it means is in `hexmarch-codegen`.
//!
//! | attribute | on | says |
//! |---|---|---|
//! | [`macro@table`] | row type | which databases have the table |
//! | [`macro@shared_table`] | row type | who owns the rows and who holds replicas |
//! | [`macro@delete`], [`macro@transfer`] | below `#[table]` | part of entity deletion; travels with a player |
//! | [`macro@static_data_staging_table`] | below `#[table]` | content, uploaded through a private twin |
//! | [`macro@derived_from`] | below `#[table]` | rows that follow from content |
//! | [`macro@knowledge`] | below `#[table]` | what characters know, kept through `Discovery` |
//! | [`macro@event_table`] | below `#[table]` | rows are seen once, then gone |
//! | [`macro@custom_inter_module_insert`] | below `#[shared_table]` | the replica does more than upsert |
//! | [`macro@sats_type`] | struct or enum | part of a row or message |
//! | [`macro@reducer`] | function | callable from outside |
//! | [`macro@access`], [`macro@feature_gate`], [`macro@shared_table_reducer`] | below `#[reducer]` | who; switch; may write shared tables |
//! | [`macro@agent`], [`macro@timer`] | function; row type | runs by itself |
//! | [`macro@inbox`], [`macro@outcome`] | function | handles a message; handles its answer |

use hexmarch_codegen::expand;
use proc_macro::TokenStream;

macro_rules! attribute {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(arguments: TokenStream, item: TokenStream) -> TokenStream {
            expand::$name(arguments.into(), item.into()).into()
        }
    };
}

macro_rules! annotation {
    ($(#[$doc:meta])* $name:ident below $outer:literal) => {
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(arguments: TokenStream, item: TokenStream) -> TokenStream {
            expand::misplaced(stringify!($name), $outer, &arguments.into(), item.into()).into()
        }
    };
}

attribute! {
    /// `#[table(region | global | region, global, name = x, public, index(...))]` on a row type: a SpacetimeDB table in
    /// the modules named, a plain SATS type elsewhere. In a region, a table that may hold an entity's or a player's
    /// rows must carry [`macro@delete`] and [`macro@transfer`].
    table
}
attribute! {
    /// `#[shared_table(owner = region | global, to = global | all, name = x, ...)]`: a table in both modules that only
    /// the owner's module can write, through a `SharedTransaction`.
    shared_table
}
attribute! {
    /// `#[reducer]` or `#[reducer(init | client_connected | client_disconnected)]` on
    /// `fn(ctx: &ReducerContext, ...) -> Result<(), Failure>`; needs [`macro@access`].
    reducer
}
attribute! {
    /// `#[agent(timer = table_name, every_millis = 5_000)]` on `fn(ctx) -> Result<(), Failure>`.
    agent
}
attribute! {
    /// `#[timer(name = table_name, reducer = function)]` on a struct: rows that call a reducer once.
    timer
}
attribute! {
    /// `#[inbox(Variant)]` on `fn(ctx, shared, sender, message) -> Result<(), Failure>`, in the destination's module.
    inbox
}
attribute! {
    /// `#[outcome(Variant)]` on `fn(ctx, shared, destination, message, outcome) -> Result<(), Failure>`, in the
    /// sender's module: completes or compensates.
    outcome
}

attribute! {
    /// A struct or enum that rows and messages are made of.
    sats_type
}

annotation! {
    /// `#[delete]`, `#[delete(by = column)]` or `#[delete(never)]`: what entity deletion does to the rows.
    delete below "table"
}
annotation! {
    /// `#[transfer(player)]`, `#[transfer(player, by = column)]` or `#[transfer(never)]`: what a change of region does.
    transfer below "table"
}
annotation! {
    /// Content: adds a private twin `staged_*` and its reducers. With `(may_be_empty)`, a commit may leave it without rows.
    ///
    /// What must hold of the values stands on the columns, and on the fields of the types that they are made of:
    /// `#[references(table)]`, the key of a row of that content table; `#[range(a..=b)]` of a number; `#[length(a..=b)]` of
    /// a `String`, in characters, or a `Vec`; `#[localized]`, a `String` that is not empty and there in every language;
    /// `#[distinct]`, no two rows have the same.
    static_data_staging_table below "table"
}
annotation! {
    /// Rows follow from those of the content table named, anew at each commit.
    derived_from below "table"
}
annotation! {
    /// Rows are due at once: clients see one insert, then the row is gone.
    event_table below "table"
}
annotation! {
    /// What characters know of one category: one row a character, read and written through the generated `Discovery`.
    knowledge below "table"
}
annotation! {
    /// The replica's module runs its own code on arrival.
    custom_inter_module_insert below "shared_table"
}
annotation! {
    /// `#[access(Anyone | Player | Partner | SkipQueue | Mod | Gm | Admin | Relay | Scheduler | Lifecycle)]`.
    access below "reducer"
}
annotation! {
    /// `#[feature_gate("category")]`: off while `gated_features` holds `reducer:<name>` or `category:<category>`.
    feature_gate below "reducer"
}
annotation! {
    /// Hands the function a `&mut SharedTransaction`.
    shared_table_reducer below "reducer"
}
