//! `hexmarch content diff`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{json, Value};

use super::Databases;
use crate::cli::Common;
use crate::content::{self, Changed, Difference, Field, Named};
use crate::output;

/// Rows of a table that are shown without --all.
const SHOWN_ROWS: usize = 20;
/// Characters of a value that are shown without --all.
const SHOWN_CHARS: usize = 60;

const EXAMPLES: &str = "\
Examples:
  hexmarch content diff                          What a push into the running world would change
  hexmarch content diff --all                    Every row and the whole of every value
  hexmarch content diff --json | jq '.databases[].tables[].table'

Databases that differ alike are shown together:

  hexmarch-local-1, hexmarch-local-2:
    item_desc 1101 \"Windfall Branch\": volume 60 -> 80; name \"Windfall Branch\" -> \"Windfall Bough\"
    item_desc 1105 \"Larch Log\": added
    item_desc 1100 \"Old Thing\": removed";

/// What to compare with what.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Directory of the content [default: static_data of the checkout]
    directory: Option<PathBuf>,
    #[command(flatten)]
    databases: Databases,
    /// Show everything, not only the first rows of each table
    #[arg(long)]
    all: bool,
    /// Print everything as one JSON object
    #[arg(long, conflicts_with = "all")]
    json: bool,
}

pub(super) async fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let content = super::check(common, arguments.directory.as_deref())?;
    let (client, databases) = arguments.databases.find(common).await?;
    let mut groups: Vec<(Vec<String>, Vec<Difference>)> = Vec::new();
    for (index, name) in databases {
        let differences = content::diff(&client, (index, &name), &content).await?;
        match groups.iter_mut().find(|(_, known)| *known == differences) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], differences)),
        }
    }
    if arguments.json {
        let databases = groups.iter().flat_map(|(names, differences)| {
            let tables: Vec<Value> = differences.iter().map(json).collect();
            names
                .iter()
                .map(move |name| json!({"database": name, "tables": tables}))
        });
        return output::line(&json!({"databases": databases.collect::<Vec<Value>>()}).to_string());
    }
    for (names, differences) in &groups {
        output::line(&describe(&names.join(", "), differences, arguments.all))?;
    }
    Ok(())
}

fn describe(databases: &str, differences: &[Difference], all: bool) -> String {
    if differences.is_empty() {
        return format!("{databases}: the same");
    }
    let mut lines = vec![format!("{databases}:")];
    for difference in differences {
        let table = difference.table;
        let rows = rows(difference, if all { usize::MAX } else { SHOWN_CHARS });
        let shown = if all { usize::MAX } else { SHOWN_ROWS };
        lines.extend(rows.iter().take(shown).map(|row| format!("  {table} {row}")));
        let more = rows.len().saturating_sub(shown);
        if more > 0 {
            lines.push(format!(
                "  {table}: {more} more of {} changed, {} added, {} removed; --all shows them",
                difference.changed.len(),
                difference.added.len(),
                difference.removed.len()
            ));
        }
    }
    lines.join("\n")
}

fn rows(difference: &Difference, chars: usize) -> Vec<String> {
    let title = |row: &Named| match &row.name {
        Some(name) => format!("{} {}", row.key, value(&json!(name), chars)),
        None => row.key.clone(),
    };
    let field = |field: &Field| {
        format!(
            "{} {} -> {}",
            field.path,
            value(&field.before, chars),
            value(&field.after, chars)
        )
    };
    let changed = difference.changed.iter().map(|Changed { row, fields }| {
        let fields: Vec<String> = fields.iter().map(field).collect();
        format!("{}: {}", title(row), fields.join("; "))
    });
    let added = difference.added.iter().map(|row| format!("{}: added", title(row)));
    let removed = difference.removed.iter().map(|row| format!("{}: removed", title(row)));
    changed.chain(added).chain(removed).collect()
}

/// A value as people write it, cut: `Rare` for `{"Rare": []}`, `none` for `{"none": []}`, `5` for `{"some": 5}`.
fn value(value: &Value, chars: usize) -> String {
    let text = plain(value);
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn plain(value: &Value) -> String {
    let only = value
        .as_object()
        .filter(|fields| fields.len() == 1)
        .and_then(|fields| fields.iter().next());
    match only {
        Some((name, inner)) if name == "some" => plain(inner),
        Some((name, inner)) if inner.as_array().is_some_and(Vec::is_empty) => name.clone(),
        _ => value.to_string(),
    }
}

fn json(difference: &Difference) -> Value {
    let named = |row: &Named| json!({"key": row.key, "name": row.name});
    let field = |field: &Field| json!({"field": field.path, "before": field.before, "after": field.after});
    let changed = difference.changed.iter().map(|Changed { row, fields }| {
        let fields: Vec<Value> = fields.iter().map(field).collect();
        json!({"key": row.key, "name": row.name, "fields": fields})
    });
    json!({
        "table": difference.table,
        "changed": changed.collect::<Vec<Value>>(),
        "added": difference.added.iter().map(named).collect::<Vec<Value>>(),
        "removed": difference.removed.iter().map(named).collect::<Vec<Value>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(key: &str) -> Named {
        Named {
            key: key.to_owned(),
            name: Some(format!("Name {key}")),
        }
    }

    fn difference(added: usize) -> Difference {
        let field = |path: &str, before: Value, after: Value| Field {
            path: path.to_owned(),
            before,
            after,
        };
        Difference {
            table: "t",
            added: (0..added).map(|key| named(&key.to_string())).collect(),
            changed: vec![Changed {
                row: named("c"),
                fields: vec![
                    field("volume", json!(60), json!(80)),
                    field("rarity", json!({"Common": []}), json!({"Rare": []})),
                    field("a[1].b", json!({"none": []}), json!({"some": 5})),
                    field("text", json!("x".repeat(100)), json!("y")),
                ],
            }],
            removed: vec![named("r")],
            live_rows: 2,
        }
    }

    #[test]
    fn shows_fields_and_names() {
        let shown = describe("a, b", &[difference(1)], false);
        let text = format!("text \"{}... -> \"y\"", "x".repeat(SHOWN_CHARS - 1));
        assert_eq!(
            shown,
            format!(
                "a, b:\n  t c \"Name c\": volume 60 -> 80; rarity Common -> Rare; a[1].b none -> 5; {text}\n  \
                 t 0 \"Name 0\": added\n  t r \"Name r\": removed"
            )
        );
        assert_eq!(describe("a", &[], false), "a: the same");
    }

    #[test]
    fn is_bounded_unless_all_is_asked_for() {
        let many = difference(100);
        let shown = describe("a", std::slice::from_ref(&many), false);
        assert_eq!(shown.lines().count(), 1 + SHOWN_ROWS + 1);
        assert!(
            shown.ends_with("  t: 82 more of 1 changed, 100 added, 1 removed; --all shows them"),
            "{shown}"
        );
        let all = describe("a", &[many], true);
        assert_eq!(all.lines().count(), 103);
        assert!(all.contains(&"x".repeat(100)), "{all}");
    }
}
