//! Small questions to a database.

use anyhow::Context as _;
use hexmarch_host::{HostClient, SqlRows};
use serde_json::Value;

/// Rows of a query, each value found by its column's name.
#[derive(Debug)]
pub struct Rows(SqlRows);

impl Rows {
    /// The values of one column, by row.
    pub fn column(&self, name: &str) -> Vec<&Value> {
        let Some(at) = self.0.columns.iter().position(|column| column == name) else {
            return Vec::new();
        };
        self.0.rows.iter().filter_map(|row| row.get(at)).collect()
    }

    /// The rows, each as columns and values.
    pub fn objects(&self) -> Vec<serde_json::Map<String, Value>> {
        let object = |row: &Vec<Value>| self.0.columns.iter().cloned().zip(row.iter().cloned()).collect();
        self.0.rows.iter().map(object).collect()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.rows.is_empty()
    }
}

/// Runs a query.
///
/// # Errors
/// As [`HostClient::sql`].
pub async fn select(client: &HostClient, database: &str, query: &str) -> anyhow::Result<Rows> {
    Ok(Rows(client.sql(database, query).await?))
}

/// Counts rows; `what` is a table, with a `WHERE` clause if need be.
///
/// # Errors
/// As [`HostClient::sql`].
pub async fn count(client: &HostClient, database: &str, what: &str) -> anyhow::Result<u64> {
    let rows = select(client, database, &format!("SELECT COUNT(*) AS n FROM {what}")).await?;
    let number = rows.column("n").first().and_then(|value| value.as_u64());
    number.with_context(|| format!("the host's count of {what} in {database} is no number"))
}
