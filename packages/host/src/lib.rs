//! The SpacetimeDB host as seen from outside.
//!
//! Two ways in: [`HostClient`] for the HTTP interface (publish, delete, call, sql, logs) and [`Connection`] for one
//! websocket to one database (pipelined calls, subscriptions). Neither knows a module's types: reducer arguments go
//! in, and rows come out, as BSATN bytes.
//!
//! What this crate promises:
//! - every wait has a limit, every queue a named bound, and every error says what was attempted and whether trying
//!   again can help;
//! - a token never appears in a `Debug` or error text;
//! - bytes from the host are checked before use: a malformed message ends the connection, never the process.
//!
//! Written for hosts from 1.3.0 that speak `v1.bsatn.spacetimedb`; where 1.3.0 behaves oddly the item says so.

mod address;
pub mod bsatn;
mod error;
mod http;
mod socket;
mod token;
mod wire;

pub use address::{HostUrl, HostUrlError};
pub use error::HostError;
pub use http::{DatabaseInfo, HostClient, LogLine, NewIdentity, PublishOp, Published, SqlRows, MAX_CALL_BYTES};
pub use socket::{
    CallOutcome, Connection, DisconnectReason, Event, Events, Options, PendingCall, SocketError, Subscription,
    MAX_MESSAGE_BYTES,
};
pub use token::{Token, TokenError};
pub use wire::TableRows;
