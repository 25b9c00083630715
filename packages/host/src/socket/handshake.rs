//! From an address to a socket over which the host has said hello.

use futures_util::StreamExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::http::{header, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{connect_async_with_config, MaybeTlsStream, WebSocketStream};

use super::{Options, SocketError};
use crate::wire::{ServerMessage, PROTOCOL};
use crate::{HostUrl, Token};

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Who we are, in the host's words.
pub(super) struct Hello {
    pub(super) identity: String,
    pub(super) connection_id: [u8; 16],
    pub(super) token: Token,
}

pub(super) async fn open(
    url: &HostUrl,
    database: &str,
    token: Option<&Token>,
    options: &Options,
) -> Result<(Socket, Hello), SocketError> {
    let attempt = format!("connect to {database} on {url}");
    let request = request(url, database, token, options).map_err(|error| refusal(attempt.clone(), *error))?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(options.max_incoming_bytes))
        .max_frame_size(Some(options.max_incoming_bytes));
    let connected = connect_async_with_config(request, Some(config), true).await;
    let (mut socket, _response) = connected.map_err(|error| refusal(attempt.clone(), error))?;
    let hello = hello(&mut socket, attempt).await?;
    Ok((socket, hello))
}

fn request(url: &HostUrl, database: &str, token: Option<&Token>, options: &Options) -> Result<Request, Box<Error>> {
    let mut address = url.websocket(&["v1", "database", database, "subscribe"]);
    // Compression pays on slow links only, and the reader here takes none.
    address.query_pairs_mut().append_pair("compression", "None");
    if options.light {
        address.query_pairs_mut().append_pair("light", "true");
    }
    let mut request = address.as_str().into_client_request().map_err(Box::new)?;
    let headers = request.headers_mut();
    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    if let Some(token) = token {
        let mut value =
            HeaderValue::try_from(format!("Bearer {}", token.reveal())).map_err(|error| Box::new(error.into()))?;
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    Ok(request)
}

async fn hello(socket: &mut Socket, attempt: String) -> Result<Hello, SocketError> {
    loop {
        let message = match socket.next().await {
            None | Some(Ok(Message::Close(_))) => return Err(SocketError::RefusedByModule { attempt }),
            // The host of version 1.3.0 just drops the socket when `client_connected` returns an error.
            Some(Err(Error::ConnectionClosed | Error::Protocol(_))) => {
                return Err(SocketError::RefusedByModule { attempt })
            }
            Some(Err(error)) => {
                return Err(SocketError::Unreachable {
                    attempt,
                    reason: error.to_string(),
                })
            }
            Some(Ok(Message::Binary(bytes))) => bytes,
            Some(Ok(_)) => continue,
        };
        let unreadable = |reason: String| SocketError::Unreachable {
            attempt: attempt.clone(),
            reason,
        };
        if let ServerMessage::Hello {
            mut identity,
            token,
            connection,
        } = ServerMessage::decode(message).map_err(|error| unreadable(error.to_string()))?
        {
            // Little endian on the wire, and written with the highest digit first.
            identity.reverse();
            let identity = identity.iter().map(|byte| format!("{byte:02x}")).collect();
            let token = Token::new(&token).map_err(|error| unreadable(error.to_string()))?;
            return Ok(Hello {
                identity,
                connection_id: connection,
                token,
            });
        }
    }
}

fn refusal(attempt: String, error: Error) -> SocketError {
    let response = match error {
        Error::Http(response) => response,
        other => {
            return SocketError::Unreachable {
                attempt,
                reason: other.to_string(),
            }
        }
    };
    let status = response.status().as_u16();
    let text = body(response);
    match status {
        404 => SocketError::NoSuchDatabase { attempt },
        400 | 401 | 403 if text.to_ascii_lowercase().contains("auth") || status != 400 => {
            SocketError::NotAllowed { attempt, text }
        }
        _ => SocketError::Unreachable {
            attempt,
            reason: format!("status {status} {text}"),
        },
    }
}

fn body(response: Response) -> String {
    const MAX_CHARS: usize = 500;
    let bytes = response.into_body().unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim().chars().take(MAX_CHARS).collect()
}
