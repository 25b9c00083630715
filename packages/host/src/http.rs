//! The host's HTTP interface.

mod answers;

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Method, RequestBuilder, Response, StatusCode};

use crate::{HostError, HostUrl, Token};
pub use answers::{DatabaseInfo, LogLine, NewIdentity, PublishOp, Published, SqlRows};

/// The largest body the host takes except when publishing. Send more in several calls, or over a websocket.
pub const MAX_CALL_BYTES: usize = 2 * 1024 * 1024;

/// For establishing a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For a whole exchange. A reducer may run for about a minute before its fuel ends.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(90);
/// For a publish: the host compiles the module and runs the migration before it answers.
const PUBLISH_TIMEOUT: Duration = Duration::from_secs(300);
/// For the check whether anybody is there.
const PING_TIMEOUT: Duration = Duration::from_secs(5);
/// The status of a reducer's own error.
const REDUCER_FAILED: u16 = 530;
/// How much of an error text is kept, in characters.
const MAX_ERROR_CHARS: usize = 4096;

/// A client of one host, with or without a token. Cheap to clone; clones share their connections.
///
/// Every method's errors are [`HostError`]; variants of special meaning are named where they arise.
/// Without a token the host gives each request an identity of its own.
#[derive(Debug, Clone)]
pub struct HostClient {
    url: HostUrl,
    token: Option<Token>,
    http: reqwest::Client,
}

