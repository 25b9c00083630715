//! What a module's schema must have for the relay, looked up in the host's description of it.

use serde_json::Value;

use crate::control::{DEAD_LETTER_TABLE, DISCARD_REDUCER, ESCROW_TABLE, PAUSE_REDUCER, PAUSE_TABLE, RETRY_REDUCER};
use crate::wire;

/// The first columns of the outbox, which the relay reads.
const OUTBOX_FRONT: &[(&str, &str)] = &[("id", "U64"), ("to", "U8"), ("durable", "Bool")];
const COUNTER_FRONT: &[(&str, &str)] = &[("module_id", "U8"), ("last_processed_message_id", "U64")];
const PLACE_FRONT: &[(&str, &str)] = &[
    ("version", "I32"),
    ("entity_pk_counter", "U64"),
    ("dimension_counter", "U32"),
    ("region_index", "U8"),
];
const REDUCERS: &[&str] = &[
    wire::PROCESS_REDUCER,
    wire::RECORD_FAILURE_REDUCER,
    wire::ACKNOWLEDGE_REDUCER,
];
/// What older modules lack: the relay works, and the commands for operators do not.
const OPTIONAL_TABLES: &[&str] = &[PAUSE_TABLE, DEAD_LETTER_TABLE, ESCROW_TABLE];
const OPTIONAL_REDUCERS: &[&str] = &[PAUSE_REDUCER, RETRY_REDUCER, DISCARD_REDUCER];

/// A schema in SATS JSON of `RawModuleDefV9`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema(Value);

impl Schema {
    /// As the host gives it.
    pub fn new(schema: Value) -> Self {
        Self(schema)
    }

    /// Whether nothing is missing that the relay needs.
    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }

    /// What the relay needs and is not there, in words.
    pub fn missing(&self) -> Vec<String> {
        let tables = [
            (wire::OUTBOX_TABLE, OUTBOX_FRONT),
            (wire::COUNTER_TABLE, COUNTER_FRONT),
            (wire::PLACE_TABLE, PLACE_FRONT),
        ];
        let tables = tables.iter().filter(|(table, front)| !self.begins(table, front));
        let tables = tables.map(|(table, front)| {
            let columns: Vec<&str> = front.iter().map(|(name, _)| *name).collect();
            format!("table {table} that begins with {}", columns.join(", "))
        });
        let reducers = REDUCERS.iter().filter(|name| !self.has("reducers", name));
        tables.chain(reducers.map(|name| format!("reducer {name}"))).collect()
    }

    /// What the commands for operators need and is not there.
    pub fn missing_for_operators(&self) -> Vec<&'static str> {
        let tables = OPTIONAL_TABLES.iter().filter(|name| !self.has("tables", name));
        let reducers = OPTIONAL_REDUCERS.iter().filter(|name| !self.has("reducers", name));
        tables.chain(reducers).copied().collect()
    }

    fn named<'a>(&'a self, list: &str, name: &str) -> Option<&'a Value> {
        let entries = self.0.get(list)?.as_array()?;
        let is_it = |entry: &&Value| entry.get("name").and_then(Value::as_str) == Some(name);
        entries.iter().find(is_it)
    }

    fn has(&self, list: &str, name: &str) -> bool {
        self.named(list, name).is_some()
    }

    fn begins(&self, table: &str, front: &[(&str, &str)]) -> bool {
        let columns = self.columns(table).unwrap_or_default();
        columns.len() >= front.len() && columns.iter().zip(front).all(|(column, front)| *column == *front)
    }

    /// Names and types of a table's columns; of a type only its kind.
    fn columns(&self, table: &str) -> Option<Vec<(&str, &str)>> {
        let row = self.named("tables", table)?.get("product_type_ref")?;
        let row = usize::try_from(row.as_u64()?).ok()?;
        let row = self.0.pointer("/typespace/types")?.get(row)?;
        row.pointer("/Product/elements")?
            .as_array()?
            .iter()
            .map(column)
            .collect()
    }
}

fn column(element: &Value) -> Option<(&str, &str)> {
    let name = element.pointer("/name/some")?.as_str()?;
    let kind = element.get("algebraic_type")?.as_object()?.keys().next()?;
    Some((name, kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema(outbox: &[(&str, &str)]) -> Schema {
        let element =
            |(name, kind): &(&str, &str)| json!({ "name": { "some": name }, "algebraic_type": { *kind: [] } });
        let product = |columns: &[(&str, &str)]| json!({ "Product": { "elements": columns.iter().map(element).collect::<Vec<_>>() } });
        let reducers: Vec<Value> = REDUCERS.iter().map(|name| json!({ "name": name })).collect();
        Schema::new(json!({
            "typespace": { "types": [product(outbox), product(COUNTER_FRONT), product(PLACE_FRONT)] },
            "tables": [
                { "name": wire::OUTBOX_TABLE, "product_type_ref": 0 },
                { "name": wire::COUNTER_TABLE, "product_type_ref": 1 },
                { "name": wire::PLACE_TABLE, "product_type_ref": 2 },
            ],
            "reducers": reducers,
        }))
    }

    #[test]
    fn finds_what_is_missing() {
        let mut columns = OUTBOX_FRONT.to_vec();
        columns.push(("contents", "Ref"));
        assert_eq!(schema(&columns).missing(), [""; 0]);
        columns.swap(0, 1);
        let outbox = "table inter_module_message that begins with id, to, durable";
        assert_eq!(schema(&columns).missing(), [outbox]);
        assert_eq!(schema(&[]).missing(), [outbox]);
        assert_eq!(Schema::new(json!({})).missing().len(), 3 + REDUCERS.len());
        assert_eq!(schema(&columns).missing_for_operators().len(), 6);
    }
}
