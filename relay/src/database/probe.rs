//! What is asked of a connected database now and then.

use std::time::Duration;

use hexmarch_host::{Connection, HostClient, SocketError};

use super::End;
use crate::config::Database;
use crate::control::DEAD_LETTER_TABLE;
use crate::status::Board;
use crate::wire;

/// Between two looks at whether the database answers. Pings do not tell: after a publish, hosts of version 1.3.0 answer
/// them on connections on which nothing else works.
const PROBE_INTERVAL: Duration = Duration::from_millis(500);
/// Between two counts of the dead letters.
const DEAD_LETTER_INTERVAL: Duration = Duration::from_secs(30);

/// Asks until there is no use in it any more, and then says why.
pub(super) async fn watch(database: &Database, connection: &Connection, board: &Board) -> End {
    tokio::select! {
        end = probe(connection, database.index) => end,
        () = count_dead_letters(database, board) => std::future::pending().await,
    }
}

async fn probe(connection: &Connection, index: u8) -> End {
    // No database has its own messages in its inbox, so there is never a row to be sent.
    let query = format!("SELECT * FROM {} WHERE module_id = {index}", wire::COUNTER_TABLE);
    loop {
        tokio::time::sleep(PROBE_INTERVAL).await;
        match connection.query(&query).await {
            Ok(_) => {}
            // The connection's last event says the same, and why.
            Err(SocketError::Disconnected(_)) => std::future::pending().await,
            Err(error @ SocketError::Timeout { .. }) => return End::Lost(error.to_string()),
            Err(error) => return End::Refused(error.to_string()),
        }
    }
}

/// Over HTTP, where the host can count: over a websocket it only ever sends whole rows.
async fn count_dead_letters(database: &Database, board: &Board) {
    let Ok(client) = HostClient::new(database.url.clone(), Some(database.token.clone())) else {
        return;
    };
    let query = format!("SELECT COUNT(*) AS n FROM {DEAD_LETTER_TABLE}");
    loop {
        let count = match client.sql(&database.name, &query).await {
            Ok(answer) => answer.rows.first().and_then(|row| row.first()?.as_u64()),
            Err(error) => {
                tracing::debug!(database = database.index, %error, "cannot count the dead letters");
                None
            }
        };
        board.dead_letters(database.index, count);
        tokio::time::sleep(DEAD_LETTER_INTERVAL).await;
    }
}
