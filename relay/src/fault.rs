//! What is wrong with a database: one sentence that names the thing and the remedy, for the log, the status and
//! `check-config` alike.

use std::fmt;

use hexmarch_host::{HostClient, HostError, SocketError};

use crate::config::Database;
use crate::schema::Schema;

/// One sentence. Its text is all there is to it: nobody but an operator can act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl Fault {
    pub(crate) fn new(sentence: String) -> Self {
        Self(sentence)
    }

    fn about(database: &Database, sentence: impl fmt::Display) -> Self {
        Self(format!("database {} ('{}'): {sentence}", database.index, database.name))
    }
}

/// What an error on a websocket means. Asks the host once more where the error alone does not tell: a module that does not
/// let in who is not the owner, or a table that is hidden from them, shows in several ways, and all have the same remedy.
pub(crate) async fn of_socket(database: &Database, error: &SocketError) -> Fault {
    match error {
        SocketError::NoSuchDatabase { .. } => unknown(database),
        SocketError::NotAllowed { text, .. } => token_refused(database, text),
        // The host drops the socket of whom the module refuses, which may also look like a connection that broke.
        SocketError::Unreachable { reason, .. } => match is_owner(database).await {
            Ok(false) => not_owner(database),
            _ => unreachable(database, reason),
        },
        SocketError::RefusedByModule { .. } => match is_owner(database).await {
            Ok(false) => not_owner(database),
            Ok(true) => Fault::about(
                database,
                format!(
                    "its module refuses the connection of its own owner, and says why in its log: 'hexmarch admin logs {}'",
                    database.name
                ),
            ),
            Err(error) => of_http(database, &error),
        },
        SocketError::Query(reason) => match (schema(database).await, is_owner(database).await) {
            (Ok(schema), _) if !schema.is_complete() => incomplete(database, &schema),
            (_, Ok(false)) => not_owner(database),
            _ => Fault::about(database, format!("the host refuses a query ({reason})")),
        },
        SocketError::Timeout { .. } => Fault::about(
            database,
            format!("{error}; see whether the host at {} is overloaded or stopped", database.url),
        ),
        other => Fault::about(database, other),
    }
}

/// Why the host keeps refusing requests on connections that it has accepted: most likely for the lack of a reducer.
pub(crate) async fn of_refusal(database: &Database, error: String) -> String {
    match schema(database).await {
        Ok(schema) if !schema.is_complete() => incomplete(database, &schema).to_string(),
        _ => error,
    }
}

/// What an error over HTTP means.
pub(crate) fn of_http(database: &Database, error: &HostError) -> Fault {
    match error {
        HostError::Unreachable { .. } | HostError::Timeout { .. } => unreachable(database, &reason(error)),
        HostError::NotFound { .. } => unknown(database),
        HostError::NotAllowed { text, .. } => token_refused(database, text),
        HostError::Reducer(text) => of_reducer(database, None, text),
        HostError::Answer { reason, .. } => no_host(database, reason),
        other => Fault::about(database, other),
    }
}

/// What the error key of a reducer means that the relay calls, as `identity` if that is known.
pub(crate) fn of_reducer(database: &Database, identity: Option<&str>, text: &str) -> Fault {
    if text.starts_with("access.not_configured") {
        Fault::about(
            database,
            "it has no settings and refuses everything; load them with 'hexmarch admin load-config ENV'",
        )
    } else if text.starts_with("access.role") {
        let identity = identity.unwrap_or("IDENTITY");
        Fault::about(
            database,
            format!(
                "the identity of the token in {} lacks the role for this; give it with 'hexmarch admin role {identity} \
                 relay'",
                database.token_file.display()
            ),
        )
    } else {
        Fault::about(database, format!("it refuses ({text})"))
    }
}

/// A row that is not what the relay knows.
pub(crate) fn of_row(database: &Database, table: &str, reason: &str) -> Fault {
    Fault::about(
        database,
        format!(
            "a row of {table} cannot be read ({reason}), so its module and this relay are not of one version; upgrade the \
             older of the two"
        ),
    )
}

/// The token is somebody else's.
pub(crate) fn not_owner(database: &Database) -> Fault {
    Fault::about(
        database,
        format!(
            "the token in {} is not its owner's, and only the owner may read the outbox; put the token there with which \
             the database was published",
            database.token_file.display()
        ),
    )
}

/// The schema lacks what the relay needs.
pub(crate) fn incomplete(database: &Database, schema: &Schema) -> Fault {
    Fault::about(
        database,
        format!(
            "its module has no {}, so it is none that this relay serves, or one of another version; publish the right \
             module, or correct name",
            schema.missing().join(" and no ")
        ),
    )
}

/// It is another database than its index says. Serving it all the same would make its messages pass for those of the
/// database whose index it is.
pub(crate) fn misplaced(database: &Database, own: Option<u8>) -> Fault {
    let index = database.index;
    Fault::about(
        database,
        match own {
            Some(0) => format!(
                "it takes itself for the global database and not for {index}, as a region does that nobody has set up; set \
                 it up with 'hexmarch up' or 'hexmarch region add', or correct index or name"
            ),
            Some(own) => format!("it is database {own} of its world, not {index}; correct index or name"),
            None => format!("it is not database {index} of its world; correct index or name"),
        },
    )
}

/// What answers at its host's address is something else.
pub(crate) fn no_host(database: &Database, reason: &str) -> Fault {
    Fault::about(
        database,
        format!(
            "what answers at {} is no SpacetimeDB host ({reason}); correct url",
            database.url
        ),
    )
}

/// There is no database of that name.
pub(crate) fn unknown(database: &Database) -> Fault {
    Fault::about(
        database,
        format!(
            "there is none of that name on {}; publish it, or correct name or url",
            database.url
        ),
    )
}

fn unreachable(database: &Database, reason: &str) -> Fault {
    Fault::about(
        database,
        format!(
            "no host answers at {} ({reason}); start it, or correct url",
            database.url
        ),
    )
}

fn token_refused(database: &Database, text: &str) -> Fault {
    let text = if text.is_empty() { "not authorized" } else { text };
    Fault::about(
        database,
        format!(
            "{} does not accept the token in {} ({text}): it is another host's or has expired; put the token of the \
             database's owner there",
            database.url,
            database.token_file.display()
        ),
    )
}

/// The innermost cause, which says more than "error sending request".
fn reason(error: &HostError) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Whether the token is that of the database's owner.
pub(crate) async fn is_owner(database: &Database) -> Result<bool, HostError> {
    let client = HostClient::new(database.url.clone(), Some(database.token.clone()))?;
    match client.database(&database.name).await? {
        Some(info) => client.is_identity(&info.owner_identity).await,
        // It is gone since, and whoever asks next is told so.
        None => Ok(true),
    }
}

/// What the module says of itself.
pub(crate) async fn schema(database: &Database) -> Result<Schema, HostError> {
    let client = HostClient::new(database.url.clone(), Some(database.token.clone()))?;
    client.schema(&database.name).await.map(Schema::new)
}
