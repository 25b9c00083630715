//! What can go wrong over HTTP.

use std::time::Duration;

/// A request that a host did not fulfil.
///
/// `attempt` says what was being done, as in "publish hexmarch-region-1 to http://127.0.0.1:3000"; `text` is the
/// host's own words, cut to a few KiB.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// No connection, or it broke.
    #[error("could not {attempt}: {source}")]
    Unreachable {
        /// What was being done.
        attempt: String,
        /// What the system said.
        source: reqwest::Error,
    },
    /// The host took longer than it may.
    #[error("could not {attempt}: no answer within {} s", after.as_secs_f32())]
    Timeout {
        /// What was being done.
        attempt: String,
        /// The limit that passed.
        after: Duration,
    },
    /// The reducer ran and returned an error, or trapped. Its transaction is rolled back. The text is the reducer's.
    #[error("{0}")]
    Reducer(String),
    /// There is no such database, reducer or route.
    #[error("could not {attempt}: not found{}", said(text))]
    NotFound {
        /// What was being done.
        attempt: String,
        /// The host's words; empty for a name that it never heard of.
        text: String,
    },
    /// The token is missing, foreign to this host, or its identity does not own the database.
    #[error("could not {attempt}: not allowed{}", said(text))]
    NotAllowed {
        /// What was being done.
        attempt: String,
        /// The host's words.
        text: String,
    },
    /// The new module's tables cannot be reached from the old one's; the old module and all data are untouched.
    #[error("{database} refuses the new schema: {text}")]
    SchemaRefused {
        /// The database.
        database: String,
        /// Which change the host refuses.
        text: String,
    },
    /// The request is larger than the host takes.
    #[error("could not {attempt}: {bytes} bytes, and the host takes at most {limit}")]
    TooLarge {
        /// What was being done.
        attempt: String,
        /// Size of the request body in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Any other answer than success.
    #[error("could not {attempt}: status {status}{}", said(text))]
    Refused {
        /// What was being done.
        attempt: String,
        /// The HTTP status.
        status: u16,
        /// The host's words.
        text: String,
    },
    /// An answer that this crate cannot read: another version of the host, or no SpacetimeDB host at all.
    #[error("could not {attempt}: unexpected answer: {reason}")]
    Answer {
        /// What was being done.
        attempt: String,
        /// What is odd about it.
        reason: String,
    },
}

fn said(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(": {text}")
    }
}

impl HostError {
    /// Whether the same request may succeed later without anybody changing anything. True says nothing about
    /// whether the request took effect: after a timeout it may have.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Timeout { .. } => true,
            Self::Refused { status, .. } => matches!(status, 429 | 502 | 503 | 504),
            Self::Reducer(_)
            | Self::NotFound { .. }
            | Self::NotAllowed { .. }
            | Self::SchemaRefused { .. }
            | Self::TooLarge { .. }
            | Self::Answer { .. } => false,
        }
    }
}
