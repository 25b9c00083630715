//! What can go wrong on a websocket.

use std::time::Duration;

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisconnectReason {
    /// All handles were dropped, or one asked.
    #[error("closed by this side")]
    ClosedByUs,
    /// The host closed it: it stops, the database is deleted, or it rejects what we sent.
    #[error("closed by the host ({0})")]
    ClosedByHost(String),
    /// The network or the host's process failed.
    #[error("connection lost: {0}")]
    Lost(String),
    /// Nothing came for so long.
    #[error("the host was silent for {} s", .0.as_secs_f32())]
    Silent(Duration),
    /// The host sent what this crate cannot read.
    #[error("unreadable message from the host: {0}")]
    Unreadable(String),
    /// The host could not begin one of several requests and does not say which, so all count as lost. On hosts
    /// 1.3.0 every call after a publish ends so.
    #[error("the host could not begin a request: {0}")]
    HostRefused(String),
    /// The host dropped the subscriptions of this connection.
    #[error("the host dropped the subscriptions: {0}")]
    SubscriptionsDropped(String),
    /// Nobody took the events.
    #[error("events were not consumed for {} s", .0.as_secs_f32())]
    SlowConsumer(Duration),
}

/// Why a request over a websocket, or the connection itself, failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SocketError {
    /// No host there, or it broke off.
    #[error("could not {attempt}: {reason}")]
    Unreachable {
        /// What was being done.
        attempt: String,
        /// What the system said.
        reason: String,
    },
    /// There is no database of that name.
    #[error("could not {attempt}: there is no such database")]
    NoSuchDatabase {
        /// What was being done.
        attempt: String,
    },
    /// The host does not accept the token.
    #[error("could not {attempt}: the host does not accept the token: {text}")]
    NotAllowed {
        /// What was being done.
        attempt: String,
        /// The host's words.
        text: String,
    },
    /// The host closed before its first message: the module's `client_connected` refuses us.
    #[error("could not {attempt}: the module refuses the connection")]
    RefusedByModule {
        /// What was being done.
        attempt: String,
    },
    /// No answer in time. A call may still take effect.
    #[error("could not {attempt}: no answer within {} s", after.as_secs_f32())]
    Timeout {
        /// What was being done.
        attempt: String,
        /// The limit that passed.
        after: Duration,
    },
    /// The connection ended first. A call may have taken effect.
    #[error("disconnected: {0}")]
    Disconnected(DisconnectReason),
    /// The host could not begin this request: no such reducer or, on hosts 1.3.0, a publish since this connection
    /// opened; then a new connection works.
    #[error("the host could not begin the request: {0}")]
    HostRefused(String),
    /// The host's words about a query.
    #[error("query refused: {0}")]
    Query(String),
    /// Too many requests await their answers; try again after one came.
    #[error("too many requests await their answers")]
    Busy,
    /// The request is larger than the host takes.
    #[error("a request of {bytes} bytes, and the host takes at most {limit}")]
    TooLarge {
        /// Size of the request in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
}

impl SocketError {
    /// Whether the same may succeed later, perhaps over a new connection, without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::Disconnected(_)
            | Self::HostRefused(_)
            | Self::Busy => true,
            Self::NoSuchDatabase { .. }
            | Self::NotAllowed { .. }
            | Self::RefusedByModule { .. }
            | Self::Query(_)
            | Self::TooLarge { .. } => false,
        }
    }
}
