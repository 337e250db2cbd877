//! The messages of graphql-transport-ws, and the codes with which a socket is closed.

use std::error::Error;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;
use stackfit_graphql::{Errors, Response};
use tokio_tungstenite::tungstenite;

use crate::graphql::request::{self, GraphqlRequest};

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ClientMessage {
    ConnectionInit,
    Ping {
        payload: Option<Value>,
    },
    Pong,
    Subscribe {
        id: String,
        #[serde(deserialize_with = "request_of")]
        payload: Box<GraphqlRequest>,
    },
    Complete {
        id: String,
    },
}

fn request_of<'de, D: Deserializer<'de>>(payload: D) -> Result<Box<GraphqlRequest>, D::Error> {
    let request = request::from_value(Value::deserialize(payload)?);
    request.map(Box::new).map_err(|_| D::Error::custom("no GraphQL request"))
}

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    Next {
        id: &'a str,
        payload: &'a Response,
    },
    Error {
        id: &'a str,
        payload: Errors<'a>,
    },
    Complete {
        id: &'a str,
    },
}

impl ServerMessage<'_> {
    pub(super) fn write(&self) -> Result<Message, Close> {
        let text = serde_json::to_string(self).map_err(|error| {
            tracing::error!(%error, "a message could not be written");
            Close::internal()
        })?;
        Ok(Message::Text(text.into()))
    }
}

/// Why the server closes a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: String,
}

/// The longest id of an operation, in bytes: each of its messages repeats it.
const MAX_ID: usize = 200;
/// The longest reason that fits into a frame, in bytes.
const MAX_REASON: usize = 123;

impl Close {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(MAX_REASON));
        Self { code, reason }
    }

    /// The client says goodbye, or is gone.
    pub(super) fn normal() -> Self {
        Self::new(1000, "")
    }

    pub(super) fn not_text() -> Self {
        Self::new(4400, "Messages are JSON texts, not binary")
    }

    /// Why nothing more can be read.
    pub(super) fn of(error: &axum::Error) -> Self {
        let error = error.source().and_then(|source| source.downcast_ref::<tungstenite::Error>());
        match error {
            Some(tungstenite::Error::Capacity(_)) => Self::too_big(),
            Some(tungstenite::Error::Utf8(_)) => Self::not_utf8(),
            Some(tungstenite::Error::Protocol(_)) => Self::protocol_error(),
            _ => Self::normal(),
        }
    }

    pub(super) fn too_big() -> Self {
        Self::new(1009, "The message is larger than this server reads")
    }

    pub(super) fn not_utf8() -> Self {
        Self::new(1007, "The message is not UTF-8")
    }

    pub(super) fn protocol_error() -> Self {
        Self::new(1002, "Not the WebSocket protocol")
    }

    /// Clients know by the code that they may come back.
    pub(super) fn restart() -> Self {
        Self::new(1012, "The server stops. Connect again, and go on with the argument `after`")
    }

    pub(super) fn too_slow() -> Self {
        Self::new(1013, "The reader is too slow. Connect again, and go on with the argument `after`")
    }

    pub(super) fn unanswered() -> Self {
        Self::new(1013, "A ping was not answered. Connect again")
    }

    pub(super) fn internal() -> Self {
        Self::new(4500, "Something went wrong inside the server")
    }

    fn invalid(what: &str) -> Self {
        Self::new(4400, format!("Invalid message: {what}"))
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized: begin with connection_init and wait for connection_ack")
    }

    pub(super) fn not_acceptable() -> Self {
        Self::new(4406, "Subprotocol not acceptable: graphql-transport-ws is spoken here")
    }

    pub(super) fn init_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    pub(super) fn exists(id: &str) -> Self {
        Self::new(4409, format!("Subscriber for {id} already exists"))
    }

    pub(super) fn too_many_inits() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    pub(super) fn frame(self) -> Message {
        Message::Close(Some(CloseFrame { code: self.code, reason: Utf8Bytes::from(self.reason) }))
    }
}

/// Reads what a client says.
pub(super) fn read(text: &str) -> Result<ClientMessage, Close> {
    if request::holds_too_many(text.as_bytes()) {
        return Err(Close::invalid("it holds too many values"));
    }
    // What is read would also be read from an array.
    if !text.trim_start().starts_with('{') {
        return Err(Close::invalid("it is no JSON object"));
    }
    let message = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            Close::invalid("a known `type` is needed, and the `id` and `payload` that belong to it")
        }
        _ => Close::invalid("it is not JSON"),
    })?;
    match &message {
        ClientMessage::Subscribe { id, .. } | ClientMessage::Complete { id }
            if !(1..=MAX_ID).contains(&id.len()) =>
        {
            Err(Close::invalid("the `id` must have from 1 to 200 bytes"))
        }
        _ => Ok(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_protocol_has_and_refuses_the_rest() {
        assert!(matches!(
            read(r#"{"type":"connection_init","payload":{"a":1}}"#),
            Ok(ClientMessage::ConnectionInit)
        ));
        assert!(matches!(read(r#"{"type":"ping"}"#), Ok(ClientMessage::Ping { payload: None })));
        assert!(matches!(read(r#"{"id":"1","type":"complete"}"#), Ok(ClientMessage::Complete { .. })));
        for wrong in [
            "",
            "[]",
            "{",
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":"{a}"}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"["connection_init"]"#,
            r#"["subscribe","1",{"query":"{a}"}]"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"complete","id":""}"#,
            &format!(r#"{{"type":"ping","payload":[0{}]}}"#, ",0".repeat(20_001)),
        ] {
            assert_eq!(read(wrong).unwrap_err().code, 4400, "{wrong}");
        }
    }

    #[test]
    fn a_reason_fits_into_a_frame() {
        assert_eq!(Close::exists(&"é".repeat(200)).reason.len(), 123);
        assert_eq!(Close::exists(&format!("a{}", "é".repeat(200))).reason.len(), 122, "no half of a sign");
        for close in [Close::restart(), Close::too_slow(), Close::unauthorized(), Close::not_acceptable()] {
            assert!(close.reason.len() < MAX_REASON, "{}", close.reason);
        }
    }

    #[test]
    fn a_pong_repeats_the_payload_of_its_ping() {
        let Ok(ClientMessage::Ping { payload }) = read(r#"{"type":"ping","payload":{"at":1}}"#) else {
            panic!("a ping")
        };
        let pong = ServerMessage::Pong { payload }.write().unwrap();
        assert_eq!(pong.to_text().unwrap(), r#"{"type":"pong","payload":{"at":1}}"#);
    }
}
