//! Carries messages between the databases of one world.
//!
//! Every database writes the messages for the others into an outbox table, in the transaction that causes them. The
//! relay subscribes to all outboxes as their owner, hands each message to its destination, in order, and reports the
//! result to the sender, which then deletes the row. Exactly-once comes from the modules, which check ids in the same
//! transaction; the relay only has to try again until it succeeds, and to hold back what a crash could still undo.
//! It has no state of its own: kill it at any time, or run several at once.
//!
//! | module | what |
//! |---|---|
//! | [`config`] | file, environment and flags; every mistake at once |
//! | [`wire`] | the fixed part of rows, arguments and error texts |
//! | [`stream`] | the protocol for one sender and destination, without I/O |
//! | [`database`] | the connection to one database |
//! | [`courier`] | carries out what one stream wants |
//! | [`engine`] | starts, changes and stops all of it |
//! | [`reload`] | notices that the configuration has changed |
//! | [`service`] | the process: signals, reloading, its supervisor |
//! | [`status`], [`metrics`], [`histogram`] | what the operator sees, over HTTP |
//! | [`fault`] | what is wrong with a database, in one sentence |
//! | [`check`], [`schema`] | `check-config --connect` |
//! | [`control`], [`sats`] | pausing, and dead letters |

pub mod backoff;
pub mod check;
pub mod config;
pub mod control;
pub mod courier;
pub mod database;
pub mod engine;
pub mod fault;
pub mod histogram;
pub mod metrics;
pub mod reload;
pub mod sats;
pub mod schema;
pub mod service;
pub mod status;
pub mod stream;
pub mod wire;
