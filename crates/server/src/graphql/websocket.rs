//! GraphQL over WebSocket: the subprotocol graphql-transport-ws.

mod connection;
mod message;
mod operations;

use axum::{
    extract::{
        WebSocketUpgrade,
        ws::{WebSocket, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response as HttpResponse,
};

use tracing::Instrument;

use super::{caching, call::Call, media::Media, reply::Reply};
use crate::streams::Permit;
use connection::Connection;
use message::Close;

/// The subprotocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// The memory that a socket takes for reading, before it reads more than that.
const READ_BUFFER: usize = 4 * 1024;
/// The longest message that is written together with the one before it, in bytes.
const WRITE_BUFFER: usize = 16 * 1024;

/// Whether a GET asks to go on as a WebSocket.
pub(super) fn is_asked(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.split(',').any(|one| one.trim().eq_ignore_ascii_case("websocket")))
}

/// Goes on as a WebSocket.
pub(super) fn answer(
    call: Call,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> HttpResponse {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            return refuse(rejection.status(), &format!("No WebSocket can be opened: {rejection}."));
        }
    };
    if !is_trusted(&call.headers, &call.app.settings.cors_origins) {
        let message =
            "This page may not connect: its origin is not among the origins that this server lets read.";
        return refuse(StatusCode::FORBIDDEN, message);
    }
    let Some(permit) = call.app.streams.open() else {
        return caching::uncached(Reply::no_room().write(Media::Json));
    };
    let most = call.app.settings.max_request_bytes;
    let span = tracing::Span::current();
    upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(usize::MAX)
        .max_message_size(most)
        .max_frame_size(most)
        .on_upgrade(move |socket| speak(socket, call, permit).instrument(span))
}

fn refuse(status: StatusCode, message: &str) -> HttpResponse {
    caching::uncached(Reply::refuse(status, message).write(Media::Json))
}

/// Speaks with a client until one of both has enough.
async fn speak(mut socket: WebSocket, call: Call, permit: Permit) {
    let wait = call.app.settings.write_timeout();
    let close = if socket.protocol().and_then(|protocol| protocol.to_str().ok()) == Some(PROTOCOL) {
        Connection::new(&mut socket, call).run(&permit).await
    } else {
        Close::not_acceptable()
    };
    tracing::debug!(code = close.code, reason = close.reason, "a WebSocket is closed");
    connection::close(socket, close, wait).await;
}

/// Whether a page may connect: browsers name its origin, and do not ask before they connect to another one.
fn is_trusted(headers: &HeaderMap, origins: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let own = origin.split_once("://").map(|(_, host)| host.as_bytes());
    let same = own.is_some() && own == host;
    same || origins.iter().any(|known| known == "*" || known == origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_origins_are_kept_out() {
        let listed = ["https://app.example.com".to_owned()];
        for (origin, trusted) in [
            (None, true),
            (Some("http://stackfit.example:8000"), true),
            (Some("https://app.example.com"), true),
            (Some("https://app.example.com.evil.example"), false),
            (Some("http://stackfit.example"), false),
            (Some("null"), false),
            (Some("stackfit.example:8000"), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("stackfit.example:8000"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(is_trusted(&headers, &listed), trusted, "{origin:?}");
        }
    }
}
