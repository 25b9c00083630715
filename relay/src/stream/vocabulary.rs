//! What goes into a stream and what comes out of it.

use std::time::Duration;

use bytes::Bytes;

/// Tells one call from another within a stream.
pub type Token = u64;

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one with the outbox.
    Source,
    /// The one with the inbox.
    Destination,
}

/// What an operator sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Age that a durable message and its result must reach; zero switches holding off.
    pub hold: Duration,
    /// How many messages may be on their way to the destination, and as many results to the sender.
    pub window: usize,
}

/// Something to do. Actions on one side must be carried out in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Call a reducer, and report with [`super::Stream::answered`].
    Call {
        /// Goes into the report.
        token: Token,
        /// Which database.
        side: Side,
        /// Name of the reducer.
        reducer: &'static str,
        /// Its arguments in BSATN.
        arguments: Bytes,
    },
    /// Query the outbox for the rows of this destination from `first` to `last`, and report with [`super::Stream::fetched`].
    Fetch {
        /// Goes into the report.
        token: Token,
        /// Lowest id.
        first: u64,
        /// Highest id.
        last: u64,
    },
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The reducer returned `Ok`.
    Committed,
    /// The reducer returned this error or trapped.
    Failed(String),
    /// The connection ended before an answer; the call may have taken effect.
    Lost,
    /// It was not sent, since too much is under way on that connection.
    Busy,
}

/// What a stream has done since it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counters {
    /// Messages whose handler ran because of us.
    pub delivered: u64,
    /// Results that the sender took.
    pub acked: u64,
    /// Messages that the destination remembers as failed because of us.
    pub failed: u64,
    /// Deliveries that had happened before.
    pub duplicates: u64,
    /// Times that the destination was not where we believed. What was on its way behind such a delivery, or behind a
    /// rejected one, is not counted.
    pub gaps: u64,
}
