//! Values of a database for people: names instead of positions.
//!
//! The host's answer to a query has the type of each column beside it, with all types written out in place. Values come
//! by position: a product as an array, a sum as its tag and value.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{json, Map, Value};

/// The value with the names of its type: an object for a product, `"Variant"` or `{"Variant": value}` for a sum, null
/// or the value for an option, UTC for a timestamp. What does not fit its type is returned as it is.
pub fn readable(kind: &Value, value: &Value) -> Value {
    let fitting = kind.as_object().and_then(|kind| {
        let (kind, of) = kind.iter().next()?;
        match kind.as_str() {
            "Product" => product(of.get("elements")?.as_array()?, value),
            "Sum" => sum(of.get("variants")?.as_array()?, value),
            "Array" => {
                let values = value.as_array()?.iter();
                Some(values.map(|value| readable(of, value)).collect())
            }
            _ => None,
        }
    });
    fitting.unwrap_or_else(|| value.clone())
}

fn name_of(element: &Value) -> Option<&str> {
    element.pointer("/name/some").and_then(Value::as_str)
}

fn product(elements: &[Value], value: &Value) -> Option<Value> {
    let values = match value {
        Value::Array(values) => values.clone(),
        Value::Object(fields) => {
            let field = |element| fields.get(name_of(element)?).cloned();
            elements.iter().map(field).collect::<Option<Vec<_>>>()?
        }
        _ => return None,
    };
    if values.len() != elements.len() {
        return None;
    }
    if let ([element], [value]) = (elements, values.as_slice()) {
        match name_of(element) {
            Some("__timestamp_micros_since_unix_epoch__") => return timestamp(value),
            // Identities, connections and durations.
            Some(name) if name.starts_with("__") => return Some(value.clone()),
            _ => {}
        }
    }
    let mut fields = Map::new();
    for (position, (element, value)) in elements.iter().zip(&values).enumerate() {
        let name = name_of(element).map_or_else(|| position.to_string(), str::to_owned);
        fields.insert(name, readable(element.get("algebraic_type")?, value));
    }
    Some(Value::Object(fields))
}

fn sum(variants: &[Value], value: &Value) -> Option<Value> {
    let (variant, value) = match value {
        Value::Array(parts) => match parts.as_slice() {
            [tag, value] => (variants.get(usize::try_from(tag.as_u64()?).ok()?)?, value),
            _ => return None,
        },
        Value::Object(fields) => {
            let (name, value) = fields.iter().next()?;
            let named = |variant: &&Value| name_of(variant) == Some(name);
            let position = || variants.get(name.parse::<usize>().ok()?);
            (variants.iter().find(named).or_else(position)?, value)
        }
        _ => return None,
    };
    let kind = variant.get("algebraic_type")?;
    let name = name_of(variant)?;
    let value = readable(kind, value);
    let is_unit = kind
        .pointer("/Product/elements")
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty);
    let is_option = matches!(variants, [some, none] if name_of(some) == Some("some") && name_of(none) == Some("none"));
    Some(match (is_option, name) {
        (true, "some") => value,
        (true, _) => Value::Null,
        _ if is_unit => name.into(),
        _ => json!({ name: value }),
    })
}

fn timestamp(value: &Value) -> Option<Value> {
    let since = Duration::from_micros(value.as_u64()?);
    let time = UNIX_EPOCH.checked_add(since)?;
    // Years that have five digits cannot be written.
    let is_writable = since < Duration::from_secs(253_402_300_800);
    is_writable.then(|| humantime::format_rfc3339_millis(time).to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(name: &str, kind: &Value) -> Value {
        json!({ "name": { "some": name }, "algebraic_type": kind })
    }

    #[test]
    fn names_what_comes_by_position() {
        let number = json!({ "U64": [] });
        let point = json!({ "Product": { "elements": [element("x", &number), element("z", &number)] } });
        let unit = json!({ "Product": { "elements": [] } });
        let option = json!({ "Sum": { "variants": [element("some", &point), element("none", &unit)] } });
        let either = json!({ "Sum": { "variants": [element("Nothing", &unit), element("At", &point)] } });
        let time = element("__timestamp_micros_since_unix_epoch__", &number);
        let time = json!({ "Product": { "elements": [time] } });
        let check =
            |kind: &Value, value: Value, expected: Value| assert_eq!(readable(kind, &value), expected, "{value}");
        let named = json!({ "x": 1, "z": 2 });
        check(&number, json!(7), json!(7));
        check(&point, json!([1, 2]), named.clone());
        check(&point, named.clone(), named.clone());
        check(&json!({ "Array": point }), json!([[1, 2]]), json!([named]));
        check(&option, json!([0, [1, 2]]), named.clone());
        check(&option, json!([1, []]), Value::Null);
        check(&either, json!([0, []]), json!("Nothing"));
        check(&either, json!([1, [1, 2]]), json!({ "At": named }));
        check(&either, json!({ "At": [1, 2] }), json!({ "At": named }));
        check(&either, json!({ "1": [1, 2] }), json!({ "At": named }));
        check(&time, json!([1_500_000]), json!("1970-01-01T00:00:01.500Z"));
    }

    #[test]
    fn what_does_not_fit_stays_as_it_is() {
        let sum = json!({ "Sum": { "variants": [] } });
        for value in [json!([5, []]), json!("x"), json!([[[]]])] {
            assert_eq!(readable(&sum, &value), value);
        }
        assert_eq!(readable(&json!({ "Ref": 3 }), &json!([1])), json!([1]));
    }
}
