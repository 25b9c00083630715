//! What the host's JSON answers mean.

use serde_json::Value;

use super::Answer;
use crate::{HostError, Token};

/// An identity that the host just made.
#[derive(Debug, Clone)]
pub struct NewIdentity {
    /// The identity in hexadecimal digits.
    pub identity: String,
    /// Proves to be that identity, without expiry.
    pub token: Token,
}

/// What the host knows of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseInfo {
    /// The database's own identity in hexadecimal digits.
    pub database_identity: String,
    /// The identity that owns it, the only one that may publish, delete, read logs and private tables.
    pub owner_identity: String,
}

/// Whether a publish made a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishOp {
    /// There was none of that name.
    Created,
    /// There was one; with `clear` it is empty now.
    Updated,
}

/// A successful publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Whether the database is new.
    pub op: PublishOp,
    /// The database's identity in hexadecimal digits.
    pub database_identity: String,
}

/// The answer to one SQL statement.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlRows {
    /// Names of the columns; `column_<n>` for one that has none.
    pub columns: Vec<String>,
    /// Types of the columns as SATS JSON of `AlgebraicType`, without references; null for one that has none.
    pub types: Vec<Value>,
    /// The rows in no order, each value in SATS JSON.
    pub rows: Vec<Vec<Value>>,
}

/// One line of a database's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// `Error`, `Warn`, `Info`, `Debug`, `Trace` or `Panic`; empty if the line could not be read.
    pub level: String,
    /// Microseconds since 1970.
    pub timestamp: i64,
    /// The module path that logged, if known.
    pub target: Option<String>,
    /// The text; the whole line if it could not be read.
    pub message: String,
}

fn unexpected(answer: &Answer, reason: &str) -> HostError {
    HostError::Answer {
        attempt: answer.attempt.clone(),
        reason: reason.to_owned(),
    }
}

/// An identity is written as plain hexadecimal digits or, in SATS, as `{"__identity__": "0x..."}`.
fn identity(value: &Value) -> Option<String> {
    let text = match value {
        Value::Object(fields) => fields.get("__identity__")?.as_str()?,
        other => other.as_str()?,
    };
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let hex = !digits.is_empty() && digits.len() <= 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hex.then(|| format!("{:0>64}", digits.to_ascii_lowercase()))
}

pub(super) fn new_identity(answer: &Answer) -> Result<NewIdentity, HostError> {
    let token = answer
        .value
        .get("token")
        .and_then(Value::as_str)
        .and_then(|text| Token::new(text).ok());
    match (answer.value.get("identity").and_then(identity), token) {
        (Some(identity), Some(token)) => Ok(NewIdentity { identity, token }),
        _ => Err(unexpected(answer, "no identity and token")),
    }
}

pub(super) fn published(answer: &Answer, database: &str) -> Result<Published, HostError> {
    if answer.value.get("PermissionDenied").is_some() {
        let text = format!("{database} belongs to another identity");
        return Err(HostError::NotAllowed {
            attempt: answer.attempt.clone(),
            text,
        });
    }
    let success = answer
        .value
        .get("Success")
        .ok_or_else(|| unexpected(answer, "neither success nor refusal"))?;
    let database_identity = success.get("database_identity").and_then(identity);
    let op = match success
        .get("op")
        .and_then(Value::as_str)
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("created") => PublishOp::Created,
        Some("updated") => PublishOp::Updated,
        _ => return Err(unexpected(answer, "neither created nor updated")),
    };
    let database_identity = database_identity.ok_or_else(|| unexpected(answer, "no database identity"))?;
    Ok(Published { op, database_identity })
}

/// How the host begins when a migration is refused while planning, or fails while executing.
pub(super) fn is_schema_refusal(text: &str) -> bool {
    text.starts_with("Database update rejected") || text.starts_with("Failed to create or update the database")
}

pub(super) fn database_info(answer: &Answer) -> Result<DatabaseInfo, HostError> {
    let field = |name: &str| answer.value.get(name).and_then(identity);
    match (field("database_identity"), field("owner_identity")) {
        (Some(database_identity), Some(owner_identity)) => Ok(DatabaseInfo {
            database_identity,
            owner_identity,
        }),
        _ => Err(unexpected(answer, "no identities")),
    }
}

