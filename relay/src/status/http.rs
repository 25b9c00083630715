//! The board over HTTP.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, State as Extract};
use axum::http::{header, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::{Board, DatabaseStatus, State, Status};
use crate::metrics::{Format, Metrics};

/// The routes `/livez`, `/readyz`, `/readyz/<index>`, `/status` and `/metrics`.
pub fn router(board: Arc<Board>) -> Router {
    let metrics = Arc::new(Metrics::new(Arc::clone(&board)));
    Router::new()
        .route("/livez", get(live))
        .route("/readyz", get(ready))
        .route("/readyz/:index", get(database_ready))
        .route("/status", get(status))
        .with_state(board)
        .route(
            "/metrics",
            get(move |headers: HeaderMap| async move { scrape(&metrics, &headers) }),
        )
}

async fn live(Extract(board): Extract<Arc<Board>>) -> (StatusCode, String) {
    let hung = board.hung(Instant::now());
    if hung.is_empty() {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", hung.join("\n")))
    }
}

async fn ready(Extract(board): Extract<Arc<Board>>) -> (StatusCode, Json<Vec<DatabaseStatus>>) {
    let status = board.status();
    (code(status.ready), Json(status.databases))
}

async fn database_ready(Extract(board): Extract<Arc<Board>>, Path(index): Path<String>) -> Response {
    let databases = board.status().databases;
    match databases
        .into_iter()
        .find(|database| database.index.to_string() == index)
    {
        Some(database) => (code(database.state == State::Live), Json(database)).into_response(),
        None => {
            let text = format!("no database {index} is configured; /readyz lists those that are\n");
            (StatusCode::NOT_FOUND, text).into_response()
        }
    }
}

async fn status(Extract(board): Extract<Arc<Board>>) -> Json<Status> {
    Json(board.status())
}

fn code(ready: bool) -> StatusCode {
    if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

fn scrape(metrics: &Metrics, headers: &HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let format = Format::accepted(accept.unwrap_or_default());
    match metrics.render(format) {
        Ok(text) => ([(header::CONTENT_TYPE, format.content_type())], text).into_response(),
        // Writing into memory fails only when a metric contradicts itself.
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
