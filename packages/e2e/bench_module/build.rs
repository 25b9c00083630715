//! Writes bare reducers for all content tables: the rows that a push stages, inserted without anything around it.

use std::fmt::Write as _;
use std::path::Path;

use hexmarch_codegen::{Home, Sources, TableDecl};
use syn::Item;

/// Where the row types are.
const MESSAGES: &str = "../../messages/src";

/// A content table of regions.
struct Content {
    /// `hexmarch_messages::inventory`.
    module: String,
    row: String,
    name: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={MESSAGES}");
    let tables = tables(&Sources::read(Path::new(MESSAGES))?)?;
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("content.rs"), text(&tables)?)?;
    Ok(())
}

fn tables(sources: &Sources) -> syn::Result<Vec<Content>> {
    let mut tables = Vec::new();
    for file in &sources.files {
        let mut path = file.module.clone();
        path.retain(|part| part != "mod" && part != "lib");
        path.insert(0, "hexmarch_messages".to_owned());
        for item in &file.syntax.items {
            let Item::Struct(item) = item else { continue };
            let Some(table) = TableDecl::of_item(item).transpose()? else {
                continue;
            };
            if table.content_key.is_some() && table.lives_in(Home::Region) {
                tables.push(Content {
                    module: path.join("::"),
                    row: table.ident.to_string(),
                    name: table.name.to_string(),
                });
            }
        }
    }
    Ok(tables)
}

fn text(tables: &[Content]) -> Result<String, std::fmt::Error> {
    let [mut reducers, mut fields, mut inserts, mut clears] = [(); 4].map(|()| String::new());
    for Content { module, row, name } in tables {
        let table = format!("{module}::{name}::{name}(&ctx.db)");
        write_reducer(&mut reducers, (name, &format!("{module}::{row}"), &table))?;
        writeln!(
            fields,
            "    /// Rows of `{name}`.\n    pub {name}: Vec<{module}::{row}>,"
        )?;
        writeln!(inserts, "    for record in rows.{name} {{ {table}.insert(record); }}")?;
        writeln!(clears, "    for record in {table}.iter() {{ {table}.delete(record); }}")?;
    }
    Ok(format!(
        "{reducers}\n\
         /// All content.\n\
         #[derive(spacetimedb::SpacetimeType)]\n\
         pub struct Everything {{\n{fields}}}\n\n\
         /// Inserts all content.\n\
         #[spacetimedb::reducer]\n\
         pub fn insert_everything(ctx: &ReducerContext, rows: Everything) {{\n{inserts}}}\n\n\
         /// Deletes all content.\n\
         #[spacetimedb::reducer]\n\
         pub fn delete_everything(ctx: &ReducerContext) {{\n{clears}}}\n"
    ))
}

fn write_reducer(reducers: &mut String, (name, row, table): (&str, &str, &str)) -> std::fmt::Result {
    writeln!(
        reducers,
        "/// Inserts rows of `{name}`.\n\
         #[spacetimedb::reducer]\n\
         pub fn insert_{name}(ctx: &ReducerContext, records: Vec<{row}>) {{\n    \
             for record in records {{ {table}.insert(record); }}\n\
         }}\n"
    )
}
