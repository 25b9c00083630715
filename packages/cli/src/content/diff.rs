//! Content against what a database holds, field by field.

use std::collections::BTreeMap;

use hexmarch_host::HostClient;
use serde_json::Value;

use super::text::{Columns, Reader};
use super::{live, Content, Row, Table};

/// What an option that has a value is called.
const SOME: &str = "some";

/// What a push would change in one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// Rows that the database lacks.
    pub added: Vec<Named>,
    /// Rows that differ.
    pub changed: Vec<Changed>,
    /// Rows that only the database has.
    pub removed: Vec<Named>,
    /// How many rows the database has.
    pub live_rows: usize,
}

/// A row of which there is only one side.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its key.
    pub key: String,
    /// What people call it, in tables that have names.
    pub name: Option<String>,
}

/// A row that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The row as it is in the database.
    pub row: Named,
    /// What differs.
    pub fields: Vec<Field>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where it is in the row, as in `possibilities[2].items[0].quantity`.
    pub path: String,
    /// What the database has.
    pub before: Value,
    /// What it would have.
    pub after: Value,
}

/// Compares content with the database of this index. Tables without a difference are left out.
///
/// # Errors
/// When the database cannot be asked, or runs a module whose tables are others than this tool's.
pub async fn diff(
    client: &HostClient,
    (index, database): (u8, &str),
    content: &Content,
) -> anyhow::Result<Vec<Difference>> {
    let live = live(client, (index, database)).await?;
    let compare = |table: &Table| {
        let found = live.tables.iter().find(|live| live.name == table.name);
        compare(table, found.map_or(&[], |live| live.rows.as_slice()))
    };
    Ok(content.of(index).filter_map(compare).collect())
}

fn compare(table: &Table, live: &[Row]) -> Option<Difference> {
    let reader = Reader::of(table.name);
    let columns = |row: &Row| reader.and_then(|reader| reader.columns(&row.bsatn));
    let named = |row: &Row| Named {
        key: row.key.clone(),
        name: columns(row).and_then(|columns| columns.name().map(str::to_owned)),
    };
    let mut difference = Difference {
        table: table.name,
        added: Vec::new(),
        changed: Vec::new(),
        removed: Vec::new(),
        live_rows: live.len(),
    };
    let mut by_key: BTreeMap<&str, &Row> = live.iter().map(|row| (row.key.as_str(), row)).collect();
    for row in &table.rows {
        match by_key.remove(row.key.as_str()) {
            None => difference.added.push(named(row)),
            Some(old) if old.bsatn != row.bsatn => difference.changed.push(Changed {
                row: named(old),
                fields: fields(columns(old), columns(row)),
            }),
            Some(_) => {}
        }
    }
    let gone = live.iter().filter(|row| by_key.contains_key(row.key.as_str()));
    difference.removed = gone.map(named).collect();
    let Difference {
        added,
        changed,
        removed,
        ..
    } = &difference;
    let is_empty = added.is_empty() && changed.is_empty() && removed.is_empty();
    (!is_empty).then_some(difference)
}

fn fields(before: Option<Columns>, after: Option<Columns>) -> Vec<Field> {
    let (Some(before), Some(after)) = (before, after) else {
        return Vec::new();
    };
    let mut fields = Vec::new();
    for ((name, before), (_, after)) in before.0.iter().zip(&after.0) {
        descend(name.clone(), before, after, &mut fields);
    }
    fields
}

/// Goes down as long as both sides have the same shape. Rows do not nest deeper than their types.
fn descend(path: String, before: &Value, after: &Value, fields: &mut Vec<Field>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                descend(format!("{path}[{index}]"), old, new, fields);
            }
        }
        (Value::Object(old), Value::Object(new)) if old.keys().eq(new.keys()) => {
            for ((name, old), new) in old.iter().zip(new.values()) {
                let is_option = name == SOME;
                let path = if is_option {
                    path.clone()
                } else {
                    format!("{path}.{name}")
                };
                descend(path, old, new, fields);
            }
        }
        (before, after) => fields.push(Field {
            path,
            before: before.clone(),
            after: after.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexmarch_messages::inventory::{ItemDesc, Rarity};
    use serde_json::json;

    fn table(rows: Vec<Row>) -> Table {
        Table {
            name: "item_desc",
            in_region: true,
            in_global: true,
            rows,
        }
    }

    fn item(id: i32, change: impl FnOnce(&mut ItemDesc)) -> Row {
        let mut row = ItemDesc {
            id,
            name: format!("Item {id}"),
            description: String::new(),
            volume: 60,
            durability: 0,
            convert_to_on_durability_zero: None,
            tier: 1,
            tag: "t".into(),
            rarity: Rarity::Common,
            item_list_id: Some(3),
            compendium_entry: true,
        };
        change(&mut row);
        Row {
            key: id.to_string(),
            bsatn: spacetimedb_sats::bsatn::to_vec(&row).unwrap(),
        }
    }

    #[test]
    fn tells_what_a_push_would_change() {
        let live = [item(1, |_| ()), item(2, |_| ()), item(10, |_| ()), item(9, |_| ())];
        let new = table(vec![
            item(1, |_| ()),
            item(2, |row| {
                row.name = "Other".into();
                row.volume = 80;
                row.item_list_id = Some(4);
                row.rarity = Rarity::Rare;
            }),
            item(3, |_| ()),
        ]);
        let found = compare(&new, &live).unwrap();
        let named = |key: &str, name: &str| Named {
            key: key.into(),
            name: Some(name.into()),
        };
        assert_eq!(found.added, [named("3", "Item 3")]);
        assert_eq!(found.removed, [named("10", "Item 10"), named("9", "Item 9")]);
        assert_eq!(found.live_rows, 4);
        let [changed] = found.changed.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(changed.row, named("2", "Item 2"));
        let fields: Vec<_> = changed
            .fields
            .iter()
            .map(|field| (field.path.as_str(), field.before.clone(), field.after.clone()))
            .collect();
        assert_eq!(
            fields,
            [
                ("name", json!("Item 2"), json!("Other")),
                ("volume", json!(60), json!(80)),
                ("rarity", json!({"Common": []}), json!({"Rare": []})),
                ("item_list_id", json!(3), json!(4)),
            ]
        );
        assert_eq!(compare(&table(live.to_vec()), &live), None);
    }

    #[test]
    fn lists_are_compared_element_by_element_while_they_are_as_long() {
        let mut fields = Vec::new();
        let (before, after) = (json!([{"a": 1, "b": [1, 2]}]), json!([{"a": 2, "b": [1]}]));
        descend("list".into(), &before, &after, &mut fields);
        let paths: Vec<_> = fields.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["list[0].a", "list[0].b"]);
    }
}
