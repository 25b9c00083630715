//! The task that owns the socket: one loop writes, one reads, and the first to end ends both.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::{timeout, Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::handshake::Socket;
use super::pending::Culprit;
use super::{CallOutcome, DisconnectReason, Event, Shared, SocketError};
use crate::wire::{ServerMessage, Status, TableRows};

/// For telling the host that we leave; if it does not listen, we leave anyway.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// How the host begins when arguments are not what the reducer takes. What else it cannot begin concerns all calls.
const MISFIT: &str = "invalid arguments for reducer";

pub(super) async fn run(
    socket: Socket,
    shared: Arc<Shared>,
    requests: mpsc::Receiver<Bytes>,
    events: mpsc::Sender<Event>,
) {
    let (sink, stream) = socket.split();
    let mut reader = Reader {
        alive: Alive::new(shared.options.heartbeat),
        shared: Arc::clone(&shared),
        events,
    };
    let reason = tokio::select! {
        reason = reader.read(stream) => reason,
        reason = write(sink, requests, &shared) => reason,
    };
    tracing::debug!(%reason, "websocket ended");
    // Before `reader` and with it the event queue goes, so that whoever sees the queue end finds the reason.
    shared.end(reason);
}

async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut requests: mpsc::Receiver<Bytes>,
    shared: &Shared,
) -> DisconnectReason {
    let mut heartbeat = tokio::time::interval(shared.options.heartbeat);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut closing = false;
    while !closing {
        let sent = tokio::select! {
            request = requests.recv() => match request {
                Some(request) => send_all(&mut sink, request, &mut requests).await,
                None => break,
            },
            _ = heartbeat.tick() => sink.send(Message::Ping(Bytes::new())).await,
            () = shared.close.notified() => {
                closing = true;
                match requests.try_recv() {
                    Ok(request) => send_all(&mut sink, request, &mut requests).await,
                    Err(_) => Ok(()),
                }
            }
        };
        if let Err(error) = sent {
            return lost(error);
        }
    }
    // The answer does not matter: we are leaving.
    let _ = timeout(CLOSE_TIMEOUT, sink.close()).await;
    DisconnectReason::ClosedByUs
}

/// Sends `first` and whatever else waits, with one flush.
async fn send_all(
    sink: &mut SplitSink<Socket, Message>,
    first: Bytes,
    requests: &mut mpsc::Receiver<Bytes>,
) -> Result<(), Error> {
    sink.feed(Message::Binary(first)).await?;
    while let Ok(request) = requests.try_recv() {
        sink.feed(Message::Binary(request)).await?;
    }
    sink.flush().await
}

fn lost(error: Error) -> DisconnectReason {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => DisconnectReason::ClosedByHost("no reason given".to_owned()),
        other => DisconnectReason::Lost(other.to_string()),
    }
}

/// Counts proven time; see [`super::Connection::proven_alive`].
struct Alive {
    longest_step: Duration,
    last_pong: Option<Instant>,
    proven: Duration,
}

impl Alive {
    fn new(heartbeat: Duration) -> Self {
        Self {
            longest_step: heartbeat.saturating_mul(2),
            last_pong: None,
            proven: Duration::ZERO,
        }
    }

    fn pong(&mut self, now: Instant) -> Duration {
        if let Some(last) = self.last_pong {
            self.proven = self
                .proven
                .saturating_add(now.duration_since(last).min(self.longest_step));
        }
        self.last_pong = Some(now);
        self.proven
    }
}

struct Reader {
    shared: Arc<Shared>,
    events: mpsc::Sender<Event>,
    alive: Alive,
}

impl Reader {
    async fn read(&mut self, mut stream: SplitStream<Socket>) -> DisconnectReason {
        let silence = self.shared.options.silence;
        loop {
            let message = match timeout(silence, stream.next()).await {
                Err(_) => return DisconnectReason::Silent(silence),
                Ok(None) => return DisconnectReason::ClosedByHost("no reason given".to_owned()),
                Ok(Some(Err(error))) => return lost(error),
                Ok(Some(Ok(message))) => message,
            };
            let handled = match message {
                Message::Binary(bytes) => match ServerMessage::decode(bytes) {
                    Ok(message) => self.message(message).await,
                    Err(error) => Err(DisconnectReason::Unreadable(error.to_string())),
                },
                Message::Pong(_) => {
                    let proven = self.alive.pong(Instant::now());
                    self.shared.alive.send_replace(proven);
                    Ok(())
                }
                Message::Close(frame) => Err(DisconnectReason::ClosedByHost(match frame {
                    Some(frame) => format!("{} {}", frame.code, frame.reason).trim().to_owned(),
                    None => "no reason given".to_owned(),
                })),
                // Pings are answered by the websocket library while it reads.
                Message::Ping(_) | Message::Text(_) | Message::Frame(_) => Ok(()),
            };
            if let Err(reason) = handled {
                return reason;
            }
        }
    }