impl HostClient {
    /// A client for the host at `url`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`HostError::Unreachable`] when the system has no resources for a client.
    pub fn new(url: HostUrl, token: Option<Token>) -> Result<Self, HostError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .tcp_nodelay(true)
            .no_proxy()
            .build()
            .map_err(|source| HostError::Unreachable {
                attempt: format!("prepare requests to {url}"),
                source,
            })?;
        Ok(Self { url, token, http })
    }

    /// The same client under another identity.
    #[must_use]
    pub fn with_token(&self, token: Option<Token>) -> Self {
        Self { token, ..self.clone() }
    }

    /// Which host this is.
    pub fn url(&self) -> &HostUrl {
        &self.url
    }

    /// Under which token requests are made.
    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// Returns when the host answers.
    ///
    /// # Errors
    /// See [`HostClient`].
    pub async fn ping(&self) -> Result<(), HostError> {
        let exchange = self.exchange(Method::GET, &["v1", "ping"], format!("reach {}", self.url));
        exchange.limit(PING_TIMEOUT).run().await.map(drop)
    }

    /// Has the host make a new identity. Keep the token: the host cannot give it again.
    ///
    /// # Errors
    /// See [`HostClient`].
    pub async fn new_identity(&self) -> Result<NewIdentity, HostError> {
        let attempt = format!("get a new identity from {}", self.url);
        let exchange = self.exchange(Method::POST, &["v1", "identity"], attempt);
        answers::new_identity(&exchange.json().await?)
    }

    /// Publishes a module: creates `database`, or updates it in place, keeping its rows. With `clear` an existing
    /// database loses all rows first. Returns when the new module runs.
    ///
    /// On hosts 1.3.0 calls over websockets that were open before an update fail afterwards: reconnect.
    ///
    /// # Errors
    /// [`HostError::SchemaRefused`] when the old rows do not fit the new tables (nothing has changed then),
    /// [`HostError::NotAllowed`] when the database belongs to another identity.
    pub async fn publish(&self, database: &str, module: Bytes, clear: bool) -> Result<Published, HostError> {
        let attempt = format!("publish {database} to {}", self.url);
        let mut exchange = self.exchange(Method::PUT, &["v1", "database", database], attempt);
        exchange.request = exchange.request.body(module);
        if clear {
            exchange.request = exchange.request.query(&[("clear", "true")]);
        }
        match exchange.limit(PUBLISH_TIMEOUT).json().await {
            Ok(answer) => answers::published(&answer, database),
            Err(HostError::Refused { status: 400, text, .. }) if answers::is_schema_refusal(&text) => {
                Err(HostError::SchemaRefused {
                    database: database.to_owned(),
                    text,
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes a database and all its rows. Deleting what does not exist succeeds.
    ///
    /// # Errors
    /// [`HostError::NotAllowed`] when the database belongs to another identity.
    pub async fn delete(&self, database: &str) -> Result<(), HostError> {
        let attempt = format!("delete {database} on {}", self.url);
        let exchange = self.exchange(Method::DELETE, &["v1", "database", database], attempt);
        missing_is_none(exchange.run().await).map(drop)
    }

    /// What the host knows of a database, or `None` when there is none of that name.
    ///
    /// # Errors
    /// See [`HostClient`].
    pub async fn database(&self, database: &str) -> Result<Option<DatabaseInfo>, HostError> {
        let attempt = format!("look up {database} on {}", self.url);
        let exchange = self.exchange(Method::GET, &["v1", "database", database], attempt);
        match missing_is_none(exchange.json().await)? {
            Some(answer) => answers::database_info(&answer).map(Some),
            None => Ok(None),
        }
    }

    /// The identity of a database in hexadecimal digits, or `None` when there is none of that name.
    ///
    /// # Errors
    /// See [`HostClient`].
    pub async fn database_identity(&self, database: &str) -> Result<Option<String>, HostError> {
        Ok(self.database(database).await?.map(|info| info.database_identity))
    }

    /// Whether there is a database of that name.
    ///
    /// # Errors
    /// See [`HostClient`].
    pub async fn exists(&self, database: &str) -> Result<bool, HostError> {
        Ok(self.database(database).await?.is_some())
    }

    /// The module's schema as the host describes it, in SATS JSON of `RawModuleDefV9`.
    ///
    /// # Errors
    /// [`HostError::NotFound`] when there is no such database.
    pub async fn schema(&self, database: &str) -> Result<serde_json::Value, HostError> {
        let attempt = format!("read the schema of {database} on {}", self.url);
        let mut exchange = self.exchange(Method::GET, &["v1", "database", database, "schema"], attempt);
        exchange.request = exchange.request.query(&[("version", "9")]);
        exchange.json().await.map(|answer| answer.value)
    }

    /// Calls a reducer with arguments as a JSON array, or as an object by argument name. Returns when it has
    /// committed; on hosts 1.3.0 that is up to half a second before the commit is on disk.
    ///
    /// # Errors
    /// [`HostError::Reducer`] with the reducer's own text, [`HostError::TooLarge`] above [`MAX_CALL_BYTES`],
    /// [`HostError::NotFound`] when there is no such database or reducer.
    pub async fn call(&self, database: &str, reducer: &str, args: &serde_json::Value) -> Result<(), HostError> {
        let attempt = format!("call {reducer} of {database} on {}", self.url);
        let body = args.to_string();
        if body.len() > MAX_CALL_BYTES {
            return Err(HostError::TooLarge {
                attempt,
                bytes: body.len(),
                limit: MAX_CALL_BYTES,
            });
        }
        let mut exchange = self.exchange(Method::POST, &["v1", "database", database, "call", reducer], attempt);
        exchange.request = exchange
            .request
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body);
        exchange.run().await.map(drop)
    }

    /// Runs one SQL statement. Private tables, and statements that write, are for the database's owner.
    ///
    /// # Errors
    /// [`HostError::Refused`] with the host's words when the statement is wrong or not allowed.
    pub async fn sql(&self, database: &str, query: &str) -> Result<SqlRows, HostError> {
        let attempt = format!("query {database} on {}", self.url);
        let mut exchange = self.exchange(Method::POST, &["v1", "database", database, "sql"], attempt);
        exchange.request = exchange.request.body(query.to_owned());
        answers::sql_rows(&exchange.json().await?)
    }

    /// The last `count` lines of a database's log, oldest first. For the database's owner.
    ///
    /// # Errors
    /// [`HostError::NotAllowed`] for any other identity.
    pub async fn logs(&self, database: &str, count: u32) -> Result<Vec<LogLine>, HostError> {
        let attempt = format!("read the log of {database} on {}", self.url);
        let mut exchange = self.exchange(Method::GET, &["v1", "database", database, "logs"], attempt);
        exchange.request = exchange.request.query(&[("num_lines", count)]);
        match exchange.text().await {
            Ok(text) => Ok(answers::log_lines(&text)),
            // The host answers this with 400, as if the request were malformed.
            Err(HostError::Refused {
                attempt,
                status: 400,
                text,
            }) if text.contains("does not own") => Err(HostError::NotAllowed { attempt, text }),
            Err(error) => Err(error),
        }
    }

    /// Whether the token stands for `identity`, in hexadecimal digits.
    ///
    /// # Errors
    /// [`HostError::NotAllowed`] when the host does not accept the token, or there is none.
    pub async fn is_identity(&self, identity: &str) -> Result<bool, HostError> {
        let attempt = format!("ask {} whose token this is", self.url);
        let exchange = self.exchange(Method::GET, &["v1", "identity", identity, "verify"], attempt);
        match exchange.run().await {
            Ok(_) => Ok(true),
            Err(HostError::Refused { status: 400, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The identities, in hexadecimal digits, of all databases that `identity` owns.
    ///
    /// # Errors
    /// See [`HostClient`].
    pub async fn identity_databases(&self, identity: &str) -> Result<Vec<String>, HostError> {
        let attempt = format!("list the databases of {identity} on {}", self.url);
        let exchange = self.exchange(Method::GET, &["v1", "identity", identity, "databases"], attempt);
        answers::identities(&exchange.json().await?)
    }

    fn exchange(&self, method: Method, path: &[&str], attempt: String) -> Exchange {
        let mut request = self.http.request(method, self.url.http(path));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.reveal());
        }
        Exchange {
            request,
            attempt,
            limit: REQUEST_TIMEOUT,
        }
    }
}

fn missing_is_none<T>(result: Result<T, HostError>) -> Result<Option<T>, HostError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(HostError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A successful answer in JSON, with what was attempted, for the error when it cannot be read.
struct Answer {
    attempt: String,
    value: serde_json::Value,
}

/// One request on its way, with what to say when it fails.
struct Exchange {
    request: RequestBuilder,
    attempt: String,
    limit: Duration,
}

impl Exchange {
    fn limit(mut self, limit: Duration) -> Self {
        self.request = self.request.timeout(limit);
        self.limit = limit;
        self
    }

    async fn run(self) -> Result<Response, HostError> {
        let Self {
            request,
            attempt,
            limit,
        } = self;
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(transport(attempt, limit, error)),
        };
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let text = match response.text().await {
            Ok(text) => text.trim().chars().take(MAX_ERROR_CHARS).collect(),
            Err(error) => return Err(transport(attempt, limit, error)),
        };
        Err(refusal(attempt, status, text))
    }

    async fn text(self) -> Result<String, HostError> {
        let (attempt, limit) = (self.attempt.clone(), self.limit);
        self.run()
            .await?
            .text()
            .await
            .map_err(|error| transport(attempt, limit, error))
    }

    async fn json(self) -> Result<Answer, HostError> {
        let attempt = self.attempt.clone();
        let text = self.text().await?;
        match serde_json::from_str(&text) {
            Ok(value) => Ok(Answer { attempt, value }),
            Err(error) => Err(HostError::Answer {
                attempt,
                reason: error.to_string(),
            }),
        }
    }
}

fn transport(attempt: String, after: Duration, error: reqwest::Error) -> HostError {
    if error.is_timeout() && !error.is_connect() {
        HostError::Timeout { attempt, after }
    } else {
        // The address is part of `attempt` already.
        HostError::Unreachable {
            attempt,
            source: error.without_url(),
        }
    }
}

fn refusal(attempt: String, status: StatusCode, text: String) -> HostError {
    // Ownership is checked late in the host, and its refusal comes as an internal error.
    let not_owner = text.contains("Permission denied") || text.contains("PermissionDenied");
    match status.as_u16() {
        REDUCER_FAILED => HostError::Reducer(text),
        404 => HostError::NotFound { attempt, text },
        401 | 403 => HostError::NotAllowed { attempt, text },
        500 if not_owner => HostError::NotAllowed { attempt, text },
        status => HostError::Refused { attempt, status, text },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_become_variants() {
        let refuse =
            |status: u16, text: &str| refusal("do it".into(), StatusCode::from_u16(status).unwrap(), text.into());
        assert!(matches!(refuse(530, "inventory.full|x"), HostError::Reducer(text) if text == "inventory.full|x"));
        assert!(matches!(refuse(404, ""), HostError::NotFound { .. }));
        assert!(matches!(refuse(401, ""), HostError::NotAllowed { .. }));
        assert!(matches!(
            refuse(500, "Permission denied: `a`"),
            HostError::NotAllowed { .. }
        ));
        assert_eq!(refuse(500, "broken").to_string(), "could not do it: status 500: broken");
        assert!(refuse(503, "").is_retryable());
        assert!(!refuse(530, "").is_retryable());
    }

    #[tokio::test]
    async fn an_absent_host_is_retryable_and_named() {
        // Port 1 is privileged and never listened on.
        let client = HostClient::new("http://127.0.0.1:1".parse().unwrap(), None).unwrap();
        let error = client.ping().await.unwrap_err();
        assert!(error.is_retryable());
        assert!(
            error.to_string().starts_with("could not reach http://127.0.0.1:1: "),
            "{error}"
        );
    }
}