pub(super) fn identities(answer: &Answer) -> Result<Vec<String>, HostError> {
    let list = answer.value.get("identities").and_then(Value::as_array);
    list.and_then(|list| list.iter().map(identity).collect())
        .ok_or_else(|| unexpected(answer, "no identities"))
}

pub(super) fn sql_rows(answer: &Answer) -> Result<SqlRows, HostError> {
    let statements = answer.value.as_array().map(Vec::as_slice);
    let Some([statement]) = statements else {
        return Err(unexpected(answer, "not the result of one statement"));
    };
    let elements = statement.pointer("/schema/elements").and_then(Value::as_array);
    let elements = elements.ok_or_else(|| unexpected(answer, "no columns"))?.iter();
    let types = elements
        .clone()
        .map(|element| element.get("algebraic_type").cloned().unwrap_or_default());
    let columns = elements.clone().enumerate().map(|(index, element)| {
        match element.pointer("/name/some").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => format!("column_{index}"),
        }
    });
    let rows = statement
        .get("rows")
        .and_then(Value::as_array)
        .ok_or_else(|| unexpected(answer, "no rows"))?;
    let rows: Option<_> = rows.iter().map(|row| row.as_array().cloned()).collect();
    Ok(SqlRows {
        columns: columns.collect(),
        types: types.collect(),
        rows: rows.ok_or_else(|| unexpected(answer, "a row is no array"))?,
    })
}

pub(super) fn log_lines(text: &str) -> Vec<LogLine> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(log_line)
        .collect()
}

fn log_line(line: &str) -> LogLine {
    let value: Value = serde_json::from_str(line).unwrap_or_default();
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    LogLine {
        level: text("level").unwrap_or_default(),
        // A number, or the same number as text, depending on the version.
        timestamp: value
            .get("ts")
            .and_then(|ts| ts.as_i64().or_else(|| ts.as_str().and_then(|ts| ts.parse().ok())))
            .unwrap_or_default(),
        target: text("target"),
        message: text("message").unwrap_or_else(|| line.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(value: Value) -> Answer {
        Answer {
            attempt: "test".into(),
            value,
        }
    }

    #[test]
    fn reads_both_spellings_of_an_identity() {
        let hex = "c2".repeat(32);
        assert_eq!(identity(&json!(hex)), Some(hex.clone()));
        assert_eq!(identity(&json!({ "__identity__": format!("0x{hex}") })), Some(hex));
        assert_eq!(identity(&json!("0x1")), Some(format!("{:0>64}", 1)));
        assert_eq!(identity(&json!("zz")), None);
        assert_eq!(identity(&json!(5)), None);
    }

    #[test]
    fn reads_a_publish() {
        let success = |op: &str| json!({ "Success": { "domain": "a", "database_identity": "ab", "op": op } });
        let op = |value| published(&answer(value), "a").map(|published| published.op);
        assert!(matches!(op(success("created")), Ok(PublishOp::Created)));
        assert!(matches!(op(success("Updated")), Ok(PublishOp::Updated)));
        assert!(matches!(
            op(json!({ "PermissionDenied": { "name": "a" } })),
            Err(HostError::NotAllowed { .. })
        ));
        assert!(matches!(op(json!({})), Err(HostError::Answer { .. })));
    }

    #[test]
    fn reads_rows_and_columns() {
        let statement = json!({
            "schema": { "elements": [
                { "name": { "some": "id" }, "algebraic_type": { "U64": [] } },
                { "name": { "none": [] }, "algebraic_type": { "U8": [] } },
            ] },
            "rows": [[1, 2], [3, 4]],
        });
        let rows = sql_rows(&answer(json!([statement]))).unwrap();
        assert_eq!(rows.columns, ["id", "column_1"]);
        assert_eq!(rows.types, [json!({ "U64": [] }), json!({ "U8": [] })]);
        assert_eq!(rows.rows, [[json!(1), json!(2)], [json!(3), json!(4)]]);
        assert!(sql_rows(&answer(json!([statement, statement]))).is_err());
    }

    #[test]
    fn reads_a_log_and_keeps_what_it_cannot_read() {
        let lines = log_lines("{\"level\":\"Info\",\"ts\":5,\"message\":\"hi\",\"target\":\"m\"}\n\nnonsense\n");
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[0].level.as_str(), lines[0].timestamp, lines[0].message.as_str()),
            ("Info", 5, "hi")
        );
        assert_eq!((lines[1].level.as_str(), lines[1].message.as_str()), ("", "nonsense"));
    }
}