    async fn message(&mut self, message: ServerMessage) -> Result<(), DisconnectReason> {
        match message {
            ServerMessage::Transaction {
                status,
                caller,
                reducer,
                arguments,
                request,
                ran,
            } => {
                let ours = caller == self.shared.connection_id;
                let outcome = match status {
                    // Rows first, then the outcome, so that whoever awaits the outcome finds the rows queued.
                    Status::Committed(tables) => {
                        self.rows(tables).await?;
                        CallOutcome::Committed
                    }
                    Status::Failed(text) if ours && request == 0 && !ran => return self.refused(&reducer, text),
                    Status::Failed(text) => CallOutcome::Failed(text),
                    Status::OutOfEnergy => CallOutcome::OutOfEnergy,
                };
                if ours {
                    self.shared.pending.answered(request, &reducer, &arguments, outcome);
                }
                Ok(())
            }
            ServerMessage::LightTransaction(tables) => self.rows(tables).await,
            ServerMessage::Rows { request, tables } => {
                if let Some(answer) = self.shared.pending.take(request) {
                    answer.rows(tables);
                }
                Ok(())
            }
            ServerMessage::SubscriptionError { request: None, error } => {
                Err(DisconnectReason::SubscriptionsDropped(error))
            }
            ServerMessage::SubscriptionError {
                request: Some(request),
                error,
            } => {
                if let Some(answer) = self.shared.pending.take(request) {
                    answer.fail(SocketError::Query(error));
                }
                Ok(())
            }
            ServerMessage::QueryAnswer { message_id, result } => {
                let request = message_id[..].try_into().ok().map(u32::from_le_bytes);
                if let Some(answer) = request.and_then(|request| self.shared.pending.take(request)) {
                    match result {
                        Ok(tables) => answer.rows(tables),
                        Err(error) => answer.fail(SocketError::Query(error)),
                    }
                }
                Ok(())
            }
            ServerMessage::Hello { .. } => Ok(()),
            ServerMessage::Other(kind) => {
                tracing::debug!(kind, "message ignored: it answers nothing that was asked");
                Ok(())
            }
        }
    }

    /// The host could not begin a request. It names the reducer, or `<none>`, but not the request.
    fn refused(&self, reducer: &str, text: String) -> Result<(), DisconnectReason> {
        if text.starts_with(MISFIT) {
            self.shared.pending.misfit(reducer, text);
            return Ok(());
        }
        let reducer = (reducer != "<none>").then_some(reducer);
        match self.shared.pending.culprit(reducer) {
            Culprit::Only(answer) => answer.fail(SocketError::HostRefused(text)),
            Culprit::Ambiguous => return Err(DisconnectReason::HostRefused(text)),
            Culprit::Unknown => tracing::debug!(text, "failure of a request that nobody awaits"),
        }
        Ok(())
    }

    async fn rows(&mut self, tables: Vec<TableRows>) -> Result<(), DisconnectReason> {
        if tables.is_empty() || self.events.is_closed() {
            return Ok(());
        }
        let limit = self.shared.options.slow_consumer;
        match self.events.send_timeout(Event::Rows(tables), limit).await {
            // Closed: nobody wants rows, which is their choice.
            Ok(()) | Err(mpsc::error::SendTimeoutError::Closed(_)) => Ok(()),
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => Err(DisconnectReason::SlowConsumer(limit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proven_time_skips_gaps() {
        let mut alive = Alive::new(Duration::from_millis(250));
        let start = Instant::now();
        let at = |ms: u64| start.checked_add(Duration::from_millis(ms)).unwrap();
        assert_eq!(alive.pong(at(0)), Duration::ZERO);
        assert_eq!(alive.pong(at(250)), Duration::from_millis(250));
        assert_eq!(alive.pong(at(10_000)), Duration::from_millis(750));
        assert_eq!(alive.pong(at(10_100)), Duration::from_millis(850));
    }
}
